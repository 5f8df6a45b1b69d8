//! Counts the tasks and their lines. Must not know what they do.

use std::fs;
use std::path::Path;

/// Files of this folder that are not tasks.
const OTHERS: [&str; 3] = ["length.rs", "main.rs", "runs.rs"];

/// The number of lines that a task may have.
const MOST_LINES: usize = 30;

#[test]
fn there_are_fourteen_tasks_and_none_is_longer_than_30_lines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tasks");
    let mut tasks = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap();
        if OTHERS.contains(&name) {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let lines = source.lines().count();
        assert!(lines <= MOST_LINES, "{name} has {lines} lines");
        assert!(source.contains("fn run("), "{name} is not a task");
        tasks += 1;
    }
    assert_eq!(tasks, 14);
}
