//! The client and its builder: the names, documentation and headers that the runtime's macros make them from.

use std::fmt::Write as _;

use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{CredentialInput, CredentialSetters};
use crate::markdown;

use super::Input;
use super::doc;
use super::source::SourceFile;

/// Name of the trait with the setters of the injected headers.
pub(super) const HEADER_SETTERS: &str = "HeaderSetters";

/// Renders the file of the client.
pub(super) fn render(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "The client and its builder.");
    file.items(quote! { use super::profile::PROFILE; })?;
    let mut docs = doc::sentences(&format!("Client of the {}.", title(input)));
    docs.extend([String::new(), "Cloning is cheap: clones share connections and configuration.".to_owned()]);
    file.text(&client_table(input, &docs, "build"));
    let headers = &input.profile.headers;
    if !headers.is_empty() {
        file.text(&format!(
            "sdk_runtime::codegen::header_setters! {{
    /// Setters for the headers of this API, on [`RequestOptions`]({exports}::RequestOptions) and [`Poller`]({exports}::Poller). Request
    /// builders have them as methods.
    {HEADER_SETTERS} [
{}    ]
}}
",
            header_table(input, "        "),
            exports = input.root.exports(),
        ));
    }
    // A document may describe types only: then nothing is ever sent.
    if !input.api.operations.is_empty() {
        file.text(&call_macro(input));
    }
    Ok(file.finish())
}

/// Returns the title of the API on one line.
pub(super) fn title(input: &Input<'_>) -> String {
    input.api.title.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the `client!` table of a client; `build` is the function of the runtime that builds it.
pub(super) fn client_table(input: &Input<'_>, docs: &[String], build: &str) -> String {
    format!(
        "sdk_runtime::codegen::client! {{
{}    Client, ClientBuilder => {build}, PROFILE;
    [
{}    ]{}
}}
",
        doc::comments(docs, "    "),
        header_table(input, "        "),
        credential_table(input)
    )
}

/// Returns the setters of the credentials, if there are several.
fn credential_table(input: &Input<'_>) -> String {
    let credentials = &input.api.credentials;
    if credentials.is_empty() {
        return String::new();
    }
    let mut text = "\n    [\n".to_owned();
    for CredentialSetters { security_scheme, index, setter, input } in credentials {
        let scheme = markdown::format_code(security_scheme);
        let (what, names) = match input {
            CredentialInput::Token(provider) => ("token", format!("token {} {}", setter.source(), provider.source())),
            CredentialInput::UserAndPassword => ("user name and the password", format!("basic {}", setter.source())),
        };
        let docs =
            format!("Sets the {what} of {scheme}, for the operations that require it. No other operation gets it.");
        text.push_str(&doc::comments(&doc::sentences(&docs), "        "));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "        {names} = {index};");
    }
    text.push_str("    ]");
    text
}

/// `call!` of the runtime with the injected headers of this API.
fn call_macro(input: &Input<'_>) -> String {
    format!(
        "/// What every call has in common, and setters for the headers of this API.
macro_rules! call {{
    ($($table:tt)*) => {{
        sdk_runtime::codegen::call! {{
            [
{}            ]
            {}::new;
            $($table)*
        }}
    }};
}}
pub(crate) use call;
",
        header_table(input, "                "),
        input.root.internal("wire::Client")
    )
}

/// Returns a setter for each injected header.
fn header_table(input: &Input<'_>, indent: &str) -> String {
    let mut text = String::new();
    for header in &input.profile.headers {
        text.push_str(&doc::comments(&doc::sentences(&header.doc), indent));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{indent}{} = {:?};", header.setter, header.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::model::{BUILDER_METHODS, CLIENT_METHODS};

    #[test]
    fn no_credential_can_take_the_name_of_a_method_of_the_builder() {
        let table = include_str!("../../../runtime/src/client/client_type.rs");
        let methods = table.split("pub fn ").skip(1).filter_map(|function| function.split(['(', '<']).next());
        let mut names: Vec<&str> = methods
            .filter(|name| !name.starts_with('$') && (*name == "base_url" || !CLIENT_METHODS.contains(name)))
            .chain(["build_blocking"])
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names, BUILDER_METHODS);
    }

    #[test]
    fn no_call_can_take_the_name_of_a_method_of_the_client() {
        let table = include_str!("../../../runtime/src/client/client_type.rs");
        let methods =
            table.split_once("impl $client {").and_then(|(_, rest)| rest.split_once("\n        }\n")).unwrap().0;
        let mut names: Vec<&str> =
            methods.split("pub fn ").skip(1).filter_map(|function| function.split('(').next()).collect();
        names.sort_unstable();
        assert_eq!(names, CLIENT_METHODS);
    }
}
