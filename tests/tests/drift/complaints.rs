//! What users of other tools complain about: each pair is reported as they wish it were.

use serde_json::{Value, json};

use super::{document, drift, lines, operation, reference};

/// Returns a document with 23 operations that return one schema.
fn shared(properties: &Value) -> Value {
    let mut paths = serde_json::Map::new();
    for index in 0..23 {
        let id = format!("get{index}");
        let response =
            if index % 2 == 0 { reference("Thing") } else { json!({"type": "array", "items": reference("Thing")}) };
        paths.insert(format!("/things{index}"), json!({"post": operation(&id, &json!({"type": "object"}), &response)}));
    }
    document(Value::Object(paths), json!({"Thing": {"type": "object", "properties": properties}}))
}

#[test]
fn property_of_a_schema_that_many_operations_reach_is_one_change() {
    let found = drift(
        &shared(&json!({"a": {"type": "string"}})),
        &shared(&json!({"a": {"type": "string"}, "b": {"type": "string"}})),
    );
    assert_eq!(lines(&found), ["response-optional-property-added safe minor Thing.b"]);
    assert_eq!(found.changes[0].operations.len(), 23);
}

fn thing(schema: &Value, others: Value) -> Value {
    let mut schemas = others;
    schemas["Thing"] = schema.clone();
    let path = json!({"/things": {"post": operation("create", &reference("Thing"), &reference("Thing"))}});
    document(path, schemas)
}

#[test]
fn cycles_end_and_every_run_has_the_same_bytes() {
    let cyclic = |extra: Value| {
        let node = |next: &str| json!({"type": "object", "properties": {"next": reference(next), "all": {"type": "array", "items": {"anyOf": [reference("A"), reference("B"), reference("C")]}}, "map": {"type": "object", "additionalProperties": reference(next)}}});
        let mut a = node("B");
        a["properties"]["value"] = extra;
        let merged = json!({"allOf": [reference("A"), {"type": "object", "properties": {"self": reference("C")}}]});
        thing(&node("A"), json!({"A": a, "B": node("C"), "C": merged}))
    };
    let (old, new) = (cyclic(json!({"type": "string"})), cyclic(json!({"type": "integer"})));
    let first = serde_json::to_string(&drift(&old, &new)).unwrap();
    for _ in 0..100 {
        assert_eq!(serde_json::to_string(&drift(&old, &new)).unwrap(), first);
    }
    let found = drift(&old, &new);
    assert_eq!(lines(&found), ["request-property-type-changed breaking major A.value"]);
}

#[test]
fn callbacks_that_lead_to_themselves_end() {
    let mut old = thing(&json!({"type": "object", "properties": {"a": {"type": "string"}}}), json!({}));
    old["paths"]["/things"]["post"]["callbacks"] =
        json!({"done": {"{$request.body#/url}": {"$ref": "#/paths/~1things"}}});
    assert_eq!(lines(&drift(&old, &old)), Vec::<String>::new());
}

#[test]
fn each_pair_of_the_complaints_is_reported_as_users_wish() {
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    let pair = json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]});
    let swapped = json!({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]});
    let rows: Vec<(&str, Value, Value, Vec<&str>)> = vec![
        (
            "nullable wrappers have no echo",
            thing(
                &object(json!({"p": {"anyOf": [reference("P"), {"type": "null"}]}})),
                json!({"P": object(json!({"x": {"type": "string"}}))}),
            ),
            thing(
                &object(json!({"p": {"anyOf": [reference("P"), {"type": "null"}]}})),
                json!({"P": object(json!({"x": {"type": "string"}, "y": {"type": "string"}}))}),
            ),
            vec!["new-optional-request-property safe minor P.y"],
        ),
        (
            "properties that move along allOf",
            thing(
                &json!({"allOf": [reference("P"), object(json!({"b": {"type": "string"}}))]}),
                json!({"P": object(json!({"a": {"type": "string"}}))}),
            ),
            thing(
                &json!({"allOf": [reference("P"), object(json!({"a": {"type": "string"}, "b": {"type": "string"}}))]}),
                json!({"P": object(json!({"a": {"type": "string"}}))}),
            ),
            vec![],
        ),
        (
            "an inline enumeration that becomes a component",
            thing(&object(json!({"e": {"type": "string", "enum": ["a", "b"]}})), json!({})),
            thing(
                &object(json!({"e": reference("ThingE")})),
                json!({"ThingE": {"type": "string", "enum": ["a", "b"]}}),
            ),
            vec![],
        ),
        (
            "positions of a tuple",
            thing(&object(json!({"t": pair})), json!({})),
            thing(&object(json!({"t": swapped})), json!({})),
            vec!["request-property-prefix-items-changed breaking major Thing.t"],
        ),
    ];
    for (name, old, new, expected) in rows {
        let found = drift(&old, &new);
        assert_eq!(lines(&found), expected, "{name}: {:#?}", found.changes);
    }
}

fn get(path: &str, parameters: Value, shared: Value, server: &str) -> Value {
    let operation = json!({"operationId": "get", "parameters": parameters, "responses": {"200": {"description": ""}}});
    let mut document = document(json!({path: {"get": operation, "parameters": shared}}), json!({}));
    document["servers"] = json!([{"url": server}]);
    document
}

#[test]
fn parameters_and_prefixes_that_only_move_are_no_change() {
    let id = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}});
    let key = json!({"name": "key", "in": "path", "required": true, "schema": {"type": "string"}});
    let host = "https://api.example.com";
    let old = get("/v1/things/{id}", json!([id]), json!([]), host);
    let rows = [
        ("to the path item", get("/v1/things/{id}", json!([]), json!([id]), host), vec![]),
        ("to the server", get("/things/{id}", json!([id]), json!([]), "https://api.example.com/v1"), vec![]),
        (
            "under another name",
            get("/v1/things/{key}", json!([key]), json!([]), host),
            vec!["request-path-parameter-renamed safe patch .key"],
        ),
    ];
    for (name, new, expected) in rows {
        let found = drift(&old, &new);
        assert_eq!(lines(&found), expected, "{name}: {:#?}", found.changes);
    }
}
