//! Digests of schemas: equal for schemas that allow the same values in the same way, whatever they are called.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::{Contract, RestFacts, SchemaFacts, SchemaId, SchemaUse};

/// Levels below a schema that its digest covers.
const DEPTH: u8 = 5;

/// The digests of the schemas of one contract, each computed once.
pub(crate) struct Digests<'a> {
    contract: &'a Contract,
    known: RefCell<HashMap<(SchemaId, u8), u64>>,
}

impl<'a> Digests<'a> {
    pub(crate) fn new(contract: &'a Contract) -> Self {
        Self { contract, known: RefCell::default() }
    }

    /// Returns the digest of a schema.
    pub(crate) fn of(&self, id: SchemaId) -> u64 {
        self.at(id, DEPTH)
    }

    /// Returns the digest of a use of a schema.
    pub(crate) fn of_use(&self, part: &SchemaUse) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash_use(part, DEPTH, &mut hasher);
        hasher.finish()
    }

    fn at(&self, id: SchemaId, depth: u8) -> u64 {
        if let Some(digest) = self.known.borrow().get(&(id, depth)) {
            return *digest;
        }
        let mut hasher = DefaultHasher::new();
        self.hash(self.contract.schema(id), depth, &mut hasher);
        let digest = hasher.finish();
        self.known.borrow_mut().insert((id, depth), digest);
        digest
    }

    fn hash(&self, facts: &SchemaFacts, depth: u8, hasher: &mut DefaultHasher) {
        (facts.kind, facts.nullable, &facts.format, &facts.pattern).hash(hasher);
        let mut values: Vec<String> =
            facts.values.iter().flat_map(|values| &values.list).map(Value::to_string).collect();
        values.sort();
        values.hash(hasher);
        for (limit, value) in &facts.limits {
            (limit, value.to_string()).hash(hasher);
        }
        for (keyword, value) in &facts.keywords {
            (keyword, value.to_string()).hash(hasher);
        }
        for (name, property) in &facts.properties {
            (name, property.required).hash(hasher);
            self.below(&property.value, depth, hasher);
        }
        match &facts.rest {
            RestFacts::Unstated | RestFacts::Open => 0.hash(hasher),
            RestFacts::Closed => 1.hash(hasher),
            RestFacts::Typed(part) => self.below(part, depth, hasher),
        }
        facts.positions.len().hash(hasher);
        for part in facts.items.as_deref().into_iter().chain(&facts.positions) {
            self.below(part, depth, hasher);
        }
        for union in &facts.unions {
            union.tag.hash(hasher);
            let mut members: Vec<u64> = Vec::new();
            for member in &union.members {
                let mut hasher = DefaultHasher::new();
                self.below(member, depth, &mut hasher);
                members.push(hasher.finish());
            }
            members.sort_unstable();
            members.hash(hasher);
        }
    }

    fn below(&self, part: &SchemaUse, depth: u8, hasher: &mut DefaultHasher) {
        match depth.checked_sub(1) {
            Some(depth) => self.hash_use(part, depth, hasher),
            None => self.contract.schema(part.schema).kind.hash(hasher),
        }
    }

    fn hash_use(&self, part: &SchemaUse, depth: u8, hasher: &mut DefaultHasher) {
        self.contract.is_nullable(part).hash(hasher);
        self.at(part.schema, depth).hash(hasher);
    }
}
