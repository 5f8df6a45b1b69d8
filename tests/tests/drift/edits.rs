//! Edits of our document as a vendor may make them: each is one entry that explains every item in Rust.

use generator::parallel;
use serde_json::{Value, json};

use super::forms::published;
use super::history::compare;
use super::lines;

/// An edit, and the entries that it leads to.
struct Edit {
    name: &'static str,
    /// The place of the parent in the document, and what becomes of it.
    at: &'static str,
    make: fn(&mut Value),
    expected: &'static [&'static str],
}

fn apply(edit: &Edit) -> Value {
    let mut document = published();
    (edit.make)(document.pointer_mut(edit.at).unwrap());
    document
}

fn list_edits() -> Vec<Edit> {
    [list_parts(), list_renames(), list_responses(), list_schemas()].into_iter().flatten().collect()
}

fn list_parts() -> Vec<Edit> {
    vec![
        Edit {
            name: "the operation that returns the state of a run is gone",
            at: "/paths/~1workflow_runs~1{id}",
            make: |path| drop(path.as_object_mut().unwrap().shift_remove("get")),
            expected: &["api-removed-without-deprecation breaking major ."],
        },
        Edit {
            name: "the ID of a run may be null, so that nothing polls it",
            at: "/components/schemas/VerifyRun/properties/id",
            make: |schema| schema["type"] = json!(["string", "null"]),
            expected: &["response-property-became-nullable breaking major VerifyRun.id"],
        },
        Edit {
            name: "polling would have to send a parameter",
            at: "/paths/~1batch_runs~1{id}/get",
            make: add_zone,
            expected: &["new-required-request-parameter breaking major .zone"],
        },
        Edit {
            name: "an object lost its only property, so that it is a map",
            at: "/components/schemas/FileFromUrl/properties/settings",
            make: |schema| schema["properties"] = json!({}),
            expected: &["request-property-removed risky major FileFromUrl.settings.password"],
        },
        Edit {
            name: "a new member of a union lacks what the others have in common",
            at: "/components/schemas/StepRun/oneOf",
            make: |members| members.as_array_mut().unwrap().push(member()),
            expected: &["response-property-one-of-added safe major StepRun."],
        },
        Edit {
            name: "an object of its own takes the place of a shared one",
            at: "/paths/~1parse/post/responses/422/content/application~1json",
            make: |media| media["schema"] = json!({"type": "object", "properties": {"reason": {"type": "string"}}}),
            expected: &["response-body-schema-replaced breaking minor .response 422"],
        },
        Edit {
            name: "schemas that the profile makes one type are not alike any more",
            at: "/components/schemas/LegacySplitterOutput/properties/splits/items/required",
            make: |required| required.as_array_mut().unwrap().retain(|name| name != "endPage"),
            expected: &["response-property-became-optional breaking major LegacySplitterOutput.splits[].endPage"],
        },
        Edit {
            name: "a response has another header",
            at: "/paths/~1files~1upload/post/responses/200",
            make: |response| response["headers"] = json!({"X-Zone": {"required": true, "schema": {"type": "string"}}}),
            expected: &["response-header-added safe none .response 200 header x-zone"],
        },
    ]
}

fn list_renames() -> Vec<Edit> {
    vec![
        Edit {
            name: "properties moved into a new one",
            at: "/components/schemas/WorkflowRun",
            make: nest_review,
            expected: &["response-properties-moved breaking major WorkflowRun.review"],
        },
        Edit {
            name: "a property of a plain type has a longer name",
            at: "/components/schemas/FileSummary",
            make: |schema| rename(schema, "name", "filename"),
            expected: &["response-property-renamed breaking major FileSummary.name"],
        },
        Edit {
            name: "a filter has another name",
            at: "/paths/~1files/get/parameters/0",
            make: |parameter| parameter["name"] = json!("search"),
            expected: &["request-parameter-renamed risky major .nameContains"],
        },
    ]
}

fn list_responses() -> Vec<Edit> {
    vec![
        Edit {
            name: "starting responds with another status",
            at: "/paths/~1parse_runs/post/responses",
            make: |responses| rename_key(responses, "200", "202"),
            expected: &["response-success-status-changed safe none .response 202"],
        },
        Edit {
            name: "deleting responds with nothing",
            at: "/paths/~1files~1{id}/delete/responses",
            make: |responses| {
                rename_key(responses, "200", "204");
                responses["204"] = json!({"description": "Gone."});
            },
            expected: &["response-success-status-changed breaking major .response 204"],
        },
        Edit {
            name: "every path is below a prefix of the servers",
            at: "/servers",
            make: |servers| {
                for server in servers.as_array_mut().unwrap() {
                    server["url"] = json!(format!("{}/v1", server["url"].as_str().unwrap()));
                }
            },
            expected: &["api-path-changed breaking none ."],
        },
        Edit {
            name: "runs wait in a status that is not known",
            at: "/components/schemas/ParseRunStatusEnum/enum",
            make: |values| values.as_array_mut().unwrap().push(json!("QUEUED")),
            expected: &["response-property-enum-value-added risky minor ParseRunStatusEnum."],
        },
        Edit {
            name: "an object with any properties states some",
            at: "/components/schemas/RunMetadata",
            make: |schema| {
                schema.as_object_mut().unwrap().shift_remove("additionalProperties");
                schema["properties"] = json!({"tags": {"type": "object", "properties": {"a": {"type": "string"}}}});
            },
            expected: &["request-property-type-specialized breaking major RunMetadata."],
        },
        Edit {
            name: "one file became several",
            at: "/components/schemas/ParseRun/properties",
            make: |properties| {
                let described = properties["file"]["description"].clone();
                let items = json!({"$ref": "#/components/schemas/FileSummary"});
                properties["file"] = json!({"type": "array", "items": items, "description": described});
            },
            expected: &["response-property-type-changed breaking major ParseRun.file"],
        },
    ]
}

fn list_schemas() -> Vec<Edit> {
    vec![
        Edit {
            name: "a schema that conversions start from has another name",
            at: "",
            make: |document| rename_schema(document, "FileSummary", "FileListItem"),
            expected: &["api-schema-renamed safe patch FileListItem."],
        },
        Edit {
            name: "a copy of a schema keeps the titles inside of it",
            at: "",
            make: copy_step,
            expected: &["response-property-one-of-added safe minor StepRun."],
        },
    ]
}

fn add_zone(operation: &mut Value) {
    let zone = json!({"name": "zone", "in": "query", "required": true, "schema": {"type": "string"}});
    let parameters = operation.as_object_mut().unwrap().entry("parameters").or_insert_with(|| json!([]));
    parameters.as_array_mut().unwrap().push(zone);
}

fn rename_key(object: &mut Value, from: &str, to: &str) {
    let members = object.as_object_mut().unwrap();
    let renamed = |name: &String| if name == from { to.to_owned() } else { name.clone() };
    *members = members.iter().map(|(name, value)| (renamed(name), value.clone())).collect();
}

/// Gives a required property another name.
fn rename(schema: &mut Value, from: &str, to: &str) {
    rename_key(&mut schema["properties"], from, to);
    for name in schema["required"].as_array_mut().unwrap() {
        if name == from {
            *name = json!(to);
        }
    }
}

fn rename_schema(document: &mut Value, from: &str, to: &str) {
    let place = |name: &str| format!("\"#/components/schemas/{name}\"");
    *document = document.to_string().replace(&place(from), &place(to)).parse().unwrap();
    rename_key(&mut document["components"]["schemas"], from, to);
}

fn nest_review(schema: &mut Value) {
    const MOVED: [&str; 4] = ["reviewed", "reviewedByUser", "rejectionNote", "reviewedAt"];
    let properties = schema["properties"].as_object_mut().unwrap();
    let inner: serde_json::Map<String, Value> =
        MOVED.into_iter().map(|name| (name.to_owned(), properties.shift_remove(name).unwrap())).collect();
    properties.insert("review".to_owned(), json!({"type": "object", "required": MOVED, "properties": inner}));
    let required = schema["required"].as_array_mut().unwrap();
    required.retain(|name| !MOVED.contains(&name.as_str().unwrap()));
    required.push(json!("review"));
}

/// Adds a member to the union of steps that comes before the one it was copied from.
fn copy_step(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    let copy = schemas["ExtractStepRun"].to_string().replace("\"EXTRACT\"", "\"EXTRACT_AGAIN\"");
    schemas.insert("ExtractAgainStepRun".to_owned(), copy.parse().unwrap());
    let member = json!({"$ref": "#/components/schemas/ExtractAgainStepRun"});
    schemas["StepRun"]["oneOf"].as_array_mut().unwrap().push(member);
}

fn member() -> Value {
    let kind = json!({"type": "string", "const": "ZETA"});
    json!({"type": "object", "required": ["stepType", "zeta"], "properties": {"stepType": kind, "zeta": {"type": "string"}}})
}

#[test]
fn each_edit_of_our_document_is_one_entry() {
    let original = published();
    let found = parallel::map(parallel::processors(), &list_edits(), |edit| lines(&compare(&original, &apply(edit))));
    for (edit, found) in list_edits().iter().zip(found) {
        assert_eq!(found, edit.expected, "{}", edit.name);
    }
}

#[test]
fn methods_that_take_a_complete_body_have_a_remedy_of_their_own() {
    let original = published();
    let mut document = original.clone();
    add_zone(document.pointer_mut("/paths/~1splitters~1{id}/post").unwrap());
    let found = compare(&original, &document);
    let remedies: Vec<&str> = found.changes.iter().flat_map(|change| &change.remedy).map(String::as_str).collect();
    let of = |method: &str| {
        format!("give `resources::splitters::Splitters::{method}` its argument 2 `zone: impl Into<String>`")
    };
    assert_eq!(remedies, [of("update"), of("update_with")]);
}
