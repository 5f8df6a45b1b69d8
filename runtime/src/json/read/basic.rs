//! Reads the types of the standard library and of this module.
//!
//! It must not know objects with named properties: see `object!`.

use serde_json::Value;

use super::number::Number;
use super::{Container, Read, ReadJson, Reader};
use crate::json::number::exact_integer;
use crate::json::positions::Positional;
use crate::json::{Constant, Field, Map, Sensitive, Timestamp};

impl ReadJson for String {
    #[inline]
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        *self = reader.string()?.into_owned();
        Ok(())
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl ReadJson for Constant {
    #[inline]
    fn blank() -> Self {
        Self::new("")
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        *self = Self::received(&reader.string()?);
        Ok(())
    }
}

impl ReadJson for Timestamp {
    #[inline]
    fn blank() -> Self {
        Self::from(String::new())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        *self = Self::from(reader.string()?.into_owned());
        Ok(())
    }
}

impl ReadJson for bool {
    #[inline]
    fn blank() -> Self {
        false
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        *self = match reader.peek() {
            Some(b't') => reader.word("true").map(|()| true)?,
            Some(b'f') => reader.word("false").map(|()| false)?,
            Some(_) | None => return reader.mismatch("a boolean"),
        };
        Ok(())
    }
}

impl ReadJson for () {
    #[inline]
    fn blank() -> Self {}

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
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
            #[inline]
            fn blank() -> Self {
                0
            }

            fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
                let (number, start) = reader.any("an integer")?;
                let converted = match number {
                    Number::Unsigned(number) => number.try_into().ok(),
                    Number::Negative(number) => number.try_into().ok(),
                    Number::Float(_) => exact_integer(reader.since(start)).and_then(|number| number.try_into().ok()),
                };
                match converted {
                    Some(number) => {
                        *self = number;
                        Ok(())
                    }
                    None => reader.out_of_range(number, start, "an integer"),
                }
            }
        }
    )*};
}

integers!(i32, i64, u32, u64);

impl ReadJson for i128 {
    #[inline]
    fn blank() -> Self {
        0
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        let (number, start) = reader.any("an integer")?;
        match reader.since(start).parse().ok().or_else(|| exact_integer(reader.since(start))) {
            Some(number) => {
                *self = number;
                Ok(())
            }
            None => reader.out_of_range(number, start, "an integer"),
        }
    }
}

macro_rules! tuples {
    ($($count:literal: $($item:ident)+;)+) => {$(
        impl<$($item: ReadJson),+> Positional for ($($item,)+) {
            const COUNT: usize = $count;
        }

        #[allow(non_snake_case, reason = "the items are called like their types")]
        impl<$($item: ReadJson),+> ReadJson for ($($item,)+) {
            fn blank() -> Self {
                ($($item::blank(),)+)
            }

            fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
                let ($($item,)+) = self;
                reader.items(concat!("an array of ", $count, " items"), &mut [$($item),+])
            }
        }
    )+};
}

tuples! {
    2: A B;
    3: A B C;
    4: A B C D;
    5: A B C D E;
    6: A B C D E F;
    7: A B C D E F G;
    8: A B C D E F G H;
    9: A B C D E F G H I;
    10: A B C D E F G H I J;
    11: A B C D E F G H I J K;
    12: A B C D E F G H I J K L;
}

impl Reader<'_> {
    /// Reads a list with exactly these items.
    fn items(&mut self, expected: &str, items: &mut [&mut dyn ReadJson]) -> Read<()> {
        let mut list = self.open(Container::List, expected)?;
        let is_repeated = self.is_repeated(list.start);
        for item in items {
            if !self.next_item(&mut list)? {
                return self.another_length(list.start, expected);
            }
            if is_repeated {
                self.repeat();
            }
            item.read(self)?;
        }
        if self.next_item(&mut list)? { self.another_length(list.start, expected) } else { Ok(()) }
    }
}

impl ReadJson for f64 {
    #[inline]
    fn blank() -> Self {
        0.0
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        let (number, _) = reader.any("f64")?;
        *self = match number {
            Number::Unsigned(number) => number as Self,
            Number::Negative(number) => number as Self,
            Number::Float(number) => number,
        };
        Ok(())
    }
}

impl<T: ReadJson> ReadJson for Option<T> {
    #[inline]
    fn blank() -> Self {
        None
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        *self = if reader.null()? { None } else { Some(T::blank()) };
        match self {
            Some(value) => value.read(reader),
            None => Ok(()),
        }
    }
}

impl<T: ReadJson> ReadJson for Field<T> {
    #[inline]
    fn blank() -> Self {
        Self::Absent
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        *self = match reader.null()? {
            true if reader.is_absent => Self::Absent,
            true => Self::Null,
            false => Self::Value(T::blank()),
        };
        match self {
            Self::Value(value) => value.read(reader),
            Self::Absent | Self::Null => Ok(()),
        }
    }
}

impl<T: ReadJson> ReadJson for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        reader.take(size_of::<T>())?;
        (**self).read(reader)
    }
}

impl<T: ReadJson> ReadJson for Sensitive<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        *self = Self::new(reader.read_value()?);
        Ok(())
    }
}

/// A list that grows while it is read.
trait Growing {
    /// Appends a blank item, and returns it with the memory in bytes that the list took for it.
    fn add(&mut self) -> Option<(&mut dyn ReadJson, usize)>;
}

impl<T: ReadJson> Growing for Vec<T> {
    fn add(&mut self) -> Option<(&mut dyn ReadJson, usize)> {
        let room = self.capacity();
        self.push(T::blank());
        let grown = (self.capacity() - room).saturating_mul(size_of::<T>());
        self.last_mut().map(|item| (item as &mut dyn ReadJson, grown))
    }
}

impl Reader<'_> {
    /// Reads a list into an empty one.
    fn list(&mut self, items: &mut dyn Growing) -> Read<()> {
        let mut list = self.open(Container::List, "a sequence")?;
        while self.next_item(&mut list)? {
            if let Some((item, grown)) = items.add() {
                self.take(grown)?;
                item.read(self)?;
            }
        }
        Ok(())
    }
}

impl<T: ReadJson> ReadJson for Vec<T> {
    #[inline]
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        self.clear();
        reader.list(self)
    }
}

impl<T: ReadJson> ReadJson for Map<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        self.clear();
        reader.map(self)
    }
}

/// A map that is read, whatever its values.
trait Entries {
    /// Records the memory of one entry more.
    fn take(&self, reader: &mut Reader<'_>) -> Read<()>;

    /// Adds an entry with a blank value, and returns the value.
    fn add(&mut self, name: String) -> Option<&mut dyn ReadJson>;

    /// Adds an entry if the next value fits, and skips it otherwise.
    fn attempt(&mut self, name: String, reader: &mut Reader<'_>) -> Read<()>;
}

impl<T: ReadJson> Entries for Map<T> {
    fn take(&self, reader: &mut Reader<'_>) -> Read<()> {
        reader.entry::<T>(self.len())
    }

    fn add(&mut self, name: String) -> Option<&mut dyn ReadJson> {
        let (place, _) = self.insert_full(name, T::blank());
        self.get_index_mut(place).map(|(_, value)| value as &mut dyn ReadJson)
    }

    fn attempt(&mut self, name: String, reader: &mut Reader<'_>) -> Read<()> {
        match reader.attempt() {
            Some(value) => {
                self.insert(name, value);
                Ok(())
            }
            None => reader.skip(),
        }
    }
}

impl Reader<'_> {
    /// Reads a map into an empty one.
    fn map(&mut self, entries: &mut dyn Entries) -> Read<()> {
        let mut object = self.open(Container::Object, "a map")?;
        while let Some(name) = self.next_name(&mut object)? {
            entries.take(self)?;
            if object.is_tag(&name) {
                // The tag of the union around the map need not be one of its values.
                entries.attempt(name.into_owned(), self)?;
            } else if let Some(value) = entries.add(name.into_owned()) {
                value.read(self)?;
            }
        }
        Ok(())
    }
}

impl ReadJson for serde_json::Map<String, Value> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        self.clear();
        let mut object = reader.open(Container::Object, "a map")?;
        while let Some(name) = reader.next_name(&mut object)? {
            reader.entry::<Value>(self.len())?;
            self.insert(name.into_owned(), reader.value()?);
        }
        Ok(())
    }
}
