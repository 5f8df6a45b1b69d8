//! `drift --patch` on programs that use a client: what it rewrites compiles with the new client, as the old programs did with the old
//! one.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::workspace::{compiled_folder, offline_cargo, run};

/// A document: properties of a thing, those that are required, and whether a file is.
fn document(properties: &Value, required: &[&str], file: &[&str]) -> String {
    let reference =
        |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let operation = |id: &str, body: &str| {
        json!({"post": {
            "operationId": id,
            "tags": ["things"],
            "requestBody": {"required": true, "content": reference(body)},
            "responses": {"200": {"description": "", "content": reference("Thing")}},
        }})
    };
    let text = || json!({"type": "string"});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/things": operation("create", "Thing"), "/uploads": operation("upload", "Upload")},
        "components": {"schemas": {
            "Thing": {"type": "object", "required": required, "properties": properties},
            "Upload": {"type": "object", "required": file, "properties": {"file": text(), "note": text()}},
        }},
    })
    .to_string()
}

fn described(text: &str) -> Value {
    json!({"type": "string", "description": text})
}

const PROGRAMS: [(&str, &str); 3] = [
    (
        "fields.rs",
        "use things::types::Thing;\n\npub fn name(thing: &Thing) -> &str {\n    &thing.title\n}\n\npub fn both(Thing { title, .. }: Thing) -> String {\n    title\n}\n",
    ),
    (
        "setters.rs",
        "pub fn thing() -> things::types::Thing {\n    things::types::Thing::new(\"a\")\n        .with_color(\"red\")\n}\n",
    ),
    (
        "calls.rs",
        "use things::{Client, Error};\n\npub async fn upload(client: &Client) -> Result<String, Error> {\n    let thing = client.things().upload(\"file\").note(\"x\").await?;\n    Ok(thing.title)\n}\n",
    ),
];

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A package whose modules are the programs.
fn package(folder: &Path, name: &str, client: &str) {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nthings = {{ package = \"{client}\", path = \"../{client}\", default-features = false, features = [\"client\"] }}\n\n[workspace]\n"
    );
    write(&folder.join(name).join("Cargo.toml"), &manifest);
    let modules: String =
        PROGRAMS.iter().map(|(file, _)| format!("pub mod {};\n", file.trim_end_matches(".rs"))).collect();
    write(&folder.join(name).join("src/lib.rs"), &modules);
}

#[test]
fn patched_programs_compile_with_the_new_client() {
    let folder = compiled_folder().join("patch");
    let _old = fs::remove_dir_all(&folder);
    let old = document(
        &json!({"title": described("What it is called."), "color": described("Its paint.")}),
        &["title"],
        &["file"],
    );
    let properties = json!({"label": described("What it is called."), "paint": described("Its paint."), "size": {"type": "integer"}});
    let new = document(&properties, &["label", "size"], &[]);
    for (name, text) in [("things-old", &old), ("things-new", &new)] {
        let path = folder.join(format!("{name}.json"));
        write(&path, text);
        let out = folder.join(name);
        let arguments = ["--spec", path.to_str().unwrap(), "--out", out.to_str().unwrap(), "--name", name];
        let ran = run(&[["generate"].as_slice(), &arguments].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    package(&folder, "before", "things-old");
    package(&folder, "after", "things-new");
    for (file, text) in PROGRAMS {
        write(&folder.join("before/src").join(file), text);
        write(&folder.join("after/src").join(file), text);
    }
    let (old, new) = (folder.join("things-old.json"), folder.join("things-new.json"));
    let after = folder.join("after");
    let documents = [old.to_str().unwrap(), new.to_str().unwrap()];
    let more = ["--patch", after.to_str().unwrap(), "--library", "things"];
    let ran = run(&[["drift"].as_slice(), &documents, &more].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in [
        "+    &thing.label",
        "+pub fn both(Thing { label: title, .. }: Thing) -> String {",
        "+    things::types::Thing::new(\"a\", todo!(\"size: i64\"))",
        "+        .with_paint(\"red\")",
        "+    let thing = client.things().upload().file(\"file\").note(\"x\").await?;",
        "+    Ok(thing.label)",
    ] {
        assert!(ran.stdout.lines().any(|shown| shown == line), "{line}\n{}", ran.stdout);
    }
    apply(&after, &ran.stdout);
    for name in ["before", "after"] {
        let checked = check_package(&folder.join(name));
        assert!(checked.status.success(), "{name}\n{}\n{}", ran.stdout, String::from_utf8_lossy(&checked.stderr));
    }
}

/// Compiles a package, which is a workspace of its own because each client brings its runtime.
fn check_package(folder: &Path) -> Output {
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    offline_cargo(folder, &["check", "--quiet"]).output().unwrap()
}

/// Applies a diff as a user does.
fn apply(folder: &Path, diff: &str) {
    let path = folder.join("changes.diff");
    fs::write(&path, diff).unwrap();
    // Paths in the diff are those below the folder, not below the repository around it.
    let mut git = Command::new("git");
    git.args(["apply", "changes.diff"]).env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap());
    let ran = git.current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}
