//! The files of the workspace, without what is built, ignored or hidden. Knows their names and texts, no rule.

use std::fs;
use std::path::Path;

use crate::layout::Layout;
use crate::outcome::Failure;

/// Folders that hold nothing written by hand.
const SKIPPED: [&str; 2] = ["target", "node_modules"];
/// Hidden folders that are ours.
const HIDDEN: [&str; 4] = [".ci", ".cargo", ".githooks", ".github"];
/// Endings of files whose text is read.
const TEXTS: [&str; 6] = ["rs", "md", "toml", "sh", "yml", "yaml"];

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Its path in the workspace, with forward slashes.
    pub(super) path: String,
    /// Its text, when it is one that people write.
    pub(super) text: String,
}

impl Source {
    /// Returns whether the name ends with an extension.
    pub(super) fn has_extension(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }

    /// Returns the name without its folders.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// Reads all files of the workspace, in the order of their paths.
pub(super) fn read_sources(layout: &Layout) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    read_folder(layout.root(), "", &mut sources)?;
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(sources)
}

fn read_folder(folder: &Path, prefix: &str, sources: &mut Vec<Source>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(Failure::io("read", folder))? {
        let entry = entry.map_err(Failure::io("read", folder))?;
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        let key = format!("{prefix}{name}");
        if path.is_dir() {
            let is_ours = !name.starts_with('.') || HIDDEN.contains(&name.as_str());
            if is_ours && !SKIPPED.contains(&name.as_str()) {
                read_folder(&path, &format!("{key}/"), sources)?;
            }
        } else {
            let is_text = key.rsplit_once('.').is_some_and(|(_, extension)| TEXTS.contains(&extension));
            let bytes = if is_text { fs::read(&path).map_err(Failure::io("read", &path))? } else { Vec::new() };
            sources.push(Source { path: key, text: String::from_utf8_lossy(&bytes).into_owned() });
        }
    }
    Ok(())
}
