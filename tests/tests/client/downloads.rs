//! Tests downloads from links in responses: which link is used, and that no credential is sent. Expectations come from the document.

use extend_ai::types::{EditRun, File, ParseRun, ParseRunOutput};
use extend_ai::{ErrorKind, decode_value};
use serde_json::{Value, json};
use workspace_tests::document::Document;
use workspace_tests::sample::{Mode, create_sample};
use workspace_tests::server::{Reply, Server};

use crate::harness::{Harness, KEY};

/// The secret part of every link.
const SECRET: &str = "hunter2";

fn response(component: &str, pointer: &str, value: Value) -> Value {
    let document = Document::published().unwrap();
    let mut response = create_sample(&document, document.component(component).unwrap(), Mode::Full);
    *response.pointer_mut(pointer).unwrap() = value;
    response
}

/// Starts a server with a file, and returns a link to the file.
async fn storage(content: &'static str) -> (Server, String) {
    let server = Server::start(move |_| Reply::text(200, "application/pdf", content)).await.unwrap();
    let link = format!("{}/bucket/a.pdf?X-Amz-Signature={SECRET}", server.url());
    (server, link)
}

#[tokio::test]
async fn everything_with_a_link_can_be_downloaded() {
    let harness = Harness::new().await;
    let (storage, link) = storage("content").await;
    let file: File = decode_value(&response("File", "/presignedUrl", json!(link))).unwrap();
    let edited: EditRun = decode_value(&response("EditRun", "/output/editedFile/presignedUrl", json!(link))).unwrap();
    let parsed: ParseRun = decode_value(&response("ParseRun", "/outputUrl", json!(link))).unwrap();
    let client = &harness.client;
    for download in [
        client.download(&file),
        client.download(&edited),
        client.download(&parsed),
        client.download(link.as_str()),
        client.download(&link),
        client.download(file.presigned_url.as_ref().unwrap()),
    ] {
        assert_eq!(download.bytes().await.unwrap(), "content");
        let request = storage.take_one().unwrap();
        assert_eq!(request.target, format!("/bucket/a.pdf?X-Amz-Signature={SECRET}"));
        assert!(!format!("{request:?}").contains(KEY), "{request:?}");
        let own = request.headers.iter().find(|(name, _)| name.starts_with("x-extend") || name == "authorization");
        assert_eq!(own, None);
    }
    assert!(harness.server.take().is_empty());
}

#[tokio::test]
async fn file_is_downloaded_by_id_with_a_fresh_link() {
    let harness = Harness::new().await;
    let (_storage, link) = storage("content").await;
    harness.respond_with(Reply::json(200, &response("File", "/presignedUrl", json!(link))));
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a.pdf");
    let download = harness.client.download_file("file_1").await.unwrap();
    assert_eq!(download.save_to(&target).await.unwrap(), 7);
    assert_eq!(std::fs::read(&target).unwrap(), b"content");
    assert_eq!(harness.server.take_one().unwrap().target, "/files/file_1");
}

#[tokio::test]
async fn parsed_content_is_downloaded_as_a_type() {
    let harness = Harness::new().await;
    let (_storage, link) = storage(r#"{"chunks":[]}"#).await;
    let run: ParseRun = decode_value(&response("ParseRun", "/outputUrl", json!(link))).unwrap();
    let output: ParseRunOutput = harness.client.download(&run).json().await.unwrap();
    assert!(output.chunks.is_empty());
}

#[tokio::test]
async fn missing_link_is_an_error_that_explains_how_to_get_one() {
    let harness = Harness::new().await;
    let file: File = decode_value(&response("File", "/presignedUrl", Value::Null)).unwrap();
    let edited: EditRun = decode_value(&response("EditRun", "/output", Value::Null)).unwrap();
    let parsed: ParseRun = decode_value(&response("ParseRun", "/outputUrl", Value::Null)).unwrap();
    let client = &harness.client;
    for (download, part) in [
        (client.download(&file), "retrieve it by its ID"),
        (client.download(&edited), "not ended"),
        (client.download(&parsed), "response_type"),
    ] {
        let error = download.bytes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[tokio::test]
async fn links_are_redacted_in_types_and_errors() {
    let harness = Harness::new().await;
    let server = Server::start(|_| Reply::text(403, "application/xml", "<Error/>")).await.unwrap();
    let link = format!("{}/bucket/a.pdf?X-Amz-Signature={SECRET}", server.url());
    let file: File = decode_value(&response("File", "/presignedUrl", json!(link))).unwrap();
    let parsed: ParseRun = decode_value(&response("ParseRun", "/outputUrl", json!(link))).unwrap();
    let download = harness.client.download(&file);
    let mut shown = format!("{file:?} {parsed:?} {download:?} {:?}", extend_ai::types::FileFromUrl::new(&link));
    let error = download.bytes().await.unwrap_err();
    shown.push_str(&format!("{error} {error:?} {}", error.to_json()));
    assert!(error.is_forbidden() && error.hint().is_none());
    assert!(!shown.contains(SECRET), "{shown}");
    assert_eq!(file.presigned_url.as_deref(), Some(&link));
}
