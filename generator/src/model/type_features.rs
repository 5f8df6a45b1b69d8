//! Which features of the client bring a type: those of the areas whose calls can reach it, and that of webhooks if an event can. Must not
//! know how features are written.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Api, ConversionSource, EVERY_TYPE, TypeDef, TypeId};
use crate::profile::Areas;

use super::usage::{collect_contained_types, collect_received_types, collect_sent_types, collect_types};

/// The feature of webhook events.
const WEBHOOKS: &str = "webhooks";
/// The most features that bring a type: one that more areas share is small as a rule, and always there.
const MOST: usize = 3;

/// Marks every type that can be left out with the features that bring it. Does nothing for an API without areas.
pub(super) fn mark_features(api: &mut Api, areas: &Areas) {
    if areas.is_empty() {
        return;
    }
    // What can be called whatever is left out, which has no feature, keeps its types.
    let mut roots: BTreeMap<Option<&str>, Vec<TypeId>> = BTreeMap::new();
    for operation in &api.operations {
        let types = roots.entry(operation.area(areas)).or_default();
        collect_sent_types(operation, types);
        collect_received_types(operation, types);
    }
    let events = roots.entry(Some(WEBHOOKS)).or_default();
    api.webhooks.iter().for_each(|webhook| collect_types(&webhook.ty, events));
    let mut features: Vec<BTreeSet<Option<&str>>> = vec![BTreeSet::new(); api.types.0.len()];
    for (feature, types) in roots {
        for id in reached(api, types) {
            features[id.0].insert(feature);
        }
    }
    for (def, features) in api.types.0.iter_mut().zip(features) {
        let named: Option<BTreeSet<String>> = features.iter().map(|feature| feature.map(str::to_owned)).collect();
        def.features = match named {
            Some(mut named) if named.len() <= MOST => {
                named.insert(EVERY_TYPE.to_owned());
                named
            }
            Some(_) | None => BTreeSet::new(),
        };
    }
}

/// Returns the types that others contain, or are made from.
fn reached(api: &Api, mut open: Vec<TypeId>) -> BTreeSet<TypeId> {
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            let def = api.types.get(id);
            collect_contained_types(&def.kind, &mut open);
            open.extend(conversion_sources(def));
        }
    }
    found
}

fn conversion_sources(def: &TypeDef) -> impl Iterator<Item = TypeId> {
    def.conversions.iter().filter_map(|conversion| match &conversion.source {
        ConversionSource::Value(id) => Some(*id),
        ConversionSource::Payload(ty) => ty.named(),
        ConversionSource::String => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn types_are_brought_by_the_areas_that_reach_them() {
        let response = |name: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{name}")});
            json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}})
        };
        let get = |area: &str, name: &str| json!({"get": {"tags": [area], "operationId": "get", "responses": response(name)}});
        let object = |property: &str| {
            let reference = json!({"$ref": format!("#/components/schemas/{property}")});
            json!({"type": "object", "properties": {"part": reference}})
        };
        let leaf = json!({"type": "object", "properties": {"x": {"type": "string"}}});
        let document = json!({
            "openapi": "3.0.3",
            "paths": {
                "/a": get("a", "OfA"), "/b": get("b", "OfB"), "/c": get("c", "OfC"), "/d": get("d", "OfD"),
                "/always": get("always", "Always"),
            },
            "components": {"schemas": {
                "OfA": object("OfAAndB"), "OfB": object("OfAAndB"), "OfAAndB": object("OfMany"), "OfC": object("OfMany"),
                "OfD": object("OfMany"), "OfMany": leaf.clone(), "Always": object("Part"), "Part": leaf.clone(),
                "Unused": leaf,
            }},
        });
        let areas = ["a", "b", "c", "d"].map(|area| format!("{area} = [\"{area}\"]\n")).concat();
        let profile = Profile::parse(&format!("[areas]\n{areas}")).unwrap_or_else(|report| panic!("{report}"));
        let api = build(&normalize_document(document), &profile, &Lock::default()).api;
        let rows: [(&str, &[&str]); 9] = [
            ("OfA", &["a", "types"]),
            ("OfB", &["b", "types"]),
            ("OfAAndB", &["a", "b", "types"]),
            ("OfC", &["c", "types"]),
            ("OfD", &["d", "types"]),
            ("OfMany", &[]),
            ("Always", &[]),
            ("Part", &[]),
            ("Unused", &["types"]),
        ];
        for (name, expected) in rows {
            let def =
                api.types.0.iter().find(|def| def.identity == name).unwrap_or_else(|| panic!("{name} is missing"));
            assert_eq!(def.features.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{name}");
        }
    }
}
