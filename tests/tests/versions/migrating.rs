//! Tests the pages about versions: every operation of the documents is there with its call, and what is said of fields is true.

use std::collections::BTreeMap;
use std::fs;

use workspace_tests::document::{Document, workspace};

fn page(name: &str) -> String {
    fs::read_to_string(workspace().join("docs").join(name)).unwrap()
}

/// Returns the cells of the rows of a table.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---"));
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim_start_matches('|').trim_end_matches('|');
        inner.split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
    };
    lines.map(cells).collect()
}

/// The parts of the page, by their headings of this level.
fn parts<'t>(text: &'t str, mark: &str) -> BTreeMap<&'t str, &'t str> {
    let parts = text.split(mark).skip(1);
    parts.map(|part| part.split_once('\n').unwrap_or((part, ""))).collect()
}

#[test]
fn every_endpoint_of_the_navigation_has_a_call_in_its_version() {
    let page = page("endpoints.md");
    let versions = parts(&page, "\n## ");
    for (column, version, count) in [(2, "2025-04-21", 44), (3, "2026-02-09", 117)] {
        let document = Document::of_version(version).unwrap();
        let mut missing: Vec<String> = document.operations().iter().map(|operation| operation.label()).collect();
        let mut listed = 0;
        for row in rows(versions[version]).into_iter().filter(|row| row[0] != "method") {
            assert!(row[column].starts_with("client."), "{row:?} has no call");
            let label = format!("{} {}", row[0], row[1]);
            missing.retain(|known| *known != label);
            listed += 1;
        }
        assert_eq!((listed, missing), (count, Vec::new()), "{version}");
    }
    let sections: Vec<&str> = parts(versions["2025-04-21"], "\n### ").into_keys().collect();
    let navigation = ["Edit (6)", "Evaluation (8)", "File (5)", "Parse (4)", "Processor (12)", "Workflow (9)"];
    assert_eq!(sections, navigation);
}

#[test]
fn every_operation_of_the_older_version_has_a_row_about_moving() {
    let page = page("migrating-2025-04-21.md");
    let parts = parts(&page, "\n## ");
    let rows = rows(parts["Operations"]);
    let (old, new) = (Document::of_version("2025-04-21").unwrap(), Document::published().unwrap());
    let labels = |document: &Document| -> Vec<String> {
        document.operations().iter().map(|operation| operation.label()).collect()
    };
    let (old, new) = (labels(&old), labels(&new));
    let listed: Vec<&String> = rows.iter().skip(1).map(|row| &row[0]).collect();
    assert_eq!(listed, old.iter().collect::<Vec<_>>());
    for row in &rows[1..] {
        assert!(row[1].starts_with("client."), "{row:?}");
        match row[2].as_str() {
            "none" => assert_eq!(row[0], "POST /workflow_runs/{workflowRunId}/outputs/{outputId}"),
            label => assert!(new.iter().any(|known| known == label) && row[3].starts_with("client."), "{row:?}"),
        }
    }
}

#[test]
fn fields_that_users_have_to_rename_are_on_the_page() {
    let page = page("migrating-2025-04-21.md");
    let rows = rows(parts(&page, "\n## ")["Fields"]);
    for expected in [
        ["POST /workflow_runs", "request", "workflowId", "workflow.id"],
        ["POST /workflow_runs", "request", "files", "file"],
        ["POST /parse", "request", "file.fileUrl", "file.url"],
        ["POST /parse", "response", "chunks", "output.chunks"],
        ["GET /files", "response", "files", "data"],
        ["GET /workflow_runs/{id}", "response", "workflowRun", "the response itself"],
        ["GET /workflow_runs/{id}", "response", "url", "dashboardUrl"],
    ] {
        assert!(rows.iter().any(|row| *row == expected), "{expected:?}");
    }
}

#[test]
fn ten_calls_stand_on_the_page_in_both_versions() {
    let page = page("migrating-2025-04-21.md");
    let calls = parts(parts(&page, "\n## ")["Calls"], "\n### ");
    assert_eq!(calls.len(), 10, "{:?}", calls.keys());
    for (heading, call) in calls {
        assert!(call.contains("old.") && call.contains("new."), "{heading}");
        assert!(call.contains("```rust\n") && !call.contains("\n# "), "{heading}");
    }
}
