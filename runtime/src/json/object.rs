//! `object!`: reads and writes a struct as a JSON object, from a table of its properties.
//!
//! Unlike the `serde` derives, a single non-generic function interprets the table, both for reading and for writing, so
//! a struct adds little more than the table to the binary. It keeps unknown properties and states the requirements of
//! each property in one line.

use std::borrow::Cow;

use super::index_set::IndexSet;
use super::read::{Container, Next, Read, ReadJson, Reader, is_same_name};
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

/// The name of a property and whether it must be present.
type Property = (&'static str, Presence);

/// What an object consists of.
#[derive(Debug)]
pub struct Table {
    properties: &'static [Property],
    /// Which of the first 64 properties must be present, a bit each.
    required: u64,
}

impl Table {
    /// Creates the table of these properties.
    pub const fn new(properties: &'static [Property]) -> Self {
        let (mut required, mut bit, mut rest) = (0, 1_u64, properties);
        while let [(_, presence), others @ ..] = rest {
            if matches!(presence, Presence::required) {
                required |= bit;
            }
            bit <<= 1;
            rest = others;
        }
        Self { properties, required }
    }

    /// Returns the index of a property. It is looked for at `likely` first, and after it.
    pub(super) fn find(&self, name: &str, likely: usize) -> Option<usize> {
        let is_it = |(listed, _): &Property| is_same_name(listed.as_bytes(), name.as_bytes());
        let (before, after) = self.properties.split_at_checked(likely).unwrap_or((self.properties, &[]));
        after.iter().position(is_it).map(|place| likely + place).or_else(|| before.iter().position(is_it))
    }

    /// Returns the name of the property with this index.
    #[inline]
    pub(super) fn name(&self, place: usize) -> Option<&'static str> {
        self.properties.get(place).map(|(name, _)| *name)
    }

    /// Returns a required property that has not been read.
    #[inline]
    fn missing(&self, seen: &IndexSet) -> Option<&'static str> {
        if seen.holds_first(self.required) && self.properties.len() <= 64 {
            return None;
        }
        let mut listed = self.properties.iter().enumerate();
        let is_missing =
            |(place, (_, presence)): &(usize, &Property)| *presence == Presence::required && !seen.contains(*place);
        listed.find(is_missing).map(|(_, (name, _))| *name)
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

    /// Removes all properties.
    fn clear(&mut self);

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

    fn clear(&mut self) {}

    fn write(&self, _: &mut Vec<u8>) {}
}

impl Rest for Extra {
    fn read(&mut self, name: Cow<'_, str>, reader: &mut Reader<'_>) -> Read<()> {
        reader.entry::<serde_json::Value>(self.len())?;
        self.insert(name.into_owned(), reader.value()?);
        Ok(())
    }

    fn clear(&mut self) {
        *self = Self::new();
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
        let value = reader.read_value::<T>()?;
        self.insert(name.into_owned(), value);
        Ok(())
    }

    fn clear(&mut self) {
        self.clear();
    }

    fn write(&self, text: &mut Vec<u8>) {
        for (name, value) in self {
            write_name(name, text);
            value.write(text);
        }
    }
}

impl Reader<'_> {
    /// Reads an object into its fields, which are in the order of the table.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not an object, if a value does not fit its field, or if a property is missing.
    pub fn object(
        &mut self,
        expected: &str,
        table: &Table,
        fields: &mut [&mut dyn ReadJson],
        rest: &mut dyn Rest,
    ) -> Read<()> {
        let mut object = self.open(Container::Object, expected)?;
        let is_repeated = self.is_repeated(object.start);
        if is_repeated {
            rest.clear();
        }
        let mut seen = IndexSet::default();
        let mut likely = 0;
        loop {
            // Servers usually send the properties in the order of the table.
            match self.next_of(&mut object, table, likely)? {
                Next::End => break,
                Next::Other(name) => self.unlisted(&object, name, rest)?,
                Next::Listed(place) => {
                    likely = place + 1;
                    if !seen.insert(place) || is_repeated {
                        self.repeat();
                    }
                    if let Some(field) = fields.get_mut(place) {
                        field.read(self)?;
                    }
                }
            }
        }
        if let Some(name) = table.missing(&seen) {
            return self.missing(name, object.start);
        }
        if is_repeated {
            clear_absent(fields, &seen)?;
        }
        Ok(())
    }
}

/// Clears the fields that hold values of an earlier object.
#[cold]
fn clear_absent(fields: &mut [&mut dyn ReadJson], seen: &IndexSet) -> Read<()> {
    for (_, field) in fields.iter_mut().enumerate().filter(|(place, _)| !seen.contains(*place)) {
        field.read(&mut Reader::absent())?;
    }
    Ok(())
}

/// Appends an object whose values are in the order of the table; `None` is left out.
pub fn write_object(table: &Table, values: &[Option<&dyn WriteJson>], rest: &dyn Rest, text: &mut Vec<u8>) {
    text.push(b'{');
    for ((name, _), value) in table.properties.iter().zip(values) {
        if let Some(value) = value {
            write_name(name, text);
            value.write(text);
        }
    }
    rest.write(text);
    text.push(b'}');
}

/// Returns what is written of an `optional` property. Not inlined, like the next two: `write` of each struct would
/// contain it for each of its fields.
#[inline(never)]
pub fn written_optional<T: WriteJson>(field: &Option<T>) -> Option<&dyn WriteJson> {
    match field {
        Some(value) => Some(value),
        None => None,
    }
}

/// Returns what is written of a `nullable` property.
#[inline(never)]
pub fn written_nullable<T: WriteJson>(field: &Option<T>) -> Option<&dyn WriteJson> {
    match field {
        Some(value) => Some(value),
        None => Some(&()),
    }
}

/// Returns what is written of a `field` property.
#[inline(never)]
pub fn written_field<T: WriteJson>(field: &Field<T>) -> Option<&dyn WriteJson> {
    match field {
        Field::Value(value) => Some(value),
        Field::Null => Some(&()),
        Field::Absent => None,
    }
}

/// Returns whether two fields are equal. Not inlined: `eq` of each struct would contain the comparison of each of its
/// fields, and all of that would be stored in the library.
#[inline(never)]
pub fn is_same<T: PartialEq>(left: &T, right: &T) -> bool {
    left == right
}

/// Returns a copy of a field. Not inlined, for the same reason.
#[inline(never)]
pub fn copy<T: Clone>(field: &T) -> T {
    field.clone()
}

/// Implements `Clone`, `PartialEq`, reading and writing for a struct from a table of its properties.
///
/// Each line is `"wireName" => rust_name: presence`, where the presence is `required` (`T`), `nullable` (`Option<T>`,
/// always written), `any` (`Value`, always written), `optional` (`Option<T>`) or `field` ([`Field<T>`](crate::json::Field)). A final line `..name`
/// collects the properties that the table does not list.
///
/// ```
/// use sdk_runtime::json::{Extra, Field};
///
/// #[derive(Debug)]
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
        $($wire:literal => $field:ident: $presence:ident,)*
        $(..$rest:ident)?
    }) => {
        const _: () = {
            const TABLE: &$crate::json::parts::Table =
                &$crate::json::parts::Table::new(&[$(($wire, $crate::json::parts::Presence::$presence),)*]);

            impl $crate::json::ReadJson for $name {
                fn blank() -> Self {
                    Self { $($field: $crate::json::ReadJson::blank(),)* $($rest: ::std::default::Default::default())? }
                }

                fn read(&mut self, reader: &mut $crate::json::Reader<'_>) -> $crate::json::Read<()> {
                    reader.object(
                        concat!("an object (", stringify!($name), ")"),
                        TABLE,
                        &mut [$(&mut self.$field),*],
                        $crate::object!(@rest_mut self $($rest)?),
                    )
                }
            }

            impl ::std::clone::Clone for $name {
                #[inline]
                fn clone(&self) -> Self {
                    Self { $($field: $crate::json::parts::copy(&self.$field),)* $($rest: $crate::json::parts::copy(&self.$rest))? }
                }
            }

            impl ::std::cmp::PartialEq for $name {
                #[inline]
                fn eq(&self, other: &Self) -> bool {
                    $($crate::json::parts::is_same(&self.$field, &other.$field) &&)*
                    $($crate::json::parts::is_same(&self.$rest, &other.$rest) &&)?
                    true
                }
            }

            impl $crate::json::WriteJson for $name {
                fn write(&self, text: &mut ::std::vec::Vec<u8>) {
                    $crate::json::parts::write_object(
                        TABLE,
                        &[$($crate::object!(@written $presence self.$field),)*],
                        $crate::object!(@rest self $($rest)?),
                        text,
                    );
                }
            }
        };

        $crate::formats!($name);
    };

    (@written required $field:expr) => { Some(&$field) };
    (@written any $field:expr) => { Some(&$field) };
    (@written optional $field:expr) => { $crate::json::parts::written_optional(&$field) };
    (@written nullable $field:expr) => { $crate::json::parts::written_nullable(&$field) };
    (@written field $field:expr) => { $crate::json::parts::written_field(&$field) };

    (@rest_mut $self:ident) => { &mut $crate::json::parts::Nowhere };
    (@rest_mut $self:ident $rest:ident) => { &mut $self.$rest };

    (@rest $self:ident) => { &$crate::json::parts::Nowhere };
    (@rest $self:ident $rest:ident) => { &$self.$rest };
}

#[cfg(test)]
mod tests {
    use super::{Nowhere, Presence, ReadJson, Reader, Table};
    use crate::json::{Extra, Field};

    #[derive(Debug)]
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
        "score" => score: required,
        "note" => note: nullable,
        "x:label" => label: optional,
        "state" => state: field,
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

    #[derive(Debug)]
    struct Outer {
        sample: Option<Box<Inner>>,
        inner: Inner,
        list: Vec<Inner>,
        extra: Extra,
    }

    crate::object!(Outer {
        "sample" => sample: optional,
        "inner" => inner: required,
        "list" => list: required,
        ..extra
    });

    #[derive(Debug)]
    struct Inner {
        a: Option<i64>,
        b: Field<i64>,
        deep: Deep,
        extra: Extra,
    }

    crate::object!(Inner {
        "a" => a: optional,
        "b" => b: field,
        "deep" => deep: required,
        ..extra
    });

    #[derive(Debug)]
    struct Deep {
        d: Option<Vec<i64>>,
        extra: Extra,
    }

    crate::object!(Deep {
        "d" => d: optional,
        ..extra
    });

    #[test]
    fn last_value_of_a_repeated_property_replaces_the_others() {
        let rows = [
            (
                r#"{"inner":{"a":1,"deep":{"d":[1],"e":1},"c":2},"list":[{"a":1,"deep":{}}],"list": [],"inner": {"b":null,"deep": {}}}"#,
                r#"{"inner":{"b":null,"deep":{}},"list":[]}"#,
            ),
            (
                r#"{"inner":{"b":1,"deep":{"d":[1]},"deep":{"e":2},"a":2,"a":null},"list":[{"deep":{"d":[1]}},{"deep":{}}]}"#,
                r#"{"inner":{"b":1,"deep":{"e":2}},"list":[{"deep":{"d":[1]}},{"deep":{}}]}"#,
            ),
            (
                r#"{"sample":{"b":1,"deep":{}},"sample": {"a":2,"deep":{}},"inner":{"b":1,"deep":{}},"inner":{"deep":{"d":null}},"list":[]}"#,
                r#"{"sample":{"a":2,"deep":{}},"inner":{"deep":{}},"list":[]}"#,
            ),
        ];
        for (text, expected) in rows {
            let outer: Outer = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&outer).unwrap(), expected);
        }
    }

    #[test]
    fn every_property_of_a_large_object_is_required() {
        let names: Vec<String> = (0..130).map(|place| format!("p{place}")).collect();
        let properties: Vec<(&'static str, Presence)> =
            names.iter().map(|name| (&*name.clone().leak(), Presence::required)).collect();
        let table = Table::new(properties.leak());
        for absent in [0, 63, 64, 65, 127, 128, 129, 130] {
            let present = names.iter().enumerate().filter(|(place, _)| *place != absent);
            let text: Vec<String> = present.map(|(_, name)| format!("\"{name}\":1")).collect();
            let text = format!("{{{}}}", text.join(","));
            let mut fields = vec![0_i64; names.len()];
            let mut fields: Vec<&mut dyn ReadJson> =
                fields.iter_mut().map(|field| field as &mut dyn ReadJson).collect();
            let read = Reader::new(text.as_bytes()).object("an object", &table, &mut fields, &mut Nowhere);
            assert_eq!(read.is_ok(), absent == names.len(), "{absent}");
        }
    }
}
