//! Schemas in a few words, for people and for fingerprints.

use serde_json::Value;

use crate::contract::{Contract, JsonKind, RestFacts, SchemaId, SchemaUse};

/// Members of a union that are named before the others are counted.
const SHOWN: usize = 6;

/// Returns what a schema is called, or what it consists of.
pub(in crate::drift) fn type_name(contract: &Contract, id: SchemaId) -> String {
    name_within(contract, id, 3)
}

fn name_within(contract: &Contract, id: SchemaId, depth: usize) -> String {
    let schema = contract.schema(id);
    if let Some(name) = &schema.name {
        return name.clone();
    }
    let Some(depth) = depth.checked_sub(1) else { return schema.kind.as_str().to_owned() };
    let inner = |part: &SchemaUse| {
        let name = name_within(contract, part.schema, depth);
        if contract.is_nullable(part) { format!("{name} or null") } else { name }
    };
    match schema.kind {
        JsonKind::String | JsonKind::Integer | JsonKind::Number | JsonKind::Boolean => scalar_name(contract, id),
        JsonKind::Array if !schema.positions.is_empty() => {
            let positions: Vec<String> = schema.positions.iter().map(inner).collect();
            format!("tuple of {}", positions.join(", "))
        }
        JsonKind::Array => match &schema.items {
            Some(items) => format!("array of {}", inner(items)),
            None => "array".to_owned(),
        },
        JsonKind::Object if schema.properties.is_empty() => match &schema.rest {
            RestFacts::Typed(value) => format!("map of {}", inner(value)),
            RestFacts::Unstated | RestFacts::Open | RestFacts::Closed => "object".to_owned(),
        },
        JsonKind::Object => {
            let names: Vec<&str> = schema.properties.keys().take(SHOWN).map(String::as_str).collect();
            let more = if schema.properties.len() > SHOWN { ", …" } else { "" };
            format!("object with {}{more}", names.join(", "))
        }
        JsonKind::Union => {
            let members: Vec<String> = schema.unions.iter().flat_map(|union| &union.members).map(inner).collect();
            let more = members.len().saturating_sub(SHOWN);
            let shown: Vec<&str> = members.iter().take(SHOWN).map(String::as_str).collect();
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            format!("union of {}{more}", shown.join(", "))
        }
        JsonKind::Any | JsonKind::Null => schema.kind.as_str().to_owned(),
    }
}

fn scalar_name(contract: &Contract, id: SchemaId) -> String {
    let schema = contract.schema(id);
    match (&schema.values, &schema.format) {
        (Some(values), _) if values.list.len() == 1 => {
            format!("constant {}", values.list.first().unwrap_or(&Value::Null))
        }
        (Some(_), _) => format!("{} enumeration", schema.kind.as_str()),
        (None, Some(format)) => format!("{} ({format})", schema.kind.as_str()),
        (None, None) => schema.kind.as_str().to_owned(),
    }
}
