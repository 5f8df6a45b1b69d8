//! Compares the reader and the writer with `serde_json`: both accept the same texts, with the same meaning and the same
//! errors.

#![expect(unreachable_pub, reason = "`open_enum!` declares types of a client, which are public")]

use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::read::read_text;
use super::{Extra, Field, to_bytes, to_text};

/// Any JSON value.
fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("JSON has no such number", Number::from_f64),
        (-1000..1000_i32).prop_filter_map("", |number| Number::from_f64(f64::from(number) / 8.0)),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number.prop_map(Value::Number),
        any::<String>().prop_map(Value::String),
        "[ -~\n]{0,40}".prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec(("[a-c\"\\\\é]{0,9}", inner), 0..6)
                .prop_map(|properties| Value::Object(properties.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A modification of a text.
#[derive(Clone, Debug)]
enum Change {
    Replace(usize, u8),
    Insert(usize, u8),
    Remove(usize),
    Cut(usize),
    Repeat(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let byte =
        prop_oneof![any::<u8>(), prop::sample::select(br#"{}[]",:\ut0123456789.eE+-fnabd 	"#.to_vec()), 0..0x20_u8,];
    prop_oneof![
        (any::<usize>(), byte.clone()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (any::<usize>(), byte).prop_map(|(at, byte)| Change::Insert(at, byte)),
        any::<usize>().prop_map(Change::Remove),
        any::<usize>().prop_map(Change::Cut),
        (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Change::Repeat(from, to)),
    ]
}

fn changed(mut text: Vec<u8>, change: &Change) -> Vec<u8> {
    let length = text.len();
    let within = |at: usize| at % length.max(1);
    match *change {
        _ if text.is_empty() => {}
        Change::Replace(at, byte) => text[within(at)] = byte,
        Change::Insert(at, byte) => text.insert(within(at), byte),
        Change::Remove(at) => drop(text.remove(within(at))),
        Change::Cut(at) => text.truncate(within(at)),
        Change::Repeat(from, to) => {
            let (from, to) = (within(from).min(within(to)), within(from).max(within(to)));
            let piece = text[from..to].to_vec();
            text.splice(to..to, piece);
        }
    }
    text
}

/// Checks that both readers agree on a text.
fn compare(text: &[u8]) {
    let shown = String::from_utf8_lossy(text);
    match (read_text::<Value>(text), serde_json::from_slice::<Value>(text)) {
        (Ok(found), Ok(expected)) => {
            assert_eq!(found, expected, "{shown}");
            // Comparing values ignores the sign of a zero and the order of properties.
            assert_eq!(to_text(&found), expected.to_string(), "{shown}");
        }
        (Err(problem), Err(error)) => {
            let (line, column) = problem.position(text);
            let found = format!("{} at line {line} column {column}", problem.message);
            // `serde_json` reads four characters of a truncated escape, and does not read a number that is too large to
            // its end.
            let differs = shown.contains("\\u") || std::str::from_utf8(text).is_err();
            let is_large = error.to_string().starts_with(&problem.message) && problem.message == "number out of range";
            let is_same = differs || is_large || found == error.to_string();
            assert!(is_same, "{shown:?}: `{found}`, expected `{error}`");
        }
        (found, expected) => panic!("{shown:?}: {found:?}, expected {expected:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_value_is_read_and_written_as_serde_json_does(value in value()) {
        let compact = serde_json::to_vec(&value).unwrap();
        prop_assert_eq!(&String::from_utf8(to_bytes(&value)).unwrap(), &String::from_utf8(compact.clone()).unwrap());
        compare(&compact);
        compare(&serde_json::to_vec_pretty(&value).unwrap());
    }

    #[test]
    fn damaged_text_is_refused_as_serde_json_does(value in value(), changes in prop::collection::vec(change(), 1..4)) {
        let text = serde_json::to_vec(&value).unwrap();
        compare(&changes.iter().fold(text, changed));
    }

    #[test]
    fn bytes_of_any_kind_are_refused_as_serde_json_does(text in "[\\[\\]{}\",:0-9.eE+\\-a-fnrtu\\\\\\x00-\\x20é]{0,24}") {
        compare(text.as_bytes());
    }

    #[test]
    fn numbers_keep_every_digit(number in any::<f64>(), digits in "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,24})?([eE][+-]?[0-9]{1,3})?") {
        compare(digits.as_bytes());
        if number.is_finite() {
            prop_assert_eq!(read_text::<f64>(&to_bytes(&number)).unwrap().to_bits(), number.to_bits());
        }
    }

    #[test]
    fn typed_values_survive(item in item()) {
        let text = to_text(&item);
        prop_assert_eq!(&read_text::<Item>(text.as_bytes()).unwrap(), &item);
        prop_assert!(Kind::Big.is_known());
        // Through every interface that `serde` provides.
        prop_assert_eq!(&serde_json::to_string(&item).unwrap(), &text);
        let value = serde_json::to_value(&item).unwrap();
        prop_assert_eq!(&value.to_string(), &text);
        prop_assert_eq!(&serde_json::from_value::<Item>(value).unwrap(), &item);
        prop_assert_eq!(&serde_json::from_str::<Vec<Item>>(&format!("[{text}]")).unwrap(), &[item]);
    }
}

#[derive(Debug)]
struct Item {
    id: String,
    size: f64,
    count: Option<i64>,
    kind: Option<Kind>,
    parent: Field<Box<Either>>,
    children: Vec<Item>,
    extra: Extra,
}

crate::object!(Item {
    "id" => id: required,
    "size" => size: required,
    "count" => count: nullable,
    "kind" => kind: optional,
    "pa\"rent" => parent: field,
    "children" => children: required,
    ..extra
});

crate::open_enum! {
    pub enum Kind {
        Big = "big",
        Small = "sm\"all",
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Either {
    Item(Box<Item>),
    Text(String),
    Unknown(Value),
}

crate::shape_union!(Either(Item, Text) {
    { "id": string, "size": number } => Item,
    string => Text,
});

fn item() -> impl Strategy<Value = Item> {
    let number = any::<f64>().prop_filter("JSON has no such number", |number| number.is_finite());
    let kind = prop::option::of(any::<String>().prop_map(Kind::from).boxed().prop_union(Just(Kind::Small).boxed()));
    let leaf = (any::<String>(), number, any::<Option<i64>>(), kind).prop_map(|(id, size, count, kind)| Item {
        id,
        size,
        count,
        kind,
        parent: Field::Absent,
        children: Vec::new(),
        extra: Extra::new(),
    });
    leaf.prop_recursive(4, 16, 3, |inner| {
        let parent = prop_oneof![
            Just(Field::Absent),
            Just(Field::Null),
            inner.clone().prop_map(|item| Field::Value(Box::new(Either::Item(Box::new(item))))),
            any::<String>().prop_map(|text| Field::Value(Box::new(Either::Text(text)))),
            any::<bool>().prop_map(|value| Field::Value(Box::new(Either::Unknown(value.into())))),
        ];
        (inner.clone(), parent, prop::collection::vec(inner, 0..3), prop::option::of(value())).prop_map(
            |(mut item, parent, children, unknown)| {
                (item.parent, item.children) = (parent, children);
                if let Some(value) = unknown {
                    item.extra.insert("new".to_owned(), value);
                }
                item
            },
        )
    })
}
