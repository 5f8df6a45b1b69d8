//! Tests that runs of the older version are polled, whose state is the status alone or the run in full.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use extend_ai::testing::InstantClock;
use extend_ai::{Value, v2025_04_21};
use serde_json::json;
use v2025_04_21::types::{EditRunOrStatus, FileInput, ParserRunOrStatus};
use workspace_tests::document::Document;
use workspace_tests::sample::{Mode, create_sample};
use workspace_tests::server::{Reply, Request, Server};

const RUN: &str = "run_1";

/// A run that is started, is pending once, and has then ended.
struct Run {
    /// The path of the call that starts it.
    start: &'static str,
    /// The template of the path of its state.
    state: &'static str,
    /// The property of the response that contains it.
    property: &'static str,
    /// The schemas of its status alone, and of the run in full.
    schemas: [&'static str; 2],
}

const PARSE: Run = Run {
    start: "/parse/async",
    state: "/parser_runs/{id}",
    property: "parserRun",
    schemas: ["ParserRunStatus", "ParserRun"],
};
const EDIT: Run =
    Run { start: "/edit/async", state: "/edit_runs/{id}", property: "editRun", schemas: ["EditRunStatus", "EditRun"] };

async fn start_server(run: &'static Run, last: Value) -> (Server, v2025_04_21::Client) {
    let document = Document::of_version("2025-04-21").unwrap();
    let pending = state(&document, run.schemas[0], "PROCESSING");
    let state_path = run.state.replace("{id}", RUN);
    let polls = AtomicUsize::new(0);
    let respond = move |request: &Request| {
        if request.target == run.start {
            return Reply::json(200, &pending);
        }
        assert_eq!(request.target, state_path);
        let state = if polls.fetch_add(1, Ordering::Relaxed) == 0 { &pending } else { &last };
        Reply::json(200, &json!({"success": true, run.property: state}))
    };
    let server = Server::start(respond).await.unwrap();
    let builder = v2025_04_21::Client::builder().api_key("sk_test").base_url(server.url());
    let client = builder.clock(Arc::new(InstantClock::new())).build().unwrap();
    (server, client)
}

/// A sample of a schema with the ID of the run and a status.
fn state(document: &Document, schema: &str, status: &str) -> Value {
    let mut sample = create_sample(document, document.component(schema).unwrap(), Mode::Full);
    sample["id"] = json!(RUN);
    sample["status"] = json!(status);
    sample
}

fn full(run: &Run) -> Value {
    state(&Document::of_version("2025-04-21").unwrap(), run.schemas[1], "PROCESSED")
}

#[tokio::test]
async fn parse_is_started_and_waited_for_until_the_run_is_complete() {
    let (server, client) = start_server(&PARSE, full(&PARSE)).await;
    let response = client.parse_async(FileInput::new()).wait().await.unwrap();
    let ParserRunOrStatus::ParserRun(run) = response.parser_run else { panic!("{response:?}") };
    assert_eq!((run.id.as_str(), run.status.as_str()), (RUN, "PROCESSED"));
    assert_eq!(server.take().len(), 3);
}

#[tokio::test]
async fn edit_is_started_and_waited_for_until_the_run_is_complete() {
    let (server, client) = start_server(&EDIT, full(&EDIT)).await;
    let response = client.edit().create_async().file(FileInput::new()).wait().await.unwrap();
    let EditRunOrStatus::EditRun(run) = response.edit_run else { panic!("{response:?}") };
    assert_eq!((run.id.as_str(), run.status.as_str()), (RUN, "PROCESSED"));
    assert_eq!(server.take().len(), 3);
}

#[tokio::test]
async fn run_is_polled_by_its_id_and_may_end_as_a_status_alone() {
    let failed = state(&Document::of_version("2025-04-21").unwrap(), PARSE.schemas[0], "FAILED");
    let (server, client) = start_server(&PARSE, failed).await;
    let response = client.parser_run().attach(RUN).await.unwrap();
    assert_eq!(response.parser_run.status().map(|status| status.as_str()), Some("FAILED"));
    assert_eq!(server.take().len(), 2);
}

#[tokio::test]
async fn state_of_an_unknown_form_is_pending_or_ended_by_its_status() {
    let unknown = |status: &str| json!({"object": "parser_run_v3", "id": RUN, "status": status});
    let (_server, client) = start_server(&PARSE, unknown("PROCESSED")).await;
    let response = client.parser_run().attach(RUN).await.unwrap();
    assert_eq!(response.parser_run, ParserRunOrStatus::Unknown(unknown("PROCESSED")));

    let (_server, client) = start_server(&PARSE, unknown("PROCESSING")).await;
    let error = client.parser_run().attach(RUN).max_wait(Duration::from_secs(60)).await.unwrap_err();
    assert_eq!((error.is_timeout(), error.run_id()), (true, Some(RUN)), "{error}");
}
