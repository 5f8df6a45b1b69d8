//! A folder as a map from relative path to bytes. Must not know what the files mean.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path};

use generator::parallel;

use crate::crash;
use crate::outcome::Failure;

/// Files of a folder, keyed by their path in it with forward slashes.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// How many files are written at once: most of that time is waiting for the disk.
const WRITERS: usize = 8;

/// Reads a folder recursively; a missing folder is empty.
pub(crate) fn read(folder: &Path) -> Result<Tree, Failure> {
    let mut tree = Tree::new();
    match fs::symlink_metadata(folder) {
        Ok(_) => read_into(&mut tree, folder, "")?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Failure::io("read", folder)(error)),
    }
    Ok(tree)
}

fn read_into(tree: &mut Tree, folder: &Path, prefix: &str) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(Failure::io("read", folder))? {
        let entry = entry.map_err(Failure::io("read", folder))?;
        let path = entry.path();
        let key = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            read_into(tree, &path, &format!("{key}/"))?;
        } else {
            tree.insert(key, fs::read(&path).map_err(Failure::io("read", &path))?);
        }
    }
    Ok(())
}

/// Writes a tree into a new folder and flushes it to disk.
pub(crate) fn write(folder: &Path, tree: &Tree) -> Result<(), Failure> {
    crash::reach_point();
    fs::create_dir(folder).map_err(Failure::io("create", folder))?;
    let mut folders = BTreeSet::from([folder.to_owned()]);
    let mut files = Vec::new();
    for (key, bytes) in tree {
        let path = folder.join(relative(key).map_err(Failure::io("write", key))?);
        folders.extend(path.parent().map(Path::to_owned));
        files.push((path, bytes));
    }
    for folder in &folders {
        fs::create_dir_all(folder).map_err(Failure::io("create", folder))?;
    }
    parallel::map(WRITERS, &files, |(path, bytes)| write_file(path, bytes)).into_iter().collect::<Result<(), _>>()?;
    folders.iter().try_for_each(|folder| sync_folder(folder))
}

/// Writes a file and flushes it to disk.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let write = || {
        crash::reach_point();
        let mut file = fs::File::create(path)?;
        crash::reach_point();
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    };
    write().map_err(Failure::io("write", path))
}

/// Flushes the entries of a folder to disk. Only Unix offers a way to do so.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Failure> {
    if cfg!(unix) {
        fs::File::open(folder).and_then(|handle| handle.sync_all()).map_err(Failure::io("sync", folder))?;
    }
    Ok(())
}

/// Removes a folder recursively, if it exists.
pub(crate) fn remove(folder: &Path) -> Result<(), Failure> {
    crash::reach_point();
    ignore_missing(fs::remove_dir_all(folder)).map_err(Failure::io("remove", folder))
}

/// Removes a file, if it exists.
pub(crate) fn remove_file(path: &Path) -> Result<(), Failure> {
    crash::reach_point();
    ignore_missing(fs::remove_file(path)).map_err(Failure::io("remove", path))
}

fn ignore_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Converts a key to a path, if it stays in its folder.
fn relative(key: &str) -> io::Result<&Path> {
    let path = Path::new(key);
    let inside = !key.is_empty() && path.components().all(|part| matches!(part, Component::Normal(_)));
    inside.then_some(path).ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the path leads out of its folder"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tree_reads_back_as_it_was_written() {
        let temporary = tempfile::tempdir().unwrap();
        let tree: Tree = [("mod.rs", "a"), ("types/run.rs", "b"), ("types/deep/er.rs", "")]
            .map(|(key, text)| (key.to_owned(), text.as_bytes().to_vec()))
            .into();
        let folder = temporary.path().join("generated");
        assert_eq!(read(&folder).unwrap(), Tree::new());
        write(&folder, &tree).unwrap();
        assert_eq!(read(&folder).unwrap(), tree);
        remove(&folder).unwrap();
        remove(&folder).unwrap();
        assert!(!folder.exists());
    }

    #[test]
    fn key_cannot_lead_out_of_the_folder() {
        for key in ["", "../x", "/etc/x", "a/../../x", "."] {
            let temporary = tempfile::tempdir().unwrap();
            let tree = Tree::from([(key.to_owned(), Vec::new())]);
            assert!(write(&temporary.path().join("inner"), &tree).is_err(), "{key:?}");
        }
    }
}
