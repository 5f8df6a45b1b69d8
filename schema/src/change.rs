//! What differs between two values of one form. Must not know reviews.

use serde_json::Value;

/// A field that a review changed.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub struct Change<'a, V: ?Sized> {
    /// The path of the field.
    pub path: String,
    /// The value before the review, if there was one.
    pub initial: Option<&'a V>,
    /// The value after the review, if there is one.
    pub reviewed: Option<&'a V>,
}

impl<'a, V: ?Sized> Change<'a, V> {
    #[doc(hidden)]
    pub fn new(path: String, initial: Option<&'a V>, reviewed: Option<&'a V>) -> Self {
        Self { path, initial, reviewed }
    }

    /// Whether what has this path contains the changed field, or is part of it.
    #[doc(hidden)]
    pub fn concerns(&self, path: &str) -> bool {
        self.path == path || leads_into(path, &self.path) || leads_into(&self.path, path)
    }
}

/// Collects what differs, as deep inside as possible.
#[doc(hidden)]
pub fn collect_changes<'a>(
    path: String,
    initial: Option<&'a Value>,
    reviewed: Option<&'a Value>,
    changes: &mut Vec<Change<'a, Value>>,
) {
    match (initial, reviewed) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            for name in before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))) {
                collect_changes(format!("{path}.{name}"), before.get(name), after.get(name), changes);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            for index in 0..before.len().max(after.len()) {
                collect_changes(format!("{path}[{index}]"), before.get(index), after.get(index), changes);
            }
        }
        (before, after) if before == after => {}
        (initial, reviewed) => {
            let value = |side: Option<&'a Value>| side.filter(|value| !value.is_null());
            changes.push(Change { path, initial: value(initial), reviewed: value(reviewed) });
        }
    }
}

/// Whether `inner` is the path of something inside of what has the path `outer`.
fn leads_into(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with(['.', '[']))
}
