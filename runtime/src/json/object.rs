//! `object!`: reads and writes a struct as a JSON object, from a table of its properties.
//!
//! Unlike the `serde` derives, a single non-generic function interprets the table, both for reading and for writing, so
//! a struct adds little more than the table to the binary. It keeps unknown properties and states the requirements of
//! each property in one line.

use std::borrow::Cow;

use serde_json::Value;

use super::read::{Container, Failed, Next, Read, ReadJson, Reader};
use super::write::{WriteJson, write_name};
use super::{Extra, Field, Map};

/// Whether a property may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(non_camel_case_types, reason = "the table of an object names them")]
pub enum Presence {
    /// Must be present and not `null`.
    required,
    /// Must be present in what is written, may be `null`; if it is missing, it is read as `null`.
    nullable,
    /// Must be present in what is written, may be any JSON; if it is missing, it is read as `null`.
    any,
    /// May be absent; `null` is read as absent.
    optional,
    /// May be absent or `null`, which are distinguished.
    field,
}

impl Presence {
    fn may_be_left_out(self) -> bool {
        match self {
            Self::required | Self::nullable | Self::any => false,
            Self::optional | Self::field => true,
        }
    }
}

/// The name of a property and whether it must be present.
pub type Property = (&'static str, Presence);

/// Initial values of slots before an object is read, named after the presence of their property.
pub mod slot {
    use serde_json::Value;

    use super::Field;

    /// Empty.
    pub const fn required<T>() -> Option<T> {
        None
    }

    /// `null`, which a missing property means.
    pub const fn nullable<T>() -> Option<Option<T>> {
        Some(None)
    }

    /// `null`, which a missing property means.
    pub const fn any() -> Option<Value> {
        Some(Value::Null)
    }

    /// The value of an absent property.
    pub const fn optional<T>() -> Option<Option<T>> {
        Some(None)
    }

    /// The value of an absent property.
    pub const fn field<T>() -> Option<Field<T>> {
        Some(Field::Absent)
    }
}

/// Holds the value of a property while the object is read. If a property is repeated, the last value is used.
pub trait Slot {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// See [`ReadJson::read`].
    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()>;

    /// Returns whether there is no value.
    fn is_empty(&self) -> bool;
}

impl<T: ReadJson> Slot for Option<T> {
    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        *self = Some(T::read(reader)?);
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.is_none()
    }
}

/// Holds the properties that the table does not list.
pub trait Rest {
    /// Reads the value of an unlisted property.
    ///
    /// # Errors
    ///
    /// See [`ReadJson::read`].
    fn read(&mut self, name: Cow<'_, str>, reader: &mut Reader<'_>) -> Read<()>;

    /// Appends all unlisted properties to the object being written.
    fn write(&self, text: &mut Vec<u8>);
}

/// Discards the properties that the table does not list.
#[derive(Debug, Default)]
pub struct Nowhere;

impl Rest for Nowhere {
    fn read(&mut self, _: Cow<'_, str>, reader: &mut Reader<'_>) -> Read<()> {
        reader.skip()
    }

    fn write(&self, _: &mut Vec<u8>) {}
}

impl Rest for Extra {
    fn read(&mut self, name: Cow<'_, str>, reader: &mut Reader<'_>) -> Read<()> {
        reader.entry::<Value>(self.len())?;
        let value = Value::read(reader)?;
        self.insert(name.into_owned(), value);
        Ok(())
    }

    fn write(&self, text: &mut Vec<u8>) {
        for (name, value) in self.iter() {
            write_name(name, text);
            value.write(text);
        }
    }
}

impl<T: ReadJson + WriteJson> Rest for Map<T> {
    fn read(&mut self, name: Cow<'_, str>, reader: &mut Reader<'_>) -> Read<()> {
        reader.entry::<T>(self.len())?;
        let value = T::read(reader)?;
        self.insert(name.into_owned(), value);
        Ok(())
    }

    fn write(&self, text: &mut Vec<u8>) {
        for (name, value) in self {
            write_name(name, text);
            value.write(text);
        }
    }
}

impl Reader<'_> {
    /// Reads an object into slots, which are in the order of the table.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not an object, if a value does not fit its slot, or if a property is missing.
    pub fn object(
        &mut self,
        expected: &str,
        table: &[Property],
        slots: &mut [&mut dyn Slot],
        rest: &mut dyn Rest,
    ) -> Read<()> {
        let mut object = self.open(Container::Object, expected)?;
        let mut likely = 0;
        loop {
            // Servers usually send the properties in the order of the table.
            match self.next_of(&mut object, table, likely)? {
                Next::End => break,
                Next::Other(name) => rest.read(name, self)?,
                Next::Listed(place) => {
                    likely = place + 1;
                    if let Some(slot) = slots.get_mut(place) {
                        slot.read(self)?;
                    }
                }
            }
        }
        match table.iter().zip(slots).find(|(_, slot)| slot.is_empty()) {
            Some(((name, _), _)) => self.missing(name, object.start),
            None => Ok(()),
        }
    }
}

/// Appends an object whose values are in the order of the table.
pub fn write_object(table: &[Property], values: &[&dyn WriteJson], rest: &dyn Rest, text: &mut Vec<u8>) {
    text.push(b'{');
    for ((name, presence), value) in table.iter().zip(values) {
        if !(presence.may_be_left_out() && value.is_left_out()) {
            write_name(name, text);
            value.write(text);
        }
    }
    rest.write(text);
    text.push(b'}');
}

/// Returns the error for an object that was read successfully but has empty slots, which does not occur.
pub const fn unfilled<T>() -> Read<T> {
    Err(Failed)
}

/// Implements reading and writing for a struct from a table of its properties.
///
/// Each line is `"wireName" => rust_name: presence`, where the presence is `required` (`T`), `nullable` (`Option<T>`,
/// always written), `any` ([`Value`], always written), `optional` (`Option<T>`) or `field` ([`Field<T>`](crate::json::Field)). A final line `..name`
/// collects the properties that the table does not list.
///
/// ```
/// use sdk_runtime::json::{Extra, Field};
///
/// #[derive(Debug, PartialEq)]
/// struct Page {
///     number: i64,
///     label: Field<String>,
///     extra: Extra,
/// }
///
/// sdk_runtime::object!(Page {
///     "number" => number: required,
///     "label" => label: field,
///     ..extra
/// });
///
/// let text = r#"{"number":1,"label":null,"new":true}"#;
/// let page: Page = serde_json::from_str(text).unwrap();
/// assert_eq!(page.label, Field::Null);
/// assert_eq!(serde_json::to_string(&page).unwrap(), text);
/// ```
#[macro_export]
macro_rules! object {
    ($name:ident {
        $($wire:literal => $field:ident: $presence:ident $(as $via:ident)?,)*
        $(..$rest:ident $(as $rest_via:ident)?)?
    }) => {
        const _: () = {
            const TABLE: &[$crate::json::parts::Property] =
                &[$(($wire, $crate::json::parts::Presence::$presence),)*];

            impl $crate::json::ReadJson for $name {
                fn read(reader: &mut $crate::json::Reader<'_>) -> $crate::json::Read<Self> {
                    #[allow(unused_mut, reason = "an object may have no named property")]
                    let mut slots = ($($crate::json::parts::slot::$presence(),)*);
                    $crate::object!(@let rest $($rest)?);
                    let ($($field,)*) = &mut slots;
                    reader.object(
                        concat!("an object (", stringify!($name), ")"),
                        TABLE,
                        &mut [$($field,)*],
                        &mut rest,
                    )?;
                    match slots {
                        ($(Some($field),)*) => Ok(Self { $($field,)* $($rest: rest)? }),
                        #[allow(unreachable_patterns, reason = "an object may have no named property")]
                        _ => $crate::json::parts::unfilled(),
                    }
                }
            }

            impl $crate::json::WriteJson for $name {
                fn write(&self, text: &mut ::std::vec::Vec<u8>) {
                    $crate::json::parts::write_object(
                        TABLE,
                        &[$(&self.$field,)*],
                        $crate::object!(@rest self $($rest)?),
                        text,
                    );
                }
            }
        };

        $crate::formats!($name);
    };

    (@let $slot:ident) => { let mut $slot = $crate::json::parts::Nowhere; };
    (@let $slot:ident $rest:ident) => { let mut $slot = ::std::default::Default::default(); };

    (@rest $self:ident) => { &$crate::json::parts::Nowhere };
    (@rest $self:ident $rest:ident) => { &$self.$rest };
}

#[cfg(test)]
mod tests {
    use crate::json::{Extra, Field};

    #[derive(Debug, PartialEq)]
    struct Sample {
        id: String,
        score: f64,
        note: Option<String>,
        label: Option<String>,
        state: Field<i64>,
        extra: Extra,
    }

    crate::object!(Sample {
        "id" => id: required,
        "score" => score: required as number,
        "note" => note: nullable,
        "x:label" => label: optional,
        "state" => state: field as number,
        ..extra
    });

    #[test]
    fn objects_round_trip_or_say_what_is_missing() {
        let cases = [
            (r#"{"id":"a","score":1,"note":null}"#, Ok(r#"{"id":"a","score":1,"note":null}"#)),
            (
                r#"{"new":[1],"id":"a","score":0.5,"note":"n","x:label":"l","state":null}"#,
                Ok(r#"{"id":"a","score":0.5,"note":"n","x:label":"l","state":null,"new":[1]}"#),
            ),
            (r#"{"id":"a","score":1,"note":null,"x:label":null}"#, Ok(r#"{"id":"a","score":1,"note":null}"#)),
            (r#"{"id":"a","score":1,"note":null,"state":2.0}"#, Ok(r#"{"id":"a","score":1,"note":null,"state":2}"#)),
            (r#"{"i\u0064":"a","score":1,"note":null}"#, Ok(r#"{"id":"a","score":1,"note":null}"#)),
            (r#"{"id":"a","score":1}"#, Ok(r#"{"id":"a","score":1,"note":null}"#)),
            (r#"{"score":1,"note":null}"#, Err("missing field `id`")),
            (r#"{"id":null,"score":1,"note":null}"#, Err("invalid type: null, expected a string")),
            (r#"[]"#, Err("invalid type: sequence, expected an object (Sample)")),
        ];
        for (text, expected) in cases {
            let written = serde_json::from_str::<Sample>(text)
                .map(|sample| serde_json::to_string(&sample).unwrap())
                .map_err(|error| error.to_string());
            match expected {
                Ok(expected) => assert_eq!(written.as_deref(), Ok(expected), "{text}"),
                Err(expected) => {
                    assert!(written.as_ref().is_err_and(|error| error.starts_with(expected)), "{written:?}")
                }
            }
        }
    }
}
