//! A document against itself in another form: nothing is reported.

use generator::published::merge_pages;
use generator::{Sources, Tolerance, compare_documents};
use serde_json::{Map, Value, json};
use workspace_tests::document::workspace;
use workspace_tests::fern::site::{GENERATIONS, referenced_components, write_pages};
use workspace_tests::fern::{CONVERSIONS, convert_to_export, each_object};

use super::{document, drift, operation, reference};

pub(super) fn spec(name: &str) -> String {
    std::fs::read_to_string(workspace().join("spec").join(name)).unwrap()
}

pub(super) fn published() -> Value {
    serde_json::from_str(&spec("2026-02-09/openapi.json")).unwrap()
}

/// Returns what is reported between two forms of our document, with or without our profile and names.
fn between(old: &Value, new: &Value, tolerance: Tolerance) -> Vec<String> {
    let (old, new) = (old.to_string(), new.to_string());
    let (profile, overlay) = (spec("profile.toml"), spec("2026-02-09/overlay.yaml"));
    let sources = |document| Sources {
        document,
        document_name: "openapi.json",
        profile: match tolerance {
            Tolerance::Strict => profile.as_str(),
            Tolerance::Lenient => "",
        },
        names: "",
        overlay: match tolerance {
            Tolerance::Strict => Some(overlay.as_str()),
            Tolerance::Lenient => None,
        },
        package: None,
        root: None,
    };
    let found = compare_documents(&sources(old.as_bytes()), &sources(new.as_bytes()), tolerance).unwrap();
    found.changes.iter().map(|change| format!("{}: {} {:?}", change.id, change.message, change.rust_items)).collect()
}

#[test]
fn no_form_of_an_export_is_a_change() {
    let original = published();
    let mut failures = Vec::new();
    for (name, convert) in CONVERSIONS {
        let mut other = original.clone();
        convert(&mut other);
        let found = between(&original, &other, Tolerance::Strict);
        failures.extend(found.into_iter().take(5).map(|line| format!("{name}: {line}")));
    }
    let mut export = original.clone();
    convert_to_export(&mut export);
    failures.extend(between(&original, &export, Tolerance::Strict).into_iter().take(20));
    failures.extend(between(&export, &original, Tolerance::Strict).into_iter().take(20));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn neither_the_version_of_openapi_nor_a_prefix_of_all_components_is_a_change() {
    let original = published();
    // Profile and overlay name components, so that a prefix of our own is without them.
    let rows = [
        ("3.0", as_3_0(&original), Tolerance::Strict),
        ("3.2", as_3_2(&original), Tolerance::Strict),
        ("inline schemas", inlined(&original), Tolerance::Lenient),
        ("a prefix", prefixed(&original), Tolerance::Lenient),
    ];
    for (name, other, tolerance) in rows {
        assert_ne!(other, original, "{name}");
        for (old, new) in [(&original, &other), (&other, &original)] {
            let found = between(old, new, tolerance);
            assert!(found.is_empty(), "{name}: {}: {:#?}", found.len(), found.iter().take(8).collect::<Vec<_>>());
        }
    }
}

/// Converts types with `null` and constants to the form of OpenAPI 3.0.
fn as_3_0(document: &Value) -> Value {
    let mut document = document.clone();
    document["openapi"] = json!("3.0.3");
    if let Some(root) = document.as_object_mut() {
        let webhooks = root.shift_remove("webhooks");
        root.extend(webhooks.map(|webhooks| ("x-webhooks".to_owned(), webhooks)));
    }
    each_object(&mut document, &mut |schema| {
        if let Some(Value::Array(types)) = schema.get("type").cloned()
            && let [one, Value::String(null)] = types.as_slice()
            && null == "null"
        {
            schema.insert("type".to_owned(), one.clone());
            schema.insert("nullable".to_owned(), json!(true));
        }
        if let Some(constant) = schema.get("const").cloned().filter(Value::is_string) {
            schema.shift_remove("const");
            schema.insert("enum".to_owned(), json!([constant]));
        }
    });
    // Webhooks are part of the comparison, and 3.0 has none.
    document["webhooks"] = document["x-webhooks"].take();
    document["openapi"] = json!("3.1.0");
    document
}

/// Converts to the form of OpenAPI 3.2: the document says where it is, and media types are components.
fn as_3_2(document: &Value) -> Value {
    let mut document = document.clone();
    document["openapi"] = json!("3.2.0");
    document["$self"] = json!("https://api.example.com/openapi.json");
    let mut media = Map::new();
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let Some(found) = operation.pointer_mut("/responses/200/content/application~1json") else { continue };
            let name: String = format!("{method}{path}").chars().filter(|letter| letter.is_alphanumeric()).collect();
            let reference = json!({"$ref": format!("#/components/mediaTypes/{name}")});
            media.insert(name, std::mem::replace(found, reference));
        }
    }
    assert!(media.len() > 50, "{}", media.len());
    document["components"]["mediaTypes"] = Value::Object(media);
    document
}

/// Puts each component that is referred to once, and by no other, in the place of its reference.
fn inlined(document: &Value) -> Value {
    let mut document = document.clone();
    let names: Vec<String> = document["components"]["schemas"].as_object().unwrap().keys().cloned().collect();
    let mut count = 0;
    for name in names {
        let schema = document["components"]["schemas"][&name].clone();
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        let text = document.to_string();
        let marks = text.matches(&format!("#/components/schemas/{name}\"")).count();
        let is_whole = text.matches(&reference.to_string()).count() == 1;
        if marks != 1 || !is_whole || schema.get("properties").is_none() {
            continue;
        }
        document["components"]["schemas"].as_object_mut().unwrap().shift_remove(&name);
        let text = document.to_string().replace(&reference.to_string(), &schema.to_string());
        document = serde_json::from_str(&text).unwrap();
        count += 1;
    }
    assert!(count > 20, "{count}");
    document
}

#[test]
fn pages_of_a_site_are_no_change() {
    let mut whole = published();
    convert_to_export(&mut whole);
    // No page has components that nothing refers to.
    let needed = referenced_components(&whole, &json!([whole["paths"], whole["webhooks"]]));
    whole["components"]["schemas"].as_object_mut().unwrap().retain(|name, _| needed.contains_key(name));
    for (name, writer) in GENERATIONS {
        let text = write_pages(&whole, writer).join("\n");
        let pages = merge_pages(&text, "llms-full.txt", Some("2026-02-09"));
        let mut pages = pages.unwrap_or_else(|none| panic!("{name}: {}", none.report)).document;
        // Some pages name the first server only.
        pages["servers"] = whole["servers"].clone();
        for (old, new) in [(&whole, &pages), (&pages, &whole)] {
            let found = between(old, new, Tolerance::Strict);
            assert!(found.is_empty(), "{name}: {}: {:#?}", found.len(), found.iter().take(8).collect::<Vec<_>>());
        }
    }
}

fn prefixed(document: &Value) -> Value {
    let mut document = document.clone();
    let schemas = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let renamed: Map<String, Value> =
        schemas.into_iter().map(|(name, schema)| (format!("Api{name}"), schema)).collect();
    document["components"]["schemas"] = Value::Object(renamed);
    let text = document.to_string().replace("#/components/schemas/", "#/components/schemas/Api");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn spellings_of_one_schema_are_no_change() {
    let object = |properties: Value| json!({"type": "object", "required": ["a"], "properties": properties});
    let rows = [
        (
            "null as a type",
            json!({"type": ["string", "null"]}),
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ),
        ("null of 3.0", json!({"type": "string", "nullable": true}), json!({"type": ["string", "null"]})),
        (
            "null of a reference",
            json!({"oneOf": [reference("Part"), {"type": "null"}]}),
            json!({"allOf": [reference("Part")], "nullable": true}),
        ),
        ("a constant", json!({"const": "x"}), json!({"type": "string", "enum": ["x"]})),
        (
            "strings in a union",
            json!({"anyOf": [{"const": "x"}, {"const": "y"}]}),
            json!({"type": "string", "enum": ["x", "y"]}),
        ),
        (
            "a bound",
            json!({"type": "integer", "exclusiveMinimum": 3}),
            json!({"type": "integer", "minimum": 3, "exclusiveMinimum": true}),
        ),
        (
            "order",
            object(json!({"a": {"type": "string"}, "b": {"type": "integer"}})),
            object(json!({"b": {"type": "integer"}, "a": {"type": "string"}})),
        ),
        (
            "allOf",
            object(json!({"a": {"type": "string"}})),
            json!({"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"required": ["a"]}]}),
        ),
        ("inline", reference("Part"), json!({"type": "object", "properties": {"p": {"type": "string"}}})),
    ];
    for (name, one, other) in rows {
        let of = |schema: &Value| {
            let part = json!({"type": "object", "properties": {"p": {"type": "string"}}});
            let whole = json!({"type": "object", "required": ["v"], "properties": {"v": schema, "list": {"type": "array", "items": schema}}});
            let path = json!({"/things": {"post": operation("create", &reference("Thing"), &reference("Thing"))}});
            document(path, json!({"Thing": whole, "Part": part}))
        };
        let (one, other) = (of(&one), of(&other));
        for (old, new) in [(&one, &other), (&other, &one)] {
            let found = drift(old, new);
            let wire: Vec<_> = found.changes.iter().filter(|change| !change.id.ends_with("schema-named")).collect();
            assert!(wire.is_empty(), "{name}: {wire:#?}");
        }
    }
}
