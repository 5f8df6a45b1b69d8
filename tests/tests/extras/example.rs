//! Runs the example `ocr` against the mock server.

use extend_ai::decode_value;
use extend_ai::testing::{MockServer, fixtures};
use extend_ai::types::ParseRunStatus;
use serde_json::json;

#[path = "../../../generated-client/examples/ocr.rs"]
#[allow(dead_code, reason = "its `main` is not called")]
mod ocr;

#[tokio::test]
async fn example_has_lines_with_boxes_in_percent_and_pays_once_although_requests_fail() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.pdf");
    std::fs::write(&path, "%PDF-1.7").unwrap();
    let mock = MockServer::start().await;
    mock.files().upload().returns_fixture();
    let mut run = fixtures::parse_run();
    run.status = ParseRunStatus::Processing;
    let asked = json!({"config": {"advancedOptions": {"returnOcr": {"words": true}}}});
    mock.parse_runs().create().with_body(asked).returns(run.clone());
    run.status = ParseRunStatus::Processed;
    run.usage = decode_value(&json!({"credits": 2})).unwrap();
    let block = json!({
        "object": "block", "id": "b", "type": "text", "content": "Total 30.50", "details": {"type": "text_details"},
        "metadata": {"page": {"number": 1, "width": 200, "height": 400}}, "polygon": [],
        "boundingBox": {"left": 20, "top": 40, "right": 120, "bottom": 60},
    });
    let pages = json!({"pageRange": {"start": 1, "end": 1}});
    let chunk =
        json!({"object": "chunk", "type": "page", "content": "Total 30.50", "metadata": pages, "blocks": [block]});
    run.output = Some(decode_value(&json!({"chunks": [chunk]})).unwrap());
    mock.parse_runs().retrieve().fails_times(2, 503).returns(run);

    let client = mock.client();
    let run = ocr::recognize(&client, path.to_str().unwrap()).await.unwrap();
    for wanted in [None, Some("30.50")] {
        let lines = ocr::lines(&run, wanted);
        assert_eq!(lines.len(), 1, "{wanted:?}");
        let corner = lines[0].area.map(|area| (area.left, area.top));
        assert_eq!((lines[0].page, corner), (1, Some((10.0, 10.0))), "{wanted:?}");
        assert!(lines[0].text.contains("30.50"));
    }
    assert!(ocr::lines(&run, Some("missing")).is_empty());
    assert_eq!((mock.parse_runs().create().requests().len(), client.tally().credits()), (1, 2.0));
}
