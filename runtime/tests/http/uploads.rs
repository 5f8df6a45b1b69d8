//! Forms that are sent again: with the same content, or not at all.
//!
//! It must not know how files are read.

use std::io::Cursor;
use std::path::PathBuf;

use sdk_runtime::codegen::{Context, Core, Explode, PartContent, PartEncoding, Style};
use sdk_runtime::{Error, ErrorKind, GaveUp, RawResponse, RequestOptions, RetryPolicy, Verdict};
use sdk_runtime::{FilePart, codegen::Form};

use crate::server::{Reply, Seen, Server};
use crate::{OPERATION, builder, built};

/// Sends a form the way generated code does.
async fn upload(server: &Server, form: Form, options: RequestOptions) -> Result<RawResponse, Error> {
    upload_with(builder(server).build().unwrap(), form, options).await
}

/// Sends a form with this client.
pub(crate) async fn upload_with(core: Core, form: Form, options: RequestOptions) -> Result<RawResponse, Error> {
    let context = Context::new(core, options, &OPERATION);
    let form = context.form(form).await?;
    let request = built(&context, |request| request.multipart(form));
    context.send(request, Context::prepare).await
}

/// A server that is busy at first.
async fn busy() -> Server {
    Server::start(vec![Reply::json(429, "{}"), Reply::json(429, "{}"), Reply::json(200, "{}")]).await.unwrap()
}

/// The body with a fixed text between its parts.
pub(crate) fn content(seen: &Seen) -> String {
    let types = seen.all("content-type");
    assert_eq!(types.len(), 1, "{types:?}");
    let boundary = types[0].strip_prefix("multipart/form-data; boundary=").unwrap();
    seen.body.replace(boundary, "BOUNDARY")
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, "%PDF-1 content".repeat(1000)).unwrap();
    path
}

#[tokio::test]
async fn files_on_disk_and_in_memory_are_sent_again_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let form = Form::new()
        .text("password", "p w")
        .json("settings", &serde_json::json!({"a": 1}))
        .file("file", file(&folder))
        .file("other", FilePart::bytes("b.csv", "1,2").content_type("text/x-own"));
    let server = busy().await;
    let options = RequestOptions::new().header("x-once", "1").query("convert", "true");
    let response = upload(&server, form, options).await.unwrap();
    assert_eq!(response.attempts(), 3);
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    assert!(content(&seen[0]).contains("%PDF-1 content") && content(&seen[0]).contains("text/x-own"));
    for later in &seen[1..] {
        assert_eq!(content(later), content(&seen[0]));
        assert_eq!(later.line, "POST /things?convert=true");
        for name in ["authorization", "x-once", "x-demo-version", "accept"] {
            assert_eq!(later.all(name), seen[0].all(name), "{name}");
            assert_eq!(later.all(name).len(), 1, "{name}");
        }
        assert_eq!(later.all("content-length"), [later.body.len().to_string()]);
    }
}

#[tokio::test]
async fn file_from_a_reader_is_sent_once() {
    let server = busy().await;
    let form = Form::new().file("file", FilePart::reader("a.pdf", Cursor::new("data")));
    let error = upload(&server, form, RequestOptions::new()).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.attempts(), error.gave_up(), server.seen().len()), (1, Some(GaveUp::Body), 1));
    let text = error.to_string();
    assert!(text.contains("not tried again: its body comes from a stream, which can be read once"), "{text}");
}

#[cfg(unix)]
#[tokio::test]
async fn pipe_is_sent_once_and_never_as_an_empty_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe.pdf");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let server = busy().await;
    let form = Form::new().file("file", path.as_path());
    let write = tokio::task::spawn_blocking(move || std::fs::write(path, "content of the pipe"));
    let error = upload(&server, form, RequestOptions::new()).await.unwrap_err();
    write.await.unwrap().unwrap();
    assert_eq!((error.attempts(), error.gave_up()), (1, Some(GaveUp::Body)), "{error}");
    let seen = server.seen();
    assert!(seen.len() == 1 && content(&seen[0]).contains("content of the pipe"));
}

#[tokio::test]
async fn upload_is_not_repeated_after_a_failure_that_may_have_stored_it() {
    let folder = tempfile::tempdir().unwrap();
    for reply in [Reply::json(500, "{}"), Reply::Raw(Vec::new())] {
        let server = Server::start(vec![reply, Reply::json(200, "{}")]).await.unwrap();
        let error = upload(&server, Form::new().file("file", file(&folder)), RequestOptions::new()).await.unwrap_err();
        assert_eq!((error.attempts(), server.seen().len()), (1, 1));
    }
}

#[tokio::test]
async fn file_that_is_gone_at_the_second_attempt_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let server = busy().await;
    let form = Form::new().file("file", path.as_path());
    let remove = move |_: &sdk_runtime::Attempt<'_>| {
        std::fs::remove_file(&path).unwrap();
        Verdict::Retry
    };
    let options = RequestOptions::new().retry(RetryPolicy::custom(remove));
    let error = upload(&server, form, options).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 1));
    let text = error.to_string();
    assert!(text.starts_with("things.create: ") && text.contains("a.pdf"), "{text}");
}

#[tokio::test]
async fn names_of_parts_and_files_are_escaped_as_whatwg_html_says() {
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let form = Form::new()
        .text("a\"b\r\nc", "1")
        .file("naïve", FilePart::bytes("/etc/x/文 \"q\"\n.pdf", "2").header("X-Part", "v"));
    upload(&server, form, RequestOptions::new()).await.unwrap();
    let body = content(&server.seen()[0]);
    assert_eq!(
        body,
        "--BOUNDARY\r\nContent-Disposition: form-data; name=\"a%22b%0D%0Ac\"\r\n\r\n1\r\n\
         --BOUNDARY\r\nContent-Disposition: form-data; name=\"naïve\"; filename=\"文 %22q%22%0A.pdf\"\r\n\
         Content-Type: application/pdf\r\nx-part: v\r\n\r\n2\r\n--BOUNDARY--\r\n"
    );
    let error = Form::new().file("a", FilePart::bytes("a", "").header("content-type", "x")).into_reqwest().await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn parts_have_the_content_that_the_document_states() {
    let encoding = |name, content| PartEncoding { name, content, headers: &[] };
    let encodings = [
        encoding("file", PartContent::MediaTypes(&["application/pdf", "image/png"])),
        encoding("note", PartContent::JsonString("application/json")),
        encoding("rule", PartContent::MediaTypes(&["application/vnd.rule+json"])),
        encoding("ids", PartContent::Styled(Style::Form(Explode::No))),
        encoding("deep", PartContent::Styled(Style::DeepObject)),
        PartEncoding {
            name: "csv",
            content: PartContent::MediaTypes(&["text/csv; charset=utf-8"]),
            headers: &[("x-kind", "table")],
        },
        encoding("absent", PartContent::JsonString("application/json")),
    ];
    let form = Form::new()
        .file("file", FilePart::bytes("scan", "x"))
        .text("note", "hi")
        .json("rule", &serde_json::json!({"a": 1}))
        .text("ids", "1,2")
        .text("ids", "3")
        .json("deep", &serde_json::json!({"a": {"b": 1}}))
        .text("csv", "1;2")
        .text("plain", "p")
        .json("object", &serde_json::json!({"b": 2}));
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    upload(&server, form.encoded(&encodings), RequestOptions::new()).await.unwrap();
    let body = content(&server.seen()[0]);
    let parts: Vec<&str> = body.split("--BOUNDARY").map(str::trim).filter(|part| *part != "--").collect();
    let head = "Content-Disposition: form-data; name=";
    let expected = [
        String::new(),
        format!("{head}\"file\"; filename=\"scan\"\r\nContent-Type: application/pdf\r\n\r\nx"),
        format!("{head}\"note\"\r\nContent-Type: application/json\r\n\r\n\"hi\""),
        format!("{head}\"rule\"\r\nContent-Type: application/vnd.rule+json\r\n\r\n{{\"a\":1}}"),
        format!("{head}\"ids\"\r\n\r\n1,2,3"),
        format!("{head}\"deep[a][b]\"\r\n\r\n1"),
        format!("{head}\"csv\"\r\nContent-Type: text/csv; charset=utf-8\r\nx-kind: table\r\n\r\n1;2"),
        format!("{head}\"plain\"\r\n\r\np"),
        format!("{head}\"object\"\r\nContent-Type: application/json\r\n\r\n{{\"b\":2}}"),
    ];
    assert_eq!(parts, expected);
}
