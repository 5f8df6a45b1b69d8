//! Plays a documentation site: publishes documents of an API for machines in each form that such sites have.
//!
//! What it sends is decided here without a network; `server` sends it. Must not know who requests it.

pub mod documents;
mod forms;
mod parts;
mod server;

use std::collections::BTreeMap;

pub use documents::Published;
pub use forms::Form;
pub use server::{Running, serve};

/// A site that publishes documents in one form.
#[derive(Clone, Debug)]
pub struct Site {
    /// The form.
    pub form: Form,
    /// Path below which everything is, without a slash at its end; empty for the root.
    pub base: String,
    /// The documents; the first is that of the default version.
    pub documents: Vec<Published>,
}

/// What a site has at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// HTTP status and its phrase.
    pub status: &'static str,
    /// Media type.
    pub media_type: &'static str,
    /// Further headers, each ending in CRLF.
    pub headers: String,
    /// Body.
    pub body: String,
}

impl Resource {
    /// Creates a resource.
    pub fn new(media_type: &'static str, body: impl Into<String>) -> Self {
        Self { status: "200 OK", media_type, headers: String::new(), body: body.into() }
    }

    /// Replaces the status.
    pub fn with_status(self, status: &'static str) -> Self {
        Self { status, ..self }
    }
}

/// The resources of a site by path and query.
pub(crate) type Resources = BTreeMap<String, Resource>;

impl Site {
    /// Returns every resource by its path and query. `origin` is the scheme, host and port, for absolute links.
    pub fn resources(&self, origin: &str) -> Resources {
        forms::resources(self, &format!("{origin}{}", self.base))
    }

    /// Returns what is at paths where the site has nothing.
    pub fn missing(&self, origin: &str) -> Resource {
        forms::missing(self, &format!("{origin}{}", self.base))
    }
}
