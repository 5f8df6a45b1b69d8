//! The paths of a workspace, and how it is found. Knows names of files and folders, not their content.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::outcome::Failure;

/// Name of the document in the folder of its API version.
pub(crate) const DOCUMENT: &str = "openapi.json";
/// Name of the lock beside the document.
pub(crate) const LOCK: &str = "lock.toml";

/// Name of the folder with the documents; together with a workspace manifest it marks a workspace as one of ours.
const SPEC: &str = "spec";

/// The paths of one workspace.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
    spec: PathBuf,
}

impl Layout {
    /// Returns the layout of the workspace at `root`.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { spec: root.join(SPEC), root }
    }

    /// Finds the workspace around `start`: the nearest folder, itself or above, that has a `spec/` and a `Cargo.toml` with a
    /// `[workspace]` table. A workspace without `spec/`, such as that of the benchmarks, is passed over.
    pub(crate) fn find(start: &Path) -> Result<Self, Failure> {
        let root = start.ancestors().find(|folder| is_workspace(folder));
        root.map(|root| Self::new(root.to_owned())).ok_or_else(|| Failure::NoWorkspace { start: start.to_owned() })
    }

    /// Returns the same workspace with another folder of documents, if one is given.
    pub(crate) fn with_spec(self, spec: Option<PathBuf>) -> Self {
        match spec {
            Some(spec) => Self { spec, ..self },
            None => self,
        }
    }

    /// Returns the folder with the profile and one folder per API version.
    pub(crate) fn spec(&self) -> &Path {
        &self.spec
    }

    /// Returns the path of the profile.
    pub(crate) fn profile(&self) -> PathBuf {
        self.spec.join("profile.toml")
    }

    /// Returns the folder of an API version.
    pub(crate) fn version(&self, version: &ApiVersion) -> PathBuf {
        self.spec.join(version.as_str())
    }

    /// Returns the path of the overlay of an API version.
    pub(crate) fn overlay(&self, version: &ApiVersion) -> PathBuf {
        self.version(version).join("overlay.yaml")
    }

    /// Returns the path of the published Rust names of an API version.
    pub(crate) fn names(&self, version: &ApiVersion) -> PathBuf {
        self.version(version).join("names.toml")
    }

    /// Returns the folder of the generated sources.
    pub(crate) fn generated(&self) -> PathBuf {
        self.root.join("generated-client").join("src").join("generated")
    }

    /// Returns the manifest of the generated client.
    pub(crate) fn client_manifest(&self) -> PathBuf {
        self.root.join("generated-client").join("Cargo.toml")
    }

    /// Returns the root folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the path of a file or folder, given relative to the root with forward slashes.
    pub(crate) fn place(&self, relative: &str) -> PathBuf {
        relative.split('/').fold(self.root.clone(), |path, part| path.join(part))
    }

    /// Formats a path for messages and diffs: relative to the workspace, with forward slashes, so that it is the same on every
    /// machine.
    pub(crate) fn display(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }
}

fn is_workspace(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let is_root = manifest.parse::<toml::Table>().is_ok_and(|manifest| manifest.contains_key("workspace"));
    is_root && folder.join(SPEC).is_dir()
}

/// Version of an API that is safe to use as a folder name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ApiVersion(String);

impl ApiVersion {
    /// Parses a version; returns `None` if it could lead out of its folder or be hidden in it.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+');
        let safe = (1..=64).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(plain);
        safe.then(|| Self(text.to_owned()))
    }

    /// Returns the version as a string.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_taken_only_when_it_is_a_plain_folder_name() {
        let cases = [
            ("2026-02-09", true),
            ("1.0.0+beta_2", true),
            ("", false),
            (".", false),
            ("..", false),
            (".hidden", false),
            ("a/b", false),
            ("a\\b", false),
            ("C:x", false),
            ("2026 02", false),
        ];
        for (text, taken) in cases {
            assert_eq!(ApiVersion::new(text).is_some(), taken, "{text:?}");
        }
        assert!(ApiVersion::new(&"9".repeat(65)).is_none());
    }

    #[test]
    fn nearest_workspace_with_documents_is_found() {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path();
        assert!(matches!(Layout::find(root), Err(Failure::NoWorkspace { .. })));
        for folder in ["spec", "benches/src", "other/spec", "member/src"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let manifests = [
            ("Cargo.toml", "[workspace]\n"),
            ("benches/Cargo.toml", "[workspace]\n"),
            ("other/Cargo.toml", "[workspace]\n"),
            ("member/Cargo.toml", "[package]\nname = \"member\"\n"),
        ];
        for (path, text) in manifests {
            fs::write(root.join(path), text).unwrap();
        }
        let rows = [("", ""), ("spec", ""), ("member/src", ""), ("benches/src", ""), ("other/spec", "other")];
        for (start, expected) in rows {
            let found = Layout::find(&root.join(start)).unwrap();
            assert_eq!(found.root().join(""), root.join(expected).join(""), "{start}");
        }
    }

    #[test]
    fn paths_are_shown_relative_to_the_workspace() {
        let layout = Layout::new(PathBuf::from("/place"));
        assert_eq!(layout.display(&layout.profile()), "spec/profile.toml");
        let elsewhere = layout.with_spec(Some(PathBuf::from("/data")));
        assert_eq!(elsewhere.display(&elsewhere.profile()), "/data/profile.toml");
    }
}
