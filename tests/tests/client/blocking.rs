//! The blocking client: outside of a runtime and inside of one, from many threads, and what it refuses.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use extend_ai::blocking::{Call, Client};
use extend_ai::{ErrorKind, PollSchedule, testing::fixtures};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use workspace_tests::server::{Reply, Server};

use crate::desk::{Desk, KEY};

/// A server on a runtime of its own, and a blocking client for it.
struct Stand {
    runtime: Runtime,
    server: Server,
    client: Client,
}

impl Stand {
    fn new(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(Server::start(move |request| answer(&request.target))).unwrap();
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
fn a_call_waits_outside_of_a_runtime() {
    let stand = Stand::of_files();
    let file = stand.client.files().retrieve("file_1").call().unwrap();
    assert_eq!(file.id, fixtures::file().id);
    let error = stand.client.files().retrieve("none").call().unwrap_err();
    assert!(error.is_not_found() && error.message() == "no file", "{error}");
}

#[test]
fn pages_and_items_are_iterators() {
    let stand = Stand::of_files();
    let list = || stand.client.files().list();
    let items: Result<Vec<_>, _> = list().items().blocking().collect();
    assert_eq!(items.unwrap().len(), 3);
    let sizes: Vec<usize> = list().pages().blocking().map(|page| page.unwrap().data.len()).collect();
    assert_eq!(sizes, [1, 2]);
    assert_eq!(stand.server.take().len(), 4);
}

#[test]
fn a_run_is_waited_for() {
    let run = serde_json::to_value(fixtures::parse_run()).unwrap();
    let stand = Stand::new(move |_| Reply::json(200, &run));
    let poller = stand.client.parse_runs().retrieve("pr_1").poller().schedule(PollSchedule::default());
    assert_eq!(poller.call().unwrap().id, fixtures::parse_run().id);
    let run = stand.client.parse_runs().retrieve("pr_1").wait().call().unwrap();
    assert_eq!(run.id, fixtures::parse_run().id);
    let states = stand.client.parse_runs().retrieve("pr_1").poller().blocking().count();
    assert_eq!(states, 1);
}

#[test]
fn a_builder_of_its_own_has_the_settings_of_the_asynchronous_one() {
    let stand = Stand::of_files();
    let builder = Client::builder().api_key(KEY).base_url(stand.server.url()).workspace_id("ws_1");
    let client = builder.build().unwrap();
    assert_eq!(client.base_url(), stand.server.url());
    assert!(client.files().retrieve("file_1").call().is_ok());
    let requests = stand.server.take();
    assert_eq!(requests[0].header("x-extend-workspace-id"), ["ws_1"]);
}

#[test]
fn a_download_blocks_until_the_file_has_arrived() {
    let stand = Stand::new(|_| Reply::json(200, &json!({ "pages": 2 })));
    let link = format!("{}/content", stand.server.url());
    let content = stand.client.download(link.as_str()).bytes().unwrap();
    assert_eq!(content, r#"{"pages":2}"#);
    let mut written = Vec::new();
    assert_eq!(stand.client.download(link.as_str()).write_to(&mut written).unwrap(), content.len() as u64);
    assert_eq!(written, content);
    let json: serde_json::Value = stand.client.download(link.as_str()).json().unwrap();
    assert_eq!(json["pages"], 2);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("content.json");
    stand.client.download(link.as_str()).save_to(&path).unwrap();
    assert_eq!(std::fs::read(path).unwrap(), content);
}

#[tokio::test]
async fn it_works_on_the_thread_of_a_runtime_and_can_be_dropped_there() {
    let stand = thread::spawn(Stand::of_files).join().unwrap();
    assert!(stand.client.files().retrieve("file_1").call().is_ok());
    let Stand { runtime, client, .. } = stand;
    drop(client);
    runtime.shutdown_background();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_works_on_a_runtime_with_many_threads() {
    let stand = thread::spawn(Stand::of_files).join().unwrap();
    let client = stand.client.clone();
    let call = tokio::spawn(async move { client.files().retrieve("file_1").call() });
    assert!(call.await.unwrap().is_ok());
    stand.runtime.shutdown_background();
}

#[test]
fn threads_share_a_client() {
    let stand = Stand::of_files();
    let ask = |client: Client| move || client.files().retrieve("file_1").call().is_ok();
    let threads: Vec<_> = (0..8).map(|_| thread::spawn(ask(stand.client.clone()))).collect();
    assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
    assert_eq!(stand.server.take().len(), 8);
}

#[tokio::test]
async fn a_call_of_an_asynchronous_client_is_refused_not_hung() {
    let desk = Desk::new().await;
    let error = desk.client.files().retrieve("file_1").call().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("asynchronous"), "{error}");
    let errors: Vec<_> = desk.client.files().list().items().blocking().collect();
    assert!(matches!(errors.as_slice(), [Err(error)] if error.kind() == ErrorKind::Configuration));
    assert!(desk.server.take().is_empty());
}

#[test]
fn a_function_that_a_call_runs_cannot_call_another() {
    let run = serde_json::to_value(fixtures::parse_run()).unwrap();
    let stand = Stand::new(move |_| Reply::json(200, &run));
    let inner = stand.client.clone();
    let (sender, receiver) = std::sync::mpsc::channel();
    let poller = stand.client.parse_runs().retrieve("pr_1").poller();
    let poller = poller.on_update(move |_| sender.send(inner.files().retrieve("file_1").call()).unwrap());
    poller.call().unwrap();
    assert_eq!(receiver.recv().unwrap().unwrap_err().kind(), ErrorKind::Configuration);
}

#[test]
fn a_panic_of_a_function_that_a_call_runs_goes_on_where_the_call_waits() {
    let run = serde_json::to_value(fixtures::parse_run()).unwrap();
    let stand = Stand::new(move |_| Reply::json(200, &run));
    let poller = || stand.client.parse_runs().retrieve("pr_1").poller().on_update(|_| panic!("in a test"));
    let waits: [&dyn Fn(); 3] = [&|| drop(poller().call()), &|| drop(poller().blocking().next()), &|| {
        drop(stand.client.wait_for(poller().into_future()))
    }];
    for wait in waits {
        let panic = catch_unwind(AssertUnwindSafe(wait)).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"in a test"));
        assert!(stand.client.parse_runs().retrieve("pr_1").call().is_ok(), "the client is of use afterwards");
    }
}

#[test]
fn any_other_future_can_be_waited_for() {
    let stand = Stand::of_files();
    let client = stand.client.clone();
    let names = async move {
        let file = client.files().retrieve("file_1").await?;
        Ok::<_, extend_ai::Error>(file.name)
    };
    assert_eq!(stand.client.wait_for(names).unwrap().unwrap(), fixtures::file().name);
}
