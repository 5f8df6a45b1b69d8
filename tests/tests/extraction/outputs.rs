//! What was extracted: values, confidence and citations of fields, reviews, packages of several files, outputs of legacy settings, and
//! outputs that do not have the type.

use extend_ai::schema::{Currency, Date, OutputProblem};
use extend_ai::testing::fixtures;
use extend_ai::types::{ExtractOutput, ExtractRun, ProcessorRunStatus};
use extend_ai::{Extract, decode_value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, JsonSchema, Deserialize, Extract)]
#[serde(rename_all = "camelCase")]
struct Invoice {
    #[serde(rename = "no")]
    number: Option<String>,
    due_date: Option<Date>,
    status: Option<Status>,
    total: Option<Currency>,
    seller: Party,
    lines: Vec<Line>,
    tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Deserialize, Extract)]
struct Party {
    name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Deserialize, Extract)]
struct Line {
    amount: Option<f64>,
    pieces: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Deserialize, Extract)]
#[serde(rename_all = "lowercase")]
enum Status {
    Open,
    Paid,
}

fn value() -> Value {
    json!({
        "no": "A-1",
        "dueDate": "2026-03-01",
        "status": "open",
        "total": {"amount": 30.5, "iso_4217_currency_code": "EUR"},
        "seller": {"name": null},
        "lines": [{"amount": 10.0, "pieces": 1.0}, {"amount": 20.5, "pieces": null}],
        "tags": ["a", "b"],
    })
}

fn metadata() -> Value {
    let citation = |file: &str, page: u32| {
        json!({
            "fileId": file,
            "page": {"number": page, "width": 612, "height": 792},
            "referenceText": "EUR 30.50",
            "polygon": [{"x": 1, "y": 2}, {"x": 3, "y": 2}, {"x": 3, "y": 4}],
        })
    };
    json!({
        "no": {"ocrConfidence": 0.99, "logprobsConfidence": null},
        "total": {
            "ocrConfidence": 0.98,
            "logprobsConfidence": 0.7,
            "reviewAgentScore": 3,
            "citations": [citation("file_2", 4)],
            "insights": [{"type": "reasoning", "content": "The last line."}],
        },
        "lines": {"ocrConfidence": 0.85},
        "lines[1].amount": {"ocrConfidence": 0.5, "citations": [{"cellRange": "B3:B4"}]},
    })
}

fn output(value: &Value, metadata: &Value) -> ExtractOutput {
    decode_value(&json!({"value": value, "metadata": metadata})).unwrap()
}

fn processed(output: ExtractOutput) -> ExtractRun {
    let mut run = fixtures::extract_run();
    (run.status, run.output) = (ProcessorRunStatus::Processed, Some(output));
    run
}

#[test]
fn field_has_its_value_confidence_and_citations() {
    let run = processed(output(&value(), &metadata())).typed::<Invoice>();
    let extracted = run.output().unwrap();
    let total = extracted.field(Invoice::total());
    assert_eq!(total.value.and_then(|total| total.amount), Some(30.5));
    assert_eq!(
        (total.ocr_confidence, total.logprobs_confidence, total.confidence()),
        (Some(0.98), Some(0.7), Some(0.7))
    );
    assert_eq!(total.review_agent_score, Some(3));
    assert_eq!(total.citations[0].page.as_ref().map(|page| page.number), Some(4.0));
    assert_eq!(total.citations[0].polygon.as_ref().map(Vec::len), Some(3));
    assert_eq!(total.insights[0].content, "The last line.");

    let amount = extracted.field(Invoice::lines().at(1).amount());
    assert_eq!((amount.path.as_str(), amount.value), ("lines[1].amount", Some(&20.5)));
    assert_eq!(amount.citations[0].cell_range.as_deref(), Some("B3:B4"));
}

#[test]
fn handles_lead_to_every_kind_of_field() {
    let extracted = processed(output(&value(), &metadata())).typed::<Invoice>().into_output().unwrap();
    let number = extracted.field(Invoice::number());
    assert_eq!((number.path.as_str(), number.value.map(String::as_str)), ("no", Some("A-1")));
    let due = extracted.field(Invoice::due_date());
    assert_eq!((due.path.as_str(), due.value.map(|date| date.month())), ("dueDate", Some(3)));
    assert_eq!(extracted.field(Invoice::status()).value, Some(&Status::Open));
    let code = extracted.field(Invoice::total().iso_4217_currency_code());
    assert_eq!((code.path.as_str(), code.value.map(String::as_str)), ("total.iso_4217_currency_code", Some("EUR")));
    let name = extracted.field(Invoice::seller().name());
    assert_eq!((name.path.as_str(), name.value, name.confidence()), ("seller.name", None, None));
    assert_eq!(extracted.field(Invoice::seller()).value, Some(&Party { name: None }));
    assert_eq!(extracted.field(Invoice::lines()).value.map(Vec::len), Some(2));
    let first = extracted.field(Invoice::lines().at(0));
    assert_eq!((first.path.as_str(), first.value.map(|line| line.pieces)), ("lines[0]", Some(Some(1))));
    assert_eq!(extracted.field(Invoice::tags().at(1)).value.map(String::as_str), Some("b"));
    let absent = extracted.field(Invoice::lines().at(9).amount());
    assert_eq!((absent.path.as_str(), absent.value), ("lines[9].amount", None));
}

#[test]
fn all_fields_have_paths_and_the_doubtful_ones_come_first() {
    let run = processed(output(&value(), &metadata())).typed::<Invoice>();
    let extracted = run.output().unwrap();
    let paths: Vec<String> = extracted.fields().into_iter().map(|field| field.path).collect();
    assert_eq!(
        paths,
        [
            "no",
            "dueDate",
            "status",
            "total",
            "total.amount",
            "total.iso_4217_currency_code",
            "seller.name",
            "lines",
            "lines[0].amount",
            "lines[0].pieces",
            "lines[1].amount",
            "lines[1].pieces",
            "tags[0]",
            "tags[1]",
        ]
    );
    let doubtful = |limit| -> Vec<String> { extracted.below(limit).into_iter().map(|field| field.path).collect() };
    assert_eq!(doubtful(0.9), ["lines[1].amount", "total", "lines"]);
    assert_eq!(doubtful(0.5), [""; 0]);
}

#[test]
fn review_is_typed_and_so_is_what_it_changed() {
    let mut corrected = value();
    corrected["total"]["amount"] = json!(40.0);
    corrected["seller"]["name"] = json!("Acme");
    corrected["lines"].as_array_mut().unwrap().pop();
    let mut run = processed(output(&corrected, &metadata()));
    (run.reviewed, run.edited) = (true, true);
    run.initial_output = Some(output(&value(), &metadata()));
    run.reviewed_output = run.output.clone();
    let run = run.typed::<Invoice>();

    assert_eq!(run.initial_output().unwrap().unwrap().value().lines.len(), 2);
    assert_eq!(run.reviewed_output().unwrap().unwrap().value().lines.len(), 1);
    let removed = json!({"amount": 20.5, "pieces": null});
    let changes: Vec<_> =
        run.changes().into_iter().map(|change| (change.path, change.initial, change.reviewed)).collect();
    assert_eq!(
        changes,
        [
            ("total.amount".to_owned(), Some(&json!(30.5)), Some(&json!(40.0))),
            ("seller.name".to_owned(), None, Some(&json!("Acme"))),
            ("lines[1]".to_owned(), Some(&removed), None),
        ]
    );
    let amount = run.change(Invoice::total().amount()).unwrap();
    assert_eq!((amount.initial, amount.reviewed), (Some(&30.5), Some(&40.0)));
    let total = run.change(Invoice::total()).unwrap();
    assert_eq!(total.reviewed.and_then(|total| total.amount), Some(40.0));
    let gone = run.change(Invoice::lines().at(1).amount()).unwrap();
    assert_eq!((gone.initial, gone.reviewed), (Some(&20.5), None));
    assert!(run.change(Invoice::number()).is_none());
}

#[test]
fn output_that_does_not_have_the_type_names_the_field_and_keeps_the_run() {
    let mut wrong = value();
    wrong["lines"][1]["amount"] = json!("twenty");
    let run = processed(output(&wrong, &metadata())).typed::<Invoice>();
    let error = run.output().unwrap_err();
    assert_eq!(error.field(), Some("lines[1].amount"));
    assert!(error.to_string().contains("`lines[1].amount`: invalid type: string \"twenty\", expected f64"), "{error}");
    assert_eq!(error.run().output, Some(output(&wrong, &metadata())));
    assert_eq!(run.into_output().unwrap_err().run().status, ProcessorRunStatus::Processed);
}

#[test]
fn run_without_an_output_says_why() {
    let mut failed = fixtures::extract_run();
    (failed.status, failed.output) = (ProcessorRunStatus::Failed, None);
    failed.failure_reason = Some("INTERNAL_ERROR".to_owned());
    failed.failure_message = Some("try again".to_owned());
    let error = failed.clone().typed::<Invoice>().into_output().unwrap_err();
    assert_eq!(error.to_string(), format!("the extract run {} is FAILED: INTERNAL_ERROR: try again", failed.id));

    let mut pending = fixtures::extract_run();
    (pending.status, pending.output) = (ProcessorRunStatus::Pending, None);
    let error = pending.typed::<Invoice>().into_output().unwrap_err();
    assert_eq!(error.problem(), &OutputProblem::Missing { status: ProcessorRunStatus::Pending });

    let unknown = decode_value::<ExtractOutput>(&json!(7)).unwrap();
    let error = processed(unknown).typed::<Invoice>().into_output().unwrap_err();
    assert_eq!(error.problem(), &OutputProblem::UnknownForm);
}

#[test]
fn citation_leads_to_its_file_of_the_package() {
    let mut run = processed(output(&value(), &metadata()));
    let file = run.file.clone().unwrap();
    let files = ["file_1", "file_2"].map(|id| {
        let mut file = file.clone();
        file.id = id.to_owned();
        file
    });
    (run.file, run.files) = (None, files.to_vec().into());
    let run = run.typed::<Invoice>();
    let extracted = run.output().unwrap();
    let cited = &extracted.field(Invoice::total()).citations[0];
    assert_eq!(run.file_of(cited).map(|file| file.id.as_str()), Some("file_2"));
    let without_file = &extracted.field(Invoice::lines().at(1).amount()).citations[0];
    assert!(run.file_of(without_file).is_none());
}

#[test]
fn output_of_legacy_settings_has_the_same_type() {
    let reference = json!({
        "id": "r",
        "fieldName": "no",
        "page": 2,
        "boundingBoxes": [{"left": 1, "top": 2, "right": 3, "bottom": 4}],
    });
    let field = |kind: &str, value: Value| json!({"id": "f", "type": kind, "value": value, "references": []});
    let legacy = json!({
        "no": {"id": "f", "type": "string", "value": "A-1", "confidence": 0.8, "references": [reference]},
        "dueDate": field("date", json!("2026-03-01")),
        "status": field("enum", json!("open")),
        "total": field("currency", json!({"amount": 30.5, "iso_4217_currency_code": "EUR"})),
        "seller": field("object", json!({"name": field("string", json!(null))})),
        "lines": field("array", json!([
            {"amount": field("number", json!(10.0)), "pieces": field("number", json!(1))},
            {"amount": 20.5, "pieces": null},
        ])),
        "tags": field("array", json!(["a", "b"])),
    });
    let run = processed(decode_value(&legacy).unwrap()).typed::<Invoice>();
    let json = processed(output(&value(), &metadata())).typed::<Invoice>();
    let extracted = run.output().unwrap();
    assert_eq!(extracted.value(), json.output().unwrap().value());
    let number = extracted.field(Invoice::number());
    assert_eq!((number.confidence(), number.citations[0].polygon.as_ref().map(Vec::len)), (Some(0.8), Some(4)));
    assert_eq!(number.citations[0].page.as_ref().map(|page| page.number), Some(2.0));
}
