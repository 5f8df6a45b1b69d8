//! Tests calls as users write them, through the public API only.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use extend_ai::types::{FileFromId, FileFromUrl, FilesUploadRequest, SortDir, WorkflowReference};
use extend_ai::{Client, ErrorKind, FilePart, RequestOptions};
use futures_core::Stream;
use sdk_runtime::Bytes;
use serde_json::{Value, json};
use workspace_tests::document::Document;
use workspace_tests::form::{Part, parse_form};
use workspace_tests::sample::{Mode, create_sample};
use workspace_tests::server::Reply;

use crate::harness::{Harness, KEY, arguments};

/// Creates a harness that responds with a sample of a component.
async fn responding_with(component: &str) -> (Harness, Value) {
    let document = Document::published().unwrap();
    let response = create_sample(&document, document.component(component).unwrap(), Mode::Full);
    let harness = Harness::new().await;
    harness.respond_with(Reply::json(200, &response));
    (harness, response)
}

#[tokio::test]
async fn first_example_of_the_vendor_is_sent_exactly() {
    let (harness, response) = responding_with("WorkflowRun").await;
    let run = harness
        .client
        .workflow_runs()
        .create(WorkflowReference::new("wf_1234567890"))
        .file(FileFromUrl::new("https://example.com/invoice.pdf"))
        .await
        .unwrap();
    assert_eq!(Some(run.id.as_str()), response["id"].as_str());
    let request = harness.server.take_one().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/workflow_runs"));
    let expected = json!({"workflow": {"id": "wf_1234567890"}, "file": {"url": "https://example.com/invoice.pdf"}});
    assert_eq!(request.json().unwrap(), expected);
    assert_eq!(request.header("authorization"), [format!("Bearer {KEY}")]);
    assert_eq!(request.header("x-extend-api-version"), ["2026-02-09"]);
    assert_eq!(request.header("content-type"), ["application/json"]);
    assert!(request.header("x-extend-workspace-id").is_empty());
}

#[tokio::test]
async fn await_send_and_send_raw_are_equivalent() {
    let (harness, response) = responding_with("WorkflowRun").await;
    let call = || {
        let calls = harness.client.workflow_runs();
        calls.create(WorkflowReference::new("wf_1").with_version("draft")).file(FileFromId::new("file_1"))
    };
    let awaited = call().await.unwrap();
    let sent = call().send().await.unwrap();
    let raw = call().send_raw().await.unwrap();
    assert_eq!(awaited, sent);
    assert_eq!(raw.status().as_u16(), 200);
    assert_eq!(raw.bytes().as_ref(), response.to_string().as_bytes());
    assert_eq!(raw.content_type(), Some("application/json"));
    assert_eq!(serde_json::to_value(&awaited).unwrap(), response);
    let bodies: Vec<_> = harness.server.take().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[tokio::test]
async fn unauthorized_error_lists_possible_causes_and_hides_the_key() {
    let harness = Harness::new().await;
    let body = json!({"code": "UNAUTHORIZED", "message": "Invalid API key.", "retryable": false, "requestId": "req_9"});
    harness.respond_with(Reply::json(401, &body));
    let error = harness.client.files().list().await.unwrap_err();
    assert!(error.is_unauthorized());
    let text = error.to_string();
    for part in [
        "files.list",
        "401",
        "UNAUTHORIZED",
        "Invalid API key.",
        "req_9",
        "Authorization header",
        "missing",
        "malformed",
        "expired",
        "revoked",
        "permission",
        "organization",
        "workspace_id(",
        "EXTEND_WORKSPACE_ID",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
    assert!(!text.contains('\n'));
    for shown in [text, format!("{error:?}"), error.to_json().to_string(), format!("{:?}", harness.client)] {
        assert!(!shown.contains(KEY), "{shown}");
    }
}

#[tokio::test]
async fn overrides_of_a_call_apply_to_that_call_only() {
    let (harness, _) = responding_with("File").await;
    let call = || harness.client.files().retrieve("file_1");
    call()
        .workspace_id("ws_2")
        .api_version("2025-04-21")
        .header("x-trace", "t 1")
        .query_parameter("debug", "a&b")
        .timeout(Duration::from_secs(5))
        .await
        .unwrap();
    let options = RequestOptions::default().header("x-extend-workspace-id", "ws_3");
    call().options(options).await.unwrap();
    call().await.unwrap();
    let requests = harness.server.take();
    let seen: Vec<_> = requests
        .iter()
        .map(|request| {
            let header = |name| request.header(name).join("|");
            (
                request.target.as_str(),
                header("x-extend-workspace-id"),
                header("x-extend-api-version"),
                header("x-trace"),
            )
        })
        .collect();
    let row = |target, workspace: &str, version: &str, trace: &str| {
        (target, workspace.to_owned(), version.to_owned(), trace.to_owned())
    };
    assert_eq!(
        seen,
        [
            row("/files/file_1?debug=a%26b", "ws_2", "2025-04-21", "t 1"),
            row("/files/file_1", "ws_3", "2026-02-09", ""),
            row("/files/file_1", "", "2026-02-09", ""),
        ]
    );
}

#[tokio::test]
async fn list_filters_are_typed_and_sent() {
    let document = Document::published().unwrap();
    let operation = document.find("GET", "/extract_runs").unwrap();
    let harness = Harness::new().await;
    harness.respond_with(Reply::json(200, &create_sample(&document, operation.success.schema.unwrap(), Mode::Full)));
    let page = harness
        .client
        .extract_runs()
        .list()
        .status("PROCESSED")
        .sort_dir(SortDir::Asc)
        .next_page_token("a=b:c+d/e")
        .max_page_size(5)
        .await
        .unwrap();
    assert_eq!(page.data.len(), 1);
    let target = harness.server.take_one().unwrap().target;
    let (path, query) = target.split_once('?').unwrap();
    let mut pairs: Vec<_> = query.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(path, "/extract_runs");
    assert_eq!(pairs, ["maxPageSize=5", "nextPageToken=a%3Db%3Ac%2Bd%2Fe", "sortDir=asc", "status=PROCESSED"]);
}

#[tokio::test]
async fn path_parameter_cannot_change_the_path() {
    let (harness, _) = responding_with("File").await;
    for id in ["", ".", ".."] {
        let error = harness.client.files().retrieve(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id:?}");
        assert!(error.to_string().contains("`id`"), "{error}");
    }
    harness.client.files().retrieve("../runs?x=1#y").await.unwrap();
    assert_eq!(harness.server.take_one().unwrap().target, "/files/..%2Fruns%3Fx%3D1%23y");
}

#[tokio::test]
async fn base_url_keeps_its_path() {
    let (harness, _) = responding_with("File").await;
    let base = format!("{}/proxy/extend/", harness.server.url());
    let client = Client::builder().api_key(KEY).base_url(base).build().unwrap();
    client.files().retrieve("file_1").await.unwrap();
    assert_eq!(harness.server.take_one().unwrap().target, "/proxy/extend/files/file_1");
}

#[test]
fn invalid_configuration_is_one_clear_error() {
    let with_key = || Client::builder().api_key(KEY);
    for (builder, part) in [
        (Client::builder(), "EXTEND_API_KEY"),
        (with_key().region("mars"), "us2"),
        (with_key().base_url("api.extend.ai"), "http"),
        (Client::builder().api_key("sk_1\n"), "key"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(part), "{error}");
        assert!(!error.to_string().contains("sk_1"), "{error}");
    }
}

#[tokio::test]
async fn undecodable_response_is_an_error_with_path_and_body() {
    let (harness, mut response) = responding_with("File").await;
    response["metadata"]["pageCount"] = json!("three");
    harness.respond_with(Reply::json(200, &response));
    let error = harness.client.files().retrieve("file_1").await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.json_path(), Some("metadata.pageCount"));
    assert_eq!(error.body().unwrap().as_ref(), response.to_string().as_bytes());
    assert!(error.to_string().contains("metadata.pageCount"), "{error}");
}

/// A stream that yields each piece once.
struct Pieces(Vec<&'static [u8]>);

impl Stream for Pieces {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = (!self.0.is_empty()).then(|| self.0.remove(0));
        Poll::Ready(next.map(|piece| Ok(Bytes::from_static(piece))))
    }
}

fn part(disposition: &str, content_type: Option<&str>, content: &[u8]) -> Part {
    Part {
        disposition: disposition.to_owned(),
        content_type: content_type.map(str::to_owned),
        content: content.to_vec(),
    }
}

#[tokio::test]
async fn file_is_uploaded_from_path_bytes_or_stream() {
    let (harness, response) = responding_with("File").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Rechnung 1.pdf");
    std::fs::write(&path, b"%PDF-1.7\r\n--x\r\n").unwrap();
    let files = harness.client.files();

    let file = files.upload(path).password("geheim").convert_to_pdf(true).await.unwrap();
    assert_eq!(serde_json::to_value(&file).unwrap(), response);
    let request = harness.server.take_one().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/files/upload?convertToPdf=true"));
    let mut sent = parse_form(&request).unwrap();
    sent.sort_by(|one, other| one.disposition.cmp(&other.disposition));
    let pdf = "form-data; name=\"file\"; filename=\"Rechnung 1.pdf\"";
    assert_eq!(
        sent,
        [
            part(pdf, Some("application/pdf"), b"%PDF-1.7\r\n--x\r\n"),
            part("form-data; name=\"password\"", None, b"geheim"),
        ]
    );

    files.upload(FilePart::bytes("a.txt", "text")).await.unwrap();
    let named = "form-data; name=\"file\"; filename=\"a.txt\"";
    let sent = parse_form(&harness.server.take_one().unwrap()).unwrap();
    assert_eq!(sent, [part(named, Some("text/plain"), b"text")]);

    let stream = FilePart::stream("b.bin", Pieces(vec![b"one ", b"", b"two"])).content_type("x/y");
    files.upload_with(FilesUploadRequest::new(stream)).await.unwrap();
    let named = "form-data; name=\"file\"; filename=\"b.bin\"";
    let sent = parse_form(&harness.server.take_one().unwrap()).unwrap();
    assert_eq!(sent, [part(named, Some("x/y"), b"one two")]);
}

#[tokio::test]
async fn upload_sends_injected_headers_once_and_reports_typed_errors() {
    let document = Document::published().unwrap();
    let operation = document.find("POST", "/files/upload").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, b"%PDF").unwrap();
    let harness = Harness::with(|builder| builder.workspace_id("ws_1")).await;
    let response = create_sample(&document, operation.success.schema.unwrap(), Mode::Nulls);
    harness.respond_with(Reply::json(200, &response));
    let given = || arguments().form_file("file", &path).form_text("password", "p").query("convertToPdf", "false");
    assert_eq!(harness.call(&operation, given()).await.unwrap(), response);
    let request = harness.server.take_one().unwrap();
    assert_eq!(request.target, "/files/upload?convertToPdf=false");
    assert_eq!(parse_form(&request).unwrap().len(), 2);
    for (name, value) in [
        ("authorization", format!("Bearer {KEY}")),
        ("x-extend-api-version", "2026-02-09".to_owned()),
        ("x-extend-workspace-id", "ws_1".to_owned()),
        ("accept", "application/json".to_owned()),
    ] {
        assert_eq!(request.header(name), [value], "{name}");
    }
    harness.respond_with(Reply::json(
        402,
        &json!({"code": "USAGE_BLOCKED", "message": "No credits.", "retryable": false}),
    ));
    let error = harness.client.files().upload(path.as_path()).await.unwrap_err();
    assert!(error.is_payment_required(), "{error}");

    let error = harness.client.files().upload(folder.path().join("gone.pdf")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("gone.pdf"), "{error}");
}

#[test]
fn debug_output_redacts_secrets() {
    let client = Client::new(KEY).unwrap();
    let request = FilesUploadRequest::new(FilePart::bytes("a.pdf", "content-of-the-file")).with_password("geheim");
    let file = FileFromUrl::new("https://example.com/a.pdf");
    let run = client
        .workflow_runs()
        .create(WorkflowReference::new("wf_1"))
        .file(file)
        .secrets([("token", json!("geheim"))])
        .header("authorization", "Bearer geheim");
    let upload = client.files().upload_with(request);
    let mut newer = WorkflowReference::new("wf_1");
    newer.extra.insert("apiKey".to_owned(), json!("geheim"));
    newer.extra.insert("link".to_owned(), json!("https://example.com/a.pdf?sig=geheim"));
    for shown in [
        format!("{newer:?}"),
        format!("{client:?}"),
        format!("{run:?}"),
        format!("{upload:?}"),
        format!("{:?}", Client::builder().api_key(KEY)),
    ] {
        for secret in [KEY, "geheim", "content-of-the-file"] {
            assert!(!shown.contains(secret), "{secret} is in {shown}");
        }
    }
}
