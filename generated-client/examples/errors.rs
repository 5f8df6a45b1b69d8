//! Retrieves a file and explains a failure.
//!
//! `EXTEND_API_KEY=… cargo run -p extend-ai --example errors -- file_1`

use std::process::ExitCode;

use extend_ai::{Client, Error, ErrorKind};

#[tokio::main]
async fn main() -> ExitCode {
    let id = std::env::args().nth(1).unwrap_or_else(|| "file_1".to_owned());
    match fetch(&id).await {
        Ok(name) => {
            println!("{name}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            explain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn fetch(id: &str) -> Result<String, Error> {
    let file = Client::from_env()?.files().retrieve(id).await?;
    Ok(file.name)
}

fn explain(error: &Error) {
    // One line for people: operation, status, code, message, request ID, advice.
    eprintln!("{error}");
    match error.kind() {
        ErrorKind::Configuration | ErrorKind::InvalidRequest => eprintln!("nothing was sent"),
        ErrorKind::Connect => eprintln!("the connection failed, so nothing was sent"),
        ErrorKind::Timeout | ErrorKind::Transport => eprintln!("the server may have done the work"),
        ErrorKind::Status => {
            eprintln!("code {:?}, may succeed later: {}", error.code(), error.is_retryable());
            if let Some(wait) = error.retry_after() {
                eprintln!("the server asks to wait for {wait:?}");
            }
        }
        ErrorKind::Stream => eprintln!("the server ended the stream with an error: what came before is not all"),
        ErrorKind::Decode | ErrorKind::ResponseTooLarge => {
            let length = error.body().map_or(0, |body| body.len());
            eprintln!("at {:?}; all {length} bytes of the response are in `error.body()`", error.json_path());
        }
        ErrorKind::Credential | ErrorKind::Layer => eprintln!("the code of this program around the call failed"),
        ErrorKind::RepeatedToken => eprintln!("the list would never end"),
        ErrorKind::WaitTimeout => eprintln!("the run continues: {:?}", error.run_id()),
        ErrorKind::Output => eprintln!("the content could not be written"),
        // A later version may have more kinds.
        other => eprintln!("{other}"),
    }
}
