//! What is sent: headers, query, path and forms as they arrive at a server.
//!
//! It must not know responses.

use sdk_runtime::codegen::{Core, CoreBuilder, Placement, Profile};
use sdk_runtime::{ErrorKind, RequestOptions};
use sdk_runtime::{FilePart, codegen::Form};

use crate::server::{Reply, Seen, Server};
use crate::{KEY, PROFILE, builder, send, send_with, shown};

/// Sends one request and gives what arrived.
async fn arrived(change: impl FnOnce(CoreBuilder) -> CoreBuilder, options: RequestOptions) -> Seen {
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let core = change(builder(&server)).build().unwrap();
    send(&core, options).await.unwrap();
    server.seen().remove(0)
}

#[tokio::test]
async fn headers_of_the_client_are_sent_once_each() {
    let change = |builder: CoreBuilder| {
        let builder = builder.header("x-demo-workspace", "ws_1");
        builder.user_agent_suffix("my-app/2 ")
    };
    let seen = arrived(change, RequestOptions::new()).await;
    assert_eq!(seen.line, "POST /things");
    for (name, values) in [
        ("authorization", vec!["Bearer sk_hunter2"]),
        ("x-demo-version", vec!["2026-01-01"]),
        ("x-demo-workspace", vec!["ws_1"]),
        ("user-agent", vec!["demo-sdk/0.1.0 my-app/2"]),
        ("accept", vec!["application/json"]),
        ("accept-encoding", vec!["identity"]),
    ] {
        assert_eq!(seen.all(name), values, "{name}");
    }
}

#[tokio::test]
async fn options_of_the_call_win_over_the_client() {
    let change = |builder: CoreBuilder| builder.header("x-demo-version", "client");
    let options = RequestOptions::new()
        .header("X-Demo-Version", "call")
        .header("x-extra", "first")
        .header("x-extra", "last")
        .header("authorization", "Bearer other")
        .query("debug", "a b&c")
        .query("debug", "2");
    let seen = arrived(change, options).await;
    assert_eq!(seen.line, "POST /things?debug=a%20b%26c&debug=2");
    for (name, value) in [("x-demo-version", "call"), ("x-extra", "last"), ("authorization", "Bearer other")] {
        assert_eq!(seen.all(name), [value], "{name}");
    }
}

#[tokio::test]
async fn header_the_operation_sets_stays() {
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let core = builder(&server).build().unwrap();
    let fill = |request: reqwest::RequestBuilder| request.header("x-demo-version", "argument");
    send_with(&core, RequestOptions::new(), fill).await.unwrap();
    let seen = server.seen().remove(0);
    assert_eq!(seen.all("x-demo-version"), ["argument"]);
}

#[tokio::test]
async fn cookies_of_client_and_operation_are_one_header() {
    let mut profile = PROFILE.clone();
    profile.credential.placement = Placement::Cookie { name: "sid" };
    let profile: &'static Profile = Box::leak(Box::new(profile));
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let core = Core::builder(profile).api_key(KEY).base_url(server.url()).build().unwrap();
    let fill = |request: reqwest::RequestBuilder| request.header("cookie", "a=1").header("cookie", "b=2; b=3");
    send_with(&core, RequestOptions::new(), fill).await.unwrap();
    assert_eq!(server.seen()[0].all("cookie"), ["sid=sk_hunter2; a=1; b=2; b=3"]);
}

#[tokio::test]
async fn path_in_the_base_url_is_kept() {
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let url = format!("{}/gate/v1/", server.url());
    let core = builder(&server).base_url(url).build().unwrap();
    send(&core, RequestOptions::new()).await.unwrap();
    assert_eq!(server.seen()[0].line, "POST /gate/v1/things");
}

#[tokio::test]
async fn key_in_the_query_is_sent_and_never_shown() {
    let mut profile = PROFILE.clone();
    profile.credential.placement = Placement::Query { name: "key" };
    let profile: &'static Profile = Box::leak(Box::new(profile));
    let server = Server::start(vec![Reply::json(200, "{}"), Reply::Raw(Vec::new())]).await;
    let server = server.unwrap();
    let core = Core::builder(profile).api_key(KEY).base_url(server.url());
    let core = core.build().unwrap();
    send(&core, RequestOptions::new()).await.unwrap();
    assert_eq!(server.seen()[0].line, "POST /things?key=sk_hunter2");
    let error = send(&core, RequestOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(!shown(&error).contains(KEY), "{}", shown(&error));
}

#[tokio::test]
async fn invalid_options_are_reported_before_anything_is_sent() {
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let core = builder(&server).build().unwrap();
    for (name, value, part) in [
        ("a b", "v", "\"a b\" is not a valid header name"),
        ("x-a", "hunter2\n", "the value of the header `x-a`"),
        ("content-length", "5", "cannot be set"),
    ] {
        let options = RequestOptions::new().header(name, value);
        let error = send(&core, options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.operation().unwrap().id, "things.create");
        let text = shown(&error);
        assert!(text.contains(part) && !text.contains("hunter2"), "{text}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn form_arrives_with_names_types_and_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rechnung \"ü\".pdf");
    std::fs::write(&path, "%PDF-1").unwrap();
    let evil = "a\r\nx-evil: 1.txt";
    let form = Form::new()
        .text("password", "p w")
        .json("settings", &serde_json::json!({"a": 1}))
        .file("file", path)
        .file("files[]", FilePart::reader(evil, std::io::Cursor::new("data")));
    let form = form.into_reqwest().await.unwrap();
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let core = builder(&server).build().unwrap();
    let fill = |request: reqwest::RequestBuilder| request.multipart(form);
    send_with(&core, RequestOptions::new(), fill).await.unwrap();
    let seen = server.seen().remove(0);
    assert!(seen.all("content-type")[0].starts_with("multipart/form-data; boundary="));
    let body = seen.body;
    for part in [
        "name=\"password\"\r\n\r\np w\r\n",
        "name=\"settings\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n",
        "name=\"file\"; filename=\"rechnung %22ü%22.pdf\"\r\nContent-Type: application/pdf\r\n\r\n",
        "%PDF-1",
        "name=\"files[]\"; filename=\"a%0D%0Ax-evil: 1.txt\"\r\nContent-Type: text/plain\r\n\r\n",
    ] {
        assert!(body.contains(part), "{part}\n{body}");
    }
}

#[tokio::test]
async fn form_of_files_on_disk_and_in_memory_announces_its_length() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    let large = "x".repeat(300_000);
    std::fs::write(&path, &large).unwrap();
    let renamed = FilePart::from_path(path).file_name("b.bin");
    let form =
        Form::new().file("file", renamed.content_type("image/png")).file("other", FilePart::bytes("c.csv", "1,2"));
    let form = form.into_reqwest().await.unwrap();
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let core = builder(&server).build().unwrap();
    let fill = |request: reqwest::RequestBuilder| request.multipart(form);
    send_with(&core, RequestOptions::new(), fill).await.unwrap();
    let seen = server.seen().remove(0);
    assert_eq!(seen.all("content-length"), [seen.body.len().to_string()]);
    let part = format!("filename=\"b.bin\"\r\nContent-Type: image/png\r\n\r\n{large}\r\n");
    assert!(seen.body.contains(&part) && seen.body.contains("1,2"));
}

#[tokio::test]
async fn injected_headers_are_read_from_variables() {
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let url = server.url();
    let lookup = |name: &str| match name {
        "DEMO_KEY" => Some("sk_1".to_owned()),
        "DEMO_URL" => Some(url.to_string()),
        "DEMO_VERSION" => Some("2027-01-01".to_owned()),
        "DEMO_WORKSPACE" => Some("ws_9".to_owned()),
        _ => None,
    };
    let core = CoreBuilder::from_variables(&PROFILE, lookup).unwrap().build().unwrap();
    send(&core, RequestOptions::new()).await.unwrap();
    let seen = server.seen().remove(0);
    for (name, value) in
        [("authorization", "Bearer sk_1"), ("x-demo-version", "2027-01-01"), ("x-demo-workspace", "ws_9")]
    {
        assert_eq!(seen.all(name), [value], "{name}");
    }
}

#[tokio::test]
async fn body_of_another_media_type_replaces_the_typed_one() {
    let options = RequestOptions::new().body("application/xml", "<a/>");
    let seen = arrived(|builder| builder, options).await;
    assert_eq!(seen.all("content-type"), ["application/xml"]);
    assert_eq!(seen.body, "<a/>");
}
