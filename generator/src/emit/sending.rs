//! Sending a call and reading its response: the `call!` table of a builder.

use std::fmt::Write as _;

use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{
    Body, BodyForm, BodyPlan, Encoding, Explode, Location, Parameter, PartContent, Presence, Response, Style, Type,
};
use crate::model::url_encoded_style;
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
    if is_written_out(types, parameter) {
        return written_out(plan, parameter, &field);
    }
    let is_text = matches!(types.resolve(&parameter.ty), Type::String | Type::Binary);
    if parameter.location == Location::Path {
        let text = if is_text { format!("&{field}") } else { format!("&{field}.to_string()") };
        return path_segment(plan, parameter, &text);
    }
    match passing {
        Passing::Text if is_text => format!("&{field}"),
        Passing::Text => format!("&{field}.to_string()"),
        Passing::OptionalText if is_text => format!("{field}.as_deref()"),
        Passing::OptionalText => format!("{field}.as_ref().map(|value| value.to_string()).as_deref()"),
        Passing::Reference => format!("&{field}"),
        Passing::OptionalReference => format!("{field}.as_ref()"),
        Passing::Value | Passing::Form | Passing::Raw => field,
    }
}

/// Returns the expression that passes a parameter which the runtime serializes.
fn written_out(plan: &Plan<'_>, parameter: &Parameter, field: &str) -> String {
    let name = &parameter.wire.0;
    let value =
        if parameter.presence == Presence::Required { format!("Some(&{field})") } else { format!("{field}.as_ref()") };
    let (style, encoding) = (style(parameter.style), encoding(parameter.encoding));
    match parameter.location {
        Location::Query => format!("&sdk_runtime::codegen::QueryText::new({name:?}, {value}, {style}, {encoding})"),
        Location::Path => {
            let text = format!("&sdk_runtime::codegen::encode_in_path({name:?}, &{field}, {style})");
            path_segment(plan, parameter, &text)
        }
        Location::Header => format!("sdk_runtime::codegen::encode_header({value}, {style}).as_deref()"),
        Location::Cookie => {
            format!("sdk_runtime::codegen::encode_cookie({name:?}, {value}, {style}, {encoding}).as_deref()")
        }
    }
}

fn path_segment(plan: &Plan<'_>, parameter: &Parameter, text: &str) -> String {
    let operation = super::operations::constant(plan.operation);
    format!("sdk_runtime::codegen::path_segment(&operations::{operation}, {:?}, {text})?", parameter.wire.0)
}

/// Returns the style of the runtime.
pub(super) fn style(style: Style) -> String {
    let exploded = |name: &str, explode: Explode| {
        let explode = match explode {
            Explode::No => "No",
            Explode::Yes => "Yes",
        };
        format!("{name}(sdk_runtime::codegen::Explode::{explode})")
    };
    let style = match style {
        Style::Form(explode) => exploded("Form", explode),
        Style::SpaceDelimited => "SpaceDelimited".to_owned(),
        Style::PipeDelimited => "PipeDelimited".to_owned(),
        Style::DeepObject => "DeepObject".to_owned(),
        Style::Simple(explode) => exploded("Simple", explode),
        Style::Label(explode) => exploded("Label", explode),
        Style::Matrix(explode) => exploded("Matrix", explode),
        Style::Json => "Json".to_owned(),
    };
    format!("sdk_runtime::codegen::Style::{style}")
}

/// Returns the encoding of the runtime.
fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Unreserved => "sdk_runtime::codegen::Encoding::Unreserved",
        Encoding::Reserved => "sdk_runtime::codegen::Encoding::Reserved",
        Encoding::Form => "sdk_runtime::codegen::Encoding::Form",
        Encoding::Cookie => "sdk_runtime::codegen::Encoding::Cookie",
    }
}

fn body_argument(plan: &Plan<'_>, passing: Passing) -> String {
    let optional = plan.call.body == BodyPlan::Setter;
    let body = plan.operation.body.as_ref();
    match (passing, body.map(|body| &body.form), optional) {
        (Passing::Form, _, false) => format!("wire.form(call.body.into_form(){}).await?", encoded(body)),
        (Passing::Form, _, true) => format!(
            "wire.form(call.body.map_or_else(sdk_runtime::codegen::Form::new, |body| body.into_form()){}).await?",
            encoded(body)
        ),
        (_, Some(BodyForm::UrlEncoded), false) => {
            format!("sdk_runtime::codegen::encode_form(&call.body, &[{}])?", fields(body))
        }
        (_, Some(BodyForm::UrlEncoded), true) => format!(
            "call.body.as_ref().map(|body| sdk_runtime::codegen::encode_form(body, &[{}])).transpose()?.unwrap_or_default()",
            fields(body)
        ),
        (_, Some(BodyForm::Text(_) | BodyForm::Bytes(_)), false) => "std::mem::take(&mut call.body)".to_owned(),
        (_, Some(BodyForm::Text(_) | BodyForm::Bytes(_)), true) => "call.body.take().unwrap_or_default()".to_owned(),
        (_, Some(BodyForm::Json | BodyForm::Multipart) | None, false) => "&call.body".to_owned(),
        (_, Some(BodyForm::Json | BodyForm::Multipart) | None, true) => "call.body.as_ref()".to_owned(),
    }
}

/// Returns the call that applies what the document states about parts of a form.
fn encoded(body: Option<&Body>) -> String {
    let encodings = body.map(|body| body.encodings.as_slice()).unwrap_or_default();
    if encodings.is_empty() {
        return String::new();
    }
    let parts = encodings.iter().map(|encoding| {
        let content = match &encoding.content {
            PartContent::Default => "Default".to_owned(),
            PartContent::MediaTypes(types) => format!("MediaTypes(&{types:?})"),
            PartContent::JsonString(media_type) => format!("JsonString({media_type:?})"),
            PartContent::Styled(value, _) => format!("Styled({})", style(*value)),
        };
        format!(
            "sdk_runtime::codegen::PartEncoding {{ name: {:?}, content: sdk_runtime::codegen::PartContent::{content}, headers: &{:?} }}",
            encoding.name.0, encoding.headers
        )
    });
    format!(".encoded(&[{}])", parts.collect::<Vec<_>>().join(", "))
}

/// Returns how properties of a URL-encoded form are encoded, where the document states it.
fn fields(body: Option<&Body>) -> String {
    let encodings = body.map(|body| body.encodings.as_slice()).unwrap_or_default();
    let fields = encodings.iter().filter_map(|field| {
        let (value, characters) = url_encoded_style(field)?;
        let (style, encoding) = (style(value), encoding(characters));
        let name = &field.name.0;
        Some(format!("sdk_runtime::codegen::FormField {{ name: {name:?}, style: {style}, encoding: {encoding} }}"))
    });
    fields.collect::<Vec<_>>().join(", ")
}
