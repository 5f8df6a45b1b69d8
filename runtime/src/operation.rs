//! The description of an operation. Plain data; it must not know which operations there are.

/// An operation of the API, as described in its OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The resource and the method as they are written in code, for example `files.retrieve`.
    pub id: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path template.
    pub path: &'static str,
    /// A one-line summary.
    pub summary: &'static str,
    /// Whether the operation is deprecated.
    pub deprecated: Deprecation,
    /// The value of the `Accept` header; empty if none is sent.
    pub accept: &'static str,
    /// The path of property names that leads to the ID of the started run in a response; empty if the operation starts
    /// none.
    pub started: &'static [&'static str],
    /// The credentials that it accepts.
    pub security: Security,
}

/// The credentials that an operation accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// The API key of the client, like most operations.
    Default,
    /// Those of one of these sets, all of them at once; each is an index: 0 is the API key, the others follow in the
    /// order of the profile. An empty set means that none is needed; without any set, none is sent.
    AnyOf(&'static [&'static [usize]]),
}

/// Whether an operation is deprecated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deprecation {
    /// Not deprecated.
    Current,
    /// Deprecated: the document advises against its use.
    Deprecated,
}
