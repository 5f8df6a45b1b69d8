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

fn add_zone(operation: &mut Value) {
    let zone = json!({"name": "zone", "in": "query", "required": true, "schema": {"type": "string"}});
    let parameters = operation.as_object_mut().unwrap().entry("parameters").or_insert_with(|| json!([]));
    parameters.as_array_mut().unwrap().push(zone);
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
