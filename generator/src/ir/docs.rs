//! What the document says to people about one of its parts.

/// Descriptions, as the document has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// The first line.
    pub summary: String,
    /// The other paragraphs.
    pub description: String,
    /// Facts, one per line: constraints, defaults.
    pub notes: Vec<String>,
}

/// Whether a part of the API is deprecated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lifecycle {
    /// Supported.
    #[default]
    Current,
    /// Marked as deprecated in the document.
    Deprecated,
}
