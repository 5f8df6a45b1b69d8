//! Deletes a file that may still be in use: retries a conflict after two seconds, up to five times.

use std::time::Duration;

use extend_ai::{Client, Error, RetryPolicy, StatusCode, Verdict};

pub(crate) async fn run(client: &Client, file: &str) -> Result<(), Error> {
    let policy = RetryPolicy::custom(|attempt| match attempt.error().status() {
        Some(StatusCode::CONFLICT) => Verdict::RetryAfter(Duration::from_secs(2)),
        _ => attempt.by_default(),
    });
    client.files().delete(file).retry(policy).max_retries(5).await?;
    Ok(())
}
