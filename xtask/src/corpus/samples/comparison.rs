//! Compares what was sent with what came back: the order of properties and the spelling of numbers aside. Knows no schema.

use serde_json::Value;

/// Returns where two values differ, or `None` if they are the same.
pub(super) fn difference(sent: &Value, back: &Value) -> Option<String> {
    at("$", sent, back)
}

/// Returns whether two values differ only by properties that are null where nothing was sent, which is how a missing property that
/// may be null is read.
pub(super) fn adds_only_null(sent: &Value, back: &Value) -> bool {
    match (sent, back) {
        (Value::Object(sent), Value::Object(back)) => {
            sent.keys().all(|name| back.contains_key(name))
                && back.iter().all(|(name, value)| match sent.get(name) {
                    Some(sent) => adds_only_null(sent, value),
                    None => value.is_null(),
                })
        }
        (Value::Array(sent), Value::Array(back)) => {
            sent.len() == back.len() && sent.iter().zip(back).all(|(sent, back)| adds_only_null(sent, back))
        }
        (sent, back) => difference(sent, back).is_none(),
    }
}

fn at(place: &str, sent: &Value, back: &Value) -> Option<String> {
    match (sent, back) {
        (Value::Object(sent), Value::Object(back)) => {
            let lost = sent.iter().find_map(|(name, value)| match back.get(name) {
                Some(other) => at(&format!("{place}.{name}"), value, other),
                None => Some(format!("{place}.{name} is lost")),
            });
            let added = back.keys().find(|name| !sent.contains_key(*name));
            lost.or(added.map(|name| format!("{place}.{name} is added")))
        }
        (Value::Array(sent), Value::Array(back)) if sent.len() == back.len() => sent
            .iter()
            .zip(back)
            .enumerate()
            .find_map(|(index, (sent, back))| at(&format!("{place}[{index}]"), sent, back)),
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {
            let exact = one.is_f64() || other.is_f64() || one == other;
            (!exact).then(|| format!("{place}: {one} became {other}"))
        }
        (sent, back) if sent == back => None,
        (sent, back) => Some(format!("{place}: {sent} became {back}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn missing_property_may_come_back_as_null() {
        let rows = [
            (json!({"a": [{}]}), json!({"a": [{"b": null}]}), true),
            (json!({"a": 1}), json!({"a": 1, "b": 0}), false),
            (json!({"a": 1, "b": null}), json!({"a": 1}), false),
        ];
        for (sent, back, expected) in rows {
            assert_eq!(adds_only_null(&sent, &back), expected, "{sent} {back}");
        }
    }

    #[test]
    fn only_what_is_lost_changed_or_added_is_a_difference() {
        let rows = [
            (json!({"a": 1, "b": [1.0]}), json!({"b": [1], "a": 1.0}), None),
            (json!({"a": {"b": null}}), json!({"a": {}}), Some("$.a.b is lost")),
            (json!({}), json!({"a": null}), Some("$.a is added")),
            (
                json!([9_007_199_254_740_993_i64]),
                json!([9_007_199_254_740_992_i64]),
                Some("$[0]: 9007199254740993 became 9007199254740992"),
            ),
            (json!("a"), json!(["a"]), Some("$: \"a\" became [\"a\"]")),
        ];
        for (sent, back, expected) in rows {
            assert_eq!(difference(&sent, &back).as_deref(), expected, "{sent} {back}");
        }
    }
}
