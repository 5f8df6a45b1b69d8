//! A fetch that dies at each change it makes on the disk: what is there afterwards is the old document or the new one, each
//! with its lock.

use std::fs;
use std::path::Path;
use std::process::Command;

use clap::Parser;

use crate::cli::Cli;
use crate::crash;
use crate::outcome::{Exit, Failure};

/// Names the workspace for the process that dies.
const WORKSPACE: &str = "XTASK_TEST_WORKSPACE";

fn document(operation: &str) -> String {
    format!(
        "{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"T\",\"version\":\"2026-02-09\"}},\"paths\":{{\"/a\":{{\"get\":{{\
         \"operationId\":\"{operation}\",\"responses\":{{\"200\":{{\"description\":\"ok\"}}}}}}}}}}}}"
    )
}

fn exit_of(workspace: &Path, arguments: &[&str]) -> Exit {
    let root = ["cargo xtask", "--root", workspace.to_str().unwrap()];
    let cli = Cli::try_parse_from(root.iter().chain(arguments)).unwrap();
    crate::run(cli).unwrap_or_else(Failure::into_outcome).exit
}

fn fetch(workspace: &Path) -> Exit {
    exit_of(workspace, &["fetch", "--file", workspace.join("new.json").to_str().unwrap()])
}

/// Runs in a process of its own, which the environment tells where to die.
#[test]
fn process_that_dies() {
    if let Some(workspace) = std::env::var_os(WORKSPACE) {
        assert_eq!(fetch(Path::new(&workspace)), Exit::Done);
    }
}

fn is_killed(workspace: &Path, point: usize) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "fetch::kill_tests::process_that_dies"]);
    child.env(WORKSPACE, workspace).env(crash::VARIABLE, point.to_string());
    !child.output().unwrap().status.success()
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut files: Vec<(String, String)> = entries
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn fetch_killed_at_any_point_leaves_the_old_snapshot_or_the_new_one() {
    for has_old in [false, true] {
        let mut seen = Vec::new();
        for point in 0.. {
            let workspace = tempfile::tempdir().unwrap();
            let root = workspace.path();
            fs::create_dir(root.join("spec")).unwrap();
            fs::write(root.join("spec/profile.toml"), "[document]\napi_version = \"2026-02-09\"\n").unwrap();
            fs::write(root.join("new.json"), document("old")).unwrap();
            if has_old {
                assert_eq!(fetch(root), Exit::Done);
            }
            fs::write(root.join("new.json"), document("new")).unwrap();
            let folder = root.join("spec/2026-02-09");
            let old = files(&folder);
            let killed = is_killed(root, point);
            if cfg!(target_os = "linux") {
                let now = files(&folder);
                let is_new = now.len() == 2 && now.iter().all(|file| !old.contains(file));
                assert!(is_new || now == old, "{point}, before anything is put right: {now:?}");
            }
            // The next command of any kind puts right what was left aside.
            let exit = exit_of(root, &["check"]);
            let now = files(&folder);
            let is_new = now.iter().any(|(_, text)| text.contains("\"operationId\": \"new\""));
            assert!(is_new || now == old, "{point}: {now:?}");
            assert_eq!(exit, if now.is_empty() { Exit::Unsound } else { Exit::Done }, "{point}");
            assert!(killed || is_new, "{point}");
            seen.push(is_new);

            // And the next fetch comes to its end, with nothing left behind.
            assert_eq!(fetch(root), Exit::Done, "{point}");
            let mut names: Vec<String> = fs::read_dir(root.join("spec"))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            assert_eq!(names, ["2026-02-09", "profile.toml"], "{point}");
            assert_eq!(files(&folder).len(), 2, "{point}");
            if !killed {
                break;
            }
        }
        assert!(seen.len() > 8 && !seen[0] && seen[seen.len() - 2], "{seen:?}");
    }
}
