//! What is known about an operation before it is called. Plain data; it must not know which operations there are.

/// An operation of the API, as its document describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Resource and method as a user writes them, for example `files.retrieve`.
    pub id: &'static str,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path template.
    pub path: &'static str,
    /// A summary in one line.
    pub summary: &'static str,
    /// Whether it is deprecated.
    pub deprecated: Deprecation,
    /// The value of the `Accept` header; empty if none is sent.
    pub accept: &'static str,
    /// The path of property names to the ID of the run that a success has started; empty if the operation starts none.
    pub started: &'static [&'static str],
}

/// Whether something is deprecated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deprecation {
    /// It is not.
    Current,
    /// It is: the document advises against its use.
    Deprecated,
}
