//! A fetch that dies at each change it makes on the disk: what is there afterwards is the old document or the new one, each
//! with its lock.

use std::fs;
use std::path::Path;
use std::process::Command;

use clap::Parser;
use workspace_tests::site::{Form, Site, documents, serve};

use crate::cli::Cli;
use crate::crash;
use crate::outcome::{Exit, Failure};

/// Names the workspace for the process that dies.
const WORKSPACE: &str = "XTASK_TEST_WORKSPACE";
/// The URL that the process fetches all versions from, if not from a file.
const SITE: &str = "XTASK_TEST_SITE";

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
        let exit = match std::env::var(SITE) {
            Ok(site) => fetch_all_versions(Path::new(&workspace), &site),
            Err(_) => fetch(Path::new(&workspace)),
        };
        assert_eq!(exit, Exit::Done);
    }
}

fn fetch_all_versions(workspace: &Path, site: &str) -> Exit {
    exit_of(workspace, &["fetch", "--all-versions", "--url", site])
}

fn is_killed(workspace: &Path, point: usize, site: Option<&str>) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "fetch::kill_tests::process_that_dies"]);
    child.env(WORKSPACE, workspace).env(crash::VARIABLE, point.to_string());
    child.envs(site.map(|site| (SITE, site)));
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
            let killed = is_killed(root, point, None);
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

/// A site with a listing of two versions.
fn start_site(operation: &str) -> workspace_tests::site::Running {
    let published = |version: &str| documents::small(version, &[operation, "files", "batches", "users"]);
    let documents = vec![published("2026-02-09"), published("2025-04-21")];
    serve(vec![Site { form: Form::ListingArray, base: String::new(), documents }], 0).unwrap()
}

#[test]
fn fetch_of_all_versions_killed_at_any_point_leaves_each_version_old_or_new() {
    let (old_site, new_site) = (start_site("runs"), start_site("parsers"));
    let versions = ["2025-04-21", "2026-02-09"];
    let (mut between, mut last) = (0, Vec::new());
    for point in 0.. {
        let workspace = tempfile::tempdir().unwrap();
        let root = workspace.path();
        fs::create_dir(root.join("spec")).unwrap();
        fs::write(root.join("spec/profile.toml"), "[document]\napi_version = \"2026-02-09\"\n").unwrap();
        assert_eq!(fetch_all_versions(root, &old_site.url("/")), Exit::Done);
        let of_all = || versions.map(|version| files(&root.join("spec").join(version)));
        let old = of_all();
        let killed = is_killed(root, point, Some(&new_site.url("/")));
        if cfg!(target_os = "linux") {
            for (now, old) in of_all().iter().zip(&old) {
                let is_new = now.len() == 2 && now.iter().all(|file| !old.contains(file));
                assert!(is_new || now == old, "{point}, before anything is put right: {now:?}");
            }
        }
        assert_eq!(exit_of(root, &["check"]), Exit::Done, "{point}");
        let is_new = of_all().map(|now| now.iter().any(|(_, text)| text.contains("get-parsers")));
        between += usize::from(is_new[0] != is_new[1]);
        assert!(killed || is_new == [true, true], "{point}");
        assert_eq!(fetch_all_versions(root, &new_site.url("/")), Exit::Done, "{point}");
        let mut names: Vec<String> = fs::read_dir(root.join("spec"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["2025-04-21", "2026-02-09", "profile.toml"], "{point}");
        last = is_new.to_vec();
        if !killed {
            break;
        }
    }
    assert!(between > 0 && last == [true, true], "{between} {last:?}");
}
