//! A program that uses the client, and its tests, in which nothing leaves the machine and polling takes no time.
//!
//! `EXTEND_API_KEY=… cargo run -p extend-ai --features test-util --example test_your_code -- file_1`
//!
//! `cargo test -p extend-ai --features test-util --example test_your_code`

use std::process::ExitCode;

use extend_ai::types::{ExtractorReference, FileFromId, ProcessorRunStatus};
use extend_ai::{Client, Error};

/// Extracts from a file, and returns the link to the run in the dashboard if the extraction succeeded.
async fn extract(client: &Client, file: &str) -> Result<Option<String>, Error> {
    let extractor = ExtractorReference::new("ex_123");
    let run = client.extract_runs().create().extractor(extractor).file(FileFromId::new(file)).wait().await?;
    Ok((run.status == ProcessorRunStatus::Processed).then_some(run.dashboard_url))
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(file) = std::env::args().nth(1) else {
        eprintln!("usage: test_your_code FILE_ID");
        return ExitCode::from(2);
    };
    let result = async { extract(&Client::from_env()?, &file).await };
    match result.await {
        Ok(url) => {
            println!("{}", url.as_deref().unwrap_or("the extraction failed"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use extend_ai::testing::{MockServer, fixtures};
    use extend_ai::types::{ExtractRun, ExtractRunsCreateRequest};

    use super::*;

    fn run(status: ProcessorRunStatus) -> ExtractRun {
        let mut run = fixtures::extract_run();
        run.status = status;
        run
    }

    #[tokio::test]
    async fn successful_run_has_a_link() {
        let done = run(ProcessorRunStatus::Processed);
        let mock = MockServer::start().await;
        mock.extract_runs().create().returns(run(ProcessorRunStatus::Pending));
        // Polled three times: still running, a failure that passes, ended.
        let state = mock.extract_runs().retrieve().with_path("id", &done.id);
        state.returns(run(ProcessorRunStatus::Processing)).fails(503).returns(done.clone()).times(3);

        let url = extract(&mock.client(), "file_1").await.unwrap();
        assert_eq!(url, Some(done.dashboard_url));

        let [sent] = mock.extract_runs().create().requests().try_into().unwrap();
        let body: ExtractRunsCreateRequest = sent.body_as().unwrap();
        assert_eq!(body.file, Some(FileFromId::new("file_1").into()));
        assert!(mock.clock().passed() >= Duration::from_secs(1));
        mock.verify();
    }

    #[tokio::test]
    async fn failed_run_has_no_link() {
        let mock = MockServer::start().await;
        mock.extract_runs().create().returns(run(ProcessorRunStatus::Pending));
        mock.extract_runs().retrieve().returns(run(ProcessorRunStatus::Failed));
        assert_eq!(extract(&mock.client(), "file_1").await.unwrap(), None);
    }

    #[tokio::test]
    async fn rejected_request_is_an_error() {
        let mock = MockServer::start().await;
        mock.extract_runs().create().fails(402);
        assert!(extract(&mock.client(), "file_1").await.unwrap_err().is_payment_required());
    }
}
