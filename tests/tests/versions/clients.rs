//! Tests that clients of both versions work side by side, and what they share.

use std::sync::Arc;

use extend_ai::testing::InstantClock;
use extend_ai::types::FileFromUrl;
use extend_ai::{Client, ErrorKind, v2025_04_21};
use serde_json::json;
use workspace_tests::document::Document;
use workspace_tests::sample::{Mode, create_sample};
use workspace_tests::server::{Reply, Request, Server};

const KEY: &str = "sk_test_1234567890";
const URL: &str = "https://example.com/invoice.pdf";

/// Responds to `POST /workflow_runs` in the form of the version that the request asks for.
async fn start_server() -> Server {
    let response = |version: &str| {
        let document = Document::of_version(version).unwrap();
        let operation = document.find("POST", "/workflow_runs").unwrap();
        create_sample(&document, operation.success.schema.unwrap(), Mode::Full)
    };
    let (old, new) = (response("2025-04-21"), response("2026-02-09"));
    let respond = move |request: &Request| match request.header("x-extend-api-version")[..] {
        ["2025-04-21"] => Reply::json(200, &old),
        ["2026-02-09"] => Reply::json(200, &new),
        _ => Reply::json(400, &json!({"code": "INVALID_REQUEST", "message": "which version?"})),
    };
    Server::start(respond).await.unwrap()
}

/// The example of the documentation, in both versions.
async fn run_workflow(new: &Client, old: &v2025_04_21::Client) {
    let run = new.workflow_runs().create("wf_1234567890").file(FileFromUrl::new(URL)).await.unwrap();
    assert!(!run.id.is_empty());

    let file = v2025_04_21::types::WorkflowRunFileInput::new().with_file_url(URL);
    let response = old.workflow_run().create("wf_1234567890").files([file]).await.unwrap();
    assert!(!response.workflow_runs.is_empty());
}

fn sent(server: &Server, header: &str) -> Vec<String> {
    let requests = server.take();
    requests.iter().map(|request| request.header(header).join(",")).collect()
}

#[tokio::test]
async fn both_versions_run_a_workflow_in_one_program_with_the_header_of_each() {
    let server = start_server().await;
    let new = Client::builder().api_key(KEY).base_url(server.url()).build().unwrap();
    let old = v2025_04_21::Client::builder().api_key(KEY).base_url(server.url()).build().unwrap();
    run_workflow(&new, &old).await;
    let requests = server.take();
    let versions: Vec<_> = requests.iter().map(|request| request.header("x-extend-api-version")).collect();
    assert_eq!(versions, [["2026-02-09"], ["2025-04-21"]]);
    let bodies: Vec<_> = requests.iter().map(|request| request.json().unwrap()).collect();
    assert_eq!(bodies[0], json!({"workflow": {"id": "wf_1234567890"}, "file": {"url": URL}}));
    assert_eq!(bodies[1], json!({"workflowId": "wf_1234567890", "files": [{"fileUrl": URL}]}));
}

#[tokio::test]
async fn clients_of_one_core_share_connection_workspace_and_settings_but_not_the_version() {
    let server = start_server().await;
    let builder = Client::builder().api_key(KEY).base_url(server.url());
    let new = builder.workspace_id("ws_1").user_agent_suffix("app/1").build().unwrap();
    let old = v2025_04_21::Client::from_core(&new.core()).unwrap();
    run_workflow(&new, &old).await;
    let requests = server.take();
    for (header, expected) in
        [("x-extend-workspace-id", ["ws_1", "ws_1"]), ("x-extend-api-version", ["2026-02-09", "2025-04-21"])]
    {
        let found: Vec<_> = requests.iter().map(|request| request.header(header).join(",")).collect();
        assert_eq!(found, expected, "{header}");
    }
    for request in &requests {
        assert_eq!(request.header("authorization"), [format!("Bearer {KEY}")]);
        assert!(request.header("user-agent")[0].ends_with(" app/1"));
    }
    assert_eq!(server.connections(), 1);

    // And back, where the version that was set by hand is still that of its client only.
    let new = Client::from_core(&old.core()).unwrap();
    run_workflow(&new, &old).await;
    assert_eq!(sent(&server, "x-extend-api-version"), ["2026-02-09", "2025-04-21"]);
}

#[tokio::test]
async fn clients_of_one_core_share_the_retry_budget() {
    let server = Server::start(|_| Reply::text(503, "text/plain", "")).await.unwrap();
    let builder = Client::builder().api_key(KEY).base_url(server.url()).clock(Arc::new(InstantClock::new()));
    let new = builder.max_retries(1000).build().unwrap();
    let old = v2025_04_21::Client::from_core(&new.core()).unwrap();
    assert_eq!(new.files().list().await.unwrap_err().kind(), ErrorKind::Status);
    assert!(server.take().len() > 50);
    assert_eq!(old.file().list().await.unwrap_err().kind(), ErrorKind::Status);
    assert_eq!(server.take().len(), 1, "the budget was spent by the other client");
}

#[test]
fn blocking_clients_of_both_versions_share_a_core() {
    let builder = Client::builder().api_key(KEY).base_url("http://127.0.0.1:1").max_retries(0);
    let new = builder.build_blocking().unwrap();
    let old = v2025_04_21::blocking::Client::from_core(&new.core()).unwrap();
    let alone = v2025_04_21::blocking::Client::from_core(&old.core()).unwrap();
    for client in [old, alone] {
        let error = extend_ai::blocking::Call::call(client.file().list()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
    }
}
