//! Finds a secret and its parts in a text, in a single pass.
//!
//! This module must not know whose secret it is. Case and invisible characters are ignored.

use std::borrow::Cow;
use std::ops::Range;

use crate::readable::is_invisible;

/// Length of the longest window, in bytes.
const MAX_WINDOW: usize = 8;
/// Length of the shortest window over a part of a secret, in bytes.
const MIN_PART: usize = 6;

/// The pattern of a secret: all of its substrings of `window` bytes. Overlapping matches are merged, so that any part
/// of a truncated secret that is at least as long as a window is found completely.
pub(super) struct Pattern {
    /// The substrings, sorted.
    windows: Vec<u64>,
    window: usize,
    place: Place,
}

/// Where a secret is searched for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    /// Where no letter or digit is adjacent: a short secret also occurs within harmless words.
    Words,
}

impl Pattern {
    /// Returns the pattern of a secret; `None` if it is empty.
    pub(super) fn new(secret: &str) -> Option<Self> {
        let visible = secret.chars().filter(|character| !is_invisible(*character));
        let folded: String = visible.map(|character| character.to_ascii_lowercase()).collect();
        let (window, place) = match folded.len() {
            0 => return None,
            length @ 1..MIN_PART => (length, Place::Words),
            length @ MIN_PART..=7 => (length, Place::Anywhere),
            length => ((length / 2).clamp(MIN_PART, MAX_WINDOW), Place::Anywhere),
        };
        let mut windows: Vec<u64> = folded.as_bytes().windows(window).map(packed).collect();
        windows.sort_unstable();
        windows.dedup();
        Some(Self { windows, window, place })
    }

    /// Adds the positions of the secret and its parts in a text.
    pub(super) fn find(&self, text: &str, spans: &mut Spans) {
        let mask = u64::MAX >> (64 - 8 * self.window);
        let (mut last, mut starts, mut count) = (0_u64, [0; MAX_WINDOW], 0_usize);
        for (at, character) in text.char_indices() {
            if is_invisible(character) {
                continue;
            }
            let end = at + character.len_utf8();
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                last = last << 8 | u64::from(byte.to_ascii_lowercase());
                starts[count % MAX_WINDOW] = at;
                count += 1;
                if count >= self.window && self.windows.binary_search(&(last & mask)).is_ok() {
                    let found = starts[(count - self.window) % MAX_WINDOW]..end;
                    if self.place == Place::Anywhere || is_word(text, &found) {
                        spans.add(found);
                    }
                }
            }
        }
    }
}

fn packed(window: &[u8]) -> u64 {
    window.iter().fold(0, |packed, byte| packed << 8 | u64::from(*byte))
}

fn is_word(text: &str, found: &Range<usize>) -> bool {
    let before = text.get(..found.start).and_then(|before| before.chars().next_back());
    let after = text.get(found.end..).and_then(|after| after.chars().next());
    !before.into_iter().chain(after).any(char::is_alphanumeric)
}

/// Ranges of a text.
#[derive(Default)]
pub(super) struct Spans(Vec<Range<usize>>);

impl Spans {
    fn add(&mut self, span: Range<usize>) {
        match self.0.last_mut() {
            Some(last) if last.start <= span.start && span.start <= last.end => last.end = last.end.max(span.end),
            Some(_) | None => self.0.push(span),
        }
    }

    /// Returns the text with each range replaced.
    pub(super) fn replace<'t>(mut self, text: &'t str, other: &str) -> Cow<'t, str> {
        if self.0.is_empty() {
            return Cow::Borrowed(text);
        }
        self.0.sort_unstable_by_key(|span| span.start);
        let mut spans = Self::default();
        self.0.into_iter().for_each(|span| spans.add(span));
        let mut replaced = String::with_capacity(text.len());
        let mut at = 0;
        for span in spans.0 {
            replaced.push_str(&text[at..span.start]);
            replaced.push_str(other);
            at = span.end;
        }
        replaced.push_str(&text[at..]);
        Cow::Owned(replaced)
    }
}
