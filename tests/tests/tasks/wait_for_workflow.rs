//! Runs a workflow on a file from the web, shows its progress, and waits no longer than ten minutes.

use std::time::Duration;

use extend_ai::types::{FileFromUrl, WorkflowRun};
use extend_ai::{Client, Error};

pub(crate) async fn run(client: &Client, url: &str) -> Result<WorkflowRun, Error> {
    let call = client.workflow_runs().create("wf_123").file(FileFromUrl::new(url));
    call.poller().max_wait(Duration::from_secs(600)).on_update(|run| println!("{} is {}", run.id, run.status)).await
}
