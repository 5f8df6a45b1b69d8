//! The page that shows an extraction: its order, its boxes, what is escaped, and how it looks in a real browser where there is one.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use extend_ai::schema::PageImage;
use extend_ai::testing::fixtures;
use extend_ai::types::{ExtractRun, ProcessorRunStatus};
use extend_ai::{Extract, Extracted, decode_value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(JsonSchema, Deserialize, Extract)]
struct Invoice {
    number: Option<String>,
    total: Option<f64>,
    note: Option<String>,
    lines: Vec<Line>,
}

#[derive(JsonSchema, Deserialize, Extract)]
struct Line {
    text: Option<String>,
}

/// What must be shown and not run.
const ATTACK: &str =
    "</title><script>document.title='attacked'</script><img src=x onerror=\"document.title='attacked'\">'";

fn extracted(metadata: &Value) -> Extracted<Invoice> {
    let mut run: ExtractRun = fixtures::extract_run();
    let value = json!({"number": "A-1", "total": 30.5, "note": ATTACK, "lines": [{"text": null}]});
    let output = json!({"value": value, "metadata": metadata});
    (run.status, run.output) = (ProcessorRunStatus::Processed, Some(decode_value(&output).unwrap()));
    run.typed().into_output().unwrap()
}

fn citation(file: &str, page: u32) -> Value {
    json!({
        "fileId": file,
        "page": {"number": page, "width": 100, "height": 200},
        "referenceText": ATTACK,
        "polygon": [{"x": 10, "y": 20}, {"x": 90, "y": 20}, {"x": 90, "y": 100}, {"x": 10, "y": 100}],
    })
}

fn metadata() -> Value {
    let insights = json!([{"type": "reasoning", "content": ATTACK}]);
    json!({
        "number": {"ocrConfidence": 0.99, "citations": [citation("f", 1)]},
        "total": {"ocrConfidence": 0.98, "logprobsConfidence": 0.4, "citations": [citation("f", 2)], "insights": insights},
        "note": {"ocrConfidence": 1, "reviewAgentScore": 1, "citations": [citation("f", 2), {"cellRange": ATTACK}]},
    })
}

/// A PNG image of one white pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\xda\
    c\xf8\xff\xff?\0\x05\xfe\x02\xfe3\x12\x95\x14\0\0\0\0IEND\xaeB`\x82";

/// Returns where each of these is in a text, in their order.
fn places(text: &str, wanted: &[&str]) -> Vec<usize> {
    wanted.iter().map(|wanted| text.find(wanted).unwrap_or_else(|| panic!("{wanted} is missing in {text}"))).collect()
}

#[test]
fn doubtful_fields_come_first_and_boxes_are_on_their_pages() {
    let html = extracted(&metadata()).to_html(&[PageImage::new(2, PIXEL)]);
    assert!(
        places(&html, &["<bdi>note</bdi>", "<bdi>total</bdi>", "<bdi>number</bdi>", "<bdi>lines[0].text</bdi>"])
            .is_sorted()
    );
    assert!(html.contains("<h1>4 fields, 2 doubtful</h1>"), "{html}");
    assert!(html.contains("not in the document"), "{html}");
    // The first page has no image, the second one has; each box is on its own.
    let order = [
        "<bdi>page 1</bdi>",
        "id=\"box-2-0\"",
        "<bdi>page 2</bdi>",
        "data:image/png",
        "id=\"box-0-0\"",
        "id=\"box-1-0\"",
    ];
    assert!(places(&html, &order).is_sorted(), "{html}");
    assert_eq!(html.matches("points=\"10,20 90,20 90,100 10,100\"").count(), 3);
    assert_eq!((html.matches("<polygon").count(), html.matches("href=\"#box-").count()), (3, 3));
    assert!(html.contains("viewBox=\"0 0 100 200\""), "{html}");
}

#[test]
fn everything_from_outside_is_escaped() {
    let metadata = json!({"note": {"citations": [citation(ATTACK, 1), citation("g", 1), {"cellRange": ATTACK}]}});
    let image = PageImage::new(1, "<svg onload=alert(1)>").of_file(ATTACK);
    let html = extracted(&metadata).to_html(&[image]);
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("onload"), "{html}");
    assert_eq!(html.matches("<title>").count(), 3, "that of the page, and one for each box");
    assert!(html.contains("the image is not PNG"), "{html}");
}

#[test]
fn box_is_drawn_only_where_its_page_is_known() {
    let mut without_size = citation("f", 1);
    without_size["page"] = json!({"number": 1});
    let of = |citations: Value| extracted(&json!({"total": {"ocrConfidence": 0.5, "citations": citations}}));
    struct Row {
        name: &'static str,
        citations: Value,
        images: Vec<PageImage>,
        boxes: usize,
        pages: usize,
    }
    let rows = [
        Row { name: "no size", citations: json!([without_size]), images: vec![], boxes: 0, pages: 0 },
        Row {
            name: "image without size",
            citations: json!([without_size]),
            images: vec![PageImage::new(1, PIXEL)],
            boxes: 0,
            pages: 1,
        },
        Row {
            name: "size of the image",
            citations: json!([without_size]),
            images: vec![PageImage::new(1, PIXEL).with_size(100.0, 200.0)],
            boxes: 1,
            pages: 1,
        },
        Row {
            name: "two files",
            citations: json!([citation("f", 1), citation("g", 1)]),
            images: vec![],
            boxes: 2,
            pages: 2,
        },
        Row {
            name: "image of one of two files",
            citations: json!([citation("f", 1), citation("g", 1)]),
            images: vec![PageImage::new(1, PIXEL).of_file("g")],
            boxes: 2,
            pages: 2,
        },
        Row {
            name: "image of a page that is not cited",
            citations: json!([]),
            images: vec![PageImage::new(3, PIXEL)],
            boxes: 0,
            pages: 1,
        },
        Row {
            name: "size of nothing",
            citations: json!([without_size]),
            images: vec![PageImage::new(1, PIXEL).with_size(0.0, 1.0)],
            boxes: 0,
            pages: 1,
        },
    ];
    for row in rows {
        let html = of(row.citations).to_html(&row.images);
        let found = (html.matches("<polygon").count(), html.matches("<figure>").count());
        assert_eq!(found, (row.boxes, row.pages), "{}: {html}", row.name);
    }
}

/// Returns what Chromium prints; `None` if it is not there.
fn run_chromium(folder: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let mut command = Command::new("chromium");
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--hide-scrollbars",
    ]);
    command.args([
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1000,1200",
    ]);
    command.arg(format!("--user-data-dir={}", folder.join("profile").display())).args(arguments);
    let output = folder.join("output");
    let stdout = std::fs::File::create(&output).unwrap();
    let Ok(mut browser) = command.stdout(stdout).stderr(Stdio::null()).spawn() else { return None };
    let began = Instant::now();
    while browser.try_wait().unwrap().is_none() {
        if began.elapsed() > Duration::from_secs(120) {
            browser.kill().unwrap();
            panic!("Chromium has not ended in two minutes");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Some(std::fs::read(output).unwrap())
}

/// Puts into the title of a page where each box is, in percent of its sheet, and the width of each image as it was decoded.
const MEASURE: &str = "<script>onload = () => {
    const percent = (part, of) => Math.round(100 * part / of);
    const boxes = [...document.querySelectorAll('polygon')].map(box => {
        const [inner, sheet] = [box.getBoundingClientRect(), box.closest('svg').getBoundingClientRect()];
        return [inner.left - sheet.left, inner.right - sheet.left].map(x => percent(x, sheet.width))
            .concat([inner.top - sheet.top, inner.bottom - sheet.top].map(y => percent(y, sheet.height))).join(' ');
    });
    document.title = boxes.join(', ') + '; ' + [...document.images].map(image => image.naturalWidth);
}</script>";

#[test]
fn browser_shows_boxes_in_their_places_and_runs_nothing_of_the_document() {
    let folder = tempfile::tempdir().unwrap();
    let html = extracted(&metadata()).to_html(&[PageImage::new(2, PIXEL)]);
    let document = |name: &str, html: &str| {
        let page = folder.path().join(name);
        std::fs::write(&page, html).unwrap();
        let document = run_chromium(folder.path(), &["--dump-dom", &format!("file://{}", page.display())])?;
        Some(String::from_utf8(document).unwrap())
    };
    let Some(shown) = document("page.html", &html) else {
        eprintln!("passed over: there is no Chromium (Debian package chromium)");
        return;
    };
    assert!(shown.contains("<title>Extraction</title>") && !shown.contains("<script"), "{shown}");

    let policy = "http-equiv=\"Content-Security-Policy\"";
    assert!(html.contains(policy), "{html}");
    let unbarred = format!("{}{MEASURE}", html.replace(policy, ""));
    let measured = document("measured.html", &unbarred).unwrap();
    let title = "<title>10 90 10 50, 10 90 10 50, 10 90 10 50; 1</title>";
    assert!(measured.contains(title), "attacks are harmless even where scripts may run: {measured}");
}
