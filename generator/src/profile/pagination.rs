//! Policy on lists that come in pages. Data only.

use serde::Deserialize;

/// How the lists of an API come in pages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PaginationPolicy {
    /// Query parameter with the token of the page that is asked for. Without it no list has pages.
    pub token_parameter: Option<String>,
    /// Where an answer has the token of the next page; dots lead into objects.
    pub token_property: Option<String>,
    /// Lists for which the rule does not hold.
    pub lists: Vec<ListRule>,
}

/// How one list comes, where it differs from the others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ListRule {
    /// `METHOD /path`.
    pub operation: String,
    /// Whether it has pages.
    #[serde(default)]
    pub pages: Paging,
    /// Where its answer has the items; without it, the one list it has.
    pub items: Option<String>,
    /// In place of the policy's.
    pub token_parameter: Option<String>,
    /// In place of the policy's.
    pub token_property: Option<String>,
}

/// Whether a list has pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paging {
    /// Pages, each with the token of the next one.
    #[default]
    Tokens,
    /// It comes whole.
    Whole,
    /// It is no list to walk through.
    None,
}
