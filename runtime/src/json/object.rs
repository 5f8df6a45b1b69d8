//! `object!`: reads and writes a struct as a JSON object, from a table of its properties.
//!
//! A table instead of the `serde` derives: it compiles in a fraction of the time, keeps unknown properties without
//! buffering the known ones, and says in one line per property what the document says about it.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::number::{NumberSeed, Numeric};
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

/// Reads the properties of an object. The first error ends the reading and is kept, so that the code of each struct has no
/// branch of its own for it: that is what makes the tables cheap to compile.
pub struct Reader<'de, A: MapAccess<'de>> {
    map: A,
    error: Option<A::Error>,
    input: PhantomData<&'de ()>,
}

impl<'de, A: MapAccess<'de>> Reader<'de, A> {
    /// A reader of the properties of `map`.
    pub fn new(map: A) -> Self {
        Self { map, error: None, input: PhantomData }
    }

    /// The name of the next property; `None` at the end and after an error.
    #[expect(clippy::should_implement_trait, reason = "the values are read between two names")]
    pub fn next(&mut self) -> Option<Key<'de>> {
        if self.error.is_some() {
            return None;
        }
        self.map.next_key().unwrap_or_else(|error| {
            self.error = Some(error);
            None
        })
    }

    /// Reads the value of a property.
    pub fn value<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        match self.map.next_value() {
            Ok(value) => *slot = Some(value),
            Err(error) => self.error = Some(error),
        }
    }

    /// Reads the value of a property, numbers as JSON means them.
    pub fn number<T: Numeric>(&mut self, slot: &mut Option<T>) {
        match self.map.next_value_seed(NumberSeed::new()) {
            Ok(value) => *slot = Some(value),
            Err(error) => self.error = Some(error),
        }
    }

    /// Reads over the value of a property.
    pub fn skip(&mut self) {
        let mut slot = None;
        self.value::<IgnoredAny>(&mut slot);
    }

    /// Keeps a property that the table does not name.
    pub fn keep<C: Collect>(&mut self, collection: &mut C, key: Key<'de>)
    where
        C::Item: Deserialize<'de>,
    {
        let mut slot = None;
        self.value(&mut slot);
        if let Some(value) = slot {
            collection.put(key.into_string(), value);
        }
    }

    /// As [`keep`](Self::keep), numbers as JSON means them.
    pub fn keep_number<C: Collect>(&mut self, collection: &mut C, key: Key<'de>)
    where
        C::Item: Numeric,
    {
        let mut slot = None;
        self.number(&mut slot);
        if let Some(value) = slot {
            collection.put(key.into_string(), value);
        }
    }

    /// The error that ended the reading.
    pub fn error(&mut self) -> Option<A::Error> {
        self.error.take()
    }
}

/// An optional property; `null` is read as left out.
pub fn flat<T>(slot: Option<Option<T>>) -> Option<T> {
    slot.flatten()
}

/// A property that may be left out or `null`, which differ.
pub fn state<T>(slot: Option<Field<T>>) -> Field<T> {
    slot.unwrap_or_default()
}

/// A property that the document requires is not there.
pub fn missing<E: de::Error>(name: &'static str) -> E {
    E::missing_field(name)
}

/// Writes the properties of an object; the first error is kept until the end, as in [`Reader`].
pub struct Writer<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> Writer<S> {
    /// A writer into `serializer`.
    pub fn new(serializer: S) -> Self {
        Self(serializer.serialize_map(None))
    }

    /// Writes a property.
    pub fn required<T: Serialize>(&mut self, name: &str, value: &T) {
        if let Ok(map) = &mut self.0
            && let Err(error) = map.serialize_entry(name, value)
        {
            self.0 = Err(error);
        }
    }

    /// Writes a property that may be `null`.
    pub fn nullable<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        self.required(name, value);
    }

    /// Writes a property when it is there.
    pub fn optional<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    /// Writes a property when it is there; it may be `null`.
    pub fn field<T: Serialize>(&mut self, name: &str, value: &Field<T>) {
        match value {
            Field::Absent => {}
            Field::Null => self.required(name, &()),
            Field::Value(value) => self.required(name, value),
        }
    }

    /// Ends the object.
    pub fn finish(self) -> Result<S::Ok, S::Error> {
        self.0.and_then(SerializeMap::end)
    }
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
            fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
            where
                __D: $crate::serde::Deserializer<'de>,
            {
                struct __ObjectVisitor;

                impl<'de> $crate::serde::de::Visitor<'de> for __ObjectVisitor {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        formatter.write_str(concat!("an object (", stringify!($name), ")"))
                    }

                    fn visit_map<__A>(self, map: __A) -> ::std::result::Result<$name, __A::Error>
                    where
                        __A: $crate::serde::de::MapAccess<'de>,
                    {
                        let mut reader = $crate::json::parts::Reader::new(map);
                        $(let mut $field = None;)*
                        $(let mut $rest = ::std::default::Default::default();)?
                        while let Some(key) = reader.next() {
                            match key.as_str() {
                                $($wire => $crate::object!(@read reader $field $($via)?),)*
                                _ => $crate::object!(@rest reader key $($rest $($rest_via)?)?),
                            }
                        }
                        if let Some(error) = reader.error() {
                            return Err(error);
                        }
                        Ok($name {
                            $($field: $crate::object!(@take $presence $field $wire),)*
                            $($rest,)?
                        })
                    }
                }

                deserializer.deserialize_map(__ObjectVisitor)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error>
            where
                __S: $crate::serde::Serializer,
            {
                #[allow(unused_mut, reason = "an object without properties writes no entry")]
                let mut writer = $crate::json::parts::Writer::new(serializer);
                $($crate::object!(@write writer $presence $wire (self.$field) $($via)?);)*
                $(for (name, value) in self.$rest.iter() {
                    $crate::object!(@write writer required name (*value) $($rest_via)?);
                })?
                writer.finish()
            }
        }
    };

    (@read $reader:ident $slot:ident) => { $reader.value(&mut $slot) };
    (@read $reader:ident $slot:ident number) => { $reader.number(&mut $slot) };

    (@rest $reader:ident $key:ident) => { $reader.skip() };
    (@rest $reader:ident $key:ident $rest:ident) => { $reader.keep(&mut $rest, $key) };
    (@rest $reader:ident $key:ident $rest:ident number) => { $reader.keep_number(&mut $rest, $key) };

    (@take required $slot:ident $wire:literal) => {
        match $slot {
            Some(value) => value,
            None => return Err($crate::json::parts::missing($wire)),
        }
    };
    (@take nullable $slot:ident $wire:literal) => { $crate::object!(@take required $slot $wire) };
    (@take optional $slot:ident $wire:literal) => { $crate::json::parts::flat($slot) };
    (@take field $slot:ident $wire:literal) => { $crate::json::parts::state($slot) };

    (@write $writer:ident $presence:ident $name:tt ($value:expr)) => { $writer.$presence($name, &$value) };
    (@write $writer:ident required $name:tt ($value:expr) number) => {
        $writer.required($name, &$crate::json::parts::NumberRef(&$value))
    };
    (@write $writer:ident nullable $name:tt ($value:expr) number) => {
        $writer.required($name, &$crate::json::parts::NumberRef(&$value))
    };
    (@write $writer:ident optional $name:tt ($value:expr) number) => {
        $writer.optional($name, &$value.as_ref().map($crate::json::parts::NumberRef))
    };
    (@write $writer:ident field $name:tt ($value:expr) number) => {
        $writer.field($name, &$value.map_ref($crate::json::parts::NumberRef))
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
