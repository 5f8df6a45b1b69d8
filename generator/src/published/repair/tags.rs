//! Flattens tags that list the nested packages of a page, outermost first: `- - subpackage_a` / `  - subpackage_a/b`. Knows one page
//! at a time.

use serde_json::Value;

/// Keeps the innermost package.
pub(super) fn flatten_tags(document: &mut Value) {
    super::each_operation(document, &mut |_, operation| {
        let Some(tags) = operation.get_mut("tags").and_then(Value::as_array_mut) else { return };
        let innermost = |tag: Value| if let Value::Array(mut packages) = tag { packages.pop() } else { Some(tag) };
        *tags = std::mem::take(tags).into_iter().filter_map(innermost).collect();
    });
}
