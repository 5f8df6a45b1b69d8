//! Follows local references.

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::keyword::Keywords;
use crate::pointer::Pointer;

/// Maximum number of consecutive references before a cycle is assumed; no valid document comes close to it.
const LIMIT: usize = 64;

/// A part of the document and its place.
#[derive(Clone, Debug)]
pub(super) struct Target<'a> {
    pub value: &'a Value,
    pub place: Pointer,
}

/// Resolves a reference, following any further references.
pub(super) fn resolve<'a>(document: &'a Value, reference: &str, from: &Pointer) -> Result<Target<'a>, Diagnostic> {
    let mut target = follow_once(document, reference, from)?;
    for _ in 0..LIMIT {
        match reference_of(target.value) {
            Some(next) => target = follow_once(document, next, &target.place)?,
            None => return Ok(target),
        }
    }
    Err(Diagnostic::new(Code::RefCycle, from.clone(), format!("`{reference}` leads back to itself"))
        .expected("a reference that ends at a definition")
        .help("break the cycle upstream, or with an overlay action"))
}

/// Resolves a single reference, even if it leads to another one.
pub(super) fn follow_once<'a>(document: &'a Value, reference: &str, from: &Pointer) -> Result<Target<'a>, Diagnostic> {
    let at = || from.join("$ref");
    let Some(place) = Pointer::from_reference(reference) else {
        return Err(Diagnostic::new(
            Code::ExternalRef,
            at(),
            format!("reference `{reference}` leads out of the document"),
        )
        .expected("a reference that starts with `#/`")
        .help("bundle the document first"));
    };
    let value = place.find(document).ok_or_else(|| {
        Diagnostic::new(Code::DanglingRef, at(), format!("reference `{reference}` leads nowhere"))
            .expected(format!("something at `{place}`"))
            .help("correct the reference upstream, or add the missing part with an overlay action")
    })?;
    Ok(Target { value, place })
}

/// Returns the reference that a part consists of.
pub(super) fn reference_of(value: &Value) -> Option<&str> {
    value.keyword("$ref").and_then(Value::as_str)
}
