//! Integers that were written as `3.0`. Must not know types.

use serde_json::{Map, Value};

/// Returns the text of an object with integers such as `3.0` written as integers, if there are any.
#[doc(hidden)]
pub fn with_integers<'a>(fields: impl IntoIterator<Item = (&'a String, &'a Value)>) -> Option<Vec<u8>> {
    let fields: Map<String, Value> = fields.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut value = Value::Object(fields);
    let mut changed = false;
    write_integers(&mut value, &mut changed);
    changed.then(|| value.to_string().into_bytes())
}

fn write_integers(value: &mut Value, changed: &mut bool) {
    match value {
        Value::Number(number) => {
            let integer = number.as_f64().filter(|_| number.is_f64()).map(|float| format!("{float:.0}"));
            let integer = integer.filter(|text| text.parse::<f64>().ok() == number.as_f64());
            if let Some(integer) = integer.and_then(|text| text.parse::<i64>().ok()) {
                (*number, *changed) = (integer.into(), true);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| write_integers(item, changed)),
        Value::Object(fields) => fields.values_mut().for_each(|field| write_integers(field, changed)),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}
