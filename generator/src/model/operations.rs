//! Paths to operations, and their names.

use serde_json::Value;

use crate::names::{Lock, RustIdent};
use crate::pointer::Pointer;
use crate::profile::Profile;

use super::answers::{errors, stream, success};
use super::bodies::body;
use super::parameters::parameters;
use super::resolve::{Target, reference_of, resolve};
use super::types::TypeBuilder;
use super::webhooks::callbacks;
use super::{Operation, docs, lifecycle};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Every operation of the document, by path and method.
pub(super) fn operations(builder: &mut TypeBuilder<'_>, profile: &Profile, lock: &Lock) -> Vec<Operation> {
    let paths = builder.document.get("paths").and_then(Value::as_object);
    let mut items: Vec<(&String, &Value)> = paths.into_iter().flatten().collect();
    items.sort_by_key(|(path, _)| *path);
    let mut names = Names { lock, taken: Vec::new() };
    let mut found = Vec::new();
    for (path, own) in items.into_iter().filter(|(path, _)| !path.starts_with("x-")) {
        let at = Pointer::root().join("paths").join(path);
        let Some(target) = followed(builder, own, &at) else { continue };
        for method in METHODS {
            // Methods beside a `$ref` count, and before those it refers to.
            let (shared, place) = if own.get(method).is_some() { (own, &at) } else { (target.value, &target.place) };
            let Some(value) = shared.get(method).filter(|value| value.is_object()) else { continue };
            let source = Source { path, method, value, place: place.join(method), shared };
            found.push(operation(builder, profile, &mut names, &source));
        }
    }
    found
}

/// An operation as the document has it.
pub(super) struct Source<'a> {
    pub path: &'a str,
    pub method: &'a str,
    pub value: &'a Value,
    pub place: Pointer,
    /// The path item, whose parameters count for all its methods.
    pub shared: &'a Value,
}

/// The part itself, or what it refers to.
pub(super) fn followed<'a>(builder: &mut TypeBuilder<'a>, value: &'a Value, place: &Pointer) -> Option<Target<'a>> {
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
    let stream = stream(builder, source, &stem);
    let errors = errors(builder, source, &stem);
    callbacks(builder, source.value, &source.place, &stem);
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
        stream,
        errors,
        // Found when all types are there.
        pages: None,
        role: None,
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
