//! Reads and writes our types in any `serde` format, by way of JSON text.
//!
//! Reading and writing a type is compiled once, for JSON text. Other formats are converted to or from that text by code
//! that depends on the format only, so formats that a program does not use are not compiled. `serde_json` passes its
//! text through unchanged.
//!
//! It must not know any of the types.

use std::any::type_name;
use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::read::{Failed, Problem, ReadJson, Reader, path_at, read_text};
use super::write::{WriteJson, to_text, write_name, write_string};

/// Implements `serde`'s traits for a type that is read from and written as JSON text.
#[doc(hidden)]
#[macro_export]
macro_rules! formats {
    ($name:ident) => {
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
            where
                __D: $crate::serde::Deserializer<'de>,
            {
                $crate::json::parts::deserialize(deserializer)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error>
            where
                __S: $crate::serde::Serializer,
            {
                $crate::json::parts::serialize(self, serializer)
            }
        }
    };
}

/// Name by which [`Whole`] requests the raw text.
const WHOLE: &str = "sdk_runtime::json::Whole";

thread_local! {
    /// The last failure of [`deserialize`], for [`Whole`]: a `serde` error can carry only a message.
    static FAILURE: RefCell<Option<Failure>> = const { RefCell::new(None) };
}

/// Why one of our types could not be read.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) path: String,
    pub(crate) problem: Box<Problem>,
    /// Memory address of the beginning of the value's text.
    address: usize,
}

impl Failure {
    /// Returns the message for an error of another format.
    fn message(&self) -> String {
        match self.path.as_str() {
            "" => self.problem.message.clone(),
            path => format!("{} in `{path}`", self.problem.message),
        }
    }

    /// Returns the last failure on this thread, if the error was caused by it.
    pub(crate) fn behind(error: &serde_json::Error) -> Option<Self> {
        let failure = FAILURE.take()?;
        error.to_string().starts_with(&failure.message()).then_some(failure)
    }

    /// Returns the offset of the value in a text, if it was read from that text.
    pub(crate) fn start_in(&self, text: &[u8]) -> Option<usize> {
        self.address.checked_sub(text.as_ptr().addr()).filter(|start| *start < text.len())
    }
}

/// Reads a value from any format.
///
/// # Errors
///
/// Returns an error if the value does not fit the type; the message ends with the JSON path.
pub fn deserialize<'de, T: ReadJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = text_of(deserializer)?;
    read_text(&text).map_err(|problem| failed(&text, problem))
}

#[cold]
fn failed<E: de::Error>(text: &[u8], problem: Box<Problem>) -> E {
    let failure = Failure { path: path_at(text, problem.value), problem, address: text.as_ptr().addr() };
    let error = E::custom(failure.message());
    FAILURE.set(Some(failure));
    error
}

/// Returns a value of any format as JSON text.
fn text_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'de, [u8]>, D::Error> {
    // If the name is not recognized, the only cost is time.
    let name = type_name::<D>();
    if name == type_name::<Whole<'de>>() {
        return deserializer.deserialize_newtype_struct(WHOLE, TextVisitor);
    }
    if name.starts_with("&mut serde_json::de::Deserializer<serde_json::read::S") {
        let raw = <&RawValue>::deserialize(deserializer)?;
        return Ok(Cow::Borrowed(raw.get().as_bytes()));
    }
    if ["serde_json::value::Value", "&serde_json::value::Value"].contains(&name) {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        return Ok(Cow::Owned(Box::<str>::from(raw).into_string().into_bytes()));
    }
    let mut text = Vec::new();
    Transcode(&mut text).deserialize(deserializer)?;
    Ok(Cow::Owned(text))
}

/// Accepts JSON text.
struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, [u8]>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON text")
    }

    fn visit_borrowed_bytes<E>(self, text: &'de [u8]) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }
}

/// A complete JSON text: our types receive it unchanged, all others are read by `serde_json`.
pub(crate) struct Whole<'de>(pub(crate) &'de [u8]);

/// Reads the text with `serde_json`, to its end.
macro_rules! with_serde_json {
    ($($function:ident($($argument:ident: $type:ty),*))*) => {$(
        fn $function<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Self::Error> {
            let mut deserializer = serde_json::Deserializer::from_slice(self.0);
            let value = deserializer.$function($($argument,)* visitor)?;
            deserializer.end().map(|()| value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Whole<'de> {
    type Error = serde_json::Error;

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if name == WHOLE {
            return visitor.visit_borrowed_bytes(self.0);
        }
        let mut deserializer = serde_json::Deserializer::from_slice(self.0);
        let value = deserializer.deserialize_newtype_struct(name, visitor)?;
        deserializer.end().map(|()| value)
    }

    with_serde_json! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_char() deserialize_str() deserialize_string() deserialize_bytes()
        deserialize_byte_buf() deserialize_option() deserialize_unit() deserialize_unit_struct(name: &'static str)
        deserialize_seq() deserialize_tuple(length: usize) deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_map() deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str]) deserialize_identifier()
        deserialize_ignored_any()
    }
}

/// Appends what it reads as JSON.
struct Transcode<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Transcode<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Appends a property name.
struct TranscodeName<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for TranscodeName<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for TranscodeName<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a property")
    }

    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        write_name(name, self.0);
        Ok(())
    }
}

impl<'de> Visitor<'de> for Transcode<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value that JSON can hold")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        value.write(self.0);
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        number.write(self.0);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        number.write(self.0);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        // Not the way we write numbers, because a fraction must be preserved.
        Value::from(number).write(self.0);
        Ok(())
    }

    fn visit_str<E>(self, string: &str) -> Result<(), E> {
        write_string(string, self.0);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        ().write(self.0);
        Ok(())
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.push(b'[');
        let mut is_first = true;
        loop {
            let length = self.0.len();
            if !std::mem::take(&mut is_first) {
                self.0.push(b',');
            }
            if list.next_element_seed(Transcode(self.0))?.is_none() {
                self.0.truncate(length);
                self.0.push(b']');
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.push(b'{');
        while map.next_key_seed(TranscodeName(self.0))?.is_some() {
            map.next_value_seed(Transcode(self.0))?;
        }
        self.0.push(b'}');
        Ok(())
    }
}

/// Writes a value in any format.
///
/// # Errors
///
/// Returns an error if the format cannot represent the value.
pub fn serialize<T: WriteJson + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    written(to_text(value), serializer)
}

/// Returns whether a type is the serializer of `serde_json` without white space. The name of a type leaves out
/// arguments that are the default.
fn is_compact(name: &str) -> bool {
    let arguments = name.strip_prefix("&mut serde_json::ser::Serializer<").and_then(|rest| rest.strip_suffix('>'));
    let Some(arguments) = arguments else { return false };
    let mut depth = 0_i32;
    let is_separator = |byte: u8| {
        match byte {
            b'<' | b'(' | b'[' => depth += 1,
            b'>' | b')' | b']' => depth -= 1,
            _ => {}
        }
        byte == b',' && depth == 0
    };
    arguments.ends_with("serde_json::ser::CompactFormatter") || !arguments.bytes().any(is_separator)
}

fn written<S: Serializer>(text: String, serializer: S) -> Result<S::Ok, S::Error> {
    // If the name is not recognized, the only cost is time.
    if is_compact(type_name::<S>()) {
        return RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer);
    }
    // Text that we wrote ourselves is read at any depth.
    match Reader::unbounded(text.as_bytes()).value() {
        Ok(value) => value.serialize(serializer),
        Err(Failed) => Err(S::Error::custom("the value has no JSON form")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serializer_that_keeps_text_is_recognized() {
        let compact =
            |formatter: &str| format!("&mut serde_json::ser::Serializer<&mut alloc::vec::Vec<(u8, u8)>{formatter}>");
        assert!(is_compact(&compact("")) && is_compact(&compact(", serde_json::ser::CompactFormatter")));
        assert!(is_compact(type_name::<&mut serde_json::Serializer<&mut Vec<u8>>>()));
        assert!(!is_compact(&compact(", serde_json::ser::PrettyFormatter")));
        assert!(!is_compact("serde_json::value::ser::Serializer"));
    }
}
