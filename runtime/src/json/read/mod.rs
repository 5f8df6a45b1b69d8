//! The JSON reader: one concrete type over a slice of bytes, so that the code that reads a type is compiled once.
//!
//! `serde` compiles the code that reads a type for every deserializer it is used with. Here each type has one function,
//! [`ReadJson::read`], and the code that the functions share is not generic. The grammar, the limits and the messages
//! are those of `serde_json`.
//!
//! It must not know any type that is read.

mod basic;
mod limits;
mod name;
mod number;
mod path;
mod problem;
mod scan;
mod string;
mod value;

use std::borrow::Cow;

use super::object::{Rest, Table};
pub(crate) use limits::ReadLimits;
use limits::Remaining;
pub(super) use name::is_same_name;
pub(crate) use path::path_at;
pub(crate) use problem::{Class, Problem};
use scan::Ends;
pub use scan::{JsonType, Rules, Test};
pub(super) use string::first_special;

/// A type that can be read from JSON.
///
/// Values are read in place: that needs no copies, and the code of a type is little more than a list of its fields.
pub trait ReadJson {
    /// Returns an empty value to read into. Only what has been read successfully is returned to a caller.
    fn blank() -> Self
    where
        Self: Sized;

    /// Reads the next value into a blank one. If a property is repeated, its value is not blank, and is replaced.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON or the value does not fit the type; the reader records the reason and
    /// the position.
    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()>;

    /// Returns whether the value is one that the type describes; a union also keeps others, as `Unknown`.
    fn is_described(&self) -> bool
    where
        Self: Sized,
    {
        true
    }

    /// Returns the value that a text is where it need not be JSON: itself, for a string.
    fn from_text(_text: &str) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }
}

/// Reading failed; the [`Reader`] records the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed;

/// The result of reading a value.
pub type Read<T> = Result<T, Failed>;

/// Maximum number of nested containers, as in `serde_json`.
const DEEPEST: u32 = 127;

/// Reads a JSON text from front to back, and can return to an earlier position.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The text up to the first byte that is not valid UTF-8.
    text: &'a str,
    /// Position of the next byte.
    at: usize,
    /// Number of open containers.
    depth: u32,
    /// Maximum number of open containers.
    deepest: u32,
    /// Why reading failed.
    problem: Option<Box<Problem>>,
    /// Containers whose ends are known.
    ends: Ends,
    /// How tags are looked up.
    tags: Tags,
    /// Start position of the value of a repeated property.
    repeated: Option<usize>,
    /// Whether `null` stands for an absent property.
    is_absent: bool,
    /// Whether the text is followed by bytes that are not valid UTF-8.
    is_cut: bool,
    /// What is left of the limits.
    remaining: Remaining,
    /// The limit that was exceeded.
    exceeded: Option<Class>,
}

impl<'a> Reader<'a> {
    /// Creates a reader at the beginning of a text.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::within(bytes, ReadLimits::NONE)
    }

    /// Creates a reader with limits.
    fn within(bytes: &'a [u8], limits: ReadLimits) -> Self {
        let (text, is_cut) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, false),
            // The valid part is read, so that an error before the invalid byte is reported first.
            Err(error) => {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                (std::str::from_utf8(valid).unwrap_or_default(), true)
            }
        };
        Self {
            text,
            at: 0,
            depth: 0,
            deepest: DEEPEST,
            problem: None,
            ends: Ends::default(),
            tags: Tags::default(),
            repeated: None,
            is_absent: false,
            is_cut,
            remaining: Remaining::new(limits),
            exceeded: None,
        }
    }

    /// Creates a reader without a depth limit, for text that we wrote ourselves.
    pub(super) fn unbounded(bytes: &'a [u8]) -> Self {
        Self { deepest: u32::MAX, ..Self::new(bytes) }
    }

    /// Creates a reader of a property that is absent. Only values that may be absent can be read from it.
    pub(super) fn absent() -> Reader<'static> {
        Reader { is_absent: true, ..Reader::new(b"null") }
    }

    /// Checks that only white space follows.
    ///
    /// # Errors
    ///
    /// Returns an error if anything else follows.
    pub fn finish(&mut self) -> Read<()> {
        match self.peek() {
            None if !self.is_cut => Ok(()),
            Some(_) | None => self.syntax("trailing characters"),
        }
    }

    /// Returns the byte at the current position.
    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips white space and returns the byte after it.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                byte => return byte,
            }
        }
    }

    /// Opens the container that comes next.
    ///
    /// # Errors
    ///
    /// Returns an error if something else comes next, or if too many containers are open.
    pub fn open(&mut self, container: Container, expected: &str) -> Read<Opened> {
        if self.peek() != Some(container.opening()) {
            return self.mismatch(expected);
        }
        if self.depth == self.deepest {
            return self.syntax("recursion limit exceeded");
        }
        self.step()?;
        self.depth += 1;
        self.at += 1;
        let start = self.at - 1;
        Ok(Opened { start, is_first: true, tag: self.tags.of_object(start), is_tagged: false })
    }

    /// Moves to the next item of a list, or past its end and returns `false`.
    ///
    /// # Errors
    ///
    /// Returns an error if neither an item nor the end of the list follows.
    pub fn next_item(&mut self, list: &mut Opened) -> Read<bool> {
        self.step()?;
        match self.peek() {
            Some(b']') => self.close(),
            Some(_) if std::mem::take(&mut list.is_first) => Ok(true),
            Some(b',') => {
                self.at += 1;
                match self.peek() {
                    Some(b']') => self.syntax("trailing comma"),
                    Some(_) => Ok(true),
                    None => self.ended("EOF while parsing a value"),
                }
            }
            Some(_) => self.syntax("expected `,` or `]`"),
            None => self.ended("EOF while parsing a list"),
        }
    }

    /// Reads the next name of an object and moves to its value, or moves past the end of the object and returns `None`.
    ///
    /// # Errors
    ///
    /// Returns an error if neither a name nor the end of the object follows.
    pub fn next_name(&mut self, object: &mut Opened) -> Read<Option<Cow<'a, str>>> {
        if !self.has_name(object)? {
            return Ok(None);
        }
        let name = self.quoted()?;
        self.note_name(object, &name);
        self.colon()?;
        Ok(Some(name))
    }

    /// Moves to the next name of an object, or past its end and returns `false`.
    #[inline]
    fn has_name(&mut self, object: &mut Opened) -> Read<bool> {
        self.step()?;
        // Most texts have no white space between properties.
        if !object.is_first && self.text.as_bytes().get(self.at..self.at + 2) == Some(b",\"") {
            self.at += 1;
            return Ok(true);
        }
        match self.peek() {
            Some(b'}') => return self.close(),
            Some(_) if std::mem::take(&mut object.is_first) => {}
            Some(b',') => {
                self.at += 1;
                match self.peek() {
                    Some(b'}') => return self.syntax("trailing comma"),
                    Some(_) => {}
                    None => return self.ended("EOF while parsing a value"),
                }
            }
            Some(_) => return self.syntax("expected `,` or `}`"),
            None => return self.ended("EOF while parsing an object"),
        }
        match self.byte() {
            Some(b'"') => Ok(true),
            Some(_) | None => self.syntax("key must be a string"),
        }
    }

    /// Skips the next name if it is written exactly like this one.
    #[inline]
    fn passes(&mut self, name: &str) -> bool {
        let written = self.text.as_bytes().get(self.at + 1..).and_then(|rest| rest.get(..=name.len()));
        let is_passed = written
            .and_then(<[u8]>::split_last)
            .is_some_and(|(quote, written)| *quote == b'"' && is_same_name(written, name.as_bytes()));
        if is_passed {
            self.at += name.len() + 2;
        }
        is_passed
    }

    /// Skips the colon after a name.
    #[inline]
    fn colon(&mut self) -> Read<()> {
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => self.syntax("expected `:`"),
            None => self.ended("EOF while parsing an object"),
        }
    }

    /// Counts the tags of a union.
    #[inline]
    fn note_name(&mut self, object: &mut Opened, name: &str) {
        if object.is_tag(name) {
            self.tags.note(object);
        }
    }

    /// Reads the next name of an object and returns its index in the table, or the name itself if it is not listed.
    #[inline]
    pub(super) fn next_of(&mut self, object: &mut Opened, table: &Table, likely: usize) -> Read<Next<'a>> {
        if !self.has_name(object)? {
            return Ok(Next::End);
        }
        let next = match table.name(likely) {
            Some(name) if self.passes(name) => {
                self.note_name(object, name);
                Next::Listed(likely)
            }
            Some(_) | None => {
                let name = match object.tag {
                    Some(tag) if self.passes(tag) => Cow::Borrowed(tag),
                    Some(_) | None => self.quoted()?,
                };
                self.note_name(object, &name);
                match table.find(&name, likely) {
                    Some(place) => Next::Listed(place),
                    None => Next::Other(name),
                }
            }
        };
        self.colon()?;
        Ok(next)
    }

    /// Skips the end of a container.
    #[inline]
    fn close(&mut self) -> Read<bool> {
        self.depth -= 1;
        self.at += 1;
        Ok(false)
    }

    /// Reads a string, borrowed if it contains no escapes.
    ///
    /// # Errors
    ///
    /// Returns an error if the next value is not a string.
    pub fn string(&mut self) -> Read<Cow<'a, str>> {
        match self.peek() {
            Some(b'"') => self.quoted(),
            Some(_) | None => self.mismatch("a string"),
        }
    }

    /// Reads `null` if it comes next.
    ///
    /// # Errors
    ///
    /// Returns an error if the next word begins like `null` but is not `null`.
    pub fn null(&mut self) -> Read<bool> {
        match self.peek() {
            Some(b'n') => self.word("null").map(|()| true),
            Some(_) | None => Ok(false),
        }
    }

    /// Reads a keyword of the grammar.
    fn word(&mut self, word: &str) -> Read<()> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        self.at += rest.iter().zip(word.as_bytes()).take_while(|(found, wanted)| found == wanted).count();
        match self.byte() {
            Some(_) => self.syntax("expected ident"),
            None => self.ended("EOF while parsing a value"),
        }
    }

    /// Reads the next value as a type.
    ///
    /// # Errors
    ///
    /// See [`ReadJson::read`].
    pub fn read_value<T: ReadJson>(&mut self) -> Read<T> {
        let mut value = T::blank();
        value.read(self)?;
        Ok(value)
    }

    /// Reads a value if it fits this type, and otherwise returns to the position before it.
    pub fn attempt<T: ReadJson>(&mut self) -> Option<T> {
        let mark = self.mark();
        self.read_value().inspect_err(|Failed| self.back(mark)).ok()
    }

    /// Returns whether the value at a position is read into one that is not blank.
    #[inline]
    pub(super) fn is_repeated(&self, at: usize) -> bool {
        self.repeated == Some(at)
    }

    /// Notes that the next value is read into one that is not blank, because its property is repeated.
    #[cold]
    pub(super) fn repeat(&mut self) {
        self.peek();
        self.repeated = Some(self.at);
    }

    /// Like [`attempt`](Self::attempt), for a type that keeps unknown values: the attempt succeeds only if the value is
    /// known.
    pub fn attempt_known<T: ReadJson>(&mut self, is_known: fn(&T) -> bool) -> Option<T> {
        let mark = self.mark();
        let value = self.attempt::<T>()?;
        if is_known(&value) {
            return Some(value);
        }
        self.back(mark);
        None
    }

    /// Reads the value of a property that has no slot. The tag of the union around the object need not fit the type of
    /// such properties.
    pub(super) fn unlisted(&mut self, object: &Opened, name: Cow<'a, str>, rest: &mut dyn Rest) -> Read<()> {
        let (mark, is_tag) = (self.mark(), object.is_tag(&name));
        match rest.read(name, self) {
            Err(Failed) if is_tag => {
                self.back(mark);
                self.skip()
            }
            result => result,
        }
    }

    /// Reads something and returns to the position before it.
    pub(super) fn ahead<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Option<T> {
        let mark = self.mark();
        let found = read(self).ok();
        self.back(mark);
        found
    }

    fn mark(&self) -> Mark {
        Mark { at: self.at, depth: self.depth, memory: self.remaining.memory() }
    }

    fn back(&mut self, Mark { at, depth, memory }: Mark) {
        (self.at, self.depth, self.problem) = (at, depth, None);
        // What was read is dropped, unless there was too much of it.
        if self.exceeded.is_none() {
            self.remaining.refund(memory);
        }
    }
}

/// A position to return to.
#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    depth: u32,
    memory: usize,
}

/// A kind of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// `[…]`
    List,
    /// `{…}`
    Object,
}

impl Container {
    fn opening(self) -> u8 {
        match self {
            Self::List => b'[',
            Self::Object => b'{',
        }
    }
}

/// A container that is being read.
#[derive(Debug)]
pub struct Opened {
    /// Its start position.
    pub(super) start: usize,
    is_first: bool,
    /// The tag that decided the variant of the surrounding union.
    tag: Option<&'static str>,
    is_tagged: bool,
}

impl Opened {
    /// Returns whether a property is the tag that decided the variant of the surrounding union.
    fn is_tag(&self, name: &str) -> bool {
        self.tag.is_some_and(|tag| is_same_name(tag.as_bytes(), name.as_bytes()))
    }
}

/// The next property in an object with a table.
pub(super) enum Next<'a> {
    /// The property with this index in the table.
    Listed(usize),
    /// A property that is not listed.
    Other(Cow<'a, str>),
    /// The end of the object.
    End,
}

/// How the tags of unions are looked up. The first tag decides, unless a text turns out to repeat a tag. Then the text
/// is read again and the last tag decides, as for all other properties.
#[derive(Debug, Default)]
struct Tags {
    /// Whether the last tag decides.
    is_thorough: bool,
    /// Whether an object contains a tag more than once.
    are_repeated: bool,
    /// Start position of the union's object that is read next, and the name of its tag.
    pending: Option<(usize, &'static str)>,
}

impl Tags {
    /// Returns the tag to count in the object that begins at `start`.
    fn of_object(&mut self, start: usize) -> Option<&'static str> {
        self.pending.take_if(|(place, _)| *place == start).map(|(_, name)| name)
    }

    #[cold]
    fn note(&mut self, object: &mut Opened) {
        match object.is_tagged {
            true => self.are_repeated = true,
            false => object.is_tagged = true,
        }
    }
}

/// Reads a complete text as a type.
///
/// # Errors
///
/// Returns an error if the text is not JSON or does not fit the type.
pub(crate) fn read_text<T: ReadJson>(bytes: &[u8]) -> Result<T, Box<Problem>> {
    let mut value = T::blank();
    read_text_into(bytes, &mut value, ReadLimits::NONE)?;
    Ok(value)
}

/// Reads a complete text into a blank value, within limits.
///
/// # Errors
///
/// As [`read_text`]; also if a limit is exceeded.
pub(crate) fn read_text_into(bytes: &[u8], value: &mut dyn ReadJson, limits: ReadLimits) -> Result<(), Box<Problem>> {
    let mut reader = Reader::within(bytes, limits);
    let mut result = value.read(&mut reader);
    if reader.tags.are_repeated && reader.exceeded.is_none() {
        // What was read before is replaced piece by piece, so that both take memory at once.
        let remaining = reader.remaining;
        reader = Reader { remaining, ..Reader::within(bytes, limits) };
        reader.tags.is_thorough = true;
        reader.repeat();
        result = value.read(&mut reader);
    }
    match result.and_then(|()| reader.finish()) {
        Ok(()) if reader.exceeded.is_none() => Ok(()),
        Ok(()) | Err(Failed) => Err(reader.into_problem()),
    }
}
