//! The sources that were tried and the results, as text and as JSON. Tries nothing itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::plan::Source;
use crate::download::{DownloadError, ResponseSummary, origin};
use crate::outcome::{Failure, counted};

/// Number of rejected sources that a successful run lists.
const LISTED: usize = 20;
/// Number of reasons that a failure lists.
const REASONS: usize = 6;
/// Number of names that a message lists.
const NAMED: usize = 3;
/// Length of a reason in a failure, in characters.
const LONGEST: usize = 400;
/// Time after which a host that did not respond is not tried again.
const PATIENCE: Duration = Duration::from_secs(5);

/// The result of one source.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SourceResult {
    /// URL or file.
    pub(super) source: String,
    /// Why it was tried.
    pub(super) why: String,
    /// Number of attempts.
    pub(super) attempts: u32,
    /// A summary of the response, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) received: Option<ResponseSummary>,
    /// Why it was rejected; `None` if it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refused: Option<String>,
}

impl SourceResult {
    /// Starts the result of a source.
    pub(super) fn of(source: &Source, attempts: u32, received: Option<ResponseSummary>) -> Self {
        Self { source: source.place.name(), why: source.reason.to_string(), attempts, received, refused: None }
    }
}

impl SourceResult {
    /// Returns why it was rejected, in words that other sources have too.
    fn kind_of_rejection(&self) -> String {
        let status = self.received.as_ref().and_then(|summary| summary.status.as_deref());
        let reason = self.refused.as_deref().unwrap_or_default();
        match status {
            Some(status) if !status.starts_with("200") => status.to_owned(),
            Some(_) | None => reason.split_once("; received ").map_or(reason, |(reason, _)| reason).to_owned(),
        }
    }
}

/// Returns the first names of a list, and how many there are besides.
pub(super) fn list_some(names: &[impl AsRef<str>], most: usize) -> String {
    let some: Vec<&str> = names.iter().map(AsRef::as_ref).take(most).collect();
    match names.len().saturating_sub(most) {
        0 => some.join(", "),
        more => format!("{} and {more} more", some.join(", ")),
    }
}

fn shorten(text: &str) -> String {
    let mut start: String = text.chars().take(LONGEST).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

impl fmt::Display for SourceResult {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.refused, &self.received) {
            (Some(reason), _) => write!(formatter, "{}: {reason}", self.source),
            (None, Some(summary)) => write!(formatter, "{}: received {summary}", self.source),
            (None, None) => write!(formatter, "{}: not modified", self.source),
        }
    }
}

/// The results of all sources, in order.
#[derive(Clone, Debug)]
pub(super) struct Journal {
    /// The results.
    pub(super) tried: Vec<SourceResult>,
    /// What is wrong with documents that were rejected.
    pub(super) report: generator::Report,
    /// Versions of the API that were found and not wanted.
    pub(super) other_versions: BTreeSet<String>,
    /// Whether the site requires a login.
    pub(super) needs_login: bool,
    /// Hosts that did not respond, with the reason.
    unreachable: BTreeMap<String, String>,
    start: Instant,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            tried: Vec::new(),
            report: generator::Report::default(),
            other_versions: BTreeSet::new(),
            needs_login: false,
            unreachable: BTreeMap::new(),
            start: Instant::now(),
        }
    }
}

impl Journal {
    /// Returns whether a source was tried before.
    pub(super) fn knows(&self, source: &str) -> bool {
        self.tried.iter().any(|tried| tried.source == source)
    }

    /// Returns whether a host did not respond before.
    pub(super) fn is_unreachable(&self, url: &str) -> bool {
        origin(url).is_some_and(|host| self.unreachable.contains_key(&host))
    }

    /// Returns why a host is not requested any more.
    pub(super) fn given_up(&self, url: &str) -> Option<String> {
        let is_late = self.start.elapsed() > PATIENCE;
        (is_late && self.is_unreachable(url))
            .then(|| "not requested, because its host did not respond before".to_owned())
    }

    /// Records that a source was accepted.
    pub(super) fn record_accepted(&mut self, result: SourceResult) {
        self.tried.push(result);
    }

    /// Records that a source was rejected.
    pub(super) fn record_rejected(&mut self, result: SourceResult, reason: String) {
        self.tried.push(SourceResult { refused: Some(reason), ..result });
    }

    /// Records that a download failed.
    pub(super) fn record_failed(&mut self, source: &Source, error: DownloadError) {
        let name = source.place.name();
        if let (true, Some(host)) = (error.is_unreachable, origin(&name)) {
            self.unreachable.entry(host).or_insert_with(|| error.reason.clone());
        }
        let status = error.summary.as_ref().and_then(|summary| summary.status.as_deref()).unwrap_or_default();
        self.needs_login |= status.starts_with("401") || status.starts_with("403");
        self.record_rejected(SourceResult::of(source, error.attempts, error.summary), error.reason);
    }

    /// Returns a line for each rejected source.
    pub(super) fn rejections(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.tried.iter().filter(|tried| tried.refused.is_some()).map(ToString::to_string).collect();
        if lines.len() > LISTED + 1 {
            let more = lines.split_off(LISTED).len();
            lines.push(format!("… and {} more, which --json lists", counted(more, "source")));
        }
        lines
    }

    /// Returns a line for each reason for which sources were rejected, the last ones first: they are what the others led to.
    fn reasons(&self) -> Vec<String> {
        let mut groups: Vec<(String, Vec<&SourceResult>)> = Vec::new();
        for tried in self.tried.iter().filter(|tried| tried.refused.is_some()).rev() {
            let kind = tried.kind_of_rejection();
            match groups.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, sources)) => sources.push(tried),
                None => groups.push((kind, vec![tried])),
            }
        }
        let line = |(kind, sources): &(String, Vec<&SourceResult>)| match sources.as_slice() {
            [only] => shorten(&only.to_string()),
            several => {
                let names: Vec<&str> = several.iter().rev().map(|tried| tried.source.as_str()).collect();
                shorten(&format!("{}: {kind}", list_some(&names, NAMED)))
            }
        };
        let mut lines: Vec<String> = groups.iter().map(line).collect();
        if lines.len() > REASONS {
            let more = lines.split_off(REASONS).len();
            lines.push(format!("… and {} more", counted(more, "reason")));
        }
        lines
    }

    /// Returns the failure of a run that accepted no source: what it comes to, without what each source sent.
    pub(super) fn failure(&mut self) -> Failure {
        let rejections = self.reasons();
        let tried = counted(self.tried.len(), "source");
        let are_unreachable = !self.tried.is_empty()
            && self.tried.iter().all(|tried| tried.received.is_none() && self.is_unreachable(&tried.source));
        let mut message = match rejections.as_slice() {
            [only] if self.tried.len() == 1 => only.clone(),
            _ if are_unreachable => self.describe_unreachable(),
            _ => format!("no source has an acceptable document; {tried} tried\n  {}", rejections.join("\n  ")),
        };
        let help = if are_unreachable {
            "check the network, and the proxy if there is one (HTTPS_PROXY); `check` and `regen` need none, and `fetch --file` \
             adopts a document that was downloaded elsewhere"
                .to_owned()
        } else if !self.other_versions.is_empty() {
            let versions: Vec<&str> = self.other_versions.iter().map(String::as_str).collect();
            format!(
                "versions that were found: {}; --api-version requests one of them, --all-versions all",
                versions.join(", ")
            )
        } else if self.needs_login {
            "the site requires a login: download the document in a browser, and adopt it with `fetch --file`".to_owned()
        } else {
            String::new()
        };
        if !help.is_empty() {
            message.push_str(&format!("\nhelp: {help}"));
        }
        if self.tried.len() > 1 && !are_unreachable {
            message.push_str("\nnote: --verbose lists each source with what it sent");
        }
        let report = std::mem::take(&mut self.report);
        Failure::Fetch { message, report: Some(report).filter(|report| !report.diagnostics.is_empty()) }
    }

    /// One line for each host, not for each source.
    fn describe_unreachable(&self) -> String {
        let hosts: Vec<String> =
            self.unreachable.iter().map(|(host, reason)| format!("no connection to {host}: {reason}")).collect();
        let tried: Vec<&str> = self.tried.iter().map(|tried| tried.source.as_str()).collect();
        format!("{}\n  tried: {}", hosts.join("\n  "), list_some(&tried, LISTED))
    }
}
