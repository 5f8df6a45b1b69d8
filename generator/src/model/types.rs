//! Schemas to types: every component, and every inline schema that needs a name.
//!
//! Knows nothing of operations; they ask for the types of their schemas.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::{
    EnumValue, Enumeration, Kind, Presence, Property, Requirement, Rest, Secrecy, Storage, Struct, Type, TypeDef,
    TypeId, Types, Usage, Width,
};
use crate::names::{Lock, RustIdent, Scope, WireName};
use crate::normalize::MAY_BE_ABSENT;
use crate::pointer::Pointer;
use crate::profile::{TypePolicy, UnknownFields};

use super::all_of::{Merges, merge};
use super::annotations::{docs, lifecycle, notes};
use super::expansion::Expansions;
use super::references::resolve;
use super::schema::{Form, classify, list, nullable};
use super::unions::{Member, union};

/// Names that emitted code uses without a path; no type of an API may shadow them.
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
    /// The type, `null` included. Any JSON includes it anyway.
    pub fn with_null(self) -> Type {
        if self.nullable && self.ty != Type::Any { Type::Nullable(Box::new(self.ty)) } else { self.ty }
    }
}

/// Turns schemas into types, remembering those it has named.
pub(super) struct TypeBuilder<'a> {
    pub document: &'a Value,
    policy: &'a TypePolicy,
    lock: &'a Lock,
    scope: Scope,
    slots: Vec<Option<TypeDef>>,
    components: HashMap<Pointer, TypeId>,
    places: HashMap<Pointer, Found>,
    titled: HashMap<String, Vec<(Value, TypeId)>>,
    expansions: Expansions,
    merges: Merges,
    /// The type whose form is being decided.
    owner: Option<TypeId>,
    /// Names given out, by identity.
    pub published: BTreeMap<String, String>,
    pub report: Report,
}

impl<'a> TypeBuilder<'a> {
    /// A builder that knows the names of all components and the types of none.
    pub fn new(document: &'a Value, policy: &'a TypePolicy, lock: &'a Lock) -> Self {
        let mut scope = Scope::reserving(RESERVED);
        for name in lock.types.values() {
            scope.claim(RustIdent::pascal(name));
        }
        Self {
            document,
            policy,
            lock,
            scope,
            slots: Vec::new(),
            components: HashMap::new(),
            places: HashMap::new(),
            titled: HashMap::new(),
            expansions: Expansions::new(document),
            merges: Merges::default(),
            owner: None,
            published: BTreeMap::new(),
            report: Report::default(),
        }
    }

    /// Types of all components, by name.
    pub fn components(&mut self) {
        let schemas = self.document.pointer("/components/schemas").and_then(Value::as_object);
        let mut schemas: Vec<(&String, &Value)> = schemas.into_iter().flatten().collect();
        schemas.sort_by_key(|(name, _)| *name);
        let at = Pointer::root().join("components").join("schemas");
        let mut declared = Vec::new();
        for (name, schema) in schemas {
            let place = at.join(name);
            let id = self.declare(place.clone());
            let rust = self.name(name);
            declared.push((id, rust, name, schema, place));
        }
        for (id, rust, name, schema, place) in declared {
            self.owner = Some(id);
            let kind = self.component_kind(schema, &place, name);
            self.define(id, rust, name, schema, place, kind);
        }
    }

    /// All types; to be called when every schema was asked for.
    pub fn finish(self) -> (Types, BTreeMap<String, String>, Report) {
        (Types(self.slots.into_iter().flatten().collect()), self.published, self.report)
    }

    fn declare(&mut self, place: Pointer) -> TypeId {
        let id = TypeId(self.slots.len());
        self.slots.push(None);
        self.components.insert(place, id);
        id
    }

    fn reserve(&mut self) -> TypeId {
        self.slots.push(None);
        TypeId(self.slots.len() - 1)
    }

    fn name(&mut self, identity: &str) -> RustIdent {
        let name = match self.lock.types.get(identity) {
            Some(locked) if !self.published.contains_key(identity) => RustIdent::pascal(locked),
            Some(_) | None => self.scope.claim(RustIdent::pascal(identity)),
        };
        self.published.entry(identity.to_owned()).or_insert_with(|| name.to_string());
        name
    }

    fn define(&mut self, id: TypeId, name: RustIdent, identity: &str, schema: &Value, origin: Pointer, kind: Kind) {
        let mut docs = docs(schema);
        // A title that is no name is the better first line.
        let title = schema.get("title").and_then(Value::as_str).unwrap_or_default();
        if docs.summary.is_empty() && title.contains(' ') {
            docs.summary = title.to_owned();
        }
        let def = TypeDef {
            name,
            identity: identity.to_owned(),
            origin,
            docs,
            lifecycle: lifecycle(schema),
            kind,
            usage: Usage::default(),
        };
        if let Some(slot) = self.slots.get_mut(id.0) {
            *slot = Some(def);
        }
    }

    fn component_kind(&mut self, schema: &Value, place: &Pointer, identity: &str) -> Kind {
        match classify(schema) {
            Form::Strings(values) => enumeration(&values),
            Form::Object => Kind::Struct(self.structure(schema, place, identity)),
            Form::Merged => match self.merged(schema, place) {
                Some(merged) => {
                    self.expansions.open(schema, &merged, self.components.get(place).copied());
                    let kind = self.component_kind(&merged, place, identity);
                    self.expansions.close();
                    kind
                }
                None => Kind::Alias(Type::Any),
            },
            Form::Union(members) => self.union_kind(schema, members, place, identity),
            Form::Reference(_)
            | Form::Constant(_)
            | Form::Map(_)
            | Form::List(_)
            | Form::String(_)
            | Form::Integer(_)
            | Form::Number
            | Form::Boolean
            | Form::Any
            | Form::Mixed(_) => Kind::Alias(self.type_of(schema, place, identity).ty),
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

    /// The type of a schema with `allOf`, which may lead back to itself through what it merges.
    fn merged_type(&mut self, schema: &Value, place: &Pointer, hint: &str) -> Type {
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
        self.expansions.open(schema, &merged, None);
        let found = self.type_of(&merged, place, hint);
        self.expansions.close();
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

    /// The type of a schema. `hint` names it when it needs a name and has none.
    pub fn type_of(&mut self, schema: &Value, place: &Pointer, hint: &str) -> Found {
        if self.expansions.enter().is_none() {
            self.untyped(place, "schemas are nested too deep");
            return Found { ty: Type::Any, nullable: nullable(schema) };
        }
        let found = self.type_within(schema, place, hint);
        self.expansions.leave();
        found
    }

    fn type_within(&mut self, schema: &Value, place: &Pointer, hint: &str) -> Found {
        let ty = match classify(schema) {
            Form::Reference(reference) => {
                let found = self.referenced(reference, place);
                return Found { ty: found.ty, nullable: found.nullable || nullable(schema) };
            }
            Form::Merged => self.merged_type(schema, place, hint),
            Form::Union(members) => self
                .inline(schema, place, hint, |builder, identity| builder.union_kind(schema, members, place, identity)),
            Form::Strings(values) => self.inline(schema, place, hint, |_, _| enumeration(&values)),
            Form::Object => self.inline(schema, place, hint, |builder, identity| {
                Kind::Struct(builder.structure(schema, place, identity))
            }),
            Form::Map(values) => {
                Type::Map(Box::new(self.inner(values, &place.join("additionalProperties"), hint, "Value")))
            }
            Form::List(items) => Type::List(Box::new(self.inner(items, &place.join("items"), hint, "Item"))),
            Form::Constant(text) => Type::Constant(text.to_owned()),
            Form::String(format) => string(format),
            Form::Integer(format) => Type::Integer(width(format)),
            Form::Number => Type::Number,
            Form::Boolean => Type::Boolean,
            Form::Any => Type::Any,
            Form::Mixed(why) => {
                self.untyped(place, why);
                Type::Any
            }
        };
        Found { ty, nullable: nullable(schema) }
    }

    fn inner(&mut self, schema: Option<&Value>, place: &Pointer, hint: &str, suffix: &str) -> Type {
        let Some(schema) = schema else { return Type::Any };
        self.type_of(schema, place, &format!("{hint}{suffix}")).with_null()
    }

    fn referenced(&mut self, reference: &str, place: &Pointer) -> Found {
        let target = match Pointer::from_reference(reference).filter(|pointer| self.components.contains_key(pointer)) {
            Some(pointer) => pointer,
            None => return self.elsewhere(reference, place),
        };
        match self.components.get(&target) {
            Some(id) => Found { ty: Type::Named(*id), nullable: self.allows_null(reference, place) },
            None => Found { ty: Type::Any, nullable: false },
        }
    }

    /// A component allows `null` when it says so itself or stands for one that does.
    fn allows_null(&self, reference: &str, place: &Pointer) -> bool {
        let mut reference = reference.to_owned();
        for _ in 0..16 {
            let Ok(target) = super::references::follow_once(self.document, &reference, place) else { return false };
            if nullable(target.value) {
                return true;
            }
            let Form::Reference(next) = classify(target.value) else { return false };
            reference = next.to_owned();
        }
        false
    }

    /// A reference to a place that is no component: `#/paths/…` or `#/components/schemas/A/properties/b`.
    fn elsewhere(&mut self, reference: &str, place: &Pointer) -> Found {
        let target = match resolve(self.document, reference, place) {
            Ok(target) => target,
            Err(diagnostic) => {
                self.report.push(diagnostic);
                return Found { ty: Type::Any, nullable: false };
            }
        };
        if let Some(id) = self.components.get(&target.place) {
            return Found { ty: Type::Named(*id), nullable: nullable(target.value) };
        }
        if let Some(found) = self.places.get(&target.place) {
            return found.clone();
        }
        // A place that refers to itself is plain JSON at that point.
        self.places.insert(target.place.clone(), Found { ty: Type::Any, nullable: true });
        let skipped = ["components", "schemas", "properties", "paths", "content", "schema"];
        let words: Vec<&str> =
            target.place.segments().iter().map(String::as_str).filter(|word| !skipped.contains(word)).collect();
        let found = self.type_of(target.value, &target.place, &RustIdent::pascal(&words.join(" ")).to_string());
        self.places.insert(target.place, found.clone());
        found
    }

    /// Names an inline schema: by its title, or by its place. The same title on the same schema is the same type.
    fn inline(
        &mut self,
        schema: &Value,
        place: &Pointer,
        hint: &str,
        kind: impl FnOnce(&mut Self, &str) -> Kind,
    ) -> Type {
        let title = schema.get("title").and_then(Value::as_str).filter(|title| is_name(title));
        if let Some(title) = title {
            let known = self.titled.get(title).into_iter().flatten().find(|(other, _)| other == schema);
            if let Some((_, id)) = known {
                return Type::Named(*id);
            }
        }
        let free = title.filter(|title| !self.published.contains_key(*title));
        let identity = free.unwrap_or(hint).to_owned();
        let id = self.reserve();
        self.expansions.named(schema, id);
        let name = self.name(&identity);
        if let Some(title) = title {
            self.titled.entry(title.to_owned()).or_default().push((schema.clone(), id));
        }
        self.owner = Some(id);
        let kind = kind(self, &identity);
        self.define(id, name, &identity, schema, place.clone(), kind);
        Type::Named(id)
    }

    fn union_kind(&mut self, schema: &Value, members: &[Value], place: &Pointer, identity: &str) -> Kind {
        if let Some(values) = open_strings(members) {
            return enumeration(&values);
        }
        let owner = self.owner;
        let key = if schema.get("oneOf").is_some() { "oneOf" } else { "anyOf" };
        let base = shared_part(schema);
        let mut built = Vec::new();
        for (index, member) in members.iter().enumerate() {
            let at = place.join(key).join(index);
            let with_base = base.as_ref().map(|base| combined(base, member));
            let member = with_base.as_ref().unwrap_or(member);
            let hint = member_hint(member, identity, index);
            let found = self.type_of(member, &at, &hint);
            // A union that is a member of itself says nothing by that.
            if self.end(&found.ty, member, &at).is_some_and(|id| Some(id) == owner) {
                continue;
            }
            let name =
                classify(member).reference().and_then(|reference| reference.rsplit('/').next()).map(str::to_owned);
            built.push(Member { schema: member.clone(), place: at, ty: found.ty, component: name });
        }
        match (owner, built.is_empty()) {
            (Some(owner), true) => Kind::Alias(Type::Named(owner)),
            (_, _) => union(self.document, &self.merges, (schema, place), built),
        }
    }

    /// The named type a schema stands for, through any number of references.
    fn end(&self, ty: &Type, schema: &Value, place: &Pointer) -> Option<TypeId> {
        let Type::Named(mut id) = *ty else { return None };
        let (mut schema, mut place) = (schema, place.clone());
        for _ in 0..16 {
            let Form::Reference(reference) = classify(schema) else { break };
            let Ok(target) = super::references::follow_once(self.document, reference, &place) else { break };
            id = self.components.get(&target.place).copied().unwrap_or(id);
            (schema, place) = (target.value, target.place);
        }
        Some(id)
    }

    fn structure(&mut self, schema: &Value, place: &Pointer, identity: &str) -> Struct {
        let empty = Map::new();
        let map = schema.as_object().unwrap_or(&empty);
        let required: Vec<&str> = list(map, "required").unwrap_or_default().iter().filter_map(Value::as_str).collect();
        let is_required: BTreeSet<&str> = required.iter().copied().collect();
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        let properties = map.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        for (wire, property) in properties {
            let at = place.join("properties").join(wire);
            let requirement = if is_required.contains(wire.as_str()) { Presence::Required } else { Presence::Optional };
            fields.push(self.property(wire, property, &at, identity, requirement, &mut scope));
        }
        // A property that is required but not described can still be anything.
        let mut named = BTreeSet::new();
        for wire in required.iter().filter(|wire| !properties.contains_key(**wire) && named.insert(**wire)) {
            let at = place.join("required");
            fields.push(self.property(wire, &Value::Object(Map::new()), &at, identity, Presence::Required, &mut scope));
        }
        let rest = self.rest(map, place, identity, &mut scope);
        Struct { fields, rest, arguments: Vec::new() }
    }

    fn property(
        &mut self,
        wire: &str,
        schema: &Value,
        place: &Pointer,
        identity: &str,
        requirement: Presence,
        scope: &mut Scope,
    ) -> Property {
        let found = self.type_of(schema, place, &format!("{identity}{}", RustIdent::pascal(wire)));
        let may_be_absent = schema.get(MAY_BE_ABSENT) == Some(&Value::Bool(true));
        let required = requirement == Presence::Required && !may_be_absent;
        // An optional `null` of any type must not read as absent.
        let null = found.nullable || (found.ty == Type::Any && !required);
        let presence = match (required, null && !(required && found.ty == Type::Any)) {
            (true, false) => Presence::Required,
            (true, true) => Presence::Nullable,
            (false, false) => Presence::Optional,
            (false, true) => Presence::OptionalNullable,
        };
        let mut docs = docs(schema);
        docs.notes = notes(schema);
        let of_type = |name: &str| name.split_once('.') == Some((identity, wire));
        let secret = self.policy.redact.iter().any(|name| name == wire || of_type(name));
        Property {
            wire: WireName(wire.to_owned()),
            name: scope.claim(RustIdent::snake(wire)),
            docs,
            lifecycle: lifecycle(schema),
            presence,
            requirement: if requirement == Presence::Required { Requirement::Required } else { Requirement::Optional },
            ty: found.ty,
            example: example(schema),
            storage: Storage::Inline,
            secrecy: if secret { Secrecy::Secret } else { Secrecy::Public },
        }
    }

    fn rest(&mut self, map: &Map<String, Value>, place: &Pointer, identity: &str, scope: &mut Scope) -> Rest {
        let typed = map.get("additionalProperties").filter(|schema| schema.is_object());
        if let Some(schema) = typed {
            let ty = self.inner(Some(schema), &place.join("additionalProperties"), identity, "Value");
            return Rest::Typed(scope.claim(RustIdent::snake("additional_properties")), ty);
        }
        match self.policy.unknown_fields {
            UnknownFields::Keep => Rest::Kept(scope.claim(RustIdent::snake("extra"))),
            UnknownFields::Ignore => Rest::Ignored,
        }
    }
}

/// A plain value that the document gives for a schema.
fn example(schema: &Value) -> Option<Value> {
    let given = schema.get("example").or(schema.get("default"));
    given.filter(|value| !value.is_object() && !value.is_array() && !value.is_null()).cloned()
}

/// Inline members of a union are named by their tag, or by their number.
fn member_hint(member: &Value, identity: &str, index: usize) -> String {
    let properties = member.get("properties").and_then(Value::as_object);
    let tag = properties.into_iter().flat_map(Map::values).find_map(|property| classify(property).constant());
    match tag {
        Some(tag) => format!("{identity}{}", RustIdent::pascal(tag)),
        None => format!("{identity}Variant{}", index + 1),
    }
}

/// A title that can be a name: one word, as generators write it.
fn is_name(title: &str) -> bool {
    title.chars().next().is_some_and(char::is_alphabetic)
        && title.chars().all(|sign| sign.is_alphanumeric() || "_:.-".contains(sign))
}

/// What a union says of all its members: an object schema beside `oneOf`.
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

fn combined(base: &Value, member: &Value) -> Value {
    serde_json::json!({ "allOf": [base, member] })
}

/// `string` beside inline enumerations of strings is one enumeration, which is open anyway.
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

fn enumeration(values: &[&str]) -> Kind {
    let mut scope = Scope::reserving(&["Unknown"]);
    let mut seen: Vec<&str> = Vec::new();
    for value in values {
        if !seen.contains(value) {
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

fn string(format: Option<&str>) -> Type {
    match format {
        Some("date-time" | "date" | "time") => Type::Timestamp,
        Some("binary") => Type::Binary,
        Some(_) | None => Type::String,
    }
}

fn width(format: Option<&str>) -> Width {
    match format {
        Some("int32") => Width::I32,
        Some("uint32") => Width::U32,
        Some("uint64") => Width::U64,
        Some(_) | None => Width::I64,
    }
}
