//! The pairs of documents that the proof compares: every kind of change in every place where it can be. Must not know how documents
//! are compared.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::outcome::Failure;

use super::super::examples::{Example, Whole, list_examples, list_taken_over, list_wholes};
use super::places::{Place, Placed, Travel};

/// Two revisions of a document that differ in one thing.
#[derive(Clone, Debug)]
pub(in crate::drift) struct Pair {
    pub(in crate::drift) name: String,
    pub(in crate::drift) subject: Subject,
    pub(in crate::drift) names: Names,
    pub(in crate::drift) before: Value,
    pub(in crate::drift) after: Value,
}

/// Which names the new client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::drift) enum Names {
    /// Those of the old one, wherever they still fit.
    Kept,
    /// Those that the new document suggests, with the old ones as aliases.
    Adopted,
}

/// What differs.
#[derive(Clone, Debug)]
pub(in crate::drift) enum Subject {
    /// A schema in a place.
    Schema(Example, Place, Travel),
    /// Something that is no schema, in a few words, and why it matters as it does.
    Whole(&'static str, &'static str),
}

impl Subject {
    /// The place and the way of what is no schema.
    pub(in crate::drift) const WHOLE: (&'static str, &'static str) = ("operation", "–");

    /// Returns whether values of a schema show what differs on the wire.
    pub(in crate::drift) fn has_values(&self) -> bool {
        match self {
            Self::Schema(..) => true,
            Self::Whole(..) => false,
        }
    }

    /// Returns the place and the way, as reports show them.
    pub(in crate::drift) fn place(&self) -> (&'static str, &'static str) {
        match self {
            Self::Schema(_, place, travel) => (place.as_str(), travel.as_str()),
            Self::Whole(_, _) => Self::WHOLE,
        }
    }
}

/// One of so many of the less usual places is tried with each kind of change, in turn.
const TURNS: usize = 11;

/// Returns every kind of change in a property of a body, and in some of the other places, so that each place has a share of all
/// kinds.
pub(in crate::drift) fn list_pairs() -> Vec<Pair> {
    list_pairs_where(|index, turn, place, example| {
        (place == Place::Top || (index + turn).is_multiple_of(TURNS)) && is_usual(example, place)
    })
}

/// Returns every kind of change in every place, for the page that shows each ID.
pub(in crate::drift) fn list_all_pairs() -> Vec<Pair> {
    list_pairs_where(|_, _, _, _| true)
}

fn list_pairs_where(is_chosen: impl Fn(usize, usize, Place, &Example) -> bool) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (index, example) in list_examples().into_iter().enumerate() {
        for (turn, place) in Place::ALL.into_iter().enumerate() {
            if is_chosen(index, turn, place, &example) && fits(&example, place) {
                pairs.extend(place.ways().iter().map(|travel| pair(index, &example, place, *travel)));
            }
        }
    }
    pairs.extend(list_wholes().into_iter().map(|example| whole(example, Names::Kept)));
    pairs.extend(list_taken_over().into_iter().map(|example| whole(example, Names::Adopted)));
    pairs
}

/// Returns the pairs in a folder: `NAME.old.json` and `NAME.new.json`.
pub(in crate::drift) fn read_pairs(folder: &Path) -> Result<Vec<Pair>, Failure> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map_err(Failure::io("read", folder))?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".old.json").map(str::to_owned))
        .collect();
    names.sort();
    let read = |name: &str, side: &str| -> Result<Value, Failure> {
        let path = folder.join(format!("{name}.{side}.json"));
        let text = fs::read(&path).map_err(Failure::io("read", &path))?;
        serde_json::from_slice(&text).map_err(|error| Failure::io("read", &path)(error.into()))
    };
    names
        .into_iter()
        .map(|name| {
            let (before, after) = (read(&name, "old")?, read(&name, "new")?);
            let subject = Subject::Whole("a pair of documents", "it is not one of ours");
            Ok(Pair { name, subject, names: Names::Kept, before, after })
        })
        .collect()
}

fn whole(example: Whole, names: Names) -> Pair {
    Pair {
        name: example.name.to_owned(),
        subject: Subject::Whole(example.name, example.why),
        names,
        before: example.before,
        after: example.after,
    }
}

/// Returns whether a kind of change can be in a place.
fn fits(example: &Example, place: Place) -> bool {
    let is_presence = example.before.is_none() || example.after.is_none() || example.required.0 != example.required.1;
    !(place.is_bare() && is_presence)
}

/// Returns whether a schema is one that parameters and headers usually have.
fn is_usual(example: &Example, place: Place) -> bool {
    let mut schemas = [&example.before, &example.after].into_iter().flatten();
    let is_plain = |schema: &Value| {
        let kind = schema.get("type").and_then(Value::as_str).unwrap_or_default();
        ["string", "integer", "number", "boolean"].contains(&kind)
            || (kind == "array" && schema.get("prefixItems").is_none())
            || schema.get("const").is_some()
    };
    !matches!(place, Place::Parameter | Place::Header) || schemas.all(is_plain)
}

fn pair(index: usize, example: &Example, place: Place, travel: Travel) -> Pair {
    let document =
        |schema: &Option<Value>, required| Placed { place, travel, schema: schema.as_ref(), required }.document();
    let shown = |schema: &Option<Value>, required: bool| match schema {
        Some(schema) => format!("{schema}{}", if required { ", required" } else { "" }),
        None => "nothing".to_owned(),
    };
    let (before, after) = (shown(&example.before, example.required.0), shown(&example.after, example.required.1));
    Pair {
        name: format!("{index} {} {}: {before} -> {after}", travel.as_str(), place.as_str()),
        before: document(&example.before, example.required.0),
        after: document(&example.after, example.required.1),
        subject: Subject::Schema(example.clone(), place, travel),
        names: Names::Kept,
    }
}
