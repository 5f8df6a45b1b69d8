//! Dates and times, kept as the string that was received.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::point_in_time::{PointInTime, format_utc};

/// A date or a time (`format: date-time`, `date` or `time`), kept exactly as it was sent.
///
/// The format is not validated when it is read, so an unusual timestamp cannot make a whole response unreadable. To
/// convert it into the type of your date library, call [`parse`](Self::parse):
/// `run.created_at.parse::<jiff::Timestamp>()`.
///
/// # Order and equality
///
/// Timestamps are ordered by the points in time they denote, exactly, taking into account fractions of any length and
/// offsets. A date means its midnight, and a missing offset means UTC. Dates and times come first, then times of day,
/// then everything else, which is ordered as strings. Equality compares the strings: two different strings for the same
/// point in time are not equal and are ordered as strings.
///
/// `run.created_at < Timestamp::from("2026-03-03")` is true for every time before that day, in UTC. A `SystemTime` is
/// converted too: `run.created_at > Timestamp::from(SystemTime::now() - Duration::from_secs(3600))`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Timestamp(String);

impl Timestamp {
    /// Returns the string as it was received.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses the string into a type of your date library.
    ///
    /// # Errors
    ///
    /// Returns the error of that library if it cannot parse the string.
    pub fn parse<T: FromStr>(&self) -> Result<T, T::Err> {
        self.0.parse()
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        PointInTime::parse(&self.0).cmp(&PointInTime::parse(&other.0)).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<SystemTime> for Timestamp {
    /// Writes the time in UTC, with as many digits of the second as it needs: `2026-03-03T10:11:12.5Z`.
    fn from(time: SystemTime) -> Self {
        Self(format_utc(time))
    }
}

impl AsRef<str> for Timestamp {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Timestamp {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Timestamp {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn timestamps_are_ordered_by_their_moments() {
        // In ascending order; the texts in one row denote the same point in time and are ordered by their text.
        let rows: [&[&str]; 14] = [
            &["0000-01-01T00:00:00Z"],
            &["1969-12-31T23:59:59.9Z"],
            &["1970-01-01"],
            &["2024-02-29T23:59:59Z"],
            &["2024-02-29T23:59:60Z", "2024-03-01", "2024-03-01T00:00:00Z", "2024-03-01T02:00:00+02:00"],
            &["2024-03-01T00:00:00.000000000001Z"],
            &["2024-03-01 00:00:00.5", "2024-03-01T00:00:00.500Z", "2024-03-01T00:00:00.5Z", "2024-03-01t00:00:00.5z"],
            &["2024-02-29T23:30:00.51-00:30"],
            &["2024-03-01T00:00:00-12:00"],
            &["9999-12-31T23:59:59.999Z"],
            &["09:59:59.5Z"],
            &["12:00:00+02:00"],
            &["10:00:00.5Z"],
            &["", "2024-02-30T00:00:00Z", "2024-13-01", "soon", "\u{fc}"],
        ];
        let sorted: Vec<Timestamp> =
            rows.iter().flat_map(|row| row.iter().map(|text| Timestamp::from(*text))).collect();
        for (left, one) in sorted.iter().enumerate() {
            for (right, other) in sorted.iter().enumerate() {
                assert_eq!(one.cmp(other), left.cmp(&right), "{one} {other}");
                assert_eq!(one.eq(other), one.cmp(other) == Ordering::Equal, "{one} {other}");
            }
        }
        let (whole, half) = (Timestamp::from("2024-01-01T00:00:00Z"), Timestamp::from("2024-01-01T00:00:00.500Z"));
        assert!(whole < half);
    }

    #[test]
    fn system_times_are_written_in_utc() {
        for (seconds, nanoseconds, expected) in [
            (0, 0, "1970-01-01T00:00:00Z"),
            (951_782_400, 0, "2000-02-29T00:00:00Z"),
            (1_772_532_672, 500_000_000, "2026-03-03T10:11:12.5Z"),
            (1_772_532_672, 1, "2026-03-03T10:11:12.000000001Z"),
            (253_402_300_799, 999_000_000, "9999-12-31T23:59:59.999Z"),
        ] {
            let time = SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds);
            assert_eq!(Timestamp::from(time), expected);
        }
        let before = SystemTime::UNIX_EPOCH - Duration::from_millis(100);
        assert_eq!(Timestamp::from(before), "1969-12-31T23:59:59.9Z");
        assert_eq!(Timestamp::from(SystemTime::UNIX_EPOCH - Duration::from_secs(86_400 * 306)), "1969-03-01T00:00:00Z");
    }
}
