//! Tests calls of the compiled client: requests, responses and errors.

use serde_json::{Value, json};
use workspace_tests::server::{Reply, Server};

use crate::Client;
use crate::generated::resources::pets::AddErrorBody;
use crate::types::{Cat, CounterCountErrorDefault, Pet};

/// Creates a client, and a server with one response.
async fn client_and_server(reply: Reply) -> (Client, Server) {
    let server = Server::start(move |_| reply.clone()).await.unwrap();
    (Client::builder().base_url(server.url()).build().unwrap(), server)
}

/// Returns the typed error body for a response.
async fn error_body(reply: Reply) -> Option<AddErrorBody> {
    let (client, _server) = client_and_server(reply).await;
    let error = client.pets().add(Cat::new("Tom", 9)).await.unwrap_err();
    AddErrorBody::of(&error)
}

#[tokio::test]
async fn error_body_is_chosen_by_the_most_specific_status() {
    let reason = json!({"reason": "no"});
    let resource = json!({"resource": "shop"});
    let list = json!(["a", "b"]);
    let rows: [(u16, &Value, Option<&str>); 8] = [
        (404, &resource, Some("404 shop")),
        (404, &reason, None),
        (400, &reason, Some("4XX no")),
        (499, &reason, Some("4XX no")),
        (500, &list, Some("default a b")),
        (302, &list, Some("default a b")),
        (500, &reason, None),
        // Declared as text, so the schema of `4XX` does not apply.
        (409, &reason, None),
    ];
    for (status, body, expected) in rows {
        let found = error_body(Reply::json(status, body)).await.map(|body| match body {
            AddErrorBody::Status404(missing) => format!("404 {}", missing.resource),
            AddErrorBody::Status4xx(refused) => format!("4XX {}", refused.reason),
            AddErrorBody::StatusDefault(list) => format!("default {}", list.join(" ")),
        });
        assert_eq!(found.as_deref(), expected, "{status} {body}");
    }
}

#[tokio::test]
async fn other_errors_have_no_error_body() {
    // A success that cannot be decoded is an error too, but not a documented one.
    assert!(error_body(Reply::json(200, &json!({"kind": "cat"}))).await.is_none());
    assert!(error_body(Reply::text(500, "text/html", "<html>")).await.is_none());
    let client = Client::builder().base_url("http://127.0.0.1:1").build().unwrap();
    let error = client.pets().add(Cat::new("Tom", 9)).await.unwrap_err();
    assert!(AddErrorBody::of(&error).is_none(), "{error}");
}

#[tokio::test]
async fn subtype_is_sent_with_its_tag_and_decoded_by_it() {
    let kept = json!({"kind": "dog", "name": "Rex", "chip": 7});
    let (client, server) = client_and_server(Reply::json(200, &kept)).await;
    let pet = client.pets().add(Cat::new("Tom", 9)).await.unwrap();
    assert_eq!(server.take_one().unwrap().json().unwrap(), json!({"kind": "cat", "name": "Tom", "lives": 9}));
    assert!(matches!(&pet, Pet::Dog(dog) if dog.name == "Rex"), "{pet:?}");
}

#[tokio::test]
async fn response_without_a_body_is_not_decoded() {
    let nothing = Reply::empty(204);
    let (client, _server) = client_and_server(nothing).await;
    client.pets().remove("1").await.unwrap();
    let (client, server) = client_and_server(Reply::empty(200)).await;
    client.pets().exists("1").await.unwrap();
    assert_eq!(server.take_one().unwrap().method, "HEAD");
}

#[tokio::test]
async fn two_spellings_of_one_path_are_two_calls() {
    let (client, server) = client_and_server(Reply::json(200, &json!(7))).await;
    let (text, number): (String, i64) = (client.get_health().await.unwrap(), client.get_health_2().await.unwrap());
    assert_eq!((text.as_str(), number), ("7", 7));
    let targets: Vec<String> = server.take().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, ["/health", "/health"]);
}

#[tokio::test]
async fn methods_that_are_no_properties_of_older_path_items_are_sent_as_they_are_called() {
    let lines = "{\"kind\":\"dog\",\"name\":\"Rex\"}\n{\"kind\":\"cat\",\"name\":\"Tom\",\"lives\":9}\n";
    let (client, server) = client_and_server(Reply::text(200, "application/jsonl", lines)).await;
    let call = client.pets().search("Rex").kinds(["dog".to_owned(), "cat".to_owned()]).limit(2);
    let mut found = call.await.unwrap();
    let mut names = Vec::new();
    while let Some(pet) = found.next().await {
        names.push(serde_json::to_value(pet.unwrap()).unwrap()["name"].clone());
    }
    assert_eq!(names, ["Rex", "Tom"]);
    let request = server.take_one().unwrap();
    assert_eq!((request.method.as_str(), request.json().unwrap()), ("QUERY", json!({"name": "Rex"})));
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    assert!(query.contains("kinds=dog") && query.contains("limit=2"), "{query}");

    let (client, server) = client_and_server(Reply::json(200, &json!({"kind": "dog", "name": "Rex"}))).await;
    client.pets().copy().await.unwrap();
    let request = server.take_one().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("COPY", "/pets"));
}

#[tokio::test]
async fn bodies_of_text_and_bytes_are_sent_as_they_are() {
    let nothing = Reply::empty(204);
    let (client, server) = client_and_server(nothing).await;
    let write = client.notes().write("1", "Call \"Rex\".");
    write.clone().await.unwrap();
    write.await.unwrap();
    client.notes().attach("1", vec![0, 255]).await.unwrap();
    let sent: Vec<Vec<u8>> = server.take().into_iter().map(|request| request.body).collect();
    assert_eq!(sent, [b"Call \"Rex\".".to_vec(), b"Call \"Rex\".".to_vec(), vec![0, 255]]);
}

#[tokio::test]
async fn media_types_based_on_json_are_sent_and_asked_for() {
    let (client, server) = client_and_server(Reply::json(200, &json!({"r": 1}))).await;
    client.notes().amend("a").text("t").await.unwrap();
    let request = server.take_one().unwrap();
    assert_eq!(request.header("content-type"), ["application/merge-patch+json"]);
    assert_eq!(request.header("accept"), ["application/vnd.note+json;version=2"]);
    assert_eq!(request.json().unwrap(), json!({"text": "t"}));
    let (client, server) = client_and_server(Reply::text(200, "text/csv", "a,b")).await;
    assert_eq!(client.notes().print("a").await.unwrap(), "a,b");
    assert_eq!(server.take_one().unwrap().header("accept"), ["text/csv, */*;q=0.1"]);
}

#[tokio::test]
async fn numbers_and_booleans_in_text_have_their_types() {
    let (client, server) = client_and_server(Reply::text(200, "text/plain", "42\n")).await;
    let count: i64 = client.counter().count().await.unwrap();
    assert_eq!((count, server.take_one().unwrap().header("accept")), (42, vec!["text/plain"]));
    let (client, server) = client_and_server(Reply::text(200, "text/plain", "paused")).await;
    let state: String = client.counter().pause(true).await.unwrap();
    let request = server.take_one().unwrap();
    assert_eq!(
        (state.as_str(), request.header("content-type"), &request.body[..]),
        ("paused", vec!["text/plain"], &b"true"[..])
    );
}

#[tokio::test]
async fn schemas_of_the_default_response_are_read_like_any_other() {
    let (client, _server) = client_and_server(Reply::json(400, &json!({"reason": null, "default": 3}))).await;
    let error = client.counter().count().max_retries(0).await.unwrap_err();
    let body: Option<CounterCountErrorDefault> = error.body_as().unwrap();
    let body = body.unwrap();
    assert_eq!((body.reason.as_deref(), body.default.value()), (None, Some(&3)));
}

#[tokio::test]
async fn request_without_a_body_states_that_its_length_is_zero() {
    let (client, server) = client_and_server(Reply::empty(204)).await;
    client.counter().reset().await.unwrap();
    assert_eq!(server.take_one().unwrap().header("content-length"), ["0"]);
    client.counter().reset().to(30).await.unwrap();
    let request = server.take_one().unwrap();
    assert_eq!((request.header("content-length"), &request.body[..]), (vec!["5"], &b"to=30"[..]));
    client.pets().remove("a").await.unwrap();
    assert!(server.take_one().unwrap().header("content-length").is_empty());
}

#[tokio::test]
async fn stream_is_asked_for_in_the_media_type_of_the_document() {
    let (client, server) = client_and_server(Reply::text(200, "application/jsonl", "")).await;
    client.pets().search("n").send().await.unwrap();
    let expected = "application/jsonl, application/x-ndjson, application/json-seq, application/json";
    assert_eq!(server.take_one().unwrap().header("accept"), [expected]);
}
