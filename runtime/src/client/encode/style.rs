//! Expands a value to text in a style of OpenAPI, which is an expansion of RFC 6570.
//!
//! Each name, item and value is encoded before it is joined, so that a separator stays distinguishable from the same
//! character inside of an item. This module must not know where the text goes.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// How a value is expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `name=value`; exploded, a list repeats the name, and an object becomes one pair per property.
    Form(Explode),
    /// `name=a b`, with an encoded space between items.
    SpaceDelimited,
    /// `name=a|b`, with an encoded bar between items.
    PipeDelimited,
    /// `name[key]=value`.
    DeepObject,
    /// `a,b`.
    Simple(Explode),
    /// `.a,b`; exploded, `.a.b`.
    Label(Explode),
    /// `;name=a,b`; exploded, `;name=a;name=b`.
    Matrix(Explode),
    /// JSON.
    Json,
}

/// Whether the items of a list or the properties of an object are expanded one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explode {
    /// All of them together.
    No,
    /// One by one.
    Yes,
}

/// Which characters are percent-encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// All but unreserved characters.
    Unreserved,
    /// All but unreserved characters and those reserved ones that a query can contain in a value; percent-encoded
    /// triples are kept.
    Reserved,
    /// As in `application/x-www-form-urlencoded`: a space is `+`.
    Form,
    /// Only what a cookie cannot contain.
    Cookie,
    /// None.
    Plain,
}

/// The characters that are not encoded anywhere.
pub(crate) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `&` and `+` separate pairs and words, `#` ends a query, and brackets are not allowed in one.
const RESERVED: &AsciiSet = &UNRESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// A space becomes `+` afterwards.
const FORM: &AsciiSet = &UNRESERVED.remove(b' ');

const COOKIE: &AsciiSet = &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');

impl Encoding {
    pub(super) fn encode(self, text: &str) -> String {
        match self {
            Self::Unreserved => utf8_percent_encode(text, UNRESERVED).to_string(),
            Self::Reserved => encode_keeping_triples(text),
            Self::Form => utf8_percent_encode(text, FORM).to_string().replace(' ', "+"),
            Self::Cookie => utf8_percent_encode(text, COOKIE).to_string(),
            Self::Plain => text.to_owned(),
        }
    }

    /// Returns a separator that must be encoded in a URL.
    fn separator(self, plain: &'static str, encoded: &'static str) -> &'static str {
        match self {
            Self::Unreserved | Self::Reserved | Self::Form | Self::Cookie => encoded,
            Self::Plain => plain,
        }
    }
}

/// Encodes a text, except for what is percent-encoded already.
fn encode_keeping_triples(text: &str) -> String {
    let mut encoded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        encoded.extend(utf8_percent_encode(before, RESERVED));
        let triple = after.get(..3).filter(|triple| triple.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit()));
        let (kept, length) = triple.map_or(("%25", 1), |triple| (triple, 3));
        encoded.push_str(kept);
        rest = after.get(length..).unwrap_or_default();
    }
    encoded.extend(utf8_percent_encode(rest, RESERVED));
    encoded
}

/// Expands a value to pairs of names and values, both encoded. There are none for `null` and for an empty list or object:
/// RFC 6570 treats them as undefined.
pub(super) fn pairs(name: &str, value: &Value, style: Style, encoding: Encoding) -> Vec<(String, String)> {
    let named = |text: String| vec![(encoding.encode(name), text)];
    match style {
        _ if is_undefined(value) => Vec::new(),
        Style::Json => named(encoding.encode(&value.to_string())),
        Style::DeepObject => {
            let mut pairs = Vec::new();
            deep(name, value, encoding, &mut pairs);
            pairs
        }
        Style::Form(Explode::Yes) | Style::Matrix(Explode::Yes) => match value {
            Value::Object(_) => properties(value, encoding),
            Value::Array(_) => items(value, encoding).map(|item| (encoding.encode(name), item)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => named(scalar(value, encoding)),
        },
        Style::SpaceDelimited => named(together(value, encoding.separator(" ", "%20"), encoding)),
        Style::PipeDelimited => named(together(value, encoding.separator("|", "%7C"), encoding)),
        Style::Form(Explode::No) | Style::Matrix(Explode::No) | Style::Simple(_) | Style::Label(_) => {
            named(together(value, ",", encoding))
        }
    }
}

/// Expands a value to one text, as in a path or header. It is `None` where [`pairs`] finds none.
pub(super) fn expand(name: &str, value: &Value, style: Style, encoding: Encoding) -> Option<String> {
    let text = match style {
        _ if is_undefined(value) => return None,
        Style::Json => encoding.encode(&value.to_string()),
        Style::Simple(Explode::Yes) => one_by_one(value, ",", encoding),
        Style::Label(Explode::Yes) => format!(".{}", one_by_one(value, ".", encoding)),
        Style::Label(Explode::No) => format!(".{}", together(value, ",", encoding)),
        Style::Matrix(_) => {
            let pairs = pairs(name, value, style, encoding).into_iter();
            pairs
                .map(|(name, value)| if value.is_empty() { format!(";{name}") } else { format!(";{name}={value}") })
                .collect()
        }
        Style::Simple(Explode::No)
        | Style::Form(_)
        | Style::SpaceDelimited
        | Style::PipeDelimited
        | Style::DeepObject => together(value, ",", encoding),
    };
    Some(text)
}

/// Returns whether a value has no expansion.
fn is_undefined(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().all(Value::is_null),
        Value::Object(map) => map.values().all(Value::is_null),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn items(value: &Value, encoding: Encoding) -> impl Iterator<Item = String> {
    let items = value.as_array().into_iter().flatten();
    items.filter(|item| !item.is_null()).map(move |item| scalar(item, encoding))
}

fn properties(value: &Value, encoding: Encoding) -> Vec<(String, String)> {
    let properties = value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    properties.map(|(name, value)| (encoding.encode(name), scalar(value, encoding))).collect()
}

/// Joins the items of a list, or the names and values of an object.
fn together(value: &Value, separator: &str, encoding: Encoding) -> String {
    let parts: Vec<String> = match value {
        Value::Array(_) => items(value, encoding).collect(),
        Value::Object(_) => properties(value, encoding).into_iter().flat_map(|(name, value)| [name, value]).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![scalar(value, encoding)],
    };
    parts.join(separator)
}

/// Joins the items of a list, or the `name=value` pairs of an object.
fn one_by_one(value: &Value, separator: &str, encoding: Encoding) -> String {
    match value {
        Value::Object(_) => {
            let pairs = properties(value, encoding).into_iter().map(|(name, value)| format!("{name}={value}"));
            pairs.collect::<Vec<_>>().join(separator)
        }
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            together(value, separator, encoding)
        }
    }
}

/// Expands an object at any depth. A list repeats the name of its property.
fn deep(name: &str, value: &Value, encoding: Encoding, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| deep(&format!("{name}[{key}]"), value, encoding, pairs));
        }
        Value::Array(items) => items.iter().for_each(|item| deep(name, item, encoding, pairs)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            pairs.push((encoding.encode(name), scalar(value, encoding)));
        }
    }
}

/// Encodes a single value. For a list or object inside of another OpenAPI defines nothing; it becomes JSON.
fn scalar(value: &Value, encoding: Encoding) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => encoding.encode(text),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => encoding.encode(&value.to_string()),
    }
}
