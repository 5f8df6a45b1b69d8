//! Looks for constructs that no pass reads, and warns about each once: with its first place and the number of the others.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;
use crate::position::Position;

use super::{Construct, Disposition, Seen, TABLE};

/// Where a construct is.
struct Found {
    construct: &'static Construct,
    first: Pointer,
    count: usize,
}

/// A step of the way from the document to a value. A list on the stack, so that nothing is allocated where nothing is found.
#[derive(Clone, Copy)]
enum Way<'a> {
    Start,
    Key(&'a Way<'a>, &'a str),
    Index(&'a Way<'a>, usize),
}

impl Way<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Self::Start => Pointer::root(),
            Self::Key(outer, key) => outer.pointer().join(key),
            Self::Index(outer, index) => outer.pointer().join(index),
        }
    }
}

/// The constructs that are looked for, by keyword.
struct Survey<'a> {
    /// Values that a pass reads although they look like a construct.
    read: &'a [&'a Value],
    wanted: BTreeMap<&'static str, Vec<(Seen, &'static Construct)>>,
    found: BTreeMap<&'static str, Found>,
}

/// Returns a warning for each construct that the client expresses less precisely than a document, as far as no pass reads it.
/// `read` are the values within the document that a pass does read where they are.
pub(crate) fn find_degraded(document: &Value, read: &[&Value]) -> Report {
    let mut survey = Survey { read, wanted: BTreeMap::new(), found: BTreeMap::new() };
    for construct in TABLE.iter().flat_map(|(_, constructs)| *constructs) {
        if let Disposition::Degraded(Some(seen)) = construct.disposition {
            for key in seen.keys {
                survey.wanted.entry(key).or_default().push((seen, construct));
            }
        }
    }
    survey.visit(Position::Root, document, &Way::Start);
    let mut found: Vec<Found> = survey.found.into_values().collect();
    found.sort_by(|one, other| one.first.cmp(&other.first));
    Report { diagnostics: found.into_iter().map(warning).collect() }
}

impl Survey<'_> {
    fn visit(&mut self, position: Position, value: &Value, way: &Way<'_>) {
        if position == Position::Data {
            return;
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let way = Way::Key(way, key);
                    for (seen, construct) in self.wanted.get(key.as_str()).map(Vec::as_slice).unwrap_or_default() {
                        let is_seen = seen.position == position && (seen.when)(value, map);
                        if is_seen && !self.read.iter().any(|read| std::ptr::eq(*read, value)) {
                            let new = || Found { construct, first: way.pointer(), count: 0 };
                            self.found.entry(construct.name).or_insert_with(new).count += 1;
                        }
                    }
                    self.visit(position.below(key), value, &way);
                }
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.for_each(|(index, item)| self.visit(position.below(""), item, &Way::Index(way, index)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn warning(Found { construct, first, count }: Found) -> Diagnostic {
    let others = match count {
        0 | 1 => String::new(),
        2 => ", here and at one other place".to_owned(),
        count => format!(", here and at {} other places", count - 1),
    };
    Diagnostic::new(Code::Degraded, first, format!("{}{others}: {}", construct.name, construct.client))
        .expected("a construct that the client expresses as it is; docs/support.md lists all")
        .help("cargo xtask explain degraded")
}
