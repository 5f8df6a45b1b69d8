//! One attempt at a URL: redirects, status, body. Reports whether another attempt is worthwhile; does not make it.

use std::fmt;
use std::io::ErrorKind;
use std::time::{Duration, Instant, SystemTime};

use ureq::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
    LINK, LOCATION, RETRY_AFTER,
};
use ureq::http::{Response, StatusCode};
use ureq::{Body, Timeout};

use super::body::{self, Broken, Unread};
use super::route::{Route, origin, resolve};
use super::{Download, Limits, Received, Redirects, Request, ResponseSummary, State, first_characters, pause};

/// How much of the body of an error response is read, in bytes: it may be a listing of APIs to choose from.
const ERROR_BODY: u64 = 1024 * 1024;
/// Time limit for connecting, name resolution included.
const CONNECT: Duration = Duration::from_millis(3500);

/// Why an attempt failed.
#[derive(Debug)]
pub(super) struct AttemptError {
    /// What happened; may be empty if the response says it.
    reason: String,
    /// A summary of the response, if there was one.
    pub(super) summary: Option<ResponseSummary>,
    /// The response with its body, if it was an error response.
    pub(super) response: Option<Box<Received>>,
    /// Whether another attempt is worthwhile.
    pub(super) prospect: Prospect,
}

/// Whether another attempt is worthwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prospect {
    /// It would fail too.
    None,
    /// It may succeed, after the `Retry-After` of the response.
    Good(Option<Duration>),
    /// No connection could be made; the network may be down.
    Poor,
}

impl AttemptError {
    fn new(prospect: Prospect, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), summary: None, response: None, prospect }
    }

    fn last(reason: impl Into<String>) -> Self {
        Self::new(Prospect::None, reason)
    }

    fn with_summary(self, summary: ResponseSummary) -> Self {
        Self { summary: Some(summary), ..self }
    }
}

impl fmt::Display for AttemptError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.reason.is_empty(), &self.summary) {
            (true, Some(summary)) => write!(formatter, "{summary}"),
            (false, Some(summary)) => write!(formatter, "{summary}, then: {}", self.reason),
            (_, None) => formatter.write_str(&self.reason),
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
        let allowed = route.redirected(&next).map_err(str::to_owned).and_then(|next_route| {
            let stays = request.redirects == Redirects::Anywhere || origin(&next) == origin(request.url);
            if stays {
                Ok(next_route)
            } else {
                Err("another host, which is not followed; --url requests it".to_owned())
            }
        });
        route = allowed.map_err(|reason| {
            AttemptError::last(format!("it leads to {next}: {reason}")).with_summary(summarize(&response, &[]))
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
    let connect = Some(left.min(CONNECT));
    let config = builder.config().timeout_global(Some(left)).timeout_resolve(connect).timeout_connect(connect);
    config.build().call().map_err(|error| {
        let prospect = prospect_after(&error);
        // The wrapper of an I/O error says nothing that the error itself does not.
        let reason = if let ureq::Error::Io(error) = &error { error.to_string() } else { error.to_string() } + &proxy;
        AttemptError::new(prospect, reason)
    })
}

fn prospect_after(error: &ureq::Error) -> Prospect {
    const BROKEN: [ErrorKind; 4] =
        [ErrorKind::ConnectionReset, ErrorKind::ConnectionAborted, ErrorKind::BrokenPipe, ErrorKind::UnexpectedEof];
    if let ureq::Error::Io(error) = error {
        // What TLS rejects, most often a certificate, it rejects again.
        let is_rejected = error.kind() == ErrorKind::InvalidData;
        let is_broken = BROKEN.contains(&error.kind());
        return match (is_rejected, is_broken) {
            (true, _) => Prospect::None,
            (false, true) => Prospect::Good(None),
            (false, false) => Prospect::Poor,
        };
    }
    let is_unreachable = matches!(
        error,
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect)
            | ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
    );
    let is_broken = matches!(error, ureq::Error::Timeout(_) | ureq::Error::Protocol(_));
    match (is_unreachable, is_broken) {
        (true, _) => Prospect::Poor,
        (false, true) => Prospect::Good(None),
        (false, false) => Prospect::None,
    }
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
        status => return Err(reject_status(&mut response, status, url, now)),
    }
    let state = State { etag: header(&response, ETAG), last_modified: header(&response, LAST_MODIFIED) };
    let length = response.body().content_length();
    let read = body::read(response.body_mut().as_reader(), length, limits.bytes);
    let bytes = read.map_err(|Unread { broken, bytes }| {
        let prospect = match broken {
            Broken::BrokeOff(_) | Broken::Damaged(_) => Prospect::Good(None),
            Broken::TooLong(_) | Broken::Unknown(_) => Prospect::None,
        };
        AttemptError::new(prospect, broken.to_string()).with_summary(summarize(&response, &bytes))
    })?;
    Ok(Download::Received(Box::new(build_received(&response, bytes, state, url))))
}

fn build_received(response: &Response<Body>, bytes: Vec<u8>, state: State, url: String) -> Received {
    let summary = summarize(response, &bytes);
    let links = response.headers().get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let links = links.map(str::to_owned).collect::<Vec<_>>().join(", ");
    Received { bytes, state, url, links, summary }
}

/// Returns the error of an unexpected status. Those of an overloaded or restarting server are temporary.
fn reject_status(response: &mut Response<Body>, status: StatusCode, url: String, now: SystemTime) -> AttemptError {
    // Of a body that cannot be read, what was read is shown.
    let read = body::read(response.body_mut().as_reader(), None, ERROR_BODY);
    let received = build_received(response, read.unwrap_or_else(|unread| unread.bytes), State::default(), url);
    let is_temporary = matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504);
    let prospect = if is_temporary {
        Prospect::Good(header(response, RETRY_AFTER).and_then(|text| pause::parse_retry_after(&text, now)))
    } else {
        Prospect::None
    };
    let error = AttemptError::new(prospect, "").with_summary(received.summary.clone());
    AttemptError { response: Some(Box::new(received)), ..error }
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
