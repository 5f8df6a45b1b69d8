//! A server that means harm, or is broken: what it says must not cost money, memory or time without an end.

use sdk_runtime::codegen::{CallFuture, Core};
use sdk_runtime::{Error, ErrorKind, RequestOptions};
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::{Reply, Server};
use crate::{GET, OPERATION, PROFILE, builder, get, send};

#[tokio::test]
async fn run_in_an_error_body_is_not_started_again() {
    for (body, requests) in [
        (r#"{"retryable":true}"#, 3),
        (r#"{"retryable":true,"id":"exr_1"}"#, 1),
        (r#"{"retryable":true,"extractRun":{"id":"exr_1"}}"#, 1),
        (r#"{"retryable":true,"extractRunId":"exr_1"}"#, 1),
        (r#"{"error":{"retryable":true,"details":{"runs":[{"id":"exr_1"}]}}}"#, 1),
        (r#"{"error":{"retryable":true},"id":"exr_1"}"#, 1),
        ("\u{feff}{\"retryable\":false}", 1),
    ] {
        for status in [429, 500, 503] {
            let server = Server::start(vec![Reply::json(status, body)]).await.unwrap();
            send(&builder(&server).build().unwrap(), RequestOptions::new()).await.unwrap_err();
            assert_eq!(server.seen().len(), requests, "{status} {body}");
        }
    }
}

#[tokio::test]
async fn run_under_any_name_is_the_run_of_the_error() {
    let body = r#"{"message":"no","extractRun":{"id":"exr_1"}}"#;
    let server = Server::start(vec![Reply::json(400, body)]).await.unwrap();
    let error = send(&builder(&server).build().unwrap(), RequestOptions::new()).await.unwrap_err();
    assert_eq!(error.run_id(), Some("exr_1"));
}

#[tokio::test]
async fn byte_order_mark_loses_no_response() {
    let server = Server::start(vec![Reply::json(200, "\u{feff}{\"id\":\"exr_1\"}")]).await.unwrap();
    let response = send(&builder(&server).build().unwrap(), RequestOptions::new()).await.unwrap();
    assert_eq!(response.decode::<Value>().unwrap()["id"], "exr_1");
}

/// A server that responds with 307 or 308 says that it has not done the work; what it says is believed five times.
#[tokio::test]
async fn redirect_within_the_origin_sends_a_post_six_times_at_most() {
    for status in [307, 308] {
        let server = Server::start(vec![Reply::new(status, &["location: /again"], "")]).await.unwrap();
        send(&builder(&server).build().unwrap(), RequestOptions::new()).await.unwrap_err();
        assert_eq!(server.seen().len(), 6);
    }
}

#[derive(Debug, Deserialize)]
struct Page {
    next: Option<String>,
    items: Vec<bool>,
}

/// Lists things, the way generated code does.
#[derive(Clone)]
struct List {
    core: Core,
    token: Option<String>,
}

impl IntoFuture for List {
    type Output = Result<Page, Error>;
    type IntoFuture = CallFuture<Page>;

    fn into_future(self) -> Self::IntoFuture {
        let options = RequestOptions::new().query("page", self.token.unwrap_or_default());
        Box::pin(async move { get(&self.core, options).await?.decode() })
    }
}

sdk_runtime::codegen::paginated! {
    List => Page, bool, GET, token = |page| page.next.as_deref(), |page| page.items
}

#[tokio::test]
async fn pages_without_items_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for number in 0_u64.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let Reply::Raw(page) = Reply::json(200, &format!(r#"{{"next":"{number}","items":[]}}"#)) else { return };
            let _ = stream.write_all(&page).await;
            let _ = stream.shutdown().await;
        }
    });
    let core = Core::builder(&PROFILE).api_key("sk_1").base_url(url).build().unwrap();
    let mut items = List { core, token: None }.items();
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RepeatedToken, "{error}");
    assert!(error.to_string().contains("1000 pages in a row have no items"), "{error}");
    assert!(items.next().await.is_none());
    assert_eq!(OPERATION.id, "things.create");
}
