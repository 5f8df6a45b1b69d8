//! Which workspace a command works on: the one around the folder that it is run in, and never the one that it was built in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::workspace::{Workspace, document, run_in};

/// When each file below a folder was written.
fn times(folder: &Path, times_by_path: &mut BTreeMap<PathBuf, SystemTime>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        times_by_path.insert(path.clone(), fs::metadata(&path).unwrap().modified().unwrap());
        if path.is_dir() {
            times(&path, times_by_path);
        }
    }
}

#[test]
fn command_built_in_one_clone_writes_only_into_the_workspace_that_it_is_run_in() {
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let own = || {
        let mut times_by_path = BTreeMap::new();
        times(&built_in.join("spec"), &mut times_by_path);
        times(&built_in.join("generated-client/src/generated"), &mut times_by_path);
        times_by_path
    };
    let before = own();
    let workspace = Workspace::empty();
    workspace.write("upstream.json", &document("Elsewhere"));
    workspace.write("member/src/lib.rs", "");
    let folder = workspace.path("member/src");
    let fetched = run_in(&folder, &["fetch", "--file", "../../upstream.json"]);
    assert_eq!(fetched.code, 0, "{fetched:?}");
    let generated = run_in(&folder, &["regen"]);
    assert_eq!(generated.code, 0, "{generated:?}");
    let lock = fs::read_to_string(workspace.path("spec/2026-02-09/lock.toml")).unwrap();
    assert!(lock.contains("upstream.json"), "{lock}");
    assert!(workspace.path("generated-client/src/generated/mod.rs").exists());
    assert_eq!(own(), before);
}

#[test]
fn outside_of_a_workspace_a_command_says_so_and_ends_with_3() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    for arguments in [&["regen"][..], &["check"], &["fetch"], &["tidy"], &["ci", "--fast"]] {
        let ran = run_in(folder.path(), arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{ran:?}");
        assert!(ran.stderr.contains("is not in a workspace") && ran.stderr.contains("help: run"), "{ran:?}");
    }
}
