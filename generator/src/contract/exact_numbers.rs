//! Puts numbers in their places as they are written, where a document has more digits than its values. Reads no other facts.

use serde_json::Value;

use crate::keyword::Keywords;

use super::{EXACT, JsonKind, Limit, SchemaFacts};

/// Puts the long numbers of a schema in their places, as text. Returns the kind of the values that it lists, if one of them is long.
pub(super) fn restore_digits(facts: &mut SchemaFacts, schema: &Value) -> Option<JsonKind> {
    let mut kind = None;
    for (key, written) in schema.keyword(EXACT.1).and_then(Value::as_object).into_iter().flatten() {
        let keyword = key.split('/').next().unwrap_or(key);
        let limits: &[Limit] = match keyword {
            "minimum" | "exclusiveMinimum" => &[Limit::Min, Limit::ExclusiveMin],
            "maximum" | "exclusiveMaximum" => &[Limit::Max, Limit::ExclusiveMax],
            _ => &[],
        };
        for limit in limits {
            facts.limits.get_mut(limit).into_iter().for_each(|value| restore(value, written));
        }
        match keyword {
            "multipleOf" => facts.keywords.get_mut(keyword).into_iter().for_each(|value| restore(value, written)),
            "enum" | "const" => {
                let values = facts.values.iter_mut().flat_map(|values| &mut values.list);
                if let Some(value) = values.into_iter().find(|value| is_rounded(value, written)) {
                    value.clone_from(written);
                    kind = Some(JsonKind::Number);
                }
            }
            _ => {}
        }
    }
    kind
}

/// Returns the default of a schema.
pub(super) fn default_of(schema: &Value) -> Option<Value> {
    let mut default = schema.keyword("default")?.clone();
    if let Some(written) = schema.keyword(EXACT.1).and_then(|written| written.keyword("default")) {
        restore(&mut default, written);
    }
    Some(default)
}

fn restore(value: &mut Value, written: &Value) {
    if is_rounded(value, written) {
        value.clone_from(written);
    }
}

/// Returns whether a value is what remained of a number.
fn is_rounded(value: &Value, written: &Value) -> bool {
    let exact = written.as_str().and_then(|text| text.parse::<f64>().ok());
    value.is_f64() && exact.is_some() && value.as_f64() == exact
}
