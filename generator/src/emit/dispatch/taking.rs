//! How an operation is called by name: takes its arguments out of texts and makes its builder.

use std::fmt::Write as _;

use crate::emit::plan::Plan;
use crate::emit::rust_type::{Scope, render_type, tight};
use crate::emit::source::SourceFile;
use crate::ir::{Body, BodyForm, Location, Parameter, Presence, Property, Type};
use crate::names::Scope as NameScope;

/// Names the statements use for themselves.
const TAKEN: &[&str] = &["arguments", "body", "call", "client"];

/// The statements that make a call of texts.
pub(super) struct Taking<'a> {
    plan: &'a Plan<'a>,
}

impl<'a> Taking<'a> {
    /// The statements for an operation.
    pub(crate) fn new(plan: &'a Plan<'a>) -> Self {
        Self { plan }
    }

    /// The statements, up to the builder `call`.
    pub(crate) fn text(&self, file: &mut SourceFile, receiver: &str) -> String {
        let (required, optional): (Vec<&Parameter>, Vec<&Parameter>) =
            self.plan.operation.parameters.iter().partition(|parameter| parameter.presence == Presence::Required);
        let mut text = String::new();
        let mut passed = Vec::new();
        let mut scope = NameScope::reserving(TAKEN);
        for parameter in required {
            let name = scope.claim(parameter.name.clone()).source();
            let take = self.required(file, parameter);
            let _ = writeln!(text, "    let {name} = {take};");
            passed.push(name);
        }
        let body = self.plan.operation.body.as_ref();
        let mut method = self.plan.operation.name.source();
        if let Some(body) = body.filter(|_| self.plan.takes_body()) {
            if let Some(with_body) = &self.plan.call.with_body {
                method = with_body.source();
            }
            text.push_str(&self.body(file, body, "    "));
            passed.push("body".to_owned());
        }
        let late = body.filter(|_| !self.plan.takes_body());
        let mutable = if optional.is_empty() && late.is_none() { "" } else { "mut " };
        let _ = writeln!(text, "    let {mutable}call = {receiver}.{method}({});", passed.join(", "));
        for parameter in optional {
            let take = match parameter.location {
                Location::Path | Location::Query => "take_query",
                Location::Header | Location::Cookie => "take_header",
            };
            let (name, wire) = (parameter.name.source(), &parameter.wire.0);
            let _ = writeln!(text, "    call.{name} = arguments.{take}({wire:?})?;");
        }
        if let Some(body) = late {
            text.push_str(&self.late_body(file, body));
        }
        text
    }

    fn type_name(&self, file: &mut SourceFile, ty: &Type) -> String {
        let ty = render_type(&self.plan.input.api.types, ty, Scope::Elsewhere);
        file.mention(&ty);
        tight(&ty)
    }

    fn required(&self, file: &mut SourceFile, parameter: &Parameter) -> String {
        let take = match parameter.location {
            Location::Path => "take_path",
            Location::Query => "take_required_query",
            Location::Header | Location::Cookie => "take_required_header",
        };
        format!("arguments.{take}::<{}>({:?})?", self.type_name(file, &parameter.ty), parameter.wire.0)
    }

    /// A body that has to be there, as `body`.
    fn body(&self, file: &mut SourceFile, body: &Body, indent: &str) -> String {
        match body.form {
            BodyForm::Json | BodyForm::UrlEncoded | BodyForm::Text(_) => {
                format!("{indent}let body = arguments.take_body::<{}>()?;\n", self.type_name(file, &body.ty))
            }
            BodyForm::Bytes(_) => format!("{indent}let body = arguments.take_bytes()?;\n"),
            BodyForm::Multipart => self.form(file, body, indent),
        }
    }

    /// A body that may be left out.
    fn late_body(&self, file: &mut SourceFile, body: &Body) -> String {
        match body.form {
            BodyForm::Json | BodyForm::UrlEncoded | BodyForm::Text(_) => {
                "    call.body = arguments.take_optional_body()?;\n".to_owned()
            }
            BodyForm::Bytes(_) => "    call.body = arguments.take_optional_bytes()?;\n".to_owned(),
            BodyForm::Multipart => format!(
                "    if arguments.has_form() {{\n{}        call.body = Some(body);\n    }}\n",
                self.form(file, body, "        ")
            ),
        }
    }

    /// The fields of a form, as `body`.
    fn form(&self, file: &mut SourceFile, body: &Body, indent: &str) -> String {
        let Some(structure) = self.plan.input.api.types.structure(&body.ty) else { return String::new() };
        let is_argument = |index: &usize| structure.arguments.contains(index);
        let required: Vec<String> = structure
            .arguments
            .iter()
            .filter_map(|index| structure.fields.get(*index))
            .map(|field| self.required_field(file, field))
            .collect();
        let rest: Vec<&Property> = structure
            .fields
            .iter()
            .enumerate()
            .filter(|(index, field)| !is_argument(index) && field.preset().is_none())
            .map(|(_, field)| field)
            .collect();
        let mutable = if rest.is_empty() { "" } else { "mut " };
        let ty = self.type_name(file, &body.ty);
        let mut text = format!("{indent}let {mutable}body = {ty}::new({});\n", required.join(", "));
        for field in rest {
            let take = format!("arguments.{}({:?})?", self.field(field), field.wire.0);
            let value = match field.presence {
                Presence::OptionalNullable => {
                    let (absent, value) = ("sdk_runtime::json::Field::Absent", "sdk_runtime::json::Field::Value");
                    format!("{take}.map_or({absent}, {value})")
                }
                Presence::Required | Presence::Nullable | Presence::Optional => take,
            };
            let _ = writeln!(text, "{indent}body.{} = {value};", field.name.source());
        }
        text
    }

    /// The function that takes a field of a form which may be left out.
    fn field(&self, field: &Property) -> &'static str {
        match self.files(field) {
            Files::One => "take_form_file",
            Files::Several => "take_optional_form_files",
            Files::None => "take_form_text",
        }
    }

    /// A field that the constructor of the form takes.
    fn required_field(&self, file: &mut SourceFile, field: &Property) -> String {
        let required = match field.presence {
            Presence::Required | Presence::Optional => "required_",
            Presence::Nullable | Presence::OptionalNullable => "",
        };
        let wire = &field.wire.0;
        match self.files(field) {
            Files::One => format!("arguments.take_{required}form_file({wire:?})?"),
            Files::Several if required.is_empty() => format!("arguments.take_optional_form_files({wire:?})?"),
            Files::Several => format!("arguments.take_form_files({wire:?})?"),
            Files::None => {
                format!("arguments.take_{required}form_text::<{}>({wire:?})?", self.type_name(file, &field.ty))
            }
        }
    }

    fn files(&self, field: &Property) -> Files {
        let types = &self.plan.input.api.types;
        match types.resolve(&field.ty) {
            Type::Binary => Files::One,
            Type::List(item) if *types.resolve(item) == Type::Binary => Files::Several,
            Type::String
            | Type::Boolean
            | Type::Integer(_)
            | Type::Number
            | Type::Timestamp
            | Type::Any
            | Type::Constant(_)
            | Type::List(_)
            | Type::Tuple(..)
            | Type::Map(_)
            | Type::Nullable(_)
            | Type::Named(_) => Files::None,
        }
    }
}

/// How many files a field of a form holds.
enum Files {
    None,
    One,
    Several,
}
