//! What `tracing` is told: spans and events with the names of OpenTelemetry, and no secret among them.
//!
//! It must not know how spans are made.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sdk_runtime::RequestOptions;
use sdk_runtime::codegen::{Core, Placement, Profile};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Metadata, Subscriber};

use crate::clock::FakeClock;
use crate::server::{Reply, Server};
use crate::{KEY, PROFILE, builder, get, send};

/// Writes down everything that it is told by the runtime: a line for each span, event and late field.
#[derive(Clone, Default)]
pub(crate) struct Notes {
    lines: Arc<Mutex<Vec<String>>>,
    spans: Arc<AtomicU64>,
}

impl Notes {
    fn add(&self, line: String) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Listens to the thread of this test, until the guard is dropped.
    pub(crate) fn listen() -> (Self, tracing::subscriber::DefaultGuard) {
        // With a single subscriber in the process, `tracing` asks only that of the thread which comes first to a span, and
        // remembers the result for all threads. With two it asks both.
        static OTHER: OnceLock<Dispatch> = OnceLock::new();
        let notes = Self::default();
        let guard = tracing::subscriber::set_default(notes.clone());
        OTHER.get_or_init(|| Dispatch::new(Self::default()));
        (notes, guard)
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Fields as ` name=value`.
#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, " {}={value}", field.name());
    }
}

impl Subscriber for Notes {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == env!("CARGO_CRATE_NAME")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = 1 + self.spans.fetch_add(1, Ordering::Relaxed);
        let mut fields = Fields::default();
        span.record(&mut fields);
        self.add(format!("{id} {}:{}", span.metadata().name(), fields.0));
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        self.add(format!("{} then:{}", span.into_u64(), fields.0));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let span = event.parent().map_or(0, Id::into_u64);
        self.add(format!("{span} {}:{}", event.metadata().level(), fields.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn call_and_each_of_its_attempts_is_a_span() {
    let (notes, _guard) = Notes::listen();
    let refused = Reply::new(429, &["x-request-id: req_1", "retry-after-ms: 250"], r#"{"message":"slow"}"#);
    let server = Server::start(vec![refused, Reply::new(201, &["x-request-id: req_2"], "{}")]).await.unwrap();
    let port = server.url().rsplit_once(':').unwrap().1.to_owned();
    let core = builder(&server).build().unwrap();
    send(&core, RequestOptions::new().query("page", "2").query("token", "hunter1")).await.unwrap();
    let common = format!(
        "url.template=/things url.full=http://127.0.0.1:{port}/things?page=2&token=[redacted] server.address=127.0.0.1 server.port={port}"
    );
    let lines: Vec<_> = notes.take().into_iter().filter(|line| !line.contains("TRACE")).collect();
    let expected = [
        format!("1 call: otel.name=things.create otel.kind=internal http.request.method=POST url.template=/things server.address=127.0.0.1 server.port={port}"),
        format!("2 http_request: otel.name=POST /things otel.kind=client http.request.method=POST {common}"),
        "2 then: http.response.status_code=429".to_owned(),
        "2 then: request_id=req_1".to_owned(),
        "2 then: otel.status_code=ERROR".to_owned(),
        "2 then: error.type=429".to_owned(),
        "1 INFO: message=trying again attempt=1 retry.delay_ms=250.0 error.type=429 reason=things.create: 429 Too Many Requests: slow [request req_1]".to_owned(),
        format!("3 http_request: otel.name=POST /things otel.kind=client http.request.method=POST http.request.resend_count=1 {common}"),
        "3 then: http.response.status_code=201".to_owned(),
        "3 then: request_id=req_2".to_owned(),
    ];
    assert_eq!(lines, expected, "{lines:#?}");
}

#[tokio::test]
async fn call_that_fails_ends_with_the_type_of_its_error() {
    let (notes, _guard) = Notes::listen();
    for (reply, kind) in [(Reply::json(404, "{}"), "404"), (Reply::Raw(Vec::new()), "transport")] {
        let server = Server::start(vec![reply]).await.unwrap();
        let core = builder(&server).build().unwrap();
        send(&core, RequestOptions::new()).await.unwrap_err();
        let lines = notes.take();
        let ends = lines.iter().filter(|line| line.ends_with(&format!("then: error.type={kind}"))).count();
        assert_eq!(ends, 2, "{lines:#?}");
    }
}

#[tokio::test]
async fn no_event_or_span_holds_a_secret() {
    let (notes, _guard) = Notes::listen();
    let query: &'static Profile = {
        let mut profile = PROFILE.clone();
        profile.credential.placement = Placement::Query { name: "api_key" };
        Box::leak(Box::new(profile))
    };
    let secrets =
        ["location: https://u:hunter1@s3.example.com/x?sig=hunter2", "set-cookie: hunter3", "x-auth: hunter4"];
    for reply in [
        Reply::new(200, &secrets, "hunter5"),
        Reply::new(302, &secrets, ""),
        Reply::new(500, &secrets, ""),
        Reply::Raw(Vec::new()),
    ] {
        for profile in [&PROFILE, query] {
            let server = Server::start(vec![reply.clone()]).await.unwrap();
            let core = Core::builder(profile).api_key(KEY).base_url(server.url()).clock(FakeClock::new());
            let core = core.header("x-own-token", "hunter6").build().unwrap();
            let options = RequestOptions::new().header("cookie", "hunter7").query("password", "hunter8");
            let _ = get(&core, options.body("text/plain", "hunter9")).await;
        }
    }
    let lines = notes.take();
    assert!(lines.iter().any(|line| line.contains("TRACE") && line.contains("\"authorization\": \"[redacted]\"")));
    for line in lines {
        assert!(!line.contains("hunter"), "{line}");
    }
}
