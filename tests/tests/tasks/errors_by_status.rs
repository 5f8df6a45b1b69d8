//! Decides by the status of an error what a person has to do.

use extend_ai::types::FileFromId;
use extend_ai::{Client, ErrorKind};

pub(crate) async fn run(client: &Client, file: &str) -> String {
    let error = match client.parse_runs().create(FileFromId::new(file)).await {
        Ok(run) => return format!("started {}", run.id),
        Err(error) => error,
    };
    match error.status().map(|status| status.as_u16()) {
        Some(401 | 403) => "check the API key".to_owned(),
        Some(402) => "buy credits".to_owned(),
        Some(404) => format!("upload {file} again"),
        Some(429) => format!("wait for {:?}", error.retry_after()),
        Some(500..) => format!("report {}", error.request_id().unwrap_or("the time")),
        Some(_) => format!("fix the request: {}", error.message()),
        None if error.kind() == ErrorKind::Timeout => "look whether the run was started".to_owned(),
        None => error.to_string(),
    }
}
