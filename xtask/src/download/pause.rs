//! Pauses between attempts. Does not wait itself.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Limits;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Returns the pause after a number of attempts: what the server requests, or else twice the last one.
///
/// # Errors
///
/// The pause that the server requests, if it is longer than the longest one allowed.
pub(super) fn before_next(attempts: u32, asked: Option<Duration>, limits: &Limits) -> Result<Duration, Duration> {
    match asked {
        Some(asked) if asked > limits.longest_pause => Err(asked),
        Some(asked) => Ok(asked),
        None => {
            let doublings = 1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
            Ok(limits.pause.saturating_mul(doublings).min(limits.longest_pause))
        }
    }
}

/// Parses `Retry-After`: seconds, or a date (RFC 9110).
pub(super) fn parse_retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(date(text)?.duration_since(now).unwrap_or_default()),
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn date(text: &str) -> Option<SystemTime> {
    let (_, rest) = text.split_once(", ")?;
    let parts: Vec<&str> = rest.split([' ', ':']).collect();
    let [day, month, year, hour, minute, second, "GMT"] = parts.as_slice() else { return None };
    let number = |text: &str| text.parse::<u64>().ok();
    let month = MONTHS.iter().position(|name| name == month)? as u64 + 1;
    let (day, year) = (number(day)?, number(year)?);
    let time = number(hour)? * 3600 + number(minute)? * 60 + number(second)?;
    let days = (1970..=9999).contains(&year).then(|| days_since_epoch(year, month, day))?;
    UNIX_EPOCH.checked_add(Duration::from_secs(days * 86_400 + time))
}

/// Days from 1970 to a date of the Gregorian calendar, by counting from March, so that the leap day comes last.
fn days_since_epoch(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    let epoch = 719_468;
    (year * 365 + leap_days + (153 * month + 2) / 5 + day).saturating_sub(epoch + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_one_and_follow_the_server() {
        let seconds = Duration::from_secs;
        let limits = Limits {
            bytes: 0,
            time: seconds(1),
            redirects: 0,
            attempts: 9,
            pause: seconds(1),
            longest_pause: seconds(30),
            page_pause: seconds(0),
        };
        let rows = [
            (1, None, Ok(1)),
            (2, None, Ok(2)),
            (5, None, Ok(16)),
            (6, None, Ok(30)),
            (99, None, Ok(30)),
            (1, Some(0), Ok(0)),
            (1, Some(30), Ok(30)),
            (1, Some(31), Err(31)),
        ];
        for (attempts, asked, expected) in rows {
            let found = before_next(attempts, asked.map(seconds), &limits);
            assert_eq!(found, expected.map(seconds).map_err(seconds), "{attempts} {asked:?}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        // 2026-11-23T08:23:21Z
        let now = UNIX_EPOCH + Duration::from_secs(1_795_422_201);
        let rows = [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("Mon, 23 Nov 2026 08:24:21 GMT", Some(60)),
            ("Tue, 29 Feb 2028 00:00:00 GMT", Some(39_972_999)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("Mon, 23 Nov 2026 08:24 GMT", None),
        ];
        for (text, expected) in rows {
            assert_eq!(parse_retry_after(text, now).map(|length| length.as_secs()), expected, "{text}");
        }
    }
}
