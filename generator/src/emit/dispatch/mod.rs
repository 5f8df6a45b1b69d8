//! Calls by name, from text arguments: what a debugging command runs.

mod taking;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use quote::{format_ident, quote};

use crate::diagnostic::Report;
use crate::ir::{Lifecycle, Operation, Response};
use crate::wire::function_name;

use super::Input;
use super::plan::Plan;
use super::source::SourceFile;

use taking::Taking;

/// Where the names come from that are not of the API.
const IMPORTS: &[(&str, &[&str])] =
    &[("sdk_runtime", &["Operation"]), ("sdk_runtime::codegen", &["run_call", "run_raw"])];

/// The file of the dispatch table.
pub(super) fn render(input: &Input<'_>) -> Result<String, Report> {
    let mut body = SourceFile::new(input.preamble, "");
    calls(&mut body, input);
    let mut file = SourceFile::new(input.preamble, &purpose(input));
    let exports = input.root.exports();
    let own: (&str, &[&str]) = (&exports, &["Client", "types"]);
    let imports: Vec<(&str, BTreeSet<String>)> = std::iter::once(&own)
        .chain(IMPORTS)
        .map(|(module, names)| (*module, names.iter().map(|name| (*name).to_owned()).collect()))
        .collect();
    file.import(&body, &imports)?;
    file.text("pub use sdk_runtime::dispatch::*;\n");
    file.text(&format!("#[doc(hidden)]\npub use {};\n", input.root.internal("round_trip::round_trip")));
    file.append(&body);
    Ok(file.finish())
}

/// What the module is for, with an example.
fn purpose(input: &Input<'_>) -> String {
    let library = input.library;
    format!(
        "Calls by name with string arguments, as on a command line.
//!
//! ```no_run
//! use {library}::dispatch::{{Arguments, Output, call, find}};
//!
//! # async fn run(client: {library}::Client) -> Result<(), Box<dyn std::error::Error>> {{
//! let found = find({library}::OPERATIONS, \"GET /things/{{id}}\")?;
//! let arguments = Arguments::new(Output::Typed).path(\"id\", \"thing_1\");
//! println!(\"{{:?}}\", call(&client, found.operation, arguments).await?);
//! # Ok(())
//! # }}
//! ```"
    )
}

/// A function for each operation, and a table of them: the compiler's work on one function over all of them grows much
/// faster than their number.
fn calls(file: &mut SourceFile, input: &Input<'_>) {
    let mut rows = String::new();
    let mut functions = SourceFile::new(input.preamble, "");
    for (resource, call) in input.api.calls() {
        let plan = Plan::new(input, resource, call);
        let function = format!("call_{}", function_name(plan.operation));
        let _ = writeln!(
            rows,
            "    ({:?}, |client, arguments| Box::pin({function}(client, arguments))),",
            plan.operation.id()
        );
        functions.text(&one(file, &plan, &function));
    }
    file.mention(&quote! { (Client, Operation, Arguments, CallError, Outcome, Running, UsageError) });
    file.text(
        "/// Calls an operation with arguments that are strings.
///
/// # Errors
///
/// The arguments do not fit the operation, or the call failed.
pub async fn call(
    client: &Client,
    operation: &'static Operation,
    arguments: Arguments,
) -> Result<Outcome, CallError> {
    match CALLS.iter().find(|(id, _)| *id == operation.id) {
        Some((_, start)) => start(client, arguments).await,
        None => Err(UsageError::new(format!(\"no operation is called `{}`\", operation.id)).into()),
    }
}

/// Starts the call of one operation.
type Start = fn(&Client, Arguments) -> Running<'_>;

",
    );
    file.text(&table("/// The operations by ID.\nstatic CALLS: &[(&str, Start)]", &rows));
    file.append(&functions);
}

/// A table of rows that end in a line break.
pub(super) fn table(head: &str, rows: &str) -> String {
    if rows.is_empty() { format!("{head} = &[];\n") } else { format!("{head} = &[\n{rows}];\n") }
}

/// The function of an operation.
fn one(file: &mut SourceFile, plan: &Plan<'_>, function: &str) -> String {
    let receiver =
        plan.resource.name.as_ref().map_or("client".to_owned(), |name| format!("client.{}()", name.source()));
    let statements = Taking::new(plan).text(file, &receiver);
    let run = run(plan.operation);
    file.mention(&quote! { #run });
    let allow = match plan.operation.lifecycle {
        Lifecycle::Current => "",
        Lifecycle::Deprecated => "#[allow(deprecated, reason = \"deprecated operations can be called\")]\n",
    };
    let mutable = if statements.contains("arguments.take_") { "mut " } else { "" };
    format!(
        "{allow}async fn {function}(client: &Client, {mutable}arguments: Arguments) -> Result<Outcome, CallError> {{
{statements}    {run}!(call, arguments)
}}
"
    )
}

/// The macro that ends the function of an operation.
fn run(operation: &Operation) -> proc_macro2::Ident {
    let name = match operation.response {
        Response::Json(_) | Response::Text | Response::Empty => "run_call",
        // What is no single JSON value is shown as it arrives.
        Response::Bytes | Response::Events(_) | Response::Lines(_) | Response::ByStatus(_) => "run_raw",
    };
    format_ident!("{name}")
}
