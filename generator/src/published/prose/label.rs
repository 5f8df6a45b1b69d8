//! Converts labels of types to schemas: `list of string`, `map from string to Item`, `string or "auto"`. Knows the grammar of labels,
//! not of pages.

use serde_json::{Value, json};

/// Maximum nesting of lists and maps. Writers stop at six.
const MAX_DEPTH: usize = 16;

/// Returns the schema of a label. `values` are the values listed below an enumeration. Names of types become references.
pub(super) fn label_schema(label: &str, values: &[&str]) -> Value {
    nested(label, values, MAX_DEPTH)
}

fn nested(label: &str, values: &[&str], depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return json!({}) };
    let members = alternatives(label);
    match members.as_slice() {
        [] | [_] => single(label.trim(), values, depth),
        [first, others @ ..] if is_inside(first, others) => single(label.trim(), values, depth),
        members => literals(members).unwrap_or_else(
            || json!({"oneOf": members.iter().map(|member| single(member, values, depth)).collect::<Vec<_>>()}),
        ),
    }
}

/// Returns whether all alternatives are items of the list or map that the first one starts: `list of A or B` contains either. If an
/// item is also an alternative itself, or another list follows, the list is one alternative.
fn is_inside(first: &str, others: &[&str]) -> bool {
    item_of(first).is_some_and(|item| others.iter().all(|other| *other != item && item_of(other).is_none()))
}

/// Returns the item type of a list or map.
fn item_of(label: &str) -> Option<&str> {
    label.strip_prefix("list of ").or_else(|| Some(label.strip_prefix("map from ")?.split_once(" to ")?.1))
}

/// Splits a label at ` or `, outside of quotes.
fn alternatives(label: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (place, word) in label.match_indices(" or ") {
        let part = label.get(start..place).unwrap_or_default();
        if part.matches('"').count() % 2 == 0 {
            parts.push(part.trim());
            start = place + word.len();
        }
    }
    parts.push(label.get(start..).unwrap_or_default().trim());
    parts
}

/// Converts `"a" or "b"` to an enumeration.
fn literals(members: &[&str]) -> Option<Value> {
    let values: Option<Vec<&str>> = members.iter().map(|member| literal(member)).collect();
    values.map(|values| json!({"type": "string", "enum": values}))
}

fn literal(label: &str) -> Option<&str> {
    label.strip_prefix('"')?.strip_suffix('"')
}

fn single(label: &str, values: &[&str], depth: usize) -> Value {
    if let Some(items) = label.strip_prefix("list of ") {
        return json!({"type": "array", "items": nested(items, values, depth)});
    }
    if let Some((_, item)) = label.strip_prefix("map from ").and_then(|map| map.split_once(" to ")) {
        return json!({"type": "object", "additionalProperties": nested(item, values, depth)});
    }
    if let Some(value) = literal(label) {
        return json!({"type": "string", "enum": [value]});
    }
    match label {
        "string" | "strings" => json!({"type": "string"}),
        "integer" | "integers" => json!({"type": "integer"}),
        "long" => json!({"type": "integer", "format": "int64"}),
        "double" | "doubles" => json!({"type": "number", "format": "double"}),
        "float" => json!({"type": "number", "format": "float"}),
        "boolean" | "booleans" => json!({"type": "boolean"}),
        "true" => json!({"type": "boolean", "enum": [true]}),
        "false" => json!({"type": "boolean", "enum": [false]}),
        "datetime" => json!({"type": "string", "format": "date-time"}),
        "date" => json!({"type": "string", "format": "date"}),
        "UUID" => json!({"type": "string", "format": "uuid"}),
        "base64 string" => json!({"type": "string", "format": "byte"}),
        "file" => json!({"type": "string", "format": "binary"}),
        "enum" | "enums" if values.is_empty() => json!({"type": "string"}),
        "enum" | "enums" => json!({"type": "string", "enum": values}),
        "object" | "objects" => json!({"type": "object"}),
        "" | "any" | "unknown" | "null" => json!({}),
        name => json!({"$ref": format!("#/components/schemas/{name}")}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_label_has_a_schema() {
        let item = json!({"$ref": "#/components/schemas/Item"});
        let rows = [
            ("string", json!({"type": "string"})),
            ("long", json!({"type": "integer", "format": "int64"})),
            ("base64 string", json!({"type": "string", "format": "byte"})),
            ("any", json!({})),
            ("Item", item.clone()),
            ("enum", json!({"type": "string", "enum": ["a", "b"]})),
            ("list of enum", json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}})),
            ("list of list of Item", json!({"type": "array", "items": {"type": "array", "items": item}})),
            (
                "map from string to list of Item",
                json!({"type": "object", "additionalProperties": {"type": "array", "items": item}}),
            ),
            ("\"x or y\"", json!({"type": "string", "enum": ["x or y"]})),
            ("\"x\" or \"y\"", json!({"type": "string", "enum": ["x", "y"]})),
            ("list of \"x\" or \"y\"", json!({"type": "array", "items": {"type": "string", "enum": ["x", "y"]}})),
            ("list of Item or string", json!({"type": "array", "items": {"oneOf": [item, {"type": "string"}]}})),
            (
                "map from string to Item or string",
                json!({"type": "object", "additionalProperties": {"oneOf": [item, {"type": "string"}]}}),
            ),
            ("list of Item or Item", json!({"oneOf": [{"type": "array", "items": item}, item]})),
            (
                "list of Item or list of string",
                json!({"oneOf": [{"type": "array", "items": item}, {"type": "array", "items": {"type": "string"}}]}),
            ),
            ("string or list of Item", json!({"oneOf": [{"type": "string"}, {"type": "array", "items": item}]})),
        ];
        for (label, expected) in rows {
            assert_eq!(label_schema(label, &["a", "b"]), expected, "{label}");
        }
        assert!(label_schema(&"list of ".repeat(100_000), &[]).to_string().len() < 1000);
    }
}
