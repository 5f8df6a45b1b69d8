//! The texts people read first: README, root of the crate, example. Knows what a crate of ours looks like from outside.

use std::fmt::Write as _;

use crate::emit::url_functions;
use crate::markdown;
use crate::pipeline::Generated;
use crate::profile::{AuthScheme, Profile};

use super::example::Example;
use super::name::PackageName;
use super::{depth, letters, prose};

/// What a user imports.
const EXPORTS: &str = "\
// Machine-written; its layout is that of `prettyplease`.
#[rustfmt::skip]
mod generated;

#[cfg(feature = \"blocking\")]
pub use generated::blocking;
#[cfg(feature = \"client\")]
pub use generated::client::{Client, ClientBuilder};
#[cfg(feature = \"client\")]
pub use generated::operations::OPERATIONS;
#[cfg(feature = \"client\")]
pub use generated::profile::environments;
#[cfg(feature = \"test-util\")]
pub use generated::testing;
#[cfg(feature = \"client\")]
pub use generated::resources;
pub use generated::{types, webhooks};

pub use sdk_runtime::json::{Constant, Extra, Field, Map, Sensitive, Timestamp};
pub use sdk_runtime::FilePart;
pub use sdk_runtime::{Bytes, HeaderMap, JsonError, Secret, StatusCode, Value, decode_json, decode_value};
#[cfg(feature = \"client\")]
pub use sdk_runtime::{Environment, Error, ErrorKind, Operation, RawResponse, RequestOptions};
#[cfg(feature = \"client\")]
pub use sdk_runtime::{Attempt, GaveUp, RetryPolicy, Verdict};
#[cfg(feature = \"client\")]
pub use sdk_runtime::{Clock, KeyProvider, Pause, ProvidedKey, SystemClock};
#[cfg(feature = \"client\")]
pub use sdk_runtime::Batch;
#[cfg(feature = \"tower\")]
pub use sdk_runtime::tower;
#[cfg(feature = \"client\")]
pub use sdk_runtime::{Items, Pages, Paginated, PollSchedule, Pollable, Poller};
#[cfg(feature = \"client\")]
pub use sdk_runtime::{Download, Progress, Response, ResponseParts};
";

/// For names with letters of other scripts: warnings that only count at the root of a crate.
const LETTERS: &str = "\
#![allow(
    confusable_idents,
    mixed_script_confusables,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    uncommon_codepoints,
    reason = \"names have the letters of the document\"
)]

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
    let _ = writeln!(text, "//!\n//! # First call\n//!\n//! ```no_run");
    if let Some(line) = limit(generated) {
        let _ = writeln!(text, "//! # {line}");
    }
    let _ = writeln!(text, "//! use {}::Client;\n//!", name.library());
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
    let _ = write!(text, "//!\n//! # Features\n//!\n//! {}\n\n", features(generated));
    if let Some(line) = limit(generated) {
        let _ = writeln!(
            text,
            "// The types of this API contain each other deeper than the compiler follows by itself.\n{line}\n"
        );
    }
    if letters::foreign_letters(&generated.api, &generated.profile) {
        text.push_str(LETTERS);
    }
    text.push_str(EXPORTS);
    let dispatch = generated.profile.client.dispatch_feature.as_str();
    let _ = write!(
        text,
        "\n/// Calls by name, from text arguments, as a command line has them.\n///\n/// ```no_run\n\
         /// # async fn run(client: &{library}::Client) -> Result<(), Box<dyn std::error::Error>> {{\n\
         /// use {library}::dispatch::{{Arguments, Output, call, find}};\n///\n\
         /// let found = find({library}::OPERATIONS, \"GET /things/{{id}}\")?;\n\
         /// let arguments = Arguments::new(Output::Typed).path(\"id\", \"thing_1\");\n\
         /// println!(\"{{:?}}\", call(client, found.operation, arguments).await?);\n\
         /// # Ok(())\n/// # }}\n/// ```\n#[cfg(feature = {dispatch:?})]\n\
         pub mod dispatch {{\n    pub use crate::generated::dispatch::*;\n    pub use sdk_runtime::dispatch::*;\n}}\n\n\
         /// The code in the README compiles.\n#[cfg(doctest)]\n#[doc = include_str!(\"../README.md\")]\nstruct Readme;\n",
        library = name.library(),
    );
    text
}

/// `README.md`.
pub(super) fn readme(generated: &Generated, name: &PackageName, example: &Example, license: &str) -> String {
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
         ```rust,no_run\n{}use {library}::Client;\n\n#[tokio::main]\nasync fn main() -> Result<(), {library}::Error> {{\n",
        generated.facts.openapi,
        limit(generated).map_or_else(String::new, |line| format!("{line}\n\n")),
        library = name.library(),
    );
    for line in body(generated, example) {
        let _ = writeln!(text, "    {line}");
    }
    text.push_str("    Ok(())\n}\n```\n");
    if limit(generated).is_some() {
        text.push_str(
            "\nThe types of this API contain each other so deeply that the compiler has to be told to follow them: the first line \
             of\nthe example belongs into each crate that uses them.\n",
        );
    }
    text.push_str("\n## Configuration\n\n");
    for line in
        configuration(generated).iter().filter(|line| !line.starts_with("# ")).skip_while(|line| line.is_empty())
    {
        let _ = writeln!(text, "{line}");
    }
    let _ = write!(
        text,
        "\n## Features\n\n{}\n\n## Where this is from\n\nEverything here is written by `cargo xtask generate`. The next run \
         replaces what it has written and\nkeeps other files. `names.toml` has the Rust names that were published: they stay when \
         the document changes.\n\n## License\n\nThe folder `runtime`, and what the generator adds to the document, are under \
         {license}. Names and descriptions are those\nof the document{}. Before you publish the crate, give it a `license` in \
         `Cargo.toml`.\n",
        features(generated),
        generated.facts.license.as_ref().map_or_else(String::new, |name| format!(" ({})", prose::escaped(name))),
    );
    text
}

/// What each crate has to say that uses deep types.
fn limit(generated: &Generated) -> Option<String> {
    depth::recursion_limit(&generated.api.types).map(|limit| format!("#![recursion_limit = \"{limit}\"]"))
}

/// What the features bring.
fn features(generated: &Generated) -> String {
    let dispatch = generated.profile.client.dispatch_feature.as_str();
    format!(
        "`rustls` (default) brings TLS. `{dispatch}` brings the module `dispatch`: calls by name, from text arguments."
    )
}

/// `examples/first_call.rs`.
pub(super) fn example(generated: &Generated, name: &PackageName, example: &Example) -> String {
    let library = name.library();
    let variable = generated.profile.auth.variable.as_ref().map_or_else(String::new, |name| format!("{name}=… "));
    let limit = limit(generated).map_or_else(String::new, |line| format!("{line}\n\n"));
    let mut text = format!(
        "//! Makes one call and prints what comes back.\n//!\n//! `{variable}cargo run --example first_call`\n\n\
         {limit}use {library}::Client;\n\n#[tokio::main]\nasync fn main() -> Result<(), {library}::Error> {{\n"
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
    rows.extend(row(profile.auth.variable.as_ref(), credential(profile)));
    rows.extend(row(profile.client.region_variable.as_ref(), "one of the deployments in `environments`"));
    rows.extend(row(profile.client.base_url_variable.as_ref(), "base URL of your own"));
    for header in &profile.headers {
        rows.extend(row(header.variable.as_ref(), &format!("header `{}`", header.name)));
    }
    let mut lines = vec!["# Configuration".to_owned(), String::new()];
    lines.extend(servers(generated));
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

/// What the variable for the credential holds.
fn credential(profile: &Profile) -> &'static str {
    match profile.auth.scheme {
        AuthScheme::Basic => "credential as `user:password`, see `ClientBuilder::api_key`",
        AuthScheme::Bearer | AuthScheme::Header | AuthScheme::Query | AuthScheme::Cookie | AuthScheme::None => {
            "credential, see `ClientBuilder::api_key`"
        }
    }
}

/// Where requests go.
fn servers(generated: &Generated) -> Vec<String> {
    let profile = &generated.profile;
    let mut lines = Vec::new();
    match (profile.environments.as_slice(), &generated.facts.base_path) {
        ([], Some(path)) => lines.push(format!(
            "The document names no host, only the path {}: a base URL must be set, your server with that path.",
            markdown::code(path)
        )),
        ([], None) => {
            lines.push("The document names no server that stands for itself: a base URL must be set.".to_owned())
        }
        ([only], _) => lines.push(format!("Requests go to <{}>.", only.url)),
        ([first, ..], _) => lines.push(format!(
            "Requests go to <{}>; the module `environments` has other deployments, for `ClientBuilder::environment`.",
            first.url
        )),
    }
    if profile.environments.first().is_some_and(|first| first.url.starts_with("http://")) {
        lines.push(
            "That is not encrypted, so the client refuses it unless it is on this machine: set an `https` base URL, or call \
             `ClientBuilder::allow_insecure_http`."
                .to_owned(),
        );
    }
    for (call, server) in url_functions(&generated.api, profile) {
        lines.push(String::new());
        lines.push(format!(
            "`environments::{call}` makes the base URL {} of its parts, for `ClientBuilder::base_url`.",
            markdown::code(&server.url)
        ));
    }
    lines.push(String::new());
    lines
}
