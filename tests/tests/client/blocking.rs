//! Tests the blocking client: outside and inside a runtime, from many threads, and unsupported uses.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use extend_ai::blocking::{Call, Client};
use extend_ai::{ErrorKind, PollSchedule, testing::fixtures};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use workspace_tests::server::{Reply, Server};

use crate::harness::{Harness, KEY};

/// A server on a runtime of its own, and a blocking client for it.
struct BlockingHarness {
    runtime: Runtime,
    server: Server,
    client: Client,
}

impl BlockingHarness {
    fn new(respond: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(Server::start(move |request| respond(&request.target))).unwrap();
        let builder = extend_ai::Client::builder().api_key(KEY).base_url(server.url()).max_retries(0);
        let client = builder.build_blocking().unwrap();
        Self { runtime, server, client }
    }

    fn of_files() -> Self {
        let file = serde_json::to_value(fixtures::file()).unwrap();
        Self::new(move |target| match target {
            "/files?nextPageToken=2" => Reply::json(200, &json!({ "object": "list", "data": [file, file] })),
            "/files" => Reply::json(200, &json!({ "object": "list", "data": [file], "nextPageToken": "2" })),
            "/files/none" => Reply::json(404, &json!({ "code": "NOT_FOUND", "message": "no file" })),
            _ => Reply::json(200, &file),
        })
    }
}

#[test]
fn call_blocks_outside_of_a_runtime() {
    let harness = BlockingHarness::of_files();
    let file = harness.client.files().retrieve("file_1").call().unwrap();
    assert_eq!(file.id, fixtures::file().id);
    let error = harness.client.files().retrieve("none").call().unwrap_err();
    assert!(error.is_not_found() && error.message() == "no file", "{error}");
}

#[test]
fn pages_and_items_are_iterators() {
    let harness = BlockingHarness::of_files();
    let list = || harness.client.files().list();
    let items: Result<Vec<_>, _> = list().items().blocking().collect();
    assert_eq!(items.unwrap().len(), 3);
    let sizes: Vec<usize> = list().pages().blocking().map(|page| page.unwrap().data.len()).collect();
    assert_eq!(sizes, [1, 2]);
    assert_eq!(harness.server.take().len(), 4);
}

#[test]
fn run_is_polled_until_it_ends() {
    let run = serde_json::to_value(fixtures::parse_run()).unwrap();
    let harness = BlockingHarness::new(move |_| Reply::json(200, &run));
    let poller = harness.client.parse_runs().retrieve("parse_run_1").poller().schedule(PollSchedule::default());
    assert_eq!(poller.call().unwrap().id, fixtures::parse_run().id);
    let run = harness.client.parse_runs().retrieve("parse_run_1").wait().call().unwrap();
    assert_eq!(run.id, fixtures::parse_run().id);
    let states = harness.client.parse_runs().retrieve("parse_run_1").poller().blocking().count();
    assert_eq!(states, 1);
}

#[test]
fn blocking_builder_has_the_settings_of_the_asynchronous_one() {
    let harness = BlockingHarness::of_files();
    let builder = Client::builder().api_key(KEY).base_url(harness.server.url()).workspace_id("ws_1");
    let client = builder.build().unwrap();
    assert_eq!(client.base_url(), harness.server.url());
    assert!(client.files().retrieve("file_1").call().is_ok());
    let requests = harness.server.take();
    assert_eq!(requests[0].header("x-extend-workspace-id"), ["ws_1"]);
}

#[test]
fn blocking_download_returns_the_complete_file() {
    let harness = BlockingHarness::new(|_| Reply::json(200, &json!({ "pages": 2 })));
    let link = format!("{}/content", harness.server.url());
    let content = harness.client.download(link.as_str()).bytes().unwrap();
    assert_eq!(content, r#"{"pages":2}"#);
    let mut written = Vec::new();
    assert_eq!(harness.client.download(link.as_str()).write_to(&mut written).unwrap(), content.len() as u64);
    assert_eq!(written, content);
    let json: serde_json::Value = harness.client.download(link.as_str()).json().unwrap();
    assert_eq!(json["pages"], 2);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("content.json");
    harness.client.download(link.as_str()).save_to(&path).unwrap();
    assert_eq!(std::fs::read(path).unwrap(), content);
}

#[tokio::test]
async fn client_works_and_can_be_dropped_on_a_runtime_thread() {
    let harness = thread::spawn(BlockingHarness::of_files).join().unwrap();
    assert!(harness.client.files().retrieve("file_1").call().is_ok());
    let BlockingHarness { runtime, client, .. } = harness;
    drop(client);
    runtime.shutdown_background();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn client_works_on_a_multi_threaded_runtime() {
    let harness = thread::spawn(BlockingHarness::of_files).join().unwrap();
    let client = harness.client.clone();
    let call = tokio::spawn(async move { client.files().retrieve("file_1").call() });
    assert!(call.await.unwrap().is_ok());
    harness.runtime.shutdown_background();
}

#[test]
fn client_is_shared_between_threads() {
    let harness = BlockingHarness::of_files();
    let call = |client: Client| move || client.files().retrieve("file_1").call().is_ok();
    let threads: Vec<_> = (0..8).map(|_| thread::spawn(call(harness.client.clone()))).collect();
    assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
    assert_eq!(harness.server.take().len(), 8);
}

#[tokio::test]
async fn blocking_call_of_an_async_client_is_an_error() {
    let harness = Harness::new().await;
    let error = harness.client.files().retrieve("file_1").call().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("asynchronous"), "{error}");
    let errors: Vec<_> = harness.client.files().list().items().blocking().collect();
    assert!(matches!(errors.as_slice(), [Err(error)] if error.kind() == ErrorKind::Configuration));
    assert!(harness.server.take().is_empty());
}

#[test]
fn callback_of_a_blocking_call_cannot_block() {
    let run = serde_json::to_value(fixtures::parse_run()).unwrap();
    let harness = BlockingHarness::new(move |_| Reply::json(200, &run));
    let inner = harness.client.clone();
    let (sender, receiver) = std::sync::mpsc::channel();
    let poller = harness.client.parse_runs().retrieve("parse_run_1").poller();
    let poller = poller.on_update(move |_| sender.send(inner.files().retrieve("file_1").call()).unwrap());
    poller.call().unwrap();
    assert_eq!(receiver.recv().unwrap().unwrap_err().kind(), ErrorKind::Configuration);
}

#[test]
fn panic_in_a_callback_is_propagated_to_the_caller() {
    let run = serde_json::to_value(fixtures::parse_run()).unwrap();
    let harness = BlockingHarness::new(move |_| Reply::json(200, &run));
    let poller = || harness.client.parse_runs().retrieve("parse_run_1").poller().on_update(|_| panic!("in a test"));
    let waits: [&dyn Fn(); 3] = [&|| drop(poller().call()), &|| drop(poller().blocking().next()), &|| {
        drop(harness.client.wait_for(poller().into_future()))
    }];
    for wait in waits {
        let panic = catch_unwind(AssertUnwindSafe(wait)).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"in a test"));
        assert!(harness.client.parse_runs().retrieve("parse_run_1").call().is_ok(), "the client remains usable");
    }
}

#[test]
fn any_future_can_be_awaited() {
    let harness = BlockingHarness::of_files();
    let client = harness.client.clone();
    let names = async move {
        let file = client.files().retrieve("file_1").await?;
        Ok::<_, extend_ai::Error>(file.name)
    };
    assert_eq!(harness.client.wait_for(names).unwrap().unwrap(), fixtures::file().name);
}

#[cfg(unix)]
#[test]
fn time_limit_holds_for_a_pipe_without_a_writer() {
    let harness = BlockingHarness::of_files();
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.pdf");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (limit, begun) = (Duration::from_millis(400), Instant::now());
    for call in [
        harness.client.files().upload(pipe.as_path()).timeout(limit),
        harness.client.files().upload(pipe.as_path()).total_timeout(limit),
    ] {
        assert_eq!(call.call().unwrap_err().kind(), ErrorKind::Timeout);
    }
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}
