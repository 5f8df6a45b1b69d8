//! Why a text could not be read, in the wording of `serde_json`.
//!
//! It must not know the path, which is computed from the position on demand.

use serde::de::{Error as _, Unexpected};

use super::number::Number;
use super::{Failed, Read, Reader};

/// The kind of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// The text is not JSON.
    Syntax,
    /// The value does not fit the type.
    Shape,
    /// The value takes more memory than it may.
    Memory,
    /// Reading takes longer than it may.
    Time,
}

impl Class {
    /// Returns the message of a limit that was exceeded.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Memory => "the value takes too much memory",
            Self::Time => "the time limit has passed",
            Self::Syntax | Self::Shape => "the value does not fit",
        }
    }
}

/// Why a text could not be read.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) class: Class,
    /// Start of the value with the problem, or the position of the problem.
    pub(crate) value: usize,
    /// How much of the text had been read.
    pub(crate) at: usize,
}

impl Problem {
    /// Returns the same problem for an enclosing text, in which the original text begins at `start`.
    pub(crate) fn moved(&self, start: usize) -> Self {
        Self { value: self.value + start, at: self.at + start, ..self.clone() }
    }

    /// Returns the line and the column of the last byte that was read, both counted from 1.
    pub(crate) fn position(&self, text: &[u8]) -> (usize, usize) {
        let before = text.get(..self.at).unwrap_or(text);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        (line, column)
    }
}

impl Reader<'_> {
    /// Returns why reading failed.
    pub(crate) fn into_problem(self) -> Box<Problem> {
        let exceeded = self.exceeded;
        self.problem.filter(|problem| exceeded.is_none_or(|class| class == problem.class)).unwrap_or_else(|| {
            Box::new(Problem {
                message: exceeded.map_or("the value does not fit", Class::message).to_owned(),
                class: exceeded.unwrap_or(Class::Shape),
                value: self.at,
                at: self.at,
            })
        })
    }

    /// Fails because the text is not JSON at the current position.
    #[cold]
    pub(super) fn syntax<T>(&mut self, message: &str) -> Read<T> {
        if self.at >= self.text.len() {
            return self.ended(message);
        }
        self.fail(message.to_owned(), Class::Syntax, self.at, self.at + 1)
    }

    /// Fails because the text ends too early.
    #[cold]
    pub(super) fn ended<T>(&mut self, message: &str) -> Read<T> {
        // A byte follows that is not valid UTF-8.
        let message = match message {
            "EOF while parsing a string" if self.is_cut => "invalid unicode code point",
            "EOF while parsing a list" if self.is_cut => "expected `,` or `]`",
            "EOF while parsing an object" if self.is_cut => "expected `,` or `}`",
            _ if self.is_cut => "expected value",
            message => message,
        };
        let end = self.text.len();
        self.fail(message.to_owned(), Class::Syntax, end, end)
    }

    /// Fails because the next value is not the expected one.
    #[cold]
    pub(super) fn mismatch<T>(&mut self, expected: &str) -> Read<T> {
        let message = |unexpected| shown(serde_json::Error::invalid_type(unexpected, &expected));
        let first = self.peek();
        let start = self.at;
        let message = match first {
            Some(b'"') => message(Unexpected::Str(&self.quoted()?)),
            Some(b'[') => message(Unexpected::Seq),
            Some(b'{') => message(Unexpected::Map),
            Some(b't') => self.word("true").map(|()| message(Unexpected::Bool(true)))?,
            Some(b'f') => self.word("false").map(|()| message(Unexpected::Bool(false)))?,
            Some(b'n') => self.word("null").map(|()| message(Unexpected::Unit))?,
            Some(b'-' | b'0'..=b'9') => message(self.number()?.unexpected()),
            Some(_) => return self.syntax("expected value"),
            None => return self.ended("EOF while parsing a value"),
        };
        self.fail(message, Class::Shape, start, self.at)
    }

    /// Fails because a number that was just read and begins at `start` is not allowed here.
    #[cold]
    pub(super) fn out_of_range<T>(&mut self, number: Number, start: usize, expected: &str) -> Read<T> {
        let message = shown(serde_json::Error::invalid_value(number.unexpected(), &expected));
        self.fail(message, Class::Shape, start, self.at)
    }

    /// Fails because a list that begins at `start` has more or fewer items than expected.
    #[cold]
    pub(super) fn another_length<T>(&mut self, start: usize, expected: &str) -> Read<T> {
        let message = shown(serde_json::Error::invalid_value(Unexpected::Seq, &expected));
        self.fail(message, Class::Shape, start, self.at)
    }

    /// Fails because a number that begins at `start` is too large to be represented.
    #[cold]
    pub(super) fn too_large<T>(&mut self, start: usize) -> Read<T> {
        let at = (self.at + 1).min(self.text.len());
        self.fail("number out of range".to_owned(), Class::Syntax, start, at)
    }

    /// Fails because an object that was just read and begins at `start` lacks a property.
    #[cold]
    pub(in crate::json) fn missing<T>(&mut self, name: &'static str, start: usize) -> Read<T> {
        let message = shown(serde_json::Error::missing_field(name));
        self.fail(message, Class::Shape, start, self.at)
    }

    pub(super) fn fail<T>(&mut self, message: String, class: Class, value: usize, at: usize) -> Read<T> {
        self.problem = Some(Box::new(Problem { message, class, value, at }));
        Err(Failed)
    }
}

fn shown(error: serde_json::Error) -> String {
    error.to_string()
}
