//! Where things lie in the workspace. Knows names of files and folders, not what is in them.

use std::fmt;
use std::path::{Path, PathBuf};

/// Name of the document in the folder of its API version.
pub(crate) const DOCUMENT: &str = "openapi.json";
/// Name of the lock beside the document.
pub(crate) const LOCK: &str = "lock.toml";

/// The places of one workspace.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
    spec: PathBuf,
}

impl Layout {
    /// The workspace at `root`, or the one this program was built in.
    pub(crate) fn new(root: Option<PathBuf>) -> Self {
        let root = root.unwrap_or_else(|| {
            let own = Path::new(env!("CARGO_MANIFEST_DIR"));
            own.parent().unwrap_or(own).to_owned()
        });
        Self { spec: root.join("spec"), root }
    }

    /// The same workspace with another folder of documents, when one is named.
    pub(crate) fn with_spec(self, spec: Option<PathBuf>) -> Self {
        match spec {
            Some(spec) => Self { spec, ..self },
            None => self,
        }
    }

    /// Folder with the policy and one folder per API version.
    pub(crate) fn spec(&self) -> &Path {
        &self.spec
    }

    /// The policy.
    pub(crate) fn profile(&self) -> PathBuf {
        self.spec.join("profile.toml")
    }

    /// The corrections.
    pub(crate) fn overlay(&self) -> PathBuf {
        self.spec.join("overlay.yaml")
    }

    /// The Rust names that were published.
    pub(crate) fn names(&self) -> PathBuf {
        self.spec.join("names.toml")
    }

    /// Folder of one API version.
    pub(crate) fn version(&self, version: &ApiVersion) -> PathBuf {
        self.spec.join(version.as_str())
    }

    /// Folder that is machine-written.
    pub(crate) fn generated(&self) -> PathBuf {
        self.root.join("generated-client").join("src").join("generated")
    }

    /// The workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A file or folder of the workspace.
    pub(crate) fn place(&self, relative: &str) -> PathBuf {
        relative.split('/').fold(self.root.clone(), |path, part| path.join(part))
    }

    /// How messages and diffs call a path: relative to the workspace, with forward slashes, so that they read the
    /// same on every machine.
    pub(crate) fn display(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }
}

/// Dated revision of an API, safe as the name of a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ApiVersion(String);

impl ApiVersion {
    /// Reads a revision; `None` when it could lead out of its folder or hide there.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+');
        let safe = (1..=64).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(plain);
        safe.then(|| Self(text.to_owned()))
    }

    /// The revision as it is written.
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
    fn a_version_is_taken_only_when_it_is_a_plain_folder_name() {
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
    fn paths_are_shown_relative_to_the_workspace() {
        let layout = Layout::new(Some(PathBuf::from("/work")));
        assert_eq!(layout.display(&layout.profile()), "spec/profile.toml");
        let elsewhere = layout.with_spec(Some(PathBuf::from("/data")));
        assert_eq!(elsewhere.display(&elsewhere.profile()), "/data/profile.toml");
    }
}
