//! The operations of a document as declared, with their places and path items. Assigns no names.

use serde_json::Value;

use crate::method::Method;
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
    let paths = builder.document.get("paths").and_then(Value::as_object);
    let mut items: Vec<(&String, &Value)> = paths.into_iter().flatten().collect();
    items.sort_by_key(|(path, _)| *path);
    let mut found = Vec::new();
    for (path, own) in items.into_iter().filter(|(path, _)| !path.starts_with("x-")) {
        let at = Pointer::root().join("paths").join(path);
        let Some(target) = follow(builder, own, &at) else { continue };
        for method in Method::ALL {
            let key = method.key();
            // Methods beside a `$ref` are included, and take precedence over those of its target.
            let (shared, place) = if own.get(key).is_some() { (own, &at) } else { (target.value, &target.place) };
            let Some(value) = shared.get(key).filter(|value| value.is_object()) else { continue };
            found.push(Source { path, method, value, place: place.join(key), shared });
        }
    }
    found
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
