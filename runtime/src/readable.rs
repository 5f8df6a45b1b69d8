//! Text that came from outside as a person may see it: without control characters and without characters that change the order of
//! the others or are not visible.
//!
//! It must not know what the text means; secrets are taken out before.

/// Whether a character is not visible, or changes how others are shown: control characters, marks of direction, zero widths.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    ) || character.is_control()
}

/// Returns a text without such characters. A control character becomes a space, because it can separate words.
pub(crate) fn clean(text: &str) -> String {
    let kept = |character: char| match character {
        _ if character.is_control() => Some(' '),
        _ if is_invisible(character) => None,
        _ => Some(character),
    };
    text.chars().filter_map(kept).collect()
}

/// Returns one clean line of at most `longest` characters.
#[cfg(feature = "client")]
pub(crate) fn one_line(text: &str, longest: usize) -> String {
    // White space counts once, so more than that is never shown; what follows is not looked at.
    let clean = clean(text.char_indices().nth(longest.saturating_mul(8)).map_or(text, |(end, _)| &text[..end]));
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_visible_is_taken_out() {
        for (text, shown) in [
            ("plain grüße 日本", "plain grüße 日本"),
            ("a\u{1b}[31mb\u{7}\n", "a [31mb  "),
            ("user\u{202e}gpj.exe\u{202c}", "usergpj.exe"),
            ("a\u{200b}b\u{2066}c\u{feff}\u{e0041}d", "abcd"),
        ] {
            assert_eq!(clean(text), shown);
        }
    }

    #[cfg(feature = "client")]
    #[test]
    fn line_is_short() {
        assert_eq!(one_line(" a\n\n b\u{0}c ", 9), "a b c");
        assert_eq!(one_line("grüße dich", 5), "grüße…");
        assert_eq!(one_line(&" ".repeat(1 << 20), 5), "");
    }
}
