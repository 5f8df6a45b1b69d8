//! The sources that were tried and the results, as text and as JSON. Tries nothing itself.

use std::fmt;

use serde::Serialize;

use crate::download::ResponseSummary;
use crate::outcome::Failure;

/// The result of one source.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SourceResult {
    /// URL or file.
    pub(super) source: String,
    /// Number of attempts.
    pub(super) attempts: u32,
    /// A summary of the response, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) received: Option<ResponseSummary>,
    /// Why it was rejected; `None` if it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refused: Option<String>,
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
#[derive(Clone, Debug, Default)]
pub(super) struct Journal {
    /// The results.
    pub(super) tried: Vec<SourceResult>,
    /// Which of the sources that came to nothing result what is wrong with their documents.
    pub(super) report: generator::Report,
}

impl Journal {
    /// Returns whether a source was tried before.
    pub(super) fn knows(&self, source: &str) -> bool {
        self.tried.iter().any(|tried| tried.source == source)
    }

    /// Returns whether a host did not respond in several attempts.
    pub(super) fn is_unreachable(&self, url: &str) -> bool {
        let host = |url: &str| url.split('/').nth(2).map(str::to_owned);
        let silent = self.tried.iter().filter(|tried| tried.attempts > 1 && tried.received.is_none());
        silent.into_iter().any(|tried| host(&tried.source).is_some() && host(&tried.source) == host(url))
    }

    /// Records that a source was accepted.
    pub(super) fn record_accepted(&mut self, source: &str, attempts: u32, received: Option<ResponseSummary>) {
        self.tried.push(SourceResult { source: source.to_owned(), attempts, received, refused: None });
    }

    /// Records that a source was rejected.
    pub(super) fn record_rejected(
        &mut self,
        source: &str,
        attempts: u32,
        received: Option<ResponseSummary>,
        reason: String,
    ) {
        self.tried.push(SourceResult { source: source.to_owned(), attempts, received, refused: Some(reason) });
    }

    /// Returns a line for each rejected source.
    pub(super) fn rejections(&self) -> Vec<String> {
        self.tried.iter().filter(|tried| tried.refused.is_some()).map(ToString::to_string).collect()
    }

    /// Returns the failure of a run that accepted no source.
    pub(super) fn failure(&mut self) -> Failure {
        let rejections = self.rejections();
        let message = match rejections.as_slice() {
            [only] => only.clone(),
            _ => format!("no source has an acceptable document\n  {}", rejections.join("\n  ")),
        };
        let report = std::mem::take(&mut self.report);
        Failure::Fetch { message, report: Some(report).filter(|report| !report.diagnostics.is_empty()) }
    }
}
