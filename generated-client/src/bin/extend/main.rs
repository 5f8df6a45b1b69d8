//! The `extend` command: calls operations of the API from the command line, through the typed client, and checks deliveries to
//! webhooks.
//!
//! Holds the command line and the flow; must not know any operation. Arguments are read in `arguments` and `webhook`,
//! everything that leaves the process goes through `report`.

mod arguments;
mod report;
mod webhook;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use extend_ai::{Client, OPERATIONS};
use sdk_runtime::dispatch::{self, CallError, Outcome, Output};

/// Calls operations of the Extend API, for debugging: arguments are decoded into the typed request, and the typed answer
/// is printed as JSON.
#[derive(Parser)]
#[command(name = "extend", version, after_help = ENVIRONMENT)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const ENVIRONMENT: &str = "\
Environment:
  EXTEND_API_KEY         API key
  EXTEND_REGION          region of the API: us, us2 or eu
  EXTEND_BASE_URL        base URL; beats the region
  EXTEND_WORKSPACE_ID    workspace, needed with an organization key
  EXTEND_API_VERSION     version of the API
  EXTEND_WEBHOOK_SECRET  secret of a webhook endpoint

Exit codes:
  0  the call succeeded
  1  the output could not be written
  2  usage: unknown operation, argument that does not fit, missing key, invalid base URL
  3  no answer: connection, time limit
  4  the API refused the call (4xx and other statuses that are no success)
  5  the API failed (5xx)
  6  the answer could not be decoded, or the body of a genuine delivery is no event
  7  a delivery to a webhook could not be verified
Failed calls (3 to 6) print the error as one JSON object on stderr.";

#[derive(Subcommand)]
enum Command {
    /// Call an operation
    Call(Box<Call>),
    /// List the operations
    Operations(Operations),
    /// Check deliveries to webhooks; needs no API key
    #[command(subcommand)]
    Webhook(webhook::Command),
}

/// What to call, and with what.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
struct Call {
    /// Operation: "POST /extract_runs", "GET /extract_runs/exr_1" or extract_runs.create
    operation: String,
    /// Path parameter; not percent-encoded
    #[arg(long, value_name = "NAME=VALUE", value_parser = arguments::pair)]
    path: Vec<(String, String)>,
    /// Query parameter; a text, or JSON where the parameter is no text. Again for a list
    #[arg(long, value_name = "NAME=VALUE", value_parser = arguments::pair)]
    query: Vec<(String, String)>,
    /// Header; replaces one the client would send
    #[arg(long, value_name = "NAME=VALUE", value_parser = arguments::pair)]
    header: Vec<(String, String)>,
    /// JSON body: the text itself, @FILE, or - for stdin
    #[arg(long, value_name = "JSON|@FILE|-", conflicts_with = "form")]
    body: Option<String>,
    /// Form field: a text, or a file after @
    #[arg(long, value_name = "NAME=VALUE|NAME=@FILE", value_parser = arguments::pair)]
    form: Vec<(String, String)>,
    /// Base URL; beats EXTEND_BASE_URL and EXTEND_REGION
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// API key; beats EXTEND_API_KEY, which other users of the machine cannot see
    #[arg(long, value_name = "KEY")]
    api_key: Option<String>,
    /// Attempts after the first one that fails in a way that may pass; 0 for none
    #[arg(long, value_name = "N")]
    max_retries: Option<u32>,
    /// Print the body as received, also that of an error; status and headers of a success on stderr
    #[arg(long)]
    raw: bool,
}

impl Call {
    fn output(&self) -> Output {
        if self.raw { Output::Raw } else { Output::Typed }
    }
}

const EXAMPLES: &str = r#"Examples:
  extend call files.upload --form file=@invoice.pdf
  extend call "POST /extract_runs" --body '{"file": {"id": "file_1"}, "extractor": {"id": "ex_1"}}'
  extend call "GET /extract_runs/exr_1"
  extend call extract_runs.list --query status=PROCESSED --query maxPageSize=5"#;

/// How to list the operations.
#[derive(Args)]
struct Operations {
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Call(call) => {
            let output = call.output();
            match run(*call).await {
                Ok(outcome) => report::outcome(&outcome),
                Err(error) => report::failure(&error, output),
            }
        }
        Command::Webhook(webhook::Command::Verify(arguments)) => match webhook::verify(arguments) {
            Ok(event) => report::event(&event),
            Err(refusal) => report::refusal(&refusal),
        },
        Command::Operations(Operations { json: true }) => report::operations_json(OPERATIONS),
        Command::Operations(Operations { json: false }) => report::operations(OPERATIONS),
    }
}

async fn run(mut call: Call) -> Result<Outcome, CallError> {
    let found = dispatch::find(OPERATIONS, &call.operation)?;
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
    let arguments = arguments::gather(found.path, call)?;
    Box::pin(extend_ai::dispatch::call(&client, found.operation, arguments)).await
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn bad_command_lines_are_refused_with_the_code_for_usage() {
        for line in [
            &["extend"][..],
            &["extend", "call"],
            &["extend", "call", "files.list", "--query", "novalue"],
            &["extend", "call", "files.list", "--path", "=1"],
            &["extend", "call", "files.upload", "--body", "{}", "--form", "a=b"],
            &["extend", "unknown"],
            &["extend", "webhook"],
            &["extend", "webhook", "verify", "--secret", "s", "--timestamp", "1"],
            &["extend", "webhook", "verify", "--timestamp", "1", "--signature", "a", "--max-age", "-1"],
            &["extend", "webhook", "verify", "--timestamp", "1", "--signature", "a", "--now", "later"],
        ] {
            let error = Cli::try_parse_from(line).err().map(|error| error.exit_code());
            assert_eq!(error, Some(2), "{line:?}");
        }
        let line = ["extend", "call", "GET /files", "--body", "-", "--query", "a=b=c", "--raw"];
        assert!(Cli::try_parse_from(line).is_ok());
    }
}
