//! Compares numbers as they are written: no float has all digits of every number.

use std::cmp::Ordering;

use serde_json::Value;

/// Compares two numbers, each a number or the text of one; `None` if one of them is neither.
pub(super) fn compare_numbers(one: &Value, other: &Value) -> Option<Ordering> {
    Some(Decimal::of(one)?.cmp(&Decimal::of(other)?))
}

/// A decimal number: `0.digits` times ten to the power of `exponent`.
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Self::parse(&number.to_string()),
            Value::String(text) => Self::parse(text),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (is_negative, number) = text.strip_prefix('-').map_or((false, text), |number| (true, number));
        let (mantissa, power) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = all.trim_start_matches('0');
        let leading = i64::try_from(all.len() - significant.len()).ok()?;
        let exponent = power.parse::<i64>().ok()?.checked_add(i64::try_from(whole.len()).ok()? - leading)?;
        let digits = significant.trim_end_matches('0').to_owned();
        Some(Self { is_negative: is_negative && !digits.is_empty(), exponent, digits })
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = |one: &Self, other: &Self| (one.exponent, &one.digits).cmp(&(other.exponent, &other.digits));
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => size(self, other),
            _ => size(other, self),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_digit_counts() {
        let rows = [
            (json!("18446744073709551616"), json!("18446744073709551617"), Ordering::Less),
            (json!(u64::MAX), json!("18446744073709551616"), Ordering::Less),
            (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64), Ordering::Greater),
            (json!("-123456789012345678901"), json!("-123456789012345678900"), Ordering::Less),
            (json!("1.50e1"), json!(15), Ordering::Equal),
            (json!("0.00012"), json!("1.2e-4"), Ordering::Equal),
            (json!(-1), json!(0.0), Ordering::Less),
            (json!(-0.0), json!(0), Ordering::Equal),
            (json!(0.1), json!("0.10000000000000000001"), Ordering::Less),
            (json!(99), json!(100), Ordering::Less),
        ];
        for (one, other, expected) in rows {
            assert_eq!(compare_numbers(&one, &other), Some(expected), "{one} {other}");
            assert_eq!(compare_numbers(&other, &one), Some(expected.reverse()), "{other} {one}");
        }
        assert_eq!(compare_numbers(&json!("x"), &json!(1)), None);
    }
}
