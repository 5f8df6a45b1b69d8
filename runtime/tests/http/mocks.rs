//! The mock server with responses of every kind, called by a plain HTTP client.

use sdk_runtime::codegen::serde_json::{self, Value, json};
use sdk_runtime::{Bytes, Deprecation, Operation, Security};
use sdk_runtime::{
    codegen::Mocks,
    testing::{MockServer, Reply},
};

use crate::PROFILE;

const fn operation(id: &'static str, method: &'static str, path: &'static str) -> Operation {
    Operation {
        id,
        method,
        path,
        summary: "",
        deprecated: Deprecation::Current,
        accept: "",
        started: &[],
        security: Security::Default,
    }
}

static GET: Operation = operation("things.get", "GET", "/things/{id}");
static LATEST: Operation = operation("things.latest", "GET", "/things/latest");
static NOTE: Operation = operation("things.note", "GET", "/things/{id}/note");
static PICTURE: Operation = operation("things.picture", "GET", "/things/{id}/picture");
static FOLLOW: Operation = operation("things.follow", "GET", "/things/follow/events");
static EXPORT: Operation = operation("things.export", "GET", "/things/export/lines");
static DELETE: Operation = operation("things.delete", "DELETE", "/things/{id}");
static CHECK: Operation = operation("check", "POST", "/check");
static OPERATIONS: &[&Operation] = &[&GET, &LATEST, &NOTE, &PICTURE, &FOLLOW, &EXPORT, &DELETE, &CHECK];

const THING: &str = "{\n\"id\":\"thing_1\"\n}";

struct Server(MockServer);

impl AsRef<Mocks> for Server {
    fn as_ref(&self) -> &Mocks {
        self.0.as_ref()
    }
}

sdk_runtime::codegen::mocks! { Server;
    things: Things {
        get => json Value, GET, THING;
        latest => json Value, LATEST;
        note => text, NOTE;
        picture => bytes, PICTURE;
        follow => events Value, FOLLOW, THING;
        export => lines Value, EXPORT, THING;
        delete => empty, DELETE;
    }
    {
        check => 201, CHECK, THING;
    }
}

impl Server {
    async fn start() -> Self {
        Self(MockServer::start(&PROFILE, OPERATIONS).await)
    }

    /// Returns status, content type and body of a response.
    async fn ask(&self, operation: &Operation) -> (u16, String, String) {
        let url = format!("{}{}", self.0.url(), operation.path.replace("{id}", "thing_1"));
        let method = operation.method.parse().unwrap();
        let response = reqwest::Client::new().request(method, url).send().await.unwrap();
        let content_type = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), content_type.unwrap_or_default(), response.text().await.unwrap())
    }
}

const TEXT: &str = "text/plain; charset=utf-8";

struct Row {
    operation: &'static Operation,
    status: u16,
    content_type: &'static str,
    body: &'static str,
}

#[tokio::test]
async fn every_kind_of_response_has_a_prepared_one() {
    let server = Server::start().await;
    server.returns_fixtures();
    for Row { operation, status, content_type, body } in [
        Row { operation: &GET, status: 200, content_type: "application/json", body: THING },
        Row { operation: &NOTE, status: 200, content_type: TEXT, body: "text" },
        Row { operation: &PICTURE, status: 200, content_type: "application/octet-stream", body: "bytes" },
        Row {
            operation: &FOLLOW,
            status: 200,
            content_type: "text/event-stream",
            body: "data: {\"id\":\"thing_1\"}\n\n",
        },
        Row { operation: &EXPORT, status: 200, content_type: "application/x-ndjson", body: "{\"id\":\"thing_1\"}\n" },
        Row { operation: &DELETE, status: 204, content_type: "", body: "" },
        Row { operation: &CHECK, status: 201, content_type: "application/json", body: THING },
    ] {
        let expected = (status, content_type.to_owned(), body.to_owned());
        assert_eq!(server.ask(operation).await, expected, "{}", operation.id);
    }
    // There is no prepared value of it, so it stays as it was.
    assert_eq!(server.ask(&LATEST).await.0, 501);
    assert_eq!(server.0.problems(), ["`things.latest` (GET /things/latest) has no mock"]);
}

#[tokio::test]
async fn every_kind_of_response_is_sent_in_its_own_format() {
    let server = Server::start().await;
    let things = server.things();
    things.get().returns(json!({"id": "a"}));
    things.note().returns("a".to_owned());
    things.picture().returns(Bytes::from_static(b"a"));
    things.follow().returns(vec![json!(1), json!({"a": [2]})]);
    things.export().returns(vec![json!(1), json!({"a": [2]})]);
    things.delete().returns(());
    server.check().returns(Reply::json(&[1]).status(202));
    for Row { operation, status, content_type, body } in [
        Row { operation: &GET, status: 200, content_type: "application/json", body: "{\"id\":\"a\"}" },
        Row { operation: &NOTE, status: 200, content_type: TEXT, body: "a" },
        Row { operation: &PICTURE, status: 200, content_type: "application/octet-stream", body: "a" },
        Row {
            operation: &FOLLOW,
            status: 200,
            content_type: "text/event-stream",
            body: "data: 1\n\ndata: {\"a\":[2]}\n\n",
        },
        Row { operation: &EXPORT, status: 200, content_type: "application/x-ndjson", body: "1\n{\"a\":[2]}\n" },
        Row { operation: &DELETE, status: 204, content_type: "", body: "" },
        Row { operation: &CHECK, status: 202, content_type: "application/json", body: "[1]" },
    ] {
        let expected = (status, content_type.to_owned(), body.to_owned());
        assert_eq!(server.ask(operation).await, expected, "{}", operation.id);
    }
}

#[tokio::test]
async fn mock_without_a_response_reports_it() {
    let server = Server::start().await;
    server.things().get().with_path("id", "thing_1").times(1);
    let (status, _, body) = server.ask(&GET).await;
    let message = "the mock of `things.get` with `id` = `thing_1` in the path was told no response";
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, body["message"].as_str()), (501, Some(message)));
    assert_eq!(server.0.problems(), [message]);
}

#[tokio::test]
async fn responses_get_a_request_id_unless_they_have_one() {
    let server = Server::start().await;
    let own = Reply::json(&1).header("X-Demo-Request-Id", "own");
    server.things().get().replies_with(own).returns_fixture();
    let mut found = Vec::new();
    for _ in 0..2 {
        let response = reqwest::get(format!("{}/things/a", server.0.url())).await.unwrap();
        found.push(response.headers()["x-demo-request-id"].to_str().unwrap().to_owned());
    }
    assert_eq!(found, ["own", "req_2"]);
}
