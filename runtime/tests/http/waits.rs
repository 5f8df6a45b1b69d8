//! Waiting for a run of a made-up API, when the connection or the server fails below HTTP.
//!
//! Time is tokio's paused time, for the client's limits and for the pauses between questions alike.

use std::time::{Duration, Instant, SystemTime};

use sdk_runtime::codegen::{CallFuture, Core, CoreBuilder};
use sdk_runtime::{Clock, ErrorKind, Pause, Poller, RequestOptions, RetryPolicy};
use serde::Deserialize;

use crate::server::{Reply, Server};
use crate::{GET, builder, get};

/// Shows tokio's time.
#[derive(Debug)]
struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep(&self, pause: Duration) -> Pause {
        Box::pin(tokio::time::sleep(pause))
    }

    fn random(&self) -> f64 {
        0.5
    }
}

/// A run.
#[derive(Debug, Deserialize)]
struct Run {
    status: String,
}

/// Asks for a run, the way generated code does.
#[derive(Clone)]
struct Retrieve {
    core: Core,
    options: RequestOptions,
    id: String,
}

impl IntoFuture for Retrieve {
    type Output = Result<Run, sdk_runtime::Error>;
    type IntoFuture = CallFuture<Run>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { get(&self.core, self.options).await?.decode() })
    }
}

sdk_runtime::codegen::pollable! {
    state Retrieve => Run, GET, id, |run| run.status
}

fn retrieve(server: &Server, configure: impl FnOnce(CoreBuilder) -> CoreBuilder) -> Retrieve {
    let builder = builder(server).clock(std::sync::Arc::new(TokioClock)).retry(RetryPolicy::none());
    let (core, id) = (configure(builder).build().unwrap(), "run_1".to_owned());
    Retrieve { core, options: RequestOptions::new(), id }
}

fn status_reply(status: &str) -> Reply {
    Reply::json(200, &format!(r#"{{"status":"{status}"}}"#))
}

#[tokio::test(start_paused = true)]
async fn broken_connections_and_silence_do_not_end_a_wait() {
    let cut = Reply::Raw(b"HTTP/1.1 200 X\r\ncontent-length: 99\r\n\r\n{".to_vec());
    let replies = vec![status_reply("PENDING"), Reply::Raw(Vec::new()), cut, Reply::Silence, status_reply("DONE")];
    let server = Server::start(replies).await.unwrap();
    assert_eq!(retrieve(&server, |builder| builder).wait().await.unwrap().status, "DONE");
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn nobody_to_connect_to_ends_a_wait_after_ten_questions() {
    let server = Server::start(vec![status_reply("PENDING")]).await.unwrap();
    // A port that nothing listens on.
    let call = retrieve(&server, |builder| builder.base_url("http://127.0.0.1:9"));
    let began = tokio::time::Instant::now();
    let error = call.wait().await.unwrap_err();
    assert_eq!((error.kind(), error.run_id()), (ErrorKind::Connect, Some("run_1")));
    assert_eq!(error.last_status(), None);
    assert_eq!(began.elapsed().as_secs(), 9);
}

#[tokio::test(start_paused = true)]
async fn server_that_falls_silent_does_not_hold_a_wait_beyond_its_time() {
    // The last question gets ten seconds, even when it is asked right before the end.
    for (most, least, longest) in [(25, 25, 26), (3, 11, 12)] {
        let server = Server::start(vec![status_reply("PENDING"), Reply::Silence]).await.unwrap();
        let began = tokio::time::Instant::now();
        let error =
            Poller::new(retrieve(&server, |builder| builder)).max_wait(Duration::from_secs(most)).await.unwrap_err();
        assert_eq!((error.kind(), error.run_id()), (ErrorKind::WaitTimeout, Some("run_1")));
        let seconds = began.elapsed().as_secs();
        assert!((least..=longest).contains(&seconds), "{most}: {seconds} s");
    }
}

#[tokio::test(start_paused = true)]
async fn options_of_a_wait_keep_those_of_its_call() {
    let server = Server::start(vec![status_reply("PENDING"), status_reply("DONE")]).await.unwrap();
    let mut call = retrieve(&server, |builder| builder);
    call.options = RequestOptions::new().header("x-demo-workspace", "w1").header("x-demo-version", "1");
    let more = RequestOptions::new().timeout(Duration::from_secs(9)).header("X-Demo-Version", "2");
    call.poller().options(more).await.unwrap();
    for request in server.seen() {
        assert_eq!(request.all("x-demo-workspace"), ["w1"]);
        assert_eq!(request.all("x-demo-version"), ["2"]);
    }
    assert_eq!(server.seen().len(), 2);
}
