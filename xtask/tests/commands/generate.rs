//! `generate` and `corpus` as a maintainer runs them: what is written, what is kept, what is refused, and what a bad
//! document does to the others.

use std::fs;
use std::process::Command;

use crate::workspace::{Ran, Workspace, document, run, unsound_document};
use serde_json::Value;

fn generate(workspace: &Workspace, more: &[&str]) -> Ran {
    let (spec, out) = (workspace.path("in/api.json"), workspace.path("out"));
    let paths = ["generate", "--spec", spec.to_str().unwrap(), "--out", out.to_str().unwrap()];
    run(&[&paths, more].concat())
}

fn with_input(text: &str) -> Workspace {
    let workspace = Workspace::empty();
    workspace.write("in/api.json", text);
    workspace
}

#[test]
fn a_crate_stands_alone() {
    let workspace = with_input(&document("Pet Runs"));
    let ran = generate(&workspace, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("1 operation, 2 types"), "{ran:?}");
    let manifest = workspace.path("out/Cargo.toml");
    let read: toml::Table = fs::read_to_string(&manifest).unwrap().parse().unwrap();
    assert_eq!(read["package"]["name"].as_str(), Some("pet-runs"));
    let files = [
        "README.md",
        "names.toml",
        "src/lib.rs",
        "src/generated/mod.rs",
        "examples/first_call.rs",
        "runtime/src/lib.rs",
    ];
    for file in files {
        assert!(workspace.path("out").join(file).exists(), "{file}");
    }
    let example = fs::read_to_string(workspace.path("out/examples/first_call.rs")).unwrap();
    assert!(example.contains("client.runs().") && example.contains("(\"id\").await?"), "{example}");
    // cargo takes manifests and lock as they are, without the network.
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let output = cargo.args(["metadata", "--offline", "--format-version=1", "--manifest-path"]).arg(manifest).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_second_run_keeps_published_names_and_files_of_others() {
    let workspace = with_input(&document("Runs"));
    assert_eq!(generate(&workspace, &["--name", "mine"]).code, 0);
    let names = fs::read_to_string(workspace.path("out/names.toml")).unwrap();
    workspace.write("out/names.toml", &names.replace("\"Status\"", "\"Phase\""));
    workspace.write("out/src/own.rs", "own");
    let ran = generate(&workspace, &["--name", "mine"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let types: String = workspace
        .files()
        .into_iter()
        .filter(|(path, _)| path.to_string_lossy().contains("generated/types"))
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
        .collect();
    assert!(types.contains("Phase") && workspace.path("out/src/own.rs").exists());
}

#[test]
fn nothing_is_written_after_an_error() {
    let swagger = "{\"swagger\": \"2.0\", \"info\": {\"title\": \"T\", \"version\": \"1\"}, \"paths\": {}}";
    for (text, message) in [("{", "unreadable"), (swagger, "unsupported-version")] {
        let workspace = with_input(text);
        let before = workspace.files();
        let ran = generate(&workspace, &[]);
        assert_eq!(ran.code, 40, "{ran:?}");
        assert!(ran.stderr.contains(message), "{ran:?}");
        assert_eq!(workspace.files(), before);
    }
    let workspace = with_input(&document("Runs"));
    workspace.write("out/thesis.txt", "");
    let ran = generate(&workspace, &[]);
    assert_eq!((ran.code, ran.stderr.contains("folder-occupied")), (40, true), "{ran:?}");
    for name in ["test", "a b", "1a", "fn"] {
        assert_eq!(generate(&workspace, &["--name", name]).code, 2, "{name}");
    }
}

#[test]
fn each_document_of_a_corpus_passes_or_fails_alone() {
    let workspace = Workspace::empty();
    workspace.write("in/a.json", &document("A"));
    workspace.write("in/b.yaml", "- no\n- document\n");
    workspace.write("in/c.json", &unsound_document());
    workspace.write("in/README.md", "Sources.");
    let (folder, out, json) = (workspace.path("in"), workspace.path("corpus"), workspace.path("rows.json"));
    let (folder, out, json) = (folder.to_str().unwrap(), out.to_str().unwrap(), json.to_str().unwrap());
    let ran = run(&["corpus", folder, "--out", out, "--json", json, "--jobs", "2"]);
    assert_eq!(ran.code, 60, "{ran:?}");
    assert!(ran.stderr.contains("of 3 documents did not pass"), "{ran:?}");
    let rows: Value = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    let failures: Vec<bool> = rows.as_array().unwrap().iter().map(|row| !row["failure"].is_null()).collect();
    assert_eq!(failures.get(..2), Some(&[false, true][..]), "{rows:#}");

    let table = workspace.path("docs/corpus.md");
    let ran = run(&["corpus", folder, "--out", out, "--only", "a*", "--table", table.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let page = fs::read_to_string(table).unwrap();
    assert!(page.starts_with("# Corpus") && page.contains("| a.json") && page.ends_with(&ran.stdout), "{page}");
    assert_eq!(run(&["corpus", folder, "--only", "z"]).code, 40);
}
