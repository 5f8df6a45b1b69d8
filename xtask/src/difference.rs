//! Compares a folder as it is with the folder as it should be, and renders the difference as a unified diff. Reads no files itself.

use std::time::Duration;

use similar::TextDiff;

use crate::outcome::counted;
use crate::tree::Tree;

/// Longest time spent on a minimal diff of one file; after it the diff is correct but coarser.
const DIFF_TIME: Duration = Duration::from_millis(500);

/// The files that differ from what they should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes<'a> {
    /// Files that are missing.
    pub(crate) added: Vec<&'a str>,
    /// Files with other content.
    pub(crate) updated: Vec<&'a str>,
    /// Files that should not exist.
    pub(crate) removed: Vec<&'a str>,
}

impl<'a> Changes<'a> {
    /// Compares two trees.
    pub(crate) fn between(is: &'a Tree, should: &'a Tree) -> Self {
        let mut changes = Self::default();
        for (key, bytes) in should {
            match is.get(key) {
                None => changes.added.push(key),
                Some(current) if current != bytes => changes.updated.push(key),
                Some(_) => {}
            }
        }
        changes.removed.extend(is.keys().filter(|key| !should.contains_key(*key)).map(String::as_str));
        changes
    }

    /// Returns whether nothing differs.
    pub(crate) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.updated.is_empty() && self.removed.is_empty()
    }

    /// Returns the numbers of files, as in "1 file added, 2 files updated".
    pub(crate) fn summary(&self) -> String {
        let parts = [(self.added.len(), "added"), (self.updated.len(), "updated"), (self.removed.len(), "removed")];
        let said = parts.into_iter().filter(|(count, _)| *count > 0);
        let said: Vec<_> = said.map(|(count, what)| format!("{} {what}", counted(count, "file"))).collect();
        said.join(", ")
    }
}

/// Unified diff of two trees, in the order of the paths, which are shown below `prefix`.
pub(crate) fn of_trees(prefix: &str, is: &Tree, should: &Tree) -> String {
    let changes = Changes::between(is, should);
    let mut keys = [changes.added, changes.updated, changes.removed].concat();
    keys.sort_unstable();
    keys.into_iter()
        .map(|key| {
            of_file(&format!("{prefix}/{key}"), is.get(key).map(Vec::as_slice), should.get(key).map(Vec::as_slice))
        })
        .collect()
}

/// Unified diff of one file; `None` stands for a file that is not there.
pub(crate) fn of_file(path: &str, is: Option<&[u8]>, should: Option<&[u8]>) -> String {
    let header = |prefix: &str, bytes: Option<&[u8]>| match bytes {
        Some(_) => format!("{prefix}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let (old, new) = (text(is), text(should));
    let diff = TextDiff::configure().timeout(DIFF_TIME).diff_lines(&old, &new);
    let body = diff.unified_diff().header(&header("a", is), &header("b", should)).to_string();
    match (body.is_empty(), is == should) {
        // Files that differ in nothing that shows: an empty one, or one whose broken text reads the same.
        (true, false) => format!("--- {}\n+++ {}\n", header("a", is), header("b", should)),
        (true, true) | (false, _) => body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree<const N: usize>(files: [(&str, &str); N]) -> Tree {
        files.map(|(key, text)| (key.to_owned(), text.as_bytes().to_vec())).into()
    }

    #[test]
    fn every_kind_of_change_is_counted_and_shown() {
        let is = tree([("same.rs", "x\n"), ("types/run.rs", "a\nb\nc\n"), ("stray.rs", "s\n")]);
        let should = tree([("same.rs", "x\n"), ("types/run.rs", "a\nB\nc\n"), ("mod.rs", "m\n")]);
        let changes = Changes::between(&is, &should);
        assert_eq!(changes.summary(), "1 file added, 1 file updated, 1 file removed");
        let diff = of_trees("generated", &is, &should);
        let expected = "--- /dev/null\n+++ b/generated/mod.rs\n@@ -0,0 +1 @@\n+m\n\
                        --- a/generated/stray.rs\n+++ /dev/null\n@@ -1 +0,0 @@\n-s\n\
                        --- a/generated/types/run.rs\n+++ b/generated/types/run.rs\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n";
        assert_eq!(diff, expected);
    }

    #[test]
    fn equal_trees_have_no_changes() {
        let same = tree([("mod.rs", "m\n")]);
        assert!(Changes::between(&same, &same).is_empty());
        assert_eq!(of_trees("generated", &same, &same), "");
    }

    #[test]
    fn missing_file_that_should_be_empty_is_still_named() {
        let (is, should) = (tree([]), tree([("empty.rs", "")]));
        assert_eq!(of_trees("generated", &is, &should), "--- /dev/null\n+++ b/generated/empty.rs\n");
    }
}
