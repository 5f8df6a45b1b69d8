//! Locates and renames components. Knows nothing of what is in them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::pointer::Pointer;

use super::traversal;

/// The location of the components of a document.
pub(super) const PLACE: &str = "/components/schemas";

/// Returns the location of a component.
pub(super) fn place(name: &str) -> Pointer {
    Pointer::root().join("components").join("schemas").join(name)
}

/// Returns the component that a location is in, and the remaining segments.
pub(super) fn component(place: &Pointer) -> Option<(&str, &[String])> {
    match place.segments() {
        [components, schemas, name, rest @ ..] if components == "components" && schemas == "schemas" => {
            Some((name, rest))
        }
        _ => None,
    }
}

/// Removes the package that exports put before a name: `type_batch:Run` becomes `Run`.
pub(crate) fn bare(name: &str) -> &str {
    match name.rsplit_once(':') {
        Some((_, bare)) if bare.starts_with(char::is_alphabetic) => bare,
        Some(_) | None => name,
    }
}

/// Renames components, from old to new name. Updates references, and titles that repeat the name.
pub(crate) fn rename(document: &mut Value, renamed: &BTreeMap<String, String>) {
    let Some(schemas) = document.pointer_mut(PLACE).and_then(Value::as_object_mut) else { return };
    if renamed.is_empty() {
        return;
    }
    let entries = std::mem::take(schemas).into_iter();
    *schemas = entries.map(|(name, schema)| (renamed.get(&name).cloned().unwrap_or(name), schema)).collect();
    for (old, new) in renamed {
        let title = schemas.get_mut(new).and_then(|schema| schema.get_mut("title"));
        if let Some(title) = title.filter(|title| title.as_str() == Some(old)) {
            *title = json!(new);
        }
    }
    traversal::each_schema(document, &mut |schema| redirect(schema, renamed));
}

fn redirect(schema: &mut Value, renamed: &BTreeMap<String, String>) {
    let Some(schema) = schema.as_object_mut() else { return };
    if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|target| redirected(target, renamed)) {
        schema.insert("$ref".to_owned(), json!(target));
    }
    let discriminator = schema.get_mut("discriminator").and_then(Value::as_object_mut);
    for target in discriminator.into_iter().flat_map(targets) {
        let Some(name) = target.as_str() else { continue };
        // A mapping may contain the name of a component instead of a reference.
        if let Some(new) = renamed.get(name).cloned().or_else(|| redirected(name, renamed)) {
            *target = json!(new);
        }
    }
}

/// Returns the schemas that a discriminator names.
pub(super) fn targets(discriminator: &mut Map<String, Value>) -> Vec<&mut Value> {
    let targets = discriminator.iter_mut().map(|(key, value)| match (key.as_str(), value) {
        ("mapping", Value::Object(mapping)) => mapping.values_mut().collect(),
        ("defaultMapping", target) => vec![target],
        (_, _) => Vec::new(),
    });
    targets.flatten().collect()
}

/// Returns the updated reference, or `None` if it does not change.
pub(super) fn redirected(reference: &str, renamed: &BTreeMap<String, String>) -> Option<String> {
    let pointer = Pointer::from_reference(reference)?;
    let (name, rest) = component(&pointer)?;
    Some(rest.iter().fold(place(renamed.get(name)?), |place, step| place.join(step)).reference())
}
