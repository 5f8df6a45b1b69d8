//! `object!`: reads and writes a struct as a JSON object, from a table of its properties.
//!
//! A table instead of the `serde` derives: one function that is not generic goes through it, for reading and for writing, so a
//! struct adds hardly more than the table to the program. It keeps unknown properties and says in one line per property
//! what the document says about it.

use std::borrow::Cow;

use serde_json::Value;

use super::read::{Container, Failed, Next, Read, ReadJson, Reader};
use super::write::{WriteJson, write_name};
use super::{Extra, Field, Map};

/// Whether a property may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(non_camel_case_types, reason = "the table of an object names them")]
pub enum Presence {
    /// There, and not `null`.
    required,
    /// There.
    nullable,
    /// May be left out; `null` is read as left out.
    optional,
    /// May be left out or `null`, which differ.
    field,
}

impl Presence {
    fn may_be_left_out(self) -> bool {
        match self {
            Self::required | Self::nullable => false,
            Self::optional | Self::field => true,
        }
    }
}

/// The name of a property and whether it has to be there.
pub type Property = (&'static str, Presence);

/// Slots as they are before an object is read, named after the presence of their property.
pub mod slot {
    use super::Field;

    /// Empty.
    pub const fn required<T>() -> Option<T> {
        None
    }

    /// Empty.
    pub const fn nullable<T>() -> Option<Option<T>> {
        None
    }

    /// With the value of a property that is left out.
    pub const fn optional<T>() -> Option<Option<T>> {
        Some(None)
    }

    /// With the value of a property that is left out.
    pub const fn field<T>() -> Option<Field<T>> {
        Some(Field::Absent)
    }
}

/// Where the value of a property goes while the object is read. Of a property that is there twice the last value counts.
pub trait Slot {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// As [`ReadJson::read`].
    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()>;

    /// Whether there is no value.
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

/// Where properties go that the table does not name.
pub trait Rest {
    /// Reads the value of one.
    ///
    /// # Errors
    ///
    /// As [`ReadJson::read`].
    fn read(&mut self, name: Cow<'_, str>, reader: &mut Reader<'_>) -> Read<()>;

    /// Appends all of them to the object that is being written.
    fn write(&self, text: &mut Vec<u8>);
}

/// The properties that the table does not name are not kept.
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
    /// Reads an object into slots, which stand in the order of the table.
    ///
    /// # Errors
    ///
    /// The value is not an object, a value does not fit its slot, or a property is missing.
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
            // Servers mostly send the properties in the order of the table.
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

/// Appends an object whose values stand in the order of the table.
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

/// The error of an object whose slots are not full, after it was read without one; it does not occur.
pub const fn unfilled<T>() -> Read<T> {
    Err(Failed)
}

/// Implements reading and writing for a struct from a table of its properties.
///
/// Each line is `"wireName" => rust_name: presence`, where the presence is `required` (`T`), `nullable` (`Option<T>`,
/// must be there), `optional` (`Option<T>`) or `field` ([`Field<T>`](crate::json::Field)). A last line `..name` collects what the
/// table does not name.
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
            (r#"{"score":1,"note":null}"#, Err("missing field `id`")),
            (r#"{"id":"a","score":1}"#, Err("missing field `note`")),
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
