//! Tests that a document published as pages yields the same client: our document, split into the pages of a documentation site and
//! merged again, yields identical files.

use generator::published::{
    ComparisonPolicy, Content, Exactness, Kind, Merged, compare_documents, detect_content, merge_pages,
};
use serde_json::{Value, json};
use workspace_tests::fern::site::{self, FORMS, GENERATIONS, referenced_components};
use workspace_tests::fern::{convert_to_export, prose};

use super::export::{describe_changes, generate_client, published};

/// Merges pages to a document.
fn merge(text: &str, name: &str, fragments: usize) -> Merged {
    assert_eq!(detect_content(text.as_bytes()), Content::Pages, "{name}");
    let merged =
        merge_pages(text, "llms-full.txt", Some("2026-02-09")).unwrap_or_else(|none| panic!("{name}: {}", none.report));
    assert_eq!(merged.exactness, Exactness::Exact, "{name}");
    assert_eq!(merged.tally.conflicts, 0, "{name}: {}", merged.report);
    assert_eq!(merged.tally.fragments, fragments, "{name}: {}", merged.report);
    merged
}

/// Returns the document in the form of an export, without unreferenced components: no page contains them.
fn exported_document() -> Value {
    let mut document = published();
    convert_to_export(&mut document);
    let needed = referenced_components(&document, &json!([document["paths"], document["webhooks"]]));
    let schemas =
        document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).expect("there are schemas");
    schemas.retain(|name, _| needed.contains_key(name));
    document
}

#[test]
fn pages_yield_the_same_client_as_the_whole_document() {
    let whole = exported_document();
    let before = generate_client(&whole, "");
    for (name, writer) in GENERATIONS {
        let plain = merge(&site::write_pages(&whole, writer).join("\n"), name, 117 + 40).document;
        assert_eq!(describe_changes(&whole, "", &before, name, |document| *document = plain.clone()), None);
    }
}

#[test]
fn form_of_the_download_does_not_change_the_document() {
    let mut few = exported_document();
    for (part, kept) in [("paths", ["/parse", "/files"]), ("webhooks", ["parse", "file"])] {
        let is_kept = |name: &str| kept.iter().any(|start| name.starts_with(start));
        few[part].as_object_mut().expect("there are some").retain(|name, _| is_kept(name));
    }
    for (generation, writer) in GENERATIONS {
        let pages = site::write_pages(&few, writer);
        let plain = merge(&pages.join("\n"), generation, pages.len() - 1);
        assert!(plain.tally.operations > 10 && plain.tally.webhooks > 1, "{}", plain.tally);
        for (name, form) in FORMS {
            let other = merge(&form(&pages), &format!("{generation}, {name}"), pages.len() - 1);
            assert!(other.document == plain.document, "{generation}, {name}");
        }
    }
}

/// Sites are migrated page by page, so mirrors contain pages of several generations.
#[test]
fn pages_of_several_generations_yield_one_document() {
    let whole = exported_document();
    let sites: Vec<Vec<String>> = GENERATIONS.iter().map(|(_, writer)| site::write_pages(&whole, *writer)).collect();
    let of_all = |first: usize| -> String {
        let page = |index: usize| sites[(index + first) % sites.len()][index].clone();
        (0..sites[0].len()).map(page).collect::<Vec<_>>().join("\n")
    };
    let plain = merge(&sites[2].join("\n"), "fourth", 117 + 40).document;
    for first in 0..sites.len() {
        let other = merge(&of_all(first), &format!("from {first}"), 117 + 40).document;
        for part in ["servers", "paths", "webhooks", "components"] {
            assert!(other[part] == plain[part], "{part}, from {first}");
        }
    }
}

/// Prose pages contain less, but the same operations, parameters and fields.
#[test]
fn prose_pages_have_the_inventory_of_the_document() {
    let document = published();
    let text = prose::write_pages(&document).join("\n");
    let merged =
        merge_pages(&text, "llms-full.txt", Some("2026-02-09")).unwrap_or_else(|none| panic!("{}", none.report));
    assert_eq!(merged.exactness, Exactness::Approximate);
    assert_eq!(
        (merged.tally.operations, merged.tally.webhooks, merged.tally.conflicts),
        (117, 40, 0),
        "{}",
        merged.report
    );
    let ignored = ["x-extend-api-version", "x-extend-workspace-id"];
    let policy = ComparisonPolicy { ignored_headers: &ignored, event_property: "eventType" };
    let same = compare_documents(&merged.document, &document, policy);
    assert_eq!(same.differences, []);

    // Missing parts are found.
    let mut other = document.clone();
    let removed = |value: &mut Value, place: &str, key: &str| {
        let map = value.pointer_mut(place).and_then(Value::as_object_mut).expect("an object");
        map.remove(key).expect("it is there");
    };
    removed(&mut other, "/paths", "/files/{id}");
    removed(&mut other, "/components/schemas/ParseRun/properties", "status");
    let missing: Vec<String> = compare_documents(&merged.document, &other, policy)
        .differences
        .iter()
        .map(|difference| {
            let lacking = if difference.kind == Kind::MissingInSnapshot { "Snapshot" } else { "Pages" };
            format!("{lacking} lacks {}: {}", difference.operation, difference.subject)
        })
        .collect();
    for expected in
        ["Snapshot lacks GET /files/{}: as a whole", "Snapshot lacks GET /parse_runs/{}: response field status"]
    {
        assert!(missing.iter().any(|line| line == expected), "{missing:#?}");
    }
    assert!(missing.iter().all(|line| line.starts_with("Snapshot lacks")), "{missing:#?}");
}
