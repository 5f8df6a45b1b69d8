//! Lists all files, page after page; after an error, prints the token to resume at.
//!
//! `EXTEND_API_KEY=… cargo run -p extend-ai --example list_pages [TOKEN]`

use std::process::ExitCode;

use extend_ai::types::SortDir;
use extend_ai::{Client, Error};

#[tokio::main]
async fn main() -> ExitCode {
    match list(std::env::args().nth(1)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn list(token: Option<String>) -> Result<(), Error> {
    let client = Client::from_env()?;
    let mut call = client.files().list().sort_dir(SortDir::Asc).max_page_size(100);
    if let Some(token) = token {
        call = call.next_page_token(token);
    }
    let mut files = call.items();
    while let Some(file) = files.next().await {
        match file {
            Ok(file) => println!("{}  {}", file.id, file.name),
            Err(error) => {
                eprintln!("to resume, pass this token: {:?}", files.page_token());
                return Err(error);
            }
        }
    }
    Ok(())
}
