//! Strings: where they end, and what their escapes mean.
//!
//! It must not know what a string is used for.

use std::borrow::Cow;

use super::{Read, Reader};

const ONES: u64 = u64::MAX / 0xFF;
const HIGHS: u64 = ONES << 7;

/// Marks the zero bytes of a word; marks after the first one are not reliable.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// Marks the quotes and backslashes of a word.
#[inline]
const fn quotes(word: u64) -> u64 {
    zeros(word ^ (ONES * b'"' as u64)) | zeros(word ^ (ONES * b'\\' as u64))
}

/// Marks the quotes, backslashes and control characters of a word. All of them are below 0x80, so one mask covers all
/// three.
#[inline]
const fn specials(word: u64) -> u64 {
    let quotes = (word ^ (ONES * b'"' as u64)).wrapping_sub(ONES);
    let backslashes = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    let controls = word.wrapping_sub(ONES * 0x20);
    (quotes | backslashes | controls) & !word & HIGHS
}

/// Returns the position of the first quote, backslash or control character at or after `at`, or the end of the text.
#[inline]
pub(in crate::json) fn first_special(bytes: &[u8], at: usize) -> usize {
    find(bytes, at, specials, |byte| matches!(byte, b'"' | b'\\' | 0..0x20))
}

/// Searches eight bytes at a time and returns the position of the first marked byte.
#[inline(always)]
fn find(bytes: &[u8], mut at: usize, in_word: impl Fn(u64) -> u64, is_meant: impl Fn(u8) -> bool) -> usize {
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let marks = in_word(u64::from_le_bytes(*word));
        if marks != 0 {
            return at + (marks.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !is_meant(*byte)) {
        at += 1;
    }
    at.min(bytes.len())
}

/// Returns the position after the closing quote of the string whose opening quote is at `at`, or the end of the text.
#[inline]
pub(super) fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    loop {
        at = find(bytes, at, quotes, |byte| matches!(byte, b'"' | b'\\'));
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            Some(_) => return at + 1,
            None => return bytes.len(),
        }
    }
}

impl<'a> Reader<'a> {
    /// Reads the string whose opening quote is at the current position.
    #[inline]
    pub(super) fn quoted(&mut self) -> Read<Cow<'a, str>> {
        let start = self.at + 1;
        let end = first_special(self.text.as_bytes(), start);
        if self.text.as_bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Cow::Borrowed(self.text.get(start..end).unwrap_or_default()));
        }
        self.escaped(start, end).map(Cow::Owned)
    }

    /// Continues reading a string at its first special character.
    #[cold]
    fn escaped(&mut self, mut start: usize, mut end: usize) -> Read<String> {
        let mut string = String::new();
        loop {
            string.push_str(self.text.get(start..end).unwrap_or_default());
            self.at = end;
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => {
                    self.at += 1;
                    string.push(self.escape()?);
                }
                Some(_) => return self.syntax("control character (\\u0000-\\u001F) found while parsing a string"),
                None => return self.ended("EOF while parsing a string"),
            }
            start = self.at;
            end = first_special(self.text.as_bytes(), start);
        }
    }

    /// Reads the rest of an escape, after the backslash.
    fn escape(&mut self) -> Read<char> {
        let character = match self.byte() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            Some(_) => return self.syntax("invalid escape"),
            None => return self.ended("EOF while parsing a string"),
        };
        self.at += 1;
        Ok(character)
    }

    /// Reads the rest of an escape, after `\u`.
    fn unicode(&mut self) -> Read<char> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) {
            return match char::from_u32(first) {
                Some(character) => Ok(character),
                None => self.syntax("lone leading surrogate in hex escape"),
            };
        }
        for expected in [b'\\', b'u'] {
            match self.byte() {
                Some(byte) if byte == expected => self.at += 1,
                Some(_) => return self.syntax("unexpected end of hex escape"),
                None => return self.ended("EOF while parsing a string"),
            }
        }
        let second = self.hex()?;
        let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400);
        match low.and_then(|low| char::from_u32(0x10000 + ((first - 0xD800) << 10) + low)) {
            Some(character) => Ok(character),
            None => self.syntax("lone leading surrogate in hex escape"),
        }
    }

    fn hex(&mut self) -> Read<u32> {
        let mut number = 0;
        for _ in 0..4 {
            let Some(byte) = self.byte() else { return self.ended("EOF while parsing a string") };
            let Some(digit) = char::from(byte).to_digit(16) else { return self.syntax("invalid escape") };
            number = number * 16 + digit;
            self.at += 1;
        }
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_found_at_every_offset() {
        for special in ["\"", "\\", "\n", "\u{0}", "\u{1f}"] {
            for before in 0..20 {
                for after in 0..10 {
                    let text = format!("{}{special}{}", "\u{7f}".repeat(before), "é".repeat(after));
                    assert_eq!(first_special(text.as_bytes(), 0), before, "{text:?}");
                }
            }
        }
        assert_eq!(first_special("abcdefgh ü".as_bytes(), 0), 11);
    }

    #[test]
    fn end_of_a_string_is_past_escaped_quotes() {
        for (text, end) in [("\"\"", 2), ("\"a\\\"b\" ", 6), ("\"\\\\\" \"", 4), ("\"abc", 4), ("\"abc\\", 5)] {
            assert_eq!(end_of_string(text.as_bytes(), 0), end, "{text}");
        }
    }
}
