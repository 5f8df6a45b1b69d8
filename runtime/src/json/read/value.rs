//! JSON of any shape: kept as a [`Value`] or skipped.
//!
//! It must not know why no type describes it.

use serde_json::{Map, Value};

use super::number::Number;
use super::{Container, Read, ReadJson, Reader};

impl ReadJson for Value {
    #[inline]
    fn blank() -> Self {
        Self::Null
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        *self = reader.value()?;
        Ok(())
    }
}

impl Reader<'_> {
    /// Reads a value of any shape.
    pub(in crate::json) fn value(&mut self) -> Read<Value> {
        match self.peek() {
            Some(b'"') => Ok(Value::String(self.quoted()?.into_owned())),
            Some(b'{') => {
                let mut object = self.open(Container::Object, "a map")?;
                let mut map = Map::new();
                while let Some(name) = self.next_name(&mut object)? {
                    self.entry::<Value>(map.len())?;
                    map.insert(name.into_owned(), self.value()?);
                }
                Ok(Value::Object(map))
            }
            Some(b'[') => {
                let mut list = self.open(Container::List, "a sequence")?;
                let mut items = Vec::new();
                while self.next_item(&mut list)? {
                    let room = items.capacity();
                    items.push(self.value()?);
                    self.grow::<Value>(room, items.capacity())?;
                }
                Ok(Value::Array(items))
            }
            Some(b't') => self.word("true").map(|()| Value::Bool(true)),
            Some(b'f') => self.word("false").map(|()| Value::Bool(false)),
            Some(b'n') => self.word("null").map(|()| Value::Null),
            Some(b'-' | b'0'..=b'9') => self.any_number().map(Value::Number),
            Some(_) => self.syntax("expected value"),
            None => self.ended("EOF while parsing a value"),
        }
    }

    /// Skips a value.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not valid JSON.
    pub fn skip(&mut self) -> Read<()> {
        match self.peek() {
            Some(b'"') => self.quoted().map(|_| ()),
            Some(b'{') => {
                let mut object = self.open(Container::Object, "a map")?;
                while self.next_name(&mut object)?.is_some() {
                    self.skip()?;
                }
                Ok(())
            }
            Some(b'[') => {
                let mut list = self.open(Container::List, "a sequence")?;
                while self.next_item(&mut list)? {
                    self.skip()?;
                }
                Ok(())
            }
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'-' | b'0'..=b'9') => self.number().map(|_| ()),
            Some(_) => self.syntax("expected value"),
            None => self.ended("EOF while parsing a value"),
        }
    }

    /// Reads a number as `serde_json` keeps it: with all of its digits, if that feature is enabled.
    fn any_number(&mut self) -> Read<serde_json::Number> {
        let start = self.at;
        match self.number()? {
            Number::Unsigned(number) => Ok(number.into()),
            Number::Negative(number) => Ok(number.into()),
            Number::Float(_) => match self.since(start).parse() {
                Ok(number) => Ok(number),
                Err(_) => self.too_large(start),
            },
        }
    }
}
