//! `sync` on a repository and a documentation site: it goes as far as it can, and on from there.

use crate::server::{Server, response};
use crate::workspace::{Ran, VERSION, Workspace, document};
use serde_json::Value;

/// A repository with a released client, whose sources are a site that publishes a document.
pub(crate) fn repository(published: &str) -> (Workspace, Server) {
    let server = Server::always(response("200 OK", "Content-Type: application/json\r\n", published));
    let workspace = Workspace::with_document();
    let url = server.url("/openapi.json");
    let sources = format!("\n[[document.sources]]\nkind = \"openapi\"\nurl = \"{url}\"\n");
    workspace.write("spec/profile.toml", &format!("{}{sources}", crate::workspace::PROFILE));
    workspace.write("generated-client/Cargo.toml", "[package]\nname = \"runs\"\nversion = \"0.1.0\"\n");
    let fetched = workspace.xtask(&[
        "fetch",
        "--file",
        workspace.path(&format!("spec/{VERSION}/openapi.json")).to_str().unwrap(),
        "--force",
    ]);
    assert_eq!(fetched.code, 0, "{fetched:?}");
    let generated = workspace.xtask(&["regen"]);
    assert_eq!(generated.code, 0, "{generated:?}");
    workspace.commit("The client");
    workspace.git(&["tag", "v0.1.0"]);
    (workspace, server)
}

fn run_sync(workspace: &Workspace) -> Ran {
    workspace.xtask(&["sync", "--skip-tests"])
}

#[test]
fn additions_go_through_to_the_plan() {
    let (workspace, _server) = repository(&document("Runs").replace(r#""PROCESSED""#, r#""PROCESSED", "FAILED""#));
    let ran = run_sync(&workspace);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("next version: 0.1.0 -> 0.1.1"), "{ran:?}");
    assert!(workspace.read("target/sync/report.md").contains("response-property-enum-value-added"));
    assert_eq!(workspace.xtask(&["regen", "--check"]).code, 0);
}

#[test]
fn breaks_stop_it_until_a_person_accepts_them() {
    let (workspace, server) = repository(&document("Runs").replace(r#""status""#, r#""state""#));
    let stopped = run_sync(&workspace);
    assert_eq!(stopped.code, 20, "{stopped:?}");
    assert!(stopped.stderr.contains("drift needs a person"), "{stopped:?}");
    assert!(workspace.read("target/sync/report.md").contains("## Breaking"));
    let requests = server.seen().len();

    let report: Value = serde_json::from_str(&workspace.xtask(&["drift", "--format", "json"]).stdout).unwrap();
    for change in report["changes"].as_array().unwrap() {
        let fingerprint = change["fingerprint"].as_str().unwrap();
        let ran = workspace.xtask(&["drift", "--accept", fingerprint, "--reason", "It is meant"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let resumed = run_sync(&workspace);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert!(resumed.stdout.contains("fetch          done before"), "{resumed:?}");
    assert!(resumed.stdout.contains("next version: 0.1.0 -> 0.2.0"), "{resumed:?}");
    assert_eq!(server.seen().len(), requests, "what was fetched is not fetched again");
}

#[test]
fn sites_without_a_document_change_nothing() {
    let (workspace, _server) = repository("not a document");
    let before = workspace.files();
    let ran = run_sync(&workspace);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("fetch needs a person"), "{ran:?}");
    assert_eq!(workspace.files(), before);
}
