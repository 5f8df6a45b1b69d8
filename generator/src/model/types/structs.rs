//! Turns objects into structs: their properties, and the handling of unnamed ones.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::ir::{Direction, Presence, Property, Requirement, Rest, Secrecy, Storage, Struct, Type};
use crate::keyword::Keywords;
use crate::names::{RustIdent, Scope, WireName};
use crate::normalize::MAY_BE_ABSENT;
use crate::pointer::Pointer;
use crate::profile::UnknownFields;

use super::super::annotations::{docs, lifecycle, notes};
use super::super::constants::constant_of;
use super::super::directions::direction;
use super::super::schema::list;
use super::registry::Owner;
use super::{Found, TypeBuilder};

impl TypeBuilder<'_> {
    /// Returns the struct of an object schema.
    pub(super) fn structure(&mut self, schema: &Value, place: &Pointer, owner: &Owner) -> Struct {
        let empty = Map::new();
        let map = schema.as_object().unwrap_or(&empty);
        let required: Vec<&str> = list(map, "required").unwrap_or_default().iter().filter_map(Value::as_str).collect();
        let is_required: BTreeSet<&str> = required.iter().copied().collect();
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        let properties = map.keyword("properties").and_then(Value::as_object).unwrap_or(&empty);
        for (wire, property) in properties {
            let at = place.join("properties").join(wire);
            let requirement =
                if is_required.contains(wire.as_str()) { Requirement::Required } else { Requirement::Optional };
            fields.push(self.property(wire, property, &at, owner, requirement, &mut scope));
        }
        // A property that is required but not described can have any value.
        let mut named = BTreeSet::new();
        let anything = Value::Object(Map::new());
        for wire in required.iter().filter(|wire| !properties.contains_key(**wire) && named.insert(**wire)) {
            fields.push(self.property(
                wire,
                &anything,
                &place.join("required"),
                owner,
                Requirement::Required,
                &mut scope,
            ));
        }
        let rest = self.rest(map, place, owner, &mut scope);
        Struct { fields, rest, arguments: Vec::new(), setters: Vec::new() }
    }

    fn property(
        &mut self,
        wire: &str,
        schema: &Value,
        place: &Pointer,
        owner: &Owner,
        requirement: Requirement,
        scope: &mut Scope,
    ) -> Property {
        let mut found = self.type_of(schema, place, &owner.hint.property(wire));
        let fixed = constant_of(self.document, schema, place);
        if let Some(Value::String(text)) = &fixed {
            found.ty = Type::Constant(text.clone());
        }
        let mut docs = docs(schema);
        docs.notes = notes(schema);
        let direction = direction(self.document, schema, place);
        docs.notes.extend(match direction {
            Direction::Both => None,
            Direction::Response => Some("Sent by the server only.".to_owned()),
            Direction::Request => Some("Sent by clients only.".to_owned()),
        });
        let of_type = |name: &str| match name.split_once('.') {
            Some((ty, property)) => property == wire && (ty == owner.identity || ty == owner.hint.identity()),
            None => name == wire,
        };
        let secret = self.policy.redact.iter().any(|name| of_type(name));
        Property {
            wire: WireName(wire.to_owned()),
            name: scope.claim(RustIdent::snake(wire)),
            docs,
            lifecycle: lifecycle(schema),
            presence: presence(schema, &found, requirement),
            requirement,
            direction,
            ty: found.ty,
            fixed: fixed.filter(|fixed| !fixed.is_string()),
            example: example(schema),
            storage: Storage::Inline,
            secrecy: if secret { Secrecy::Secret } else { Secrecy::Public },
        }
    }

    fn rest(&mut self, map: &Map<String, Value>, place: &Pointer, owner: &Owner, scope: &mut Scope) -> Rest {
        let typed = map.keyword("additionalProperties").filter(|schema| schema.is_object());
        if let Some(schema) = typed {
            let ty = self.inner(Some(schema), &place.join("additionalProperties"), &owner.hint.value());
            return Rest::Typed(scope.claim(RustIdent::snake("additional_properties")), ty);
        }
        match self.policy.unknown_fields {
            UnknownFields::Keep => Rest::Kept(scope.claim(RustIdent::snake("extra"))),
            UnknownFields::Ignore => Rest::Ignored,
        }
    }
}

fn presence(schema: &Value, found: &Found, requirement: Requirement) -> Presence {
    let may_be_absent = schema.keyword(MAY_BE_ABSENT) == Some(&Value::Bool(true));
    let required = requirement == Requirement::Required && !may_be_absent;
    // An optional `null` of any type must not be read as absent.
    let null = if required { found.nullable && found.ty != Type::Any } else { found.nullable || found.ty == Type::Any };
    match (required, null) {
        (true, false) => Presence::Required,
        (true, true) => Presence::Nullable,
        (false, false) => Presence::Optional,
        (false, true) => Presence::OptionalNullable,
    }
}

/// Returns an example from the schema, if it is a plain value.
fn example(schema: &Value) -> Option<Value> {
    let given = schema.keyword("example").or(schema.keyword("default"));
    given.filter(|value| !value.is_object() && !value.is_array() && !value.is_null()).cloned()
}
