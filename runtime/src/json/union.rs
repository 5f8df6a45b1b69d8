//! `tagged_union!` and `shape_union!`: values that take one of several forms.
//!
//! The variant is chosen by its tag or its shape before it is read, and is then read in place. An error inside a
//! variant is therefore reported as that error, with its path, instead of as "no variant matched".

use super::read::Reader;
use super::write::{WriteJson, write_string};

/// A value that keeps forms that this version does not know.
pub trait Open {
    /// Returns whether this version knows the form.
    fn is_known(&self) -> bool;
}

impl<T: Open> Open for Box<T> {
    fn is_known(&self) -> bool {
        (**self).is_known()
    }
}

/// Writes a variant with its tag, unless the variant is no object or has a tag of its own.
pub fn write_tagged(value: &dyn WriteJson, tag: &'static str, written: &dyn WriteJson, text: &mut Vec<u8>) {
    let start = text.len();
    value.write(text);
    let object = text.get(start..).unwrap_or_default();
    if object.first() != Some(&b'{') || Reader::unbounded(object).has_property(tag) {
        return;
    }
    let is_empty = object.get(1) == Some(&b'}');
    let mut property = Vec::new();
    write_string(tag, &mut property);
    property.push(b':');
    written.write(&mut property);
    if !is_empty {
        property.push(b',');
    }
    text.splice(start + 1..start + 1, property);
}

/// Implements reading and writing for an enum whose variant is named by a property.
///
/// The tag is looked up, and the variant that it names is read in place. If the tag is missing or not listed by this
/// version, the result is `Unknown` with the value as it was sent. The list after the name holds every variant except
/// `Unknown`; `Variant = "tag"` writes the tag with a payload that has none, and `Variant = "tag" unless extra` does so
/// unless the value was received without it, which the payload keeps in its field `extra`. With `as scalar` after the
/// tag, numbers and booleans are tags too, listed as JSON writes them. Rules after `otherwise` decide objects without a tag, and those
/// after `unlisted` objects whose tag is not listed, as in [`shape_union!`](crate::shape_union).
#[macro_export]
macro_rules! tagged_union {
    ($name:ident($($listed:ident $(= $written:literal $(unless $kept:ident)?)?),*) by $tag:literal $(as $kind:ident)? {
        $($($value:literal)|+ => $variant:ident,)*
        $(otherwise { $($rule:tt => $rule_variant:ident,)* })?
        $(unlisted { $($other:tt => $other_variant:ident,)* })?
    }) => {
        $crate::shape_union!(@implement $name { $($listed $(= $tag $written $(unless $kept)?)?,)* }, |reader, is_read| {
            match $crate::tagged_union!(@tag reader $tag $($kind)?).as_deref() {
                $(Some($($value)|+) => Self::$variant($crate::json::ReadJson::blank()),)*
                Some(_) => $crate::shape_union!(@decide is_read reader { $($($other => $other_variant,)*)? }),
                None => $crate::shape_union!(@decide is_read reader { $($($rule => $rule_variant,)*)? }),
            }
        });
    };

    (@tag $reader:ident $tag:literal) => { $reader.tag($tag) };
    (@tag $reader:ident $tag:literal scalar) => { $reader.scalar($tag) };
}

/// Implements reading and writing for an enum whose variant is determined by the shape of the value.
///
/// Rules are tried from top to bottom, and the first that matches decides. A rule is a JSON type (`string`, `array`,
/// …), the properties that an object must have
/// (`{ "url": string, "type": "fixed text", "version": (2), "owner": { "kind": "user" } }`), `try`, which accepts any
/// value that can be decoded, or `known`, which accepts a value that a nested union decodes to a form it knows. If no
/// rule matches, the value is kept as `Unknown`.
#[macro_export]
macro_rules! shape_union {
    ($name:ident($($listed:ident),*) { $($rule:tt => $variant:ident,)* }) => {
        $crate::shape_union!(@implement $name { $($listed,)* }, |reader, is_read| {
            $crate::shape_union!(@decide is_read reader { $($rule => $variant,)* })
        });
    };

    (@decide $is_read:ident $reader:ident {}) => {
        $crate::json::ReadJson::blank()
    };
    (@decide $is_read:ident $reader:ident { $($rule:tt => $variant:ident,)+ }) => {{
        const RULES: $crate::json::parts::Rules = &[$($crate::shape_union!(@tests $rule),)+];
        let shape = $reader.shape(RULES);
        let mut rule = 0;
        #[allow(unused_labels, reason = "the rules may all be attempts")]
        let variant = 'variant: {
            $(
                $crate::shape_union!(@rule 'variant $is_read $reader shape rule $rule $variant);
                rule += 1;
            )+
            let _ = (rule, shape);
            $crate::json::ReadJson::blank()
        };
        variant
    }};

    (@tests { $($property:literal: $test:tt),* }) => { &[$(($property, $crate::shape_union!(@test $test)),)*] };
    (@tests $other:ident) => { &[] };

    (@test { $($property:literal: $test:tt),* }) => {
        $crate::json::parts::Test::Holds(&[$(($property, $crate::shape_union!(@test $test)),)*])
    };
    (@test ($plain:literal)) => { $crate::json::parts::Test::Plain(stringify!($plain)) };
    (@test $string:literal) => { $crate::json::parts::Test::Is($string) };
    (@test $json_type:ident) => { $crate::json::parts::Test::Type($crate::json::parts::JsonType::$json_type) };

    (@rule $found:lifetime $is_read:ident $reader:ident $shape:ident $index:ident { $($tests:tt)* } $variant:ident) => {
        if $shape.fits($index) {
            break $found Self::$variant($crate::json::ReadJson::blank());
        }
    };
    (@rule $found:lifetime $is_read:ident $reader:ident $shape:ident $index:ident try $variant:ident) => {
        if let Some(value) = $reader.attempt() {
            $is_read = true;
            break $found Self::$variant(value);
        }
    };
    (@rule $found:lifetime $is_read:ident $reader:ident $shape:ident $index:ident known $variant:ident) => {
        if let Some(value) = $reader.attempt_known($crate::json::parts::Open::is_known) {
            $is_read = true;
            break $found Self::$variant(value);
        }
    };
    (@rule $found:lifetime $is_read:ident $reader:ident $shape:ident $index:ident $json_type:ident $variant:ident) => {
        if $reader.is($crate::json::parts::JsonType::$json_type) {
            break $found Self::$variant($crate::json::ReadJson::blank());
        }
    };

    (@value $value:ident $text:ident) => { $crate::json::WriteJson::write($value, $text) };
    (@value $value:ident $text:ident $tag:literal $written:literal) => {
        $crate::json::parts::write_tagged($value, $tag, &$written, $text)
    };
    (@value $value:ident $text:ident $tag:literal $written:literal $kept:ident) => {
        if $value.$kept.lacks_tag() {
            $crate::json::WriteJson::write($value, $text)
        } else {
            $crate::json::parts::write_tagged($value, $tag, &$written, $text)
        }
    };

    (@read $value:ident $reader:ident $start:ident $is_read:ident $tag:literal $written:literal $kept:ident) => {{
        let has_tag = $reader.has_property_at($start, $tag);
        if !$is_read {
            $crate::json::ReadJson::read($value, $reader)?;
        }
        if !has_tag {
            $value.$kept.note_missing_tag();
        }
        Ok(())
    }};
    (@read $value:ident $reader:ident $start:ident $is_read:ident $($tag:literal $written:literal)?) => {
        if $is_read { Ok(()) } else { $crate::json::ReadJson::read($value, $reader) }
    };

    (@implement $name:ident {
        $($variant:ident $(= $tag:literal $written:literal $(unless $kept:ident)?)?,)*
    }, |$reader:ident, $is_read:ident| $read:block) => {
        impl $crate::json::ReadJson for $name {
            fn blank() -> Self {
                Self::Unknown($crate::Value::Null)
            }

            fn read(&mut self, $reader: &mut $crate::json::Reader<'_>) -> $crate::json::Read<()> {
                #[allow(unused_variables, reason = "the payloads of all variants may have tags of their own")]
                let start = $reader.place();
                #[allow(unused_mut, reason = "there may be no attempts")]
                let mut $is_read = false;
                let chosen = $read;
                // Nearly always the value is blank, and has nothing to drop.
                if let Self::Unknown($crate::Value::Null) = self {
                    ::std::mem::forget(::std::mem::replace(self, chosen));
                } else {
                    *self = chosen;
                }
                match self {
                    $(Self::$variant(value) => {
                        $crate::shape_union!(@read value $reader start $is_read $($tag $written $($kept)?)?)
                    })*
                    Self::Unknown(value) => $crate::json::ReadJson::read(value, $reader),
                }
            }

            fn is_described(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl $crate::json::parts::Open for $name {
            fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl $crate::json::WriteJson for $name {
            fn write(&self, text: &mut ::std::vec::Vec<u8>) {
                match self {
                    $(Self::$variant(value) => $crate::shape_union!(@value value text $($tag $written $($kept)?)?),)*
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
    use crate::json::{Extra, Map};

    #[derive(Debug)]
    struct Text {
        text: String,
    }

    crate::object!(Text {
        "text" => text: required,
    });

    #[derive(Debug)]
    struct Note {
        note: String,
        kind: Option<String>,
        extra: Extra,
    }

    crate::object!(Note {
        "note" => note: required,
        "kind" => kind: optional,
        ..extra
    });

    #[derive(Clone, Debug, PartialEq)]
    enum Noted {
        Note(Box<Note>),
        Text(Note),
        Unknown(Value),
    }

    crate::tagged_union!(Noted(Note = "note" unless extra, Text = "text" unless extra) by "kind" {
        "note" => Note,
        "text" => Text,
        otherwise {
            { "note": string } => Note,
            try => Text,
        }
    });

    #[test]
    fn value_that_came_without_its_tag_is_written_without_it() {
        let same = [
            r#"{"note":"a"}"#,
            r#"{"note":"a","kind":"text"}"#,
            r#"{"note":"a","more":1}"#,
            r#"[{"note":"a"}, {"note":"b","kind":"note"}]"#,
        ];
        for text in same {
            let text = if text.starts_with('[') { text.to_owned() } else { format!("[{text}]") };
            let values: Vec<Noted> = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string(&values).unwrap(), text.replace("}, {", "},{"));
        }
        let made = Note { note: "a".into(), kind: None, extra: Extra::new() };
        let read: Noted = serde_json::from_str(r#"{"note":"a"}"#).unwrap();
        assert_eq!(
            serde_json::to_string(&Noted::Note(Box::new(made.clone()))).unwrap(),
            r#"{"kind":"note","note":"a"}"#
        );
        assert_ne!(read, Noted::Note(Box::new(made)));
        // The second of two equal names is read into what the first one left.
        let repeated = r#"{"a":{"note":"a"},"a":{"note":"b","kind":"note"}}"#;
        let values: Map<Noted> = serde_json::from_str(repeated).unwrap();
        assert_eq!(serde_json::to_string(&values).unwrap(), r#"{"a":{"note":"b","kind":"note"}}"#);
    }

    #[derive(Debug)]
    struct Link {
        url: String,
        depth: Option<i64>,
    }

    crate::object!(Link {
        "url" => url: required,
        "depth" => depth: optional,
    });

    #[derive(Clone, Debug, PartialEq)]
    enum Tagged {
        Text(Box<Text>),
        Link(Link),
        Unknown(Value),
    }

    crate::tagged_union!(Tagged(Text, Link) by "type" {
        "text" | "plain" => Text,
        "link" => Link,
        otherwise {
            { "url": string } => Link,
        }
    });

    #[derive(Clone, Debug, PartialEq)]
    enum Shaped {
        Link(Box<Link>),
        Name(String),
        Size(f64),
        Unknown(Value),
    }

    crate::shape_union!(Shaped(Link, Name, Size) {
        { "url": string, "kind": "link" } => Link,
        string => Name,
        number => Size,
    });

    #[derive(Clone, Debug, PartialEq)]
    enum Nested {
        Tagged(Box<Tagged>),
        Text(Text),
        Unknown(Value),
    }

    crate::shape_union!(Nested(Tagged, Text) {
        known => Tagged,
        try => Text,
    });

    #[derive(Clone, Debug, PartialEq)]
    enum Owned {
        User(Value),
        Team(Value),
        Unknown(Value),
    }

    crate::shape_union!(Owned(User, Team) {
        { "owner": { "kind": "user" } } => User,
        { "owner": { "kind": "team", "of": { "size": (2) } } } => Team,
    });

    #[test]
    fn what_an_object_holds_decides() {
        type Variant = fn(Value) -> Owned;
        let rows: [(Value, Variant); 7] = [
            (json!({"owner": {"id": 1, "kind": "user"}}), Owned::User),
            (json!({"a": {"kind": "user"}, "owner": {"kind": "user", "x": [{"kind": "team"}]}}), Owned::User),
            (json!({"owner": {"of": {"size": 2}, "kind": "team"}}), Owned::Team),
            (json!({"owner": {"of": {"size": 3}, "kind": "team"}}), Owned::Unknown),
            (json!({"owner": {"kind": "bot"}}), Owned::Unknown),
            (json!({"owner": "user"}), Owned::Unknown),
            (json!({"kind": "user"}), Owned::Unknown),
        ];
        for (value, expected) in rows {
            assert_eq!(serde_json::from_value::<Owned>(value.clone()).unwrap(), expected(value));
        }
    }

    #[test]
    fn union_in_a_union_takes_only_what_it_knows() {
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

    #[derive(Clone, Debug, PartialEq)]
    enum Frame {
        Count(Map<i64>),
        Text(Text),
        Link(Link),
        Map(Map<Value>),
        List(Vec<Text>),
        Unknown(Value),
    }

    crate::tagged_union!(Frame(Count = "count", Text = 1, Link = 5_000_000_000_i64, Map = true, List = "list") by "version" as scalar {
        "count" => Count,
        "1" => Text,
        "5000000000" | "2.5" => Link,
        "true" => Map,
        "list" => List,
        otherwise {
            { "url": string, "fixed": (-1), "open": (false) } => Link,
        }
    });

    #[test]
    fn numbers_and_booleans_are_tags_too() {
        let rows = [
            (json!({"version": 1, "text": "a"}), "text"),
            (json!({"version": 1.0, "text": "a"}), "text"),
            (json!({"version": "1", "text": "a"}), "text"),
            (json!({"version": 5_000_000_000_i64, "url": "a"}), "link"),
            (json!({"version": 2.5, "url": "a"}), "link"),
            (json!({"version": true, "x": 1}), "map"),
            (json!({"version": "count", "x": 1}), "count"),
            (json!({"url": "a", "fixed": -1, "open": false}), "link"),
            (json!({"url": "a", "fixed": -1, "open": true}), "unknown"),
            (json!({"version": 3}), "unknown"),
            (json!({"version": false}), "unknown"),
            (json!({"version": null}), "unknown"),
        ];
        for (value, expected) in rows {
            let found = match serde_json::from_value::<Frame>(value.clone()).unwrap() {
                Frame::Count(_) => "count",
                Frame::Text(_) => "text",
                Frame::Link(_) => "link",
                Frame::Map(_) => "map",
                Frame::List(_) => "list",
                Frame::Unknown(_) => "unknown",
            };
            assert_eq!(found, expected, "{value}");
        }
    }

    /// If the tag is repeated, everything is read twice, and both take memory at once.
    #[cfg(feature = "client")]
    #[test]
    fn value_that_is_read_again_has_the_memory_that_is_left() {
        use crate::json::{ReadJson, ReadLimits, read_text_into};

        let read = |tags: &str, count: usize| {
            let items = vec!["{\"a\":1}"; count].join(",");
            let text = format!("{{{tags},\"text\":\"\",\"items\":[{items}]}}");
            let mut value = Tagged::blank();
            read_text_into(text.as_bytes(), &mut value, ReadLimits::of_text(0, 0)).is_ok()
        };
        // The largest list of its kind that fits takes more than half of the memory.
        let fits = (10..24).map(|power| 1 << power).take_while(|count| read("\"type\":\"other\"", *count)).last();
        let count: usize = fits.unwrap();
        assert!(!read("\"type\":\"new\",\"type\":\"other\"", count), "{count}");
        assert!(read("\"type\":\"new\",\"type\":\"other\"", count / 4), "{count}");
    }

    #[test]
    fn tag_that_the_payload_lacks_is_written() {
        let map = |value: Value| serde_json::from_value::<Map<Value>>(value).unwrap();
        let rows = [
            (Frame::Text(Text { text: "a".into() }), r#"{"version":1,"text":"a"}"#),
            (Frame::Link(Link { url: "u".into(), depth: None }), r#"{"version":5000000000,"url":"u"}"#),
            (Frame::Map(Map::new()), r#"{"version":true}"#),
            (Frame::Map(map(json!({"a": {"version": 1}}))), r#"{"version":true,"a":{"version":1}}"#),
            (Frame::Map(map(json!({"a": 1, "version": 7}))), r#"{"a":1,"version":7}"#),
            (Frame::List(vec![Text { text: "a".into() }]), r#"[{"text":"a"}]"#),
            (Frame::Unknown(json!({"a": 1})), r#"{"a":1}"#),
        ];
        for (frame, expected) in rows {
            assert_eq!(serde_json::to_string(&vec![frame]).unwrap(), format!("[{expected}]"));
        }
    }

    #[test]
    fn numbers_in_unions_are_written_as_json_means_them() {
        assert_eq!(serde_json::to_string(&Shaped::Size(2.0)).unwrap(), "2");
    }

    #[test]
    fn known_tag_with_another_body_is_an_error_that_names_the_path_inside_the_variant() {
        let error = serde_json::from_value::<Tagged>(json!({"type": "link", "url": "u", "depth": "deep"})).unwrap_err();
        assert_eq!(error.to_string(), "invalid type: string \"deep\", expected an integer in `depth`");
    }
}
