//! Tests of security: which credentials each operation is sent, by those that the client has.

use workspace_tests::server::{Reply, Request, Server};

use crate::Client;
use crate::generated::client::ClientBuilder;

/// Calls every operation and returns, for each, what authenticates it.
async fn sent(configure: impl Fn(ClientBuilder) -> ClientBuilder) -> Vec<String> {
    let server = Server::start(|_| Reply::empty(204)).await.unwrap();
    let client: Client = configure(Client::builder().base_url(server.url())).build().unwrap();
    let secure = client.secure();
    secure.runs().await.unwrap();
    secure.health().await.unwrap();
    secure.token().await.unwrap();
    secure.catalog().await.unwrap();
    let both = secure.both().await;
    secure.either().lang("de").await.unwrap();
    let mut sent: Vec<String> = server.take().iter().map(credentials).collect();
    if let Err(error) = both {
        sent.push(error.to_string());
    }
    sent
}

fn credentials(request: &Request) -> String {
    let path = request.target.strip_prefix("/secure/").unwrap();
    let headers = ["authorization", "cookie", "x-key"].into_iter().flat_map(|name| request.header(name));
    std::iter::once(path).chain(headers).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn operation_is_sent_the_credentials_that_it_accepts_and_no_other() {
    let none = ["runs", "health", "token", "catalog", "both", "either lang=de"];
    assert_eq!(sent(|builder| builder).await, none);
    let missing = "secure.both: `GET /secure/both` requires several credentials at once, and the query parameter `key` (environment variable COMPILED_QUERY_KEY) is not configured; nothing was sent";
    let bearer = ["runs Bearer b", "health", "token", "catalog Bearer b", "either lang=de", missing];
    assert_eq!(sent(|builder| builder.api_key("b")).await, bearer);
    assert_eq!(sent(|builder| builder.bearer("b")).await, bearer);
    let all = [
        "runs Bearer b",
        "health",
        "token Basic dTpw",
        "catalog Bearer b",
        "both?key=q Bearer b",
        "either lang=de; sid=s",
    ];
    let configure =
        |builder: ClientBuilder| builder.bearer("b").basic("u", "p").query_key("q").session("s").header_credential("h");
    assert_eq!(sent(configure).await, all);
    let missing = "secure.both: `GET /secure/both` requires several credentials at once, and the header `authorization` with `Bearer` (environment variable COMPILED_API_KEY) is not configured; nothing was sent";
    let other = ["runs", "health", "token", "catalog", "either lang=de h", missing];
    assert_eq!(sent(|builder| builder.query_key("q").header_credential("h")).await, other);
}

#[tokio::test]
async fn provider_is_asked_only_for_operations_that_accept_its_credential() {
    let found = sent(|builder| {
        let builder = builder.bearer_provider(|| async { Ok::<_, std::io::Error>("b") });
        builder.session_provider(|| async { Ok::<_, std::io::Error>("s") })
    })
    .await;
    let expected = ["runs Bearer b", "health", "token", "catalog Bearer b", "either lang=de; sid=s"];
    assert_eq!(found[..5], expected);
    assert!(found[5].contains("the query parameter `key`"), "{found:?}");
}

#[tokio::test]
async fn credential_that_the_user_puts_into_the_request_is_not_missing() {
    let server = Server::start(|_| Reply::empty(204)).await.unwrap();
    let builder = || Client::builder().base_url(server.url());
    builder().bearer("b").build().unwrap().secure().both().query_parameter("key", "q").await.unwrap();
    builder().query_key("q").build().unwrap().secure().both().header("Authorization", "Bearer own").await.unwrap();
    let client = builder().query_key("q").header("Authorization", "Bearer shared").build().unwrap();
    client.secure().both().await.unwrap();
    let sent: Vec<String> = server.take().iter().map(credentials).collect();
    assert_eq!(sent, ["both?key=q Bearer b", "both?key=q Bearer own", "both?key=q Bearer shared"]);
}

#[tokio::test]
async fn no_credential_is_shown_in_an_error() {
    let reply = Reply::text(500, "text/plain", "no hunter2, hunter3 or hunter4");
    let server = Server::start(move |_| reply.clone()).await.unwrap();
    let builder = Client::builder().base_url(server.url()).max_retries(0);
    let client = builder.bearer("hunter2").basic("u", "hunter3").query_key("hunter4").build().unwrap();
    for error in [client.secure().token().await.unwrap_err(), client.secure().both().await.unwrap_err()] {
        assert_eq!(error.message(), "no [redacted], [redacted] or [redacted]");
    }
    assert!(!format!("{client:?}").contains("hunter"));
}
