//! Receives bytes from the network or from a file, within limits and with patience. Does not look into them.

mod attempt;
mod body;
mod deadline;
mod meter;
mod pause;
mod proxy;
mod route;

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use generator::profile::FetchLimits;
use serde::Serialize;

pub(crate) use self::deadline::Deadline;
pub(crate) use self::meter::Progress;
pub(crate) use self::route::{check_link, origin, resolve};

use self::attempt::{AttemptError, Prospect};
use crate::outcome::Failure;

/// Time after which no further attempt at an unreachable host is made.
const PATIENCE: Duration = Duration::from_secs(5);

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
    /// After each of several pages.
    pub(crate) page_pause: Duration,
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
            page_pause: seconds(limits.page_pause_seconds),
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
    /// Where redirects may lead.
    pub(crate) redirects: Redirects,
}

/// Where redirects may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Redirects {
    /// To any host.
    Anywhere,
    /// To the same scheme, host and port.
    SameOrigin,
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
    Received(Box<Received>),
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
    /// The `Link` headers.
    pub(crate) links: String,
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
    /// The error response with its body, if there was one.
    pub(crate) response: Option<Box<Received>>,
    /// Attempts that were made.
    pub(crate) attempts: u32,
    /// Whether no connection could be made.
    pub(crate) is_unreachable: bool,
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
    let start = Instant::now();
    let mut waited = Duration::ZERO;
    let mut attempts = 1;
    loop {
        let failed = match attempt::make_attempt(request, limits, pace.now()) {
            Ok(download) => return Ok((download, attempts)),
            Err(failed) => failed,
        };
        let retry_after = match failed.prospect {
            Prospect::None => return Err(reject(failed, attempts, "")),
            Prospect::Good(_) | Prospect::Poor if attempts >= limits.attempts => {
                let count = if attempts > 1 { format!("; {attempts} attempts") } else { String::new() };
                return Err(reject(failed, attempts, &count));
            }
            Prospect::Good(retry_after) => retry_after,
            Prospect::Poor => None,
        };
        match pause::before_next(attempts, retry_after, limits) {
            // Without a network, the next attempts would only take time.
            Ok(length) if failed.prospect == Prospect::Poor && waited.max(start.elapsed()) + length > PATIENCE => {
                return Err(reject(failed, attempts, &format!("; {attempts} attempts")));
            }
            Ok(length) => {
                waited += length;
                pace.pause(length);
            }
            Err(asked) => {
                let note = format!("; the server asks to wait {} s, which is too long", asked.as_secs());
                return Err(reject(failed, attempts, &note));
            }
        }
        attempts += 1;
    }
}

fn reject(failed: AttemptError, attempts: u32, note: &str) -> DownloadError {
    DownloadError {
        reason: format!("{failed}{note}"),
        is_unreachable: failed.prospect == Prospect::Poor,
        summary: failed.summary,
        response: failed.response,
        attempts,
    }
}

/// Reads a file.
pub(crate) fn read_file(path: &Path, limits: &Limits) -> Result<Received, DownloadError> {
    let refuse =
        |reason: String| DownloadError { reason, summary: None, response: None, attempts: 1, is_unreachable: false };
    let file = std::fs::File::open(path).map_err(|error| refuse(format!("cannot read it: {error}")))?;
    let bytes = body::read(file, None, limits.bytes).map_err(|unread| DownloadError {
        summary: Some(summarize_file(&unread.bytes)),
        ..refuse(unread.broken.to_string())
    })?;
    let summary = summarize_file(&bytes);
    Ok(Received { bytes, state: State::default(), url: String::new(), links: String::new(), summary })
}

fn summarize_file(bytes: &[u8]) -> ResponseSummary {
    ResponseSummary { bytes: bytes.len(), beginning: first_characters(bytes), ..ResponseSummary::default() }
}

/// Downloads a URL with the default limits.
pub(crate) fn from_url(url: &str) -> Result<Received, Failure> {
    let limits = Limits::from(&FetchLimits::default());
    match get(Request { url, known: None, redirects: Redirects::Anywhere }, &limits, &mut WallClock) {
        Ok((Download::Received(received), _)) => Ok(*received),
        Ok((Download::NotModified, _)) => Err(Failure::fetch(format!("{url}: the server sent nothing"))),
        Err(error) => Err(Failure::fetch(format!("{url}: {}", error.reason))),
    }
}

/// How much of a response is shown, in characters.
const EXCERPT: usize = 120;

/// Returns the beginning of a text on one line, without characters that a terminal would obey or not show.
fn first_characters(bytes: &[u8]) -> String {
    let head = bytes.get(..EXCERPT * 4).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    let words: Vec<_> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words
        .join(" ")
        .chars()
        .take(EXCERPT)
        .map(|c| if is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}

/// Returns whether a character is not shown, or changes the order of those that are.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests;
