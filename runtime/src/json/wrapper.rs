//! `wrapper!`: a struct around one value that is written as that value, for types that would contain themselves.

/// Implements `Deserialize` and `Serialize` for a struct of one unnamed field as if it were that field. `as number` reads and
/// writes numbers as JSON means them.
///
/// ```
/// #[derive(Debug, PartialEq)]
/// struct Nested(Vec<Nested>);
///
/// sdk_runtime::wrapper!(Nested);
///
/// let nested: Nested = serde_json::from_str("[[],[[]]]").unwrap();
/// assert_eq!(serde_json::to_string(&nested).unwrap(), "[[],[[]]]");
/// ```
#[macro_export]
macro_rules! wrapper {
    ($name:ident) => {
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
            where
                __D: $crate::serde::Deserializer<'de>,
            {
                $crate::serde::Deserialize::deserialize(deserializer).map(Self)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error>
            where
                __S: $crate::serde::Serializer,
            {
                $crate::serde::Serialize::serialize(&self.0, serializer)
            }
        }
    };
    ($name:ident as number) => {
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
            where
                __D: $crate::serde::Deserializer<'de>,
            {
                $crate::json::parts::Numeric::read(deserializer).map(Self)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error>
            where
                __S: $crate::serde::Serializer,
            {
                $crate::json::parts::Numeric::write(&self.0, serializer)
            }
        }
    };
}
