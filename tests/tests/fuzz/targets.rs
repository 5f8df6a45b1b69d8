//! The fuzz targets: each reads bytes that somebody else controls, and returns if nothing is wrong.
//!
//! The tests run them on stable Rust, and `fuzz/` runs them with libFuzzer. They send nothing beyond this machine.

use std::cell::OnceCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, SystemTime};

use extend_ai::testing::InstantClock;
use extend_ai::tower::{BoxError, HttpService, RequestFactory};
use extend_ai::types::{EvaluationSet, ExtractRun, File, ParseRun, WorkflowRun};
use extend_ai::webhooks::{WebhookEvent, Webhooks, parse};
use extend_ai::{Client, Error, decode_json};
use generator::Sources;
use sdk_runtime::codegen::{Context, Core, Credential, Framing, Placement, Profile, Requirement, Retrying};
use sdk_runtime::{Deprecation, Environment, Operation, RequestOptions, Security, Values};
use serde_json::Value;
use tokio::runtime::Runtime;
use tower_layer::layer_fn;
use tower_service::Service;
use workspace_tests::deliveries::{SECRET, SENT_AT};
use workspace_tests::hostile::{Act, Hostile};

const KEY: &str = "sk_test_1234567890";
/// The base URL of clients that send nothing: no server is expected there.
const NOWHERE: &str = "http://127.0.0.1:9";

static PROFILE: Profile = Profile {
    name: "fuzz-sdk",
    version: "0.1.0",
    credential: Credential {
        variable: None,
        placement: Placement::Header { name: "Authorization", prefix: "Bearer " },
        required: Requirement::Required,
    },
    further_credentials: &[],
    environments: &[Environment { name: "production", region: "us", url: NOWHERE, title: "US" }],
    region_variable: None,
    base_url_variable: None,
    headers: &[],
    request_id_headers: &["x-request-id"],
    hints: &[],
    pending_statuses: &[],
    timeout: Duration::from_secs(30),
    connect_timeout: Duration::from_secs(10),
    max_response_bytes: 1 << 20,
    retrying: Retrying {
        max_retries: 0,
        first_delay: Duration::from_secs(1),
        max_delay: Duration::from_secs(60),
        reset_header: None,
        parity_statuses: &[],
    },
    telemetry: sdk_runtime::codegen::telemetry!(),
};

static STREAM: Operation = Operation {
    id: "things.stream",
    method: "GET",
    path: "/things",
    summary: "A stream",
    deprecated: Deprecation::Current,
    accept: "text/event-stream",
    started: &[],
    security: Security::Default,
};

/// The response to the next request.
#[derive(Clone, Debug)]
struct Prepared {
    status: u16,
    content_type: &'static str,
    /// A further header, or another value of the content type.
    header: Option<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

type Next = Arc<Mutex<Prepared>>;

/// A service that responds to every request with what is prepared, without sending it.
#[derive(Clone)]
struct Canned(Next);

impl Service<RequestFactory> for Canned {
    type Response = reqwest::Response;
    type Error = BoxError;
    type Future = std::future::Ready<Result<reqwest::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: RequestFactory) -> Self::Future {
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let response = http::Response::builder().status(next.status).header("content-type", next.content_type);
        let mut response = match response.body(next.body) {
            Ok(response) => response,
            Err(error) => return std::future::ready(Err(error.into())),
        };
        if let Some((name, value)) = next.header
            && let Ok(value) = http::HeaderValue::from_bytes(&value)
        {
            response.headers_mut().insert(name, value);
        }
        std::future::ready(Ok(reqwest::Response::from(response)))
    }
}

/// Clients whose responses are prepared, and a runtime for them.
struct Offline {
    runtime: Runtime,
    client: Client,
    core: Core,
    next: Next,
}

impl Offline {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        let next =
            Arc::new(Mutex::new(Prepared { status: 200, content_type: "text/plain", header: None, body: Vec::new() }));
        let (canned, same) = (Canned(Arc::clone(&next)), Canned(Arc::clone(&next)));
        // Downloads are really requested. Whatever leaves this machine goes through a proxy, and there is none.
        let proxy = reqwest::Proxy::all(NOWHERE).expect("the URL is valid");
        let links = reqwest::Client::builder().proxy(proxy).redirect(reqwest::redirect::Policy::none()).build();
        let layer = layer_fn(move |_: HttpService| canned.clone());
        let client = Client::builder().api_key(KEY).base_url(NOWHERE).clock(Arc::new(InstantClock::new())).layer(layer);
        let client = client
            .http_client(links.expect("the client is valid"))
            .max_retries(1)
            .build()
            .expect("the client is valid");
        let layer = layer_fn(move |_: HttpService| same.clone());
        let core = Core::builder(&PROFILE).api_key(KEY).base_url(NOWHERE).layer(layer).build();
        let core = core.expect("the client is valid");
        Self { runtime, client, core, next }
    }

    /// Runs a function with the clients of this thread, after the response was prepared.
    fn with(status: u16, content_type: &'static str, body: &[u8], run: impl FnOnce(&Self)) {
        Self::with_response(Prepared { status, content_type, header: None, body: body.to_vec() }, run);
    }

    fn with_response(prepared: Prepared, run: impl FnOnce(&Self)) {
        thread_local! {
            static OFFLINE: OnceCell<Offline> = const { OnceCell::new() };
        }
        OFFLINE.with(|cell| {
            let offline = cell.get_or_init(Self::new);
            *offline.next.lock().unwrap_or_else(PoisonError::into_inner) = prepared;
            run(offline);
        });
    }
}

/// Formats an error in every way, and checks that the key is not in it.
fn check_error(error: &Error) {
    let shown = format!("{error} {error:?} {error:#?} {}", error.to_json());
    assert!(!shown.contains(KEY), "the key is shown");
    let _ = (error.run_id(), error.json_path(), error.is_retryable());
}

/// Decodes the body of a success, into several types and through calls.
pub fn response(bytes: &[u8]) {
    let _ = decode_json::<File>(bytes);
    let _ = decode_json::<ExtractRun>(bytes);
    let _ = decode_json::<WorkflowRun>(bytes);
    let _ = decode_json::<EvaluationSet>(bytes);
    let _ = decode_json::<WebhookEvent>(bytes);
    if let Ok(run) = decode_json::<ParseRun>(bytes) {
        let written = serde_json::to_vec(&run).expect("what was decoded can be written");
        assert!(decode_json::<ParseRun>(&written).is_ok(), "what was written cannot be decoded");
    }
    Offline::with(200, "application/json", bytes, |offline| {
        let client = &offline.client;
        offline.runtime.block_on(async {
            let retrieved = client.extract_runs().retrieve("exr_1").await.map(drop);
            let listed = client.files().list().await.map(drop);
            let created = client.extract_runs().create().await.map(drop);
            [retrieved, listed, created].iter().filter_map(|result| result.as_ref().err()).for_each(check_error);
        });
    });
}

/// Reads the body of an error response, as each of the kinds that it may claim to be.
pub fn error_body(bytes: &[u8]) {
    for (status, content_type) in
        [(400, "application/json"), (429, "application/json"), (502, "text/html"), (401, "text/plain"), (500, "")]
    {
        Offline::with(status, content_type, bytes, |offline| {
            let call = offline.client.extract_runs().create();
            let error = offline.runtime.block_on(async { call.await.map(drop) });
            check_error(&error.expect_err("the status is an error"));
        });
    }
}

/// Reads each header that means something to the client.
pub fn headers(bytes: &[u8]) {
    let value: Vec<u8> = bytes.iter().copied().filter(|byte| !matches!(byte, 0..=0x1f | 0x7f)).collect();
    for (status, name) in [
        (429, "retry-after"),
        (302, "location"),
        (307, "location"),
        (200, "content-type"),
        (500, "content-type"),
        (200, "content-encoding"),
        (500, "x-extend-request-id"),
        (500, "x-request-id"),
        (400, "x-extend-api-version"),
        (404, "set-cookie"),
    ] {
        let header = Some((name, value.clone()));
        let prepared = Prepared { status, content_type: "application/json", header, body: b"{}".to_vec() };
        Offline::with_response(prepared, |offline| {
            let call = offline.client.files().retrieve("file_1");
            if let Err(error) = offline.runtime.block_on(async { call.await.map(drop) }) {
                check_error(&error);
            }
        });
    }
}

/// Reads a stream of events and a stream of lines.
pub fn event_stream(bytes: &[u8]) {
    for framing in [Framing::Events, Framing::Lines] {
        Offline::with(200, "text/event-stream", bytes, |offline| {
            offline.runtime.block_on(async {
                let context = Context::new(offline.core.clone(), RequestOptions::new(), &STREAM);
                let url = context.url(format_args!("/things")).expect("the URL is valid");
                let request = context.http().get(url).build().map_err(Into::into);
                let opened = context.open(request, Context::prepare).await.expect("the response is a success");
                let opened = Values::open(opened, framing).await;
                let mut values: Values<Value> = opened.expect("the media type is that of a stream");
                let mut count = 0;
                while let Some(value) = values.next().await {
                    count += 1;
                    // Each value takes at least one byte, and a stream ends once.
                    assert!(count <= bytes.len() + 1, "more values than bytes");
                    if let Err(error) = value {
                        check_error(&error);
                    }
                }
            });
        });
    }
}

/// Verifies a delivery: the first line is its timestamp, the second its signature, and the rest its body.
pub fn webhook(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let mut part = || parts.next().unwrap_or_default();
    let (timestamp, signature, body) = (part(), part(), part());
    let (timestamp, signature) = (String::from_utf8_lossy(timestamp), String::from_utf8_lossy(signature));
    let headers = [("x-extend-request-timestamp", &*timestamp), ("x-extend-request-signature", &*signature)];
    let verifier = Webhooks::new(SECRET).now(SystemTime::UNIX_EPOCH + Duration::from_secs(SENT_AT));
    for result in [
        verifier.verify_and_parse(&headers, body).map(drop),
        verifier.clone().allow_signed_url().verify_and_parse(&headers, body).map(drop),
        parse(body).map(drop),
    ] {
        if let Err(error) = result {
            assert!(!format!("{error} {error:?}").contains(SECRET), "the secret is shown");
        }
    }
}

/// Downloads from a link, and follows it as a redirect.
pub fn link(bytes: &[u8]) {
    Offline::with(200, "", &[], |offline| {
        offline.runtime.block_on(async {
            let location = bytes.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n' | 0)).collect::<Vec<_>>();
            let head = [b"HTTP/1.1 302 X\r\ncontent-length: 0\r\nlocation: ", &*location, b"\r\n\r\n"].concat();
            let server = Hostile::start([vec![Act::send(head)]]).await.expect("a port is free");
            let (direct, first) = (String::from_utf8_lossy(bytes), format!("{}/a", server.url()));
            for link in [&*direct, &first] {
                let download = offline.client.download(link);
                if let Err(error) = download.timeout(Duration::from_millis(500)).bytes().await {
                    let shown = format!("{error} {error:?} {}", error.to_json());
                    assert!(!shown.contains("X-Amz-Signature=hunter2"), "the link is shown: {shown}");
                }
            }
        });
    });
}

/// Reads pages of documentation, as `cargo xtask fetch` does.
pub fn pages(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = generator::published::detect_content(bytes);
    let _ = generator::published::read_index(&text);
    let _ = generator::published::read_listing(&text);
    let _ = generator::published::read_catalog(&text);
    let _ = generator::published::read_page_links(&text);
    let _ = generator::published::parse_web_links(&text);
    for version in [None, Some("2026-02-09")] {
        match generator::published::merge_pages(&text, "pages", version) {
            Ok(merged) => drop(merged.report.to_string()),
            Err(none) => drop(none.report.to_string()),
        }
    }
}

/// Reads a document and builds its model.
pub fn document(bytes: &[u8]) {
    let _ = generator::canonicalize(bytes, "document");
    let sources = Sources::of_document(bytes, "document");
    drop(generator::check(&sources).to_string());
}
