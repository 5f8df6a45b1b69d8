//! Unions inside of unions, as our types and as derived ones with internal tags.
//!
//! It must not know how they are read.

#![allow(missing_docs, dead_code, reason = "only decoded")]

use serde::Deserialize;
use serde_json::Value;

/// JSON of unions, this many levels deep.
pub fn text(depth: usize) -> Vec<u8> {
    fn shape(level: usize) -> Value {
        match level {
            0 => serde_json::json!({ "label": "the innermost", "type": "leaf", "size": 12.5 }),
            level => serde_json::json!({
                "id": format!("shape_{level}"), "type": "group", "note": null,
                "first": shape(level - 1), "second": { "type": "leaf", "label": "a leaf", "size": level },
            }),
        }
    }
    serde_json::to_vec(&shape(depth)).unwrap_or_default()
}

#[derive(Debug, PartialEq)]
pub enum Ours {
    Leaf(Leaf),
    Group(Group),
    Unknown(Value),
}

sdk_runtime::tagged_union!(Ours(Leaf, Group) by "type" {
    "leaf" => Leaf,
    "group" => Group,
});

#[derive(Debug)]
pub struct Leaf {
    pub label: String,
    pub size: f64,
}

sdk_runtime::object!(Leaf {
    "label" => label: required,
    "size" => size: required,
});

#[derive(Debug)]
pub struct Group {
    pub id: String,
    pub note: Option<String>,
    pub first: Box<Ours>,
    pub second: Box<Ours>,
}

sdk_runtime::object!(Group {
    "id" => id: required,
    "note" => note: nullable,
    "first" => first: required,
    "second" => second: required,
});

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Plain {
    Leaf { label: String, size: f64 },
    Group { id: String, note: Option<String>, first: Box<Plain>, second: Box<Plain> },
}
