//! Snapshot of pagination and polling for a small document and profile, and tests of profile entries that do not match.

use generator::{Generated, Report};

use super::{generate_fixture, with_settings};

const DOCUMENT: &str = include_str!("fixtures/lists_and_runs.yaml");

const PROFILE: &str = r#"
[pagination]
token_parameter = "cursor"
token_property = "next"

[[pagination.lists]]
operation = "GET /notes"
token_property = "meta.next"
items = "result.rows"

[polling]
pending = ["queued"]

[[polling.runs]]
state = "GET /tasks/{id}"
starts = ["POST /tasks/start"]
within = "task"
"#;

/// Returns the macro calls for pagination and polling, and the attach methods, of all resources.
fn macros_and_methods(generated: &Generated) -> String {
    let mut text = String::new();
    for (path, file) in generated.files.iter().filter(|(path, _)| path.starts_with("resources/")) {
        let parts = file.split("\n\n").filter(|part| {
            part.starts_with("sdk_runtime::")
                || part.contains("-> sdk_runtime::Poller")
                || part.contains("self.items =")
        });
        parts.for_each(|part| text.push_str(&format!("// {path}\n{part}\n\n")));
    }
    text
}

fn with(profile: &str) -> Result<Generated, Report> {
    generate_fixture(DOCUMENT, profile)
}

#[test]
fn lists_and_runs() {
    let generated = with(PROFILE).unwrap_or_else(|report| panic!("{report}"));
    let calls = &generator::surface::render_sections(&generated.surface)["calls"];
    let text = format!("{}// surface\n{calls}\n// report\n{}", macros_and_methods(&generated), generated.report);
    with_settings(|| insta::assert_snapshot!("lists_and_runs", text));
}

#[test]
fn without_policy_nothing_is_paginated_or_polled() {
    let generated = with("").unwrap_or_else(|report| panic!("{report}"));
    let found = macros_and_methods(&generated);
    assert!(!found.contains("sdk_runtime"), "{found}");
    assert!(generated.report.diagnostics.is_empty(), "{}", generated.report);
}

#[test]
fn profile_entry_that_does_not_match_the_document_is_reported() {
    let list = |rule: &str| format!("{PROFILE}[[pagination.lists]]\n{rule}\n");
    let run = |rule: &str| format!("{PROFILE}[[polling.runs]]\n{rule}\n");
    let batch =
        |rule: &str| format!("{PROFILE}[[polling.batches]]\nfilter = \"cursor\"\nlist = \"GET /labels\"\n{rule}\n");
    for (profile, place, problem) in [
        (list("operation = \"GET /gone\""), "/pagination/lists", "`GET /gone`: no such operation"),
        (list("operation = \"POST /jobs/attach\""), "/pagination/lists", "its response is not JSON"),
        (list("operation = \"GET /drafts\""), "/pagination/lists", "its response has 2 lists"),
        (list("operation = \"GET /drafts\"\nitems = \"nope\""), "/pagination/lists", "its response has no `nope`"),
        (
            list("operation = \"GET /drafts\"\nitems = \"next\""),
            "/pagination/lists",
            "`next` of its response is not a list",
        ),
        (
            list("operation = \"GET /drafts\"\ntoken_property = \"drafts\""),
            "/pagination/lists",
            "takes or returns no such token",
        ),
        (list("operation = \"GET /jobs/{job}\"\npages = \"whole\""), "/pagination/lists", "its response has no list"),
        (run("state = \"GET /gone\""), "/polling/runs", "there is no `GET /gone`"),
        (run("state = \"GET /labels\""), "/polling/runs", "it takes more than the ID of a run"),
        (run("state = \"GET /jobs/{job}\"\nwithin = \"run\""), "/polling/runs", "its response has no `run.status`"),
        (run("state = \"GET /jobs/{job}\"\nstarts = [\"GET /notes\"]"), "/polling/runs", "its response has no `id`"),
        (batch("start = \"POST /jobs\"\nid = \"x\"\ninputs = \"name\""), "/polling/batches", "its response has no `x`"),
        (
            batch("start = \"POST /jobs\"\nid = \"id\"\ninputs = \"name\""),
            "/polling/batches",
            "`name` of its body may not be a list",
        ),
    ] {
        let report = with(&profile).unwrap_or_else(|report| panic!("{report}")).report;
        let found = report.diagnostics.iter().find(|found| found.code.as_str() == "profile-unused");
        let found = found.unwrap_or_else(|| panic!("nothing about {profile}"));
        assert_eq!((found.source.as_str(), found.pointer.to_string().as_str()), ("profile.toml", place));
        assert!(found.found.contains(problem), "{} does not say {problem:?}", found.found);
    }
}

#[test]
fn run_whose_state_another_area_reads_is_polled_only_with_that_area() {
    struct Row {
        areas: &'static str,
        gate: &'static str,
    }
    let rows = [
        Row { areas: "states = [\"tasks\"]\nwork = [\"work\"]", gate: "#[cfg(feature = \"states\")]\n" },
        Row { areas: "states = [\"tasks\"]", gate: "#[cfg(feature = \"states\")]\n" },
        Row { areas: "both = [\"tasks\", \"work\"]", gate: "" },
        Row { areas: "work = [\"work\"]", gate: "" },
    ];
    let document =
        DOCUMENT.replace("operationId: start\n      tags: [tasks]", "operationId: start\n      tags: [work]");
    for Row { areas, gate } in rows {
        let generated = generate_fixture(&document, &format!("{PROFILE}[areas]\n{areas}\n"));
        let generated = generated.unwrap_or_else(|report| panic!("{report}"));
        let text = &generated.files["resources/work.rs"];
        let expected = format!("\n\n{gate}sdk_runtime::codegen::pollable! {{");
        assert!(text.contains(&expected), "{areas}: no {expected} in\n{text}");
    }
}

#[test]
fn list_can_be_exempt_from_pagination() {
    let exempt = format!("{PROFILE}[[pagination.lists]]\noperation = \"GET /drafts\"\npages = \"none\"\n");
    let generated = with(&exempt).unwrap_or_else(|report| panic!("{report}"));
    assert!(generated.report.diagnostics.is_empty(), "{}", generated.report);
}
