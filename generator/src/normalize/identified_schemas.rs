//! `$id` and `$anchor`: references to them become references to where the schema stands. Must not know what schemas mean.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::location::resolve;
use crate::pointer::Pointer;

use super::traversal::each_placed_schema;

/// The schemas that have a URI or a name of their own.
#[derive(Default)]
struct Identified {
    /// URIs of the schemas with `$id`, with what relative ones are resolved against.
    resources: BTreeMap<Pointer, String>,
    /// Schemas by the place of the schema with `$id` around them, and their name.
    anchors: BTreeMap<(Pointer, String), Pointer>,
}

/// Lets references to `$id`, `$anchor` and `$dynamicAnchor` lead to the place of the schema. One that fits nothing stays.
pub(crate) fn resolve_identifiers(document: &mut Value) {
    let found = find_identified(document);
    if found.resources.is_empty() && found.anchors.is_empty() {
        return;
    }
    let original = document.clone();
    each_placed_schema(document, &mut |place, schema| {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str).map(str::to_owned) else { return };
        if let Some(target) = found.target(&original, &place.pointer(), &reference)
            && let Some(schema) = schema.as_object_mut()
        {
            schema.insert("$ref".to_owned(), json!(target.reference()));
        }
    });
}

/// Collects the schemas with an identifier. Schemas are visited before those inside of them.
fn find_identified(document: &mut Value) -> Identified {
    let mut found = Identified::default();
    each_placed_schema(document, &mut |place, schema| {
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let names = ["$anchor", "$dynamicAnchor"].into_iter().filter_map(text);
        let names: Vec<String> = names.map(str::to_owned).collect();
        let id = text("$id").map(|id| id.trim_end_matches('#')).filter(|id| !id.is_empty());
        if names.is_empty() && id.is_none() {
            return;
        }
        let place = place.pointer();
        if let Some(id) = id {
            let uri = resolve(found.base(&place).1, id);
            found.resources.insert(place.clone(), uri);
        }
        let resource = found.base(&place).0;
        for name in names {
            found.anchors.entry((resource.clone(), name)).or_insert_with(|| place.clone());
        }
    });
    found
}

impl Identified {
    /// Returns the innermost schema with a URI around a place, or the document, and that URI.
    fn base(&self, place: &Pointer) -> (Pointer, &str) {
        let around = self.resources.iter().filter(|(start, _)| place.segments().starts_with(start.segments()));
        let innermost = around.max_by_key(|(start, _)| start.segments().len());
        innermost.map_or((Pointer::root(), ""), |(start, uri)| (start.clone(), uri.as_str()))
    }

    /// Returns where a reference leads, if an identifier decides that.
    fn target(&self, document: &Value, from: &Pointer, reference: &str) -> Option<Pointer> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let (around, base) = self.base(from);
        let resource = match uri {
            "" => around,
            uri => {
                let wanted = resolve(base, uri);
                self.resources.iter().find(|(_, known)| **known == wanted).map(|(place, _)| place.clone())?
            }
        };
        if fragment.is_empty() {
            return (!uri.is_empty()).then_some(resource);
        }
        if !fragment.starts_with('/') {
            return self.anchors.get(&(resource, fragment.to_owned())).cloned().or_else(|| self.only(fragment));
        }
        // Most who write `$id` mean the document by `#/`: it is left alone unless the place exists in the schema only.
        let inside = Pointer::from_reference(&format!("#{fragment}"))?;
        let place = inside.segments().iter().fold(resource.clone(), |place, segment| place.join(segment));
        let is_meant = !resource.is_root() && (!uri.is_empty() || inside.find(document).is_none());
        (is_meant && place.find(document).is_some()).then_some(place)
    }

    /// Returns the only schema of a name, whatever is around it.
    fn only(&self, name: &str) -> Option<Pointer> {
        let mut named = self.anchors.iter().filter(|((_, known), _)| known == name).map(|(_, place)| place);
        named.next().filter(|_| named.next().is_none()).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_identifiers_lead_to_the_place_of_the_schema() {
        let schemas = json!({
            "A": {"$anchor": "a", "type": "string"},
            "B": {
                "$id": "https://a.example/schemas/b.json",
                "$defs": {"Inner": {"$anchor": "inner", "type": "integer"}},
                "properties": {"x": {"$id": "x.json", "type": "boolean"}},
            },
        });
        let rows = [
            ("A", "#a", "#/components/schemas/A"),
            ("A", "https://a.example/schemas/b.json", "#/components/schemas/B"),
            ("A", "https://a.example/schemas/b.json#inner", "#/components/schemas/B/$defs/Inner"),
            ("A", "https://a.example/schemas/b.json#/$defs/Inner", "#/components/schemas/B/$defs/Inner"),
            ("A", "https://a.example/schemas/x.json", "#/components/schemas/B/properties/x"),
            ("A", "https://a.example/other.json", "https://a.example/other.json"),
            ("A", "#inner", "#/components/schemas/B/$defs/Inner"),
            ("A", "#nothing", "#nothing"),
            ("A", "#/components/schemas/B", "#/components/schemas/B"),
            ("B", "x.json", "#/components/schemas/B/properties/x"),
            ("B", "#inner", "#/components/schemas/B/$defs/Inner"),
            ("B", "#/$defs/Inner", "#/components/schemas/B/$defs/Inner"),
            ("B", "#/components/schemas/A", "#/components/schemas/A"),
        ];
        for (owner, reference, expected) in rows {
            let mut document = json!({"openapi": "3.1.0", "components": {"schemas": schemas}});
            let place = format!("/components/schemas/{owner}");
            let schema = document.pointer_mut(&place).and_then(Value::as_object_mut).expect("the schema is there");
            schema.insert("items".to_owned(), json!({"$ref": reference}));
            resolve_identifiers(&mut document);
            let found = document.pointer(&format!("{place}/items/$ref"));
            assert_eq!(found, Some(&json!(expected)), "{reference} in {owner}");
        }
    }
}
