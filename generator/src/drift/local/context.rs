//! What the comparison of two schemas reads: both documents, and what is known already.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::contract::{Contract, Digests, SchemaId};
use crate::ir::{Api, Kind, Union};

use super::super::aspect::Way;
use super::Local;

/// Levels of schemas that are compared to see whether something breaks.
const DEEPEST: usize = 100;

/// One of the two documents.
pub(in crate::drift) struct Side<'a> {
    pub(in crate::drift) contract: &'a Contract,
    pub(in crate::drift) api: &'a Api,
    pub(in crate::drift) digests: Digests<'a>,
    unions: HashMap<SchemaId, &'a Union>,
}

impl<'a> Side<'a> {
    pub(in crate::drift) fn new(contract: &'a Contract, api: &'a Api) -> Self {
        let mut unions = HashMap::new();
        for def in api.types.ids().map(|id| api.types.get(id)) {
            let Kind::Union(union) = &def.kind else { continue };
            if let Some(id) = contract.at(&def.origin.to_string()) {
                unions.insert(id, union);
            }
        }
        Self { contract, api, digests: Digests::new(contract), unions }
    }

    /// Returns how a client reads a union.
    pub(super) fn union(&self, id: SchemaId) -> Option<&'a Union> {
        self.unions.get(&id).copied()
    }
}

/// Both documents, and what was found about pairs of their schemas.
pub(in crate::drift) struct Context<'a> {
    pub(in crate::drift) old: Side<'a>,
    pub(in crate::drift) new: Side<'a>,
    known: RefCell<HashMap<(SchemaId, SchemaId), Rc<Local>>>,
    active: RefCell<HashSet<(SchemaId, SchemaId, Way)>>,
    depth: Cell<usize>,
    renamed: RefCell<HashMap<SchemaId, SchemaId>>,
}

impl<'a> Context<'a> {
    pub(in crate::drift) fn new(old: Side<'a>, new: Side<'a>) -> Self {
        Self {
            old,
            new,
            known: RefCell::default(),
            active: RefCell::default(),
            depth: Cell::default(),
            renamed: RefCell::default(),
        }
    }

    pub(super) fn known(&self, old: SchemaId, new: SchemaId) -> Option<Rc<Local>> {
        self.known.borrow().get(&(old, new)).cloned()
    }

    pub(super) fn remember(&self, old: SchemaId, new: SchemaId, local: Local) -> Rc<Local> {
        let local = Rc::new(local);
        self.known.borrow_mut().insert((old, new), Rc::clone(&local));
        local
    }

    /// Returns whether a pair is not being compared already, and notes that it is now.
    pub(super) fn enter(&self, old: SchemaId, new: SchemaId, way: Way) -> bool {
        if self.depth.get() >= DEEPEST || !self.active.borrow_mut().insert((old, new, way)) {
            return false;
        }
        self.depth.set(self.depth.get() + 1);
        true
    }

    pub(super) fn leave(&self, old: SchemaId, new: SchemaId, way: Way) {
        self.active.borrow_mut().remove(&(old, new, way));
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Returns whether two named schemas are one under two names. A name that is gone where only a new name stands, with much in
    /// common, was renamed; the first pair found decides.
    pub(in crate::drift) fn is_renamed(&self, old: SchemaId, new: SchemaId) -> bool {
        let (before, after) = (self.old.contract.schema(old), self.new.contract.schema(new));
        let (Some(from), Some(to)) = (&before.name, &after.name) else { return false };
        if self.new.contract.components.contains_key(from) || self.old.contract.components.contains_key(to) {
            return false;
        }
        if let Some(known) = self.renamed.borrow().get(&old) {
            return *known == new;
        }
        if self.renamed.borrow().values().any(|other| *other == new) || !self.resembles(old, new) {
            return false;
        }
        self.renamed.borrow_mut().insert(old, new);
        true
    }

    /// Returns the schemas that were renamed.
    pub(in crate::drift) fn renamed(&self) -> Vec<(SchemaId, SchemaId)> {
        let mut pairs: Vec<(SchemaId, SchemaId)> =
            self.renamed.borrow().iter().map(|(old, new)| (*old, *new)).collect();
        pairs.sort();
        pairs
    }

    /// Notes that a schema was renamed.
    pub(in crate::drift) fn add_renamed(&self, old: SchemaId, new: SchemaId) {
        self.renamed.borrow_mut().insert(old, new);
    }

    /// Returns whether two schemas have at least half of what they consist of in common.
    pub(super) fn resembles(&self, old: SchemaId, new: SchemaId) -> bool {
        if self.old.digests.of(old) == self.new.digests.of(new) {
            return true;
        }
        let (before, after) = (self.old.contract.schema(old), self.new.contract.schema(new));
        if before.kind != after.kind {
            return false;
        }
        let half = |common: usize, one: usize, other: usize| 2 * common >= one.max(other) && common > 0;
        if !before.properties.is_empty() || !after.properties.is_empty() {
            let kind = |contract: &Contract, id| contract.schema(id).kind;
            let shared = before.properties.iter().filter(|(name, property)| {
                after.properties.get(*name).is_some_and(|other| {
                    kind(self.old.contract, property.value.schema) == kind(self.new.contract, other.value.schema)
                })
            });
            return half(shared.count(), before.properties.len(), after.properties.len());
        }
        match (&before.values, &after.values) {
            (Some(one), Some(other)) => {
                let shared = one.list.iter().filter(|value| other.list.contains(value)).count();
                half(shared, one.list.len(), other.list.len())
            }
            (None, None) => {
                before.unions.len() == after.unions.len() && before.positions.len() == after.positions.len()
            }
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}
