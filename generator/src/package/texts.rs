//! The texts people read first: README, root of the crate, example. Knows what a crate of ours looks like from outside.

use std::fmt::Write as _;

use crate::line::Generated;

use super::example::Example;
use super::name::PackageName;
use super::prose;

/// What a user imports.
const EXPORTS: &str = "\
// Machine-written; its layout is that of `prettyplease`.
#[rustfmt::skip]
mod generated;

pub use generated::client::{Client, ClientBuilder};
pub use generated::operations::OPERATIONS;
pub use generated::profile::environments;
#[cfg(feature = \"test-util\")]
pub use generated::testing;
pub use generated::{resources, types, webhooks};

pub use sdk_runtime::json::{Constant, Extra, Field, Map, Sensitive, Timestamp};
pub use sdk_runtime::multipart::FilePart;
pub use sdk_runtime::{Bytes, JsonError, decode_json, decode_value};
pub use sdk_runtime::{Environment, Error, ErrorKind, Operation, RawResponse, RequestOptions, Secret, Value};
pub use sdk_runtime::{Attempt, GaveUp, RetryPolicy, Verdict};
pub use sdk_runtime::{Clock, KeyProvider, Pause, ProvidedKey, SystemClock};
pub use sdk_runtime::poll::Batch;
pub use sdk_runtime::{Items, Paged, Pages, PollSchedule, Poller, Watch};
pub use sdk_runtime::{Download, Progress, Response, ResponseParts};
";

/// `src/lib.rs`.
pub(super) fn root(generated: &Generated, name: &PackageName, example: &Example) -> String {
    let mut text = format!("//! Rust client for {}.\n", prose::escaped(prose::title(&generated.facts)));
    let description = prose::first_paragraph(&generated.facts.description);
    if !description.is_empty() {
        text.push_str("//!\n");
    }
    // Writing to a string cannot fail, here and below.
    for line in &description {
        let _ = writeln!(text, "//! {line}");
    }
    let _ = writeln!(text, "//!\n//! # First call\n//!\n//! ```no_run\n//! use {}::Client;\n//!", name.library());
    let _ = writeln!(text, "//! # async fn run() -> Result<(), {}::Error> {{", name.library());
    for line in body(generated, example) {
        let _ = writeln!(text, "//! {line}");
    }
    text.push_str("//! # Ok(())\n//! # }\n//! ```\n//!\n");
    text.push_str(
        "//! Every operation is a method: of a resource, or of [`Client`] itself. What the API requires is an argument,\n\
         //! everything else a setter, and awaiting the builder sends the request.\n//!\n",
    );
    for line in configuration(generated) {
        text.push_str(format!("//! {line}").trim_end());
        text.push('\n');
    }
    text.push_str("//!\n//! # Features\n//!\n//! `rustls` (default) brings TLS.\n\n");
    text.push_str(EXPORTS);
    text
}

/// `README.md`.
pub(super) fn readme(generated: &Generated, name: &PackageName, example: &Example) -> String {
    let (operations, types) = (generated.api.operations.len(), generated.api.types.0.len());
    let mut text = format!("# {name}\n\nRust client for {}.\n", prose::escaped(prose::title(&generated.facts)));
    let description = prose::first_paragraph(&generated.facts.description).join("\n");
    if !description.is_empty() {
        let _ = write!(text, "\n{description}\n");
    }
    let _ = write!(
        text,
        "\nMade from the OpenAPI {} document of the API: operations: {operations}, types: {types}.\n\n```toml\n[dependencies]\n\
         {name} = {{ path = \"…\" }}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n```\n\n\
         ```rust,no_run\nuse {library}::Client;\n\n#[tokio::main]\nasync fn main() -> Result<(), {library}::Error> {{\n",
        generated.facts.openapi,
        library = name.library(),
    );
    for line in body(generated, example) {
        let _ = writeln!(text, "    {line}");
    }
    text.push_str("    Ok(())\n}\n```\n\n## Configuration\n\n");
    for line in
        configuration(generated).iter().filter(|line| !line.starts_with("# ")).skip_while(|line| line.is_empty())
    {
        let _ = writeln!(text, "{line}");
    }
    text.push_str(
        "\n## Where this is from\n\nEverything here is written by `cargo xtask generate`. The next run replaces what it has \
         written and\nkeeps other files. `names.toml` has the Rust names that were published: they stay when the document \
         changes.\n",
    );
    text
}

/// `examples/first_call.rs`.
pub(super) fn example(generated: &Generated, name: &PackageName, example: &Example) -> String {
    let library = name.library();
    let variable = generated.profile.auth.variable.as_ref().map_or_else(String::new, |name| format!("{name}=… "));
    let mut text = format!(
        "//! Makes one call and prints what comes back.\n//!\n//! `{variable}cargo run --example first_call`\n\n\
         use {library}::Client;\n\n#[tokio::main]\nasync fn main() -> Result<(), {library}::Error> {{\n"
    );
    for line in body(generated, example) {
        let _ = writeln!(text, "    {line}");
    }
    text.push_str("    Ok(())\n}\n");
    text
}

/// The statements of an example.
fn body(generated: &Generated, example: &Example) -> Vec<String> {
    let key = generated.profile.auth.variable.as_ref();
    let comment = key.map_or_else(String::new, |name| format!(" // reads {name}"));
    let mut lines = vec![format!("let client = Client::from_env()?;{comment}")];
    match &example.call {
        Some(call) => {
            lines.push(format!("let answer = {call}.await?;"));
            lines.push("println!(\"{answer:?}\");".to_owned());
        }
        None => lines.push("println!(\"{}\", client.base_url());".to_owned()),
    }
    lines
}

/// The variables a client reads.
fn configuration(generated: &Generated) -> Vec<String> {
    let profile = &generated.profile;
    let mut rows = Vec::new();
    let row = |variable: Option<&String>, meaning: &str| variable.map(|name| format!("| `{name}` | {meaning} |"));
    rows.extend(row(profile.auth.variable.as_ref(), "credential, see `ClientBuilder::api_key`"));
    rows.extend(row(profile.client.region_variable.as_ref(), "one of the deployments in `environments`"));
    rows.extend(row(profile.client.base_url_variable.as_ref(), "base URL of your own"));
    for header in &profile.headers {
        rows.extend(row(header.variable.as_ref(), &format!("header `{}`", header.name)));
    }
    let mut lines = vec!["# Configuration".to_owned(), String::new()];
    if profile.environments.is_empty() {
        lines.push("The document names no server: a base URL must be set.".to_owned());
        lines.push(String::new());
    }
    if rows.is_empty() {
        lines.push("`Client::builder` sets everything.".to_owned());
    } else {
        lines.push("`Client::from_env` reads these variables; what is set on a builder wins over them.".to_owned());
        lines.push(String::new());
        lines.push("| variable | meaning |".to_owned());
        lines.push("|---|---|".to_owned());
        lines.extend(rows);
    }
    lines
}
