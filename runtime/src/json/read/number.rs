//! Numbers of the JSON grammar.
//!
//! It must not know which numbers a type allows.

use serde::de::Unexpected;

use super::{Read, Reader};

/// A number as written: an integer if it has neither fraction nor exponent and is in range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::json) enum Number {
    Unsigned(u64),
    Negative(i64),
    Float(f64),
}

impl Number {
    pub(super) fn unexpected(self) -> Unexpected<'static> {
        match self {
            Self::Unsigned(number) => Unexpected::Unsigned(number),
            Self::Negative(number) => Unexpected::Signed(number),
            Self::Float(number) => Unexpected::Float(number),
        }
    }
}

/// Powers of ten that are exact in binary floating point.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// The digits of a number that have been read so far.
#[derive(Default)]
struct Digits {
    /// Their value.
    value: u64,
    /// Whether the value has overflowed.
    overflows: bool,
}

impl Digits {
    #[inline]
    fn push(&mut self, byte: u8) {
        match self.value.checked_mul(10).and_then(|value| value.checked_add(u64::from(byte - b'0'))) {
            Some(value) => self.value = value,
            None => self.overflows = true,
        }
    }
}

impl<'a> Reader<'a> {
    /// Reads the number at the current position.
    pub(in crate::json) fn number(&mut self) -> Read<Number> {
        let start = self.at;
        let is_negative = self.byte() == Some(b'-');
        self.at += usize::from(is_negative);
        let mut digits = Digits::default();
        match self.byte() {
            Some(b'0') => {
                self.at += 1;
                if let Some(b'0'..=b'9') = self.byte() {
                    return self.syntax("invalid number");
                }
            }
            Some(_) | None => self.digits(&mut digits)?,
        }
        if !matches!(self.byte(), Some(b'.' | b'e' | b'E')) {
            if let Some(integer) = integer(&digits, is_negative) {
                return Ok(integer);
            }
            return self.float(start);
        }
        let point = self.at;
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits(&mut digits)?;
        }
        let decimals = self.at.saturating_sub(point + 1);
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.digits(&mut Digits::default())?;
            return self.float(start);
        }
        // Both operands are exact, so the quotient is the nearest number.
        match POWERS.get(decimals) {
            Some(power) if !digits.overflows && digits.value < 1 << 53 => {
                let value = digits.value as f64 / power;
                Ok(Number::Float(if is_negative { -value } else { value }))
            }
            Some(_) | None => self.float(start),
        }
    }

    /// Reads one or more digits.
    #[inline]
    fn digits(&mut self, digits: &mut Digits) -> Read<()> {
        let start = self.at;
        while let Some(byte @ b'0'..=b'9') = self.byte() {
            digits.push(byte);
            self.at += 1;
        }
        match self.byte() {
            _ if self.at > start => Ok(()),
            Some(_) => self.syntax("invalid number"),
            None => self.ended("EOF while parsing a value"),
        }
    }

    /// Parses the text from `start` to the current position as a floating-point number.
    fn float(&mut self, start: usize) -> Read<Number> {
        match self.since(start).parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Number::Float(number)),
            Ok(_) | Err(_) => self.too_large(start),
        }
    }

    /// Returns the text from `start` to the current position.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }
}

fn integer(digits: &Digits, is_negative: bool) -> Option<Number> {
    match (digits.overflows, is_negative) {
        (true, _) => None,
        (false, false) => Some(Number::Unsigned(digits.value)),
        // Negative zero has no integer form.
        (false, true) if digits.value == 0 => None,
        (false, true) => 0_i64.checked_sub_unsigned(digits.value).map(Number::Negative),
    }
}

/// Returns whether the number at the beginning of a text is an integer as defined by [`Number`].
pub(super) fn is_integer(text: &str) -> bool {
    let end = text.find(|character: char| !matches!(character, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'));
    let text = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let is_whole = !text.contains(['.', 'e', 'E']) && text != "-0";
    is_whole && (text.parse::<u64>().is_ok() || text.parse::<i64>().is_ok())
}
