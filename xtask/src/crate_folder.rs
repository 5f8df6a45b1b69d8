//! Writes a generated crate into its folder: a new one all or nothing, an existing one part by part, changing only what differs and
//! nothing that `generate` did not write. Knows which parts a crate has, not their content.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::difference::Changes;
use crate::outcome::{Failure, Problem, ProblemCode};
use crate::staging::{Content, Swap};
use crate::tree::{self, Tree};

/// The published names; a folder that has them was written by `generate`.
const NAMES: &str = "names.toml";
/// Written once; cargo maintains it from then on.
const LOCK: &str = "Cargo.lock";
/// Folders in which every file is generated.
const GENERATED: &str = "src/generated/";
const RUNTIME: &str = "runtime/";

/// A folder that a crate can be written into.
#[derive(Debug)]
pub(crate) struct CrateFolder {
    folder: PathBuf,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Fresh,
    Ours,
}

impl CrateFolder {
    /// Opens a folder, and repairs what an interrupted run left behind.
    pub(crate) fn open(folder: &Path) -> Result<Self, Failure> {
        let folder = std::path::absolute(folder).map_err(Failure::io("find", folder))?;
        if folder.is_file() {
            return Err(occupied(&folder, "there is a file of that name"));
        }
        Swap::of_folder(&folder).recover()?;
        if folder.join("src").exists() {
            generated(&folder).recover()?;
        }
        if folder.exists() {
            runtime(&folder).recover()?;
        }
        let first = match fs::read_dir(&folder) {
            Ok(mut entries) => entries.next(),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::io("read", folder)(error)),
        };
        let state = match first {
            None => State::Fresh,
            Some(_) if folder.join(NAMES).exists() && folder.join("Cargo.toml").exists() => State::Ours,
            Some(_) => return Err(occupied(&folder, "the folder contains files that generate did not write")),
        };
        Ok(Self { folder, state })
    }

    /// Returns the names published by an earlier run, or an empty string.
    pub(crate) fn names(&self) -> Result<String, Failure> {
        let path = self.folder.join(NAMES);
        match self.state {
            State::Fresh => Ok(String::new()),
            State::Ours => fs::read_to_string(&path).map_err(Failure::io("read", path)),
        }
    }

    /// Writes all files of a crate.
    pub(crate) fn write(&self, files: &Tree) -> Result<(), Failure> {
        match self.state {
            State::Fresh => Swap::of_folder(&self.folder).run(Content { folder: files, companions: &[] }),
            State::Ours => self.update(files),
        }
    }

    fn update(&self, files: &Tree) -> Result<(), Failure> {
        let part = below(files, RUNTIME);
        if !part.is_empty() && differs(&self.folder.join("runtime"), &part)? {
            runtime(&self.folder).run(Content { folder: &part, companions: &[] })?;
        }
        let (part, names) = (below(files, GENERATED), files.get(NAMES).map_or(&[][..], Vec::as_slice));
        if differs(&self.folder.join("src").join("generated"), &part)? || !self.holds(NAMES, names) {
            generated(&self.folder).run(Content { folder: &part, companions: &[names] })?;
        }
        for (key, bytes) in files {
            let in_part = key.starts_with(GENERATED) || key.starts_with(RUNTIME) || key == NAMES;
            let kept = key == LOCK && self.folder.join(LOCK).exists();
            if !in_part && !kept && !self.holds(key, bytes) {
                replace(&self.folder.join(key), bytes)?;
            }
        }
        Ok(())
    }

    fn holds(&self, key: &str, bytes: &[u8]) -> bool {
        fs::read(self.folder.join(key)).is_ok_and(|current| current == bytes)
    }
}

/// Replaces a file atomically, if it differs.
pub(crate) fn write_when_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|current| current == bytes) { Ok(()) } else { replace(path, bytes) }
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(Failure::io("create", parent))?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let staged = path.with_file_name(format!(".{name}.new"));
    tree::write_file(&staged, bytes)?;
    fs::rename(&staged, path).map_err(Failure::io("replace", path))
}

fn generated(folder: &Path) -> Swap {
    Swap::with_companions(&folder.join("src").join("generated"), vec![folder.join(NAMES)])
}

fn runtime(folder: &Path) -> Swap {
    Swap::of_folder(&folder.join("runtime"))
}

fn below(files: &Tree, prefix: &str) -> Tree {
    let within = |(key, bytes): (&String, &Vec<u8>)| Some((key.strip_prefix(prefix)?.to_owned(), bytes.clone()));
    files.iter().filter_map(within).collect()
}

fn differs(folder: &Path, should: &Tree) -> Result<bool, Failure> {
    Ok(!Changes::between(&tree::read(folder)?, should).is_empty())
}

fn occupied(folder: &Path, found: &str) -> Failure {
    let problem = Problem::new(ProblemCode::FolderOccupied, folder.to_string_lossy(), found);
    Failure::Input(problem.expected("a new or empty folder, or one that generate wrote (it has a names.toml)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Tree {
        ["Cargo.toml", "names.toml", "Cargo.lock", "src/lib.rs", "src/generated/mod.rs", "runtime/src/lib.rs"]
            .map(|key| (key.to_owned(), text.as_bytes().to_vec()))
            .into()
    }

    #[test]
    fn second_run_replaces_what_is_ours_and_keeps_the_rest() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().join("crate");
        CrateFolder::open(&folder).unwrap().write(&files("one")).unwrap();
        assert_eq!(tree::read(&folder).unwrap(), files("one"));

        fs::write(folder.join("src/own.rs"), "own").unwrap();
        fs::write(folder.join("src/generated/gone.rs"), "gone").unwrap();
        let again = CrateFolder::open(&folder).unwrap();
        assert_eq!(again.names().unwrap(), "one");
        again.write(&files("two")).unwrap();
        let mut expected = files("two");
        expected.insert("src/own.rs".to_owned(), b"own".to_vec());
        expected.insert("Cargo.lock".to_owned(), b"one".to_vec());
        assert_eq!(tree::read(&folder).unwrap(), expected);
    }

    #[test]
    fn what_did_not_change_is_not_touched() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().join("crate");
        CrateFolder::open(&folder).unwrap().write(&files("one")).unwrap();
        let times = || {
            files("")
                .into_keys()
                .map(|key| fs::metadata(folder.join(key)).unwrap().modified().unwrap())
                .collect::<Vec<_>>()
        };
        let before = times();
        CrateFolder::open(&folder).unwrap().write(&files("one")).unwrap();
        assert_eq!(times(), before);
    }

    #[test]
    fn folder_with_something_else_in_it_is_refused() {
        let temporary = tempfile::tempdir().unwrap();
        fs::write(temporary.path().join("thesis.txt"), "").unwrap();
        for folder in [temporary.path(), &temporary.path().join("thesis.txt")] {
            assert!(matches!(CrateFolder::open(folder), Err(Failure::Input(_))), "{}", folder.display());
        }
    }
}
