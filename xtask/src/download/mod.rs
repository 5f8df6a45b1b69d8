//! Receives bytes from the network or from a file, within limits and with patience. Does not summary into them.

mod attempt;
mod body;
mod meter;
mod pause;
mod proxy;
mod route;

use std::path::Path;
use std::time::{Duration, SystemTime};

use generator::profile::FetchLimits;
use serde::Serialize;

pub(crate) use self::route::resolve;

use self::attempt::AttemptError;
use crate::outcome::Failure;

/// Bounds of a download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes, both compressed and decompressed.
    pub(crate) bytes: u64,
    /// For one attempt, redirects and body included.
    pub(crate) time: Duration,
    /// Redirects that are followed.
    pub(crate) redirects: u32,
    /// Attempts at one URL.
    pub(crate) attempts: u32,
    /// Before the second attempt; doubled before each further one.
    pub(crate) pause: Duration,
    /// No pause is longer, also when the server asks for it.
    pub(crate) longest_pause: Duration,
}

impl From<&FetchLimits> for Limits {
    fn from(limits: &FetchLimits) -> Self {
        // Seconds that are not a duration (negative, not a number) count as zero.
        let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or_default();
        Self {
            bytes: limits.max_bytes,
            time: seconds(limits.seconds),
            redirects: limits.redirects,
            attempts: limits.attempts.max(1),
            pause: seconds(limits.pause_seconds),
            longest_pause: seconds(limits.longest_pause_seconds),
        }
    }
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// The URL.
    pub(crate) url: &'a str,
    /// The validators of the copy that is here; if they still match, nothing is sent.
    pub(crate) known: Option<&'a State>,
}

/// The validators of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// `ETag`.
    pub(crate) etag: Option<String>,
    /// `Last-Modified`.
    pub(crate) last_modified: Option<String>,
}

/// A successful download.
#[derive(Debug)]
pub(crate) enum Download {
    /// The document was sent.
    Received(Received),
    /// The known validators still match.
    NotModified,
}

/// What was received.
#[derive(Debug)]
pub(crate) struct Received {
    /// The bytes, decompressed.
    pub(crate) bytes: Vec<u8>,
    /// The validators of the response.
    pub(crate) state: State,
    /// The URL after redirects.
    pub(crate) url: String,
    /// A summary for messages.
    pub(crate) summary: ResponseSummary,
}

/// A summary of a response, for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResponseSummary {
    /// HTTP status with its phrase; nothing for a file.
    pub(crate) status: Option<String>,
    /// `Content-Type`.
    pub(crate) content_type: Option<String>,
    /// `Content-Encoding`, which need not be true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_encoding: Option<String>,
    /// Number of bytes received, decompressed.
    pub(crate) bytes: usize,
    /// How they begin, on one line.
    pub(crate) beginning: String,
}

impl std::fmt::Display for ResponseSummary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.status {
            Some(status) => {
                let kind = self.content_type.as_deref().unwrap_or("no content type");
                let packing = self.content_encoding.as_ref().map(|name| format!(" as {name}")).unwrap_or_default();
                write!(formatter, "{status}, {kind}{packing}, {} bytes", self.bytes)?;
            }
            None => write!(formatter, "a file of {} bytes", self.bytes)?,
        }
        if self.beginning.is_empty() { Ok(()) } else { write!(formatter, ", beginning with {:?}", self.beginning) }
    }
}

/// Why a download failed.
#[derive(Debug)]
pub(crate) struct DownloadError {
    /// The reason, with a summary of the last response.
    pub(crate) reason: String,
    /// A summary of the last response, if there was one.
    pub(crate) summary: Option<ResponseSummary>,
    /// Attempts that were made.
    pub(crate) attempts: u32,
}

/// The clock of a download.
pub(crate) trait Pace {
    /// Returns the current time.
    fn now(&self) -> SystemTime;
    /// Waits.
    fn pause(&mut self, length: Duration);
}

/// The clock of the system.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WallClock;

impl Pace for WallClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn pause(&mut self, length: Duration) {
        let _note = meter::Note::new(&format!("fetch: the next attempt is in {} s", length.as_secs()));
        std::thread::sleep(length);
    }
}

/// Sends a request, retrying as long as it is worthwhile. Returns the number of attempts too.
pub(crate) fn get(
    request: Request<'_>,
    limits: &Limits,
    pace: &mut dyn Pace,
) -> Result<(Download, u32), DownloadError> {
    let mut attempts = 1;
    loop {
        let failed = match attempt::make_attempt(request, limits, pace.now()) {
            Ok(download) => return Ok((download, attempts)),
            Err(failed) => failed,
        };
        let (reason, summary) = (failed.to_string(), failed.summary().cloned());
        let refuse = |reason| Err(DownloadError { reason, summary, attempts });
        let retry_after = match failed {
            AttemptError::Final { .. } => return refuse(reason),
            AttemptError::Passing { .. } if attempts >= limits.attempts => {
                return refuse(if attempts > 1 { format!("{reason}; {attempts} attempts") } else { reason });
            }
            AttemptError::Passing { retry_after, .. } => retry_after,
        };
        match pause::before_next(attempts, retry_after, limits) {
            Ok(length) => pace.pause(length),
            Err(asked) => {
                return refuse(format!("{reason}; the server asks to wait {} s, which is too long", asked.as_secs()));
            }
        }
        attempts += 1;
    }
}

/// Reads a file.
pub(crate) fn read_file(path: &Path, limits: &Limits) -> Result<Received, DownloadError> {
    let refuse = |reason: String| DownloadError { reason, summary: None, attempts: 1 };
    let file = std::fs::File::open(path).map_err(|error| refuse(format!("cannot read it: {error}")))?;
    let bytes = body::read(file, None, limits.bytes).map_err(|unread| DownloadError {
        summary: Some(summarize_file(&unread.bytes)),
        ..refuse(unread.broken.to_string())
    })?;
    let summary = summarize_file(&bytes);
    Ok(Received { bytes, state: State::default(), url: String::new(), summary })
}

fn summarize_file(bytes: &[u8]) -> ResponseSummary {
    ResponseSummary { bytes: bytes.len(), beginning: first_characters(bytes), ..ResponseSummary::default() }
}

/// Downloads a URL with the default limits.
pub(crate) fn from_url(url: &str) -> Result<Received, Failure> {
    let limits = Limits::from(&FetchLimits::default());
    match get(Request { url, known: None }, &limits, &mut WallClock) {
        Ok((Download::Received(received), _)) => Ok(received),
        Ok((Download::NotModified, _)) => Err(Failure::fetch(format!("{url}: the server sent nothing"))),
        Err(error) => Err(Failure::fetch(format!("{url}: {}", error.reason))),
    }
}

/// How much of a response is shown, in characters.
const EXCERPT: usize = 120;

/// Returns the beginning of a text on one line.
fn first_characters(bytes: &[u8]) -> String {
    let head = bytes.get(..EXCERPT * 4).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    let words: Vec<_> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests;
