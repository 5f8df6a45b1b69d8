//! A date without a time, as the API writes it, and its conversions. Must not know the calendar libraries beyond their dates.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A date of the calendar, without a time or a time zone: `2026-02-09`.
///
/// The features `chrono`, `jiff` and `time` convert it to the types of these crates and back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

/// The text is not a date, or the date is not between the years 0 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DateError;

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date such as 2026-02-09, of a year between 0 and 9999")
    }
}

impl std::error::Error for DateError {}

impl Date {
    /// Returns a date.
    ///
    /// # Errors
    ///
    /// Returns an error for a date that the calendar does not have, and for years that are not between 0 and 9999.
    pub fn new(year: i16, month: u8, day: u8) -> Result<Self, DateError> {
        let exists = (0..=9999).contains(&year) && (1..=days_of(year, month)).contains(&day);
        if exists { Ok(Self { year, month, day }) } else { Err(DateError) }
    }

    /// Returns the year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Returns the month, from 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Returns the day of the month, from 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }
}

/// Returns how many days a month has; 0 if there is no such month.
fn days_of(year: i16, month: u8) -> u8 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let digits = text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if !digits || text.len() != 10 {
            return Err(DateError);
        }
        let year = text[..4].parse().map_err(|_| DateError)?;
        let part = |range: std::ops::Range<usize>| text[range].parse().map_err(|_| DateError);
        Self::new(year, part(5..7)?, part(8..10)?)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(|error| serde::de::Error::custom(format_args!("`{text}` is {error}")))
    }
}

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}

#[cfg(feature = "chrono")]
mod with_chrono {
    use super::{Date, DateError};
    use chrono::{Datelike, NaiveDate};

    impl TryFrom<NaiveDate> for Date {
        type Error = DateError;

        fn try_from(date: NaiveDate) -> Result<Self, DateError> {
            let part = |number: u32| u8::try_from(number).map_err(|_| DateError);
            Self::new(i16::try_from(date.year()).map_err(|_| DateError)?, part(date.month())?, part(date.day())?)
        }
    }

    impl From<Date> for NaiveDate {
        fn from(date: Date) -> Self {
            // Every date from the year 0 to 9999 is one of chrono's.
            Self::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()).unwrap_or_default()
        }
    }
}

#[cfg(feature = "jiff")]
mod with_jiff {
    use super::{Date, DateError};

    impl TryFrom<jiff::civil::Date> for Date {
        type Error = DateError;

        fn try_from(date: jiff::civil::Date) -> Result<Self, DateError> {
            let part = |number: i8| u8::try_from(number).map_err(|_| DateError);
            Self::new(date.year(), part(date.month())?, part(date.day())?)
        }
    }

    impl From<Date> for jiff::civil::Date {
        fn from(date: Date) -> Self {
            // Every date from the year 0 to 9999 is one of jiff's, and its numbers are small.
            let part = |number: u8| i8::try_from(number).unwrap_or_default();
            Self::new(date.year, part(date.month), part(date.day)).unwrap_or_default()
        }
    }
}

#[cfg(feature = "time")]
mod with_time {
    use super::{Date, DateError};

    impl TryFrom<time::Date> for Date {
        type Error = DateError;

        fn try_from(date: time::Date) -> Result<Self, DateError> {
            Self::new(i16::try_from(date.year()).map_err(|_| DateError)?, date.month().into(), date.day())
        }
    }

    impl From<Date> for time::Date {
        fn from(date: Date) -> Self {
            let month = time::Month::try_from(date.month);
            // Every date from the year 0 to 9999 is one of time's.
            month.and_then(|month| Self::from_calendar_date(date.year.into(), month, date.day)).unwrap_or(Self::MIN)
        }
    }
}
