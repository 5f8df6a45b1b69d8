//! Pagination of lists.

use crate::names::RustIdent;

use super::{PropertyPath, Type};

/// How the responses of an operation make up a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Pagination {
    /// How to request the next page; `None` when one response has the whole list.
    pub cursor: Option<Cursor>,
    /// Where a response has the items.
    pub items: PropertyPath,
    /// Type of an item.
    pub item: Type,
}

/// How one page leads to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// The parameter that takes the token.
    pub parameter: RustIdent,
    /// Where a response has the token of the next page.
    pub token: PropertyPath,
}
