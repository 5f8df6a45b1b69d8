//! Webhook events.

use crate::names::RustIdent;

use super::{Docs, Type};

/// An event that the server delivers to a webhook.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Webhook {
    /// Name of the event, as in its `eventType`.
    pub event: String,
    /// Name of its variant.
    pub variant: RustIdent,
    /// Its descriptions.
    pub docs: Docs,
    /// Type of its body.
    pub ty: Type,
}
