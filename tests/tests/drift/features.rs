//! Features of a client: code that chose its own may no longer find a type.

use generator::drift::RustLevel;
use generator::{Sources, Tolerance, compare_documents};
use serde_json::{Value, json};

use super::{document, lines, reference, sources};

const PROFILE: &str = "[areas]\nfiles = [\"files\"]\nruns = [\"runs\"]\n";

/// Returns an API with two areas. An error of the first may have the body that the second returns.
fn areas(errors: &[&str]) -> Value {
    let response =
        |name: &str| json!({"description": "", "content": {"application/json": {"schema": reference(name)}}});
    let get = |id: &str, tag: &str, name: &str| json!({"operationId": id, "tags": [tag], "responses": {"200": response(name)}});
    let mut files = get("getFile", "files", "File");
    for status in errors {
        files["responses"][*status] = response("Run");
    }
    let thing = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}});
    let paths = json!({"/files": {"get": files}, "/runs": {"get": get("getRun", "runs", "Run")}});
    document(paths, json!({"File": thing, "Run": thing}))
}

#[test]
fn type_that_fewer_features_bring_breaks_code_that_chose_them() {
    let (all, one) = (areas(&["404"]).to_string(), areas(&[]).to_string());
    let between = |old, new| {
        let of = |document| Sources { profile: PROFILE, ..sources(document) };
        compare_documents(&of(old), &of(new), Tolerance::Strict).unwrap()
    };
    let found = between(&all, &one);
    eprintln!("{:?} {:#?}", lines(&found), found.changes);
    let change = found.changes.iter().find(|change| change.rust == RustLevel::Major).unwrap();
    let items: Vec<&str> = change.rust_items.iter().map(|item| item.path.as_str()).collect();
    assert_eq!(items, ["types::Run: features"], "{change:#?}");
    let remedy = "enable a feature that brings `types::Run` in your Cargo.toml: runs";
    assert!(change.remedy.iter().any(|step| step.contains(remedy)), "{change:#?}");
    // More features bring it: nobody has to change anything.
    assert!(between(&one, &all).changes.iter().all(|change| change.rust < RustLevel::Major));
}
