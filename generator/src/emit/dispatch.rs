//! Calls by name, from text arguments: what the debugging command runs. Also decoding by name of a schema.

use std::fmt::Write as _;

use crate::diagnostic::Report;
use crate::model::{Body, BodyForm, Kind, Location, Operation, Presence, Property, Success, Type};

use super::Input;
use super::calls::{Plan, groups};
use super::rust_type::{Scope, rust_type};
use super::source::SourceFile;

const HEAD: &str = "use sdk_runtime::dispatch::{Arguments, CallError, Outcome, UsageError};
use sdk_runtime::serde::de::DeserializeOwned;
use sdk_runtime::serde::Serialize;
use sdk_runtime::{JsonError, Operation, Value, decode_value, run_call, serde_json};

use crate::{Client, types};

/// Runs an operation with arguments given as text.
///
/// # Errors
///
/// The arguments do not fit the operation, or the call failed.
#[allow(deprecated, reason = \"deprecated operations can be called\")]
pub async fn call(
    client: &Client,
    operation: &'static Operation,
    mut arguments: Arguments,
) -> Result<Outcome, CallError> {
    match operation.id {
";

/// The file of the dispatch table.
pub(super) fn dispatch(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(
        input.preamble,
        "Calls by name, from text arguments; the typed path, for the debugging command.",
    );
    let mut text = String::from(HEAD);
    for (group, operations) in groups(input.api) {
        for operation in operations {
            let plan = Plan::new(input, operation, operation.builder.clone());
            arm(&mut text, input, group.as_ref().map(|group| group.source()).as_deref(), operation, &plan);
        }
    }
    text.push_str(
        "        other => Err(UsageError::new(format!(\"no operation is called `{other}`\")).into()),\n    }\n}\n",
    );
    file.text(&text);
    file.text(&round_trip(input));
    Ok(file.finish())
}

fn arm(text: &mut String, input: &Input<'_>, group: Option<&str>, operation: &Operation, plan: &Plan<'_>) {
    let types = &input.api.types;
    let _ = writeln!(text, "        {:?} => {{", operation.id());
    let mut passed = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.presence == Presence::Required) {
        let name = parameter.name.source();
        let ty = rust_type(types, &parameter.ty, Scope::Elsewhere).to_string().replace(' ', "");
        let take = match (parameter.location, types.resolve(&parameter.ty)) {
            (Location::Path, Type::String) => format!("arguments.take_path({:?})?", parameter.wire.0),
            (Location::Path, _) => {
                format!("arguments.take_path({:?})?.parse::<{ty}>().map_err(UsageError::new)?", parameter.wire.0)
            }
            (Location::Query, _) => format!("arguments.take_required_query::<{ty}>({:?})?", parameter.wire.0),
            (Location::Header | Location::Cookie, _) => {
                format!("arguments.take_required_header::<{ty}>({:?})?", parameter.wire.0)
            }
        };
        let _ = writeln!(text, "            let {name} = {take};");
        passed.push(name);
    }
    let mut method = operation.name.source();
    if let Some(body) = &operation.body {
        if plan.is_spread() {
            method = plan.with_method().to_string();
        }
        if plan.takes_body() {
            body_argument(text, input, body);
            passed.push("body".to_owned());
        }
    }
    let receiver = group.map_or("client".to_owned(), |group| format!("client.{group}()"));
    let optional: Vec<_> =
        operation.parameters.iter().filter(|parameter| parameter.presence != Presence::Required).collect();
    let late_body = operation.body.as_ref().filter(|_| !plan.takes_body());
    let mutable = if optional.is_empty() && late_body.is_none() { "" } else { "mut " };
    let _ = writeln!(text, "            let {mutable}call = {receiver}.{method}({});", passed.join(", "));
    for parameter in optional {
        let take = match parameter.location {
            Location::Path | Location::Query => "take_query",
            Location::Header | Location::Cookie => "take_header",
        };
        let _ =
            writeln!(text, "            call.{} = arguments.{take}({:?})?;", parameter.name.source(), parameter.wire.0);
    }
    match late_body.map(|body| &body.form) {
        None => {}
        Some(BodyForm::Json | BodyForm::UrlEncoded | BodyForm::Text(_)) => {
            text.push_str("            call.body = arguments.take_optional_body()?;\n");
        }
        Some(BodyForm::Bytes(_)) => {
            text.push_str("            call.body = arguments.take_optional_body::<String>()?.map(Into::into);\n");
        }
        Some(BodyForm::Multipart) => {
            if let Some(body) = &operation.body {
                body_argument(text, input, body);
                text.push_str("            call.body = Some(body);\n");
            }
        }
    }
    let run = match operation.success {
        Success::Json(_) | Success::Text | Success::Empty => "run_call",
        // What is no single JSON value is shown as it arrives.
        Success::Bytes | Success::Events(_) | Success::Lines(_) | Success::ByStatus(_) => "sdk_runtime::run_raw",
    };
    let _ = writeln!(text, "            {run}!(call, arguments)\n        }}");
}

fn body_argument(text: &mut String, input: &Input<'_>, body: &Body) {
    let types = &input.api.types;
    let ty = rust_type(types, &body.ty, Scope::Elsewhere).to_string().replace(' ', "");
    match body.form {
        BodyForm::Json | BodyForm::UrlEncoded | BodyForm::Text(_) => {
            let _ = writeln!(text, "            let body = arguments.take_body::<{ty}>()?;");
            return;
        }
        BodyForm::Bytes(_) => {
            text.push_str("            let body = arguments.take_body::<String>()?;\n");
            return;
        }
        BodyForm::Multipart => {}
    }
    let Type::Named(id) = types.resolve(&body.ty) else { return };
    let Kind::Struct(structure) = &types.get(*id).kind else { return };
    let part = |field: &Property, required: &str| match types.resolve(&field.ty) {
        Type::Binary => format!("arguments.take_{required}form_file({:?})?", field.wire.0),
        Type::List(item) if **item == Type::Binary => format!("arguments.take_form_files({:?})?", field.wire.0),
        _ => format!("arguments.take_{required}form_text({:?})?", field.wire.0),
    };
    let required: Vec<String> = structure
        .arguments
        .iter()
        .filter_map(|index| structure.fields.get(*index))
        .map(|field| match types.resolve(&field.ty) {
            Type::Binary | Type::List(_) => part(field, "required_"),
            Type::String => format!("arguments.take_required_form_text::<String>({:?})?", field.wire.0),
            _ => part(field, "required_"),
        })
        .collect();
    let rest: Vec<&Property> = structure
        .fields
        .iter()
        .enumerate()
        .filter(|(index, _)| !structure.arguments.contains(index))
        .map(|(_, field)| field)
        .collect();
    let mutable = if rest.is_empty() { "" } else { "mut " };
    let _ = writeln!(text, "            let {mutable}body = {ty}::new({});", required.join(", "));
    for field in rest {
        let value = match field.presence {
            Presence::OptionalNullable => {
                let (absent, value) = ("sdk_runtime::json::Field::Absent", "sdk_runtime::json::Field::Value");
                format!("{}.map_or({absent}, {value})", part(field, ""))
            }
            Presence::Required | Presence::Nullable | Presence::Optional => part(field, ""),
        };
        let _ = writeln!(text, "            body.{} = {value};", field.name.source());
    }
}

/// Decoding and encoding by name of a schema: for tests of documents against types.
fn round_trip(input: &Input<'_>) -> String {
    let mut text = String::from(
        "fn again<T>(value: &Value) -> Result<Value, JsonError>
where
    T: DeserializeOwned + Serialize,
{
    let decoded: T = decode_value(value)?;
    Ok(serde_json::to_value(&decoded).unwrap_or_default())
}

/// Decodes a value as the type of a schema and encodes it again; `None` when no schema has that name.
#[doc(hidden)]
pub fn round_trip(schema: &str, value: &Value) -> Option<Result<Value, JsonError>> {
    Some(match schema {
",
    );
    let forms: Vec<_> = input
        .api
        .operations
        .iter()
        .filter_map(|operation| operation.body.as_ref())
        .filter(|body| body.form == BodyForm::Multipart)
        .map(|body| &body.ty)
        .collect();
    for id in input.api.types.by_name() {
        let def = input.api.types.get(id);
        if forms.contains(&&Type::Named(id)) {
            continue;
        }
        let _ = writeln!(text, "        {:?} => again::<types::{}>(value),", def.identity, def.name.source());
    }
    text.push_str("        _ => return None,\n    })\n}\n");
    text
}
