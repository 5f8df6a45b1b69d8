//! Runs a workflow on a file from the web.
//!
//! `EXTEND_API_KEY=… cargo run -p extend-ai --example first_call`

use extend_ai::Client;
use extend_ai::types::FileFromUrl;

#[tokio::main]
async fn main() -> Result<(), extend_ai::Error> {
    let client = Client::from_env()?;
    let run = client
        .workflow_runs()
        .create("wf_1234567890")
        .file(FileFromUrl::new("https://example.com/invoice.pdf"))
        .await?;
    println!("{} is {}", run.id, run.status);
    Ok(())
}
