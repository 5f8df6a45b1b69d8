//! Rewrites the document and the parts of other files that it refers to: references out of a file become marks, which stand for the
//! places that the parts end up at. Must not know names.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::diagnostic::Report;
use crate::pointer::Pointer;

use super::files::Files;
use super::naming::Origin;
use super::{Unread, reference_of};
use crate::position::Position;

/// Begins a reference whose target has no place yet. It is a private-use character that no reference begins with.
pub(super) const MARK: char = '\u{e001}';
/// Maximum nesting of files that are put in the place of their reference.
const DEEPEST: usize = 32;

/// A part of another file that becomes a component.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub origin: Origin,
    pub position: Position,
    /// The rewritten part.
    pub value: Value,
    /// Where the document already has a place for it: a component or path that consists of the reference.
    pub place: Option<Pointer>,
}

/// The result, with marks.
pub(super) struct Rewritten {
    pub root: Value,
    pub targets: Vec<Target>,
    /// Where a part was put in the place of its reference: the owner, the place in it, and the part.
    pub inlined: Vec<(Owner, Pointer, Origin)>,
    pub texts: BTreeMap<String, String>,
    pub unread: BTreeMap<String, Unread>,
    pub doubts: Report,
}

impl Rewritten {
    /// Returns whether the document has parts of other files.
    pub(super) fn is_changed(&self) -> bool {
        !self.targets.is_empty() || !self.inlined.is_empty()
    }
}

/// What a rewritten part belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Document,
    Target(usize),
}

/// Where a value is read from, and where it goes.
#[derive(Clone)]
struct At {
    file: String,
    owner: Owner,
    /// The place in the owner.
    place: Pointer,
    /// How many files it was put into in the place of their references.
    depth: usize,
}

impl At {
    fn below(&self, key: impl std::fmt::Display) -> Self {
        Self { place: self.place.join(key), ..self.clone() }
    }
}

/// The state of rewriting.
pub(super) struct Rewriting<'l> {
    files: Files<'l>,
    targets: Vec<Target>,
    known: BTreeMap<(Origin, &'static str), usize>,
    inlined: Vec<(Owner, Pointer, Origin)>,
    unread: BTreeMap<String, Unread>,
}

impl<'l> Rewriting<'l> {
    pub(super) fn new(files: Files<'l>) -> Self {
        Self { files, targets: Vec::new(), known: BTreeMap::new(), inlined: Vec::new(), unread: BTreeMap::new() }
    }

    /// Rewrites the document itself.
    pub(super) fn rewrite_root(&mut self) -> Value {
        let file = self.files.root.clone();
        let value = self.files.value(&Origin { file: file.clone(), pointer: Pointer::root() });
        self.rewrite(Position::Root, value, &At { file, owner: Owner::Document, place: Pointer::root(), depth: 0 })
    }

    /// Returns whether any reference leads out of the document.
    pub(super) fn has_left(&self) -> bool {
        !(self.targets.is_empty() && self.inlined.is_empty() && self.unread.is_empty())
    }

    /// Rewrites the parts that were found, and those that they refer to.
    pub(super) fn finish(mut self, root: Value) -> Rewritten {
        let mut index = 0;
        while let Some(target) = self.targets.get(index) {
            let (origin, position) = (target.origin.clone(), target.position);
            let value = self.files.value(&origin);
            let at = At { file: origin.file, owner: Owner::Target(index), place: Pointer::root(), depth: 0 };
            let value = self.rewrite(position, value, &at);
            if let Some(target) = self.targets.get_mut(index) {
                target.value = value;
            }
            index += 1;
        }
        Rewritten {
            root,
            texts: self.files.texts(),
            targets: self.targets,
            inlined: self.inlined,
            unread: self.unread,
            doubts: self.files.doubts,
        }
    }

    fn rewrite(&mut self, position: Position, value: Value, at: &At) -> Value {
        if position == Position::Data {
            return value;
        }
        let reference = reference_of(&value).map(|(reference, _)| reference.to_owned());
        match (value, reference) {
            (Value::Object(map), Some(reference)) => self.follow(position, map, &reference, at),
            (Value::Object(map), None) => Value::Object(self.rewrite_members(position, map, at)),
            (Value::Array(items), _) => {
                let items = items.into_iter().enumerate();
                items.map(|(index, item)| self.rewrite(position.below(""), item, &at.below(index))).collect()
            }
            (Value::String(name), _) if position == Position::SchemaName => json!(self.schema_name(name, at)),
            (value, _) => value,
        }
    }

    fn rewrite_members(&mut self, position: Position, map: Map<String, Value>, at: &At) -> Map<String, Value> {
        let member = |(key, value): (String, Value)| {
            let value = self.rewrite(position.below(&key), value, &at.below(&key));
            (key, value)
        };
        map.into_iter().map(member).collect()
    }

    /// Follows the reference that an object has.
    fn follow(&mut self, position: Position, map: Map<String, Value>, reference: &str, at: &At) -> Value {
        let is_own = at.file == self.files.root && at.owner == Owner::Document;
        if is_own && reference.starts_with('#') {
            return Value::Object(self.rewrite_siblings(position, map, at));
        }
        let target = match self.files.target(&at.file, reference) {
            Ok(target) => target,
            Err(unread) => {
                self.unread.insert(reference.to_owned(), unread);
                return Value::Object(self.rewrite_siblings(position, map, at));
            }
        };
        if position.section().is_none() && at.depth < DEEPEST {
            return self.inline(position, map, target, at);
        }
        let alone = map.len() == 1;
        let mut map = self.rewrite_siblings(position, map, at);
        map.insert("$ref".to_owned(), json!(self.reference(position, target, alone.then_some(at))));
        Value::Object(map)
    }

    fn rewrite_siblings(&mut self, position: Position, map: Map<String, Value>, at: &At) -> Map<String, Value> {
        let member = |(key, value): (String, Value)| {
            let position = if key == "$ref" { Position::Data } else { position.below(&key) };
            let value = self.rewrite(position, value, &at.below(&key));
            (key, value)
        };
        map.into_iter().map(member).collect()
    }

    /// Puts a part in the place of its reference; what stands beside the reference takes precedence.
    fn inline(&mut self, position: Position, map: Map<String, Value>, target: Origin, at: &At) -> Value {
        let value = self.files.value(&target);
        self.inlined.push((at.owner, at.place.clone(), target.clone()));
        let inner = At { file: target.file, depth: at.depth + 1, ..at.clone() };
        let mut value = self.rewrite(position, value, &inner);
        let mut beside = self.rewrite_siblings(position, map, at);
        beside.shift_remove("$ref");
        if let Some(value) = value.as_object_mut() {
            value.extend(beside);
        }
        value
    }

    /// Returns the reference to a part: to its place in the document, or a mark. `alone` is the place of an object that consists of
    /// the reference.
    fn reference(&mut self, position: Position, target: Origin, alone: Option<&At>) -> String {
        if target.file == self.files.root {
            return target.pointer.reference();
        }
        let Some(section) = position.section() else { return String::new() };
        let index = *self.known.entry((target.clone(), section)).or_insert_with(|| {
            self.targets.push(Target { origin: target, position, value: Value::Null, place: None });
            self.targets.len() - 1
        });
        let place = alone.filter(|at| at.owner == Owner::Document).map(|at| &at.place);
        if let (Some(target), Some(place)) =
            (self.targets.get_mut(index), place.filter(|place| is_home(place, section)))
        {
            target.place.get_or_insert_with(|| place.clone());
        }
        format!("{MARK}{index}")
    }

    /// Rewrites the target of a discriminator: a reference, or the name of a component of its own file.
    fn schema_name(&mut self, name: String, at: &At) -> String {
        let is_own = at.file == self.files.root;
        let is_reference =
            name.contains(['#', '/']) || [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end));
        let reference = match (is_reference, is_own) {
            (true, true) if name.starts_with('#') => return name,
            (true, _) => name.clone(),
            (false, true) => return name,
            (false, false) => Pointer::root().join("components").join("schemas").join(&name).reference(),
        };
        match self.files.target(&at.file, &reference) {
            Ok(target) => self.reference(Position::Schema, target, None),
            Err(_) => name,
        }
    }
}

/// Returns whether a place can hold a part itself: a component of its section, or a path.
fn is_home(place: &Pointer, section: &str) -> bool {
    match place.segments() {
        [components, of, _] => components == "components" && of == section,
        [paths, _] => ["paths", "webhooks"].contains(&paths.as_str()) && section == "pathItems",
        _ => false,
    }
}
