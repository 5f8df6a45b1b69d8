//! What a run may request altogether: sources, bytes and time. A site that needs more leads in circles or means harm. Must not know
//! what is requested.

use std::time::{Duration, Instant};

use crate::download::{Download, DownloadError, Limits};

/// Number of sources that a run requests.
const REQUESTS: usize = 100;
/// How many times the limits of one download all downloads together may take.
const DOWNLOADS: u32 = 4;

/// What a run may still request.
#[derive(Debug)]
pub(super) struct Allowance {
    requests: usize,
    bytes: u64,
    end: Instant,
    time: Duration,
}

impl Allowance {
    /// Creates the allowance of a run.
    pub(super) fn of(limits: &Limits) -> Self {
        let time = limits.time.saturating_mul(DOWNLOADS);
        let bytes = limits.bytes.saturating_mul(DOWNLOADS.into());
        Self { requests: REQUESTS, bytes, end: Instant::now() + time, time }
    }

    /// Returns why nothing is requested any more.
    pub(super) fn exhausted(&self) -> Option<String> {
        if self.requests == 0 {
            return Some(format!("not requested, because {REQUESTS} sources were tried"));
        }
        if self.bytes == 0 {
            return Some("not requested, because the other sources were too large".to_owned());
        }
        self.left().is_zero().then(|| format!("not requested, because the others took {} s", self.time.as_secs()))
    }

    /// Takes a request from the allowance, and returns its limits.
    ///
    /// # Errors
    ///
    /// Why it is not requested.
    pub(super) fn take(&mut self, limits: &Limits) -> Result<Limits, String> {
        if let Some(reason) = self.exhausted() {
            return Err(reason);
        }
        self.requests -= 1;
        let left = self.left();
        let (time, longest_pause) = (limits.time.min(left), limits.longest_pause.min(left));
        Ok(Limits { time, longest_pause, bytes: limits.bytes.min(self.bytes), ..limits.clone() })
    }

    /// Takes what was received from the allowance.
    pub(super) fn spend(&mut self, result: &Result<(Download, u32), DownloadError>) {
        let bytes = match result {
            Ok((Download::Received(received), _)) => received.bytes.len(),
            Ok((Download::NotModified, _)) => 0,
            Err(error) => error.summary.as_ref().map_or(0, |summary| summary.bytes),
        };
        self.bytes = self.bytes.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}
