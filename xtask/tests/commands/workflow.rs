//! The workflow that keeps the client in step every week: its steps, run by the shell that runs them there, with a repository to push
//! to. Only `gh` is a stand-in, which writes down what it is asked for.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::sync::repository;
use crate::workspace::{Workspace, document};

/// Returns the script of a step.
fn script(step: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows/drift.yml");
    let workflow: serde_yaml::Value = serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let steps = workflow["jobs"]["sync"]["steps"].as_sequence().unwrap();
    let found = steps.iter().find(|one| one["name"] == step).unwrap();
    found["run"].as_str().unwrap().to_owned()
}

/// Writes a program.
fn program(workspace: &Workspace, name: &str, text: &str) {
    workspace.write(&format!("target/bin/{name}"), &format!("#!/bin/bash\n{text}\n"));
    let made = Command::new("chmod").arg("+x").arg(workspace.path(&format!("target/bin/{name}"))).status();
    assert!(made.unwrap().success());
}

/// Runs a step as the service does, and returns what `gh` was asked for.
fn run(workspace: &Workspace, step: &str, code: &str) -> String {
    let path = format!("{}:{}", workspace.path("target/bin").display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-e", "-c", &script(step)])
        .current_dir(workspace.path("."))
        .env("PATH", path)
        .env("GITHUB_OUTPUT", workspace.path("target/output"))
        .env("GITHUB_REF_NAME", "main")
        .env("RUNNER_TEMP", workspace.path("target"))
        .env("CODE", code)
        .output()
        .unwrap();
    assert!(output.status.success(), "{step}: {output:?}");
    fs::read_to_string(workspace.path("target/asked")).unwrap_or_default()
}

/// Runs the steps in order; there are so many open pull requests.
fn run_workflow(workspace: &Workspace, open: &str) -> String {
    let xtask = env!("CARGO_BIN_EXE_xtask");
    program(workspace, "cargo", &format!("shift; exec {xtask} \"$@\" --skip-tests"));
    program(
        workspace,
        "gh",
        &format!("echo \"$@\" >> target/asked\n[ \"$2\" = list ] && printf '%s' '{open}'; exit 0"),
    );
    run(workspace, "Sync", "");
    let output = fs::read_to_string(workspace.path("target/output")).unwrap();
    let code = output.trim().strip_prefix("code=").unwrap().to_owned();
    run(workspace, "Pull request", &code)
}

#[test]
fn weekly_run_opens_or_updates_one_pull_request() {
    let larger = document("Runs").replace(r#""PROCESSED""#, r#""PROCESSED", "FAILED""#);
    let smaller = document("Runs").replace(r#""status""#, r#""state""#);
    let rows = [
        ("nothing", document("Runs"), "", None),
        ("an addition", larger, "", Some("pr create --head drift/weekly --base main --title API drift --body-file")),
        ("a break", smaller, "7", Some("pr edit drift/weekly --title API drift: needs a person --body-file")),
    ];
    for (name, published, open, expected) in rows {
        let (workspace, _server) = repository(&published);
        workspace.write(".git/info/exclude", "/target\n");
        let bare = workspace.path("target/origin.git");
        workspace.git(&["init", "--quiet", "--bare", bare.to_str().unwrap()]);
        workspace.git(&["remote", "add", "origin", bare.to_str().unwrap()]);
        let asked = run_workflow(&workspace, open);
        let Some(expected) = expected else {
            assert_eq!(asked, "", "{name}");
            continue;
        };
        assert!(asked.contains(expected), "{name}: {asked}");
        let body = workspace.read("target/body.md");
        assert!(body.contains("## Steps") && body.contains("drift"), "{name}: {body}");
        workspace.git(&["--git-dir", bare.to_str().unwrap(), "rev-parse", "--verify", "drift/weekly"]);
        workspace.git(&["diff", "--quiet", "HEAD", "origin/drift/weekly"]);
        assert!(!workspace.path("sync.log").exists(), "{name}");
    }
}
