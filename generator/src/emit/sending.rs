//! Sending a call and reading its response: the `call!` table of a builder.

use std::fmt::Write as _;

use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{BodyForm, BodyPlan, Kind, Location, Parameter, Presence, Response, Style, Type};
use crate::wire::{Passing, function_name, is_written_out};

use super::by_status;
use super::plan::Plan;
use super::rust_type::tight;
use super::source::SourceFile;

/// Emits the tables that send a call.
pub(super) fn render_tables(file: &mut SourceFile, plan: &Plan<'_>) -> Result<(), Report> {
    if let Response::ByStatus(responses) = &plan.operation.response {
        by_status::render_responses(file, plan, responses)?;
    }
    by_status::render_error_bodies(file, plan)?;
    table(file, plan, "", &plan.operation.response);
    if let Some(stream) = &plan.operation.stream {
        table(file, plan, "stream ", stream);
    }
    Ok(())
}

/// Emits a `call!` table of the given kind.
fn table(file: &mut SourceFile, plan: &Plan<'_>, kind: &str, response: &Response) {
    let (form, output) = plan.output(response);
    file.mention(&quote! { operations::Operation });
    file.mention(&quote! { call });
    file.mention(&output);
    let output = tight(&output);
    let operation = super::operations::constant(plan.operation);
    let mut text = String::from("call! {\n");
    let _ = writeln!(text, "    {kind}{} => {form} {output}, operations::{operation},", plan.call.builder.source());
    let arguments = arguments(plan);
    let function = function_name(plan.operation).source();
    let kind = if arguments.iter().any(|argument| argument.contains(".await")) { "async " } else { "" };
    if arguments.len() < 2 {
        let _ = writeln!(text, "    {kind}|call, wire| wire.{function}({})", arguments.join(""));
    } else {
        let _ = writeln!(text, "    {kind}|call, wire| wire.{function}(");
        arguments.iter().for_each(|argument| {
            let _ = writeln!(text, "        {argument},");
        });
        text.push_str("    )\n");
    }
    text.push_str("}\n");
    file.text(&text);
}

/// Returns the arguments of the wire function, in order.
fn arguments(plan: &Plan<'_>) -> Vec<String> {
    let parameters = plan.signature.map(|signature| signature.parameters.as_slice()).unwrap_or_default();
    let known = |name: &str| {
        plan.operation.parameters.iter().find(|parameter| crate::wire::placeholder(&parameter.name) == name)
    };
    parameters
        .iter()
        .map(|argument| match known(&argument.name) {
            Some(parameter) => parameter_argument(plan, parameter, argument.passing),
            None => body_argument(plan, argument.passing),
        })
        .collect()
}

fn parameter_argument(plan: &Plan<'_>, parameter: &Parameter, passing: Passing) -> String {
    let types = &plan.input.api.types;
    let field = format!("call.{}", parameter.name.source());
    let is_text = matches!(types.resolve(&parameter.ty), Type::String | Type::Binary);
    if is_written_out(types, parameter) {
        let value = if parameter.presence == Presence::Required {
            format!("Some(&{field})")
        } else {
            format!("{field}.as_ref()")
        };
        let style = match parameter.style {
            Style::Plain => "Plain".to_owned(),
            Style::Joined(separator) => format!("Joined({separator:?})"),
            Style::Deep => "Deep".to_owned(),
            Style::Json => "Json".to_owned(),
        };
        return format!(
            "&sdk_runtime::codegen::QueryPairs::new({:?}, {value}, sdk_runtime::codegen::Style::{style})",
            parameter.wire.0
        );
    }
    if parameter.location == Location::Path {
        let text = if is_text { format!("&{field}") } else { format!("&{}", written(plan, parameter, &field)) };
        let operation = super::operations::constant(plan.operation);
        return format!(
            "sdk_runtime::codegen::path_segment(&operations::{operation}, {:?}, {text})?",
            parameter.wire.0
        );
    }
    let plain = is_text && parameter.location != Location::Cookie;
    match passing {
        Passing::Text if plain => format!("&{field}"),
        Passing::Text => format!("&{}", written(plan, parameter, &field)),
        Passing::OptionalText if plain => format!("{field}.as_deref()"),
        Passing::OptionalText => {
            format!("{field}.as_ref().map(|value| {}).as_deref()", written(plan, parameter, "value"))
        }
        Passing::Reference => format!("&{field}"),
        Passing::OptionalReference => format!("{field}.as_ref()"),
        Passing::Value | Passing::Form | Passing::Raw => field,
    }
}

/// Returns the expression that converts a value to a string for a path, header or cookie.
fn written(plan: &Plan<'_>, parameter: &Parameter, value: &str) -> String {
    let types = &plan.input.api.types;
    let reference = if value.starts_with("call.") { format!("&{value}") } else { value.to_owned() };
    if parameter.location == Location::Cookie {
        return format!("sdk_runtime::codegen::encode_cookie({:?}, {reference})", parameter.wire.0);
    }
    let displayed = match types.resolve(&parameter.ty) {
        Type::String
        | Type::Binary
        | Type::Boolean
        | Type::Integer(_)
        | Type::Number
        | Type::Timestamp
        | Type::Constant(_) => true,
        Type::Named(id) => matches!(types.get(*id).kind, Kind::Enumeration(_)),
        Type::Any | Type::List(_) | Type::Map(_) | Type::Nullable(_) => false,
    };
    if displayed { format!("{value}.to_string()") } else { format!("sdk_runtime::codegen::encode_simple({reference})") }
}

fn body_argument(plan: &Plan<'_>, passing: Passing) -> String {
    let optional = plan.call.body == BodyPlan::Setter;
    let form = plan.operation.body.as_ref().map(|body| &body.form);
    let text = match (passing, form, optional) {
        (Passing::Form, _, false) => "wire.form(call.body.into_form()).await?",
        (Passing::Form, _, true) => {
            "wire.form(call.body.map_or_else(sdk_runtime::codegen::Form::new, |body| body.into_form())).await?"
        }
        (_, Some(BodyForm::UrlEncoded), false) => "sdk_runtime::codegen::encode_form(&call.body)?",
        (_, Some(BodyForm::UrlEncoded), true) => {
            "call.body.as_ref().map(sdk_runtime::codegen::encode_form).transpose()?.unwrap_or_default()"
        }
        (_, Some(BodyForm::Text(_) | BodyForm::Bytes(_)), false) => "call.body",
        (_, Some(BodyForm::Text(_) | BodyForm::Bytes(_)), true) => "call.body.unwrap_or_default()",
        (_, Some(BodyForm::Json | BodyForm::Multipart) | None, false) => "&call.body",
        (_, Some(BodyForm::Json | BodyForm::Multipart) | None, true) => "call.body.as_ref()",
    };
    text.to_owned()
}
