//! Numbers as JSON means them: `1.0` is an integer, and a whole number is written without a fraction.
//!
//! JSON has one number type, Rust has several. Servers written in JavaScript send `5` for a `number` and may send
//! `1.0` for an `integer`; both must be read, and `5` must be written back as `5`.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};

use super::{Field, Map};

/// A number, or lists, maps and options of numbers.
pub trait Numeric: Sized {
    /// Reads the value liberally.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Writes the value exactly.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Reads a [`Numeric`] where `serde` wants a seed.
pub struct NumberSeed<T>(PhantomData<T>);

impl<T> NumberSeed<T> {
    /// A seed for `T`.
    #[expect(clippy::new_without_default, reason = "a seed is only ever built by name")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Numeric> DeserializeSeed<'de> for NumberSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// Writes a [`Numeric`] where `serde` wants something serializable.
pub struct NumberRef<'a, T>(pub &'a T);

impl<T: Numeric> Serialize for NumberRef<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// Largest magnitude below which every whole `f64` is exact: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn whole(value: f64) -> Option<i64> {
    // A negative zero has no integer form.
    let exact = value.fract() == 0.0 && value.abs() <= EXACT && !(value == 0.0 && value.is_sign_negative());
    exact.then_some(value as i64)
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Numeric for $type {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct IntegerVisitor;

                impl Visitor<'_> for IntegerVisitor {
                    type Value = $type;

                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        formatter.write_str("an integer")
                    }

                    fn visit_i64<E: de::Error>(self, value: i64) -> Result<$type, E> {
                        value.try_into().map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
                    }

                    fn visit_u64<E: de::Error>(self, value: u64) -> Result<$type, E> {
                        value.try_into().map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
                    }

                    fn visit_f64<E: de::Error>(self, value: f64) -> Result<$type, E> {
                        whole(value)
                            .and_then(|whole| whole.try_into().ok())
                            .ok_or_else(|| E::invalid_value(de::Unexpected::Float(value), &self))
                    }
                }

                deserializer.deserialize_any(IntegerVisitor)
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }
    )*};
}

integers!(i32, i64, u32, u64);

impl Numeric for f64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match whole(*self) {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f64(*self),
        }
    }
}

impl<T: Numeric> Numeric for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OptionVisitor<T>(PhantomData<T>);

        impl<'de, T: Numeric> Visitor<'de> for OptionVisitor<T> {
            type Value = Option<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number or null")
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                T::read(deserializer).map(Some)
            }
        }

        deserializer.deserialize_option(OptionVisitor(PhantomData))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.write(serializer),
            None => serializer.serialize_none(),
        }
    }
}

impl<T: Numeric> Numeric for Field<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::read(deserializer)?.map_or(Self::Null, Self::Value))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.write(serializer),
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}

impl<T: Numeric> Numeric for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor<T>(PhantomData<T>);

        impl<'de, T: Numeric> Visitor<'de> for ListVisitor<T> {
            type Value = Vec<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an array of numbers")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = sequence.next_element_seed(NumberSeed::new())? {
                    list.push(item);
                }
                Ok(list)
            }
        }

        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.len()))?;
        for item in self {
            sequence.serialize_element(&NumberRef(item))?;
        }
        sequence.end()
    }
}

impl<T: Numeric> Numeric for Map<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapVisitor<T>(PhantomData<T>);

        impl<'de, T: Numeric> Visitor<'de> for MapVisitor<T> {
            type Value = Map<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object with numbers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut map = Map::new();
                while let Some(key) = access.next_key::<String>()? {
                    map.insert(key, access.next_value_seed(NumberSeed::new())?);
                }
                Ok(map)
            }
        }

        deserializer.deserialize_map(MapVisitor(PhantomData))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self {
            map.serialize_entry(key, &NumberRef(value))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: Numeric>(text: &str) -> Result<String, String> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let value = T::read(&mut deserializer).map_err(|error| error.to_string())?;
        serde_json::to_string(&NumberRef(&value)).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_are_read_liberally_and_written_as_json_means_them() {
        let cases = [
            (round_trip::<i64>("1"), Some("1")),
            (round_trip::<i64>("1.0"), Some("1")),
            (round_trip::<i64>("1.5"), None),
            (round_trip::<i64>("9223372036854775807"), Some("9223372036854775807")),
            (round_trip::<i64>("9223372036854775808"), None),
            (round_trip::<i32>("3e2"), Some("300")),
            (round_trip::<i32>("3000000000"), None),
            (round_trip::<u64>("18446744073709551615"), Some("18446744073709551615")),
            (round_trip::<u64>("-1"), None),
            (round_trip::<f64>("5"), Some("5")),
            (round_trip::<f64>("5.0"), Some("5")),
            (round_trip::<f64>("0.1"), Some("0.1")),
            (round_trip::<f64>("-0.0"), Some("-0.0")),
            (round_trip::<f64>("1e300"), Some("1e+300")),
            (round_trip::<Option<i64>>("null"), Some("null")),
            (round_trip::<Option<f64>>("2"), Some("2")),
            (round_trip::<Vec<Vec<f64>>>("[[1,2.5],[]]"), Some("[[1,2.5],[]]")),
            (round_trip::<Map<i64>>(r#"{"b":1.0,"a":2}"#), Some(r#"{"b":1,"a":2}"#)),
            (round_trip::<i64>("\"1\""), None),
        ];
        for (index, (actual, expected)) in cases.into_iter().enumerate() {
            assert_eq!(actual.ok().as_deref(), expected, "case {index}");
        }
    }
}
