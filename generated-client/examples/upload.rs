//! Uploads a file from disk and starts parsing it.
//!
//! `EXTEND_API_KEY=… cargo run -p extend-ai --example upload -- invoice.pdf`

use std::path::PathBuf;
use std::process::ExitCode;

use extend_ai::{Client, Error};

#[tokio::main]
async fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: upload FILE");
        return ExitCode::from(2);
    };
    match upload_and_parse(path.into()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn upload_and_parse(path: PathBuf) -> Result<(), Error> {
    let client = Client::from_env()?;
    // The file is opened when the request is sent, and read in chunks.
    let file = client.files().upload(path).await?;
    println!("{} is {}", file.name, file.id);
    let run = client.parse_runs().create(&file).await?;
    println!("{} is {}", run.id, run.status);
    Ok(())
}
