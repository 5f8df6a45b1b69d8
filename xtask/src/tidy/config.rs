//! `tidy.toml`: what the rules of this workspace are made of. Holds data; checks nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::finding::Rule;

/// The file, relative to the workspace.
pub(super) const FILE: &str = "tidy.toml";

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Config {
    /// Folders and files that are written by a machine or belong to others.
    pub(super) exempt: Vec<String>,
    /// Longest files and functions.
    pub(super) sizes: Sizes,
    /// The packages of the workspace, by name.
    pub(super) packages: BTreeMap<String, Package>,
    /// Where else to look for the words of the glossary is decided by the glossary; these identifiers are not ours.
    pub(super) foreign_names: Vec<String>,
    /// What looks like the name of a file in a page and is not one of this workspace.
    pub(super) foreign_files: Vec<String>,
    /// Places that are known to break a rule. The list may only shrink.
    pub(super) known: Vec<Known>,
}

/// Longest files and functions, in lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sizes {
    /// Lines of a file.
    pub(super) file: usize,
    /// Lines of code of a function.
    pub(super) function: usize,
    /// Lines of code of a function that only tests see.
    pub(super) test_function: usize,
}

/// What a package and its modules may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Package {
    /// Its folder.
    pub(super) folder: String,
    /// Packages of the workspace that it may depend on.
    pub(super) uses: Vec<String>,
    /// Packages of the workspace that its tests may depend on besides.
    pub(super) tests_use: Vec<String>,
    /// Paths that its code may not name, with the modules that may nevertheless.
    pub(super) forbidden: BTreeMap<String, Vec<String>>,
    /// Its modules, each with those that it may use. Without this table, modules are free to use each other.
    pub(super) modules: BTreeMap<String, Vec<String>>,
}

/// A place that is known to break a rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    /// The rule.
    pub(super) rule: Rule,
    /// The file.
    pub(super) file: String,
    /// How often.
    pub(super) count: usize,
}

impl Config {
    /// Reads the file.
    pub(super) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Returns whether the rules leave a file alone.
    pub(super) fn exempts(&self, path: &str) -> bool {
        self.exempt.iter().any(|exempt| is_within(path, exempt))
    }
}

/// Returns whether `path` is `folder` or lies in it.
pub(super) fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
