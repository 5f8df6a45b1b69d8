//! The operations of a document as declared, with their places and path items. Assigns no names.

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::keyword::Keywords;
use crate::method::{ADDITIONAL, Method};
use crate::pointer::Pointer;

use super::references::{Target, reference_of, resolve};
use super::types::TypeBuilder;

/// An operation as declared in the document.
pub(super) struct Source<'a> {
    pub path: &'a str,
    pub method: Method,
    pub value: &'a Value,
    pub place: Pointer,
    /// The path item, whose parameters apply to all its methods.
    pub shared: &'a Value,
}

/// Returns every operation of the document, by path and method.
pub(super) fn find_operations<'a>(builder: &mut TypeBuilder<'a>) -> Vec<Source<'a>> {
    let paths = builder.document.keyword("paths").and_then(Value::as_object);
    let mut items: Vec<(&String, &Value)> = paths.into_iter().flatten().collect();
    items.sort_by_key(|(path, _)| *path);
    let mut found = Vec::new();
    for (path, own) in items.into_iter().filter(|(path, _)| !path.starts_with("x-")) {
        let at = Pointer::root().join("paths").join(path);
        let Some(target) = follow(builder, own, &at) else { continue };
        report_unusable_methods(builder, own, &at);
        // Methods beside a `$ref` are included, and take precedence over those of its target.
        let beside = Method::of_item(own);
        let behind = Method::of_item(target.value).into_iter().filter(|method| !beside.contains(method));
        let behind: Vec<Method> = behind.collect();
        for (methods, shared, place) in [(beside, own, &at), (behind, target.value, &target.place)] {
            for method in methods {
                let Some(value) = shared.as_object().and_then(|item| method.operation(item)) else { continue };
                let place = method.steps().into_iter().fold(place.clone(), |place, step| place.join(step));
                found.push(Source { path, method, value, place, shared });
            }
        }
    }
    found
}

/// Reports additional operations whose method cannot be sent, or has a property of its own.
fn report_unusable_methods(builder: &mut TypeBuilder<'_>, item: &Value, place: &Pointer) {
    let additional = item.get(ADDITIONAL).and_then(Value::as_object).into_iter().flatten();
    for (name, _) in additional.filter(|(name, _)| Method::additional(name).is_none()) {
        let diagnostic =
            Diagnostic::new(Code::Ignored, place.join(ADDITIONAL).join(name), format!("an operation for `{name}`"))
                .expected("the name of a method that has no property of its own, as it is sent")
                .help("the operation is left out; write `get`, `put` and the like directly into the path item");
        builder.report.push(diagnostic);
    }
}

/// Returns the part itself, or the target of its reference.
pub(super) fn follow<'a>(builder: &mut TypeBuilder<'a>, value: &'a Value, place: &Pointer) -> Option<Target<'a>> {
    let Some(reference) = reference_of(value) else { return Some(Target { value, place: place.clone() }) };
    match resolve(builder.document, reference, place) {
        Ok(target) => Some(target),
        Err(diagnostic) => {
            builder.report.push(diagnostic);
            None
        }
    }
}
