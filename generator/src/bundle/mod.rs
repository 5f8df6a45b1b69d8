//! Bundles a document of several files into one: parts of other files become components, with names that say where they came from.
//!
//! Reads nothing itself: the caller loads files, and decides which. Must not know what schemas mean to Rust.

mod files;
mod naming;
mod rewriting;
mod settling;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;
use crate::source::lines_of;

use files::Files;
use naming::Origin;
use rewriting::Rewriting;
use settling::settle;

/// Why a file is not read, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The reason.
    pub reason: String,
    /// The way out.
    pub help: String,
}

/// Loads the file at a location: a path relative to nothing in particular, or a URL.
pub type Load<'l> = dyn FnMut(&str) -> Result<Vec<u8>, Unread> + 'l;

/// One document made of several files.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The document.
    document: Vec<u8>,
    /// Where it differs from the file that it began with: the place in the bundle, and the part that it holds.
    origins: Vec<(Pointer, Origin)>,
    /// The text of each file.
    texts: BTreeMap<String, String>,
    /// The location of the file that it began with.
    root: String,
    /// References that lead to files that were not read, and why.
    unread: BTreeMap<String, Unread>,
    /// Warnings about files.
    doubts: Report,
}

impl Bundle {
    /// Returns the document, as JSON if anything was bundled.
    pub fn document(&self) -> &[u8] {
        &self.document
    }

    /// Returns the locations of the files that were read besides the document.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str).filter(|file| *file != self.root)
    }

    /// Replaces places in the bundle by those in the files, and adds why references were not followed. `name` is that of the
    /// document in diagnostics.
    #[must_use]
    pub fn locate(&self, mut report: Report, name: &str) -> Report {
        let mut by_file: BTreeMap<String, Vec<&mut Diagnostic>> = BTreeMap::new();
        for diagnostic in report.diagnostics.iter_mut().filter(|diagnostic| diagnostic.source == name) {
            self.explain(diagnostic);
            by_file.entry(self.move_to_file(diagnostic)).or_default().push(diagnostic);
        }
        for (file, found) in by_file {
            let pointers = found.iter().map(|diagnostic| &diagnostic.pointer);
            let lines = self.texts.get(&file).map_or_else(Vec::new, |text| lines_of(text, pointers));
            let lines = lines.into_iter().chain(std::iter::repeat(None));
            found.into_iter().zip(lines).for_each(|(diagnostic, line)| diagnostic.line = line);
        }
        report.extend(self.doubts.clone());
        report
    }

    /// Says why a file was not read.
    fn explain(&self, diagnostic: &mut Diagnostic) {
        let reference = diagnostic.found.split('`').nth(1).unwrap_or_default();
        if let Some(Unread { reason, help }) =
            self.unread.get(reference).filter(|_| diagnostic.code == Code::ExternalRef)
        {
            diagnostic.found = format!("reference `{reference}` is not followed: {reason}");
            diagnostic.expected = "a file that may be read, with the part that is named".to_owned();
            diagnostic.help.clone_from(help);
        }
    }

    /// Replaces a place in the bundle by that in its file, and returns the file.
    fn move_to_file(&self, diagnostic: &mut Diagnostic) -> String {
        let segments = diagnostic.pointer.segments();
        let inside = |(place, _): &&(Pointer, Origin)| segments.starts_with(place.segments());
        let nearest = self.origins.iter().filter(inside).max_by_key(|(place, _)| place.segments().len());
        let Some((place, origin)) = nearest else { return self.root.clone() };
        let rest = segments.iter().skip(place.segments().len());
        diagnostic.pointer = rest.fold(origin.pointer.clone(), |pointer, step| pointer.join(step));
        diagnostic.source.clone_from(&origin.file);
        origin.file.clone()
    }
}

/// Bundles a document with the files that it refers to. Returns `None` if it refers to none, or cannot be read at all.
///
/// A reference to a file that cannot be loaded stays as it is; [`Bundle::locate`] says why.
pub fn bundle_document(document: &[u8], location: &str, load: &mut Load<'_>) -> Option<Bundle> {
    let text = std::str::from_utf8(document).ok()?;
    if !may_leave(text) {
        return None;
    }
    let mut rewriting = Rewriting::new(Files::new(document, location, load)?);
    let root = rewriting.rewrite_root();
    if !rewriting.has_left() {
        return None;
    }
    let rewritten = rewriting.finish(root);
    let bundled = rewritten.is_changed();
    let settled = settle(rewritten);
    let bytes = if bundled { serde_json::to_vec_pretty(&settled.document).ok()? } else { document.to_vec() };
    Some(Bundle {
        document: bytes,
        origins: settled.origins,
        texts: settled.texts,
        root: location.to_owned(),
        unread: settled.unread,
        doubts: settled.doubts,
    })
}

/// Returns whether a text may contain a reference out of its file, without parsing it.
fn may_leave(text: &str) -> bool {
    let space = |letter: char| letter.is_whitespace() || "\"':".contains(letter);
    text.split("$ref").skip(1).any(|rest| !rest.trim_start_matches(space).starts_with('#'))
}

/// Returns the reference that an object consists of, and whether it has other properties.
fn reference_of(value: &Value) -> Option<(&str, bool)> {
    let map = value.as_object()?;
    Some((map.get("$ref")?.as_str()?, map.len() > 1))
}

#[cfg(test)]
mod tests;
