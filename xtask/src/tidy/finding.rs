//! What a rule has to say about a place. Knows the names of the rules, not what they check.

use std::fmt;

use serde::Deserialize;

/// The rules, by the names that messages and `tidy.toml` use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Rule {
    /// Which module may use which.
    Layers,
    /// Each file begins with a comment about its purpose.
    Header,
    /// Files and functions have an end.
    Size,
    /// A module with children is `x/mod.rs`, and a function does not share its name.
    Module,
    /// A function does not begin with an article.
    Name,
    /// The words of the glossary.
    Word,
    /// Pages name files that exist.
    Page,
    /// Nothing is left for later: notes, ignored tests, snapshots without review.
    Leftover,
    /// `tidy.toml` lists no place that is in order.
    Known,
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Layers => "layers",
            Self::Header => "header",
            Self::Size => "size",
            Self::Module => "module",
            Self::Name => "name",
            Self::Word => "word",
            Self::Page => "page",
            Self::Leftover => "leftover",
            Self::Known => "known",
        })
    }
}

/// A place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    /// The file, relative to the workspace.
    pub(super) file: String,
    /// The line, counted from 1.
    pub(super) line: usize,
    /// The rule.
    pub(super) rule: Rule,
    /// What to do.
    pub(super) message: String,
}

impl Finding {
    /// Creates a finding.
    pub(super) fn new(rule: Rule, file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, rule, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}: {}", self.file, self.line, self.rule, self.message)
    }
}
