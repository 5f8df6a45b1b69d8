//! Numbers with more digits than a tree of JSON keeps, which the canonical form shows as they were written. Must not know OpenAPI.

use std::collections::{BTreeMap, HashMap};

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::pointer::Pointer;

use super::tree::parse_yaml;

/// Marks a number in a string until the text is made.
const MARK: char = '\u{1}';
/// Significant digits that every `f64` keeps.
const KEPT: usize = 15;

/// Renders a value that was parsed from `source` as indented JSON. Its numbers are those of the source.
pub(super) fn render_exactly(value: &Value, source: &str) -> String {
    let long = find_long(value, source);
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

/// Notes how numbers are written that no `f64` has: beside each of `keywords` with such a number, or with a list of them, `note` has
/// the digits, by keyword and index.
pub(crate) fn note_long_numbers(value: &mut Value, source: &str, (keywords, note): (&[&str], &str)) {
    if !has_many_digits(source) {
        return;
    }
    for (place, written) in find_long(value, source) {
        let (owner, key) = match place.segments() {
            [owner @ .., key] if keywords.contains(&key.as_str()) => (owner, key.clone()),
            [owner @ .., key, index] if keywords.contains(&key.as_str()) => (owner, format!("{key}/{index}")),
            _ => continue,
        };
        let owner: Pointer = owner.iter().cloned().collect();
        if let Some(Value::Object(owner)) = value.pointer_mut(&owner.to_string())
            && let Value::Object(noted) = owner.entry(note).or_insert_with(|| Value::Object(Map::new()))
        {
            noted.insert(key, Value::String(written));
        }
    }
}

/// Returns whether a text has more digits in a row than every number keeps.
fn has_many_digits(text: &str) -> bool {
    let mut row = 0_usize;
    text.bytes().any(|byte| {
        row = match byte {
            b'0'..=b'9' => row + 1,
            b'.' => row,
            _ => 0,
        };
        row > KEPT
    })
}

/// Returns the places of numbers that lost digits, with their text.
fn find_long(value: &Value, source: &str) -> Vec<(Pointer, String)> {
    let mut places = Vec::new();
    find_rounded(&mut Vec::new(), value, &mut places);
    let written = written(source, &places);
    let is_long = |place: &Pointer, written: &str| {
        let found = place.find(value).map(Value::to_string);
        is_json_number(written) && found.is_some_and(|found| significant(written) != significant(&found))
    };
    let all = places.into_iter().zip(written).filter_map(|(place, written)| Some((place, written?)));
    all.filter(|(place, written)| is_long(place, written)).collect()
}

/// Finds the numbers that may have lost digits. `steps` lead from the root to the value.
fn find_rounded(steps: &mut Vec<String>, value: &Value, found: &mut Vec<Pointer>) {
    match value {
        // A float of this size was a whole number of more than 64 bits.
        Value::Number(number) if number.is_f64() => {
            let is_huge = number.as_f64().is_some_and(|float| float.abs() >= 1e15);
            if is_huge || significant(&number.to_string()).0.len() > KEPT {
                found.push(steps.iter().cloned().collect());
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().filter(|(_, item)| may_be_rounded(item)) {
                steps.push(index.to_string());
                find_rounded(steps, item, found);
                steps.pop();
            }
        }
        Value::Object(map) => {
            for (key, value) in map.iter().filter(|(_, value)| may_be_rounded(value)) {
                steps.push(key.clone());
                find_rounded(steps, value, found);
                steps.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn may_be_rounded(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(_) | Value::Object(_) => true,
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// Returns the text of the scalars at some places.
fn written(source: &str, places: &[Pointer]) -> Vec<Option<String>> {
    if places.is_empty() {
        return Vec::new();
    }
    if serde_json::from_str::<&RawValue>(source).is_ok() {
        let mut found = vec![None; places.len()];
        let open: Vec<(usize, &[String])> = places.iter().map(Pointer::segments).enumerate().collect();
        read_raw(source, &open, &mut found);
        return found;
    }
    let tree = parse_yaml(source, places).ok();
    let text = |place: &Pointer| Some(place.find(&tree.as_ref()?.value)?.as_str()?.to_owned());
    places.iter().map(text).collect()
}

/// Reads the text at the ends of some paths, each part of the text once. Each path has its index in `found`.
fn read_raw(json: &str, paths: &[(usize, &[String])], found: &mut [Option<String>]) {
    let mut below: BTreeMap<&str, Vec<(usize, &[String])>> = BTreeMap::new();
    for (index, path) in paths {
        match path.split_first() {
            Some((step, rest)) => below.entry(step).or_default().push((*index, rest)),
            None => {
                if let Some(found) = found.get_mut(*index) {
                    *found = Some(json.trim().to_owned());
                }
            }
        }
    }
    if below.is_empty() {
        return;
    }
    if json.trim_start().starts_with('[') {
        let items = serde_json::from_str::<Vec<&RawValue>>(json).unwrap_or_default();
        for (step, paths) in &below {
            if let Some(item) = step.parse::<usize>().ok().and_then(|index| items.get(index)) {
                read_raw(item.get(), paths, found);
            }
        }
        return;
    }
    // Of equal keys, the last one counts.
    let members = serde_json::from_str::<HashMap<String, &RawValue>>(json).unwrap_or_default();
    for (step, paths) in &below {
        if let Some(member) = members.get(*step) {
            read_raw(member.get(), paths, found);
        }
    }
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
