//! How much a change matters: to a published crate on the wire, and to code that upgrades. Plain data.

use serde::Serialize;

/// What a change means for the published crate when it talks to the new API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// It keeps working.
    #[default]
    Safe,
    /// It keeps working, but something means something else now, or depends on how strict the server is.
    Risky,
    /// Some request is refused, or some response cannot be read.
    Breaking,
}

impl Wire {
    /// Returns [`Wire::Breaking`] if a condition holds.
    pub(super) fn breaking_if(holds: bool) -> Self {
        if holds { Self::Breaking } else { Self::Safe }
    }

    /// Returns the name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }
}

/// What a change means for code that upgrades to the crate generated from the new document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RustLevel {
    /// The crate is the same.
    #[default]
    None,
    /// Only documentation or inner code differ.
    Patch,
    /// Items were added or deprecated.
    Minor,
    /// Some code no longer compiles.
    Major,
}

impl RustLevel {
    /// Returns the name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// Which way values with the change travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Nothing that travels has it.
    None,
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
    /// In deliveries to webhooks.
    Webhook,
    /// Both ways.
    Both,
}

impl Direction {
    /// Returns the name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Request => "request",
            Self::Response => "response",
            Self::Webhook => "webhook",
            Self::Both => "both",
        }
    }
}

/// The ways in which values with a change travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ways {
    pub(super) request: bool,
    pub(super) response: bool,
    pub(super) webhook: bool,
}

impl Ways {
    pub(super) const REQUEST: Self = Self { request: true, response: false, webhook: false };
    pub(super) const RESPONSE: Self = Self { request: false, response: true, webhook: false };
    pub(super) const WEBHOOK: Self = Self { request: false, response: false, webhook: true };

    /// Adds other ways.
    pub(super) fn add(&mut self, other: Self) {
        self.request |= other.request;
        self.response |= other.response;
        self.webhook |= other.webhook;
    }

    /// Returns them as one direction.
    pub(super) fn direction(self) -> Direction {
        match (self.request, self.response, self.webhook) {
            (true, false, false) => Direction::Request,
            (true, _, _) => Direction::Both,
            (false, true, _) => Direction::Response,
            (false, false, true) => Direction::Webhook,
            (false, false, false) => Direction::None,
        }
    }
}
