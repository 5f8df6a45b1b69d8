//! Conversions of schemas to the form of an export.
//!
//! Must not know operations beyond the location of their schemas.

use serde_json::{Map, Value, json};

type Schema = Map<String, Value>;

const COMPONENT: &str = "#/components/schemas/";

/// Converts `const` to an `enum` of one value.
pub fn constants_as_enumerations(document: &mut Value) {
    each_schema(document, &mut |schema| {
        if let Some(value) = schema.shift_remove("const") {
            schema.insert("enum".to_owned(), json!([value]));
        }
    });
}

/// Adds stock descriptions to empty schemas and constants.
pub fn stock_descriptions(document: &mut Value) {
    each_schema(document, &mut |schema| {
        let any = json!("Any type");
        if schema.get("additionalProperties") == Some(&json!(true)) {
            schema.insert("additionalProperties".to_owned(), json!({"description": any}));
        }
        if schema.is_empty() {
            schema.insert("description".to_owned(), any);
            return;
        }
        let values = schema.get("enum").and_then(Value::as_array);
        let only = values.filter(|values| values.len() == 1).and_then(|values| values.first());
        let constant = schema.get("const").or(only).and_then(Value::as_str).map(str::to_owned);
        if let Some(value) = constant.filter(|_| !schema.contains_key("description")) {
            schema.insert("description".to_owned(), json!(format!("Discriminator value: {value}")));
        }
    });
}

/// Swaps `type: [T, null]` and `oneOf: [T, null]`.
pub fn nulls_elsewhere(document: &mut Value) {
    each_schema(document, &mut |schema| {
        let nothing = json!({"type": "null"});
        if let Some(types) = schema.get("type").and_then(Value::as_array)
            && types.len() == 2
            && types.contains(&json!("null"))
        {
            let kept = types.iter().find(|name| **name != json!("null")).cloned().unwrap_or_default();
            let annotations = ["title", "description", "deprecated", "default"];
            let mut inner: Schema = std::mem::take(schema);
            for key in annotations {
                schema.extend(inner.shift_remove(key).map(|value| (key.to_owned(), value)));
            }
            inner.insert("type".to_owned(), kept);
            schema.insert("oneOf".to_owned(), json!([inner, nothing]));
            return;
        }
        for key in ["oneOf", "anyOf"] {
            let Some(members) = schema.get(key).and_then(Value::as_array) else { continue };
            let [member, last] = members.as_slice() else { continue };
            if *last == nothing && member.get("type").is_some_and(Value::is_string) {
                let inner = member.as_object().cloned().unwrap_or_default();
                schema.shift_remove(key);
                schema.extend(inner);
                let name = schema.shift_remove("type").unwrap_or_default();
                schema.insert("type".to_owned(), json!([name, "null"]));
            }
        }
    });
}

/// Merges the members of `allOf` into the object, properties of the bases first.
pub fn merged_members(document: &mut Value) {
    let components = document.pointer("/components/schemas").cloned().unwrap_or_default();
    each_schema(document, &mut |schema| {
        if schema.contains_key("allOf") {
            *schema = merged(&components, schema);
        }
    });
}

fn merged(components: &Value, schema: &Schema) -> Schema {
    let mut own = schema.clone();
    let mut properties = Map::new();
    let mut required: Vec<Value> = Vec::new();
    let members = own.shift_remove("allOf").and_then(|members| members.as_array().cloned()).unwrap_or_default();
    for member in members.iter().chain([&Value::Object(own.clone())]) {
        let target = component_of(member).and_then(|name| components.get(name)).unwrap_or(member);
        let target = target.as_object().cloned().unwrap_or_default();
        let target = if target.contains_key("allOf") { merged(components, &target) } else { target };
        for (name, property) in target.get("properties").and_then(Value::as_object).into_iter().flatten() {
            properties.insert(name.clone(), property.clone());
        }
        for name in target.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !required.contains(name) {
                required.push(name.clone());
            }
        }
    }
    own.insert("type".to_owned(), json!("object"));
    own.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        own.insert("required".to_owned(), Value::Array(required));
    }
    own
}

/// Moves inline objects, unions and enumerations with a title to components of that name.
pub fn named_inline_schemas(document: &mut Value) {
    let mut found: Schema = Map::new();
    // Children first, so that moved schemas contain nothing more to move.
    each_schema_children_first(document, Depth::Outermost, &mut |schema, depth| {
        let Some(title) = schema.get("title").and_then(Value::as_str).map(str::to_owned) else { return };
        if depth == Depth::Outermost || !becomes_component(schema) {
            return;
        }
        let mut reference = Map::from_iter([("$ref".to_owned(), json!(format!("{COMPONENT}{title}")))]);
        for key in ["description", "default", "deprecated"] {
            reference.extend(schema.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        let mut component = std::mem::replace(schema, reference);
        if remove_null(&mut component) {
            let reference = schema.shift_remove("$ref");
            schema.insert("oneOf".to_owned(), json!([{"$ref": reference}, {"type": "null"}]));
        }
        found.insert(title, Value::Object(component));
    });
    if let Some(components) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        components.extend(found);
    }
}

/// Removes `null` from a schema and returns whether it was allowed.
fn remove_null(schema: &mut Schema) -> bool {
    if let Some(Value::Array(types)) = schema.get("type")
        && let [name, null] = types.as_slice()
        && *null == json!("null")
    {
        let name = name.clone();
        schema.insert("type".to_owned(), name);
        return true;
    }
    let Some(members) = schema.get_mut("oneOf").and_then(Value::as_array_mut) else { return false };
    let before = members.len();
    members.retain(|member| *member != json!({"type": "null"}));
    members.len() < before
}

/// Returns whether a schema becomes a component: arrays, maps and plain values stay inline.
fn becomes_component(schema: &Schema) -> bool {
    let not_empty = |key: &str| schema.get(key).and_then(Value::as_object).is_some_and(|map| !map.is_empty());
    let several = |key: &str, least: usize| {
        let members = schema.get(key).and_then(Value::as_array).into_iter().flatten();
        members.filter(|member| **member != json!({"type": "null"})).count() >= least
    };
    not_empty("properties")
        || several("allOf", 1)
        || several("oneOf", 2)
        || several("anyOf", 2)
        || (several("enum", 2)
            && [json!("string"), json!(["string", "null"])].iter().any(|name| schema.get("type") == Some(name)))
}

/// Removes the mapping of discriminators.
pub fn discriminators_without_mapping(document: &mut Value) {
    each_schema(document, &mut |schema| {
        if let Some(discriminator) = schema.get_mut("discriminator").and_then(Value::as_object_mut) {
            discriminator.shift_remove("mapping");
        }
    });
}

/// Prefixes the names of some components with their package: `batch:BatchRun`, `type_webhooks:WebhookEvent`.
pub fn prefixed_names(document: &mut Value) {
    each_schema(document, &mut |schema| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref") {
            *reference = prefixed_reference(reference);
        }
        let mapping = schema.get_mut("discriminator").and_then(|discriminator| discriminator.get_mut("mapping"));
        for target in mapping.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
            *target = json!(target.as_str().map(prefixed_reference));
        }
    });
    if let Some(components) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        *components = std::mem::take(components).into_iter().map(|(name, schema)| (prefixed(&name), schema)).collect();
    }
}

fn prefixed_reference(reference: &str) -> String {
    match reference.strip_prefix(COMPONENT) {
        Some(name) => format!("{COMPONENT}{}", prefixed(name)),
        None => reference.to_owned(),
    }
}

fn prefixed(name: &str) -> String {
    let packages = [("Batch", "batch"), ("Webhook", "type_webhooks"), ("Classify", "classify"), ("Step", "type_")];
    match packages.iter().find(|(start, _)| name.starts_with(start)) {
        Some((_, package)) => format!("{package}:{name}"),
        None => name.to_owned(),
    }
}

/// Sets the title of every component to its name.
pub fn titled_components(document: &mut Value) {
    let components = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in components.into_iter().flatten() {
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("title".to_owned(), json!(name));
        }
    }
}

fn component_of(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(COMPONENT)
}

/// Whether a schema is a component itself or nested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    Outermost,
    Inside,
}

/// Visits every schema of a document, children first.
pub(super) fn each_schema(document: &mut Value, visit: &mut dyn FnMut(&mut Schema)) {
    each_schema_children_first(document, Depth::Outermost, &mut |schema, _| visit(schema));
}

fn each_schema_children_first(document: &mut Value, depth: Depth, visit: &mut dyn FnMut(&mut Schema, Depth)) {
    let components = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    components.into_iter().flat_map(Map::values_mut).for_each(|schema| visit_schema(schema, depth, visit));
    for place in ["/paths", "/webhooks", "/components/parameters"] {
        document.pointer_mut(place).into_iter().for_each(|part| visit_part(part, visit));
    }
}

/// Visits the schemas in a part of the document, which are under `schema`.
fn visit_part(part: &mut Value, visit: &mut dyn FnMut(&mut Schema, Depth)) {
    match part {
        Value::Object(map) => {
            for (key, value) in map {
                match key.as_str() {
                    "schema" => visit_schema(value, Depth::Inside, visit),
                    "example" | "examples" => {}
                    _ => visit_part(value, visit),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| visit_part(item, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn visit_schema(schema: &mut Value, depth: Depth, visit: &mut dyn FnMut(&mut Schema, Depth)) {
    let Some(schema) = schema.as_object_mut() else { return };
    for (key, value) in schema.iter_mut() {
        match key.as_str() {
            "items" | "additionalProperties" => visit_schema(value, Depth::Inside, visit),
            "oneOf" | "anyOf" | "allOf" => {
                let members = value.as_array_mut().into_iter().flatten();
                members.for_each(|member| visit_schema(member, Depth::Inside, visit));
            }
            "properties" => {
                let properties = value.as_object_mut().into_iter().flat_map(Map::values_mut);
                properties.for_each(|property| visit_schema(property, Depth::Inside, visit));
            }
            _ => {}
        }
    }
    visit(schema, depth);
}
