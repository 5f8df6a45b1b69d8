//! Lists as tables: columns of the type, CSV for programs and for spreadsheets, Markdown, JSON.

use extend_ai::schema::Currency;
use extend_ai::testing::fixtures;
use extend_ai::types::{ExtractRun, ProcessorRunStatus};
use extend_ai::{Extract, Extracted, decode_value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(JsonSchema, Deserialize, Extract)]
struct Report {
    pages: Vec<Page>,
}

#[derive(JsonSchema, Deserialize, Extract)]
struct Page {
    lines: Vec<Line>,
    tags: Vec<String>,
}

#[derive(JsonSchema, Deserialize, Extract)]
struct Line {
    text: Option<String>,
    price: Option<Currency>,
    pieces: Option<i64>,
    notes: Vec<String>,
}

fn extracted(page: &Value) -> Extracted<Report> {
    let mut run: ExtractRun = fixtures::extract_run();
    let output = json!({"value": {"pages": [{"lines": [], "tags": []}, page]}, "metadata": {}});
    (run.status, run.output) = (ProcessorRunStatus::Processed, Some(decode_value(&output).unwrap()));
    run.typed().into_output().unwrap()
}

/// A page whose strings are what each of the formats has to be careful with.
fn page() -> Value {
    json!({
        "lines": [
            {"text": "a \"b\", c", "price": {"amount": -1.5, "iso_4217_currency_code": "EUR"}, "pieces": 3, "notes": ["x", "y"]},
            {"text": "=SUM(A1)|<b>*\r\n-", "price": null, "pieces": null, "notes": []},
        ],
        "tags": ["+1", ""],
    })
}

#[test]
fn list_of_structs_has_a_column_for_each_field_at_any_depth() {
    let extracted = extracted(&page());
    let table = extracted.table(Report::pages().at(1).lines());
    assert_eq!(table.columns(), ["text", "price.amount", "price.iso_4217_currency_code", "pieces", "notes"]);
    let rows: Vec<_> = table.rows().collect();
    assert_eq!(rows[0][1..4], [Some(&json!(-1.5)), Some(&json!("EUR")), Some(&json!(3))]);
    assert_eq!(rows[1][1..4], [None; 3]);
    assert_eq!(
        table.to_csv(),
        "text,price.amount,price.iso_4217_currency_code,pieces,notes\r\n\
         \"a \"\"b\"\", c\",-1.5,EUR,3,\"[\"\"x\"\",\"\"y\"\"]\"\r\n\
         \"=SUM(A1)|<b>*\r\n-\",,,,[]\r\n"
    );
    assert_eq!(
        table.to_spreadsheet_csv().lines().nth(2).map(str::to_owned),
        Some("\"'=SUM(A1)|<b>*".to_owned()),
        "a number stays one, a formula becomes a string"
    );
    assert_eq!(
        table.to_markdown(),
        "| text | price.amount | price.iso\\_4217\\_currency\\_code | pieces | notes |\n\
         | --- | --: | --- | --: | --- |\n\
         | a \"b\", c | -1.5 | EUR | 3 | \\[\"x\",\"y\"\\] |\n\
         | =SUM(A1)\\|&lt;b&gt;\\*<br>- |  |  |  | \\[\\] |\n"
    );
    let objects: Value = serde_json::from_str(&table.to_json()).unwrap();
    assert_eq!(objects[0]["price.amount"], json!(-1.5));
    assert_eq!(
        objects[1],
        json!({
            "text": "=SUM(A1)|<b>*\r\n-", "price.amount": null, "price.iso_4217_currency_code": null, "pieces": null, "notes": [],
        })
    );
}

#[test]
fn list_without_items_has_the_columns_of_its_type() {
    let extracted = extracted(&page());
    for missing in [0, 9] {
        let table = extracted.table(Report::pages().at(missing).lines());
        assert_eq!(table.to_csv(), "text,price.amount,price.iso_4217_currency_code,pieces,notes\r\n");
        assert_eq!(table.to_json(), "[]");
    }
}

#[test]
fn list_of_strings_has_one_column_and_no_line_is_lost() {
    let extracted = extracted(&page());
    let table = extracted.table(Report::pages().at(1).tags());
    assert_eq!(table.to_csv(), "value\r\n+1\r\n\"\"\r\n");
    assert_eq!(table.to_spreadsheet_csv(), "\u{feff}value\r\n'+1\r\n\"\"\r\n");
    assert_eq!(table.to_markdown(), "| value |\n| --- |\n| +1 |\n|  |\n");
    assert_eq!(table.to_json(), r#"[{"value":"+1"},{"value":""}]"#);
}
