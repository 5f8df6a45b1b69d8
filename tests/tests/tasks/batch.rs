//! Extracts from many files as one batch, and collects the results.

use extend_ai::types::{BatchInput, ExtractRun, FileFromId};
use extend_ai::{Client, Error};

pub(crate) async fn run(client: &Client, files: &[&str]) -> Result<Vec<ExtractRun>, Error> {
    let inputs = files.iter().map(|id| BatchInput::new(FileFromId::new(*id)));
    let batch = client.extract_runs().create_batch("ex_123", inputs).wait().await?;
    println!("{} is {}", batch.id, batch.status);

    let mut summaries = client.extract_runs().list().batch_id(batch.id).items();
    let mut runs = Vec::new();
    while let Some(summary) = summaries.next().await {
        runs.push(client.extract_runs().retrieve(summary?.id).await?);
    }
    Ok(runs)
}
