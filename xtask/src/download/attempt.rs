//! One attempt at a URL: redirects, status, body. Reports whether another attempt is worthwhile; does not make it.

use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use ureq::Body;
use ureq::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
    LOCATION, RETRY_AFTER,
};
use ureq::http::{Response, StatusCode};

use super::body::{self, Broken, Unread};
use super::route::{Route, resolve};
use super::{Download, Limits, Received, Request, ResponseSummary, State, first_characters, pause};

/// How much of an error page is read, in bytes.
const GLIMPSE: u64 = 4096;

/// Why an attempt failed.
#[derive(Debug)]
pub(super) enum AttemptError {
    /// Another attempt may succeed.
    Passing {
        /// What happened.
        reason: String,
        /// A summary of the response, if there was one.
        summary: Option<ResponseSummary>,
        /// The `Retry-After` of the response.
        retry_after: Option<Duration>,
    },
    /// Another attempt would fail too.
    Final {
        /// What happened.
        reason: String,
        /// A summary of the response, if there was one.
        summary: Option<ResponseSummary>,
    },
}

impl AttemptError {
    fn last(reason: impl Into<String>) -> Self {
        Self::Final { reason: reason.into(), summary: None }
    }

    fn passing(reason: impl Into<String>) -> Self {
        Self::Passing { reason: reason.into(), summary: None, retry_after: None }
    }

    /// Returns a summary of the response.
    pub(super) fn summary(&self) -> Option<&ResponseSummary> {
        match self {
            Self::Passing { summary, .. } | Self::Final { summary, .. } => summary.as_ref(),
        }
    }
}

impl fmt::Display for AttemptError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Passing { reason, summary, .. } | Self::Final { reason, summary }) = self;
        match (reason.is_empty(), summary) {
            (true, Some(summary)) => write!(formatter, "{summary}"),
            (false, Some(summary)) => write!(formatter, "{summary}, then: {reason}"),
            (_, None) => formatter.write_str(reason),
        }
    }
}

/// Sends a request once.
pub(super) fn make_attempt(request: Request<'_>, limits: &Limits, now: SystemTime) -> Result<Download, AttemptError> {
    let start = Instant::now();
    let mut url = request.url.to_owned();
    let mut route = Route::of(&url).map_err(AttemptError::last)?;
    for _ in 0..=limits.redirects {
        let left = limits.time.saturating_sub(start.elapsed());
        let response = send(route, &url, request, left)?;
        let Some(target) = redirect(&response) else { return read_response(response, request, url, limits, now) };
        let next = resolve(&url, &target);
        route = route.redirected(&next).map_err(|reason| AttemptError::Final {
            reason: format!("it leads to {next}: {reason}"),
            summary: Some(summarize(&response, &[])),
        })?;
        url = next;
    }
    Err(AttemptError::last(format!("more than {} redirects, the last one to {url}", limits.redirects)))
}

fn send(route: Route, url: &str, request: Request<'_>, left: Duration) -> Result<Response<Body>, AttemptError> {
    let agent = route.agent(url).map_err(AttemptError::last)?;
    let proxy = agent.config().proxy().map(|proxy| format!(", through the proxy {}:{}", proxy.host(), proxy.port()));
    let proxy = proxy.unwrap_or_default();
    let mut builder = agent.get(url).header(ACCEPT_ENCODING, "gzip");
    if let Some(known) = request.known {
        let conditions = [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)];
        for (name, value) in conditions {
            if let Some(value) = value {
                builder = builder.header(name, value);
            }
        }
    }
    let response = builder.config().timeout_global(Some(left)).build().call();
    response.map_err(|error| {
        // What TLS rejects, most often a certificate, it rejects again.
        let is_rejected = matches!(&error, ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData);
        let is_temporary = matches!(
            error,
            ureq::Error::Io(_) | ureq::Error::Timeout(_) | ureq::Error::ConnectionFailed | ureq::Error::Protocol(_)
        );
        // The wrapper of an I/O error says nothing that the error itself does not.
        let reason = if let ureq::Error::Io(error) = &error { error.to_string() } else { error.to_string() } + &proxy;
        if is_temporary && !is_rejected { AttemptError::passing(reason) } else { AttemptError::last(reason) }
    })
}

fn header(response: &Response<Body>, name: HeaderName) -> Option<String> {
    response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn redirect(response: &Response<Body>) -> Option<String> {
    let leads_on = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    leads_on.then(|| header(response, LOCATION)).flatten()
}

fn read_response(
    mut response: Response<Body>,
    request: Request<'_>,
    url: String,
    limits: &Limits,
    now: SystemTime,
) -> Result<Download, AttemptError> {
    match response.status() {
        StatusCode::OK => {}
        StatusCode::NOT_MODIFIED if request.known.is_some() => return Ok(Download::NotModified),
        status => return Err(reject_status(&mut response, status, now)),
    }
    let state = State { etag: header(&response, ETAG), last_modified: header(&response, LAST_MODIFIED) };
    let length = response.body().content_length();
    let read = body::read(response.body_mut().as_reader(), length, limits.bytes);
    let bytes = read.map_err(|Unread { broken, bytes }| {
        let reason = broken.to_string();
        let summary = Some(summarize(&response, &bytes));
        match broken {
            Broken::BrokeOff(_) | Broken::Damaged(_) => AttemptError::Passing { reason, summary, retry_after: None },
            Broken::TooLong(_) | Broken::Unknown(_) => AttemptError::Final { reason, summary },
        }
    })?;
    let summary = summarize(&response, &bytes);
    Ok(Download::Received(Received { bytes, state, url, summary }))
}

/// Returns the error of an unexpected status. Those of an overloaded or restarting server are temporary.
fn reject_status(response: &mut Response<Body>, status: StatusCode, now: SystemTime) -> AttemptError {
    let mut bytes = Vec::new();
    // A page that cannot be read is not shown.
    let _broken =
        std::io::Read::read_to_end(&mut std::io::Read::take(response.body_mut().as_reader(), GLIMPSE), &mut bytes);
    let (reason, summary) = (String::new(), Some(summarize(response, &bytes)));
    if matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504) {
        let retry_after = header(response, RETRY_AFTER).and_then(|text| pause::parse_retry_after(&text, now));
        AttemptError::Passing { reason, summary, retry_after }
    } else {
        AttemptError::Final { reason, summary }
    }
}

fn summarize(response: &Response<Body>, bytes: &[u8]) -> ResponseSummary {
    ResponseSummary {
        status: Some(response.status().to_string()),
        content_type: header(response, CONTENT_TYPE),
        content_encoding: header(response, CONTENT_ENCODING),
        bytes: bytes.len(),
        beginning: first_characters(bytes),
    }
}
