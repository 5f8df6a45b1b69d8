//! Names of this machine, and downloads of a client, which go neither to its server nor through its HTTP client.
//!
//! It must not know what becomes of the bytes.

use reqwest::redirect::Policy;
use sdk_runtime::codegen::Core;
use sdk_runtime::{ErrorKind, RequestOptions};

use crate::server::{Reply, Server};
use crate::{KEY, PROFILE, builder, send};

fn port(server: &Server) -> &str {
    server.url().rsplit(':').next().unwrap()
}

/// Clients of an API elsewhere: with the usual HTTP client, and with one that follows every redirect.
fn clients() -> [Core; 2] {
    let elsewhere = || Core::builder(&PROFILE).api_key(KEY);
    let following = reqwest::Client::builder().redirect(Policy::custom(|attempt| attempt.follow())).build().unwrap();
    [elsewhere().build().unwrap(), elsewhere().http_client(following).build().unwrap()]
}

#[tokio::test]
async fn api_on_a_name_below_localhost_is_on_this_machine_whatever_dns_says() {
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    for name in ["localhost", "api.localhost"] {
        let core = builder(&server).base_url(format!("http://{name}:{}", port(&server))).build().unwrap();
        send(&core, RequestOptions::new()).await.unwrap();
    }
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn loop_of_redirects_ends_after_ten_hops_at_most() {
    for core in clients() {
        for status in [302, 307, 308] {
            let server = Server::start(vec![Reply::new(status, &["location: /again"], "")]).await.unwrap();
            assert!(core.download(&format!("{}/file?sig=hunter2", server.url())).bytes().await.is_err());
            let seen = server.seen();
            assert!(seen.len() <= 11, "{}", seen.len());
            assert!(seen.iter().all(|seen| seen.all("referer").is_empty() && seen.all("authorization").is_empty()));
        }
    }
}

#[tokio::test]
async fn every_hop_of_a_download_is_checked() {
    for core in clients() {
        let inner = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
        let to_inner = format!("location: http://0.0.0.0:{}/admin", port(&inner));
        let server = Server::start(vec![Reply::new(302, &[&to_inner], "")]).await.unwrap();
        let error = core.download(&format!("{}/file", server.url())).bytes().await.unwrap_err();
        assert_eq!((error.kind(), inner.seen().len()), (ErrorKind::InvalidRequest, 0), "{error}");
    }
}

#[tokio::test]
async fn redirect_of_the_api_does_not_name_the_request_that_led_to_it() {
    let replies = vec![Reply::new(307, &["location: /moved"], ""), Reply::json(200, "{}")];
    let server = Server::start(replies).await.unwrap();
    let core = builder(&server).build().unwrap();
    send(&core, RequestOptions::new().query("key", "hunter2")).await.unwrap();
    let seen = server.seen();
    assert!(seen.len() == 2 && seen[1].line == "POST /moved" && seen[1].all("referer").is_empty(), "{seen:?}");
}
