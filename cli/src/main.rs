//! The command `extend-ai`: calls operations of the API through the typed client, and verifies deliveries to webhooks.
//!
//! Defines the command line and runs it. Must not know any operation: arguments are read by `arguments` and `webhook`,
//! and `report` writes everything that leaves the process.

mod arguments;
mod report;
mod versions;
mod webhook;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use extend_ai::Client;
use extend_ai::dispatch::{CallError, Outcome, Output};

use crate::versions::Version;

/// Calls operations of the Extend API, for debugging: decodes the arguments into the typed request and prints the typed
/// response as JSON.
#[derive(Parser)]
#[command(name = "extend-ai", version, after_help = ENVIRONMENT)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const ENVIRONMENT: &str = "\
Environment:
  EXTEND_API_KEY         API key
  EXTEND_REGION          region of the API: us, us2 or eu
  EXTEND_BASE_URL        base URL; takes precedence over the region
  EXTEND_WORKSPACE_ID    workspace, needed with an organization key
  EXTEND_API_VERSION     version header of a call with the client of 2026-02-09, instead of that version
  EXTEND_WEBHOOK_SECRET  secret of a webhook endpoint

Exit codes:
  0  the call succeeded
  1  the output could not be written
  2  usage: unknown operation, invalid argument, missing API key or secret, invalid base URL
  3  no response: connection failure or timeout
  4  the API rejected the request (4xx, and any other status that is neither 2xx nor 5xx)
  5  the API failed (5xx)
  6  the response could not be decoded, or the body of a genuine delivery is not an event
  7  a webhook delivery could not be verified
A failed call (3 to 6) prints the error as one JSON object on stderr.";

#[derive(Subcommand)]
enum Command {
    /// Call an operation
    Call(Box<Call>),
    /// List the operations
    Operations(Operations),
    /// Verify webhook deliveries; needs no API key
    #[command(subcommand)]
    Webhook(webhook::Command),
}

/// Arguments of `extend-ai call`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
struct Call {
    /// Operation: "POST /extract_runs", "GET /extract_runs/exr_1" or extract_runs.create
    operation: String,
    /// Path parameter; not percent-encoded
    #[arg(long, value_name = "NAME=VALUE", value_parser = arguments::parse_pair)]
    path: Vec<(String, String)>,
    /// Query parameter: a string, or JSON where the parameter is not a string. Repeat it for a list
    #[arg(long, value_name = "NAME=VALUE", value_parser = arguments::parse_pair)]
    query: Vec<(String, String)>,
    /// Header; replaces the one that the client would send
    #[arg(long, value_name = "NAME=VALUE", value_parser = arguments::parse_pair)]
    header: Vec<(String, String)>,
    /// JSON body: the JSON itself, @FILE, or - for stdin
    #[arg(long, value_name = "JSON|@FILE|-", conflicts_with = "form")]
    body: Option<String>,
    /// Form field: a string, or @FILE
    #[arg(long, value_name = "NAME=VALUE|NAME=@FILE", value_parser = arguments::parse_pair)]
    form: Vec<(String, String)>,
    /// Base URL; takes precedence over EXTEND_BASE_URL and EXTEND_REGION
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// API key; takes precedence over EXTEND_API_KEY, which, unlike this option, other users of the machine cannot see
    #[arg(long, value_name = "KEY")]
    api_key: Option<String>,
    /// Version of the API, whose operations and types are used
    #[arg(long, value_enum, value_name = "VERSION", default_value_t = Version::V20260209)]
    api_version: Version,
    /// Maximum number of retries; 0 disables them
    #[arg(long, value_name = "N")]
    max_retries: Option<u32>,
    /// Print the body as received, even that of an error response; status and headers of a success go to stderr
    #[arg(long)]
    raw: bool,
}

impl Call {
    fn output(&self) -> Output {
        if self.raw { Output::Raw } else { Output::Typed }
    }
}

const EXAMPLES: &str = r#"Examples:
  extend-ai call files.upload --form file=@invoice.pdf
  extend-ai call "POST /extract_runs" --body '{"file": {"id": "file_1"}, "extractor": {"id": "ex_1"}}'
  extend-ai call "GET /extract_runs/exr_1"
  extend-ai call extract_runs.list --query status=PROCESSED --query maxPageSize=5
  extend-ai call "GET /parser_runs/parser_run_1" --api-version 2025-04-21"#;

/// Arguments of `extend-ai operations`.
#[derive(Args)]
struct Operations {
    /// Print a JSON array
    #[arg(long)]
    json: bool,
    /// Version of the API
    #[arg(long, value_enum, value_name = "VERSION", default_value_t = Version::V20260209)]
    api_version: Version,
    /// List only the operations that no other version has
    #[arg(long)]
    only: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Call(call) => {
            let output = call.output();
            match run(*call).await {
                Ok(outcome) => report::print_outcome(&outcome),
                Err(error) => report::print_failure(&error, output),
            }
        }
        Command::Webhook(webhook::Command::Verify(arguments)) => match webhook::verify(arguments) {
            Ok(delivered) => report::print_delivered(&delivered),
            Err(rejection) => report::print_rejection(&rejection),
        },
        Command::Operations(Operations { json, api_version, only }) => {
            let listed = if only { api_version.own_operations() } else { api_version.operations().to_vec() };
            if json { report::print_operations_as_json(&listed) } else { report::print_operations(&listed) }
        }
    }
}

async fn run(mut call: Call) -> Result<Outcome, CallError> {
    let version = call.api_version;
    let found = version.find(&call.operation)?;
    let mut client = Client::builder_from_env()?;
    if let Some(key) = call.api_key.take() {
        client = client.api_key(key);
    }
    if let Some(url) = call.base_url.take() {
        client = client.base_url(url);
    }
    if let Some(most) = call.max_retries {
        client = client.max_retries(most);
    }
    let client = client.build()?;
    let arguments = arguments::collect(found.path, call)?;
    Box::pin(version.call(&client, found.operation, arguments)).await
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn invalid_command_lines_end_with_the_exit_code_for_usage() {
        for line in [
            &["extend-ai"][..],
            &["extend-ai", "call"],
            &["extend-ai", "call", "files.list", "--query", "novalue"],
            &["extend-ai", "call", "files.list", "--path", "=1"],
            &["extend-ai", "call", "files.upload", "--body", "{}", "--form", "a=b"],
            &["extend-ai", "unknown"],
            &["extend-ai", "webhook"],
            &["extend-ai", "webhook", "verify", "--secret", "s", "--timestamp", "1"],
            &["extend-ai", "webhook", "verify", "--timestamp", "1", "--signature", "a", "--max-age", "-1"],
            &["extend-ai", "webhook", "verify", "--timestamp", "1", "--signature", "a", "--now", "later"],
        ] {
            let error = Cli::try_parse_from(line).err().map(|error| error.exit_code());
            assert_eq!(error, Some(2), "{line:?}");
        }
        let line = ["extend-ai", "call", "GET /files", "--body", "-", "--query", "a=b=c", "--raw"];
        assert!(Cli::try_parse_from(line).is_ok());
    }
}
