//! The documentation of calls of small documents, line by line.

use serde_json::{Value, json};

use crate::emit::plan::Plan;
use crate::emit::{Input, Preamble, Root};
use crate::ir::Api;
use crate::model::build;
use crate::names::Lock;
use crate::normalize::normalize_document;
use crate::profile::Profile;

fn api(paths: Value) -> Api {
    let document = json!({
        "openapi": "3.1.0",
        "info": {},
        "paths": paths,
        "components": {"schemas": {
            "Problem": {"type": "object", "properties": {"code": {"type": "string"}}},
            "Limit": {"type": "object", "properties": {"seconds": {"type": "integer"}}},
            "Cat": {"type": "object", "required": ["kind", "lives"],
                "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}},
            "Dog": {"type": "object", "required": ["kind", "name", "age"],
                "properties": {"kind": {"const": "dog"}, "name": {"type": "string"}, "age": {"type": "integer"}}},
            "Tree": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Tree"}}},
            "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
        }}
    });
    build(&normalize_document(document), &Profile::default(), &Lock::default()).api
}

/// Documentation of the method and of the builder of the only operation.
fn docs(paths: Value, profile: &str) -> (String, String) {
    let api = api(paths);
    let profile = Profile::parse(profile).unwrap();
    let preamble = Preamble { sha256: String::new(), generator: String::new(), notice: "" };
    let root = Root::default();
    let library = "pet_shop";
    let input =
        Input { api: &api, profile: &profile, preamble: &preamble, root: &root, library, recursion_limit: None };
    let resource = &api.resources[0];
    let plan = Plan::new(&input, resource, &resource.calls[0]);
    (plan.method_docs().join("\n"), plan.builder_docs().join("\n"))
}

fn schema(name: &str) -> Value {
    json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}})
}

#[test]
fn method_has_description_example_and_errors() {
    let operation = json!({
        "tags": ["pets"],
        "operationId": "get",
        "summary": "Get a pet",
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": schema("Pet"), "404": schema("Problem"), "500": schema("Problem")},
    });
    let (method, builder) = docs(json!({"/pets/{id}": {"get": operation}}), "");
    let expected = "\
Get a pet.

`GET /pets/{id}`

```no_run
# async fn example(client: pet_shop::Client) -> Result<(), pet_shop::Error> {
let response = client.pets().get(\"pet_1\").await?;
# Ok(())
# }
```

# Errors

Awaiting the builder returns an [`Error`](sdk_runtime::Error) if the request cannot be sent or is rejected;
[`Error::body_as`](sdk_runtime::Error::body_as) decodes the body of an error response as
[`Problem`](crate::types::Problem) (status 404, 500).";
    assert_eq!(method, expected);
    assert_eq!(builder, "Request builder for [`Pets::get`].");
}

#[test]
fn example_constructs_what_the_body_requires() {
    let body = json!({"type": "object", "required": ["pets"], "properties": {
        "pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
        "note": {"type": "string"},
        "urgent": {"type": "boolean"},
    }});
    let operation = json!({
        "tags": ["orders"],
        "operationId": "create",
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": {"204": {}, "400": schema("Problem"), "429": schema("Limit")},
    });
    let paths = json!({"/orders": {"post": operation}});
    let (method, _) = docs(paths.clone(), "");
    let expected = "\
Sends `POST /orders`.

```no_run
use pet_shop::types::Cat;
# async fn example(client: pet_shop::Client) -> Result<(), pet_shop::Error> {
client.orders().create([Cat::new(1)]).await?;
# Ok(())
# }
```

# Errors

Awaiting the builder returns an [`Error`](sdk_runtime::Error) if the request cannot be sent or is rejected;
[`CreateErrorBody::of`] or [`Error::body_as`](sdk_runtime::Error::body_as) decodes the body of an error
response:

- status 400: [`Problem`](crate::types::Problem)
- status 429: [`Limit`](crate::types::Limit)";
    assert_eq!(method, expected);
    let (method, _) = docs(paths, "examples = { \"orders.create\" = [\"urgent\"] }");
    assert!(method.contains("client.orders().create([Cat::new(1)]).urgent(true).await?;"), "{method}");
}

#[test]
fn argument_that_would_never_end_is_any_json_value() {
    let operation = json!({
        "operationId": "plant",
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}},
        "responses": {"204": {}},
    });
    let (method, builder) = docs(json!({"/trees": {"post": operation}}), "");
    assert!(method.contains("client.plant(\"value\").await?;"), "{method}");
    assert_eq!(builder, "Request builder for [`Client::plant`](crate::Client::plant).");
}
