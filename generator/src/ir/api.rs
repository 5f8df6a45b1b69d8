//! An API as a whole.

use super::{Operation, Types, Webhook};

/// An API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// The operations, ordered by path and method.
    pub operations: Vec<Operation>,
    /// The types.
    pub types: Types,
    /// The webhook events, ordered by name.
    pub webhooks: Vec<Webhook>,
}
