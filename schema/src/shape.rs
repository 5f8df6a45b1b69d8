//! What a JSON schema of `schemars` says, in the few terms that an extraction knows. Must not know what the API allows where.

use serde_json::{Map, Value};

use crate::problem::SchemaProblemKind;

/// A schema: what it describes, and what is said about it.
#[derive(Debug)]
pub(crate) struct Shape<'a> {
    pub(crate) form: Form<'a>,
    /// Whether null is allowed too.
    pub(crate) nullable: bool,
    pub(crate) description: Option<&'a str>,
    /// The keywords `extend:…`, except `extend:descriptions`.
    pub(crate) keywords: Vec<(&'a str, &'a Value)>,
}

/// What a schema describes.
#[derive(Debug)]
pub(crate) enum Form<'a> {
    String { format: Option<&'a str> },
    Number,
    Integer,
    Boolean,
    Enumeration(Enumeration<'a>),
    Object(&'a Map<String, Value>),
    List(&'a Value),
    Unusable(SchemaProblemKind),
}

/// The values of an enum, with a description of each if there is one of any.
#[derive(Debug)]
pub(crate) struct Enumeration<'a> {
    pub(crate) values: Vec<&'a str>,
    pub(crate) descriptions: Option<Vec<Value>>,
}

impl<'a> Shape<'a> {
    /// Reads a schema in which nothing but recursion is a reference.
    pub(crate) fn of(schema: &'a Value) -> Self {
        let Value::Object(keywords) = schema else {
            return Self {
                form: Form::Unusable(SchemaProblemKind::Untyped),
                nullable: true,
                description: None,
                keywords: Vec::new(),
            };
        };
        let mut shape = match without_null(keywords) {
            Some(inner) => Self { nullable: true, ..Self::of(inner) },
            None => Self {
                form: form_of(keywords),
                nullable: allows_null(keywords),
                description: None,
                keywords: Vec::new(),
            },
        };
        if let Some(description) = keywords.get("description").and_then(Value::as_str) {
            shape.description = Some(description).filter(|text| !text.is_empty());
        }
        if let (Some(Value::Array(given)), Form::Enumeration(found)) =
            (keywords.get("extend:descriptions"), &mut shape.form)
        {
            found.descriptions = Some(given.clone());
        }
        let own = |(name, _): &(&String, &Value)| name.starts_with("extend:") && *name != "extend:descriptions";
        shape.keywords.extend(keywords.iter().filter(own).map(|(name, value)| (name.as_str(), value)));
        shape
    }

    /// Returns the type with a meaning of its own that the API has for such values.
    pub(crate) fn extend_type(&self) -> Option<&'a Value> {
        self.keywords.iter().rev().find(|(name, _)| *name == "extend:type").map(|(_, value)| *value)
    }
}

/// Returns the alternative to null, of a schema that has just one.
fn without_null(keywords: &Map<String, Value>) -> Option<&Value> {
    let alternatives = keywords.get("anyOf").or_else(|| keywords.get("oneOf"))?.as_array()?;
    let mut others = alternatives.iter().filter(|schema| !is_null(schema));
    let other = others.next()?;
    (alternatives.len() == 2 && others.next().is_none()).then_some(other)
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

fn allows_null(keywords: &Map<String, Value>) -> bool {
    match keywords.get("type") {
        Some(Value::Array(types)) => types.iter().any(|name| name == "null"),
        Some(name) => name == "null",
        None => keywords.get("enum").and_then(Value::as_array).is_some_and(|values| values.contains(&Value::Null)),
    }
}

fn form_of(keywords: &Map<String, Value>) -> Form<'_> {
    if keywords.contains_key("$ref") {
        return Form::Unusable(SchemaProblemKind::Recursive);
    }
    if let Some(form) = enumeration_of(keywords) {
        return form;
    }
    if ["anyOf", "oneOf", "allOf", "not", "if"].iter().any(|name| keywords.contains_key(*name)) {
        return Form::Unusable(SchemaProblemKind::Union);
    }
    match only_type(keywords) {
        Some("string") => Form::String { format: keywords.get("format").and_then(Value::as_str) },
        Some("number") => Form::Number,
        Some("integer") => Form::Integer,
        Some("boolean") => Form::Boolean,
        Some("object") => object_of(keywords),
        Some("array") => list_of(keywords),
        Some(_) | None => Form::Unusable(SchemaProblemKind::Untyped),
    }
}

/// Returns the type beside null, if there is exactly one.
fn only_type(keywords: &Map<String, Value>) -> Option<&str> {
    let name = keywords.get("type")?;
    let Value::Array(types) = name else { return name.as_str() };
    let mut others = types.iter().filter_map(Value::as_str).filter(|name| *name != "null");
    others.next().filter(|_| others.next().is_none())
}

/// Reads an enum: `schemars` lists variants in one `enum`, and those with a description as a `const` each.
fn enumeration_of(keywords: &Map<String, Value>) -> Option<Form<'_>> {
    let parts: Vec<&Map<String, Value>> = match keywords.get("oneOf").and_then(Value::as_array) {
        Some(parts) => parts.iter().map(Value::as_object).collect::<Option<_>>()?,
        None => vec![keywords],
    };
    let (mut values, mut descriptions) = (Vec::new(), Vec::new());
    for part in parts {
        let of_part: Vec<&Value> = match (part.get("enum"), part.get("const")) {
            (Some(Value::Array(several)), _) => several.iter().filter(|value| !value.is_null()).collect(),
            (_, Some(one)) => vec![one],
            (Some(_) | None, None) => return None,
        };
        let described = part.get("description").filter(|_| part.contains_key("const"));
        descriptions.extend(of_part.iter().map(|_| described.cloned().unwrap_or_else(|| Value::from(""))));
        values.extend(of_part);
    }
    let Some(values) = values.into_iter().map(Value::as_str).collect() else {
        return Some(Form::Unusable(SchemaProblemKind::EnumValue));
    };
    let has_any = descriptions.iter().any(|description| description != "");
    Some(Form::Enumeration(Enumeration { values, descriptions: has_any.then_some(descriptions) }))
}

fn object_of(keywords: &Map<String, Value>) -> Form<'_> {
    let is_open = |schema: &Value| !matches!(schema, Value::Bool(false));
    if keywords.get("additionalProperties").is_some_and(is_open) || keywords.contains_key("patternProperties") {
        return Form::Unusable(SchemaProblemKind::Map);
    }
    match keywords.get("properties") {
        Some(Value::Object(properties)) => Form::Object(properties),
        Some(_) | None => Form::Object(no_properties()),
    }
}

fn no_properties() -> &'static Map<String, Value> {
    static NONE: std::sync::OnceLock<Map<String, Value>> = std::sync::OnceLock::new();
    NONE.get_or_init(Map::new)
}

fn list_of(keywords: &Map<String, Value>) -> Form<'_> {
    let fixed = keywords.get("maxItems").is_some_and(|most| Some(most) == keywords.get("minItems"));
    if keywords.contains_key("prefixItems") || fixed {
        return Form::Unusable(SchemaProblemKind::FixedLength);
    }
    if keywords.get("uniqueItems") == Some(&Value::Bool(true)) {
        return Form::Unusable(SchemaProblemKind::Set);
    }
    keywords.get("items").map_or(Form::Unusable(SchemaProblemKind::Untyped), Form::List)
}
