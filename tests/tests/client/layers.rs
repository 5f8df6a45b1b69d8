//! Tests tower layers around the attempts of a call.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use extend_ai::ErrorKind;
use extend_ai::testing::InstantClock;
use extend_ai::tower::{BoxError, HttpService, RequestFactory};
use serde_json::json;
use tower_layer::layer_fn;
use tower_service::Service;
use workspace_tests::server::Reply;

use crate::harness::Harness;

type ResponseFuture = Pin<Box<dyn Future<Output = Result<reqwest::Response, BoxError>> + Send>>;

/// Runs a function instead of sending the request.
#[derive(Clone)]
struct Layered<F> {
    inner: HttpService,
    run: F,
}

impl<F: Fn(HttpService, RequestFactory) -> ResponseFuture> Service<RequestFactory> for Layered<F> {
    type Response = reqwest::Response;
    type Error = BoxError;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: RequestFactory) -> ResponseFuture {
        (self.run)(self.inner.clone(), request)
    }
}

/// Creates a client with a layer that runs a function.
async fn harness<F>(run: F) -> Harness
where
    F: Fn(HttpService, RequestFactory) -> ResponseFuture + Clone + Send + Sync + 'static,
{
    let layer = layer_fn(move |inner| Layered { inner, run: run.clone() });
    Harness::with(|builder| builder.max_retries(2).clock(Arc::new(InstantClock::new())).layer(layer)).await
}

#[tokio::test]
async fn layer_can_modify_the_request_of_every_attempt() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let harness = harness(move |mut inner, request| {
        record.lock().unwrap().push((request.operation().id, request.attempt()));
        let request = request.with(|request| {
            request.headers_mut().insert("x-layer", http_value("1"));
        });
        inner.call(request)
    })
    .await;
    harness.respond_with_each([Reply::json(503, &json!({})), Reply::json(404, &json!({}))]);
    assert!(harness.client.files().retrieve("file_1").await.unwrap_err().is_not_found());
    assert_eq!(*seen.lock().unwrap(), [("files.retrieve", 1), ("files.retrieve", 2)]);
    let requests = harness.server.take();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.header("x-layer") == ["1"]));
}

#[tokio::test]
async fn layer_can_send_a_request_more_than_once() {
    let harness = harness(|mut inner, request| {
        Box::pin(async move {
            inner.call(request.clone()).await?;
            inner.call(request).await
        })
    })
    .await;
    harness.respond_with(Reply::json(404, &json!({})));
    assert!(harness.client.files().retrieve("file_1").await.is_err());
    assert_eq!(harness.server.take().len(), 2);
}

#[tokio::test]
async fn layer_error_is_reported_with_its_reason_and_not_retried() {
    let calls = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&calls);
    let harness = harness(move |_, _| {
        count.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Err("no more for today".into()) })
    })
    .await;
    let error = harness.client.files().retrieve("file_1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Layer);
    assert!(error.to_string().contains("no more for today"), "{error}");
    assert_eq!((calls.load(Ordering::Relaxed), harness.server.take().len()), (1, 0));
}

#[tokio::test]
async fn time_limits_end_a_layer_that_never_responds() {
    let harness = harness(|_, _| Box::pin(std::future::pending())).await;
    let (limit, call) = (Duration::from_millis(200), || harness.client.files().retrieve("file_1"));
    for (call, attempts, within) in
        [(call().timeout(limit), 3, "within 200ms"), (call().total_timeout(limit), 1, "total time limit of 200ms")]
    {
        let error = call.await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, attempts), "{error}");
        assert!(error.to_string().contains(within), "{error}");
    }
    assert_eq!(harness.server.take().len(), 0);
}

fn http_value(text: &'static str) -> reqwest::header::HeaderValue {
    reqwest::header::HeaderValue::from_static(text)
}
