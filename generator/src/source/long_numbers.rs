//! Numbers with more digits than a tree of JSON keeps, which the canonical form shows as they were written. Must not know OpenAPI.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::pointer::Pointer;

use super::tree::parse_yaml;

/// Marks a number in a string until the text is made.
const MARK: char = '\u{1}';
/// Significant digits that every `f64` keeps.
const KEPT: usize = 15;

/// Renders a value that was parsed from `source` as indented JSON. Its numbers are those of the source.
pub(super) fn render_exactly(value: &Value, source: &str) -> String {
    let mut places = Vec::new();
    find_rounded(&Pointer::root(), value, &mut places);
    let long: Vec<(Pointer, String)> = places
        .iter()
        .zip(written(source, &places))
        .filter_map(|(place, written)| {
            let written = written?;
            let found = place.find(value)?.to_string();
            (is_json_number(&written) && significant(&written) != significant(&found)).then(|| (place.clone(), written))
        })
        .collect();
    if long.is_empty() {
        return serde_json::to_string_pretty(value).unwrap_or_default();
    }
    let mut marked = value.clone();
    for (place, written) in &long {
        if let Some(number) = marked.pointer_mut(&place.to_string()) {
            *number = Value::String(format!("{MARK}{written}{MARK}"));
        }
    }
    let mut text = serde_json::to_string_pretty(&marked).unwrap_or_default();
    for (_, written) in &long {
        let quoted = Value::String(format!("{MARK}{written}{MARK}")).to_string();
        text = text.replace(&quoted, written);
    }
    text
}

/// Finds the numbers that may have lost digits.
fn find_rounded(place: &Pointer, value: &Value, found: &mut Vec<Pointer>) {
    match value {
        Value::Number(number) if number.is_f64() && significant(&number.to_string()).0.len() > KEPT => {
            found.push(place.clone());
        }
        // A float of this size was a whole number of more than 64 bits.
        Value::Number(number) if number.as_f64().is_some_and(|float| number.is_f64() && float.abs() >= 1e15) => {
            found.push(place.clone());
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| find_rounded(&place.join(index), item, found));
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| find_rounded(&place.join(key), value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns the text of the scalars at some places.
fn written(source: &str, places: &[Pointer]) -> Vec<Option<String>> {
    if places.is_empty() {
        return Vec::new();
    }
    if serde_json::from_str::<&RawValue>(source).is_ok() {
        return places.iter().map(|place| raw_at(source, place.segments())).collect();
    }
    let tree = parse_yaml(source, places).ok();
    let text = |place: &Pointer| Some(place.find(&tree.as_ref()?.value)?.as_str()?.to_owned());
    places.iter().map(text).collect()
}

fn raw_at(json: &str, steps: &[String]) -> Option<String> {
    let Some((step, rest)) = steps.split_first() else { return Some(json.trim().to_owned()) };
    let child = match json.trim_start().as_bytes().first()? {
        b'[' => serde_json::from_str::<Vec<&RawValue>>(json).ok()?.get(step.parse::<usize>().ok()?).copied()?.get(),
        // Of equal keys, the last one counts.
        _ => serde_json::from_str::<std::collections::HashMap<String, &RawValue>>(json).ok()?.get(step)?.get(),
    };
    raw_at(child, rest)
}

fn is_json_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok()
}

/// Returns the significant digits of a number, and the power of ten of the last one.
fn significant(number: &str) -> (String, i64) {
    let number = number.trim_start_matches('-').to_ascii_lowercase();
    let (mantissa, exponent) = number.split_once('e').unwrap_or((&number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let trimmed = digits.trim_end_matches('0');
    let power = exponent.parse::<i64>().unwrap_or_default() - fraction.len() as i64;
    (trimmed.trim_start_matches('0').to_owned(), power + (digits.len() - trimmed.len()) as i64)
}

#[cfg(test)]
mod tests {
    use super::super::canonicalize;

    #[test]
    fn numbers_keep_the_digits_that_no_float_has() {
        let numbers = [
            "123456789012345678901234567890",
            "-123456789012345678901234567890",
            "18446744073709551616",
            "0.12345678901234567890123",
            "1.2345678901234567890e+30",
        ];
        let same = ["0.5", "1e300", "18446744073709551615", "3.0", "100000000000000000000"];
        for (text, expected) in
            numbers.iter().map(|number| (*number, Some(*number))).chain(same.map(|text| (text, None)))
        {
            let json = format!(
                r#"{{"openapi":"3.1.0","paths":{{}},"components":{{"schemas":{{"A~/":{{"maximum":{text},"enum":[1,{text}]}}}}}}}}"#
            );
            let yaml = format!(
                "openapi: 3.1.0\npaths: {{}}\ncomponents: {{schemas: {{A~/: {{maximum: {text}, enum: [1, {text}]}}}}}}\n"
            );
            let canonical = canonicalize(json.as_bytes(), "x").unwrap().text;
            if let Some(expected) = expected {
                assert_eq!(canonical.matches(expected).count(), 2, "{canonical}");
            }
            assert_eq!(canonicalize(yaml.as_bytes(), "x").unwrap().text, canonical, "{text}");
            assert_eq!(canonicalize(canonical.as_bytes(), "x").unwrap().text, canonical, "{text}");
        }
    }
}
