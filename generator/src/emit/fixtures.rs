//! Prepared values: one per type that an operation answers with or an event has, as JSON that is read at run time.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use serde_json::Value;

use crate::diagnostic::Report;
use crate::ir::{Operation, Response, Type};
use crate::model::{Preferences, sample};
use crate::names::{RustIdent, Scope as NameScope};
use crate::wire::function_name;

use super::Input;
use super::rust_type::{Scope, rust_type, tight};
use super::source::SourceFile;

/// The prepared values of an API.
pub(super) struct Fixtures<'a> {
    input: &'a Input<'a>,
    by_name: BTreeMap<RustIdent, Prepared<'a>>,
    by_type: HashMap<&'a Type, RustIdent>,
}

struct Prepared<'a> {
    ty: &'a Type,
    json: String,
}

/// Makes the values of all answers, errors and events.
pub(super) fn build_fixtures<'a>(input: &'a Input<'a>) -> Fixtures<'a> {
    let mut fixtures = Fixtures { input, by_name: BTreeMap::new(), by_type: HashMap::new() };
    // Their table is called `FIXTURES`.
    let mut names = NameScope::reserving(&["fixtures"]);
    let mut named: Vec<(RustIdent, &Type, Option<&str>)> = Vec::new();
    for operation in &input.api.operations {
        let errors = operation.errors.iter().filter_map(|(_, ty)| ty.as_ref());
        for ty in answers(&operation.response).chain(operation.stream.iter().flat_map(answers)).chain(errors) {
            named.push((name(input, ty, operation), ty, None));
        }
    }
    named.extend(input.api.webhooks.iter().map(|event| {
        // What an event says of a run is in its name: `run.failed`.
        let state = event.event.rsplit('.').next();
        (type_name(input, &event.ty, &event.event), &event.ty, state)
    }));
    named.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    for (name, ty, preferred) in named {
        if fixtures.by_type.contains_key(ty) {
            continue;
        }
        let preferences = Preferences { avoided: &input.profile.polling.pending, preferred };
        if let Some(value) = sample(&input.api.types, ty, preferences) {
            let name = names.claim(with_cases(name));
            fixtures.by_type.insert(ty, name.clone());
            fixtures.by_name.insert(name, Prepared { ty, json: text(&value) });
        }
    }
    fixtures
}

/// A function and its constant differ in case, which not all letters have.
fn with_cases(name: RustIdent) -> RustIdent {
    if name.shouting() == name.as_str() { name.with_suffix("_value") } else { name }
}

/// The types of what comes back.
fn answers(success: &Response) -> Box<dyn Iterator<Item = &Type> + '_> {
    match success {
        Response::Json(ty) | Response::Events(ty) | Response::Lines(ty) => Box::new(std::iter::once(ty)),
        Response::Text | Response::Bytes | Response::Empty => Box::new(std::iter::empty()),
        Response::ByStatus(several) => Box::new(several.iter().flat_map(|(_, success)| answers(success))),
    }
}

/// A value is called like its type; where that has no name, like the operation that answers with it.
fn name(input: &Input<'_>, ty: &Type, operation: &Operation) -> RustIdent {
    type_name(input, ty, &format!("{} response", function_name(operation)))
}

fn type_name(input: &Input<'_>, ty: &Type, otherwise: &str) -> RustIdent {
    RustIdent::snake(ty.named().map_or(otherwise, |id| input.api.types.get(id).name.as_str()))
}

/// The JSON, with a line for each property of the whole.
fn text(value: &Value) -> String {
    let Value::Object(object) = value else { return value.to_string() };
    if object.is_empty() {
        return value.to_string();
    }
    let lines: Vec<String> =
        object.iter().map(|(key, value)| format!("{}:{value}", Value::from(key.as_str()))).collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// The text as a literal without escapes.
fn literal(text: &str) -> String {
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

impl Fixtures<'_> {
    /// The constant with the value of a type.
    pub fn constant(&self, ty: &Type) -> Option<String> {
        self.by_type.get(ty).map(RustIdent::shouting)
    }

    /// Their file.
    pub fn file(&self) -> Result<String, Report> {
        let mut table = SourceFile::new(self.input.preamble, "");
        let mut text = String::from("sdk_runtime::codegen::fixtures! {\n");
        for (name, Prepared { ty, json }) in &self.by_name {
            let ty = rust_type(&self.input.api.types, ty, Scope::Elsewhere);
            table.mention(&ty);
            let ty = tight(&ty);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "    {}, {}: {ty} = {};", name.source(), name.shouting(), literal(json));
        }
        text.push_str("}\n");
        table.text(&text);
        let mut file = SourceFile::new(self.input.preamble, "Sample values of response and event types.");
        file.import(&table, &[("crate", ["types"].map(str::to_owned).into())])?;
        file.append(&table);
        Ok(file.finish())
    }
}
