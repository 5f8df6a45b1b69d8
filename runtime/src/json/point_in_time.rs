//! The point in time that a date or time denotes, for comparisons only, and the string of a point in time.
//!
//! It must not fail: a string that cannot be parsed is a case of its own.

use std::time::SystemTime;

/// A point in time. The order of the variants is part of the order of timestamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PointInTime<'a> {
    /// Seconds since 1970 in UTC.
    Absolute(i64, Fraction<'a>),
    /// Seconds since midnight in UTC.
    TimeOfDay(i64, Fraction<'a>),
    /// Neither of them.
    Unreadable,
}

/// The digits after the decimal point, in any number. Trailing zeros are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fraction<'a>(&'a str);

const MIDNIGHT: (i64, Fraction<'static>) = (0, Fraction(""));

impl<'a> PointInTime<'a> {
    /// Parses RFC 3339 dates and times, slightly more leniently: a space may replace the `T`, and a missing offset
    /// means UTC.
    pub(super) fn parse(text: &'a str) -> Self {
        parse(text).unwrap_or(Self::Unreadable)
    }
}

fn parse(text: &str) -> Option<PointInTime<'_>> {
    if text.as_bytes().get(2) == Some(&b':') {
        let (seconds, fraction) = time_of_day(text)?;
        return Some(PointInTime::TimeOfDay(seconds, fraction));
    }
    let days = days(text.get(..10)?)?;
    let (seconds, fraction) = match text.as_bytes().get(10) {
        None => MIDNIGHT,
        Some(b'T' | b't' | b' ') => time_of_day(text.get(11..)?)?,
        Some(_) => return None,
    };
    Some(PointInTime::Absolute(days * 86_400 + seconds, fraction))
}

/// Returns a time in UTC as RFC 3339 writes it, with as many digits of the second as it needs.
pub(super) fn format_utc(time: SystemTime) -> String {
    let nanoseconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i128::try_from(since.as_nanos()).unwrap_or(i128::MAX),
        Err(error) => -i128::try_from(error.duration().as_nanos()).unwrap_or(i128::MAX),
    };
    let (seconds, fraction) = (nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let fraction = format!(".{fraction:09}");
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// Returns the year, month and day that is some days after 1970-01-01: the inverse of [`days`].
fn date(days: i128) -> (i128, i128, i128) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (year * 365 + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    // Years start in March here.
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
}

/// Returns the days from 1970-01-01 to a date of the Gregorian calendar.
fn days(date: &str) -> Option<i64> {
    let separated = date.as_bytes().get(4) == Some(&b'-') && date.as_bytes().get(7) == Some(&b'-');
    let (year, month, day) =
        (number(date.get(..4)?)?, number(date.get(5..7)?)?, number(date.get(8..).filter(|_| separated)?)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=last).contains(&day) {
        return None;
    }
    // Years start in March, so that the leap day is the last day of a year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + year * 365 + year / 4 - year / 100 + day - 719_468)
}

/// Returns the seconds since midnight UTC, which may be negative, and the digits after the decimal point.
fn time_of_day(time: &str) -> Option<(i64, Fraction<'_>)> {
    let separated = time.as_bytes().get(2) == Some(&b':') && time.as_bytes().get(5) == Some(&b':');
    let (hour, minute) = (number(time.get(..2)?)?, number(time.get(3..5)?)?);
    let second = number(time.get(6..8).filter(|_| separated)?)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let rest = time.get(8..)?;
    let (fraction, offset) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, offset) = rest.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())?;
            (digits.trim_end_matches('0'), offset)
        }
        None => ("", rest),
    };
    Some((hour * 3600 + minute * 60 + second - offset_seconds(offset)?, Fraction(fraction)))
}

fn offset_seconds(offset: &str) -> Option<i64> {
    let sign = match offset.as_bytes() {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        [_, ..] => return None,
    };
    let (hours, minutes) = (offset.get(1..3)?, offset.get(3..)?);
    let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
    let minutes = if minutes.is_empty() { 0 } else { number(minutes).filter(|_| minutes.len() == 2)? };
    let hours = number(hours)?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Parses a number that consists of digits only.
fn number(digits: &str) -> Option<i64> {
    let only_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if only_digits { digits.parse().ok() } else { None }
}
