//! Names of the client when a schema has another name in the document: kept until a maintainer takes the new one over.

use serde_json::Value;

use crate::workspace::{Ran, VERSION, Workspace, document};

/// The document with another name of a schema.
fn renamed() -> String {
    document("Runs")
        .replace("#/components/schemas/Run\"", "#/components/schemas/Job\"")
        .replace("\"Run\": {", "\"Job\": {")
}

/// A repository with a client, and a document in which a schema has another name.
fn workspace() -> Workspace {
    let workspace = Workspace::with_document();
    workspace.write("generated-client/Cargo.toml", "[package]\nname = \"runs\"\nversion = \"0.1.0\"\n");
    ok(&workspace, &["regen"]);
    workspace.commit("The client");
    workspace.git(&["tag", "v0.1.0"]);
    workspace.put_document(&renamed());
    workspace
}

fn ok(workspace: &Workspace, arguments: &[&str]) -> Ran {
    let ran = workspace.xtask(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    ran
}

/// The code of all types.
fn types(workspace: &Workspace) -> String {
    let files = workspace.files().into_iter().filter(|(path, _)| path.to_string_lossy().contains("/types/"));
    files.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
}

fn rename_of(workspace: &Workspace) -> Value {
    let report = workspace.xtask(&["drift", "--format", "json"]);
    let report: Value = serde_json::from_str(&report.stdout).unwrap();
    let changes = report["changes"].as_array().unwrap();
    changes.iter().find(|change| change["id"] == "api-schema-renamed").unwrap_or_else(|| panic!("{report:#}")).clone()
}

#[test]
fn types_keep_their_names_when_schemas_have_other_ones() {
    let workspace = workspace();
    // Calls by name know the schema by its new one; nothing that users type differs.
    assert_eq!(rename_of(&workspace)["rust"], "patch");
    let ran = ok(&workspace, &["regen"]);
    assert!(ran.stderr.contains("its Rust name stays until cargo xtask drift --accept"), "{ran:?}");
    assert!(workspace.read(&format!("spec/{VERSION}/names.toml")).contains("Job = \"Run\""));
    let code = types(&workspace);
    assert!(code.contains("pub struct Run ") && !code.contains("Job"), "{code}");
    // The next time nothing has to be found in the history.
    workspace.commit("The schema has another name");
    ok(&workspace, &["regen", "--check"]);
}

#[test]
fn names_taken_over_leave_an_alias_for_one_release() {
    let workspace = workspace();
    let fingerprint = rename_of(&workspace)["fingerprint"].as_str().unwrap().to_owned();
    let ran = ok(&workspace, &["drift", "--accept", &fingerprint, "--reason", "Job is what users call it"]);
    assert!(ran.stdout.contains("Job takes over from Run"), "{ran:?}");
    assert_eq!(rename_of(&workspace)["rust"], "minor");
    ok(&workspace, &["regen"]);
    let code = types(&workspace);
    assert!(code.contains("pub struct Job ") && code.contains("pub type Run = Job;"), "{code}");
    assert!(code.contains("#[deprecated = \"renamed to `Job`\"]"), "{code}");
    workspace.commit("Job");
    ok(&workspace, &["regen", "--check"]);

    let plan = ok(&workspace, &["release-plan", "--write"]);
    assert!(plan.stdout.contains("0.1.0 -> 0.1.1+api."), "{plan:?}");
    ok(&workspace, &["regen"]);
    assert!(types(&workspace).contains("pub type Run = Job;"));
    workspace.write("generated-client/Cargo.toml", "[package]\nname = \"runs\"\nversion = \"0.1.1\"\n");
    workspace.commit("0.1.1");
    workspace.git(&["tag", "v0.1.1"]);

    let plan = ok(&workspace, &["release-plan", "--write"]);
    assert!(plan.stdout.contains("0.1.1 -> 0.2.0+api."), "{plan:?}");
    let changelog = workspace.read("CHANGELOG.md");
    assert!(changelog.contains("- The deprecated name `types::Run` is gone: write `types::Job`."), "{changelog}");
    ok(&workspace, &["regen"]);
    assert!(!types(&workspace).contains("pub type Run"));

    // Who still uses the old name is told the new one.
    workspace.write("user/src/main.rs", "use runs::types::Run;\n\nfn f(run: &Run) {}\n");
    let user = workspace.path("user");
    let patched = ok(&workspace, &["drift", "git:v0.1.1", VERSION, "--patch", user.to_str().unwrap()]);
    assert!(patched.stdout.contains("+use runs::types::Job;"), "{patched:?}");
    assert!(patched.stdout.contains("+fn f(run: &Job) {}"), "{patched:?}");
}

/// The code of a folder of the client.
fn code_of(workspace: &Workspace, folder: &str) -> String {
    let files = workspace.files().into_iter().filter(|(path, _)| path.to_string_lossy().contains(folder));
    files.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
}

/// The fingerprint that `regen` names in its note about a name.
fn fingerprint_in(notes: &str, about: &str) -> String {
    let note = notes.lines().find(|line| line.starts_with("note: ") && line.contains(about));
    let note = note.unwrap_or_else(|| panic!("{about}: {notes}"));
    note.split("--accept ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().to_owned()
}

#[test]
fn operations_resources_and_values_leave_aliases_too() {
    let workspace = Workspace::with_document();
    workspace.write("generated-client/Cargo.toml", "[package]\nname = \"runs\"\nversion = \"0.1.0\"\n");
    ok(&workspace, &["regen"]);
    workspace.commit("The client");
    workspace.git(&["tag", "v0.1.0"]);
    let renamed = document("Runs").replace("\"getRun\"", "\"readJob\"").replace("\"runs\"", "\"jobs\"");
    workspace.put_document(&renamed.replace("\"PENDING\"", "\"WAITING\""));

    let kept = ok(&workspace, &["regen"]);
    let calls = code_of(&workspace, "/resources/");
    assert!(calls.contains("pub fn get_run(") && !calls.contains("read_job"), "{calls}");
    assert!(!code_of(&workspace, "/types/").contains("Pending"));
    workspace.git(&["checkout", "--", "generated-client", &format!("spec/{VERSION}/names.toml")]);
    for about in ["operationId", "PENDING"] {
        let fingerprint = fingerprint_in(&kept.stderr, about);
        let ran = ok(&workspace, &["drift", "--accept", &fingerprint, "--reason", "The new name is better"]);
        assert!(ran.stdout.contains("takes over from"), "{ran:?}");
    }
    ok(&workspace, &["regen"]);
    let calls = code_of(&workspace, "/resources/");
    for part in ["pub fn read_job(", "pub fn get_run(", "pub type GetRun = super::jobs::ReadJob;", "pub fn runs(&self)"]
    {
        assert!(calls.contains(part), "{part}: {calls}");
    }
    assert!(code_of(&workspace, "/types/").contains("pub const Pending: Self = Self::Waiting;"));
    workspace.commit("The new names");
    ok(&workspace, &["regen", "--check"]);

    for version in ["0.1.1", "0.2.0"] {
        ok(&workspace, &["release-plan", "--write"]);
        ok(&workspace, &["regen"]);
        let manifest = format!("[package]\nname = \"runs\"\nversion = \"{version}\"\n");
        workspace.write("generated-client/Cargo.toml", &manifest);
        workspace.commit(version);
        workspace.git(&["tag", &format!("v{version}")]);
    }
    let changelog = workspace.read("CHANGELOG.md");
    assert!(changelog.contains("`runs().get_run(…)` is gone: write `jobs().read_job(…)`"), "{changelog}");
    assert!(changelog.contains("`types::Status::Pending` is gone: write `types::Status::Waiting`"), "{changelog}");
    let calls = code_of(&workspace, "/resources/");
    assert!(!calls.contains("get_run") && !calls.contains("deprecated"), "{calls}");

    // Who still uses the old names is led to the new ones.
    let user = "use runs::Client;\nuse runs::types::Status;\n\nasync fn f(client: Client) {\n    client.runs().get_run(\"1\").await;\n    let _ = Status::Pending;\n}\n";
    workspace.write("user/src/main.rs", user);
    let folder = workspace.path("user");
    let patched = ok(&workspace, &["drift", "git:v0.1.1", VERSION, "--patch", folder.to_str().unwrap()]);
    assert!(patched.stdout.contains("+    client.jobs().read_job(\"1\").await;"), "{patched:?}");
    assert!(patched.stdout.contains("+    let _ = Status::Waiting;"), "{patched:?}");
}
