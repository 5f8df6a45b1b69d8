//! Tests bundles of files in memory.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;

/// Bundles the file `api/openapi.yaml` of a folder.
fn bundle(files: &[(&str, &str)]) -> Option<Bundle> {
    let files: BTreeMap<&str, &str> = files.iter().copied().collect();
    let mut load = |location: &str| {
        let unread = || Unread { reason: format!("`{location}` is not there"), help: "create it".to_owned() };
        files.get(location).map(|text| text.as_bytes().to_vec()).ok_or_else(unread)
    };
    bundle_document(files["api/openapi.yaml"].as_bytes(), "api/openapi.yaml", &mut load)
}

fn document(bundle: &Bundle) -> Value {
    serde_json::from_slice(bundle.document()).unwrap()
}

/// A document of several files, in every form of reference.
const FILES: [(&str, &str); 8] = [
    (
        "api/openapi.yaml",
        "openapi: 3.1.0
info: {title: T, version: '1', description: {$ref: intro.md}}
paths:
  /pets: {$ref: paths/pets.yaml}
  /owners: {$ref: 'paths/all.json#/~1owners'}
components:
  schemas:
    Pet: {$ref: schemas/pet.yaml}
    Animal: {$ref: schemas/pet.yaml}
    Old: {properties: {owner: {$ref: 'schemas/my%20people.yaml#/Owner', description: Who.}}}
    Base: {type: object}
  responses: {$ref: responses.yaml}
",
    ),
    ("api/intro.md", "# Hello: world"),
    (
        "api/paths/pets.yaml",
        "get: {parameters: [{$ref: ../common.yaml#/parameters/Limit}], responses: {'200': {$ref: '../openapi.yaml#/components/responses/Pets'}}}",
    ),
    (
        "api/paths/all.json",
        r#"{"/owners": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "../schemas/my people.yaml#/Owner"}}}}}}}"#,
    ),
    (
        "api/common.yaml",
        "parameters: {Limit: {name: limit, in: query, schema: {$ref: '#/definitions/Limit'}}}\ndefinitions: {Limit: {type: integer}}",
    ),
    (
        "api/schemas/pet.yaml",
        "type: object\nproperties: {self: {$ref: '#'}, name: {$ref: '#/properties/id'}, id: {type: string}, owner: {$ref: my%20people.yaml#/Owner}, base: {$ref: ../openapi.yaml#/components/schemas/Base}}",
    ),
    (
        "api/schemas/my people.yaml",
        "Owner: {$ref: './my%20people.yaml#/Person'}\nPerson: {properties: {pet: {$ref: pet.yaml}}}",
    ),
    (
        "api/responses.yaml",
        "Pets: {description: d, content: {application/json: {schema: {type: array, items: {$ref: schemas/pet.yaml}}}}}",
    ),
];

#[test]
fn parts_of_other_files_become_components() {
    let bundle = bundle(&FILES).unwrap();
    let document = document(&bundle);
    let schema = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    assert_eq!(document["info"]["description"], "# Hello: world");
    assert_eq!(
        document["paths"],
        json!({
            "/pets": {"get": {"parameters": [{"$ref": "#/components/parameters/Limit"}],
                "responses": {"200": {"$ref": "#/components/responses/Pets"}}}},
            "/owners": {"post": {"requestBody": {"content": {"application/json": {"schema": schema("Person")}}}}},
        })
    );
    let pet = json!({"type": "object", "properties": {
        "self": schema("Pet"), "name": schema("Pet/properties/id"), "id": {"type": "string"},
        "owner": schema("Person"), "base": schema("Base")}});
    assert_eq!(
        document["components"],
        json!({
            "schemas": {
                "Pet": pet,
                "Animal": schema("Pet"),
                "Old": {"properties": {"owner": {"$ref": "#/components/schemas/Person", "description": "Who."}}},
                "Base": {"type": "object"},
                "Person": {"properties": {"pet": schema("Pet")}},
                "Limit": {"type": "integer"},
            },
            "responses": {"Pets": {"description": "d", "content": {"application/json": {"schema": {"type": "array", "items": schema("Pet")}}}}},
            "parameters": {"Limit": {"name": "limit", "in": "query", "schema": schema("Limit")}},
        })
    );
    assert_eq!(bundle.files().count(), 7);
}

#[test]
fn diagnostics_name_the_file_and_its_line() {
    let files = [
        (
            "api/openapi.yaml",
            "openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {$ref: a.yaml}\n    B: {$ref: gone.yaml#/B}\n",
        ),
        ("api/a.yaml", "type: object\nproperties:\n  x: {type: string}\n  y: {type: [\n"),
    ];
    let broken = bundle(&files).unwrap();
    let external = |reference: &str| {
        let found = format!("reference `{reference}` leads out of the document");
        Diagnostic::new(Code::ExternalRef, Pointer::root(), found).in_source("name")
    };
    let report = broken.locate(Report { diagnostics: vec![external("a.yaml"), external("gone.yaml#/B")] }, "name");
    let found: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.found.as_str()).collect();
    assert!(found[0].contains("`a.yaml` is not followed: neither JSON nor YAML"), "{found:?}");
    assert_eq!(found[1], "reference `gone.yaml#/B` is not followed: `api/gone.yaml` is not there");
    assert_eq!(report.diagnostics[1].help, "create it");
    assert_eq!(broken.document(), files[0].1.as_bytes(), "nothing was bundled");

    let sound = [files[0], ("api/a.yaml", "type: object\nproperties:\n  x: {type: string}\n  x: {type: integer}\n")];
    let place = Pointer::root().join("components").join("schemas").join("A").join("properties").join("x");
    let bundle = bundle(&sound).unwrap();
    let report = bundle.locate(Report::of(Diagnostic::new(Code::Untyped, place, "x").in_source("name")), "name");
    let places: Vec<String> = report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            format!("{}:{}#{}", diagnostic.source, diagnostic.line.unwrap_or_default(), diagnostic.pointer)
        })
        .collect();
    assert_eq!(places, ["api/a.yaml:3#/properties/x", "api/a.yaml:3#/properties/x"]);
}

#[test]
fn document_of_one_file_is_not_bundled() {
    let own = "openapi: 3.2.0\n$self: https://a.example/v1/openapi.yaml\ncomponents: {schemas: {A: {$ref: 'https://a.example/v1/openapi.yaml#/components/schemas/B'}, B: {}}}";
    let rows = [
        ("local references", "openapi: 3.0.3\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {}}}"),
        ("its own URI", own),
        (
            "a property of that name",
            "openapi: 3.0.3\ncomponents: {schemas: {A: {properties: {$ref: {type: string}}, example: {$ref: x.yaml}}}}",
        ),
        ("no document", "$ref: ["),
    ];
    for (case, text) in rows {
        assert!(bundle(&[("api/openapi.yaml", text)]).is_none(), "{case}");
    }
}

#[test]
fn what_a_document_states_to_be_beside_it_is_looked_for_beside_it() {
    let files = [
        (
            "api/openapi.yaml",
            "openapi: 3.2.0\n$self: https://a.example/v1/openapi.yaml\ncomponents: {schemas: {A: {$ref: 'https://a.example/v1/schemas/b.yaml'}}}",
        ),
        ("api/schemas/b.yaml", "items: {$ref: 'https://a.example/v1/openapi.yaml#/components/schemas/A'}"),
    ];
    let bundle = bundle(&files).unwrap();
    assert_eq!(document(&bundle)["components"]["schemas"], json!({"A": {"items": {"$ref": "#/components/schemas/A"}}}));
}

#[test]
fn targets_of_discriminators_are_followed() {
    let files = [
        (
            "api/openapi.yaml",
            "openapi: 3.0.3\ncomponents: {schemas: {Pet: {$ref: 'pets.yaml#/components/schemas/Pet'}}}",
        ),
        (
            "api/pets.yaml",
            "components: {schemas: {Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: dog.yaml}], discriminator: {propertyName: t, mapping: {c: Cat, d: dog.yaml, e: Other}}}, Cat: {type: object}}}",
        ),
        ("api/dog.yaml", "type: object"),
    ];
    let bundle = bundle(&files).unwrap();
    let mapping = &document(&bundle)["components"]["schemas"]["Pet"]["discriminator"]["mapping"];
    assert_eq!(*mapping, json!({"c": "#/components/schemas/Cat", "d": "#/components/schemas/dog", "e": "Other"}));
}

#[test]
fn cycles_of_references_end() {
    let files = [
        (
            "api/openapi.yaml",
            "openapi: 3.0.3\ninfo: {$ref: a.yaml}\ncomponents: {schemas: {A: {$ref: a.yaml#/x}, B: {$ref: c.yaml}}}",
        ),
        ("api/a.yaml", "x: {$ref: b.yaml#/x}\ny: {$ref: a.yaml}"),
        ("api/b.yaml", "x: {$ref: a.yaml#/x}"),
        ("api/c.yaml", "items: {$ref: d.yaml}"),
        ("api/d.yaml", "items: {$ref: c.yaml}"),
    ];
    let bundle = bundle(&files).unwrap();
    let schemas = &document(&bundle)["components"]["schemas"];
    assert_eq!(schemas["B"], json!({"items": {"$ref": "#/components/schemas/d"}}));
    assert_eq!(schemas["d"], json!({"items": {"$ref": "#/components/schemas/B"}}));
    assert_eq!(schemas["A"], json!({"$ref": "a.yaml#/x"}));
}
