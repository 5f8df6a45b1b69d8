//! Reads the types of the standard library and of this module.
//!
//! It must not know objects with named properties: see `object!`.

use serde_json::Value;

use super::number::Number;
use super::{Container, Read, ReadJson, Reader};
use crate::json::number::whole;
use crate::json::{Constant, Field, Map, Sensitive, Timestamp};

impl ReadJson for String {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        reader.string().map(|string| string.into_owned())
    }
}

impl ReadJson for Constant {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        String::read(reader).map(Self::received)
    }
}

impl ReadJson for Timestamp {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        String::read(reader).map(Self::from)
    }
}

impl ReadJson for bool {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        match reader.peek() {
            Some(b't') => reader.word("true").map(|()| true),
            Some(b'f') => reader.word("false").map(|()| false),
            Some(_) | None => reader.mismatch("a boolean"),
        }
    }
}

impl ReadJson for () {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        if reader.null()? { Ok(()) } else { reader.mismatch("unit") }
    }
}

impl Reader<'_> {
    /// Reads a number and returns it with its start position.
    #[inline]
    fn any(&mut self, expected: &str) -> Read<(Number, usize)> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => {
                let start = self.at;
                self.number().map(|number| (number, start))
            }
            Some(_) | None => self.mismatch(expected),
        }
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl ReadJson for $type {
            fn read(reader: &mut Reader<'_>) -> Read<Self> {
                let (number, start) = reader.any("an integer")?;
                let converted = match number {
                    Number::Unsigned(number) => number.try_into().ok(),
                    Number::Negative(number) => number.try_into().ok(),
                    Number::Float(number) => whole(number).and_then(|number| number.try_into().ok()),
                };
                match converted {
                    Some(number) => Ok(number),
                    None => reader.out_of_range(number, start, "an integer"),
                }
            }
        }
    )*};
}

integers!(i32, i64, u32, u64);

impl ReadJson for f64 {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        let (number, _) = reader.any("f64")?;
        Ok(match number {
            Number::Unsigned(number) => number as Self,
            Number::Negative(number) => number as Self,
            Number::Float(number) => number,
        })
    }
}

impl<T: ReadJson> ReadJson for Option<T> {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        if reader.null()? { Ok(None) } else { T::read(reader).map(Some) }
    }
}

impl<T: ReadJson> ReadJson for Field<T> {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        if reader.null()? { Ok(Self::Null) } else { T::read(reader).map(Self::Value) }
    }
}

impl<T: ReadJson> ReadJson for Box<T> {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        reader.take(size_of::<T>())?;
        T::read(reader).map(Self::new)
    }
}

impl<T: ReadJson> ReadJson for Sensitive<T> {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        T::read(reader).map(Self::new)
    }
}

impl<T: ReadJson> ReadJson for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        let mut list = reader.open(Container::List, "a sequence")?;
        let mut items = Self::new();
        while reader.next_item(&mut list)? {
            let room = items.capacity();
            items.push(T::read(reader)?);
            reader.grow::<T>(room, items.capacity())?;
        }
        Ok(items)
    }
}

impl<T: ReadJson> ReadJson for Map<T> {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        let mut object = reader.open(Container::Object, "a map")?;
        let mut map = Self::new();
        while let Some(name) = reader.next_name(&mut object)? {
            reader.entry::<T>(map.len())?;
            let value = T::read(reader)?;
            map.insert(name.into_owned(), value);
        }
        Ok(map)
    }
}

impl ReadJson for serde_json::Map<String, Value> {
    fn read(reader: &mut Reader<'_>) -> Read<Self> {
        let mut object = reader.open(Container::Object, "a map")?;
        let mut map = Self::new();
        while let Some(name) = reader.next_name(&mut object)? {
            reader.entry::<Value>(map.len())?;
            map.insert(name.into_owned(), Value::read(reader)?);
        }
        Ok(map)
    }
}
