//! `object!`: reads and writes a struct as a JSON object, from a table of its properties.
//!
//! A table instead of the `serde` derives: it compiles in a fraction of the time, keeps unknown properties without
//! buffering the known ones, and says in one line per property what the document says about it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use serde_json::Value;

use super::{Extra, Field, Map};

/// Name of a property, borrowed from the input where that is possible.
pub struct Key<'de>(Cow<'de, str>);

impl Key<'_> {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name by value.
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the name of a property")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }

            fn visit_string<E>(self, name: String) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name)))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

/// A property that must be there and is not `null`.
pub fn required<T, E: Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

/// A property that must be there and may be `null`.
pub fn nullable<T, E: Error>(slot: Option<Option<T>>, name: &'static str) -> Result<Option<T>, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

/// A property that may be left out; `null` is read as left out.
pub fn optional<T, E: Error>(slot: Option<Option<T>>, _name: &'static str) -> Result<Option<T>, E> {
    Ok(slot.flatten())
}

/// A property that may be left out or `null`, which differ.
pub fn field<T, E: Error>(slot: Option<Field<T>>, _name: &'static str) -> Result<Field<T>, E> {
    Ok(slot.unwrap_or_default())
}

/// Where properties go that the table does not name.
pub trait Collect {
    /// What their values are.
    type Item;

    /// Keeps one.
    fn put(&mut self, name: String, value: Self::Item);
}

impl Collect for Extra {
    type Item = Value;

    fn put(&mut self, name: String, value: Value) {
        self.insert(name, value);
    }
}

impl<T> Collect for Map<T> {
    type Item = T;

    fn put(&mut self, name: String, value: T) {
        self.insert(name, value);
    }
}

/// Keeps a property; a function, so that the type of the collection may become known later.
pub fn put<C: Collect>(collection: &mut C, name: String, value: C::Item) {
    collection.put(name, value);
}

/// Implements `Deserialize` and `Serialize` for a struct from a table of its properties.
///
/// Each line is `"wireName" => rust_name: presence`, where the presence is `required` (`T`), `nullable` (`Option<T>`,
/// must be there), `optional` (`Option<T>`) or `field` ([`Field<T>`](crate::json::Field)). `as number` after it reads and
/// writes numbers as JSON means them. A last line `..name` collects what the table does not name.
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
///     "number" => number: required as number,
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
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: $crate::serde::Deserializer<'de>,
            {
                struct ObjectVisitor;

                impl<'de> $crate::serde::de::Visitor<'de> for ObjectVisitor {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        formatter.write_str(concat!("an object (", stringify!($name), ")"))
                    }

                    fn visit_map<A>(self, mut map: A) -> ::std::result::Result<$name, A::Error>
                    where
                        A: $crate::serde::de::MapAccess<'de>,
                    {
                        $(let mut $field = None;)*
                        $(let mut $rest = ::std::default::Default::default();)?
                        while let Some(key) = map.next_key::<$crate::json::parts::Key<'de>>()? {
                            match key.as_str() {
                                $($wire => $field = Some($crate::object!(@read map $($via)?)),)*
                                _ => $crate::object!(@rest map key $($rest $($rest_via)?)?),
                            }
                        }
                        Ok($name {
                            $($field: $crate::json::parts::$presence($field, $wire)?,)*
                            $($rest,)?
                        })
                    }
                }

                deserializer.deserialize_map(ObjectVisitor)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error>
            where
                S: $crate::serde::Serializer,
            {
                #[allow(unused_imports, reason = "an object without properties writes no entry")]
                use $crate::serde::ser::SerializeMap as _;
                #[allow(unused_mut, reason = "an object without properties writes no entry")]
                let mut map = serializer.serialize_map(None)?;
                $($crate::object!(@write $presence map, $wire, self.$field, $($via)?);)*
                $(for (name, value) in self.$rest.iter() {
                    $crate::object!(@entry map, name, value, $($rest_via)?);
                })?
                map.end()
            }
        }
    };

    (@read $map:ident) => { $map.next_value()? };
    (@read $map:ident number) => { $map.next_value_seed($crate::json::parts::NumberSeed::new())? };

    (@rest $map:ident $key:ident) => {{
        $map.next_value::<$crate::serde::de::IgnoredAny>()?;
    }};
    (@rest $map:ident $key:ident $rest:ident $($via:ident)?) => {{
        $crate::json::parts::put(&mut $rest, $key.into_string(), $crate::object!(@read $map $($via)?));
    }};

    (@write required $map:ident, $wire:literal, $value:expr, $($via:ident)?) => {
        $crate::object!(@entry $map, $wire, &$value, $($via)?)
    };
    (@write nullable $map:ident, $wire:literal, $value:expr, $($via:ident)?) => {
        $crate::object!(@entry $map, $wire, &$value, $($via)?)
    };
    (@write optional $map:ident, $wire:literal, $value:expr, $($via:ident)?) => {
        if let Some(value) = &$value {
            $crate::object!(@entry $map, $wire, value, $($via)?);
        }
    };
    (@write field $map:ident, $wire:literal, $value:expr, $($via:ident)?) => {
        match &$value {
            $crate::json::Field::Absent => {}
            $crate::json::Field::Null => $map.serialize_entry($wire, &())?,
            $crate::json::Field::Value(value) => $crate::object!(@entry $map, $wire, value, $($via)?),
        }
    };

    (@entry $map:ident, $name:expr, $value:expr,) => { $map.serialize_entry($name, $value)? };
    (@entry $map:ident, $name:expr, $value:expr, number) => {
        $map.serialize_entry($name, &$crate::json::parts::NumberRef($value))?
    };
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
