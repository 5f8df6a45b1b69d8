//! Nor does it matter whether the document comes whole or in pages: our document, taken apart into the pages of a
//! documentation site, gives the same bytes once they are merged.

use generator::published::{Content, Exactness, Merged, compare_documents, detect_content, merge_pages};
use serde_json::{Value, json};
use workspace_tests::fern::site::{self, FORMS, GENERATIONS, needed};
use workspace_tests::fern::{exported, prose};

use super::export::{changes, made, published};

/// Puts the document together again from a text of pages.
fn merged(text: &str, name: &str, fragments: usize) -> Merged {
    assert_eq!(detect_content(text.as_bytes()), Content::Pages, "{name}");
    let merged =
        merge_pages(text, "llms-full.txt", Some("2026-02-09")).unwrap_or_else(|none| panic!("{name}: {}", none.report));
    assert_eq!(merged.exactness, Exactness::Exact, "{name}");
    assert_eq!(merged.tally.conflicts, 0, "{name}: {}", merged.report);
    assert_eq!(merged.tally.fragments, fragments, "{name}: {}", merged.report);
    merged
}

/// The document in the form of an export, without the components that no operation or webhook leads to: no page has them.
fn whole() -> Value {
    let mut document = published();
    exported(&mut document);
    let needed = needed(&document, &json!([document["paths"], document["webhooks"]]));
    let schemas =
        document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).expect("there are schemas");
    schemas.retain(|name, _| needed.contains_key(name));
    document
}

#[test]
fn whether_the_document_is_published_whole_or_in_pages_does_not_matter() {
    let whole = whole();
    let before = made(&whole, "");
    for (name, writer) in GENERATIONS {
        let plain = merged(&site::pages(&whole, writer).join("\n"), name, 117 + 40).document;
        assert_eq!(changes(&whole, "", &before, name, |document| *document = plain.clone()), None);
    }
}

#[test]
fn in_which_form_the_pages_reach_us_does_not_matter() {
    let mut few = whole();
    for (part, kept) in [("paths", ["/parse", "/files"]), ("webhooks", ["parse", "file"])] {
        let is_kept = |name: &str| kept.iter().any(|start| name.starts_with(start));
        few[part].as_object_mut().expect("there are some").retain(|name, _| is_kept(name));
    }
    for (generation, writer) in GENERATIONS {
        let pages = site::pages(&few, writer);
        let plain = merged(&pages.join("\n"), generation, pages.len() - 1);
        assert!(plain.tally.operations > 10 && plain.tally.webhooks > 1, "{}", plain.tally);
        for (name, form) in FORMS {
            let other = merged(&form(&pages), &format!("{generation}, {name}"), pages.len() - 1);
            assert!(other.document == plain.document, "{generation}, {name}");
        }
    }
}

/// A site is rewritten page by page, and a mirror of it has pages of all times.
#[test]
fn pages_of_several_generations_make_up_one_document() {
    let whole = whole();
    let sites: Vec<Vec<String>> = GENERATIONS.iter().map(|(_, writer)| site::pages(&whole, *writer)).collect();
    let of_all = |first: usize| -> String {
        let page = |index: usize| sites[(index + first) % sites.len()][index].clone();
        (0..sites[0].len()).map(page).collect::<Vec<_>>().join("\n")
    };
    let plain = merged(&sites[2].join("\n"), "fourth", 117 + 40).document;
    for first in 0..sites.len() {
        let other = merged(&of_all(first), &format!("from {first}"), 117 + 40).document;
        for part in ["servers", "paths", "webhooks", "components"] {
            assert!(other[part] == plain[part], "{part}, from {first}");
        }
    }
}

/// What prose says of the document is less, but it names the same operations, parameters and fields.
#[test]
fn pages_in_prose_have_the_inventory_of_the_document() {
    let document = published();
    let text = prose::pages(&document).join("\n");
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
    assert_eq!(compare_documents(&merged.document, &document, &ignored), []);

    // And what either side lacks is found.
    let mut other = document.clone();
    let removed = |value: &mut Value, place: &str, key: &str| {
        let map = value.pointer_mut(place).and_then(Value::as_object_mut).expect("an object");
        map.remove(key).expect("it is there");
    };
    removed(&mut other, "/paths", "/files/{id}");
    removed(&mut other, "/components/schemas/ParseRun/properties", "status");
    let told: Vec<String> = compare_documents(&merged.document, &other, &ignored)
        .iter()
        .map(|difference| format!("{:?} lacks {}: {}", difference.lacking, difference.operation, difference.subject))
        .collect();
    for expected in
        ["Snapshot lacks GET /files/{}: as a whole", "Snapshot lacks GET /parse_runs/{}: response field status"]
    {
        assert!(told.iter().any(|line| line == expected), "{told:#?}");
    }
    assert!(told.iter().all(|line| line.starts_with("Snapshot lacks")), "{told:#?}");
}
