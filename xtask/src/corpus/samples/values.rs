//! Values of plain types: unicode, escapes, extremes. Must not know schemas beyond format and length.

use serde_json::{Map, Value, json};

/// Whole numbers; the last ones exceed the precision of a float and 32 bits.
pub(super) const INTEGERS: [fn() -> Value; 6] = [
    || json!(7),
    || json!(0),
    || json!(1),
    || json!(-3),
    || json!(9_007_199_254_740_993_i64),
    || json!(4_294_967_296_i64),
];
/// Numbers.
pub(super) const NUMBERS: [fn() -> Value; 6] = [
    || json!(5),
    || json!(0.25),
    || json!(-12.75),
    || json!(0.987_654_321_012_345_7),
    || json!(1_099_511_627_776_i64),
    || json!(0),
];
const STRINGS: [&str; 5] = ["plain text", "Zürich \"quoted\" \\ back/slash", "line\nbreak\ttab \u{1}", "日本語 🦀", ""];
const TIMES: [&str; 3] = ["2026-02-09T10:11:12.345Z", "2025-12-31T23:59:59+02:00", "2024-02-29T00:00:00.123456Z"];

/// Returns a string for a schema.
pub(super) fn string_of(map: &Map<String, Value>, turn: usize) -> String {
    let pick =
        |candidates: &[&str]| candidates.get(turn % candidates.len().max(1)).copied().unwrap_or_default().to_owned();
    let text = match map.get("format").and_then(Value::as_str) {
        Some("date-time") => return pick(&TIMES),
        Some("date") => return pick(&["2026-02-09", "2024-02-29"]),
        Some("uuid") => return pick(&["123e4567-e89b-12d3-a456-426614174000"]),
        Some("byte" | "binary" | "base64") => return pick(&["aGVsbG8=", "AA=="]),
        Some("uri" | "url") => return pick(&["https://example.com/a?b=c%20d"]),
        Some(_) | None => pick(&STRINGS),
    };
    let bound = |key: &str| map.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
    let (least, most) = (bound("minLength").unwrap_or_default(), bound("maxLength").unwrap_or(usize::MAX));
    let padding = std::iter::repeat_n('x', least.saturating_sub(text.chars().count()).min(10_000));
    text.chars().chain(padding).take(most).collect()
}
