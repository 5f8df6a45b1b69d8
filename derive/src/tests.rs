//! What the derive says about types that cannot be extracted, and which functions it makes for those that can.

use quote::ToTokens;
use syn::{DeriveInput, parse_str};

use crate::expansion::expand;

fn messages(source: &str) -> Vec<String> {
    let input: DeriveInput = parse_str(source).unwrap();
    expand(&input).err().into_iter().flatten().map(|error| error.to_string()).collect()
}

/// Returns what is said about a struct with one field of this type.
fn message_about(ty: &str) -> String {
    messages(&format!("struct Invoice {{ field: {ty} }}")).join("; ")
}

#[test]
fn types_that_cannot_be_extracted_are_refused_with_what_to_write() {
    for (ty, message) in [
        ("String", "null for what a document does not contain: write `Option<String>`"),
        ("f64", "write `Option<f64>`"),
        ("u8", "write `Option<u8>`"),
        ("bool", "write `Option<bool>`"),
        ("Box<String>", "write `Option<String>`"),
        ("chrono::NaiveDate", "write `Option<chrono :: NaiveDate>`"),
        ("std::collections::HashMap<String, f64>", "no maps: write a list of structs"),
        ("Option<BTreeMap<String, f64>>", "no maps: write a list of structs"),
        ("HashSet<String>", "no sets: write a `Vec`"),
        ("Vec<Option<String>>", "never returns null items: write the items without `Option`"),
        ("Vec<Vec<String>>", "no lists of lists: write a list of structs that contain the inner list"),
        ("(String, f64)", "no tuples"),
        ("[f64; 3]", "no tuples and no lists of fixed length"),
        ("&'static str", "returns owned values: write `Option<String>`"),
        ("Option<DateTime<Utc>>", "dates without a time: write `Option<Date>`"),
        ("serde_json::Value", "needs the type of each value"),
        ("Option<char>", "write `Option<String>`"),
        ("Vec<Invoice>", "cannot contain itself: write a list without nesting"),
        ("Option<Box<Invoice>>", "cannot contain itself"),
        ("Vec<Self>", "cannot contain itself"),
    ] {
        let found = message_about(ty);
        assert!(found.contains(message), "{ty}: {found}");
    }
}

#[test]
fn types_that_can_be_extracted_are_not_refused() {
    for ty in [
        "Option<String>",
        "Vec<String>",
        "Vec<f64>",
        "Option<Vec<String>>",
        "Currency",
        "Option<Currency>",
        "Line",
        "Vec<Line>",
        "Box<Line>",
        "Box<Option<String>>",
        "Option<Date>",
        "Option<Kind>",
    ] {
        assert_eq!(message_about(ty), "", "{ty}");
    }
}

#[test]
fn every_field_that_is_refused_is_reported() {
    assert_eq!(messages("struct Invoice { number: String, total: f64, due: Option<Date> }").len(), 2);
}

#[test]
fn items_that_cannot_be_extracted_are_refused() {
    for (source, message) in [
        ("struct Invoice(Option<String>);", "a struct with named fields"),
        ("struct Invoice;", "a struct with named fields"),
        ("struct Invoice<T> { a: Option<T> }", "write a type without parameters"),
        ("enum Kind { Paid(f64), Open }", "no unions: write an enum without data"),
        ("#[serde(untagged)] enum Kind { A, B }", "no unions"),
        ("#[serde(tag = \"type\")] enum Kind { A, B }", "no unions"),
        ("struct Invoice { #[serde(alias = \"no\")] number: Option<String> }", "in place of `alias`"),
        ("struct Invoice { #[serde(flatten)] inner: Inner }", "no place of its own in the output"),
        ("#[serde(rename_all = \"UpperCamel\")] struct Invoice { a: Option<String> }", "no such convention"),
    ] {
        let found = messages(source).join("; ");
        assert!(found.contains(message), "{source}: {found}");
    }
}

#[test]
fn handles_have_the_names_that_serde_reads() {
    let source = r#"
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct Invoice {
            pub due_date: Option<Date>,
            #[serde(default, rename = "no")]
            number: Option<String>,
            #[serde(rename(serialize = "out", deserialize = "in"))]
            renamed: Option<String>,
            r#type: Option<String>,
            #[serde(skip)]
            cache: String,
        }
    "#;
    let input: DeriveInput = parse_str(source).unwrap();
    let expanded = expand(&input).unwrap().to_token_stream().to_string();
    for part in [
        "pub fn due_date () -> __schema :: HandleOf < Invoice , Option < Date > >",
        "field (\"dueDate\"",
        "field (\"no\"",
        "field (\"in\"",
        "fn r#type (& self)",
        "field (\"type\"",
    ] {
        assert!(expanded.contains(part), "{part} in {expanded}");
    }
    assert!(!expanded.contains("cache"), "{expanded}");
}
