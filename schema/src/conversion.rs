//! Converts Rust types to the schemas that the API takes, in the form in which the vendor's own SDKs send them. Must not know calls.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::problem::{SchemaError, SchemaProblem, SchemaProblemKind};
use crate::shape::{Enumeration, Form, Shape};

/// Returns the schema of a Rust type, as `extend_ai::schema_of` describes it.
///
/// # Errors
///
/// Returns every field whose type the API cannot extract.
pub fn schema_of<T: JsonSchema>() -> Result<Map<String, Value>, SchemaError> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    convert(&T::schema_name(), settings.into_generator().into_root_schema_for::<T>().as_value())
}

/// Converts a schema of `schemars`, in which types are inlined, to one of the API.
fn convert(root: &str, schema: &Value) -> Result<Map<String, Value>, SchemaError> {
    let mut conversion = Conversion { path: root.to_owned(), problems: Vec::new() };
    let shape = Shape::of(schema);
    let converted = match shape.form {
        Form::Object(properties) if !shape.nullable => conversion.object(properties),
        Form::Unusable(kind) => conversion.report(kind, noun(&shape.form)),
        Form::Object(_)
        | Form::String { .. }
        | Form::Number
        | Form::Integer
        | Form::Boolean
        | Form::Enumeration(_)
        | Form::List(_) => conversion.report(SchemaProblemKind::NotAStruct, noun(&shape.form)),
    };
    if conversion.problems.is_empty() {
        Ok(converted)
    } else {
        Err(SchemaError::new(root.to_owned(), conversion.problems))
    }
}

/// What one conversion has found so far. Where there is a problem, the converted schema is empty.
struct Conversion {
    /// The path of the field that is converted.
    path: String,
    problems: Vec<SchemaProblem>,
}

impl Conversion {
    /// Converts the fields of an object, which are all required.
    fn object(&mut self, properties: &Map<String, Value>) -> Map<String, Value> {
        let mut converted = Map::new();
        for (name, schema) in properties {
            let length = self.path.len();
            self.path.push('.');
            self.path.push_str(name);
            let field = self.field(schema);
            self.path.truncate(length);
            converted.insert(name.clone(), Value::Object(field));
        }
        object(converted)
    }

    fn field(&mut self, schema: &Value) -> Map<String, Value> {
        let shape = Shape::of(schema);
        let mut converted = match &shape.form {
            Form::Object(properties) => self.object(properties),
            Form::List(items) => self.list(items),
            Form::Enumeration(found) => self.optional(&shape, enumeration(found)),
            Form::String { .. } | Form::Number | Form::Integer | Form::Boolean => {
                let plain = self.primitive(&shape);
                self.optional(&shape, plain)
            }
            Form::Unusable(kind) => self.report(*kind, noun(&shape.form)),
        };
        for (name, value) in &shape.keywords {
            if *name != "extend:type" {
                converted.insert((*name).to_owned(), (*value).clone());
            }
        }
        with_extend_type(&mut converted, &shape);
        if let Some(description) = shape.description {
            converted.insert("description".to_owned(), description.into());
        }
        converted
    }

    fn list(&mut self, items: &Value) -> Map<String, Value> {
        let length = self.path.len();
        self.path.push_str("[]");
        let shape = Shape::of(items);
        let mut item = match &shape.form {
            Form::Object(properties) => self.object(properties),
            Form::List(_) => self.report(SchemaProblemKind::NestedList, "a list inside of a list"),
            Form::Enumeration(_) => self.report(SchemaProblemKind::EnumItem, "an enum inside of a list"),
            Form::Unusable(kind) => self.report(*kind, noun(&shape.form)),
            Form::String { .. } | Form::Number | Form::Integer | Form::Boolean if shape.nullable => {
                self.report(SchemaProblemKind::OptionalItem, "an item that may be null")
            }
            Form::String { .. } | Form::Number | Form::Integer | Form::Boolean => self.primitive(&shape),
        };
        with_extend_type(&mut item, &shape);
        self.path.truncate(length);
        Map::from_iter([("type".to_owned(), "array".into()), ("items".to_owned(), Value::Object(item))])
    }

    /// Converts a type that is written alike everywhere, without null.
    fn primitive(&mut self, shape: &Shape<'_>) -> Map<String, Value> {
        let name = match &shape.form {
            Form::String { format: None } => "string",
            Form::String { format: Some("date") } => {
                return Map::from_iter([
                    ("type".to_owned(), "string".into()),
                    ("extend:type".to_owned(), "date".into()),
                ]);
            }
            Form::String { format: Some("date-time") } => {
                return self.report(SchemaProblemKind::DateTime, "a date with a time");
            }
            Form::String { format: Some(format) } => {
                return self.report(SchemaProblemKind::Format, format!("a string of the format `{format}`"));
            }
            Form::Number => "number",
            Form::Integer => "integer",
            Form::Boolean => "boolean",
            Form::Enumeration(_) | Form::Object(_) | Form::List(_) | Form::Unusable(_) => return Map::new(),
        };
        Map::from_iter([("type".to_owned(), name.into())])
    }

    /// Allows null beside the values of a type, and reports a type that does not.
    fn optional(&mut self, shape: &Shape<'_>, mut plain: Map<String, Value>) -> Map<String, Value> {
        if !shape.nullable && !plain.is_empty() {
            let kind = SchemaProblemKind::NotOptional;
            let instead = format!(
                "`Option<{}>`, because the API returns null for what a document does not contain",
                rust_type(&shape.form)
            );
            return self.report_with(kind, format!("{} that is never null", noun(&shape.form)), instead);
        }
        if let Some(name) = plain.get_mut("type") {
            *name = json!([name, "null"]);
        }
        if let Some(Value::Array(values)) = plain.get_mut("enum") {
            values.push(Value::Null);
        }
        plain
    }

    /// Records a problem of the current field.
    fn report(&mut self, kind: SchemaProblemKind, found: impl Into<String>) -> Map<String, Value> {
        self.report_with(kind, found.into(), kind.remedy().to_owned())
    }

    fn report_with(&mut self, kind: SchemaProblemKind, found: String, instead: String) -> Map<String, Value> {
        self.problems.push(SchemaProblem { kind, path: self.path.clone(), found, instead });
        Map::new()
    }
}

/// Returns the schema of an object, with its properties behind what is said about it.
fn object(properties: Map<String, Value>) -> Map<String, Value> {
    let required: Vec<Value> = properties.keys().map(|name| name.as_str().into()).collect();
    Map::from_iter([
        ("type".to_owned(), "object".into()),
        ("properties".to_owned(), Value::Object(properties)),
        ("required".to_owned(), Value::Array(required)),
        ("additionalProperties".to_owned(), false.into()),
    ])
}

fn enumeration(found: &Enumeration<'_>) -> Map<String, Value> {
    let values = found.values.iter().map(|value| Value::from(*value)).collect();
    let descriptions =
        found.descriptions.iter().map(|all| ("extend:descriptions".to_owned(), Value::Array(all.clone())));
    [("enum".to_owned(), Value::Array(values))].into_iter().chain(descriptions).collect()
}

/// Adds the type with a meaning of its own that a type of this crate, or one of the user's, has.
fn with_extend_type(converted: &mut Map<String, Value>, shape: &Shape<'_>) {
    if let (Some(value), false) = (shape.extend_type(), converted.is_empty()) {
        converted.insert("extend:type".to_owned(), value.clone());
    }
}

/// Returns what a form is called in the description of a problem.
fn noun(form: &Form<'_>) -> &'static str {
    match form {
        Form::String { format: Some("date") } => "a date",
        Form::String { .. } => "a string",
        Form::Number => "a number",
        Form::Integer => "an integer",
        Form::Boolean => "a boolean",
        Form::Enumeration(_) => "an enum",
        Form::Object(_) => "a struct",
        Form::List(_) => "a list",
        Form::Unusable(kind) => match kind {
            SchemaProblemKind::EnumValue => "an enum with values that are not strings",
            SchemaProblemKind::FixedLength => "a tuple or an array of fixed length",
            SchemaProblemKind::Map => "a map",
            SchemaProblemKind::Recursive => "a type that contains itself",
            SchemaProblemKind::Set => "a set",
            SchemaProblemKind::Union => "a value of one of several types",
            SchemaProblemKind::Untyped => "a value without a type",
            SchemaProblemKind::NotAStruct
            | SchemaProblemKind::NotOptional
            | SchemaProblemKind::OptionalItem
            | SchemaProblemKind::EnumItem
            | SchemaProblemKind::NestedList
            | SchemaProblemKind::DateTime
            | SchemaProblemKind::Format => "a type that cannot be extracted",
        },
    }
}

/// Returns a Rust type of a form.
fn rust_type(form: &Form<'_>) -> &'static str {
    match form {
        Form::String { format: Some("date") } => "Date",
        Form::String { .. } => "String",
        Form::Number => "f64",
        Form::Integer => "i64",
        Form::Boolean => "bool",
        Form::Enumeration(_) | Form::Object(_) | Form::List(_) | Form::Unusable(_) => "…",
    }
}
