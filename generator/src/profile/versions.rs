//! The versions of an API that a profile has entries for, and what one of them inherits from the others. Knows tables, not what
//! their entries mean.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Table, Value};

/// The tables `[versions."…"]` of a profile: entries of one version, under the names that the shared ones have.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Versions(BTreeMap<String, Spanned<Table>>);

impl Versions {
    /// Returns the names of the versions, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the entries of a version, and their position in the text.
    pub(super) fn of(&self, version: &str) -> Option<(&Table, usize)> {
        self.0.get(version).map(|table| (table.get_ref(), table.span().start))
    }
}

/// Adds the entries of a version to the shared ones: tables are merged entry by entry, lists are appended to, everything else is
/// replaced.
pub(super) fn inherit(shared: &mut Table, version: &Table) {
    for (name, value) in version {
        match (shared.get_mut(name), value) {
            (Some(Value::Table(shared)), Value::Table(own)) => inherit(shared, own),
            (Some(Value::Array(shared)), Value::Array(own)) => shared.extend(own.iter().cloned()),
            (Some(shared), own) => *shared = own.clone(),
            (None, own) => {
                shared.insert(name.clone(), own.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    const TEXT: &str = r#"
[document]
api_version = "2"
version_header = "x-version"

[[headers]]
name = "x-version"
setter = "version"
variable = "X_VERSION"
doc = "The version."

[polling]
pending = ["QUEUED"]
id = "id"

[versions."1"]
polling = { pending = ["RUNNING"], id = "runId" }

[versions."2".types]
redact = ["secret"]

[versions."3"]
nam = 1
"#;

    #[test]
    fn version_has_the_shared_entries_and_its_own() {
        let old = Profile::of_version(TEXT, "1").unwrap();
        assert_eq!((old.polling.pending.join(" "), old.polling.id.as_str()), ("QUEUED RUNNING".to_owned(), "runId"));
        assert_eq!((old.version.as_str(), old.document.api_version.as_str()), ("1", "2"));
        let header = |profile: &Profile| (profile.headers[0].default.clone(), profile.headers[0].variable.clone());
        assert_eq!(header(&old), (Some("1".to_owned()), None));

        // Without a name it is the version of the document.
        let new = Profile::parse(TEXT).unwrap();
        assert_eq!(header(&new), (Some("2".to_owned()), Some("X_VERSION".to_owned())));
        assert_eq!((new.version.as_str(), new.types.redact), ("2", vec!["secret".to_owned()]));
        assert_eq!((new.polling.pending, new.polling.id.as_str()), (vec!["QUEUED".to_owned()], "id"));
        assert_eq!(new.versions.names().collect::<Vec<_>>(), ["1", "2", "3"]);
    }

    #[test]
    fn wrong_entry_of_a_version_is_an_error_that_names_version_and_line() {
        let report = Profile::of_version(TEXT, "3").unwrap_err().to_string();
        assert!(report.contains("profile.toml:22") && report.contains("[versions.\"3\"]"), "{report}");
        assert!(report.contains("nam"), "{report}");
        assert!(Profile::of_version(TEXT, "4").is_ok());
    }
}
