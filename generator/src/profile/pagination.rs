//! The table `[pagination]` of a profile: which lists are paginated, and how. Plain data; knows nothing of the model.

use serde::Deserialize;

/// How the lists of an API are paginated.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PaginationPolicy {
    /// The query parameter with the token of the requested page. Without it, no list is paginated.
    pub token_parameter: Option<String>,
    /// The path to the token of the next page in a response; dots separate nested properties.
    pub token_property: Option<String>,
    /// Exceptions for individual lists.
    pub lists: Vec<ListRule>,
}

/// The pagination of one list, if it differs from the policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ListRule {
    /// `METHOD /path`.
    pub operation: String,
    /// How the list is paginated.
    #[serde(default)]
    pub pages: Paging,
    /// The path to the items in a response; by default, the only list in the response.
    pub items: Option<String>,
    /// Overrides the parameter of the policy.
    pub token_parameter: Option<String>,
    /// Overrides the property of the policy.
    pub token_property: Option<String>,
}

/// How a list is paginated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paging {
    /// Each page contains the token of the next one.
    #[default]
    Tokens,
    /// The response contains the whole list.
    Whole,
    /// The operation is not offered as a list.
    None,
}
