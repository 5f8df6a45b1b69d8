//! Examples of names that a maintainer takes over from the document, so that the old ones are deprecated aliases. Knows not how a
//! name is taken over.

use serde_json::{Value, json};

use super::operations::{Edit, Whole, edit, whole};

const WHY: &str = "the old name is a deprecated alias";

/// Returns the examples.
pub(in crate::drift) fn list_taken_over() -> Vec<Whole> {
    let id = |pointer: &'static str, id: &str| edit(pointer, json!(id));
    let tags = |names: [&str; 3]| {
        let places = ["/paths/~1things/get/tags", "/paths/~1things/post/tags", "/paths/~1things~1{id}/get/tags"];
        places.into_iter().zip(names).map(|(place, name)| edit(place, json!([name]))).collect::<Vec<Edit>>()
    };
    let create = "/paths/~1things/post/operationId";
    let mut all = vec![
        whole("name of an operation taken over", WHY, &[], &[id("/paths/~1things/get/operationId", "browseThings")]),
        whole("name of an operation with a body taken over", WHY, &[], &[id(create, "startThing")]),
        whole(
            "name of an operation with inline schemas and several responses taken over",
            WHY,
            &inline("sendOther"),
            &inline("postOther"),
        ),
        whole("name of a resource taken over", WHY, &[], &tags(["parts", "parts", "parts"])),
        whole("resource split in two", WHY, &[], &tags(["things", "parts", "things"])),
        whole("methods of a resource moved to the client", WHY, &[], &tags(["", "", ""])),
        whole(
            "methods of the client moved to a resource",
            WHY,
            &tags(["", "", ""]),
            &tags(["parts", "parts", "parts"]),
        ),
    ];
    let component = |name: &str| {
        let schema = json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}});
        let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
        let place = if name == "Draft" { "/components/schemas/Draft" } else { "/components/schemas/Sketch" };
        let body = edit("/paths/~1things/post/requestBody", json!({"required": true, "content": content}));
        [("/components/schemas/Draft", None), body, (place, Some(schema))]
    };
    all.push(whole("name of a component taken over", WHY, &component("Draft"), &component("Sketch")));
    let value = |values: [&str; 2]| {
        edit("/components/schemas/Thing/properties/state", json!({"type": "string", "enum": values}))
    };
    all.push(whole("name of a value taken over", WHY, &[value(["open", "lost"])], &[value(["open", "gone"])]));
    let parameter = |name: &str| {
        let schema = json!({"type": "string"});
        let parameter = json!([{"name": name, "in": "query", "description": "The same.", "schema": schema}]);
        edit("/paths/~1things/get/parameters", parameter)
    };
    all.push(whole("name of a parameter taken over", WHY, &[parameter("sort")], &[parameter("sort_by")]));
    let property = |name: &str| {
        let properties = json!({"name": {"type": "string"}, name: {"type": "integer", "description": "The same."}});
        let schema = json!({"type": "object", "required": ["name"], "properties": properties});
        edit("/components/schemas/Draft", schema)
    };
    let why = "its setters are deprecated aliases; a field has no alias";
    all.push(whole("name of a property taken over", why, &[property("size")], &[property("length")]));
    all
}

/// Returns an operation with a body and responses that have no name.
fn inline(id: &str) -> Vec<Edit> {
    let object =
        |properties: Value| json!({"application/json": {"schema": {"type": "object", "properties": properties}}});
    let mode = json!({"mode": {"type": "string", "enum": ["fast", "slow"]}, "part": {"type": "object", "properties": {"n": {"type": "integer"}}}});
    let operation = json!({"post": {
        "operationId": id,
        "tags": ["things"],
        "requestBody": {"required": true, "content": object(mode)},
        "responses": {
            "200": {"description": "", "content": object(json!({"a": {"type": "string"}}))},
            "202": {"description": "", "content": object(json!({"b": {"type": "integer"}}))},
            "400": {"description": "", "content": object(json!({"c": {"type": "string"}}))},
            "500": {"description": "", "content": object(json!({"d": {"type": "integer"}}))},
        },
    }});
    vec![edit("/paths/~1others", operation)]
}
