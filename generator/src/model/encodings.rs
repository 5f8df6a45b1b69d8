//! How the properties of a form are sent where the document states it: the `encoding` of a body. It must not know how a form is
//! built in Rust.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::{Body, BodyForm, Encoding, Kind, Operation, PartContent, PartEncoding, Style, Type, Types};
use crate::keyword::Keywords;
use crate::names::WireName;
use crate::pointer::Pointer;

use super::bodies::is_json;
use super::sources::follow;
use super::styles::{read_encoding, read_form_style};
use super::types::TypeBuilder;

/// Reads the `encoding` of a media type.
pub(super) fn read_encodings<'a>(
    builder: &mut TypeBuilder<'a>,
    form: &BodyForm,
    media_type: &'a Value,
    place: &Pointer,
) -> Vec<PartEncoding> {
    match form {
        BodyForm::Multipart | BodyForm::UrlEncoded => {}
        BodyForm::Json | BodyForm::Text(_) | BodyForm::Bytes(_) => return Vec::new(),
    }
    let place = place.join("encoding");
    let stated = media_type.keyword("encoding").and_then(Value::as_object).into_iter().flatten();
    stated
        .map(|(name, stated)| {
            let place = place.join(name);
            let content = match read_form_style(stated, &place, &mut builder.report) {
                Some(style) => PartContent::Styled(style, form_encoding(stated)),
                None => media_types(stated),
            };
            let headers = if *form == BodyForm::Multipart { headers(builder, stated, &place) } else { Vec::new() };
            PartEncoding { name: WireName(name.clone()), content, headers, origin: place }
        })
        .collect()
}

fn form_encoding(stated: &Value) -> Encoding {
    match read_encoding(stated) {
        Encoding::Reserved => Encoding::Reserved,
        Encoding::Unreserved | Encoding::Form | Encoding::Cookie => Encoding::Form,
    }
}

fn media_types(stated: &Value) -> PartContent {
    let types = stated.keyword("contentType").and_then(Value::as_str).unwrap_or_default();
    let types: Vec<String> =
        types.split(',').map(|media| media.trim().to_owned()).filter(|media| !media.is_empty()).collect();
    if types.is_empty() { PartContent::Default } else { PartContent::MediaTypes(types) }
}

/// Returns the headers of a part whose values the document fixes, and reports the others.
fn headers<'a>(builder: &mut TypeBuilder<'a>, stated: &'a Value, place: &Pointer) -> Vec<(String, String)> {
    let stated = stated.keyword("headers").and_then(Value::as_object).into_iter().flatten();
    let mut found = Vec::new();
    for (name, header) in stated {
        if ["content-type", "content-disposition"].contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        let place = place.join("headers").join(name);
        let Some(target) = follow(builder, header, &place) else { continue };
        match target.value.keyword("schema").and_then(fixed_value) {
            Some(value) => found.push((name.to_ascii_lowercase(), value)),
            None => builder.report.push(
                Diagnostic::new(
                    Code::Ignored,
                    place,
                    format!("the header `{name}` of a part, which has no fixed value"),
                )
                .expected("a header with one value or a default")
                .help("the client sends it for a file if it is set by `FilePart::header`"),
            ),
        }
    }
    found
}

/// Returns the only value of a schema, or its default.
fn fixed_value(schema: &Value) -> Option<String> {
    let only = schema.keyword("enum").and_then(Value::as_array).filter(|values| values.len() == 1);
    match only.and_then(|values| values.first()).or_else(|| schema.keyword("default"))? {
        Value::String(text) => Some(text.clone()),
        value @ (Value::Bool(_) | Value::Number(_)) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Determines what the parts of each property contain, now that the types are known, and reports what cannot be sent as the
/// document states it.
pub(super) fn resolve_encodings(operations: &mut [Operation], types: &Types) -> Report {
    let mut report = Report::default();
    let mut seen = BTreeSet::new();
    for body in operations.iter_mut().filter_map(|operation| operation.body.as_mut()) {
        let Body { ty, encodings, .. } = body;
        let fields = types.structure(ty).map(|structure| structure.fields.as_slice()).unwrap_or_default();
        encodings.retain_mut(|encoding| {
            let Some(field) = fields.iter().find(|field| field.wire == encoding.name) else {
                let found = format!("the encoding of `{}`, which is no property of the form", encoding.name);
                report.extend(reported(&mut seen, Code::Ignored, &encoding.origin, found));
                return false;
            };
            if let PartContent::MediaTypes(media_types) = &encoding.content {
                let resolved = resolve(Content::of(types, &field.ty), media_types);
                if resolved.is_none() {
                    let found =
                        format!("`{}` as {}, which the client cannot write", encoding.name, media_types.join(" or "));
                    report.extend(reported(&mut seen, Code::Untyped, &encoding.origin, found));
                }
                encoding.content = resolved.unwrap_or(PartContent::Default);
            }
            encoding.content != PartContent::Default || !encoding.headers.is_empty()
        });
    }
    report
}

/// Returns a warning, once for each place.
fn reported(seen: &mut BTreeSet<Pointer>, code: Code, place: &Pointer, found: String) -> Report {
    let diagnostics = seen.insert(place.clone()).then(|| {
        Diagnostic::new(code, place.clone(), found)
            .expected("a property of the form, in a media type that its type can be written in")
            .help("the client sends an object as JSON; correct the document with an overlay action")
    });
    Report { diagnostics: diagnostics.into_iter().collect() }
}

/// Returns what a part contains that is sent as one of these media types; `None` if its value cannot be.
fn resolve(content: Content, media_types: &[String]) -> Option<PartContent> {
    let essence = |media: &String| super::bodies::essence(media);
    let is_named = |media: &&String| !media.contains('*');
    let json = media_types.iter().find(|media| is_json(&essence(media)));
    let all = || PartContent::MediaTypes(media_types.to_vec());
    match content {
        Content::File => Some(all()),
        Content::Plain => Some(media_types.iter().find(is_named).map_or(PartContent::Default, |_| all())),
        Content::String => Some(match media_types.iter().find(is_named) {
            Some(first) if is_json(&essence(first)) => PartContent::JsonString(first.clone()),
            Some(_) => all(),
            None => PartContent::Default,
        }),
        Content::Complex => match json {
            Some(media) => Some(PartContent::MediaTypes(vec![media.clone()])),
            None if media_types.iter().all(|media| media.contains('*')) => Some(PartContent::Default),
            None => None,
        },
    }
}

/// What a part contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    File,
    String,
    /// A number, `true` or `false`, which is the same as text and as JSON.
    Plain,
    Complex,
}

impl Content {
    /// Returns the content of each part of a property; a list has a part for each item.
    fn of(types: &Types, ty: &Type) -> Self {
        match types.resolve(ty) {
            Type::List(item) => match types.resolve(item) {
                Type::List(_) | Type::Tuple(..) => Self::Complex,
                Type::String
                | Type::Boolean
                | Type::Integer(_)
                | Type::Number
                | Type::Timestamp
                | Type::Binary
                | Type::Any
                | Type::Constant(_)
                | Type::Map(_)
                | Type::Nullable(_)
                | Type::Named(_) => Self::of(types, item),
            },
            Type::Binary => Self::File,
            Type::String | Type::Timestamp | Type::Constant(_) => Self::String,
            Type::Boolean | Type::Integer(_) | Type::Number => Self::Plain,
            Type::Named(id) => match types.get(*id).kind {
                Kind::Enumeration(_) => Self::String,
                Kind::Struct(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => Self::Complex,
            },
            Type::Any | Type::Map(_) | Type::Nullable(_) | Type::Tuple(..) => Self::Complex,
        }
    }
}

/// Returns the style of a property of a URL-encoded form, if it is not that of its type.
pub(crate) fn url_encoded_style(encoding: &PartEncoding) -> Option<(Style, Encoding)> {
    match &encoding.content {
        PartContent::Styled(style, encoding) => Some((*style, *encoding)),
        PartContent::JsonString(_) => Some((Style::Json, Encoding::Form)),
        PartContent::Default | PartContent::MediaTypes(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ir::Explode;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    struct Row {
        schema: Value,
        encoding: Value,
        expected: Option<PartContent>,
        warnings: usize,
    }

    fn check(rows: impl IntoIterator<Item = Row>) {
        for Row { schema, encoding, expected, warnings } in rows {
            let schema = json!({"type": "object", "properties": {"p": schema}});
            let content = json!({"multipart/form-data": {"schema": schema, "encoding": {"p": encoding}}});
            let paths = json!({"/a": {"post": {"requestBody": {"content": content}}}});
            let document = normalize_document(json!({"openapi": "3.0.3", "paths": paths}));
            let modelled = build(&document, &Profile::default(), &Lock::default());
            let body = modelled.api.operations[0].body.as_ref().unwrap();
            let found = body.encodings.first().map(|encoding| encoding.content.clone());
            assert_eq!((found, modelled.report.diagnostics.len()), (expected, warnings), "{content}");
        }
    }

    #[test]
    fn encoding_of_a_property_is_read_for_its_type() {
        let types = |list: &[&str]| PartContent::MediaTypes(list.iter().map(|media| (*media).to_owned()).collect());
        let quoted = PartContent::JsonString("application/json".to_owned());
        let text = json!({"type": "string"});
        let file = json!({"type": "string", "format": "binary"});
        let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let list = |items: &Value| json!({"type": "array", "items": items});
        let json_type = json!({"contentType": "application/json"});
        let rows = [
            Row {
                schema: file.clone(),
                encoding: json!({"contentType": "application/pdf, image/png"}),
                expected: Some(types(&["application/pdf", "image/png"])),
                warnings: 0,
            },
            Row { schema: text.clone(), encoding: json_type.clone(), expected: Some(quoted.clone()), warnings: 0 },
            Row { schema: list(&text), encoding: json_type.clone(), expected: Some(quoted), warnings: 0 },
            Row {
                schema: text.clone(),
                encoding: json!({"contentType": "text/csv"}),
                expected: Some(types(&["text/csv"])),
                warnings: 0,
            },
            Row {
                schema: object.clone(),
                encoding: json_type.clone(),
                expected: Some(types(&["application/json"])),
                warnings: 0,
            },
            Row {
                schema: list(&object),
                encoding: json!({"contentType": "application/xml, application/a+json"}),
                expected: Some(types(&["application/a+json"])),
                warnings: 0,
            },
            Row {
                schema: object.clone(),
                encoding: json!({"contentType": "application/xml"}),
                expected: None,
                warnings: 1,
            },
            Row {
                schema: json!({"type": "integer"}),
                encoding: json_type,
                expected: Some(types(&["application/json"])),
                warnings: 0,
            },
        ];
        check(rows);
    }

    #[test]
    fn style_of_a_property_is_read_for_its_type() {
        let styled = |style| Some(PartContent::Styled(style, Encoding::Form));
        let text = json!({"type": "string"});
        let object = json!({"type": "object", "properties": {"a": text}});
        let rows = [
            Row {
                schema: json!({"type": "array", "items": text}),
                encoding: json!({"explode": false, "contentType": "text/x"}),
                expected: styled(Style::Form(Explode::No)),
                warnings: 0,
            },
            Row {
                schema: object.clone(),
                encoding: json!({"style": "deepObject"}),
                expected: styled(Style::DeepObject),
                warnings: 0,
            },
            Row {
                schema: object.clone(),
                encoding: json!({"style": "matrix"}),
                expected: styled(Style::Form(Explode::Yes)),
                warnings: 1,
            },
            Row { schema: text.clone(), encoding: json!({}), expected: None, warnings: 0 },
            Row {
                schema: text.clone(),
                encoding: json!({"headers": {"X-A": {"schema": {"type": "string"}}}}),
                expected: None,
                warnings: 1,
            },
        ];
        check(rows);
    }

    #[test]
    fn headers_with_a_fixed_value_are_sent() {
        let headers = json!({"X-A": {"schema": {"type": "string", "enum": ["v"]}}, "X-B": {"schema": {"default": 3}},
            "Content-Type": {"schema": {"type": "string"}}});
        let content = json!({"multipart/form-data": {"schema": {"type": "object", "properties": {"p": {"type": "string"}}},
            "encoding": {"p": {"headers": headers}, "gone": {"contentType": "text/plain"}}}});
        let paths = json!({"/a": {"post": {"requestBody": {"content": content}}}});
        let document = normalize_document(json!({"openapi": "3.0.3", "paths": paths}));
        let modelled = build(&document, &Profile::default(), &Lock::default());
        let body = modelled.api.operations[0].body.as_ref().unwrap();
        let expected = [("x-a".to_owned(), "v".to_owned()), ("x-b".to_owned(), "3".to_owned())];
        assert_eq!((body.encodings.len(), &body.encodings[0].headers[..]), (1, &expected[..]));
        let places: Vec<String> = modelled.report.diagnostics.iter().map(|found| found.pointer.to_string()).collect();
        assert_eq!(places, ["/paths/~1a/post/requestBody/content/multipart~1form-data/encoding/gone"]);
    }
}
