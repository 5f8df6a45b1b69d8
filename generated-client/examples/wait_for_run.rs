//! Parses a file from the web: starts the run, shows its progress, and waits until it has ended. With the ID of a run, waits for
//! that run.
//!
//! `EXTEND_API_KEY=… cargo run -p extend-ai --example wait_for_run -- https://example.com/invoice.pdf`

use std::process::ExitCode;
use std::time::Duration;

use extend_ai::types::{FileFromUrl, ParseRun, ParseRunStatus};
use extend_ai::{Client, Error};

#[tokio::main]
async fn main() -> ExitCode {
    let Some(what) = std::env::args().nth(1) else {
        eprintln!("usage: wait_for_run URL|ID");
        return ExitCode::from(2);
    };
    match wait(&what).await {
        Ok(run) if run.status == ParseRunStatus::Processed => ExitCode::SUCCESS,
        Ok(run) => {
            eprintln!("{} is {}: {:?}", run.id, run.status, run.failure_message);
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            if let Some(id) = error.run_id() {
                eprintln!("the run continues; to wait for it again, pass its ID: {id}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn wait(what: &str) -> Result<ParseRun, Error> {
    let runs = Client::from_env()?.parse_runs();
    if what.starts_with("https://") {
        let call = runs.create(FileFromUrl::new(what));
        return call.poller().max_wait(Duration::from_secs(600)).on_update(show).await;
    }
    runs.attach(what).max_wait(Duration::from_secs(600)).on_update(show).await
}

fn show(run: &ParseRun) {
    println!("{} is {}", run.id, run.status);
}
