//! Statuses, as documents name them in `responses`.

use std::fmt;

use crate::names::RustIdent;

/// A status, or a group of statuses that a document describes as one. Ordered from exact to general.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// One status, from 100 to 999.
    Exact(u16),
    /// The statuses whose first digit is this one, from 1 to 9.
    Range(u16),
    /// Every status without an entry of its own.
    Default,
}

impl Status {
    /// Parses the key of a response: `404`, `4XX` or `default`. Returns `None` for anything else.
    pub fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        let mut characters = key.chars();
        let first = characters.next().and_then(|character| character.to_digit(10)).filter(|digit| *digit > 0)?;
        let first = u16::try_from(first).ok()?;
        let rest: Vec<char> = characters.collect();
        match rest.as_slice() {
            ['x' | 'X', 'x' | 'X'] => Some(Self::Range(first)),
            [second, third] => {
                let digit = |character: &char| character.to_digit(10).and_then(|digit| u16::try_from(digit).ok());
                Some(Self::Exact(first * 100 + digit(second)? * 10 + digit(third)?))
            }
            _ => None,
        }
    }

    /// Returns the name of the variant for it, in enums by status.
    pub fn variant(self) -> RustIdent {
        RustIdent::pascal(&format!("status {self}"))
    }

    /// Returns the first digit of the statuses; `None` for [`Status::Default`].
    pub fn class(self) -> Option<u16> {
        match self {
            Self::Exact(code) => Some(code / 100),
            Self::Range(digit) => Some(digit),
            Self::Default => None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(code) => write!(formatter, "{code}"),
            Self::Range(digit) => write!(formatter, "{digit}XX"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_one_status_a_hundred_or_the_rest() {
        let rows = [
            ("200", Some(Status::Exact(200))),
            ("4XX", Some(Status::Range(4))),
            ("5xx", Some(Status::Range(5))),
            ("default", Some(Status::Default)),
            ("099", None),
            ("20", None),
            ("2000", None),
            ("2X0", None),
            ("x-internal", None),
            ("", None),
        ];
        for (key, expected) in rows {
            assert_eq!(Status::parse(key), expected, "{key}");
        }
        assert!(Status::Exact(599) < Status::Range(1) && Status::Range(5) < Status::Default);
    }
}
