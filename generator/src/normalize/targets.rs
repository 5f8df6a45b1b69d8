//! What a reference in a raw document refers to. It must not know what stands there.

use serde_json::Value;

use crate::pointer::Pointer;

/// Returns the target of a value that is a local reference, one step away.
pub(crate) fn find_target<'a>(document: &'a Value, value: &Value) -> Option<&'a Value> {
    let pointer = value.get("$ref").and_then(Value::as_str).and_then(Pointer::from_reference)?;
    pointer.find(document)
}
