//! Uploads an invoice, extracts from it, and returns what was found.

use std::path::Path;

use extend_ai::types::ExtractOutput;
use extend_ai::{Client, Error};

pub(crate) async fn run(client: &Client, invoice: &Path) -> Result<Option<ExtractOutput>, Error> {
    let file = client.files().upload(invoice).await?;
    let run = client.extract_runs().create().extractor("ex_123").file(file).wait().await?;
    println!("{} is {}: {:?}", run.id, run.status, run.failure_message);
    Ok(run.output)
}
