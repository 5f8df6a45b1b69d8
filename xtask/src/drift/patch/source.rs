//! The source of a user as tokens, and edits of it that leave everything else as it is. Knows no client.

use std::ops::Range;

use crate::lexer::{Kind, Token, tokenize};

/// A file.
pub(super) struct Source<'a> {
    text: &'a str,
    /// Its tokens, without comments.
    tokens: Vec<Token<'a>>,
}

impl<'a> Source<'a> {
    /// Reads a file.
    pub(super) fn new(text: &'a str) -> Self {
        let tokens = tokenize(text).into_iter().filter(|token| token.kind != Kind::Comment).collect();
        Self { text, tokens }
    }

    /// Returns the number of tokens.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Returns a token if it is an identifier or a keyword.
    pub(super) fn word(&self, at: usize) -> Option<&'a str> {
        self.tokens.get(at).filter(|token| token.kind == Kind::Word).map(|token| token.text)
    }

    /// Returns whether a token is this word or punctuation.
    pub(super) fn is(&self, at: usize, text: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(text))
    }

    /// Returns whether the token before one is this word or punctuation.
    pub(super) fn follows(&self, at: usize, text: &str) -> bool {
        at.checked_sub(1).is_some_and(|before| self.is(before, text))
    }

    /// Returns the line of a token.
    pub(super) fn line(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(0, |token| token.line)
    }

    /// Returns the place of a token in the text.
    pub(super) fn place(&self, at: usize) -> Range<usize> {
        let Some(token) = self.tokens.get(at) else { return self.text.len()..self.text.len() };
        let start = token.text.as_ptr() as usize - self.text.as_ptr() as usize;
        start..start + token.text.len()
    }

    /// Returns the bracket that closes the one at a token.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in open..self.len() {
            if ["(", "[", "{"].iter().any(|bracket| self.is(at, bracket)) {
                depth += 1;
            } else if [")", "]", "}"].iter().any(|bracket| self.is(at, bracket)) {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        None
    }

    /// Returns the arguments between two parentheses, each as its place in the text.
    pub(super) fn arguments(&self, open: usize, close: usize) -> Vec<Range<usize>> {
        let (mut found, mut start, mut at) = (Vec::new(), open + 1, open + 1);
        let mut bars = 0_usize;
        while at < close {
            if let Some(end) =
                ["(", "[", "{"].iter().any(|bracket| self.is(at, bracket)).then(|| self.closing(at)).flatten()
            {
                at = end;
            } else if self.is(at, "|") {
                bars += 1;
            } else if self.is(at, ",") && bars.is_multiple_of(2) && !self.is_in_turbofish(start, at) {
                found.push(self.place(start).start..self.place(at - 1).end);
                start = at + 1;
            }
            at += 1;
        }
        if start < close {
            found.push(self.place(start).start..self.place(close - 1).end);
        }
        found
    }

    /// Returns whether a comma belongs to generic arguments that were opened after a token.
    fn is_in_turbofish(&self, start: usize, comma: usize) -> bool {
        let opened = (start..comma).filter(|at| self.is(*at, "<") && self.follows(*at, "::")).count();
        let closed =
            (start..comma).filter(|at| self.is(*at, ">") && !self.follows(*at, "-") && !self.follows(*at, "=")).count();
        opened > closed
    }

    /// Returns the whole text.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }
}

/// A part of what takes the place of some text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// New text.
    Text(String),
    /// Old text from elsewhere, with the edits in it.
    Moved(Range<usize>),
}

/// An edit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    range: Range<usize>,
    pieces: Vec<Piece>,
    scope: Scope,
}

/// What an edit is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    /// A place between tokens.
    Insertion,
    /// The arguments of a call, which are put together again.
    Arguments,
    /// A token.
    Token,
}

/// Edits of one file.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<Edit>);

impl Edits {
    /// Inserts before a place.
    pub(super) fn insert(&mut self, at: usize, pieces: Vec<Piece>) {
        self.add(Edit { range: at..at, pieces, scope: Scope::Insertion });
    }

    /// Replaces the arguments of a call.
    pub(super) fn rebuild(&mut self, range: Range<usize>, pieces: Vec<Piece>) {
        self.add(Edit { range, pieces, scope: Scope::Arguments });
    }

    /// Replaces a token.
    pub(super) fn write(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.add(Edit { range, pieces: vec![Piece::Text(text.into())], scope: Scope::Token });
    }

    fn add(&mut self, edit: Edit) {
        if !self.0.contains(&edit) {
            self.0.push(edit);
        }
    }

    /// Returns whether there is nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether two edits want one token to be different things.
    pub(super) fn conflict(&self) -> bool {
        let tokens: Vec<&Edit> = self.0.iter().filter(|edit| edit.scope == Scope::Token).collect();
        tokens.iter().any(|one| tokens.iter().any(|other| one.range == other.range && one.pieces != other.pieces))
    }

    /// Returns the text with all edits.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut sorted: Vec<&Edit> = self.0.iter().collect();
        // What surrounds another edit comes first, and decides where that goes.
        sorted.sort_by_key(|edit| (edit.range.start, edit.scope, std::cmp::Reverse(edit.range.end)));
        render(text, 0..text.len(), &sorted)
    }
}

/// Returns a part of the text with the edits in it.
fn render(text: &str, part: Range<usize>, edits: &[&Edit]) -> String {
    let (mut result, mut at) = (String::new(), part.start);
    for edit in edits {
        let Edit { range, pieces, scope } = edit;
        // A call is not a part of its own argument.
        let is_around = *scope == Scope::Arguments && range.start <= part.start && range.end >= part.end;
        if range.start < at || range.end > part.end || is_around {
            continue;
        }
        result.push_str(text.get(at..range.start).unwrap_or_default());
        for piece in pieces {
            match piece {
                Piece::Text(text) => result.push_str(text),
                Piece::Moved(from) => result.push_str(&render(text, from.clone(), edits)),
            }
        }
        at = range.end;
    }
    result.push_str(text.get(at..part.end).unwrap_or_default());
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_keeps_the_edits_in_it() {
        let text = "f(a, old(b))";
        let source = Source::new(text);
        let open = 1;
        let close = source.closing(open).unwrap();
        let arguments = source.arguments(open, close);
        assert_eq!(arguments, [2..3, 5..11]);
        let mut edits = Edits::default();
        edits.rebuild(2..11, vec![Piece::Moved(2..3)]);
        edits.insert(12, vec![Piece::Text(".with(".to_owned()), Piece::Moved(5..11), Piece::Text(")".to_owned())]);
        edits.write(5..8, "new");
        assert_eq!(edits.apply(text), "f(a).with(new(b))");
    }

    #[test]
    fn only_argument_can_move() {
        let mut edits = Edits::default();
        edits.rebuild(2..3, vec![]);
        edits.insert(4, vec![Piece::Text(".with(".to_owned()), Piece::Moved(2..3), Piece::Text(")".to_owned())]);
        assert_eq!(edits.apply("f(a)"), "f().with(a)");
    }

    #[test]
    fn arguments_end_at_commas_of_the_call_itself() {
        let text = "f(|a, b| a + b, g::<A, B>(1, 2), [3, 4])";
        let source = Source::new(text);
        let shown: Vec<&str> =
            source.arguments(1, source.closing(1).unwrap()).into_iter().map(|range| &text[range]).collect();
        assert_eq!(shown, ["|a, b| a + b", "g::<A, B>(1, 2)", "[3, 4]"]);
    }
}
