//! Which files only tests see: those outside of `src/`, and modules that are declared for tests. Reads declarations, no code.

use std::collections::{BTreeMap, BTreeSet};

use super::code::Code;

/// Files whose name stands for their folder.
const ROOTS: [&str; 3] = ["lib", "main", "mod"];

/// The files that only tests see.
#[derive(Debug, Default)]
pub(super) struct TestFiles {
    /// Paths of modules, without extension.
    modules: BTreeSet<String>,
}

impl TestFiles {
    /// Takes the declarations of all Rust files.
    pub(super) fn new(files: &BTreeMap<&str, Code<'_>>) -> Self {
        let modules = files.iter().flat_map(|(path, code)| {
            let stem = path.strip_suffix(".rs").unwrap_or(path);
            let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
            let folder = if ROOTS.contains(&name) { folder } else { stem };
            code.test_modules.iter().map(move |module| format!("{folder}/{module}"))
        });
        Self { modules: modules.collect() }
    }

    /// Returns whether only tests see a file.
    pub(super) fn contains(&self, path: &str) -> bool {
        let is_outside = !path.contains("/src/") || path.contains("/tests/");
        let stem = path.strip_suffix(".rs").unwrap_or(path);
        let mut folders = std::iter::successors(Some(stem), |folder| Some(folder.rsplit_once('/')?.0));
        is_outside || folders.any(|folder| self.modules.contains(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_declared_for_tests_are_found_with_all_below_them() {
        let files = BTreeMap::from([
            ("a/src/lib.rs", Code::read("#[cfg(test)]\nmod proofs;\nmod b;")),
            ("a/src/b.rs", Code::read("#[cfg(test)]\nmod cases;")),
        ]);
        let tests = TestFiles::new(&files);
        let rows = [
            ("a/src/proofs.rs", true),
            ("a/src/proofs/mod.rs", true),
            ("a/src/proofs/x/y.rs", true),
            ("a/src/b/cases.rs", true),
            ("a/src/b.rs", false),
            ("a/src/b/proofs.rs", false),
            ("a/tests/c.rs", true),
        ];
        for (path, expected) in rows {
            assert_eq!(tests.contains(path), expected, "{path}");
        }
    }
}
