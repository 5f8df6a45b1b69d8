//! `generate` and `corpus` as a maintainer runs them: what is written, what is kept, what is refused, and what a bad
//! document does to the others.

use std::fs;
use std::path::Path;

use crate::server::{Server, response};
use crate::workspace::{Ran, Workspace, compile, document, offline_cargo, run, unsound_document};
use serde_json::Value;

fn run_generate(workspace: &Workspace, more: &[&str]) -> Ran {
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
fn crate_stands_alone() {
    let workspace = with_input(&document("Pet Runs"));
    let ran = run_generate(&workspace, &[]);
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
    for file in ["runtime/LICENSE-MIT", "runtime/LICENSE-APACHE"] {
        assert!(workspace.path("out").join(file).exists(), "{file}");
    }
    let readme = fs::read_to_string(workspace.path("out/README.md")).unwrap();
    for part in ["PET_RUNS_BASE_URL", "<https://api.example.com>", "## License", "`dispatch`"] {
        assert!(readme.contains(part), "{part}: {readme}");
    }
    // cargo takes manifests and lock as they are, without the network.
    cargo(&workspace.path("out"), &["tree"]);
}

/// Runs cargo in the folder of a generated crate.
fn cargo(folder: &Path, arguments: &[&str]) {
    let mut cargo = offline_cargo(folder, arguments);
    cargo.env("RUSTDOCFLAGS", "-D warnings");
    let output = cargo.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {printed}{}", String::from_utf8_lossy(&output.stdout));
    assert!(!printed.contains("warning"), "{arguments:?}: {printed}");
}

/// A document with every kind of argument, body, response and server, and with descriptions that are no good Markdown.
#[test]
fn crate_compiles_with_its_example_its_readme_its_docs_and_calls_by_name() {
    let workspace = Workspace::empty();
    workspace.write("in/api.json", include_str!("fixtures/every_kind.yaml"));
    let ran = run_generate(&workspace, &["--name", "every-kind"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let out = workspace.path("out");
    let features = ["--no-default-features", "--features", "dispatch"];
    cargo(&out, &[&["check", "--all-targets"], &features[..]].concat());
    cargo(&out, &[&["test", "--doc"], &features[..]].concat());
    cargo(&out, &[&["doc", "--no-deps"], &features[..]].concat());
    let profile = fs::read_to_string(out.join("src/generated/profile.rs")).unwrap();
    for part in [
        "url: \"https://eu.example.com/1.10\"",
        "url: \"https://us.example.com/1.10\"",
        "pub fn version_url(region: &str, version: &str)",
        "pub fn tenant_url(tenant: &str, port: &str)",
        "prefix: \"Token \"",
        "name: env!(\"CARGO_PKG_NAME\")",
    ] {
        assert!(profile.contains(part), "{part}: {profile}");
    }
}

/// Both have a part of the table for calls by name that is empty; the features reach the compiler.
#[test]
fn documents_without_operations_or_without_types_compile_with_features() {
    let workspace = Workspace::empty();
    let head = "openapi: 3.1.0\ninfo: {title: Small, version: '1'}\nservers: [{url: 'https://example.com'}]\n";
    let operations = "paths: {/a: {get: {operationId: a, responses: {'204': {description: done}}}}}\n";
    let types = "components: {schemas: {A: {type: string, enum: [x]}}}\n";
    workspace.write("in/operations.yaml", &format!("{head}{operations}"));
    workspace.write("in/types.yaml", &format!("{head}{types}"));
    let ran = compile(&workspace.path("in"), &["dispatch"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.stdout.matches("| compiles").count(), 2, "{ran:?}");
    let ran = compile(&workspace.path("in"), &["unknown"]);
    assert_eq!(ran.code, 60, "{ran:?}");
}

/// Resources called like types of the prelude, schemas called like the table of prepared values, letters without case, letters
/// that the compiler takes for others, a property that is required twice and described nowhere.
#[test]
fn unlucky_names_compile_with_the_mock_server_too() {
    let workspace = Workspace::empty();
    workspace.write("in/names.yaml", include_str!("fixtures/unlucky_names.yaml"));
    let ran = compile(&workspace.path("in"), &["dispatch,test-util"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn document_from_a_url_is_taken_with_servers_relative_to_it() {
    let relative = document("Runs").replace("https://api.example.com", "/v1");
    let server = Server::always(response("200 OK", "Content-Type: application/json\r\n", &relative));
    let (workspace, url) = (Workspace::empty(), server.url("/docs/openapi.json"));
    let out = workspace.path("out");
    let ran = run(&["generate", "--spec", &url, "--out", out.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert_eq!(server.paths(), ["/docs/openapi.json"]);
    let profile = fs::read_to_string(out.join("src/generated/profile.rs")).unwrap();
    assert!(profile.contains(&format!("url: \"{}\"", server.url("/v1"))), "{profile}");
}

#[test]
fn document_without_a_whole_server_is_a_warning_that_says_what_to_do() {
    let workspace = with_input(&document("Runs").replace("https://api.example.com", "/v1"));
    let ran = run_generate(&workspace, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for part in ["warning[no-server]: the server `/v1` has no host", "#/servers/0", "[[environments]]"] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    let readme = fs::read_to_string(workspace.path("out/README.md")).unwrap();
    assert!(readme.contains("only the path `/v1`: set a base URL"), "{readme}");
}

#[test]
fn readme_says_that_a_server_without_tls_has_to_be_allowed() {
    for (server, expected) in [("http://api.example.com", true), ("https://api.example.com", false)] {
        let workspace = with_input(&document("Runs").replace("https://api.example.com", server));
        assert_eq!(run_generate(&workspace, &[]).code, 0);
        let readme = fs::read_to_string(workspace.path("out/README.md")).unwrap();
        assert_eq!(readme.contains("ClientBuilder::allow_insecure_http"), expected, "{readme}");
    }
}

#[test]
fn profile_counts_before_the_document_and_leaves_the_rest_to_it() {
    let workspace = with_input(&document("Runs"));
    let profile = "[client]\nname = \"other\"\n[auth]\nscheme = \"query\"\nname = \"key\"\nvariable = \"KEY\"\n";
    workspace.write("in/profile.toml", profile);
    let path = workspace.path("in/profile.toml");
    let ran = run_generate(&workspace, &["--profile", path.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let profile = fs::read_to_string(workspace.path("out/src/generated/profile.rs")).unwrap();
    for part in ["name: \"other\"", "Placement::Query { name: \"key\" }", "Some(\"KEY\")", "https://api.example.com"] {
        assert!(profile.contains(part), "{part}: {profile}");
    }
    workspace.write("in/profile.toml", "[auth]\nscheme = \"magic\"\n");
    let ran = run_generate(&workspace, &["--profile", path.to_str().unwrap()]);
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(ran.stderr.contains("in/profile.toml:2") && ran.stderr.contains("magic"), "{ran:?}");
}

#[test]
fn second_run_keeps_published_names_and_files_of_others() {
    let workspace = with_input(&document("Runs"));
    assert_eq!(run_generate(&workspace, &["--name", "mine"]).code, 0);
    let names = fs::read_to_string(workspace.path("out/names.toml")).unwrap();
    workspace.write("out/names.toml", &names.replace("\"Status\"", "\"Phase\""));
    workspace.write("out/src/own.rs", "own");
    let ran = run_generate(&workspace, &["--name", "mine"]);
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
        let ran = run_generate(&workspace, &[]);
        assert_eq!(ran.code, 40, "{ran:?}");
        assert!(ran.stderr.contains(message), "{ran:?}");
        assert_eq!(workspace.files(), before);
    }
    let workspace = with_input(&document("Runs"));
    workspace.write("out/thesis.txt", "");
    let ran = run_generate(&workspace, &[]);
    assert_eq!((ran.code, ran.stderr.contains("folder-occupied")), (40, true), "{ran:?}");
    for name in ["test", "a b", "1a", "fn"] {
        assert_eq!(run_generate(&workspace, &["--name", name]).code, 2, "{name}");
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
    assert_eq!(run(&["corpus", folder, "--features", "dispatch"]).code, 2);
}
