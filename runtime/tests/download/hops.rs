//! Where a download goes: redirects, proxies and names of this machine.
//!
//! It must not know what becomes of the bytes.

use reqwest::redirect::Policy;
use sdk_runtime::{Download, ErrorKind};

use crate::server::{Ending, Server};

const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

/// Set in a process of its own, which has a proxy in its environment: the link to download there.
const CHILD_LINK: &str = "DOWNLOAD_TEST_LINK";

async fn responding(responses: &[&str]) -> Server {
    Server::start(responses, Ending::Close).await.unwrap()
}

fn redirect(status: u16, target: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n")
}

fn port(server: &Server) -> &str {
    server.url().rsplit(':').next().unwrap()
}

/// No client, and clients of a user with every kind of redirect policy.
fn clients() -> Vec<Option<reqwest::Client>> {
    let policies = [Policy::none(), Policy::default(), Policy::limited(3), Policy::custom(|attempt| attempt.follow())];
    let own = policies.map(|policy| Some(reqwest::Client::builder().redirect(policy).build().unwrap()));
    std::iter::once(None).chain(own).collect()
}

#[tokio::test]
async fn every_hop_is_checked_whatever_the_http_client_follows() {
    for client in clients() {
        for status in [301, 302, 303, 307, 308] {
            let inner = responding(&[HELLO]).await;
            let server = responding(&[&redirect(status, &format!("http://0.0.0.0:{}/admin", port(&inner)))]).await;
            let download = Download::new(client.clone(), &format!("{}/file?sig=hunter2", server.url()));
            let error = download.bytes().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
            assert!(inner.heads().is_empty() && server.heads().len() == 1, "{client:?}");
        }
    }
}

#[tokio::test]
async fn no_hop_names_the_link_that_led_to_it() {
    for client in clients() {
        let storage = responding(&[HELLO]).await;
        let server = responding(&[&redirect(302, &format!("{}/stored", storage.url()))]).await;
        let download = Download::new(client, &format!("{}/file?sig=hunter2", server.url()));
        assert_eq!(download.bytes().await.unwrap(), "hello");
        let heads = storage.heads();
        assert!(heads.len() == 1 && !heads[0].to_lowercase().contains("referer"), "{heads:?}");
        assert!(!heads[0].contains("hunter2"), "{heads:?}");
    }
}

#[tokio::test]
async fn loop_of_redirects_ends_after_ten_hops_at_most() {
    for client in clients() {
        for status in [302, 307, 308] {
            let server = responding(&[&redirect(status, "/again")]).await;
            let download = Download::new(client.clone(), &format!("{}/file", server.url()));
            assert!(download.bytes().await.is_err());
            assert!(server.heads().len() <= 11, "{}", server.heads().len());
        }
    }
}

#[tokio::test]
async fn plain_link_on_this_machine_never_goes_through_a_proxy_of_the_http_client() {
    let (server, proxy) =
        (responding(&[HELLO]).await, responding(&["HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged"]).await);
    for policy in [Policy::none(), Policy::default()] {
        let client = reqwest::Client::builder().proxy(reqwest::Proxy::all(proxy.url()).unwrap()).redirect(policy);
        let download = Download::new(Some(client.build().unwrap()), &format!("{}/file", server.url()));
        assert_eq!(download.bytes().await.unwrap(), "hello");
    }
    assert!(proxy.heads().is_empty());
}

/// Runs in the child process of the next test.
#[tokio::test]
async fn link_of_the_environment_is_downloaded() {
    if let Ok(link) = std::env::var(CHILD_LINK) {
        assert_eq!(Download::new(None, &link).bytes().await.unwrap(), "hello");
    }
}

#[tokio::test]
async fn plain_link_on_this_machine_never_goes_through_a_proxy_of_the_environment() {
    let (server, proxy) =
        (responding(&[HELLO]).await, responding(&["HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged"]).await);
    let (link, proxy_url) = (format!("{}/file", server.url()), proxy.url().to_owned());
    let child = tokio::task::spawn_blocking(move || {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "hops::link_of_the_environment_is_downloaded"]).env(CHILD_LINK, link);
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            command.env(name, &proxy_url);
        }
        command.env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap()
    });
    let output = child.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!((server.heads().len(), proxy.heads().len()), (1, 0));
}

#[tokio::test]
async fn names_below_localhost_are_this_machine_whatever_dns_says() {
    let server = responding(&[HELLO]).await;
    for name in ["localhost", "files.localhost", "a.b.localhost"] {
        let download = Download::new(None, &format!("http://{name}:{}/file", port(&server)));
        assert_eq!(download.bytes().await.unwrap(), "hello", "{name}");
    }
}

#[tokio::test]
async fn private_addresses_are_refused_where_only_public_ones_are_wanted() {
    for client in clients() {
        for link in ["https://10.0.0.1/x", "https://169.254.169.254/x", "https://[fd00:ec2::254]/x"] {
            let error = Download::new(client.clone(), link).public_only().bytes().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{link}");
        }
        let server = responding(&[&redirect(302, "https://169.254.169.254/latest"), HELLO]).await;
        let link = format!("{}/file", server.url());
        let error = Download::new(client.clone(), &link).public_only().bytes().await.unwrap_err();
        assert!(error.to_string().contains("not on the public Internet"), "{error}");
        assert_eq!(Download::new(client, &link).public_only().bytes().await.unwrap(), "hello");
    }
}

#[tokio::test]
async fn name_with_a_private_address_is_refused_where_only_public_ones_are_wanted() {
    // The name of this machine usually resolves to a private address, or to a loopback one.
    let Ok(name) = std::fs::read_to_string("/proc/sys/kernel/hostname") else { return };
    let name = name.trim();
    let Ok(mut found) = tokio::net::lookup_host((name, 1)).await else { return };
    let private = |address: std::net::SocketAddr| match address.ip() {
        std::net::IpAddr::V4(address) => address.is_private() || address.is_loopback(),
        std::net::IpAddr::V6(address) => address.is_unique_local() || address.is_loopback(),
    };
    if found.any(private) {
        for client in [None, Some(reqwest::Client::builder().redirect(Policy::none()).build().unwrap())] {
            let error = Download::new(client, &format!("https://{name}:1/x")).public_only().bytes().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        }
    }
}

#[tokio::test]
async fn error_response_that_trickles_in_ends_in_time() {
    let server = Server::start(&["HTTP/1.1 403 No\r\ncontent-length: 900\r\n\r\n<Error>"], Ending::Hold).await.unwrap();
    let idle = std::time::Duration::from_secs(2);
    let link = format!("{}/file", server.url());
    let error = Download::new(None, &link).idle_timeout(idle).bytes().await.unwrap_err();
    assert!(error.is_forbidden() && error.body().is_some_and(|body| body.starts_with(b"<Error>")), "{error}");
}
