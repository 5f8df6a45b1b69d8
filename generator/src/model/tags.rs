//! Tags of unions: which one is written with a variant that has none of its own, and which properties can only have
//! one value because they are the tag of their type.
//!
//! Knows nothing about documents.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Decision, Kind, Literal, Presence, Property, Rest, Type, TypeId, Types, Union};

/// Decides the tags that are written, and fixes those that can have one value only.
pub(super) fn settle_tags(types: &mut Types, requested: &BTreeSet<TypeId>) {
    for ((id, property), tag) in only_tags(types) {
        let is_enumeration = |ty: &Type| match types.resolve(ty).named().map(|id| &types.get(id).kind) {
            Some(Kind::Enumeration(_)) => true,
            Some(Kind::Struct(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_)) | None => false,
        };
        let Some(tag) = tag.filter(|_| requested.contains(&id)) else { continue };
        let Kind::Struct(structure) = &types.get(id).kind else { continue };
        let Some(place) = structure.fields.iter().position(|field| field.wire.0 == property) else { continue };
        let field = &structure.fields[place];
        let is_text = *types.resolve(&field.ty) == Type::String || is_enumeration(&field.ty);
        if field.constant().is_none()
            && let Kind::Struct(structure) = &mut types.0[id.0].kind
            && let Some(field) = structure.fields.get_mut(place)
        {
            fix(field, &tag, is_text);
        }
    }
    // Nobody makes values of the other types.
    for id in types.ids().filter(|id| requested.contains(id)) {
        let Kind::Union(union) = &types.get(id).kind else { continue };
        let tags: Vec<Option<Literal>> =
            (0..union.variants.len()).map(|variant| written(types, union, variant)).collect();
        let keeps: Vec<bool> = union.variants.iter().map(|variant| keeps_absence(types, &variant.ty)).collect();
        if let Kind::Union(union) = &mut types.0[id.0].kind {
            for (variant, tag) in union.variants.iter_mut().zip(tags) {
                variant.tag = tag;
            }
            leave_untagged(union, &keeps);
        }
    }
}

/// Returns whether a payload can note that it was received without its tag, beside unknown properties; or need not, because the profile
/// says that nothing unknown is kept.
fn keeps_absence(types: &Types, payload: &Type) -> bool {
    types.structure(payload).is_some_and(|structure| match structure.rest {
        Rest::Kept(_) | Rest::Ignored => true,
        Rest::Typed(..) => false,
    })
}

/// Keeps objects without a tag as they are, where the tag would be written with them. A variant that the document makes the default
/// stays one.
fn leave_untagged(union: &mut Union, keeps: &[bool]) {
    let Union { variants, decision: Decision::Tagged { otherwise, unlisted, .. }, .. } = union else { return };
    otherwise.retain(|rule| {
        let is_written = variants.get(rule.variant).is_some_and(|variant| variant.tag.is_some());
        let is_default = unlisted.iter().any(|other| other.variant == rule.variant);
        !is_written || is_default || keeps.get(rule.variant) == Some(&true)
    });
}

/// Returns the values that choose a variant.
fn cases(union: &Union, variant: usize) -> impl Iterator<Item = &Literal> {
    let cases = match &union.decision {
        Decision::Tagged { cases, .. } => cases.as_slice(),
        Decision::Shaped(_) => &[],
    };
    cases.iter().filter(move |(_, case)| *case == variant).map(|(value, _)| value)
}

/// Returns the structs that are variants, with the property that tells them apart and its value, if it is the same one in
/// every union.
fn only_tags(types: &Types) -> BTreeMap<(TypeId, String), Option<Literal>> {
    let mut found: BTreeMap<(TypeId, String), Option<Literal>> = BTreeMap::new();
    for def in &types.0 {
        let Kind::Union(union) = &def.kind else { continue };
        let Decision::Tagged { tag, .. } = &union.decision else { continue };
        for (index, variant) in union.variants.iter().enumerate() {
            let Some(id) = types.resolve(&variant.ty).named() else { continue };
            let mut values = cases(union, index);
            let only = values.next().filter(|_| values.next().is_none()).cloned();
            let entry = found.entry((id, tag.0.clone())).or_insert_with(|| only.clone());
            if *entry != only {
                *entry = None;
            }
        }
    }
    found
}

/// Fixes the value of a property.
fn fix(field: &mut Property, tag: &Literal, is_text: bool) {
    match (&field.ty, tag) {
        (_, Literal::Text(text)) if is_text => field.ty = Type::Constant(text.clone()),
        (Type::Boolean | Type::Integer(_) | Type::Number, Literal::Plain(_)) => field.fixed = Some(tag.to_json()),
        (_, Literal::Text(_) | Literal::Plain(_)) => {}
    }
}

/// Returns the tag that is written with a variant, unless its payload always has one.
fn written(types: &Types, union: &Union, variant: usize) -> Option<Literal> {
    let Decision::Tagged { tag, .. } = &union.decision else { return None };
    let mut values = cases(union, variant);
    let first = values.next()?;
    let is_written = match types.resolve(&union.variants[variant].ty) {
        Type::Map(_) | Type::Any => true,
        Type::Named(id) => match &types.get(*id).kind {
            Kind::Struct(structure) => {
                let own = structure.fields.iter().find(|field| field.wire == *tag);
                own.is_none_or(|own| !matches!(own.presence, Presence::Required | Presence::Nullable))
            }
            // A nested union with several tags knows which one it is.
            Kind::Union(inner) => values.next().is_none() && !has_tag(types, inner, &tag.0),
            Kind::Wrapper(_) => true,
            Kind::Enumeration(_) | Kind::Alias(_) => false,
        },
        Type::String
        | Type::Boolean
        | Type::Integer(_)
        | Type::Number
        | Type::Timestamp
        | Type::Binary
        | Type::Constant(_)
        | Type::List(_)
        | Type::Tuple(..)
        | Type::Nullable(_) => false,
    };
    is_written.then(|| first.clone())
}

/// Returns whether every variant of a union has a property.
fn has_tag(types: &Types, union: &Union, name: &str) -> bool {
    union.variants.iter().all(|variant| {
        let structure = types.structure(&variant.ty);
        structure.is_some_and(|structure| {
            structure.fields.iter().any(|field| field.wire.0 == name && field.presence == Presence::Required)
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn object_without_its_tag_is_a_variant_only_if_it_can_go_back_without_it() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let body = json!({"required": true, "content": {"application/json": {"schema": reference("Union")}}});
        let document = json!({
            "openapi": "3.1.0",
            "info": {},
            "paths": {"/a": {"post": {"requestBody": body, "responses": {"204": {}}}}},
            "components": {"schemas": {
                "Union": {"oneOf": [reference("A"), reference("B")], "discriminator": {"propertyName": "kind"}},
                "A": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
                "B": {"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}},
                    "additionalProperties": {"type": "integer"}},
            }},
        });
        let types = build(&normalize_document(document), &Profile::default(), &Lock::default()).api.types;
        let rules = types.0.iter().find_map(|def| match &def.kind {
            Kind::Union(Union { decision: Decision::Tagged { otherwise, .. }, .. }) => Some(otherwise),
            Kind::Union(_) | Kind::Struct(_) | Kind::Enumeration(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        });
        let variants: Vec<usize> = rules.unwrap().iter().map(|rule| rule.variant).collect();
        assert_eq!(variants, [0]);
    }
}
