//! Types of single values: numbers by their range, strings by their format, values that are fixed.

use serde_json::{Number, Value};

use crate::ir::{Type, Width};
use crate::keyword::Keywords;

/// Returns the smallest width, from that of the format on, that has every number the schema mentions.
pub(super) fn width(schema: &Value, format: Option<&str>) -> Width {
    let by_format = match format {
        Some("int32") => Width::I32,
        Some("uint32") => Width::U32,
        Some("uint64") => Width::U64,
        Some(_) | None => Width::I64,
    };
    let listed = schema.keyword("enum").and_then(Value::as_array).into_iter().flatten();
    let bounds = ["minimum", "maximum", "default"].into_iter().filter_map(|key| schema.get(key));
    // As a floating-point number, the largest one of the format is rounded up.
    let rounded = |number: i128| by_format == Width::U64 && number == i128::from(u64::MAX) + 1;
    let mentioned = bounds.chain(listed).filter_map(Value::as_number).map(whole).filter(|number| !rounded(*number));
    let mentioned: Vec<i128> = mentioned.collect();
    let has_all = |width: Width| mentioned.iter().all(|number| has(width, *number));
    // Numbers below zero are ruled out by a bound only.
    let is_positive = schema.keyword("minimum").and_then(Value::as_f64).is_some_and(|minimum| minimum >= 0.0);
    let wider = [Some(by_format), Some(Width::I64), is_positive.then_some(Width::U64)];
    wider.into_iter().flatten().find(|width| has_all(*width)).unwrap_or(Width::I128)
}

/// Returns a number without its fraction; one that is too large is the largest.
fn whole(number: &Number) -> i128 {
    let integer = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    // The conversion saturates.
    integer.or_else(|| number.as_f64().map(|number| number as i128)).unwrap_or_default()
}

fn has(width: Width, number: i128) -> bool {
    match width {
        Width::I32 => i32::try_from(number).is_ok(),
        Width::I64 => i64::try_from(number).is_ok(),
        Width::U32 => u32::try_from(number).is_ok(),
        Width::U64 => u64::try_from(number).is_ok(),
        Width::I128 => true,
    }
}

/// Returns the type of a fixed value. Only for strings it includes the value.
pub(super) fn constant(schema: &Value, value: &Value) -> Type {
    let is_number = schema.keyword("type").and_then(Value::as_str) == Some("number");
    match value {
        Value::String(text) => Type::Constant(text.clone()),
        Value::Bool(_) => Type::Boolean,
        Value::Number(number) if number.is_f64() || is_number => Type::Number,
        Value::Number(_) => Type::Integer(width(schema, schema.keyword("format").and_then(Value::as_str))),
        Value::Null | Value::Array(_) | Value::Object(_) => Type::Any,
    }
}

pub(super) fn string(format: Option<&str>) -> Type {
    match format {
        Some("date-time" | "date" | "time") => Type::Timestamp,
        Some("binary") => Type::Binary,
        Some(_) | None => Type::String,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn integer_is_as_wide_as_the_numbers_that_its_schema_mentions() {
        let rows = [
            (json!({}), Width::I64),
            (json!({"format": "int32"}), Width::I32),
            (json!({"format": "int32", "maximum": 4_294_967_295_u64}), Width::I64),
            (json!({"format": "uint32", "default": -1}), Width::I64),
            (json!({"minimum": 0, "maximum": u64::MAX}), Width::U64),
            (json!({"minimum": 0, "maximum": 18_446_744_073_709_551_616.0}), Width::I128),
            (json!({"format": "uint64", "maximum": 18_446_744_073_709_551_616.0}), Width::U64),
            (json!({"maximum": u64::MAX}), Width::I128),
            (json!({"default": 1e30}), Width::I128),
            (json!({"minimum": -1e30, "maximum": 5}), Width::I128),
            (json!({"enum": [1, 9_223_372_036_854_775_808_u64]}), Width::I128),
            (json!({"minimum": 0, "enum": [1, 9_223_372_036_854_775_808_u64]}), Width::U64),
        ];
        for (schema, expected) in rows {
            assert_eq!(width(&schema, schema.get("format").and_then(Value::as_str)), expected, "{schema}");
        }
    }
}
