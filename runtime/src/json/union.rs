//! `tagged_union!` and `shape_union!`: values that take one of several forms.
//!
//! A union is decided before it is decoded, by its tag or by its shape. So an error inside a variant is reported as
//! that error, with its path, instead of "no variant matched".

use std::cell::Cell;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// JSON types a rule of `shape_union!` can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(non_camel_case_types, reason = "the rules read like JSON Schema")]
pub enum JsonType {
    /// Anything, `null` included.
    any,
    /// `true` or `false`.
    boolean,
    /// A whole number.
    integer,
    /// Any number.
    number,
    /// Text.
    string,
    /// A list.
    array,
    /// A map.
    object,
}

/// Whether a value is of a JSON type.
pub fn is(value: &Value, expected: JsonType) -> bool {
    match expected {
        JsonType::any => true,
        JsonType::boolean => value.is_boolean(),
        JsonType::integer => value.is_i64() || value.is_u64(),
        JsonType::number => value.is_number(),
        JsonType::string => value.is_string(),
        JsonType::array => value.is_array(),
        JsonType::object => value.is_object(),
    }
}

/// What a rule asks of one property.
pub trait Test {
    /// Whether the value passes.
    fn holds(&self, value: &Value) -> bool;
}

impl Test for JsonType {
    fn holds(&self, value: &Value) -> bool {
        is(value, *self)
    }
}

impl Test for &str {
    fn holds(&self, value: &Value) -> bool {
        value.as_str() == Some(self)
    }
}

/// Whether an object has a property that passes a test.
pub fn has(value: &Value, name: &str, test: impl Test) -> bool {
    value.get(name).is_some_and(|property| test.holds(property))
}

/// The text of the tag of an object.
pub fn tag<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// How a variant is decoded, for the union around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    /// There is no union around it.
    Outermost,
    /// The union around it only needs to know whether it decodes.
    Quick,
    /// The union around it is looking for the place of an error.
    Place,
}

thread_local! {
    static SEARCH: Cell<Search> = const { Cell::new(Search::Outermost) };
}

/// Runs `decode` for a union that searches in another way, and goes back to the way before.
fn searching<T>(search: Search, decode: impl FnOnce() -> T) -> T {
    struct Before(Search);

    impl Drop for Before {
        fn drop(&mut self) {
            SEARCH.set(self.0);
        }
    }

    let _before = Before(SEARCH.replace(search));
    decode()
}

/// Decodes a variant that was chosen by tag or shape. An error carries the path inside the variant, marked so that
/// the decoder of the whole body can put both paths together.
///
/// Keeping track of the path costs time, so a value is decoded without it first, and with it only when that failed. Inside
/// other unions only the outermost does so: else every level would double the work.
///
/// # Errors
///
/// The value does not fit the variant.
pub fn decode_variant<T: DeserializeOwned, E: serde::de::Error>(value: &Value) -> Result<T, E> {
    let quickly = || searching(Search::Quick, || T::deserialize(value));
    match SEARCH.get() {
        Search::Quick => quickly().map_err(E::custom),
        Search::Place => placed(value),
        Search::Outermost => quickly().or_else(|_| searching(Search::Place, || placed(value))),
    }
}

fn placed<T: DeserializeOwned, E: serde::de::Error>(value: &Value) -> Result<T, E> {
    serde_path_to_error::deserialize::<_, T>(value).map_err(|error| {
        let path = error.path().to_string();
        E::custom(format_args!("\u{1}{path}\u{1}{}", error.inner()))
    })
}

/// Decodes a variant that nothing but success can decide.
pub fn matches_try<T: DeserializeOwned>(value: &Value) -> Option<T> {
    searching(Search::Quick, || T::deserialize(value)).ok()
}

/// A value that keeps forms this version does not know.
pub trait Open {
    /// Whether the form is one that this version knows.
    fn is_known(&self) -> bool;
}

/// Decodes a variant that is a union itself: it decodes whatever there is, so success decides nothing.
pub fn matches_known<T: DeserializeOwned + Open>(value: &Value) -> Option<T> {
    matches_try::<T>(value).filter(Open::is_known)
}

/// Implements `Deserialize` and `Serialize` for an enum whose form is named by a property.
///
/// The tag is read once and the variant it names is decoded directly. A tag this version does not list, or none, gives
/// `Unknown` with the value as it was sent. The list after the name holds every variant but `Unknown`; `as number` writes
/// a payload as JSON means numbers. Rules after `otherwise` decide objects without a tag, as in
/// [`shape_union!`](crate::shape_union).
#[macro_export]
macro_rules! tagged_union {
    ($name:ident($($listed:ident $(as $via:ident)?),*) by $tag:literal {
        $($($value:literal)|+ => $variant:ident($type:ty),)*
        $(otherwise { $($rule:tt => $rule_variant:ident($rule_type:ty),)* })?
    }) => {
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
            where
                __D: $crate::serde::Deserializer<'de>,
            {
                let value = <$crate::Value as $crate::serde::Deserialize>::deserialize(deserializer)?;
                match $crate::json::parts::tag(&value, $tag) {
                    $(Some($($value)|+) => {
                        $crate::json::parts::decode_variant::<$type, _>(&value).map(|value| Self::$variant(value.into()))
                    })*
                    Some(_) => Ok(Self::Unknown(value)),
                    None => {
                        $($($crate::shape_union!(@rule value $rule $rule_variant $rule_type);)*)?
                        Ok(Self::Unknown(value))
                    }
                }
            }
        }

        $crate::shape_union!(@serialize $name $($listed $(as $via)?),*);
    };
}

/// Implements `Deserialize` and `Serialize` for an enum whose form shows in its shape.
///
/// Rules are tried from top to bottom; the first that holds decides. A rule is a JSON type (`string`, `array`, …), or
/// the properties an object must have (`{ "url": string, "type": "fixed text" }`), or `try`, which accepts what decodes, or
/// `known`, which accepts what a variant that is a union itself decodes to a form it knows.
/// When no rule holds, the value is kept as `Unknown`.
#[macro_export]
macro_rules! shape_union {
    ($name:ident($($listed:ident $(as $via:ident)?),*) {
        $($rule:tt => $rule_variant:ident($rule_type:ty),)*
    }) => {
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
            where
                __D: $crate::serde::Deserializer<'de>,
            {
                let value = <$crate::Value as $crate::serde::Deserialize>::deserialize(deserializer)?;
                $($crate::shape_union!(@rule value $rule $rule_variant $rule_type);)*
                Ok(Self::Unknown(value))
            }
        }

        $crate::shape_union!(@serialize $name $($listed $(as $via)?),*);
    };

    (@rule $value:ident { $($property:literal: $test:tt),* } $variant:ident $type:ty) => {
        if $value.is_object() $(&& $crate::json::parts::has(&$value, $property, $crate::shape_union!(@test $test)))* {
            return $crate::json::parts::decode_variant::<$type, _>(&$value)
                .map(|value| Self::$variant(value.into()));
        }
    };
    (@rule $value:ident try $variant:ident $type:ty) => {
        if let Some(value) = $crate::json::parts::matches_try::<$type>(&$value) {
            return Ok(Self::$variant(value.into()));
        }
    };
    (@rule $value:ident known $variant:ident $type:ty) => {
        if let Some(value) = $crate::json::parts::matches_known::<$type>(&$value) {
            return Ok(Self::$variant(value.into()));
        }
    };
    (@rule $value:ident $json_type:ident $variant:ident $type:ty) => {
        if $crate::json::parts::is(&$value, $crate::json::parts::JsonType::$json_type) {
            return $crate::json::parts::decode_variant::<$type, _>(&$value)
                .map(|value| Self::$variant(value.into()));
        }
    };

    (@test $text:literal) => { $text };
    (@test $json_type:ident) => { $crate::json::parts::JsonType::$json_type };

    (@write $value:ident $serializer:ident) => { $crate::serde::Serialize::serialize($value, $serializer) };
    (@write $value:ident $serializer:ident number) => {
        $crate::serde::Serialize::serialize(&$crate::json::parts::NumberRef($value), $serializer)
    };

    (@serialize $name:ident $($variant:ident $(as $via:ident)?),*) => {
        impl $crate::json::parts::Open for $name {
            fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error>
            where
                __S: $crate::serde::Serializer,
            {
                match self {
                    $(Self::$variant(value) => $crate::shape_union!(@write value serializer $($via)?),)*
                    Self::Unknown(value) => $crate::serde::Serialize::serialize(value, serializer),
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Value;

    #[derive(Clone, Debug, PartialEq)]
    struct Text {
        text: String,
    }

    crate::object!(Text {
        "text" => text: required,
    });

    #[derive(Clone, Debug, PartialEq)]
    struct Link {
        url: String,
        depth: Option<i64>,
    }

    crate::object!(Link {
        "url" => url: required,
        "depth" => depth: optional as number,
    });

    #[derive(Clone, Debug, PartialEq)]
    enum Tagged {
        Text(Box<Text>),
        Link(Link),
        Unknown(Value),
    }

    crate::tagged_union!(Tagged(Text, Link) by "type" {
        "text" | "plain" => Text(Text),
        "link" => Link(Link),
        otherwise {
            { "url": string } => Link(Link),
        }
    });

    #[derive(Clone, Debug, PartialEq)]
    enum Shaped {
        Link(Box<Link>),
        Name(String),
        Size(f64),
        Unknown(Value),
    }

    crate::shape_union!(Shaped(Link, Name, Size as number) {
        { "url": string, "kind": "link" } => Link(Link),
        string => Name(String),
        number => Size(f64),
    });

    #[derive(Clone, Debug, PartialEq)]
    enum Nested {
        Tagged(Box<Tagged>),
        Text(Text),
        Unknown(Value),
    }

    crate::shape_union!(Nested(Tagged, Text) {
        known => Tagged(Tagged),
        try => Text(Text),
    });

    #[test]
    fn a_union_in_a_union_takes_only_what_it_knows() {
        let rows = [
            (
                json!({"type": "text", "text": "a"}),
                Nested::Tagged(Box::new(Tagged::Text(Box::new(Text { text: "a".into() })))),
            ),
            (json!({"text": "a"}), Nested::Text(Text { text: "a".into() })),
            (json!({"type": "new"}), Nested::Unknown(json!({"type": "new"}))),
        ];
        for (value, expected) in rows {
            assert_eq!(serde_json::from_value::<Nested>(value.clone()).unwrap(), expected, "{value}");
        }
    }

    #[test]
    fn tag_and_shape_decide_the_variant() {
        let text = || Text { text: "a".into() };
        let link = || Link { url: "u".into(), depth: None };
        let tagged = [
            (json!({"type": "text", "text": "a"}), Tagged::Text(Box::new(text()))),
            (json!({"type": "plain", "text": "a"}), Tagged::Text(Box::new(text()))),
            (json!({"url": "u"}), Tagged::Link(link())),
            (json!({"type": "new", "url": "u"}), Tagged::Unknown(json!({"type": "new", "url": "u"}))),
            (json!({}), Tagged::Unknown(json!({}))),
        ];
        for (value, expected) in tagged {
            assert_eq!(serde_json::from_value::<Tagged>(value.clone()).unwrap(), expected, "{value}");
        }
        let shaped = [
            (json!({"url": "u", "kind": "link"}), Shaped::Link(Box::new(link()))),
            (json!({"url": "u", "kind": "other"}), Shaped::Unknown(json!({"url": "u", "kind": "other"}))),
            (json!("n"), Shaped::Name("n".into())),
            (json!(2), Shaped::Size(2.0)),
            (json!(null), Shaped::Unknown(json!(null))),
        ];
        for (value, expected) in shaped {
            assert_eq!(serde_json::from_value::<Shaped>(value.clone()).unwrap(), expected, "{value}");
        }
    }

    #[test]
    fn numbers_in_unions_are_written_as_json_means_them() {
        assert_eq!(serde_json::to_string(&Shaped::Size(2.0)).unwrap(), "2");
    }

    #[test]
    fn a_known_tag_with_another_body_is_an_error_that_names_the_path_inside_the_variant() {
        let error = serde_json::from_value::<Tagged>(json!({"type": "link", "url": "u", "depth": "deep"})).unwrap_err();
        assert!(error.to_string().starts_with("\u{1}depth\u{1}invalid type: string"), "{error}");
    }
}
