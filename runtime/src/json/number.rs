//! Numbers with JSON semantics: `1.0` is an integer, and a whole number is written without a fraction.
//!
//! JSON has one number type, Rust has several. Servers written in JavaScript send `5` for a `number` and may send `1.0`
//! for an `integer`; both must be accepted, and `5` must be written back as `5`.

/// Largest magnitude up to which every whole `f64` is exact: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns a number as an integer, if the conversion is exact.
pub(super) fn whole(value: f64) -> Option<i64> {
    // Negative zero has no integer form.
    let exact = value.fract() == 0.0 && value.abs() <= EXACT && !(value == 0.0 && value.is_sign_negative());
    exact.then_some(value as i64)
}

/// Returns the whole number that a JSON number with a fraction or an exponent is, digit by digit: `1.8e19` is one, and no `f64` on
/// the way rounds it.
pub(super) fn exact_integer(text: &str) -> Option<i128> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let dropped = i32::try_from(digits.len() - significant.len()).ok()?;
    if significant.trim_start_matches(['-', '0']).is_empty() {
        // Negative zero has no integer form.
        return (!text.starts_with('-')).then_some(0);
    }
    let places =
        exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction.len()).ok()?)?.checked_add(dropped)?;
    let scale = 10_i128.checked_pow(u32::try_from(places).ok()?)?;
    significant.parse::<i128>().ok()?.checked_mul(scale)
}

#[cfg(test)]
mod tests {
    use crate::json::read::read_text;
    use crate::json::{Map, ReadJson, WriteJson, to_text};

    fn round_trip<T: ReadJson + WriteJson>(text: &str) -> Result<String, String> {
        read_text::<T>(text.as_bytes()).map(|value| to_text(&value)).map_err(|problem| problem.message)
    }

    #[test]
    fn numbers_are_read_liberally_and_written_as_json_means_them() {
        let cases = [
            (round_trip::<i64>("1"), Some("1")),
            (round_trip::<i64>("1.0"), Some("1")),
            (round_trip::<i64>("1.5"), None),
            (round_trip::<i64>("9223372036854775807"), Some("9223372036854775807")),
            (round_trip::<i64>("9223372036854775808"), None),
            (round_trip::<i32>("3e2"), Some("300")),
            (round_trip::<i32>("3000000000"), None),
            (round_trip::<u64>("18446744073709551615"), Some("18446744073709551615")),
            (round_trip::<u64>("-1"), None),
            (round_trip::<i128>("-1"), Some("-1")),
            (round_trip::<i128>("1.0"), Some("1")),
            (round_trip::<i128>("123456789012345678901234567890"), Some("123456789012345678901234567890")),
            (round_trip::<i128>("1.5"), None),
            (round_trip::<i128>("1.8446744073709552e19"), Some("18446744073709552000")),
            (round_trip::<i128>("1e39"), None),
            (round_trip::<i64>("9007199254740993.0"), Some("9007199254740993")),
            (round_trip::<i64>("1200e-2"), Some("12")),
            (round_trip::<i64>("1205e-2"), None),
            (round_trip::<i64>("1e99999999999"), None),
            (round_trip::<i64>("0.000"), Some("0")),
            (round_trip::<(String, i64)>(r#"["a",1]"#), Some(r#"["a",1]"#)),
            (round_trip::<(String, i64)>(r#"["a"]"#), None),
            (round_trip::<(String, i64)>(r#"["a",1,2]"#), None),
            (round_trip::<(String, i64)>(r#"[1,"a"]"#), None),
            (round_trip::<(f64, Option<bool>, Vec<i64>)>("[1.5,null,[]]"), Some("[1.5,null,[]]")),
            (round_trip::<f64>("5"), Some("5")),
            (round_trip::<f64>("5.0"), Some("5")),
            (round_trip::<f64>("0.1"), Some("0.1")),
            (round_trip::<f64>("-0.0"), Some("-0.0")),
            (round_trip::<f64>("1e300"), Some("1e+300")),
            (round_trip::<Option<i64>>("null"), Some("null")),
            (round_trip::<Option<f64>>("2"), Some("2")),
            (round_trip::<Vec<Vec<f64>>>("[[1,2.5],[]]"), Some("[[1,2.5],[]]")),
            (round_trip::<Map<i64>>(r#"{"b":1.0,"a":2}"#), Some(r#"{"b":1,"a":2}"#)),
            (round_trip::<i64>("\"1\""), None),
        ];
        for (index, (actual, expected)) in cases.into_iter().enumerate() {
            assert_eq!(actual.ok().as_deref(), expected, "case {index}");
        }
    }
}
