//! Tests inputs of any kind: which are uploaded, and how often.

use std::path::Path;

use extend_ai::FilePart;
use extend_ai::testing::{MockServer, fixtures};
use extend_ai::types::{BatchInput, ExtractRunsCreateRequest, FileFromId, FileFromUrl, FileInput};

/// A server that gives each upload another ID.
async fn server() -> MockServer {
    let mock = MockServer::start().await;
    let files = ["file_a", "file_b", "file_c"].map(|id| {
        let mut file = fixtures::file();
        file.id = id.to_owned();
        file
    });
    mock.files().upload().returns_each(files);
    mock
}

#[tokio::test]
async fn links_and_ids_are_not_uploaded() {
    let client = server().await.client();
    for (text, expected) in [
        ("https://example.com/a.pdf", FileInput::from(FileFromUrl::new("https://example.com/a.pdf"))),
        ("file_Ab-1_2", FileInput::from(FileFromId::new("file_Ab-1_2"))),
    ] {
        assert_eq!(FileInput::from(client.input(text).await.unwrap()), expected);
    }
}

#[tokio::test]
async fn equal_content_is_uploaded_once_wherever_it_comes_from() {
    let mock = server().await;
    let client = mock.client();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.pdf");
    std::fs::write(&path, "%PDF one").unwrap();
    let input = |content: &'static str| client.input(("a.pdf", content));
    let (first, second) = tokio::join!(input("%PDF one").into_future(), input("%PDF one").into_future());
    let reader = FilePart::reader("b.pdf", std::io::Cursor::new("%PDF one"));
    let found = [first, second, client.input(path).await, client.clone().input(reader).await, input("%PDF two").await];
    let ids: Vec<_> = found.iter().map(|file| file.as_ref().unwrap().id()).collect();
    assert_eq!(ids, [Some("file_a"), Some("file_a"), Some("file_a"), Some("file_a"), Some("file_b")]);
    assert_eq!(mock.files().upload().requests().len(), 2);
}

#[tokio::test]
async fn failed_upload_is_made_again_by_the_next_input() {
    let mock = MockServer::start().await;
    mock.files().upload().fails(422).returns(fixtures::file());
    let client = mock.client();
    assert!(client.input(("a.pdf", "%PDF")).await.is_err());
    assert!(client.input(("a.pdf", "%PDF")).await.is_ok());
}

#[tokio::test]
async fn missing_file_is_an_error_that_names_it() {
    let client = server().await.client();
    let error = client.input(Path::new("no/such/file_1")).await.unwrap_err();
    assert!(error.to_string().contains("no/such/file_1"), "{error}");
}

#[tokio::test]
async fn everything_that_takes_a_file_takes_an_input() {
    let file = server().await.client().input(("a.pdf", "%PDF")).await.unwrap();
    let request = ExtractRunsCreateRequest::new().with_file(&file);
    assert_eq!(request.file, Some(FileFromId::new("file_a").into()));
    assert_eq!(BatchInput::new(&file).file, FileFromId::new("file_a").into());
    assert_eq!(FileInput::from(&file), FileFromId::new("file_a").into());
}
