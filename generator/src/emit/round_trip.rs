//! Decoding and encoding by name of a schema: for tests of documents against types. Needs types only, no client.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{Api, BodyForm, Operation, Response, Type};

use super::Input;
use super::dispatch::table;
use super::rust_type::{Scope, render_type, tight};
use super::source::SourceFile;
use super::types::multipart_bodies;

/// Where the names come from that are not of the API.
const IMPORTS: &[(&str, &[&str])] = &[
    ("sdk_runtime", &["JsonError", "Value"]),
    ("sdk_runtime::codegen", &["RoundTrip", "round_trip_as", "round_trip_by_name"]),
];

/// The function.
const ROUND_TRIP: &str = "/// Decodes a value as the type of a schema and encodes it again; `None` when no schema has that name. Bodies are called
/// `POST /things request` and `POST /things response`; where the type depends on the status, `POST /things response 201`.
#[doc(hidden)]
pub fn round_trip(schema: &str, value: &Value) -> Option<Result<Value, JsonError>> {
    round_trip_by_name(SCHEMAS, schema, value)
}

";

/// The file.
pub(super) fn render(input: &Input<'_>) -> Result<String, Report> {
    let mut body = SourceFile::new(input.preamble, "");
    let rows = rows(&mut body, input.api);
    body.mention(&quote! { (JsonError, Value, RoundTrip, round_trip_by_name) });
    body.text(ROUND_TRIP);
    body.text(&table("/// The types by the names of their schemas.\nstatic SCHEMAS: &[(&str, RoundTrip)]", &rows));
    if !rows.is_empty() {
        body.mention(&quote! { (types::T, round_trip_as) });
    }
    let mut file = SourceFile::new(input.preamble, "Decoding and encoding by name of a schema.");
    let exports = input.root.exports();
    let own: (&str, &[&str]) = (&exports, &["types"]);
    let imports: Vec<(&str, BTreeSet<String>)> = std::iter::once(&own)
        .chain(IMPORTS)
        .map(|(module, names)| (*module, names.iter().map(|name| (*name).to_owned()).collect()))
        .collect();
    file.import(&body, &imports)?;
    file.append(&body);
    Ok(file.finish())
}

/// The rows of the table.
fn rows(file: &mut SourceFile, api: &Api) -> String {
    let types = &api.types;
    let forms = multipart_bodies(api);
    let mut rows = String::new();
    let mut seen = BTreeSet::new();
    for id in types.by_name() {
        let def = types.get(id);
        let is_form = matches!(types.resolve(&Type::Named(id)), Type::Named(target) if forms.contains(target));
        // A form is no JSON, and of schemas with one name the first one has it.
        for name in def.identities().filter(|name| !is_form && seen.insert(*name)) {
            let _ = writeln!(rows, "    ({name:?}, round_trip_as::<types::{}>),", def.name.source());
        }
    }
    for operation in &api.operations {
        for (part, ty) in bodies(operation) {
            let name = format!("{} {part}", operation.key());
            let ty = render_type(types, ty, Scope::Elsewhere);
            file.mention(&ty);
            let _ = writeln!(rows, "    ({name:?}, round_trip_as::<{}>),", tight(&ty));
        }
    }
    rows
}

/// Returns the JSON bodies of an operation, and what they are called.
fn bodies(operation: &Operation) -> Vec<(String, &Type)> {
    let request = operation.body.as_ref().filter(|body| body.form == BodyForm::Json);
    let mut bodies: Vec<(String, &Type)> = request
        .into_iter()
        .map(|body| ("request".to_owned(), &body.ty))
        .chain(operation.response.json().map(|ty| ("response".to_owned(), ty)))
        .collect();
    if let Response::ByStatus(responses) = &operation.response {
        bodies.extend(
            responses.iter().filter_map(|(status, response)| Some((format!("response {status}"), response.json()?))),
        );
    }
    bodies
}
