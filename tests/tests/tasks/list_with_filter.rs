//! Lists the runs of the last seven days that failed on an invoice, newest first.

use std::time::{Duration, SystemTime};

use extend_ai::types::{ExtractRunSummary, ProcessorRunStatus, SortBy, SortDir};
use extend_ai::{Client, Error};
use humantime::Timestamp;

pub(crate) async fn run(client: &Client, now: SystemTime) -> Result<Vec<ExtractRunSummary>, Error> {
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    let call = client.extract_runs().list().status(ProcessorRunStatus::Failed).file_name_contains("invoice");
    let mut runs = call.sort_by(SortBy::CreatedAt).sort_dir(SortDir::Desc).items();
    let mut recent = Vec::new();
    while let Some(run) = runs.next().await {
        let run = run?;
        match run.created_at.parse::<Timestamp>() {
            Ok(created) if now.duration_since(created.into()).is_ok_and(|age| age > week) => break,
            _ => recent.push(run),
        }
    }
    Ok(recent)
}
