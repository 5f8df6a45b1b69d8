//! `tagged_union!` and `shape_union!`: values that take one of several forms.
//!
//! The variant is chosen by its tag or its shape before it is read, and is then read in place. An error inside a
//! variant is therefore reported as that error, with its path, instead of as "no variant matched".

use super::read::{Read, ReadJson, Reader};

/// A value that keeps forms that this version does not know.
pub trait Open {
    /// Returns whether this version knows the form.
    fn is_known(&self) -> bool;
}

/// Reads the chosen variant.
///
/// # Errors
///
/// Returns an error if the value does not fit the variant.
pub fn read_variant<T: ReadJson, U>(reader: &mut Reader<'_>, variant: fn(T) -> U) -> Read<U> {
    T::read(reader).map(variant)
}

/// Implements reading and writing for an enum whose variant is named by a property.
///
/// The tag is looked up, and the variant it names is read in place. If the tag is missing or not listed by this
/// version, the result is `Unknown` with the value as it was sent. The list after the name holds every variant except
/// `Unknown`. Rules after `otherwise` decide objects without a tag, and those after `unlisted` objects whose tag is not
/// listed, as in [`shape_union!`](crate::shape_union).
#[macro_export]
macro_rules! tagged_union {
    ($name:ident($($listed:ident $(as $via:ident)?),*) by $tag:literal {
        $($($value:literal)|+ => $variant:ident($type:ty),)*
        $(otherwise { $($rule:tt => $rule_variant:ident($rule_type:ty),)* })?
        $(unlisted { $($other:tt => $other_variant:ident($other_type:ty),)* })?
    }) => {
        impl $crate::json::ReadJson for $name {
            fn read(reader: &mut $crate::json::Reader<'_>) -> $crate::json::Read<Self> {
                match reader.tag($tag).as_deref() {
                    $(Some($($value)|+) => {
                        $crate::json::parts::read_variant(reader, |value: $type| Self::$variant(value.into()))
                    })*
                    Some(_) => $crate::shape_union!(@decide reader { $($($other => $other_variant($other_type),)*)? }),
                    None => $crate::shape_union!(@decide reader { $($($rule => $rule_variant($rule_type),)*)? }),
                }
            }
        }

        $crate::shape_union!(@write $name $($listed)*);
    };
}

/// Implements reading and writing for an enum whose variant is determined by the shape of the value.
///
/// Rules are tried from top to bottom, and the first that matches decides. A rule is a JSON type (`string`, `array`,
/// …), the properties that an object must have (`{ "url": string, "type": "fixed text" }`), `try`, which accepts any
/// value that can be decoded, or `known`, which accepts a value that a nested union decodes to a form it knows. If no
/// rule matches, the value is kept as `Unknown`.
#[macro_export]
macro_rules! shape_union {
    ($name:ident($($listed:ident $(as $via:ident)?),*) {
        $($rule:tt => $rule_variant:ident($rule_type:ty),)*
    }) => {
        impl $crate::json::ReadJson for $name {
            fn read(reader: &mut $crate::json::Reader<'_>) -> $crate::json::Read<Self> {
                $crate::shape_union!(@decide reader { $($rule => $rule_variant($rule_type),)* })
            }
        }

        $crate::shape_union!(@write $name $($listed)*);
    };

    (@decide $reader:ident {}) => { $crate::json::parts::read_variant($reader, Self::Unknown) };
    (@decide $reader:ident { $($rule:tt => $variant:ident($type:ty),)+ }) => {{
        const RULES: $crate::json::parts::Rules = &[$($crate::shape_union!(@tests $rule),)+];
        let shape = $reader.shape(RULES);
        let mut rule = 0;
        $(
            $crate::shape_union!(@rule $reader shape rule $rule $variant $type);
            rule += 1;
        )+
        let _ = (rule, shape);
        $crate::json::parts::read_variant($reader, Self::Unknown)
    }};

    (@tests { $($property:literal: $test:tt),* }) => { &[$(($property, $crate::shape_union!(@test $test)),)*] };
    (@tests $other:ident) => { &[] };

    (@test $string:literal) => { $crate::json::parts::Test::Is($string) };
    (@test $json_type:ident) => { $crate::json::parts::Test::Type($crate::json::parts::JsonType::$json_type) };

    (@rule $reader:ident $shape:ident $index:ident { $($tests:tt)* } $variant:ident $type:ty) => {
        if $shape.fits($index) {
            return $crate::json::parts::read_variant($reader, |value: $type| Self::$variant(value.into()));
        }
    };
    (@rule $reader:ident $shape:ident $index:ident try $variant:ident $type:ty) => {
        if let Some(value) = $reader.attempt::<$type>() {
            return Ok(Self::$variant(value.into()));
        }
    };
    (@rule $reader:ident $shape:ident $index:ident known $variant:ident $type:ty) => {
        if let Some(value) = $reader.attempt_known::<$type>($crate::json::parts::Open::is_known) {
            return Ok(Self::$variant(value.into()));
        }
    };
    (@rule $reader:ident $shape:ident $index:ident $json_type:ident $variant:ident $type:ty) => {
        if $reader.is($crate::json::parts::JsonType::$json_type) {
            return $crate::json::parts::read_variant($reader, |value: $type| Self::$variant(value.into()));
        }
    };

    (@write $name:ident $($variant:ident)*) => {
        impl $crate::json::parts::Open for $name {
            fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl $crate::json::WriteJson for $name {
            fn write(&self, text: &mut ::std::vec::Vec<u8>) {
                match self {
                    $(Self::$variant(value) => $crate::json::WriteJson::write(value, text),)*
                    Self::Unknown(value) => $crate::json::WriteJson::write(value, text),
                }
            }
        }

        $crate::formats!($name);
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
        assert_eq!(error.to_string(), "invalid type: string \"deep\", expected an integer in `depth`");
    }
}
