//! Several versions of an API in one workspace: adding one takes `fetch`, an entry of the profile and `regen`, and changes nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace::{VERSION, Workspace, document, offline_cargo};

/// A version that nobody has published.
const THIRD: &str = "2027-01-01";

/// Copies a folder of this workspace into another one.
fn copy(folder: &str, into: &Workspace) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if !path.starts_with("spec/.xtask.lock") {
                into.write(path.to_str().unwrap(), &fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
}

/// Copies the client with its runtime and its documents.
fn copied_workspace() -> Workspace {
    let workspace = Workspace::empty();
    ["spec", "runtime", "derive", "schema", "generated-client"].into_iter().for_each(|folder| copy(folder, &workspace));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let line = manifest.lines().find(|line| line.starts_with("members = ")).unwrap();
    workspace.write("Cargo.toml", &manifest.replace(line, "members = [\"runtime\", \"generated-client\"]"));
    workspace.write("Cargo.lock", &fs::read_to_string(root.join("Cargo.lock")).unwrap());
    // The runtime and the client are tested elsewhere, with packages that are not copied.
    for manifest in ["runtime/Cargo.toml", "generated-client/Cargo.toml"] {
        let text = fs::read_to_string(workspace.path(manifest)).unwrap();
        let kept = text.lines().filter(|line| !line.starts_with("workspace-tests"));
        workspace.write(manifest, &(kept.collect::<Vec<_>>().join("\n") + "\n"));
    }
    workspace
}

/// Returns every file below a folder of the workspace.
fn files_below(workspace: &Workspace, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = workspace.path(folder);
    workspace.files().into_iter().filter(|(path, _)| path.starts_with(&folder)).collect()
}

#[test]
fn third_version_is_a_document_and_an_entry_and_its_client_compiles() {
    let workspace = copied_workspace();
    assert_eq!(workspace.xtask(&["regen", "--check"]).code, 0);
    let old = fs::read_to_string(workspace.path("spec/2025-04-21/openapi.json")).unwrap();
    workspace.write("third.json", &old.replace("2025-04-21", THIRD).replace("reviewedBy", "approvedBy"));
    let ran = workspace.xtask(&["fetch", "--file", "third.json", "--api-version", THIRD]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let profile = fs::read_to_string(workspace.path("spec/profile.toml")).unwrap();
    workspace.write("spec/profile.toml", &format!("{profile}\n[versions.\"{THIRD}\"]\n"));
    let before = ["v2025_04_21", "v2026_02_09"]
        .map(|version| files_below(&workspace, &format!("generated-client/src/generated/{version}")));
    let ran = workspace.xtask(&["regen"]);
    assert_eq!(ran.code, 0, "{ran:?}");

    let after = ["v2025_04_21", "v2026_02_09"]
        .map(|version| files_below(&workspace, &format!("generated-client/src/generated/{version}")));
    assert!(before == after, "another version changed");
    let ran = workspace.xtask(&["regen", "--check"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let profile = fs::read_to_string(workspace.path("generated-client/src/generated/v2027_01_01/profile.rs")).unwrap();
    assert!(profile.contains(&format!("default: Some(\"{THIRD}\")")), "{profile}");

    let features = "v2025-04-21,v2027-01-01,blocking,dispatch,stream,test-util,webhooks";
    let check =
        ["check", "--quiet", "--package", "extend-ai", "--lib", "--no-default-features", "--features", features];
    let output = offline_cargo(&workspace.path(""), &check).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

#[test]
fn change_of_one_document_changes_files_of_its_version_only() {
    let workspace = Workspace::with_document();
    workspace
        .write("spec/profile.toml", &format!("[document]\napi_version = \"{VERSION}\"\n[versions.\"2025-04-21\"]\n"));
    let fetch = |title: &str| {
        workspace.write("old.json", &document(title).replace(VERSION, "2025-04-21").replace("PROCESSED", title));
        let ran = workspace.xtask(&["fetch", "--file", "old.json", "--api-version", "2025-04-21"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.contains("next: cargo xtask check"), "{ran:?}");
        assert_eq!(workspace.xtask(&["check"]).code, 0);
        let ran = workspace.xtask(&["regen"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        workspace.remove("old.json");
        workspace.files()
    };
    let (before, after) = (fetch("DONE"), fetch("OVER"));
    let changed: Vec<&PathBuf> =
        after.iter().filter(|(path, text)| before.get(*path) != Some(*text)).map(|(path, _)| path).collect();
    assert!(!changed.is_empty());
    for path in changed {
        let path = path.strip_prefix(workspace.path("")).unwrap();
        let own = ["spec/2025-04-21", "generated-client/src/generated/v2025_04_21"];
        assert!(own.iter().any(|folder| path.starts_with(folder)), "{}", path.display());
    }
    assert_eq!(workspace.xtask(&["regen", "--check"]).code, 0);
}

#[test]
fn version_without_its_document_is_an_error_and_nothing_is_written() {
    let workspace = Workspace::with_document();
    assert_eq!(workspace.xtask(&["regen"]).code, 0);
    workspace
        .write("spec/profile.toml", &format!("[document]\napi_version = \"{VERSION}\"\n[versions.\"1999-01-01\"]\n"));
    let before = workspace.files();
    for command in [&["regen"][..], &["regen", "--check"], &["check"]] {
        let ran = workspace.xtask(command);
        assert_eq!(ran.code, 40, "{ran:?}");
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(said.contains("spec/1999-01-01"), "{ran:?}");
        assert_eq!(workspace.files(), before);
    }
}
