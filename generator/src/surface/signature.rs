//! The grammar of signatures. Knows no item.

/// Returns the arguments of a signature as name and type, and what follows them. `(a: A, b: impl Into<B>) -> C`.
pub fn split_signature(signature: &str) -> Option<(Vec<(&str, &str)>, &str)> {
    let inner = signature.strip_prefix('(')?;
    let mut depth = 0_usize;
    let (mut start, mut found, mut end) = (0, Vec::new(), None);
    for (at, character) in inner.char_indices() {
        match character {
            '(' | '<' | '[' => depth += 1,
            '>' if inner[..at].ends_with('-') || inner[..at].ends_with('=') => {}
            ')' if depth == 0 => {
                found.push(&inner[start..at]);
                end = Some(at + 1);
                break;
            }
            ')' | '>' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    let named = |argument: &'_ str| -> Option<(usize, usize)> {
        let colon = argument.find(": ")?;
        argument[..colon]
            .chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '#')
            .then_some((colon, colon + 2))
    };
    let arguments = found
        .into_iter()
        .map(str::trim)
        .filter(|argument| !argument.is_empty())
        .map(|argument| match named(argument) {
            Some((end, start)) => (&argument[..end], &argument[start..]),
            None => ("", argument),
        })
        .collect();
    Some((arguments, inner.get(end?..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_end_at_commas_outside_of_brackets() {
        let signature = "(a: impl IntoIterator<Item = (impl Into<String>, i64)>, r#type: Foo) -> Poller<(A, B)>";
        let (found, rest) = split_signature(signature).unwrap();
        assert_eq!(found, [("a", "impl IntoIterator<Item = (impl Into<String>, i64)>"), ("r#type", "Foo")]);
        assert_eq!(rest, " -> Poller<(A, B)>");
        assert_eq!(split_signature("(impl Into<String>)").unwrap().0, [("", "impl Into<String>")]);
        assert_eq!(split_signature("()").unwrap().0, []);
        assert_eq!(split_signature(": Foo"), None);
    }
}
