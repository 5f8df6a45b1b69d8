//! A watchdog over the time limits: many kinds of stall, none of which holds a call beyond its limit.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use extend_ai::blocking::Call;
use extend_ai::tower::{BoxError, HttpService, RequestFactory};
use extend_ai::{Client, ClientBuilder, Error, FilePart};
use tokio::task::JoinSet;
use tower_layer::layer_fn;
use tower_service::Service;
use workspace_tests::hostile::{Act, Hostile};

use crate::harness::KEY;

const LIMIT: Duration = Duration::from_millis(200);
/// How much later than its limit a call may end.
const LATE: Duration = Duration::from_millis(60);
/// How often a late call is tried.
const ROUNDS: usize = 4;
/// How many kinds are tried at least.
const KINDS: usize = 59;

type Stalled = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// A call that stalls, and whatever must live as long as it.
struct Row {
    name: String,
    call: Stalled,
    _server: Option<Arc<Hostile>>,
    _listener: Option<TcpListener>,
    _folder: Option<tempfile::TempDir>,
}

impl Row {
    fn new(name: impl Into<String>, call: impl Future<Output = Result<(), Error>> + Send + 'static) -> Self {
        Self { name: name.into(), call: Box::pin(call), _server: None, _listener: None, _folder: None }
    }
}

fn drip(text: &str) -> Act {
    Act::Trickle(text.as_bytes().to_vec(), Duration::from_millis(10))
}

/// Returns responses that never end.
fn scripts() -> Vec<(&'static str, Vec<Act>)> {
    let head = |line: &str| Act::send(format!("HTTP/1.1 200 OK\r\n{line}\r\n"));
    let failure = |line: &str| Act::send(format!("HTTP/1.1 400 X\r\n{line}\r\n"));
    let again = Act::response(307, &["location: /again"], "");
    vec![
        ("silence", vec![Act::Silence]),
        ("silence in the headers", vec![Act::send("HTTP/1.1 200 OK\r\nx-a:"), Act::Silence]),
        ("silence in the body", vec![head("content-length: 9\r\n"), Act::send("{"), Act::Silence]),
        ("silence in the body of an error", vec![failure("content-length: 9\r\n"), Act::send("{"), Act::Silence]),
        ("headers that trickle", vec![Act::send("HTTP/1.1 200 OK\r\n"), drip("x-a: 1\r\n")]),
        ("a header that trickles", vec![Act::send("HTTP/1.1 200 OK\r\nx-a: "), drip("a")]),
        ("a body that trickles", vec![head("content-length: 1000000\r\n"), drip(" ")]),
        ("an error that trickles", vec![failure("content-length: 1000000\r\n"), drip(" ")]),
        ("chunks that trickle", vec![head("transfer-encoding: chunked\r\n"), drip("1\r\n \r\n")]),
        ("interim responses that trickle", vec![drip("HTTP/1.1 100 Continue\r\n\r\n")]),
        ("silence after a redirect", vec![again, Act::Next, Act::Silence]),
    ]
}

type Stall = fn(Client, String) -> Stalled;

/// Returns a call of each kind, with a limit of its own.
fn calls() -> [(&'static str, Stall); 4] {
    [
        ("timeout of a call", |client, _| {
            Box::pin(async move { client.files().retrieve("file_1").max_retries(0).timeout(LIMIT).await.map(drop) })
        }),
        ("total timeout of a call with retries", |client, _| {
            Box::pin(async move { client.extract_runs().create().total_timeout(LIMIT).await.map(drop) })
        }),
        ("timeout of a download", |client, url| {
            Box::pin(async move { client.download(&format!("{url}/a.pdf")).timeout(LIMIT).bytes().await.map(drop) })
        }),
        ("maximum wait", |client, _| {
            Box::pin(async move {
                let poller = client.extract_runs().attach("exr_1").max_retries(0);
                poller.timeout(LIMIT).max_wait(LIMIT).await.map(drop)
            })
        }),
    ]
}

fn client(url: &str, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    configure(Client::builder().api_key(KEY).base_url(url)).build().unwrap()
}

/// Returns responses that never end, for calls of each kind.
async fn responses() -> Vec<Row> {
    let mut rows = Vec::new();
    for (script, acts) in scripts() {
        let server = Arc::new(Hostile::start([acts]).await.unwrap());
        // Building a client takes long.
        let shared = client(server.url(), |builder| builder);
        for (call, stall) in calls() {
            let stalled = stall(shared.clone(), server.url().to_owned());
            rows.push(Row { _server: Some(Arc::clone(&server)), ..Row::new(format!("{script}, {call}"), stalled) });
        }
    }
    rows
}

/// Returns connections that never come about, or never take what is sent.
async fn connections() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, limit) in
        [("timeout", ClientBuilder::timeout as fn(_, _) -> _), ("total timeout", ClientBuilder::total_timeout)]
    {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let of_call = client(&url, |builder| limit(builder.max_retries(0), LIMIT));
        let call = async move { of_call.files().retrieve("file_1").await.map(drop) };
        rows.push(Row { _listener: Some(listener), ..Row::new(format!("TLS without a response, {name}"), call) });
    }
    let server = Hostile::without_reading(vec![Act::send(b"\x16\x03\x03\x40\x00"), drip("\0")]).await.unwrap();
    let of_call = client(&server.url().replace("http:", "https:"), |builder| builder.total_timeout(LIMIT));
    let call = async move { of_call.files().retrieve("file_1").await.map(drop) };
    rows.push(Row { _server: Some(Arc::new(server)), ..Row::new("TLS that trickles", call) });

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let of_call = client(&url, |builder| builder.total_timeout(LIMIT));
    let file = FilePart::bytes("a.pdf", vec![0; 16 << 20]);
    let call = async move { of_call.files().upload(file).await.map(drop) };
    rows.push(Row { _listener: Some(listener), ..Row::new("an upload that nobody takes", call) });
    rows
}

/// A resolver of names that never responds.
struct SilentNames;

impl reqwest::dns::Resolve for SilentNames {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(std::future::pending())
    }
}

/// A layer that never responds.
#[derive(Clone)]
struct SilentLayer;

impl Service<RequestFactory> for SilentLayer {
    type Response = reqwest::Response;
    type Error = BoxError;
    type Future = std::future::Pending<Result<reqwest::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: RequestFactory) -> Self::Future {
        std::future::pending()
    }
}

/// Returns names that are never resolved, and layers that never respond.
fn extensions() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, limit) in
        [("timeout", ClientBuilder::timeout as fn(_, _) -> _), ("total timeout", ClientBuilder::total_timeout)]
    {
        let names = reqwest::Client::builder().dns_resolver(Arc::new(SilentNames));
        // A client that follows redirects is not used for links.
        let names = names.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let of_call =
            client("https://api.example.com", |builder| limit(builder.http_client(names), LIMIT).max_retries(0));
        let downloading = of_call.clone();
        let call = async move { of_call.files().retrieve("file_1").await.map(drop) };
        rows.push(Row::new(format!("DNS without a response, {name}"), call));
        let call = async move {
            let link = downloading.download("https://files.example.com/a.pdf");
            link.timeout(LIMIT).bytes().await.map(drop)
        };
        rows.push(Row::new(format!("DNS of a link without a response, {name}"), call));

        let silent =
            |builder: ClientBuilder| limit(builder.layer(layer_fn(|_: HttpService| SilentLayer)), LIMIT).max_retries(0);
        let of_call = client("http://127.0.0.1:9", silent);
        let call = async move { of_call.files().retrieve("file_1").await.map(drop) };
        rows.push(Row::new(format!("a layer without a response, {name}"), call));
    }
    rows
}

/// Returns stalls of this machine, and of the user's own code.
async fn own() -> Vec<Row> {
    let mut rows = Vec::new();
    // Nothing is sent there.
    let server = Hostile::start([vec![Act::Silence]]).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.pdf");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let of_call = client(server.url(), |builder| builder.total_timeout(LIMIT));
    let call = async move { of_call.files().upload(FilePart::from_path(pipe)).await.map(drop) };
    rows.push(Row { _folder: Some(folder), ..Row::new("a pipe without a writer", call) });

    let provider = || async { std::future::pending::<Result<String, std::io::Error>>().await };
    let of_call = Client::builder().api_key_provider(provider).base_url(server.url()).total_timeout(LIMIT);
    let of_call = of_call.build().unwrap();
    let call = async move { of_call.files().retrieve("file_1").await.map(drop) };
    rows.push(Row { _server: Some(Arc::new(server)), ..Row::new("a provider of keys", call) });

    let busy = Hostile::start([vec![Act::response(503, &["retry-after: 60"], "")]]).await.unwrap();
    let of_call = client(busy.url(), |builder| builder.total_timeout(LIMIT));
    let call = async move { of_call.files().retrieve("file_1").await.map(drop) };
    rows.push(Row { _server: Some(Arc::new(busy)), ..Row::new("a pause before a retry", call) });

    let silent = Hostile::start([vec![Act::Silence]]).await.unwrap();
    let builder = Client::builder().api_key(KEY).base_url(silent.url()).total_timeout(LIMIT);
    let of_call = tokio::task::spawn_blocking(move || builder.build_blocking()).await.unwrap().unwrap();
    let call = async move {
        let stalled = move || of_call.files().retrieve("file_1").call().map(drop);
        tokio::task::spawn_blocking(stalled).await.unwrap()
    };
    rows.push(Row { _server: Some(Arc::new(silent)), ..Row::new("a blocking call", call) });

    let page = r#"{"object":"list","data":[],"nextPageToken":"2"}"#;
    let pages = Hostile::start([vec![Act::response(200, &[], page), Act::Next, Act::Silence]]).await.unwrap();
    let of_call = client(pages.url(), |builder| builder.max_retries(0).timeout(LIMIT));
    let call = async move {
        let mut items = of_call.files().list().items();
        while let Some(item) = items.next().await {
            item?;
        }
        Ok(())
    };
    rows.push(Row { _server: Some(Arc::new(pages)), ..Row::new("a second page", call) });
    rows
}

/// Returns how much later than a timer a call may end now: the machine may be busy.
async fn timer() -> Duration {
    let begun = Instant::now();
    tokio::time::sleep(LIMIT).await;
    begun.elapsed().saturating_sub(LIMIT)
}

/// Returns the names of the rows that take longer than they may, with what is wrong.
async fn late() -> BTreeMap<String, String> {
    let mut rows = responses().await;
    rows.extend(connections().await);
    rows.extend(own().await);
    rows.extend(extensions());
    assert!(rows.len() >= KINDS, "{}", rows.len());
    let mut late = BTreeMap::new();
    // A few at a time, so that they do not wait for each other.
    while !rows.is_empty() {
        let some: Vec<Row> = rows.drain(..rows.len().min(10)).collect();
        let beside = tokio::spawn(timer());
        let mut running = JoinSet::new();
        for Row { name, call, _server, _listener, _folder } in some {
            running.spawn(async move {
                let begun = Instant::now();
                let result = call.await;
                let took = begun.elapsed();
                drop((_server, _listener, _folder));
                (name, result, took)
            });
        }
        let ended = running.join_all().await;
        let busy = beside.await.unwrap();
        for (name, result, took) in ended {
            let error = result.expect_err(&name);
            if took > LIMIT + LATE + busy {
                late.insert(name, format!("took {took:?}, a timer {busy:?} too long: {error}"));
            }
        }
    }
    late
}

/// A call that is late once may have waited for the processor; one that is late each time exceeds its limit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_stall_holds_a_call_beyond_its_limit() {
    let mut always = late().await;
    for _ in 1..ROUNDS {
        if always.is_empty() {
            return;
        }
        let again = late().await;
        always.retain(|name, _| again.contains_key(name));
    }
    assert!(always.is_empty(), "{always:#?}");
}
