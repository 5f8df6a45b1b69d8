//! The versions of the API that the command has a typed client for.
//!
//! Must not know any operation: each version lists its own.

use clap::ValueEnum;
use extend_ai::dispatch::{self, Arguments, CallError, Found, Outcome, UsageError};
use extend_ai::{Client, Operation, v2025_04_21, v2026_02_09};

/// A version of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Version {
    /// The version before
    #[value(name = "2025-04-21")]
    V20250421,
    /// The newest version
    #[value(name = "2026-02-09")]
    V20260209,
}

impl Version {
    fn name(self) -> &'static str {
        match self {
            Self::V20250421 => "2025-04-21",
            Self::V20260209 => "2026-02-09",
        }
    }

    /// Returns the operations of this version.
    pub(crate) fn operations(self) -> &'static [&'static Operation] {
        match self {
            Self::V20250421 => v2025_04_21::OPERATIONS,
            Self::V20260209 => v2026_02_09::OPERATIONS,
        }
    }

    /// Returns the operations that no other version has.
    pub(crate) fn own_operations(self) -> Vec<&'static Operation> {
        let is_own = |operation: &&&'static Operation| self.others().all(|other| !other.has(operation));
        self.operations().iter().filter(is_own).copied().collect()
    }

    /// Finds an operation. The error names the version that has it, if another one does.
    pub(crate) fn find(self, wanted: &str) -> Result<Found, UsageError> {
        dispatch::find(self.operations(), wanted).map_err(|error| {
            let found = |other: Version| Some((other, dispatch::find(other.operations(), wanted).ok()?.operation));
            match self.others().find_map(found) {
                Some((other, operation)) => UsageError::new(format!(
                    "{} has no `{wanted}`, but {} has `{} {}` ({}): add --api-version {}",
                    self.name(),
                    other.name(),
                    operation.method,
                    operation.path,
                    operation.id,
                    other.name()
                )),
                None => error,
            }
        })
    }

    /// Calls an operation with the typed client of this version, which shares the configuration of `client`.
    pub(crate) async fn call(
        self,
        client: &Client,
        operation: &'static Operation,
        arguments: Arguments,
    ) -> Result<Outcome, CallError> {
        match self {
            Self::V20250421 => {
                let client = v2025_04_21::Client::from_core(&client.core())?;
                v2025_04_21::dispatch::call(&client, operation, arguments).await
            }
            Self::V20260209 => dispatch::call(client, operation, arguments).await,
        }
    }

    fn others(self) -> impl Iterator<Item = Self> {
        Self::value_variants().iter().copied().filter(move |version| *version != self)
    }

    fn has(self, operation: &Operation) -> bool {
        let is_same =
            |known: &&&Operation| known.method == operation.method && shape(known.path) == shape(operation.path);
        self.operations().iter().any(|known| is_same(&known))
    }
}

/// Returns a path without the names of its parameters, which differ between versions.
fn shape(path: &str) -> Vec<&str> {
    path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_lists_what_no_other_has() {
        let own = |version: Version| -> Vec<String> {
            let label = |operation: &Operation| format!("{} {}", operation.method, operation.path);
            version.own_operations().into_iter().map(label).collect()
        };
        let old = own(Version::V20250421);
        for operation in
            ["POST /files", "POST /evaluation_set_items/bulk", "POST /workflow_runs/{workflowRunId}/outputs/{outputId}"]
        {
            assert!(old.iter().any(|known| known == operation), "{operation} in {old:?}");
        }
        assert!(!old.iter().any(|known| known == "GET /workflow_runs/{workflowRunId}"), "{old:?}");
        let new = own(Version::V20260209);
        assert!(new.iter().any(|known| known == "POST /extract_runs"), "{new:?}");
        assert_eq!(new.len() - old.len(), 117 - 44);
    }
}
