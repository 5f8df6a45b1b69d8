//! Paths to operations: names, parameters, bodies, answers.

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::names::{Lock, RustIdent, Scope, WireName};
use crate::pointer::Pointer;
use crate::profile::Profile;

use super::resolve::{Target, reference_of, resolve};
use super::types::TypeBuilder;
use super::{Body, BodyForm, Location, Operation, Parameter, Presence, Success, Type, docs, lifecycle};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Every operation of the document, by path and method.
pub(super) fn operations(builder: &mut TypeBuilder<'_>, profile: &Profile, lock: &Lock) -> Vec<Operation> {
    let paths = builder.document.get("paths").and_then(Value::as_object);
    let mut items: Vec<(&String, &Value)> = paths.into_iter().flatten().collect();
    items.sort_by_key(|(path, _)| *path);
    let mut names = Names { lock, taken: Vec::new() };
    let mut found = Vec::new();
    for (path, item) in items {
        let at = Pointer::root().join("paths").join(path);
        let Some(item) = followed(builder, item, &at) else { continue };
        for method in METHODS {
            let Some(value) = item.value.get(method).filter(|value| value.is_object()) else { continue };
            let source = Source { path, method, value, place: item.place.join(method), shared: item.value };
            found.push(operation(builder, profile, &mut names, &source));
        }
    }
    found
}

/// An operation as the document has it.
struct Source<'a> {
    path: &'a str,
    method: &'a str,
    value: &'a Value,
    place: Pointer,
    /// The path item, whose parameters count for all its methods.
    shared: &'a Value,
}

fn followed<'a>(builder: &mut TypeBuilder<'a>, value: &'a Value, place: &Pointer) -> Option<Target<'a>> {
    let Some(reference) = reference_of(value) else { return Some(Target { value, place: place.clone() }) };
    match resolve(builder.document, reference, place) {
        Ok(target) => Some(target),
        Err(diagnostic) => {
            builder.report.push(diagnostic);
            None
        }
    }
}

fn operation<'a>(
    builder: &mut TypeBuilder<'a>,
    profile: &Profile,
    names: &mut Names<'_>,
    source: &Source<'a>,
) -> Operation {
    let (group, name) = names.claim(source);
    let stem = match &group {
        Some(group) => format!("{} {}", group.as_str(), name.as_str()),
        None => name.to_string(),
    };
    let stem = RustIdent::pascal(&stem).to_string();
    let parameters = parameters(builder, profile, source, &stem);
    let body = body(builder, source, &stem);
    let success = success(builder, source, &stem);
    let errors = errors(builder, source, &stem);
    Operation {
        method: source.method.to_uppercase(),
        path: source.path.to_owned(),
        origin: source.place.clone(),
        builder: RustIdent::pascal(name.as_str()),
        group,
        name,
        docs: docs(source.value),
        lifecycle: lifecycle(source.value),
        parameters,
        body,
        success,
        errors,
    }
}

/// Gives each operation a group and a method name: the lock first, then what the vendor's own generator was told, then tag
/// and operation ID, then the path.
struct Names<'a> {
    lock: &'a Lock,
    taken: Vec<(Option<RustIdent>, RustIdent)>,
}

impl Names<'_> {
    fn claim(&mut self, source: &Source<'_>) -> (Option<RustIdent>, RustIdent) {
        let key = format!("{} {}", source.method.to_uppercase(), source.path);
        let (group, name) = match self.lock.operations.get(&key) {
            Some(locked) => match locked.split_once('.') {
                Some((group, name)) => (Some(RustIdent::snake(group)), RustIdent::snake(name)),
                None => (None, RustIdent::snake(locked)),
            },
            None => derived(source),
        };
        let mut candidate = name.clone();
        let mut number = 2;
        while self.taken.contains(&(group.clone(), candidate.clone())) {
            candidate = name.with_suffix(format_args!("_{number}"));
            number += 1;
        }
        self.taken.push((group.clone(), candidate.clone()));
        (group, candidate)
    }
}

fn derived(source: &Source<'_>) -> (Option<RustIdent>, RustIdent) {
    let text = |key: &str| source.value.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    if let Some(method) = text("x-fern-sdk-method-name") {
        return (text("x-fern-sdk-group-name").map(RustIdent::snake), RustIdent::snake(method));
    }
    let tag = source.value.get("tags").and_then(Value::as_array).and_then(|tags| tags.first()).and_then(Value::as_str);
    // An export names its tags after packages; the root package is the empty tag.
    let package = tag.and_then(|tag| tag.strip_prefix("subpackage_"));
    let id = text("operationId");
    match (package, tag, id) {
        (Some(package), _, Some(id)) => (Some(RustIdent::snake(package)), RustIdent::snake(id)),
        (None, Some(""), Some(id)) => (None, RustIdent::snake(id)),
        (None, Some(tag), Some(id)) => (Some(RustIdent::snake(tag)), RustIdent::snake(id)),
        (None, None, Some(id)) => (None, RustIdent::snake(id)),
        (_, tag, None) => {
            let words: Vec<&str> = source.path.split(['/', '{', '}']).filter(|word| !word.is_empty()).collect();
            let name = format!("{} {}", source.method, words.join(" "));
            (tag.filter(|tag| !tag.is_empty()).map(RustIdent::snake), RustIdent::snake(&name))
        }
    }
}

fn parameters<'a>(builder: &mut TypeBuilder<'a>, profile: &Profile, source: &Source<'a>, stem: &str) -> Vec<Parameter> {
    let mut declared: Vec<Target<'a>> = Vec::new();
    for (owner, place) in [(source.shared, parent(&source.place)), (source.value, source.place.clone())] {
        let list = owner.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (index, parameter) in list.iter().enumerate() {
            let at = place.join("parameters").join(index);
            let Some(target) = followed(builder, parameter, &at) else { continue };
            // The operation's own declaration replaces that of the path.
            declared.retain(|other| identity(other.value) != identity(target.value));
            declared.push(target);
        }
    }
    let mut scope = Scope::reserving(&["core", "options", "body", "call", "wire"]);
    let mut found = Vec::new();
    for target in declared {
        if injected(profile, target.value) {
            continue;
        }
        if let Some(parameter) = parameter(builder, &target, stem, &mut scope) {
            found.push(parameter);
        }
    }
    for name in placeholders(source.path) {
        let known = found.iter().any(|parameter| parameter.location == Location::Path && parameter.wire.0 == name);
        if !known {
            found.push(undeclared(&name, &mut scope));
        }
    }
    let order = |parameter: &Parameter| {
        placeholders(source.path)
            .iter()
            .position(|name| *name == parameter.wire.0 && parameter.location == Location::Path)
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
    (parameter.get("name").and_then(Value::as_str), parameter.get("in").and_then(Value::as_str))
}

/// Headers that the middleware sends are no arguments.
fn injected(profile: &Profile, parameter: &Value) -> bool {
    let (Some(name), Some("header")) = identity(parameter) else { return false };
    let name = name.to_ascii_lowercase();
    let ours = profile.headers.iter().any(|header| header.name == name);
    ours || ["authorization", "accept", "content-type"].contains(&name.as_str())
}

fn placeholders(path: &str) -> Vec<String> {
    path.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

fn undeclared(name: &str, scope: &mut Scope) -> Parameter {
    Parameter {
        wire: WireName(name.to_owned()),
        name: scope.claim(RustIdent::snake(name)),
        location: Location::Path,
        presence: Presence::Required,
        ty: Type::String,
        docs: super::Docs::default(),
        lifecycle: super::Lifecycle::Current,
    }
}

fn parameter(builder: &mut TypeBuilder<'_>, target: &Target<'_>, stem: &str, scope: &mut Scope) -> Option<Parameter> {
    let wire = target.value.get("name").and_then(Value::as_str)?;
    let place = &target.place;
    let location = match target.value.get("in").and_then(Value::as_str) {
        Some("path") => Location::Path,
        Some("query") => Location::Query,
        Some("header") => Location::Header,
        other => {
            let found = format!("parameter `{wire}` in `{}`", other.unwrap_or("nothing"));
            builder.report.push(
                Diagnostic::new(Code::Operation, place.clone(), found)
                    .expected("a parameter in path, query or header")
                    .help("it can be sent as a header of the call"),
            );
            return None;
        }
    };
    let schema = target.value.get("schema");
    let empty = Value::Object(Map::new());
    let hint = format!("{stem}Request{}", RustIdent::pascal(wire));
    let found = builder.type_of(schema.unwrap_or(&empty), &place.join("schema"), &hint);
    let required = location == Location::Path || target.value.get("required") == Some(&Value::Bool(true));
    let mut docs = docs(target.value);
    docs.notes = schema.map(super::constructors::notes).unwrap_or_default();
    Some(Parameter {
        wire: WireName(wire.to_owned()),
        name: scope.claim(RustIdent::snake(wire)),
        location,
        presence: if required { Presence::Required } else { Presence::Optional },
        ty: found.ty,
        docs,
        lifecycle: lifecycle(target.value),
    })
}

fn body<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>, stem: &str) -> Option<Body> {
    let target = followed(builder, source.value.get("requestBody")?, &source.place.join("requestBody"))?;
    let content = target.value.get("content").and_then(Value::as_object)?;
    let place = target.place.join("content");
    let (media, part) = content
        .iter()
        .find(|(media, _)| is_json(media))
        .or_else(|| content.iter().find(|(media, _)| media.starts_with("multipart/")))
        .or_else(|| content.iter().next())?;
    let form = match media.as_str() {
        media if is_json(media) => BodyForm::Json,
        media if media.starts_with("multipart/") => BodyForm::Multipart,
        other => {
            builder.report.push(
                Diagnostic::new(Code::Operation, place.join(other), format!("request body of type `{other}`"))
                    .expected("JSON or multipart/form-data")
                    .help("the call is sent without a body"),
            );
            return None;
        }
    };
    let empty = Value::Object(Map::new());
    let schema = part.get("schema").unwrap_or(&empty);
    let found = builder.type_of(schema, &place.join(media).join("schema"), &format!("{stem}Request"));
    let required = target.value.get("required") != Some(&Value::Bool(false)) && has_required(target.value, schema);
    Some(Body {
        form,
        presence: if required { Presence::Required } else { Presence::Optional },
        ty: found.ty,
        name: RustIdent::snake("body"),
    })
}

/// Exports never say that a body is required. One that is described is meant to be sent.
fn has_required(body: &Value, schema: &Value) -> bool {
    body.get("required").is_some() || schema.as_object().is_some_and(|schema| !schema.is_empty())
}

fn is_json(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media == "application/json" || media.ends_with("+json")
}

fn success<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>, stem: &str) -> Success {
    for (status, response) in responses(source, |status| status.starts_with('2')) {
        let at = source.place.join("responses").join(status);
        let Some(target) = followed(builder, response, &at) else { continue };
        match answer(builder, &target, &format!("{stem}Response")) {
            Answer::Json(ty) => return Success::Json(ty),
            Answer::Bytes => return Success::Bytes,
            Answer::Nothing => {}
        }
    }
    Success::Empty
}

fn errors<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>, stem: &str) -> Vec<(String, Option<Type>)> {
    let mut errors = Vec::new();
    for (status, response) in responses(source, |status| !status.starts_with(['1', '2', '3'])) {
        let at = source.place.join("responses").join(status);
        let Some(target) = followed(builder, response, &at) else { continue };
        let body = match answer(builder, &target, &format!("{stem}Error{status}")) {
            Answer::Json(ty) => Some(ty),
            Answer::Bytes | Answer::Nothing => None,
        };
        errors.push((status.to_owned(), body));
    }
    errors
}

/// The responses of an operation whose status passes a test, by status.
fn responses<'a>(source: &Source<'a>, wanted: impl Fn(&str) -> bool) -> Vec<(&'a str, &'a Value)> {
    let all = source.value.get("responses").and_then(Value::as_object);
    let mut wanted: Vec<(&str, &Value)> = all
        .into_iter()
        .flatten()
        .map(|(status, response)| (status.as_str(), response))
        .filter(|(status, _)| wanted(status))
        .collect();
    wanted.sort_by_key(|(status, _)| *status);
    wanted
}

/// What a response holds.
enum Answer {
    Json(Type),
    Bytes,
    Nothing,
}

fn answer<'a>(builder: &mut TypeBuilder<'a>, response: &Target<'a>, hint: &str) -> Answer {
    let content = response.value.get("content").and_then(Value::as_object);
    let Some(content) = content else { return Answer::Nothing };
    let Some((media, part)) = content.iter().find(|(media, _)| is_json(media)).or_else(|| content.iter().next()) else {
        return Answer::Nothing;
    };
    if !is_json(media) {
        return Answer::Bytes;
    }
    let any = Value::Object(Map::new());
    let place = response.place.join("content").join(media).join("schema");
    let found = builder.type_of(part.get("schema").unwrap_or(&any), &place, hint);
    let nullable = found.nullable && found.ty != Type::Any;
    Answer::Json(if nullable { Type::Nullable(Box::new(found.ty)) } else { found.ty })
}
