//! Applies an OpenAPI Overlay 1.0 to a document: our corrections, each with its reason. Knows nothing of what the document means.

use serde::Deserialize;
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::{Pointer, unescape};

const SOURCE: &str = "overlay.yaml";

#[derive(Deserialize)]
struct Overlay {
    overlay: String,
    #[serde(default)]
    actions: Vec<Action>,
}

#[derive(Deserialize)]
struct Action {
    target: String,
    #[expect(dead_code, reason = "deserialized so that each action may state its reason")]
    description: Option<String>,
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
    /// Extensions; any other property is an error.
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// Applies an overlay to a document. The report warns about actions that match nothing.
///
/// # Errors
///
/// Fails if the overlay cannot be parsed or a target is not a valid JSONPath.
pub fn apply_overlay(document: &mut Value, overlay: &str) -> Result<Report, Report> {
    let overlay: Overlay = serde_yaml::from_str(overlay).map_err(|error| {
        let line = error.location().map(|location| location.line());
        let found = format!("the overlay cannot be parsed: {error}");
        Report::of(problem(Code::Overlay, Pointer::root(), found).expected("OpenAPI Overlay 1.0 in YAML").at_line(line))
    })?;
    if !overlay.overlay.starts_with("1.") {
        let found = format!("overlay version `{}`", overlay.overlay);
        return Err(Report::of(problem(Code::Overlay, Pointer::root().join("overlay"), found).expected("1.0.0")));
    }
    let mut report = Report::default();
    for (index, action) in overlay.actions.iter().enumerate() {
        let pointer = Pointer::root().join("actions").join(index);
        if let Some(diagnostic) = apply(document, action, &pointer)? {
            report.push(diagnostic);
        }
    }
    Ok(report)
}

fn problem(code: Code, pointer: Pointer, found: String) -> Diagnostic {
    Diagnostic::new(code, pointer, found).in_source(SOURCE)
}

fn apply(document: &mut Value, action: &Action, pointer: &Pointer) -> Result<Option<Diagnostic>, Report> {
    if let Some(key) = action.others.keys().find(|key| !key.starts_with("x-")) {
        let found = format!("unknown action property `{key}`");
        let diagnostic = problem(Code::Overlay, pointer.join(key), found);
        return Err(Report::of(diagnostic.expected("target, description, update, remove, or an extension (`x-…`)")));
    }
    let path = JsonPath::parse(&action.target).map_err(|error| {
        let found = format!("target `{}` is not a valid JSONPath: {error}", action.target);
        Report::of(problem(Code::Overlay, pointer.join("target"), found).expected("a JSONPath (RFC 9535)"))
    })?;
    // A target may select locations in any order, and repeatedly; each is used once, in document order.
    let located = path.query_located(document).dedup();
    let mut places: Vec<String> = located.locations().map(|location| location.to_json_pointer()).collect();
    if places.is_empty() {
        let found = format!("target `{}` matches nothing", action.target);
        return Ok(Some(
            problem(Code::OverlayUnused, pointer.clone(), found)
                .expected("a place in the document")
                .help("the vendor may have fixed this: remove the action or correct its target"),
        ));
    }
    if action.remove {
        // In reverse order, so that the indices of the remaining items stay valid.
        places.reverse();
        for place in places {
            remove(document, &place);
        }
    } else if let Some(update) = &action.update {
        for place in places {
            if let Some(target) = document.pointer_mut(&place) {
                merge(target, update);
            }
        }
    }
    Ok(None)
}

fn remove(document: &mut Value, place: &str) {
    let Some((parent, last)) = place.rsplit_once('/') else { return };
    let key = unescape(last);
    match document.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            map.shift_remove(&key);
        }
        Some(Value::Array(items)) => {
            if let Some(index) = key.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {}
    }
}

/// Merges as the overlay specification requires: objects recursively, arrays by appending, anything else by replacing.
fn merge(target: &mut Value, update: &Value) {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => merge_maps(target, update),
        (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
        (Value::Array(target), update) => target.push(update.clone()),
        (target, update) => *target = update.clone(),
    }
}

fn merge_maps(target: &mut Map<String, Value>, update: &Map<String, Value>) {
    for (key, value) in update {
        match target.get_mut(key) {
            Some(existing) => merge(existing, value),
            None => {
                target.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn apply_actions(actions: &str) -> (Value, String) {
        let mut document = json!({"a": {"b": 1, "list": ["x", "y", "z"]}, "c": {"d": {"on": true}}});
        let text = format!("overlay: 1.0.0\nactions:\n{actions}");
        let report = apply_overlay(&mut document, &text).unwrap_or_else(|report| report);
        (document, report.to_string())
    }

    #[test]
    fn actions_update_and_remove_their_targets() {
        let cases = [
            ("- {target: $.a, update: {b: 2, e: 3}}", "/a/b", json!(2)),
            ("- {target: $.a.list, update: [w]}", "/a/list", json!(["x", "y", "z", "w"])),
            ("- {target: \"$.a.list[?@ == 'y']\", remove: true}", "/a/list", json!(["x", "z"])),
            ("- {target: \"$.a.list[0, 2]\", remove: true}", "/a/list", json!(["y"])),
            ("- {target: \"$.a.list[2, 0, 0]\", remove: true}", "/a/list", json!(["y"])),
            ("- {target: \"$.a['list', 'list']\", update: [w]}", "/a/list", json!(["x", "y", "z", "w"])),
            ("- {target: \"$.a..[?@ != 'y']\", remove: true}", "/a", json!({})),
            ("- {target: \"$.a.list[?(@ == 'z')]\", x-why: [1], update: w}", "/a/list", json!(["x", "y", "w"])),
            ("- {target: $.*.d, update: {on: false}}", "/c/d/on", json!(false)),
            ("- {target: $.c.d, remove: true}", "/c", json!({})),
        ];
        for (action, place, expected) in cases {
            let (document, report) = apply_actions(action);
            assert_eq!(document.pointer(place), Some(&expected), "{action}");
            assert_eq!(report, "", "{action}");
        }
    }

    #[test]
    fn unmatched_target_is_a_warning_and_invalid_action_an_error() {
        assert!(
            apply_actions("- {target: $.gone, remove: true}").1.starts_with("warning[overlay-unused]: target `$.gone`")
        );
        assert!(
            apply_actions("- {target: 'a.b', remove: true}")
                .1
                .starts_with("error[overlay]: target `a.b` is not a valid JSONPath")
        );
        assert!(
            apply_actions("- {target: $.a, updat: {}}")
                .1
                .starts_with("error[overlay]: unknown action property `updat`")
        );
        assert!(
            apply_actions("- {target: [], update: {}}").1.starts_with("error[overlay]: the overlay cannot be parsed")
        );
    }
}
