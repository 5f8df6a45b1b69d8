//! Parameters of operations: their locations and serialization.

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Docs, Encoding, Explode, Lifecycle, Location, Parameter, Presence, Style, Type};
use crate::keyword::Keywords;
use crate::names::{RustIdent, Scope, WireName};
use crate::pointer::Pointer;
use crate::profile::Profile;

use super::annotations::{docs, lifecycle, notes};
use super::references::Target;
use super::sources::{Source, follow};
use super::styles::{Serialization, read_style};
use super::types::{Hint, TypeBuilder};

/// Names of a builder's own fields.
const BUILDER_FIELDS: &[&str] = &["core", "options", "body", "call", "wire"];

/// Returns the parameters of an operation: path parameters in the order of the path, then the others.
pub(super) fn read_parameters<'a>(
    builder: &mut TypeBuilder<'a>,
    profile: &Profile,
    source: &Source<'a>,
    stem: &str,
) -> Vec<Parameter> {
    let mut declared: Vec<Target<'a>> = Vec::new();
    for (owner, place) in [(source.shared, parent(&source.place)), (source.value, source.place.clone())] {
        let list = owner.keyword("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (index, parameter) in list.iter().enumerate() {
            let at = place.join("parameters").join(index);
            let Some(target) = follow(builder, parameter, &at) else { continue };
            // A declaration of the operation overrides that of the path item.
            declared.retain(|other| identity(other.value) != identity(target.value));
            declared.push(target);
        }
    }
    let placeholders = placeholders(source.path);
    let mut scope = Scope::reserving(BUILDER_FIELDS);
    let mut found = Vec::new();
    for target in declared {
        if injected(profile, target.value) {
            continue;
        }
        found.extend(parameter(builder, &target, &placeholders, stem, &mut scope));
    }
    for name in &placeholders {
        if !found.iter().any(|parameter: &Parameter| parameter.location == Location::Path && parameter.wire.0 == *name)
        {
            found.push(undeclared(name, &source.place, &mut scope));
        }
    }
    let order = |parameter: &Parameter| match parameter.location {
        Location::Path => placeholders.iter().position(|name| *name == parameter.wire.0),
        Location::Query | Location::Header | Location::Cookie => None,
    };
    found.sort_by_key(|parameter| order(parameter).unwrap_or(usize::MAX));
    found
}

fn parent(place: &Pointer) -> Pointer {
    let mut segments = place.segments().to_vec();
    segments.pop();
    segments.into_iter().fold(Pointer::root(), |place, segment| place.join(segment))
}

fn identity(parameter: &Value) -> (Option<&str>, Option<&str>) {
    (parameter.keyword("name").and_then(Value::as_str), parameter.keyword("in").and_then(Value::as_str))
}

/// Returns whether a header is set by the middleware or the body and is therefore not an argument.
fn injected(profile: &Profile, parameter: &Value) -> bool {
    let (Some(name), Some("header")) = identity(parameter) else { return false };
    let name = name.to_ascii_lowercase();
    profile.headers.iter().any(|header| header.name == name)
        || profile.auth.header() == Some(name.as_str())
        || profile.credentials.iter().any(|credential| credential.header() == Some(name.as_str()))
        || ["authorization", "accept", "content-type", "content-length", "host"].contains(&name.as_str())
}

fn placeholders(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in path.split('{').skip(1).filter_map(|part| part.split_once('}')) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn undeclared(name: &str, place: &Pointer, scope: &mut Scope) -> Parameter {
    Parameter {
        wire: WireName(name.to_owned()),
        name: scope.claim(RustIdent::snake(name)),
        location: Location::Path,
        presence: Presence::Required,
        ty: Type::String,
        docs: Docs::default(),
        lifecycle: Lifecycle::Current,
        style: Style::Simple(Explode::No),
        encoding: Encoding::Unreserved,
        origin: place.clone(),
    }
}

fn parameter(
    builder: &mut TypeBuilder<'_>,
    target: &Target<'_>,
    placeholders: &[String],
    stem: &str,
    scope: &mut Scope,
) -> Option<Parameter> {
    let place = &target.place;
    let location = match target.value.keyword("in").and_then(Value::as_str) {
        Some("path") => Location::Path,
        Some("query") => Location::Query,
        Some("header") => Location::Header,
        Some("cookie") => Location::Cookie,
        other => {
            let found = format!("a parameter in `{}`", other.unwrap_or("nothing"));
            builder.report.push(ignored(place, found));
            return None;
        }
    };
    let Some(wire) = target.value.keyword("name").and_then(Value::as_str) else {
        builder.report.push(ignored(place, "a parameter without a name".to_owned()));
        return None;
    };
    if location == Location::Path && !placeholders.iter().any(|name| name == wire) {
        builder.report.push(ignored(place, format!("path parameter `{wire}`, which the path does not mention")));
        return None;
    }
    let (schema, at, json) = schema(target);
    let hint = Hint::named(&format!("{stem}Request")).property(wire);
    let serialization = if json {
        Serialization { style: Style::Json, encoding: Encoding::Unreserved }
    } else {
        read_style(target.value, location, place, &mut builder.report)
    };
    let found = builder.type_of(schema.unwrap_or(&Value::Object(Map::new())), &at, &hint);
    let required = location == Location::Path || target.value.keyword("required") == Some(&Value::Bool(true));
    let mut docs = docs(target.value);
    docs.notes = schema.map(notes).unwrap_or_default();
    Some(Parameter {
        wire: WireName(wire.to_owned()),
        name: scope.claim(RustIdent::snake(wire)),
        location,
        presence: if required { Presence::Required } else { Presence::Optional },
        ty: found.ty,
        docs,
        lifecycle: lifecycle(target.value),
        style: serialization.style,
        encoding: serialization.encoding,
        origin: place.clone(),
    })
}

fn ignored(place: &Pointer, found: String) -> Diagnostic {
    Diagnostic::new(Code::Ignored, place.clone(), found)
        .expected("a named parameter in path, query, header or cookie")
        .help("it can still be given to a call as a header or query parameter by name")
}

/// Returns the schema of a parameter, its place, and whether the value is sent as JSON (`content`).
fn schema<'a>(target: &Target<'a>) -> (Option<&'a Value>, Pointer, bool) {
    let content = target.value.keyword("content").and_then(Value::as_object).and_then(|content| content.iter().next());
    match (target.value.keyword("schema"), content) {
        (None, Some((media, part))) => {
            (part.keyword("schema"), target.place.join("content").join(media).join("schema"), media.contains("json"))
        }
        (schema, _) => (schema, target.place.join("schema"), false),
    }
}
