//! `drift --patch`: rewrites the code of a user of the client, as far as a program can be certain, and says what it left. Prints a
//! diff; writes no file.
//!
//! What has to change comes from the comparison of the two clients.

mod calls;
mod chains;
mod imports;
mod paths;
mod source;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use generator::drift::Migration;

use crate::difference;
use crate::outcome::{Failure, Outcome, counted};

use imports::Imports;
use source::{Edits, Source};

/// Something that was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Left {
    line: usize,
    message: String,
}

impl Left {
    fn new(source: &Source<'_>, at: usize, path: &str, advice: &str) -> Self {
        Self { line: source.line(at), message: format!("`{path}`: {advice}") }
    }
}

/// A file after rewriting.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rewritten {
    text: String,
    left: Vec<Left>,
}

/// Rewrites the code in a folder. `library` is the name of the client in code.
pub(super) fn rewrite_folder(folder: &Path, library: &str, migration: &Migration) -> Result<Outcome, Failure> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let (mut diff, mut notes, mut changed) = (String::new(), String::new(), 0);
    for file in &files {
        let text = fs::read_to_string(file).map_err(Failure::io("read", file))?;
        let shown = file.strip_prefix(folder).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let rewritten = rewrite(&text, library, migration);
        if rewritten.text != text {
            changed += 1;
            diff.push_str(&difference::of_file(&shown, Some(text.as_bytes()), Some(rewritten.text.as_bytes())));
        }
        for Left { line, message } in &rewritten.left {
            // Writing to a string cannot fail.
            let _ = writeln!(notes, "left: {shown}:{line}: {message}");
        }
    }
    let _ = writeln!(
        notes,
        "{} of {} would change; apply with: patch -p1 -d {}",
        counted(changed, "file"),
        files.len(),
        folder.display()
    );
    Ok(Outcome { stderr: notes, ..Outcome::done(diff) })
}

/// Finds the Rust files of a crate or a workspace.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(Failure::io("read", folder))? {
        let path = entry.map_err(Failure::io("read", folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            collect(&path, files)?;
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// Rewrites one file. A file that would no longer be Rust is left as it is.
fn rewrite(text: &str, library: &str, migration: &Migration) -> Rewritten {
    let source = Source::new(text);
    let imports = Imports::read(&source, library);
    if !imports.uses_client(&source) {
        return Rewritten { text: text.to_owned(), left: Vec::new() };
    }
    let (mut edits, mut left) = (Edits::default(), Vec::new());
    paths::rename_paths(&source, &imports, migration, (&mut edits, &mut left));
    chains::rename_members(&source, &imports, migration, (&mut edits, &mut left));
    left.sort();
    left.dedup();
    let new = if edits.is_empty() { text.to_owned() } else { edits.apply(source.text()) };
    let is_broken = syn::parse_file(text).is_ok() && syn::parse_file(&new).is_err();
    if edits.conflict() || is_broken {
        let message = "the file: its imports mix what moves to different places; change it by hand".to_owned();
        left.insert(0, Left { line: 1, message });
        return Rewritten { text: text.to_owned(), left };
    }
    Rewritten { text: new, left }
}

/// Returns a name as code, escaped when it is a keyword.
fn escaped(name: &str) -> String {
    if syn::parse_str::<syn::Ident>(name).is_ok() { name.to_owned() } else { format!("r#{name}") }
}

#[cfg(test)]
mod tests;
