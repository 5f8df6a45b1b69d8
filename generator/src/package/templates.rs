//! Renders what people read first: README, root module, example. Knows the public API of a generated crate, not how it is
//! implemented.

use std::fmt::Write as _;

use crate::emit::{recursion_limit, url_functions};
use crate::markdown;
use crate::pipeline::Generated;
use crate::profile::{AuthScheme, Profile};

use super::example::Example;
use super::{lints, prose};
use crate::package_name::PackageName;

/// The generated code, and its list of exports.
const EXPORTS: &str = "\
// Machine-written; its layout is that of `prettyplease`.
#[rustfmt::skip]
mod generated;

pub use generated::*;
";

/// For names with letters of other scripts: these lints can only be allowed at the root of a crate.
const ALLOWED_LINTS: &str = "\
#![allow(
    confusable_idents,
    mixed_script_confusables,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    uncommon_codepoints,
    reason = \"names keep the letters of the document\"
)]

";

/// Renders `src/lib.rs`.
pub(super) fn render_root(generated: &Generated, name: &PackageName, example: &Example) -> String {
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
    if let Some(line) = recursion_limit_attribute(generated) {
        let _ = writeln!(text, "//! # {line}");
    }
    let _ = writeln!(text, "//! use {}::Client;\n//!", name.library());
    let _ = writeln!(text, "//! # async fn run() -> Result<(), {}::Error> {{", name.library());
    for line in example_statements(generated, example) {
        let _ = writeln!(text, "//! {line}");
    }
    text.push_str("//! # Ok(())\n//! # }\n//! ```\n//!\n");
    text.push_str(
        "//! Every operation is a method of a resource or of [`Client`] itself. Required parameters are arguments, everything\n\
         //! else has a setter, and awaiting the builder sends the request.\n//!\n",
    );
    for line in describe_configuration(generated) {
        text.push_str(format!("//! {line}").trim_end());
        text.push('\n');
    }
    let _ = write!(text, "//!\n//! # Features\n//!\n//! {}\n\n", describe_features(generated));
    if let Some(line) = recursion_limit_attribute(generated) {
        let _ = writeln!(
            text,
            "// The types of this API are nested more deeply than the default limit of the compiler.\n{line}\n"
        );
    }
    if lints::has_non_ascii_names(&generated.api, &generated.profile) {
        text.push_str(ALLOWED_LINTS);
    }
    text.push_str(EXPORTS);
    let dispatch = generated.profile.client.dispatch_feature.as_str();
    let _ = write!(
        text,
        "\n/// Calls by name with string arguments, as on a command line.\n///\n/// ```no_run\n\
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

/// Renders `README.md`.
pub(super) fn render_readme(generated: &Generated, name: &PackageName, example: &Example, license: &str) -> String {
    let (operations, types) = (generated.api.operations.len(), generated.api.types.0.len());
    let mut text = format!("# {name}\n\nRust client for {}.\n", prose::escaped(prose::title(&generated.facts)));
    let description = prose::first_paragraph(&generated.facts.description).join("\n");
    if !description.is_empty() {
        let _ = write!(text, "\n{description}\n");
    }
    let _ = write!(
        text,
        "\nGenerated from the OpenAPI {} document of the API: {operations} operations, {types} types.\n\n```toml\n[dependencies]\n\
         {name} = {{ path = \"…\" }}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n```\n\n\
         ```rust,no_run\n{}use {library}::Client;\n\n#[tokio::main]\nasync fn main() -> Result<(), {library}::Error> {{\n",
        generated.facts.openapi,
        recursion_limit_attribute(generated).map_or_else(String::new, |line| format!("{line}\n\n")),
        library = name.library(),
    );
    for line in example_statements(generated, example) {
        let _ = writeln!(text, "    {line}");
    }
    text.push_str("    Ok(())\n}\n```\n");
    if recursion_limit_attribute(generated).is_some() {
        text.push_str(
            "\nThe types of this API are nested so deeply that the compiler needs a higher limit: every crate that uses them needs the\n\
             first line of the example.\n",
        );
    }
    text.push_str("\n## Configuration\n\n");
    for line in describe_configuration(generated)
        .iter()
        .filter(|line| !line.starts_with("# "))
        .skip_while(|line| line.is_empty())
    {
        let _ = writeln!(text, "{line}");
    }
    let _ = write!(
        text,
        "\n## Features\n\n{}\n\n## Where this comes from\n\nThis crate is generated by `cargo xtask generate`. The next run \
         replaces the generated files and\nkeeps all others. `names.toml` records the published Rust names, so that they remain \
         stable when the document changes.\n\n## License\n\nThe folder `runtime` and the code that the generator adds are licensed under \
         {license}. Names and descriptions come\nfrom the document{}. Before publishing the crate, add a `license` to \
         `Cargo.toml`.\n",
        describe_features(generated),
        generated.facts.license.as_ref().map_or_else(String::new, |name| format!(" ({})", prose::escaped(name))),
    );
    text
}

/// Returns the attribute that every crate using deeply nested types needs.
fn recursion_limit_attribute(generated: &Generated) -> Option<String> {
    recursion_limit(&generated.api.types).map(|limit| format!("#![recursion_limit = \"{limit}\"]"))
}

/// Describes the features.
fn describe_features(generated: &Generated) -> String {
    let dispatch = generated.profile.client.dispatch_feature.as_str();
    format!(
        "`rustls` (default) enables TLS. `{dispatch}` enables the module `dispatch`: calls by name with string arguments."
    )
}

/// Renders `examples/first_call.rs`.
pub(super) fn render_example(generated: &Generated, name: &PackageName, example: &Example) -> String {
    let library = name.library();
    let variable = generated.profile.auth.variable.as_ref().map_or_else(String::new, |name| format!("{name}=… "));
    let limit = recursion_limit_attribute(generated).map_or_else(String::new, |line| format!("{line}\n\n"));
    let mut text = format!(
        "//! Makes one call and prints the response.\n//!\n//! `{variable}cargo run --example first_call`\n\n\
         {limit}use {library}::Client;\n\n#[tokio::main]\nasync fn main() -> Result<(), {library}::Error> {{\n"
    );
    for line in example_statements(generated, example) {
        let _ = writeln!(text, "    {line}");
    }
    text.push_str("    Ok(())\n}\n");
    text
}

/// Returns the statements of an example.
fn example_statements(generated: &Generated, example: &Example) -> Vec<String> {
    let key = generated.profile.auth.variable.as_ref();
    let comment = key.map_or_else(String::new, |name| format!(" // reads {name}"));
    let mut lines = vec![format!("let client = Client::from_env()?;{comment}")];
    match &example.call {
        Some(call) => {
            lines.push(format!("let response = {call}.await?;"));
            lines.push("println!(\"{response:?}\");".to_owned());
        }
        None => lines.push("println!(\"{}\", client.base_url());".to_owned()),
    }
    lines
}

/// Describes the servers, and the environment variables that a client reads.
fn describe_configuration(generated: &Generated) -> Vec<String> {
    let profile = &generated.profile;
    let mut rows = Vec::new();
    let row = |variable: Option<&String>, meaning: &str| variable.map(|name| format!("| `{name}` | {meaning} |"));
    rows.extend(row(profile.auth.variable.as_ref(), describe_credential(profile)));
    for credential in &profile.credentials {
        let scheme = markdown::format_code(&credential.security_scheme);
        let form = if credential.scheme == AuthScheme::Basic { ", as `user:password`" } else { "" };
        let meaning = format!("credential of {scheme}{form}, for the operations that require it");
        rows.extend(row(credential.variable.as_ref(), &meaning));
    }
    rows.extend(row(profile.client.region_variable.as_ref(), "one of the deployments in `environments`"));
    rows.extend(row(profile.client.base_url_variable.as_ref(), "another base URL"));
    for header in &profile.headers {
        rows.extend(row(header.variable.as_ref(), &format!("header `{}`", header.name)));
    }
    let mut lines = vec!["# Configuration".to_owned(), String::new()];
    lines.extend(describe_servers(generated));
    if rows.is_empty() {
        lines.push("Everything is configured with `Client::builder`.".to_owned());
    } else {
        lines.push(
            "`Client::from_env` reads these environment variables. Values set on a builder take precedence.".to_owned(),
        );
        lines.push(String::new());
        lines.push("| variable | meaning |".to_owned());
        lines.push("|---|---|".to_owned());
        lines.extend(rows);
    }
    lines
}

/// Describes the environment variable with the credential.
fn describe_credential(profile: &Profile) -> &'static str {
    match profile.auth.scheme {
        AuthScheme::Basic => "credential as `user:password`, see `ClientBuilder::api_key`",
        AuthScheme::Bearer | AuthScheme::Header | AuthScheme::Query | AuthScheme::Cookie | AuthScheme::None => {
            "credential, see `ClientBuilder::api_key`"
        }
    }
}

/// Describes where requests are sent.
fn describe_servers(generated: &Generated) -> Vec<String> {
    let profile = &generated.profile;
    let mut lines = Vec::new();
    match (profile.environments.as_slice(), &generated.facts.base_path) {
        ([], Some(path)) => lines.push(format!(
            "The document declares no host, only the path {}: set a base URL that consists of your server and that path.",
            markdown::format_code(path)
        )),
        ([], None) => {
            lines.push("The document declares no complete server URL: set a base URL.".to_owned())
        }
        ([only], _) => lines.push(format!("Requests are sent to <{}>.", only.url)),
        ([first, ..], _) => lines.push(format!(
            "Requests are sent to <{}>. The module `environments` contains other deployments for `ClientBuilder::environment`.",
            first.url
        )),
    }
    if profile.environments.first().is_some_and(|first| first.url.starts_with("http://")) {
        lines.push(
            "This URL is not encrypted, so the client rejects it unless it is local: set an `https` base URL, or call \
             `ClientBuilder::allow_insecure_http`."
                .to_owned(),
        );
    }
    for (call, server) in url_functions(&generated.api, profile) {
        lines.push(String::new());
        lines.push(format!(
            "`environments::{call}` builds the base URL {} for `ClientBuilder::base_url` from its parts.",
            markdown::format_code(&server.url)
        ));
    }
    lines.push(String::new());
    lines
}
