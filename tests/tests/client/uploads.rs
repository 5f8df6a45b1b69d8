//! Tests uploads: progress, and files that cannot be read completely. Uses only the public API.

use std::io::Error as IoError;
use std::sync::{Arc, Mutex};

use extend_ai::{Error, ErrorKind, FilePart, Progress};
use tokio::io::AsyncReadExt;
use workspace_tests::document::Document;
use workspace_tests::form::parse_form;
use workspace_tests::sample::{Mode, create_sample};
use workspace_tests::server::Reply;

use crate::harness::Harness;

async fn harness() -> Harness {
    let document = Document::published().unwrap();
    let harness = Harness::with(|builder| builder.max_retries(2)).await;
    harness.respond_with(Reply::json(200, &create_sample(&document, document.component("File").unwrap(), Mode::Full)));
    harness
}

#[tokio::test]
async fn progress_reaches_the_end_for_every_source() {
    let harness = harness().await;
    let content = vec![b'x'; 200_000];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &content).unwrap();
    let length = content.len() as u64;
    for (file, total) in [
        (FilePart::from_path(&path), Some(length)),
        (FilePart::bytes("a.pdf", content.clone()), Some(length)),
        (FilePart::reader("a.pdf", std::io::Cursor::new(content.clone())), None),
    ] {
        let reported: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let record = Arc::clone(&reported);
        let file = file.progress(move |progress| record.lock().unwrap().push(progress));
        harness.client.files().upload(file).await.unwrap();
        assert!(parse_form(&harness.server.take_one().unwrap()).unwrap()[0].content == content);
        let reported = reported.lock().unwrap();
        assert!(reported.len() > 1 && reported.is_sorted_by_key(|progress| progress.done), "{reported:?}");
        assert!(reported.iter().all(|progress| progress.total == total), "{reported:?}");
        assert_eq!(reported.last().map(|progress| progress.done), Some(length));
    }
}

fn assert_names(error: &Error, file: &str, cause: &str) {
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.to_string(), format!("files.upload: cannot read the file {file}"));
    assert!(error.to_json()["cause"].as_str().unwrap().contains(cause), "{error:?}");
}

#[tokio::test]
async fn unreadable_file_is_an_error_without_a_retry() {
    let harness = harness().await;
    let files = harness.client.files();
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone.pdf");
    let error = files.upload(gone.as_path()).await.unwrap_err();
    assert_names(&error, &gone.display().to_string(), "No such file");

    let broken = std::io::Cursor::new(vec![0; 100_000]).chain(Broken);
    let error = files.upload(FilePart::reader("scan.pdf", broken)).await.unwrap_err();
    assert_names(&error, "scan.pdf", "out of paper");

    let shrinking = folder.path().join("shrinking.pdf");
    std::fs::write(&shrinking, vec![0; 1_000_000]).unwrap();
    let cut = shrinking.clone();
    let file = FilePart::from_path(&shrinking).progress(move |_| std::fs::write(&cut, "").unwrap());
    let error = files.upload(file).await.unwrap_err();
    assert_names(&error, &shrinking.display().to_string(), "became shorter");
    assert!(harness.server.take().is_empty());
}

/// A reader that fails.
struct Broken;

impl tokio::io::AsyncRead for Broken {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Err(IoError::other("out of paper")))
    }
}

#[tokio::test]
async fn typed_response_keeps_status_and_headers() {
    let harness = harness().await;
    let document = Document::published().unwrap();
    let file = create_sample(&document, document.component("File").unwrap(), Mode::Full);
    let mut reply = Reply::json(201, &file);
    reply.headers.push(("x-extend-request-id".to_owned(), "req_7".to_owned()));
    harness.respond_with(reply);
    let response = harness.client.files().retrieve("file_1").send_with_parts().await.unwrap();
    assert_eq!(Some(response.name.as_str()), file["name"].as_str());
    let (file, parts) = response.into_parts();
    assert_eq!((parts.status().as_u16(), parts.request_id()), (201, Some("req_7")));
    assert_eq!((parts.content_type(), parts.headers().len()), (Some("application/json"), 3));
    assert_eq!(parts.operation().id, "files.retrieve");
    assert!(!file.id.is_empty());
    harness.respond_with(Reply::text(200, "application/json", "[]"));
    assert!(harness.client.files().retrieve("file_1").send_with_parts().await.unwrap_err().is_decode());
}
