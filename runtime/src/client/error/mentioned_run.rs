//! Finds the run that an error body mentions: the call has started it, so another request would start, and charge for,
//! another.
//!
//! This module must not know operations. In case of doubt, it reports a run.

use serde_json::{Map, Value};

/// Maximum nesting depth of objects and lists that is searched.
const MAX_DEPTH: u32 = 6;

/// Returns the ID of a run under any name that denotes one: `runId`, `extract_run_id`, `extractRun.id`, `runs[0].id`.
pub(super) fn find_mentioned_run(object: &Map<String, Value>) -> Option<String> {
    search(object, MAX_DEPTH)
}

/// Returns whether an error body has an `id` that may be that of a run, because no name says what it identifies.
pub(super) fn has_own_id(object: &Map<String, Value>) -> bool {
    object.get("id").and_then(id).is_some()
}

fn search(object: &Map<String, Value>, depth: u32) -> Option<String> {
    object.iter().find_map(|(name, value)| named(name, value)).or_else(|| {
        let depth = depth.checked_sub(1)?;
        object.values().find_map(|value| match value {
            Value::Object(inner) => search(inner, depth),
            Value::Array(entries) => entries.iter().filter_map(Value::as_object).find_map(|entry| search(entry, depth)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        })
    })
}

/// Returns the ID in a property whose name denotes a run.
fn named(name: &str, value: &Value) -> Option<String> {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if name.ends_with("runid") {
        return id(value);
    }
    if name.ends_with("run") {
        return id(value.get("id")?);
    }
    if name.ends_with("runs") || name.ends_with("runids") {
        let first = value.as_array()?.first()?;
        return first.get("id").and_then(id).or_else(|| id(first));
    }
    None
}

fn id(value: &Value) -> Option<String> {
    let id = value.as_str()?.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_is_found_under_every_name_that_announces_one() {
        for (body, expected) in [
            (r#"{"runId":"r1"}"#, Some("r1")),
            (r#"{"run_id":" r1 "}"#, Some("r1")),
            (r#"{"extractRunId":"r1"}"#, Some("r1")),
            (r#"{"extractRun":{"id":"r1","status":"PENDING"}}"#, Some("r1")),
            (r#"{"error":{"details":[{"workflow_run":{"id":"r1"}}]}}"#, Some("r1")),
            (r#"{"runs":[{"id":"r1"}]}"#, Some("r1")),
            (r#"{"data":{"runIds":["r1"]}}"#, Some("r1")),
            (r#"{"runId":"","processorRun":{"id":"r1"}}"#, Some("r1")),
            (r#"{"run":"never started","runs":[],"runId":7,"truncated":{"id":"x"}}"#, None),
            (r#"{"id":"x"}"#, None),
        ] {
            let Ok(Value::Object(object)) = serde_json::from_str(body) else { panic!("{body}") };
            assert_eq!(find_mentioned_run(&object).as_deref(), expected, "{body}");
        }
    }
}
