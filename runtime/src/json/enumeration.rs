//! `open_enum!`: a string enumeration that keeps unknown values.

/// Returns the place of a value among those that an enumeration lists.
pub fn place_of(value: &str, listed: &[&str]) -> Option<usize> {
    listed.iter().position(|listed| *listed == value)
}

/// Returns a value that no enumeration lists.
pub fn keep(value: &str) -> String {
    value.to_owned()
}

/// Declares a string enumeration that keeps unknown values.
///
/// In addition to the listed variants, the enum has `Unknown(String)`, which holds any other value exactly as it was
/// sent.
///
/// ```
/// sdk_runtime::open_enum! {
///     /// Direction of an ordering.
///     pub enum SortDir {
///         /// `asc`
///         Asc = "asc",
///         /// `desc`
///         Desc = "desc",
///     }
/// }
///
/// assert_eq!(SortDir::from("asc"), SortDir::Asc);
/// assert_eq!(SortDir::from("sideways").as_str(), "sideways");
/// assert!(!SortDir::from("sideways").is_known());
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $wire:literal,)*
        }
    ) => {
        $(#[$meta])*
        ///
        /// # Working with unknown values
        ///
        /// The server may send values that this version does not list. They arrive as `Unknown` and are written back
        /// unchanged; compare with [`as_str`](Self::as_str) to act on them.
        #[derive(Clone, Debug, PartialEq, ::std::cmp::Eq, ::std::hash::Hash, ::std::cmp::Ord)]
        #[expect(clippy::derive_ord_xor_partial_ord, reason = "`PartialOrd` follows `Ord`; deriving both doubles the code")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A value that this version does not list, as it was sent.
            Unknown(String),
        }

        impl $name {
            /// Returns the value as it appears in JSON.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unknown(value) => value,
                }
            }

            /// Returns whether this version lists the value.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }

            fn known(value: &str) -> Option<Self> {
                const LISTED: &[$name] = &[$($name::$variant),*];
                let place = $crate::json::parts::place_of(value, &[$($wire),*])?;
                LISTED.get(place).cloned()
            }
        }

        impl ::std::cmp::PartialOrd for $name {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<::std::cmp::Ordering> {
                Some(::std::cmp::Ord::cmp(self, other))
            }
        }

        impl $crate::json::parts::Open for $name {
            fn is_known(&self) -> bool {
                self.is_known()
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                match Self::known(value) {
                    Some(known) => known,
                    None => Self::Unknown($crate::json::parts::keep(value)),
                }
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(value: String) -> Self {
                if let Some(known) = Self::known(&value) {
                    return known;
                }
                Self::Unknown(value)
            }
        }

        impl From<&String> for $name {
            #[inline]
            fn from(value: &String) -> Self {
                value.as_str().into()
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            #[inline]
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                Ok(value.into())
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl $crate::json::ReadJson for $name {
            fn blank() -> Self {
                Self::Unknown(::std::string::String::new())
            }

            fn read(&mut self, reader: &mut $crate::json::Reader<'_>) -> $crate::json::Read<()> {
                let value = reader.string()?;
                *self = match Self::known(&value) {
                    Some(known) => known,
                    None => Self::Unknown(value.into_owned()),
                };
                Ok(())
            }
        }

        impl $crate::json::WriteJson for $name {
            fn write(&self, text: &mut ::std::vec::Vec<u8>) {
                $crate::json::WriteJson::write(self.as_str(), text);
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error>
            where
                __S: $crate::serde::Serializer,
            {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
            where
                __D: $crate::serde::Deserializer<'de>,
            {
                <String as $crate::serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }
    };
}
