//! The words of a name in ASCII, as `heck` finds them, without its cost: a document has thousands of names, and each is read many times.
//!
//! Must not know what the words become, nor other scripts, which are left to `heck`.

/// The case of the last letter of a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    None,
    Lower,
    Upper,
}

/// Returns a text in ASCII in the case of types.
pub(super) fn camel_case(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    each_word(text, |word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters.map(|letter| letter.to_ascii_lowercase()));
    });
    name
}

/// Returns a text in ASCII in the case of functions.
pub(super) fn snake_case(text: &str) -> String {
    let mut name = String::with_capacity(text.len() + 8);
    each_word(text, |word| {
        if !name.is_empty() {
            name.push('_');
        }
        name.extend(word.chars().map(|letter| letter.to_ascii_lowercase()));
    });
    name
}

/// Calls `take` with each word. A word ends before a capital letter that follows a small one, before the last of several capital
/// letters if a small one follows, and at whatever is neither a letter nor a digit.
fn each_word(text: &str, mut take: impl FnMut(&str)) {
    for run in text.split(|character: char| !character.is_ascii_alphanumeric()) {
        let (mut rest, mut case) = (run, Case::None);
        let mut at = 0;
        while let Some(letter) = rest.as_bytes().get(at).copied() {
            let is_followed_by_small = rest.as_bytes().get(at + 1).is_some_and(u8::is_ascii_lowercase);
            let begins = match case {
                Case::None => false,
                Case::Lower => letter.is_ascii_uppercase(),
                Case::Upper => letter.is_ascii_uppercase() && is_followed_by_small,
            };
            if begins && at > 0 {
                let (word, others) = rest.split_at(at);
                take(word);
                (rest, at) = (others, 0);
            }
            case = match letter {
                _ if letter.is_ascii_lowercase() => Case::Lower,
                _ if letter.is_ascii_uppercase() => Case::Upper,
                _ if at == 0 => Case::None,
                _ => case,
            };
            at += 1;
        }
        if !rest.is_empty() {
            take(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use heck::{ToSnakeCase, ToUpperCamelCase};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn words_are_those_of_heck(text in "[A-Ca-c01_ .-]{0,12}|[ -~]{0,20}") {
            prop_assert_eq!(camel_case(&text), text.to_upper_camel_case());
            prop_assert_eq!(snake_case(&text), text.to_snake_case());
        }
    }
}
