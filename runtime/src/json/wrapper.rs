//! `wrapper!`: a struct around one value that is serialized as that value, for types that would otherwise contain
//! themselves.

/// Implements reading and writing for a struct with one unnamed field as if it were that field.
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
        impl $crate::json::ReadJson for $name {
            fn blank() -> Self {
                Self($crate::json::ReadJson::blank())
            }

            fn read(&mut self, reader: &mut $crate::json::Reader<'_>) -> $crate::json::Read<()> {
                $crate::json::ReadJson::read(&mut self.0, reader)
            }
        }

        impl $crate::json::WriteJson for $name {
            fn write(&self, text: &mut ::std::vec::Vec<u8>) {
                $crate::json::WriteJson::write(&self.0, text);
            }
        }

        $crate::formats!($name);
    };
}
