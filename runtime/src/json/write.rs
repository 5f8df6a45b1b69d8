//! The JSON writer: appends to a buffer, so that the code that writes a type is compiled once.
//!
//! Strings and numbers are written as `serde_json` writes them, without white space. It must not know any type that is
//! written.

use serde_json::Value;

use super::into_object::{NOT_JSON, value_in_place_of_object};
use super::number::whole;
use super::read::first_special;
use super::{Constant, Field, Map, Sensitive, Timestamp};

/// A type that can be written as JSON.
pub trait WriteJson {
    /// Appends the value.
    fn write(&self, text: &mut Vec<u8>);
}

/// Returns a value as JSON.
pub fn to_bytes<T: WriteJson + ?Sized>(value: &T) -> Vec<u8> {
    let mut text = Vec::new();
    value.write(&mut text);
    text
}

/// Returns a value as a JSON string.
pub fn to_text<T: WriteJson + ?Sized>(value: &T) -> String {
    String::from_utf8(to_bytes(value)).unwrap_or_default()
}

/// Appends a string.
pub(super) fn write_string(string: &str, text: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let bytes = string.as_bytes();
    let mut start = 0;
    text.reserve(bytes.len() + 2);
    text.push(b'"');
    loop {
        let end = first_special(bytes, start);
        text.extend_from_slice(bytes.get(start..end).unwrap_or_default());
        match bytes.get(end) {
            None => break,
            Some(byte @ (b'"' | b'\\')) => text.extend_from_slice(&[b'\\', *byte]),
            Some(0x08) => text.extend_from_slice(b"\\b"),
            Some(0x0c) => text.extend_from_slice(b"\\f"),
            Some(b'\n') => text.extend_from_slice(b"\\n"),
            Some(b'\r') => text.extend_from_slice(b"\\r"),
            Some(b'\t') => text.extend_from_slice(b"\\t"),
            Some(byte) => {
                let digits = [byte >> 4, byte & 15].map(|digit| HEX.get(usize::from(digit)).copied().unwrap_or(b'0'));
                text.extend_from_slice(b"\\u00");
                text.extend_from_slice(&digits);
            }
        }
        start = end + 1;
    }
    text.push(b'"');
}

/// Appends an integer.
fn write_integer(negative: bool, mut magnitude: u64, text: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut first = digits.len();
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + (magnitude % 10) as u8;
        first = place;
        magnitude /= 10;
        if magnitude == 0 {
            break;
        }
    }
    if negative {
        text.push(b'-');
    }
    text.extend_from_slice(digits.get(first..).unwrap_or_default());
}

/// Appends a name and a colon, preceded by a comma unless the name is the first.
pub(super) fn write_name(name: &str, text: &mut Vec<u8>) {
    separate(b'{', text);
    write_string(name, text);
    text.push(b':');
}

/// Appends a comma, unless a container has just been opened.
fn separate(opening: u8, text: &mut Vec<u8>) {
    if text.last() != Some(&opening) {
        text.push(b',');
    }
}

impl WriteJson for str {
    fn write(&self, text: &mut Vec<u8>) {
        write_string(self, text);
    }
}

impl WriteJson for String {
    fn write(&self, text: &mut Vec<u8>) {
        write_string(self, text);
    }
}

impl WriteJson for Constant {
    fn write(&self, text: &mut Vec<u8>) {
        write_string(self.as_str(), text);
    }
}

impl WriteJson for Timestamp {
    fn write(&self, text: &mut Vec<u8>) {
        write_string(self.as_str(), text);
    }
}

impl WriteJson for bool {
    fn write(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl WriteJson for () {
    fn write(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(b"null");
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl WriteJson for $type {
            fn write(&self, text: &mut Vec<u8>) {
                let number = i128::from(*self);
                write_integer(number < 0, number.unsigned_abs() as u64, text);
            }
        }
    )*};
}

integers!(i32, i64, u32, u64);

impl WriteJson for i128 {
    fn write(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(self.to_string().as_bytes());
    }
}

macro_rules! tuples {
    ($($first:ident $($item:ident)+;)+) => {$(
        #[allow(non_snake_case, reason = "the items are called like their types")]
        impl<$first: WriteJson, $($item: WriteJson),+> WriteJson for ($first, $($item),+) {
            fn write(&self, text: &mut Vec<u8>) {
                let ($first, $($item),+) = self;
                text.push(b'[');
                $first.write(text);
                $(
                    text.push(b',');
                    $item.write(text);
                )+
                text.push(b']');
            }
        }
    )+};
}

tuples! {
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
    A B C D E F G H I;
    A B C D E F G H I J;
    A B C D E F G H I J K;
    A B C D E F G H I J K L;
}

impl WriteJson for f64 {
    fn write(&self, text: &mut Vec<u8>) {
        match whole(*self) {
            Some(whole) => whole.write(text),
            // Writing into memory cannot fail.
            None => drop(serde_json::to_writer(text, self)),
        }
    }
}

impl<T: WriteJson + ?Sized> WriteJson for &T {
    fn write(&self, text: &mut Vec<u8>) {
        (**self).write(text);
    }
}

impl<T: WriteJson> WriteJson for Box<T> {
    fn write(&self, text: &mut Vec<u8>) {
        (**self).write(text);
    }
}

impl<T: WriteJson> WriteJson for Sensitive<T> {
    fn write(&self, text: &mut Vec<u8>) {
        (**self).write(text);
    }
}

impl<T: WriteJson> WriteJson for Option<T> {
    fn write(&self, text: &mut Vec<u8>) {
        match self {
            Some(value) => value.write(text),
            None => ().write(text),
        }
    }
}

impl<T: WriteJson> WriteJson for Field<T> {
    fn write(&self, text: &mut Vec<u8>) {
        match self {
            Self::Value(value) => value.write(text),
            Self::Absent | Self::Null => ().write(text),
        }
    }
}

impl<T: WriteJson> WriteJson for [T] {
    fn write(&self, text: &mut Vec<u8>) {
        text.push(b'[');
        for item in self {
            separate(b'[', text);
            item.write(text);
        }
        text.push(b']');
    }
}

impl<T: WriteJson> WriteJson for Vec<T> {
    fn write(&self, text: &mut Vec<u8>) {
        self.as_slice().write(text);
    }
}

impl<T: WriteJson> WriteJson for Map<T> {
    fn write(&self, text: &mut Vec<u8>) {
        if let Some(value) = value_in_place_of_object(self) {
            text.push(NOT_JSON);
            return value.write(text);
        }
        text.push(b'{');
        for (name, value) in self {
            write_name(name, text);
            value.write(text);
        }
        text.push(b'}');
    }
}

impl WriteJson for serde_json::Map<String, Value> {
    fn write(&self, text: &mut Vec<u8>) {
        text.push(b'{');
        for (name, value) in self {
            write_name(name, text);
            value.write(text);
        }
        text.push(b'}');
    }
}

impl WriteJson for Value {
    fn write(&self, text: &mut Vec<u8>) {
        match self {
            Self::Null => ().write(text),
            Self::Bool(value) => value.write(text),
            Self::Number(number) => drop(serde_json::to_writer(text, number)),
            Self::String(string) => write_string(string, text),
            Self::Array(items) => items.write(text),
            Self::Object(map) => map.write(text),
        }
    }
}
