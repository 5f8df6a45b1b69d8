//! Kinds of runs, and the prefixes of their IDs.
//!
//! Must not know calls.

use std::fmt;

/// A kind of run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RunKind {
    /// `clr_…`
    Classify,
    /// `edr_…`
    Edit,
    /// `exr_…`
    Extract,
    /// `sgr_…`
    FormDetection,
    /// `pr_…`
    Parse,
    /// `splr_…`
    Split,
    /// `vr_…`
    Verify,
    /// `workflow_run_…`
    Workflow,
}

/// Prefixes of IDs.
const PREFIXES: [(&str, RunKind); 8] = [
    ("exr_", RunKind::Extract),
    ("pr_", RunKind::Parse),
    ("clr_", RunKind::Classify),
    ("splr_", RunKind::Split),
    ("edr_", RunKind::Edit),
    ("vr_", RunKind::Verify),
    ("sgr_", RunKind::FormDetection),
    ("workflow_run_", RunKind::Workflow),
];

impl RunKind {
    /// Returns the kind of run that an ID is of; `None` if its prefix is none of a run.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        PREFIXES.iter().find(|(prefix, _)| id.starts_with(prefix)).map(|(_, kind)| *kind)
    }
}

impl fmt::Display for RunKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Classify => "classify",
            Self::Edit => "edit",
            Self::Extract => "extract",
            Self::FormDetection => "form detection",
            Self::Parse => "parse",
            Self::Split => "split",
            Self::Verify => "verify",
            Self::Workflow => "workflow",
        })
    }
}

/// Says why an ID is none of a run, and what to do instead.
pub(super) fn explain_unknown(id: &str) -> String {
    let prefixes: Vec<&str> = PREFIXES.iter().map(|(prefix, _)| *prefix).collect();
    format!(
        "{id:?} does not start with the prefix of a run ({}); for batches there is `wait_batch`, and the calls of each kind, such \
         as `extract_runs().retrieve`, take any ID",
        prefixes.join(", ")
    )
}
