//! Tests that assemble documents from pages of every generation. The pages are our own, except for optional samples.

use super::*;

use fixtures::{CHANNEL, FIFTH, FIRST, FOURTH, SECOND, THIRD, WEBHOOK};

mod fixtures;

fn merge_parts(parts: &[&str]) -> Merged {
    merge_pages(&parts.join("\n"), "llms-full.txt", None).unwrap_or_else(|none| panic!("{}", none.report))
}

fn at<'a>(merged: &'a Merged, pointer: &str) -> &'a Value {
    merged.document.pointer(pointer).unwrap_or(&Value::Null)
}

#[test]
fn each_generation_is_recognized_and_counted() {
    let rows = [
        (
            vec![SECOND],
            "pages 1, generation 2, fragments 1, channels skipped 0, operations 1, webhooks 0, schemas 2, conflicts 0",
        ),
        (
            vec![THIRD],
            "pages 1, generation 3, fragments 1, channels skipped 0, operations 1, webhooks 0, schemas 1, conflicts 0",
        ),
        (
            vec![FOURTH],
            "pages 1, generation 4, fragments 1, channels skipped 0, operations 1, webhooks 0, schemas 2, conflicts 0",
        ),
        (
            vec![FIFTH],
            "pages 1, generation 5, fragments 0, channels skipped 0, operations 1, webhooks 0, schemas 4, conflicts 0",
        ),
        (
            vec![WEBHOOK],
            "pages 1, generation 5, fragments 0, channels skipped 0, operations 0, webhooks 1, schemas 1, conflicts 0",
        ),
        (
            vec![FIRST, SECOND, THIRD, FOURTH, FIFTH, WEBHOOK, CHANNEL],
            "pages 7, generation 1+2+3+4+5, fragments 3, channels skipped 1, operations 4, webhooks 1, schemas 7, conflicts 0",
        ),
    ];
    for (parts, expected) in rows {
        assert_eq!(merge_parts(&parts).tally.to_string(), expected);
    }
}

#[test]
fn fragments_of_three_generations_become_one_document() {
    let merged = merge_parts(&[SECOND, THIRD, FOURTH]);
    assert_eq!(merged.exactness, Exactness::Exact);
    assert_eq!(at(&merged, "/info"), &json!({"title": "Example API", "version": "1.0.0"}));
    let servers = json!([{"url": "https://api.example.com", "description": "Production"}]);
    assert_eq!(at(&merged, "/servers"), &servers);
    assert_eq!(at(&merged, "/paths/~1v1~1runs/post/tags"), &json!(["subpackage_runs/control"]));
    assert_eq!(at(&merged, "/paths/~1v1~1runs/post/responses/400"), &json!({"description": "Bad"}));
    assert_eq!(at(&merged, "/components/schemas/Mode/enum"), &json!(["fast", "exact"]));
    assert_eq!(at(&merged, "/components/schemas/Run/properties/kind/enum"), &json!(["run"]));
    assert_eq!(
        at(&merged, "/paths/~1v1~1files/post/responses/200/content/application~1json/schema"),
        &json!({"$ref": "#/components/schemas/File"})
    );
    assert_eq!(
        at(&merged, "/paths/~1v1~1files/post/requestBody/content/multipart~1form-data/schema/required"),
        &json!(["name", "file"])
    );
    assert_eq!(
        at(&merged, "/paths/~1v1~1runs~1{id}/get/responses/404/content/application~1json/schema"),
        &json!({"$ref": "#/components/schemas/Runs_get_Error_404"})
    );
    assert_eq!(at(&merged, "/paths/~1v1~1runs~1{id}/get/security"), &json!([{"BearerAuth": []}]));
    let warnings: Vec<String> = merged.report.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].starts_with("warning[page-guess]: the form of `POST /v1/files` does not require `file`"),
        "{warnings:?}"
    );
    assert!(warnings[0].contains("llms-full.txt:"), "{warnings:?}");
}

#[test]
fn prose_becomes_a_document_marked_as_approximate() {
    let merged = merge_parts(&[FIFTH, WEBHOOK]);
    assert_eq!(merged.exactness, Exactness::Approximate);
    assert_eq!(at(&merged, "/info/x-sdk-approximate"), &json!(true));
    assert_eq!(at(&merged, "/info/title"), &json!("docs.example.com"));
    let operation = at(&merged, "/paths/~1v1~1runs/get");
    assert_eq!((&operation["operationId"], &operation["tags"]), (&json!("list-runs"), &json!(["runs"])));
    assert_eq!(operation["description"], json!("Lists runs."));
    assert_eq!(
        operation["parameters"],
        json!([
            {"name": "limit", "in": "query", "required": false, "schema": {"type": "integer", "default": 10}, "description": "How many"},
            {"name": "status", "in": "query", "required": false, "schema": {"type": "string", "enum": ["RUNNING", "DONE"]}},
            {"name": "x-api-version", "in": "header", "required": false, "schema": {"type": "string", "default": "2026-02-09"}},
        ])
    );
    assert_eq!(
        operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"],
        json!({"type": "array", "items": {"$ref": "#/components/schemas/Run"}})
    );
    assert_eq!(
        at(&merged, "/components/schemas/RunOptions"),
        &json!({"x-sdk-approximate": true, "oneOf": [{"$ref": "#/components/schemas/RunOptionsFast"}]})
    );
    assert_eq!(
        at(
            &merged,
            "/webhooks/run-done-webhook/post/requestBody/content/application~1json/schema/properties/eventType"
        ),
        &json!({"type": "string", "enum": ["run.done"]})
    );
    assert_eq!(
        read_identity(&merged.document, None).versions.get(&Evidence::Header).map(String::as_str),
        Some("2026-02-09")
    );
}

#[test]
fn unreadable_fragment_does_not_affect_the_others() {
    let broken = FOURTH.replace("paths:", "paths: [").replace("Get a run", "Broken");
    let merged = merge_parts(&[&broken, SECOND]);
    assert_eq!(merged.tally.operations, 1);
    let report = merged.report.to_string();
    assert!(
        report.starts_with("warning[page-unreadable]: the page `Broken` contains a fragment that cannot be parsed"),
        "{report}"
    );
}

#[test]
fn pages_of_another_version_are_skipped() {
    let old = FOURTH.replace("docs.example.com/", "docs.example.com/2025-04-21/").replace("/v1/runs", "/v1/old");
    let text = format!("{FOURTH}\n{old}");
    let rows =
        [(Some("2026-02-09"), "/v1/runs/{id}", 1), (Some("2025-04-21"), "/v1/old/{id}", 1), (None, "/v1/runs/{id}", 0)];
    for (version, path, others) in rows {
        let merged = merge_pages(&text, "x", version).unwrap();
        assert!(merged.document["paths"].get(path).is_some(), "{version:?}: {}", merged.document["paths"]);
        assert_eq!(merged.tally.other_versions, others, "{version:?}");
    }
}

#[test]
fn pages_without_schemas_are_rejected_with_a_better_source() {
    let article = "# Errors\n\n**`code`** `string` — required\n\nReference: none\n";
    let rows = [
        (FIRST, "the pages belong to the first generation", "usually /openapi.json"),
        (article, "the pages are handwritten", "usually /openapi.json"),
        (CHANNEL, "the pages describe channels (AsyncAPI)", "https://docs.example.com/openapi.json"),
        ("", "the input contains no pages", "/openapi.json"),
    ];
    for (text, found, better) in rows {
        let report = merge_pages(text, "x", None).unwrap_err().report.to_string();
        assert!(report.starts_with(&format!("error[no-schemas]: {found}")), "{report}");
        assert!(report.contains(better), "{report}");
    }
}

#[test]
fn pages_saved_by_a_browser_or_with_other_line_endings_yield_the_same_document() {
    let escaped = FOURTH.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let saved = format!("<html><head></head><body><pre style=\"x\">{escaped}</pre></body></html>");
    let expected = merge_parts(&[FOURTH]).document;
    for text in [saved, FOURTH.replace('\n', "\r\n"), format!("\u{feff}{FOURTH}")] {
        assert_eq!(merge_parts(&[&text]).document, expected);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    /// Damaged pages yield a document or a report, never a panic.
    #[test]
    fn damaged_pages_never_panic(cuts in proptest::collection::vec((0_usize..400, 0_u8..5, 0_usize..400), 1..30)) {
        let text = [FIRST, SECOND, THIRD, FOURTH, FIFTH, WEBHOOK, CHANNEL].join("\n");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (place, what, other) in cuts {
            let (place, other) = (place % lines.len(), other % lines.len());
            match what {
                0 => drop(lines.remove(place)),
                1 => lines.insert(place, lines[other].clone()),
                2 => lines.swap(place, other),
                3 => lines[place] = format!("  {}", lines[place]),
                _ => lines[place] = lines[place].chars().take(other % 20).collect(),
            }
        }
        let text = lines.join("\n");
        detect_content(text.as_bytes());
        read_index(&text);
        if let Ok(merged) = merge_pages(&text, "x", Some("2026-02-09")) {
            compare_documents(&merged.document, &merged.document, ComparisonPolicy::default());
        }
    }
}

/// Third-party pages, if samples exist beside the repository.
#[test]
fn third_party_pages_yield_the_expected_documents() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/llms-samples");
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut table = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("gen") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let outcome = match (detect_content(text.as_bytes()), merge_pages(&text, &name, None)) {
            (Content::Index, _) => format!("an index that names {}", read_index(&text).documents.join(", ")),
            (_, Ok(merged)) => format!("{} ({:?})", merged.tally, merged.exactness),
            (_, Err(none)) => format!("{}: {}", none.tally, none.report.diagnostics[0].found),
        };
        table.push(format!("{name}: {outcome}"));
    }
    table.sort();
    println!("{}", table.join("\n"));
    let expected = [
        ("gen1-openrouter-llms-full-2025-06.txt", "the pages belong to the first generation"),
        ("gen2-deepgram-analyze-text.md", "generation 2, fragments 1"),
        ("gen2-deepgram-speak-streaming-asyncapi.md", "channels skipped 1"),
        ("gen2-elevenlabs-mcp-create.md", "generation 2, fragments 1"),
        ("gen2-elevenlabs-speech-to-text-convert.md", "generation 2, fragments 1"),
        ("gen2-openrouter-llms-full-2025-11.txt", "fragments 24"),
        ("gen3-elevenlabs-pronunciation-create-from-file.md", "generation 3, fragments 1"),
        ("gen4-elevenlabs-text-to-speech-section-llms.txt", "an index that names https://elevenlabs.io/openapi.json"),
        ("gen4-elevenlabs-text-to-speech-stream-2026-07.md", "generation 4, fragments 1"),
        ("gen4-elevenlabs-voices-get-shared-2026-07.md", "generation 4, fragments 1"),
        ("gen4-smallest-search-conversation-logs-2026.md", "generation 4, fragments 1"),
        ("gen5-deepgram-analyze-text-2026-09.md", "generation 5, fragments 0, channels skipped 0, operations 1"),
    ];
    for (name, outcome) in expected {
        let row = table.iter().find(|row| row.starts_with(name));
        assert!(row.is_some_and(|row| row.contains(outcome)), "{name}: {row:?}");
    }
}
