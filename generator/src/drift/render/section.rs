//! Sections of a report, the most severe first, and the section of a change. Must not know any format.

use super::super::level::{RustLevel, Wire};
use super::super::report::Change;
use super::is_about_words;

/// A section of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// What breaks the published crate, or code that upgrades.
    Breaking,
    /// What may break the published crate.
    Risky,
    /// What is new.
    Additive,
    /// What only documentation shows.
    Documentation,
}

impl Section {
    /// All sections, in the order of a report.
    pub(super) const ALL: [Self; 4] = [Self::Breaking, Self::Risky, Self::Additive, Self::Documentation];

    /// Returns the section that a change belongs to.
    pub(super) fn of(change: &Change) -> Self {
        match change.wire {
            Wire::Breaking => Self::Breaking,
            Wire::Risky | Wire::Safe if change.rust == RustLevel::Major => Self::Breaking,
            Wire::Risky => Self::Risky,
            Wire::Safe if is_about_words(change) => Self::Documentation,
            Wire::Safe => Self::Additive,
        }
    }
}
