//! Turns schemas into types: every component, and every inline schema that needs a name.
//!
//! Knows nothing about operations, which request the types of their schemas.

mod expansions;
mod members;
mod naming;
mod plain_json;
mod registry;
mod scalars;
mod shapes;
mod structs;
#[cfg(test)]
mod tests;
mod titled_places;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::{EnumValue, Enumeration, Kind, Storage, Type, TypeDef, TypeId, Types, Union, Usage, Variant};
use crate::names::{Lock, RustIdent, Scope};
use crate::normalize::{MEMBER, NULL};
use crate::pointer::Pointer;
use crate::profile::TypePolicy;

use super::all_of::{Merges, merge};
use super::annotations::{docs, lifecycle};
use super::intersection::is_demand;
use super::nullability::allows_null;
use super::references::{follow_once, reference_of, resolve};
use super::schema::{Form, classify, list};
use super::shape::reduce_to_shape;
use super::unions::{Decided, Member, decide};

use expansions::Expansions;
use members::{member_words, ordinal};
use naming::{Names, is_name};
use plain_json::{reason, says_more};
use registry::{Definition, Registry};
use scalars::{constant, string, width};
use shapes::{agree, describe};
use variants::labels;

pub(super) use naming::Hint;
pub(super) use registry::Owner;

/// Names that generated code uses without a path; no type of an API may shadow them.
pub(crate) const RESERVED: &[&str] = &[
    "Self",
    "Box",
    "Clone",
    "Constant",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Err",
    "Error",
    "Extra",
    "Field",
    "FilePart",
    "Form",
    "From",
    "Into",
    "IntoIterator",
    "IntoObject",
    "Iterator",
    "Map",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Sensitive",
    "Serialize",
    "Some",
    "String",
    "Timestamp",
    "ToString",
    "Value",
    "Vec",
];

/// The type of a schema, and whether the schema allows `null`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub ty: Type,
    pub nullable: bool,
}

impl Found {
    /// Returns the type including `null`, which the type for any JSON includes already.
    pub(crate) fn with_null(self) -> Type {
        if self.nullable && self.ty != Type::Any { Type::Nullable(Box::new(self.ty)) } else { self.ty }
    }
}

/// Turns schemas into types and records the named ones.
pub(super) struct TypeBuilder<'a> {
    pub document: &'a Value,
    policy: &'a TypePolicy,
    names: Names<'a>,
    registry: Registry,
    expansions: Expansions,
    merges: Merges,
    pub report: Report,
}

/// All types, the names they publish, and the problems that were found.
pub(super) struct Built {
    pub types: Types,
    /// The part of the lock that concerns types.
    pub published: Lock,
    /// The name of the schema at each place of an inline schema or a reference.
    pub places: BTreeMap<String, String>,
    pub report: Report,
}

impl<'a> TypeBuilder<'a> {
    /// Creates a builder that knows the names of all components but has defined no types yet.
    pub(crate) fn new(document: &'a Value, policy: &'a TypePolicy, lock: &'a Lock) -> Self {
        Self {
            document,
            policy,
            names: Names::new(document, policy, lock),
            registry: Registry::default(),
            expansions: Expansions::new(document),
            merges: Merges::default(),
            report: Report::default(),
        }
    }

    /// Defines the types of all components, by name.
    pub(crate) fn define_components(&mut self) {
        let schemas = self.document.pointer("/components/schemas").and_then(Value::as_object);
        let mut schemas: Vec<(&String, &Value)> = schemas.into_iter().flatten().collect();
        schemas.sort_by_key(|(name, _)| *name);
        let at = Pointer::root().join("components").join("schemas");
        let mut declared = Vec::new();
        for (name, schema) in schemas {
            let place = at.join(name);
            let owner = self.declare(Hint::named(name));
            self.registry.add_component(place.clone(), owner.id);
            declared.push((owner, schema, place));
        }
        for (owner, schema, place) in declared {
            let kind = self.component_kind(schema, &place, &owner);
            self.define(&owner, schema, place, kind);
        }
    }

    /// Returns all types; must be called after the type of every schema has been requested.
    pub(crate) fn finish(mut self) -> Built {
        self.report_divergence();
        for identity in self.names.missing() {
            let place = Pointer::root().join("types");
            self.report.push(
                Diagnostic::new(Code::ProfileUnused, place, format!("no schema is called `{identity}`"))
                    .in_source("profile.toml")
                    .expected("the name of a schema, as the left column of names.toml has it")
                    .help("was it renamed? Then write its new name; else take it out of `types`"),
            );
        }
        let (published, places) = self.names.into_published();
        Built { types: self.registry.finish(), published, places, report: self.report }
    }

    /// Assigns a name to a schema and returns the type that it defines.
    fn declare(&mut self, hint: Hint) -> Owner {
        let hint = self.names.distinguish(hint);
        if let Some((shared, rank)) = self.names.shared(hint.identity()) {
            let name = self.names.publish(shared);
            let id = self.registry.reserve_shared(name.clone());
            let share = Some((rank, shared.doc.clone()));
            return Owner { id, name, identity: shared.identity().to_owned(), hint, share };
        }
        let name = self.names.claim(&hint);
        let id = self.registry.reserve(name.clone());
        Owner { id, name, identity: hint.identity().to_owned(), hint, share: None }
    }

    fn define(&mut self, owner: &Owner, schema: &Value, origin: Pointer, kind: Kind) {
        let mut docs = docs(schema);
        // A title that cannot be a name serves as the first line of the documentation.
        let title = schema.get("title").and_then(Value::as_str).unwrap_or_default();
        if docs.summary.is_empty() && title.contains(' ') {
            docs.summary = title.to_owned();
        }
        if let Some((_, doc)) = owner.share.as_ref().filter(|(_, doc)| !doc.is_empty()) {
            docs.summary = String::new();
            docs.description.clone_from(doc);
        }
        let def = TypeDef {
            name: owner.name.clone(),
            identity: owner.identity.clone(),
            other_identities: Vec::new(),
            origin,
            docs,
            lifecycle: lifecycle(schema),
            kind,
            usage: Usage::default(),
            conversions: Vec::new(),
            features: BTreeSet::new(),
        };
        let is_reported = |diagnostic: &Diagnostic| diagnostic.pointer.segments().starts_with(def.origin.segments());
        if matches!(def.kind, Kind::Alias(Type::Any))
            && !self.report.diagnostics.iter().any(is_reported)
            && says_more(self.document, schema, &def.origin)
        {
            self.untyped(&def.origin.clone(), reason(schema));
        }
        let rank = owner.share.as_ref().map_or(0, |(rank, _)| *rank);
        self.registry.define(owner.id, Definition { rank, schema: owner.hint.identity().to_owned(), def });
    }

    /// Reports schemas that the profile combines into one type although they differ.
    fn report_divergence(&mut self) {
        let name = |id: TypeId| self.registry.name(id).map(ToString::to_string).unwrap_or_default();
        let mut found = Vec::new();
        for (first, others) in self.registry.repeated() {
            for other in others.iter().filter(|other| !agree(&first.def.kind, &other.def.kind)) {
                let text = format!(
                    "`{}` is not the type `{}` that the profile makes it: {}",
                    other.schema,
                    first.def.name,
                    describe(&other.def.kind, &name)
                );
                let diagnostic = Diagnostic::new(Code::SharedType, other.def.origin.clone(), text)
                    .expected(format!(
                        "as `{}` at {}: {}",
                        first.schema,
                        first.def.origin,
                        describe(&first.def.kind, &name)
                    ))
                    .help(
                        "take it out of `types.shared` in profile.toml, or correct the schema with an overlay action",
                    );
                found.push(diagnostic);
            }
        }
        found.into_iter().for_each(|diagnostic| self.report.push(diagnostic));
    }

    fn component_kind(&mut self, schema: &Value, place: &Pointer, owner: &Owner) -> Kind {
        match classify(schema) {
            Form::Strings(values) => enumeration(values),
            Form::Object => Kind::Struct(self.structure(schema, place, owner)),
            Form::Merged => match self.merged(schema, place) {
                Some(merged) => {
                    let id = self.registry.component(place);
                    self.within(schema, &merged, id, |builder| builder.component_kind(&merged, place, owner))
                }
                None => Kind::Alias(Type::Any),
            },
            Form::Union(members) => self.union_kind(schema, members, place, owner),
            Form::Reference(_)
            | Form::Constant(_)
            | Form::Map(_)
            | Form::List(_)
            | Form::Tuple(..)
            | Form::String(_)
            | Form::Integer(_)
            | Form::Number
            | Form::Boolean
            | Form::Any
            | Form::Mixed(_) => Kind::Alias(self.type_of(schema, place, &owner.hint).ty),
        }
    }

    fn merged(&mut self, schema: &Value, place: &Pointer) -> Option<Value> {
        match merge(self.document, schema, place) {
            Ok(merged) if self.expansions.pay(&merged).is_some() => Some(merged),
            Ok(_) => {
                self.untyped(place, "its `allOf` unfolds without bounds");
                None
            }
            Err(diagnostic) => {
                self.report.push(diagnostic);
                None
            }
        }
    }

    /// Reads the merged form of a schema with `allOf` while the merge is recorded as in progress.
    fn within<T>(
        &mut self,
        schema: &Value,
        merged: &Value,
        id: Option<TypeId>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.expansions.open(schema, merged, id);
        let found = read(self);
        self.expansions.close();
        found
    }

    /// Returns the type of a schema with `allOf`, which may lead back to itself through the schemas it merges.
    fn merged_type(&mut self, schema: &Value, place: &Pointer, hint: &Hint) -> Type {
        match self.expansions.again(schema) {
            Some(Some(id)) => return Type::Named(id),
            Some(None) => {
                self.untyped(place, "its `allOf` leads back to itself");
                return Type::Any;
            }
            None => {}
        }
        if let Some(known) = self.expansions.known(schema) {
            return known;
        }
        let Some(merged) = self.merged(schema, place) else { return Type::Any };
        if let Some(known) = self.same_as_member(schema, &merged, place) {
            return known;
        }
        let found = self.within(schema, &merged, None, |builder| builder.type_of(&merged, place, hint));
        self.expansions.share(schema, &found.ty);
        found.ty
    }

    fn untyped(&mut self, place: &Pointer, why: &str) {
        self.report.push(
            Diagnostic::new(Code::Untyped, place.clone(), format!("{why}; it becomes plain JSON"))
                .expected("one type")
                .help("give it one type with an overlay action, if that is what the API means"),
        );
    }

    /// Returns the type of a schema. `hint` is used if the type needs a name and the schema has none.
    pub(crate) fn type_of(&mut self, schema: &Value, place: &Pointer, hint: &Hint) -> Found {
        if self.expansions.enter().is_none() {
            self.untyped(place, "schemas are nested too deep");
            return Found { ty: Type::Any, nullable: allows_null(self.document, schema, place) };
        }
        let before = self.report.diagnostics.len();
        let found = self.read(schema, place, hint);
        self.expansions.leave();
        // Whatever the reason is, it is never silent.
        let is_silent = self.report.diagnostics.len() == before;
        if is_silent && found.ty == Type::Any && says_more(self.document, schema, place) {
            self.untyped(place, reason(schema));
        }
        found
    }

    fn read(&mut self, schema: &Value, place: &Pointer, hint: &Hint) -> Found {
        let ty = match classify(schema) {
            Form::Reference(reference) => {
                if let Some(component) = reference.strip_prefix("#/components/schemas/") {
                    self.names.note_reference(hint, component);
                }
                self.referenced(reference, place)
            }
            Form::Merged => self.merged_type(schema, place, hint),
            Form::Union(members) => {
                self.inline(schema, place, hint, |builder, owner| builder.union_kind(schema, members, place, owner))
            }
            Form::Strings(values) => self.inline(schema, place, hint, |_, _| enumeration(values)),
            Form::Object => {
                self.inline(schema, place, hint, |builder, owner| Kind::Struct(builder.structure(schema, place, owner)))
            }
            Form::Map(values) => {
                Type::Map(Box::new(self.inner(values, &place.join("additionalProperties"), &hint.value())))
            }
            Form::List(items) => Type::List(Box::new(self.inner(items, &place.join("items"), &hint.item()))),
            Form::Tuple(items, length) => {
                let at = place.join("prefixItems");
                let item = |(index, item): (usize, &Value)| {
                    self.inner(Some(item), &at.join(index), &hint.property(ordinal(index)))
                };
                Type::Tuple(items.iter().enumerate().map(item).collect(), length)
            }
            Form::Constant(value) => constant(schema, value),
            Form::String(format) => string(format),
            Form::Integer(format) => Type::Integer(width(schema, format)),
            Form::Number => Type::Number,
            Form::Boolean => Type::Boolean,
            Form::Any => Type::Any,
            Form::Mixed(why) => {
                self.untyped(place, why);
                Type::Any
            }
        };
        Found { ty, nullable: allows_null(self.document, schema, place) }
    }

    fn inner(&mut self, schema: Option<&Value>, place: &Pointer, hint: &Hint) -> Type {
        let Some(schema) = schema else { return Type::Any };
        self.type_of(schema, place, hint).with_null()
    }

    fn referenced(&mut self, reference: &str, place: &Pointer) -> Type {
        let component = Pointer::from_reference(reference).and_then(|target| self.registry.component(&target));
        match component {
            Some(id) => Type::Named(id),
            None => self.elsewhere(reference, place),
        }
    }

    /// Returns the type of the member of an `allOf` that says everything that the merged schema says about types.
    fn same_as_member(&mut self, schema: &Value, merged: &Value, place: &Pointer) -> Option<Type> {
        let members = schema.as_object().and_then(|map| list(map, "allOf")).unwrap_or_default();
        let wanted = reduce_to_shape(merged);
        let same = members.iter().filter_map(reference_of).find(|reference| {
            let Ok(target) = resolve(self.document, reference, place) else { return false };
            if !matches!(classify(target.value), Form::Merged) {
                return reduce_to_shape(target.value) == wanted;
            }
            let merged = self.merges.at(self.document, target.value, &target.place);
            merged.is_some_and(|merged| reduce_to_shape(&merged) == wanted)
        })?;
        Some(self.referenced(same, place))
    }

    /// Resolves a reference to something other than a component, such as `#/paths/…` or
    /// `#/components/schemas/A/properties/b`.
    fn elsewhere(&mut self, reference: &str, place: &Pointer) -> Type {
        let target = match resolve(self.document, reference, place) {
            Ok(target) => target,
            Err(diagnostic) => {
                self.report.push(diagnostic);
                return Type::Any;
            }
        };
        if let Some(id) = self.registry.component(&target.place) {
            return Type::Named(id);
        }
        if let Some(known) = self.registry.place(&target.place) {
            return known.clone();
        }
        // If the target refers to itself, it is plain JSON at that point.
        self.registry.add_place(target.place.clone(), Type::Any);
        let skipped = ["components", "schemas", "properties", "paths", "content", "schema"];
        let words: Vec<&str> =
            target.place.segments().iter().map(String::as_str).filter(|word| !skipped.contains(word)).collect();
        let hint = Hint::named(RustIdent::pascal(&words.join(" ")).as_str());
        let ty = self.type_of(target.value, &target.place, &hint).ty;
        self.registry.add_place(target.place, ty.clone());
        ty
    }

    /// Names an inline schema by its title or by its place. Equal schemas with the same title are one type.
    fn inline(
        &mut self,
        schema: &Value,
        place: &Pointer,
        hint: &Hint,
        kind: impl FnOnce(&mut Self, &Owner) -> Kind,
    ) -> Type {
        let title = schema.get("title").and_then(Value::as_str).filter(|title| is_name(title));
        if let Some(id) = title.and_then(|title| self.registry.titled(title, schema)) {
            return Type::Named(id);
        }
        let own = title.filter(|title| self.names.is_own(title, (schema, hint)));
        let owner = self.declare(own.map_or_else(|| hint.clone(), Hint::named));
        self.names.note_inline(hint, &owner);
        self.expansions.named(schema, owner.id);
        if let Some(title) = title {
            self.registry.add_titled(title, schema, owner.id);
        }
        let kind = kind(self, &owner);
        self.define(&owner, schema, place.clone(), kind);
        Type::Named(owner.id)
    }

    fn union_kind(&mut self, schema: &Value, members: &[Value], place: &Pointer, owner: &Owner) -> Kind {
        if let Some(values) = open_strings(members) {
            return enumeration(values);
        }
        if let Some(demanded) = without_demands(self.document, schema, members) {
            return self.component_kind(&demanded, place, owner);
        }
        let key = if schema.get("oneOf").is_some() { "oneOf" } else { "anyOf" };
        let base = shared_part(schema);
        let words = member_words(self.document, members, place);
        let mut built = Vec::new();
        for (index, (member, word)) in members.iter().zip(words).enumerate() {
            let at = place.join(key).join(index);
            let component = component_of(member).map(str::to_owned);
            let with_base = base.as_ref().map(|base| combined(base, member));
            let member = with_base.as_ref().unwrap_or(member);
            if self.is_null(member, &at) {
                continue;
            }
            let found = self.type_of(member, &at, &owner.hint.member(&word));
            // A union that is a member of itself adds no values.
            if self.end(&found.ty, member, &at) == Some(owner.id) {
                continue;
            }
            built.push(Member { schema: member.clone(), place: at, ty: found.ty, component });
        }
        if built.is_empty() {
            return Kind::Alias(Type::Named(owner.id));
        }
        let (members, decision) = match decide(self.document, &self.merges, (schema, place), built) {
            Decided::Same(ty) => return Kind::Alias(ty),
            Decided::Union(members, decision) => (members, decision),
        };
        let name = |ty: &Type| Some(self.registry.name(ty.named()?)?.to_string());
        let names = self.names.claim_variants(owner, &labels(&members, &decision, &name));
        let variant = |(name, member): (RustIdent, Member)| Variant {
            name,
            ty: member.ty,
            storage: Storage::Inline,
            // Decided once all types are known.
            tag: None,
        };
        let variants = names.into_iter().zip(members).map(variant).collect();
        Kind::Union(Union { variants, decision, accessors: Vec::new() })
    }

    /// Returns whether `null` is the only value of a schema.
    fn is_null(&self, schema: &Value, place: &Pointer) -> bool {
        let target = reference_of(schema).and_then(|reference| resolve(self.document, reference, place).ok());
        target.map_or(schema, |target| target.value).get(NULL).is_some()
    }

    /// Returns the named type that a schema stands for, through any number of references.
    fn end(&self, ty: &Type, schema: &Value, place: &Pointer) -> Option<TypeId> {
        let Type::Named(mut id) = *ty else { return None };
        let (mut schema, mut place) = (schema, place.clone());
        for _ in 0..16 {
            let Form::Reference(reference) = classify(schema) else { break };
            let Ok(target) = follow_once(self.document, reference, &place) else { break };
            id = self.registry.component(&target.place).unwrap_or(id);
            (schema, place) = (target.value, target.place);
        }
        Some(id)
    }
}

/// Returns what applies to all members of a union: an object schema beside `oneOf`.
fn shared_part(schema: &Value) -> Option<Value> {
    let map = schema.as_object()?;
    map.get("properties").filter(|properties| properties.as_object().is_some_and(|map| !map.is_empty()))?;
    let keep = ["type", "properties", "required", "additionalProperties"];
    Some(Value::Object(
        map.iter()
            .filter(|(key, _)| keep.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    ))
}

/// Returns a schema without the branches of its union if all of them refer to schemas that only constrain it.
fn without_demands(document: &Value, schema: &Value, members: &[Value]) -> Option<Value> {
    let map = schema.as_object()?;
    let mut rest = map.clone();
    for key in ["oneOf", "anyOf"].into_iter().filter(|key| list(map, key) == Some(members)) {
        rest.shift_remove(key);
    }
    members.iter().all(|member| is_demand(document, member, &rest)).then_some(Value::Object(rest))
}

/// Returns the name of the component that a member of a union refers to.
fn component_of(member: &Value) -> Option<&str> {
    let reference = member.get(MEMBER).and_then(Value::as_str).or_else(|| classify(member).reference())?;
    reference.rsplit('/').next()
}

fn combined(base: &Value, member: &Value) -> Value {
    serde_json::json!({ "allOf": [base, member] })
}

/// A `string` beside inline string enumerations makes one enumeration, which is open in any case.
fn open_strings(members: &[Value]) -> Option<Vec<&str>> {
    let mut values = Vec::new();
    for member in members {
        let form = classify(member);
        if !matches!(form, Form::String(None)) {
            values.extend(form.texts()?);
        }
    }
    (!values.is_empty()).then_some(values)
}

fn enumeration<'v>(values: impl IntoIterator<Item = &'v str>) -> Kind {
    let mut scope = Scope::reserving(&["Unknown"]);
    let mut seen: Vec<&str> = Vec::new();
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    let values = seen
        .into_iter()
        .map(|wire| {
            let name = RustIdent::pascal(wire);
            let name = if name.as_str() == "Unknown" { name.with_suffix("Value") } else { name };
            EnumValue { name: scope.claim(name), wire: wire.to_owned() }
        })
        .collect();
    Kind::Enumeration(Enumeration { values })
}
