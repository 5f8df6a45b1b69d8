//! How values of parameters and of form properties are serialized, and which of their types OpenAPI defines no serialization
//! for. It must not know how a style is written in Rust.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::{Encoding, Explode, Kind, Location, Operation, Parameter, Style, Type, TypeId, Types};
use crate::keyword::Keywords;
use crate::pointer::Pointer;

/// How a value is serialized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Serialization {
    pub style: Style,
    pub encoding: Encoding,
}

/// Reads `style`, `explode` and `allowReserved` of a parameter that has a schema.
pub(super) fn read_style(parameter: &Value, location: Location, place: &Pointer, report: &mut Report) -> Serialization {
    let stated = parameter.keyword("style").and_then(Value::as_str);
    let explode = |default| read_explode(parameter, default);
    let encoding = match (location, read_encoding(parameter)) {
        (Location::Query, encoding) => encoding,
        (Location::Path | Location::Cookie, Encoding::Reserved) => {
            report.push(reserved_elsewhere(place));
            Encoding::Unreserved
        }
        (Location::Path | Location::Cookie | Location::Header, _) => Encoding::Unreserved,
    };
    let defined = match (location, stated) {
        (Location::Query, stated) => query_style(parameter, stated.unwrap_or("form")),
        (Location::Path, None | Some("simple")) => Some(Style::Simple(explode(Explode::No))),
        (Location::Path, Some("label")) => Some(Style::Label(explode(Explode::No))),
        (Location::Path, Some("matrix")) => Some(Style::Matrix(explode(Explode::No))),
        (Location::Header, None | Some("simple")) => Some(Style::Simple(explode(Explode::No))),
        (Location::Cookie, None | Some("form")) => Some(Style::Form(explode(Explode::Yes))),
        (Location::Cookie, Some("cookie")) => {
            return Serialization { style: Style::Form(explode(Explode::Yes)), encoding: Encoding::Cookie };
        }
        (Location::Path | Location::Header | Location::Cookie, Some(_)) => None,
    };
    let style = defined.unwrap_or_else(|| {
        let default = match location {
            Location::Query | Location::Cookie => Style::Form(explode(Explode::Yes)),
            Location::Path | Location::Header => Style::Simple(explode(Explode::No)),
        };
        let found = format!("the style `{}`, which is not one of this location", stated.unwrap_or_default());
        report.push(
            Diagnostic::new(Code::UndefinedStyle, place.join("style"), found).expected(styles_of(location)).help(
                format!("the client uses `{}`; correct the style with an overlay action", default_name(location)),
            ),
        );
        default
    });
    Serialization { style, encoding }
}

/// Reports characters that would end a segment of a path, or a cookie.
fn reserved_elsewhere(place: &Pointer) -> Diagnostic {
    let found = "`allowReserved` of a parameter that is in no query";
    Diagnostic::new(Code::Ignored, place.join("allowReserved"), found)
        .expected("a parameter in `query`")
        .help("the client percent-encodes reserved characters; if the server expects them as they are, say so upstream")
}

/// Reads the style of a property of a form; `None` if the document states none, and a media type decides.
pub(super) fn read_form_style(encoding: &Value, place: &Pointer, report: &mut Report) -> Option<Style> {
    if ["style", "explode", "allowReserved"].iter().all(|key| encoding.get(key).is_none()) {
        return None;
    }
    let stated = encoding.keyword("style").and_then(Value::as_str).unwrap_or("form");
    let defined = query_style(encoding, stated);
    if defined.is_none() {
        report.push(
            Diagnostic::new(
                Code::UndefinedStyle,
                place.join("style"),
                format!("the style `{stated}` of a property of a form"),
            )
            .expected(styles_of(Location::Query))
            .help("the client uses `form`; correct the style with an overlay action"),
        );
    }
    Some(defined.unwrap_or(Style::Form(read_explode(encoding, Explode::Yes))))
}

/// Reads which characters are percent-encoded in a query.
pub(super) fn read_encoding(value: &Value) -> Encoding {
    if value.keyword("allowReserved") == Some(&Value::Bool(true)) { Encoding::Reserved } else { Encoding::Unreserved }
}

/// Returns the style of a query parameter. Only `form` is exploded by default; a delimited list that is exploded is a form.
fn query_style(value: &Value, stated: &str) -> Option<Style> {
    match (stated, read_explode(value, Explode::No)) {
        ("form", _) => Some(Style::Form(read_explode(value, Explode::Yes))),
        ("deepObject", _) => Some(Style::DeepObject),
        ("spaceDelimited" | "pipeDelimited", Explode::Yes) => Some(Style::Form(Explode::Yes)),
        ("spaceDelimited", Explode::No) => Some(Style::SpaceDelimited),
        ("pipeDelimited", Explode::No) => Some(Style::PipeDelimited),
        _ => None,
    }
}

fn read_explode(value: &Value, default: Explode) -> Explode {
    match value.keyword("explode").and_then(Value::as_bool) {
        Some(true) => Explode::Yes,
        Some(false) => Explode::No,
        None => default,
    }
}

fn styles_of(location: Location) -> &'static str {
    match location {
        Location::Query => "`form`, `spaceDelimited`, `pipeDelimited` or `deepObject`",
        Location::Path => "`simple`, `label` or `matrix`",
        Location::Header => "`simple`",
        Location::Cookie => "`form` or `cookie`",
    }
}

fn default_name(location: Location) -> &'static str {
    match location {
        Location::Query | Location::Cookie => "form",
        Location::Path | Location::Header => "simple",
    }
}

/// Reports parameters with values for which their style defines no serialization, each declaration once.
pub(super) fn report_undefined_styles(operations: &[Operation], types: &Types) -> Report {
    let mut report = Report::default();
    let mut seen = BTreeSet::new();
    for parameter in operations.iter().flat_map(|operation| &operation.parameters) {
        let undefined = undefined_value(types, parameter);
        if let Some((found, instead)) = undefined.filter(|_| seen.insert(parameter.origin.clone())) {
            report.push(
                Diagnostic::new(
                    Code::UndefinedStyle,
                    parameter.origin.clone(),
                    format!("`{}` is {found}", parameter.wire),
                )
                .expected("a style that OpenAPI defines for this type, or `content: {application/json: …}`")
                .help(format!(
                    "{instead}; if the server expects another form, correct the document with an overlay action"
                )),
            );
        }
    }
    report
}

/// Returns what a parameter is that its style is not defined for, and what the client does.
fn undefined_value(types: &Types, parameter: &Parameter) -> Option<(&'static str, &'static str)> {
    let shape = Shape::of(types, &parameter.ty, &mut Vec::new());
    match (parameter.style, shape) {
        (Style::Json, _) => None,
        (Style::DeepObject, Shape::List | Shape::ListOfComplex) => {
            Some(("a list in the style `deepObject`, which is for objects", "the client repeats the name"))
        }
        (Style::DeepObject, Shape::ObjectOfComplex) => Some((
            "an object with lists or objects inside in the style `deepObject`",
            "the client sends `name[key][key]=value` and repeats `name[key]` for lists",
        )),
        (
            Style::Form(_)
            | Style::SpaceDelimited
            | Style::PipeDelimited
            | Style::Simple(_)
            | Style::Label(_)
            | Style::Matrix(_),
            Shape::ListOfComplex | Shape::ObjectOfComplex,
        ) => Some(("a list or object with lists or objects inside", "the client sends the inner ones as JSON")),
        (Style::Form(Explode::Yes), Shape::List)
            if parameter.location == Location::Cookie && parameter.encoding != Encoding::Cookie =>
        {
            Some((
                "an exploded list in a cookie, where OpenAPI would separate cookies with `&`",
                "the client sends several cookies of this name",
            ))
        }
        (
            Style::DeepObject
            | Style::Form(_)
            | Style::SpaceDelimited
            | Style::PipeDelimited
            | Style::Simple(_)
            | Style::Label(_)
            | Style::Matrix(_),
            Shape::Scalar | Shape::List | Shape::Object,
        ) => None,
    }
}

/// What a value is, as far as styles depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Scalar,
    List,
    Object,
    ListOfComplex,
    ObjectOfComplex,
}

impl Shape {
    /// Returns the most complex shape of a type. What may be any JSON counts as a single value.
    fn of(types: &Types, ty: &Type, open: &mut Vec<TypeId>) -> Self {
        match types.resolve(ty) {
            Type::String
            | Type::Boolean
            | Type::Integer(_)
            | Type::Number
            | Type::Timestamp
            | Type::Binary
            | Type::Any
            | Type::Constant(_) => Self::Scalar,
            Type::Nullable(inner) => Self::of(types, inner, open),
            Type::Tuple(items, _) => {
                let is_scalar = |item: &Type| matches!(Self::of(types, item, open), Self::Scalar);
                if items.iter().all(is_scalar) { Self::List } else { Self::ListOfComplex }
            }
            Type::List(item) => match Self::of(types, item, open) {
                Self::Scalar => Self::List,
                Self::List | Self::Object | Self::ListOfComplex | Self::ObjectOfComplex => Self::ListOfComplex,
            },
            Type::Map(value) => Self::of_object(types, std::iter::once(&**value), open),
            Type::Named(id) if open.contains(id) => Self::Scalar,
            Type::Named(id) => {
                open.push(*id);
                let shape = match &types.get(*id).kind {
                    Kind::Enumeration(_) => Self::Scalar,
                    Kind::Struct(structure) => {
                        Self::of_object(types, structure.fields.iter().map(|field| &field.ty), open)
                    }
                    Kind::Union(union) => {
                        let variants = union.variants.iter().map(|variant| Self::of(types, &variant.ty, open));
                        variants.max().unwrap_or(Self::Scalar)
                    }
                    Kind::Alias(inner) | Kind::Wrapper(inner) => Self::of(types, inner, open),
                };
                open.pop();
                shape
            }
        }
    }

    fn of_object<'a>(types: &Types, values: impl Iterator<Item = &'a Type>, open: &mut Vec<TypeId>) -> Self {
        let mut complex = false;
        for value in values {
            complex |= Self::of(types, value, open) != Self::Scalar;
        }
        if complex { Self::ObjectOfComplex } else { Self::Object }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn style_and_explode_have_the_defaults_of_their_location() {
        use Explode::{No, Yes};
        let rows = [
            (Location::Query, json!({}), Style::Form(Yes)),
            (Location::Query, json!({"explode": false}), Style::Form(No)),
            (Location::Query, json!({"style": "spaceDelimited"}), Style::SpaceDelimited),
            (Location::Query, json!({"style": "pipeDelimited", "explode": false}), Style::PipeDelimited),
            (Location::Query, json!({"style": "pipeDelimited", "explode": true}), Style::Form(Yes)),
            (Location::Query, json!({"style": "deepObject"}), Style::DeepObject),
            (Location::Path, json!({}), Style::Simple(No)),
            (Location::Path, json!({"style": "label", "explode": true}), Style::Label(Yes)),
            (Location::Path, json!({"style": "matrix"}), Style::Matrix(No)),
            (Location::Header, json!({"explode": true}), Style::Simple(Yes)),
            (Location::Cookie, json!({}), Style::Form(Yes)),
            (Location::Cookie, json!({"explode": false}), Style::Form(No)),
        ];
        for (location, parameter, expected) in rows {
            let mut report = Report::default();
            let found = read_style(&parameter, location, &Pointer::root(), &mut report);
            assert_eq!((found.style, report.diagnostics.len()), (expected, 0), "{location:?} {parameter}");
        }
        for (location, style, expected) in [
            (Location::Header, "spaceDelimited", Style::Simple(No)),
            (Location::Path, "form", Style::Simple(No)),
            (Location::Query, "matrix", Style::Form(Yes)),
            (Location::Cookie, "deepObject", Style::Form(Yes)),
        ] {
            let mut report = Report::default();
            let found = read_style(&json!({"style": style}), location, &Pointer::root(), &mut report);
            assert_eq!((found.style, report.diagnostics.len()), (expected, 1), "{location:?} {style}");
        }
    }

    #[test]
    fn value_that_its_style_is_not_defined_for_is_reported_once() {
        let list = json!({"type": "array", "items": {"type": "string"}});
        let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let nested = json!({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}});
        let rows = [
            (json!({"in": "query", "schema": list}), None),
            (json!({"in": "query", "schema": {"type": "array", "items": list}}), Some("lists or objects inside")),
            (json!({"in": "query", "schema": nested}), Some("lists or objects inside")),
            (json!({"in": "query", "style": "deepObject", "schema": object}), None),
            (json!({"in": "query", "style": "deepObject", "schema": nested}), Some("`deepObject`")),
            (json!({"in": "query", "style": "deepObject", "schema": list}), Some("a list in the style `deepObject`")),
            (json!({"in": "header", "schema": nested}), Some("lists or objects inside")),
            (json!({"in": "cookie", "schema": list}), Some("exploded list in a cookie")),
            (json!({"in": "cookie", "explode": false, "schema": list}), None),
            (json!({"in": "cookie", "style": "cookie", "schema": list}), None),
            (json!({"in": "query", "content": {"application/json": {"schema": nested}}}), None),
        ];
        for (mut parameter, expected) in rows {
            parameter["name"] = json!("p");
            let paths = json!({"/a": {"parameters": [parameter], "get": {}, "put": {}}});
            let modelled = build(
                &normalize_document(json!({"openapi": "3.0.3", "paths": paths})),
                &Profile::default(),
                &Lock::default(),
            );
            let found: Vec<&Diagnostic> =
                modelled.report.diagnostics.iter().filter(|found| found.code == Code::UndefinedStyle).collect();
            assert_eq!(found.len(), usize::from(expected.is_some()), "{parameter}: {found:?}");
            for diagnostic in found {
                assert!(diagnostic.found.contains(expected.unwrap_or_default()), "{diagnostic:?}");
                assert_eq!(diagnostic.pointer.to_string(), "/paths/~1a/parameters/0");
            }
        }
    }
}
