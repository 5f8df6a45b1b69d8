//! Tests parsed documents as people use them: pages, text, tables, places.

use extend_ai::decode_value;
use extend_ai::types::ParseRunOutput;
use serde_json::{Value, json};

/// A block of a page that is 612 by 792 points.
fn block(kind: &str, content: &str, page: i64, edges: [f64; 4]) -> Value {
    let [left, top, right, bottom] = edges;
    json!({
        "object": "block", "id": content, "type": kind, "content": content, "details": {},
        "metadata": {"page": {"number": page, "width": 612.0, "height": 792.0}, "minOcrConfidence": 0.8},
        "polygon": [],
        "boundingBox": {"left": left, "top": top, "right": right, "bottom": bottom},
    })
}

fn chunk(kind: &str, content: &str, pages: [i64; 2], blocks: Value) -> Value {
    json!({
        "object": "chunk", "type": kind, "content": content, "blocks": blocks,
        "metadata": {"pageRange": {"start": pages[0], "end": pages[1]}},
    })
}

fn output(chunks: &[Value], more: Value) -> ParseRunOutput {
    let mut whole = more;
    whole["chunks"] = json!(chunks);
    decode_value(&whole).unwrap()
}

const ANYWHERE: [f64; 4] = [0.0, 0.0, 1.0, 1.0];

fn with_table(content: &str) -> ParseRunOutput {
    output(&[chunk("page", content, [1, 1], json!([block("table", content, 1, ANYWHERE)]))], json!({}))
}

#[test]
fn pages_of_a_document_in_one_chunk_have_the_blocks_on_them() {
    let blocks = json!([
        block("heading", "# One", 1, ANYWHERE),
        block("text", "first", 1, ANYWHERE),
        block("text", "second", 2, ANYWHERE),
    ]);
    let output = output(&[chunk("document", "# One\n\nfirst\n\nsecond", [1, 2], blocks)], json!({}));
    let pages: Vec<_> = output.pages().iter().map(|page| (page.number(), page.markdown(), page.text())).collect();
    let expected =
        [(1, "# One\n\nfirst".to_owned(), "One\n\nfirst".to_owned()), (2, "second".to_owned(), "second".to_owned())];
    assert_eq!(pages, expected);
    assert_eq!(output.markdown(), "# One\n\nfirst\n\nsecond");
    assert_eq!(output.text(), "One\n\nfirst\n\nsecond");
}

#[test]
fn pages_keep_the_text_of_their_chunks_when_these_do_not_cross_them() {
    let chunks = [
        chunk("page", "*two*", [2, 2], json!([block("text", "two", 2, ANYWHERE)])),
        chunk("page", "*one* a", [1, 1], json!([block("text", "one", 1, ANYWHERE)])),
        chunk("page", "b", [1, 1], json!([])),
    ];
    let info = json!({"metadata": {"pages": [
        {"number": 3, "rotationApplied": null, "originalPageWidth": 612, "originalPageHeight": 792, "dpi": 72},
    ]}});
    let output = output(&chunks, info);
    let pages: Vec<_> = output.pages().iter().map(|page| (page.number(), page.markdown())).collect();
    let expected = [(1, "*one* a\n\nb".to_owned()), (2, "*two*".to_owned()), (3, String::new())];
    assert_eq!(pages, expected);
}

#[test]
fn sheets_are_pages_with_a_name() {
    let sheet = |index: i64, name: &str, content: &str| {
        let mut block = block("text", content, 1, ANYWHERE);
        block["metadata"] = json!({"sheet": {"index": index, "name": name}});
        block
    };
    let blocks = json!([sheet(0, "Income", "a"), sheet(1, "Costs", "b")]);
    let output = output(&[chunk("document", "a b", [1, 1], blocks)], json!({}));
    let pages = output.pages();
    let found: Vec<_> = pages.iter().map(|page| (page.number(), page.sheet(), page.markdown())).collect();
    assert_eq!(found, [(1, Some("Income"), "a".to_owned()), (2, Some("Costs"), "b".to_owned())]);
    assert_eq!(pages[0].size(), None);
}

#[test]
fn boxes_are_points_pixels_and_percent() {
    let info = |dpi: f64| {
        json!({"metadata": {"pages": [
            {"number": 1, "rotationApplied": 0, "originalPageWidth": 612, "originalPageHeight": 792, "dpi": dpi},
        ]}})
    };
    let blocks = |edges| json!([block("text", "a", 1, edges)]);
    for (edges, more) in [
        ([61.2, 79.2, 306.0, 396.0], json!({})),
        ([61.2, 79.2, 306.0, 396.0], info(72.0)),
        ([122.4, 158.4, 612.0, 792.0], info(144.0)),
    ] {
        let output = output(&[chunk("page", "a", [1, 1], blocks(edges))], more);
        let pages = output.pages();
        let area = pages[0].area_of(pages[0].blocks()[0]).unwrap();
        let edges = |found: extend_ai::document::Rectangle| {
            [found.left, found.top, found.right, found.bottom].map(|edge| (edge * 10.0).round() / 10.0)
        };
        assert_eq!(edges(area.points()), [61.2, 79.2, 306.0, 396.0]);
        assert_eq!(edges(area.pixels(144.0)), [122.4, 158.4, 612.0, 792.0]);
        assert_eq!(edges(area.percent().unwrap()), [10.0, 10.0, 50.0, 50.0]);
    }
}

#[test]
fn boxes_with_an_unknown_edge_are_those_around_the_outline() {
    let mut outlined = block("text", "a", 1, ANYWHERE);
    outlined["boundingBox"]["left"] = Value::Null;
    let mut unknown = outlined.clone();
    outlined["polygon"] = json!([{"x": 5, "y": 6}, {"x": 9, "y": 7}, {"x": 8, "y": 12}]);
    unknown["content"] = json!("b");
    let output = output(&[chunk("page", "a", [1, 1], json!([outlined, unknown]))], json!({}));
    let pages = output.pages();
    let found = pages[0].area_of(pages[0].blocks()[0]).unwrap().points();
    assert_eq!([found.left, found.top, found.right, found.bottom], [5.0, 6.0, 9.0, 12.0]);
    assert_eq!(pages[0].area_of(pages[0].blocks()[1]), None);
}

#[test]
fn tables_have_the_cells_of_their_blocks() {
    let cell = |kind: &str, content: &str, row: i64, column: i64| {
        let mut cell = block(kind, content, 1, [1.0, 2.0, 3.0, 4.0]);
        cell["details"] = json!({"type": "table_cell_details", "rowIndex": row, "columnIndex": column});
        cell
    };
    let mut table = block("table", "ignored", 1, ANYWHERE);
    table["children"] = json!([
        cell("table_cell", "4", 1, 1),
        cell("table_head", "Item", 0, 0),
        cell("table_head", "Sum", 0, 1),
        cell("table_cell", "far away", 9_000_000_000_000, 9_000_000_000_000),
    ]);
    let output = output(&[chunk("page", "", [1, 1], json!([table]))], json!({}));
    let tables = output.tables();
    let found: Vec<_> =
        tables[0].rows().iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>()).collect();
    assert_eq!(found, [vec!["Item", "Sum"], vec!["4"], vec!["far away"]]);
    let sum = tables[0].cell(0, 1).unwrap();
    assert!(sum.is_header && sum.area.is_some());
    assert!(tables[0].cell(1, 0).is_none());
}

#[test]
fn tables_without_blocks_for_their_cells_are_read_from_markup() {
    /// Row, column, text and whether it is a header.
    type Found<'a> = (i64, i64, &'a str, bool);
    struct Row<'a> {
        content: &'a str,
        cells: &'a [Found<'a>],
    }
    let rows = [
        Row {
            content: "| a | b |\n|---|:-:|\n| 1 \\| 2 |  |",
            cells: &[(0, 0, "a", true), (0, 1, "b", true), (1, 0, "1 | 2", false), (1, 1, "", false)],
        },
        Row { content: "a | b", cells: &[(0, 0, "a", false), (0, 1, "b", false)] },
        Row {
            content: "<table><tr><th colspan=\"2\">a &amp; b</th></tr><tr><td>1<br/>2</td><TD>3</td></tr></table>",
            cells: &[(0, 0, "a & b", true), (1, 0, "1\n2", false), (1, 1, "3", false)],
        },
        Row {
            content: "<tr><td rowspan=2>a<td>b<tr><td>c <b>d</b> < e",
            cells: &[(0, 0, "a", false), (0, 1, "b", false), (1, 1, "c d < e", false)],
        },
        Row {
            content: "<tr><td colspan=99999999999999999999>a</td><td>b</td>",
            cells: &[(0, 0, "a", false), (0, 1, "b", false)],
        },
        Row { content: "no table", cells: &[] },
    ];
    for Row { content, cells } in rows {
        let output = with_table(content);
        let tables = output.tables();
        let found: Vec<Found<'_>> =
            tables[0].cells.iter().map(|cell| (cell.row, cell.column, cell.text.as_str(), cell.is_header)).collect();
        assert_eq!(found, cells, "{content}");
    }
}

#[test]
fn text_of_a_table_is_a_line_per_row() {
    assert_eq!(with_table("| a | b |\n|---|---|\n| 1 | 2 |").text(), "a\tb\n1\t2");
}

#[test]
fn places_are_those_of_words_one_area_per_line() {
    let word = |content: &str, left: f64, top: f64| {
        json!({"content": content, "pageNumber": 1, "confidence": left / 100.0, "blockId": "x",
            "boundingBox": {"left": left, "top": top, "right": left + 8.0, "bottom": top + 10.0}})
    };
    let words =
        json!([word("The", 10.0, 0.0), word("Total", 50.0, 1.0), word("due:", 60.0, 0.0), word("9", 10.0, 20.0)]);
    let blocks = json!([block("text", "The Total due: 9", 1, ANYWHERE)]);
    let output = output(&[chunk("page", "", [1, 1], blocks)], json!({"ocr": {"words": words}}));
    let places = output.find("  total DUE: 9 ");
    assert_eq!(places.len(), 1);
    assert_eq!((places[0].page, places[0].text.as_str(), places[0].confidence), (1, "Total due: 9", Some(0.1)));
    let lefts: Vec<_> = places[0].areas.iter().map(|area| (area.points().left, area.points().right)).collect();
    assert_eq!(lefts, [(50.0, 68.0), (10.0, 18.0)]);
    assert_eq!(output.find("al du").len(), 1);
    assert_eq!(output.find("missing").len(), 0);
    assert_eq!(output.find(" ").len(), 0);
}

#[test]
fn places_without_words_are_the_innermost_blocks() {
    let mut outer = block("table", "a | Total", 1, ANYWHERE);
    outer["children"] = json!([block("table_cell", "Total", 1, [1.0, 2.0, 3.0, 4.0])]);
    let output = output(&[chunk("page", "", [1, 1], json!([outer, block("text", "a total", 1, ANYWHERE)]))], json!({}));
    let texts: Vec<_> = output.find("total").into_iter().map(|place| (place.text, place.confidence)).collect();
    assert_eq!(texts, [("Total".to_owned(), Some(0.8)), ("a total".to_owned(), Some(0.8))]);
}
