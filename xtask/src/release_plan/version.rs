//! Versions of the crate: what a release with changes of a level is called. Knows no document.

use std::fmt;

use generator::drift::RustLevel;

/// A version, without what follows its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CrateVersion {
    major: u64,
    minor: u64,
    patch: u64,
}

impl CrateVersion {
    /// Parses a version; what follows `-` or `+` is left out.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let numbers = text.split(['-', '+']).next()?;
        let mut parts = numbers.split('.').map(|part| part.parse::<u64>().ok());
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        parts.next().is_none().then_some(version)
    }

    /// Returns the next version. Before 1.0, Cargo takes the second number for the one that breaks: a break raises it, and
    /// everything else the third.
    pub(super) fn next(self, level: RustLevel) -> Self {
        let Self { major, minor, patch } = self;
        match (level, major) {
            (RustLevel::None, _) => self,
            (RustLevel::Major, 0) => Self { major, minor: minor + 1, patch: 0 },
            (RustLevel::Minor | RustLevel::Patch, 0) | (RustLevel::Patch, _) => Self { patch: patch + 1, ..self },
            (RustLevel::Major, _) => Self { major: major + 1, minor: 0, patch: 0 },
            (RustLevel::Minor, _) => Self { minor: minor + 1, patch: 0, ..self },
        }
    }
}

impl fmt::Display for CrateVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_raise_the_second_number_before_1_0_and_the_first_after() {
        let rows = [
            ("0.1.4", RustLevel::Major, "0.2.0"),
            ("0.1.4", RustLevel::Minor, "0.1.5"),
            ("0.1.4", RustLevel::Patch, "0.1.5"),
            ("0.1.4", RustLevel::None, "0.1.4"),
            ("0.4.2+api.2026-02-09", RustLevel::Major, "0.5.0"),
            ("1.2.3", RustLevel::Major, "2.0.0"),
            ("1.2.3", RustLevel::Minor, "1.3.0"),
            ("1.2.3", RustLevel::Patch, "1.2.4"),
        ];
        for (old, level, new) in rows {
            assert_eq!(CrateVersion::parse(old).unwrap().next(level).to_string(), new, "{old} {level:?}");
        }
        for text in ["", "1", "1.2", "1.2.3.4", "a.b.c"] {
            assert_eq!(CrateVersion::parse(text), None, "{text}");
        }
    }
}
