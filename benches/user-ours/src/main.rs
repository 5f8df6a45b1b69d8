//! The first program of the README. It must not know that its build is measured.

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
