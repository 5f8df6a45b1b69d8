//! Keys from a provider: a fresh one for every attempt, and what becomes of its failures.
//!
//! It must not know how a fixed key is checked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sdk_runtime::codegen::{Core, Placement, Profile};
use sdk_runtime::{ErrorKind, RequestOptions};

use crate::clock::FakeClock;
use crate::server::{Reply, Server};
use crate::{PROFILE, builder, get, send, shown};

#[tokio::test]
async fn every_attempt_asks_for_a_key() {
    let count = Arc::new(AtomicUsize::new(0));
    let provider = move || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        async move { Ok::<_, std::io::Error>(format!("sk_{number}")) }
    };
    let server = Server::start(vec![Reply::json(429, "{}"), Reply::json(200, "{}")]).await.unwrap();
    let core = builder(&server).api_key_provider(provider).build().unwrap();
    send(&core, RequestOptions::new()).await.unwrap();
    send(&core, RequestOptions::new().header("authorization", "Bearer own")).await.unwrap();
    let keys: Vec<_> = server.seen().iter().map(|seen| seen.all("authorization").join(",")).collect();
    assert_eq!(keys, ["Bearer sk_0", "Bearer sk_1", "Bearer own"]);
}

#[tokio::test]
async fn provided_key_goes_where_the_profile_says() {
    let mut profile = PROFILE.clone();
    profile.credential.placement = Placement::Query { name: "key" };
    let profile: &'static Profile = Box::leak(Box::new(profile));
    let server = Server::start(vec![Reply::json(500, "{}"), Reply::json(200, "{}")]).await.unwrap();
    let core = Core::builder(profile).base_url(server.url()).clock(FakeClock::new());
    let core = core.api_key_provider(|| async { Ok::<_, std::io::Error>("sk_1") }).build().unwrap();
    get(&core, RequestOptions::new().query("a", "1")).await.unwrap();
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines, ["GET /things?a=1&key=sk_1"; 2]);
}

#[tokio::test]
async fn failure_of_the_provider_is_the_cause_of_the_error_and_nothing_is_sent() {
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let core = builder(&server).api_key_provider(|| async { Err::<String, _>("the vault is sealed") }).build().unwrap();
    let error = get(&core, RequestOptions::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credential, 1));
    assert_eq!(error.to_string(), "things.get: the provider of the API key failed");
    assert_eq!(error.to_json()["cause"], "the vault is sealed");
    for key in ["sk_hunter2\n", "sk hunter2", ""] {
        let provider = move || async move { Ok::<_, std::io::Error>(key) };
        let core = builder(&server).api_key_provider(provider).build().unwrap();
        let error = get(&core, RequestOptions::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credential);
        assert!(!shown(&error).contains("hunter2"), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn provider_that_hangs_has_the_time_limit_of_the_attempt() {
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let hanging = || std::future::pending::<Result<String, std::io::Error>>();
    let core = builder(&server).api_key_provider(hanging).build().unwrap();
    for (options, text) in [
        (RequestOptions::new(), "gave no API key within 30s"),
        (RequestOptions::new().total_timeout(Duration::from_secs(2)), "within the total time limit of 2s"),
    ] {
        let error = get(&core, options).await.unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
    }
    assert!(server.seen().is_empty());
}
