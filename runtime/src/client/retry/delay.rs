//! The delay before another attempt: the one that the server requests, otherwise exponential backoff.
//!
//! The functions are pure, and must not read a clock or generate random numbers: time and randomness are passed in.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, header};

use crate::client::profile::Retrying;

/// Header with a delay in milliseconds; several vendors send it alongside `Retry-After`, which has whole seconds only.
const RETRY_AFTER_MS: &str = "retry-after-ms";
/// Maximum jitter that is added to the delay until a rate limit is reset: 20 %. The delay is never shorter than
/// requested.
const RESET_JITTER: f64 = 0.2;
/// Width of the jitter range of other delays: from 10 % less to 10 % more.
const BACKOFF_JITTER: f64 = 0.2;

/// The inputs of a delay besides the response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryState {
    /// The number of retries so far.
    pub(crate) retries: u32,
    /// The wall-clock time.
    pub(crate) now: SystemTime,
    /// A random number from 0 (inclusive) to 1 (exclusive).
    pub(crate) random: f64,
}

/// Returns the delay before the next attempt.
pub(crate) fn retry_delay(retrying: &Retrying, headers: Option<&HeaderMap>, state: RetryState) -> Duration {
    let most = retrying.max_delay;
    if let Some(asked) = headers.and_then(|headers| requested_future_delay(headers, state.now)) {
        return asked.min(most);
    }
    let reset = headers.zip(retrying.reset_header).and_then(|(headers, name)| until_reset(headers, name, state.now));
    if let Some(reset) = reset {
        return stretched(reset.min(most), 1.0 + state.random * RESET_JITTER);
    }
    let doubled = 2_u32.checked_pow(state.retries).and_then(|times| retrying.first_delay.checked_mul(times));
    let pause = doubled.map_or(most, |pause| pause.min(most));
    stretched(pause, 1.0 + (state.random - 0.5) * BACKOFF_JITTER)
}

/// Returns the delay that the server requests; `None` if it is zero or its date is not in the future.
fn requested_future_delay(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    requested_delay(headers, now).filter(|pause| !pause.is_zero())
}

/// Returns the value of `retry-after-ms`, otherwise that of `Retry-After`.
pub(crate) fn requested_delay(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    match positive(headers, RETRY_AFTER_MS) {
        Some(milliseconds) => seconds(milliseconds / 1000.0),
        None => retry_after(headers, now),
    }
}

/// Returns the value of `Retry-After`, which is in seconds or a date. For a date in the past, it is zero.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = text(headers, header::RETRY_AFTER.as_str())?;
    if let Ok(asked) = value.parse::<f64>() {
        return if asked == 0.0 { Some(Duration::ZERO) } else { seconds(asked) };
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

fn until_reset(headers: &HeaderMap, name: &str, now: SystemTime) -> Option<Duration> {
    let now = now.duration_since(UNIX_EPOCH).ok()?;
    seconds(positive(headers, name)?)?.checked_sub(now).filter(|wait| !wait.is_zero())
}

fn positive(headers: &HeaderMap, name: &str) -> Option<f64> {
    text(headers, name)?.parse().ok().filter(|number: &f64| *number > 0.0)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn seconds(seconds: f64) -> Option<Duration> {
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) => Some(duration),
        // Infinity and overflow become the maximum; negative values and NaN are invalid.
        Err(_) => (seconds > 0.0).then_some(Duration::MAX),
    }
}

fn stretched(pause: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(pause.as_secs_f64() * factor).unwrap_or(pause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    const RETRYING: Retrying = Retrying {
        max_retries: 2,
        first_delay: Duration::from_secs(1),
        max_delay: Duration::from_secs(60),
        reset_header: Some("x-ratelimit-reset"),
        parity_statuses: &[],
    };
    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    const NOW: u64 = 784_111_777;

    fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW)
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        lines.iter().map(pair).collect()
    }

    fn after(retries: u32, random: f64, lines: &[(&'static str, &str)]) -> f64 {
        retry_delay(&RETRYING, Some(&headers(lines)), RetryState { retries, now: now(), random }).as_secs_f64()
    }

    #[track_caller]
    fn same(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
    }

    #[test]
    fn without_a_header_pauses_double_up_to_a_minute() {
        let rows = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0];
        for (retries, expected) in (0..).zip(rows) {
            same(after(retries, 0.5, &[]), expected);
        }
        for (retries, random, expected) in [(0, 0.0, 0.9), (0, 1.0, 1.1), (6, 1.0, 66.0), (u32::MAX, 0.5, 60.0)] {
            same(after(retries, random, &[]), expected);
        }
        let state = RetryState { retries: 0, now: UNIX_EPOCH, random: 0.5 };
        assert_eq!(retry_delay(&RETRYING, None, state), Duration::from_secs(1));
    }

    #[test]
    fn what_the_server_asks_for_comes_first_and_has_no_jitter() {
        for (value, expected) in [
            ("5", 5.0),
            (" 5 ", 5.0),
            ("0.5", 0.5),
            ("120", 60.0),
            ("99999999999999999999999", 60.0),
            ("inf", 60.0),
            ("0", 1.0),
            ("-1", 1.0),
            ("abc", 1.0),
            ("nan", 1.0),
            ("", 1.0),
            ("Sun, 06 Nov 1994 08:49:47 GMT", 10.0),
            ("Sun, 06 Nov 1994 09:49:37 GMT", 60.0),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 1.0),
            ("Sun, 06 Nov 1994 08:49:27 GMT", 1.0),
        ] {
            same(after(0, 0.5, &[("retry-after", value)]), expected);
        }
        same(after(0, 1.0, &[("retry-after", "5"), ("x-ratelimit-reset", "784111787")]), 5.0);
    }

    #[test]
    fn every_form_of_a_pause_that_is_asked_for_is_read() {
        let (second, date) = (Duration::from_secs(1), "Sun, 06 Nov 1994 08:49:38 GMT");
        for (lines, pause, header) in [
            (&[("retry-after", "1")][..], Some(second), Some(second)),
            (&[("retry-after", "0.5")], Some(second / 2), Some(second / 2)),
            (&[("retry-after", "0")], Some(Duration::ZERO), Some(Duration::ZERO)),
            (&[("retry-after", date)], Some(second), Some(second)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:36 GMT")], Some(Duration::ZERO), Some(Duration::ZERO)),
            (&[("retry-after", "99999999999999999999999")], Some(Duration::MAX), Some(Duration::MAX)),
            (&[("retry-after", "-1")], None, None),
            (&[("retry-after", "nan")], None, None),
            (&[("retry-after", "soon")], None, None),
            (&[("retry-after-ms", "500"), ("retry-after", "1")], Some(second / 2), Some(second)),
            (&[("retry-after-ms", "500")], Some(second / 2), None),
            (&[("retry-after-ms", "0"), ("retry-after", "1")], Some(second), Some(second)),
            (&[], None, None),
        ] {
            let headers = headers(lines);
            assert_eq!((requested_delay(&headers, now()), retry_after(&headers, now())), (pause, header), "{lines:?}");
        }
    }

    #[test]
    fn milliseconds_are_more_exact_than_seconds() {
        for (value, expected) in [("250", 0.25), ("1500.5", 1.5005), ("90000", 60.0), ("0", 2.0), ("x", 2.0)] {
            same(after(0, 1.0, &[("retry-after-ms", value), ("retry-after", "2")]), expected);
        }
    }

    #[test]
    fn reset_of_a_rate_limit_is_waited_for_and_a_little_longer() {
        let at = |offset: i64| (NOW as i64 + offset).to_string();
        for (reset, random, expected) in [
            (at(10), 0.5, 11.0),
            (at(10), 0.0, 10.0),
            (at(1000), 0.5, 66.0),
            (at(1000), 1.0, 72.0),
            (at(-10), 0.5, 1.0),
            (at(0), 0.5, 1.0),
            ("soon".to_owned(), 0.5, 1.0),
        ] {
            same(after(0, random, &[("x-ratelimit-reset", &reset)]), expected);
        }
        same(after(0, 0.5, &[("retry-after", "0"), ("x-ratelimit-reset", &at(10))]), 11.0);
    }
}
