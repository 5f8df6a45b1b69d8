//! The first program of the README on bare reqwest, with hand-written types. It must not know that its build is measured.

use std::env;
use std::error::Error;
use std::time::Duration;

use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Create<'a> {
    workflow: Reference<'a>,
    file: FileFromUrl<'a>,
}

#[derive(Serialize)]
struct Reference<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct FileFromUrl<'a> {
    url: &'a str,
}

#[derive(Deserialize)]
struct WorkflowRun {
    id: String,
    status: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let key = env::var("EXTEND_API_KEY")?;
    let client = reqwest::Client::builder().timeout(Duration::from_secs(300)).build()?;
    let body = Create {
        workflow: Reference { id: "wf_1234567890" },
        file: FileFromUrl { url: "https://example.com/invoice.pdf" },
    };
    let request = client
        .post("https://api.extend.ai/workflow_runs")
        .bearer_auth(key)
        .header("x-extend-api-version", "2026-02-09")
        .json(&body);
    let run: WorkflowRun = request.send().await?.error_for_status()?.json().await?;
    println!("{} is {}", run.id, run.status);
    Ok(())
}
