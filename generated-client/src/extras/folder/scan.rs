//! The files of a folder, in the order of their paths. Must not know what becomes of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::problem::{FolderProblem, FolderProblemKind};

/// A file of a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    /// The path inside of the folder, with `/` between its parts.
    pub(super) name: String,
    /// The path to read it by.
    pub(super) path: PathBuf,
}

/// Returns all files. Names with a leading dot, folders behind links and the manifest are left out.
pub(super) fn list_files(folder: &Path, manifest: &Path) -> Result<Vec<Found>, FolderProblem> {
    // There is none before the first call.
    let manifest = fs::canonicalize(manifest).ok();
    let is_manifest = |path: &Path| manifest.is_some() && fs::canonicalize(path).ok() == manifest;
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(FolderProblem::unreadable(&folder))? {
            let entry = entry.map_err(FolderProblem::unreadable(&folder))?;
            let path = entry.path();
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                return Err(FolderProblem::new(FolderProblemKind::NotUnicode, &path, "the name is not Unicode"));
            };
            if name.starts_with('.') {
                continue;
            }
            let name = format!("{prefix}{name}");
            let kind = entry.file_type().map_err(FolderProblem::unreadable(&path))?;
            if kind.is_dir() {
                open.push((path, format!("{name}/")));
            } else if fs::metadata(&path).map_err(FolderProblem::unreadable(&path))?.is_file() && !is_manifest(&path) {
                found.push(Found { name, path });
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_in_the_order_of_their_paths_without_hidden_ones() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["b.pdf", "a/z.pdf", "a/.cache/x.pdf", ".hidden", "a.pdf"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let names = |manifest: &str| -> Vec<String> {
            let files = list_files(folder.path(), &folder.path().join(manifest)).unwrap();
            files.into_iter().map(|file| file.name).collect()
        };
        assert_eq!(names("none"), ["a.pdf", "a/z.pdf", "b.pdf"]);
        assert_eq!(names("a/../b.pdf"), ["a.pdf", "a/z.pdf"], "the manifest is no file of the folder");
    }

    #[test]
    fn missing_folder_is_named() {
        let problem = list_files(Path::new("no/such/folder"), Path::new("none")).unwrap_err();
        assert_eq!(problem.kind, FolderProblemKind::Unreadable);
        assert!(problem.to_string().starts_with("no/such/folder: "), "{problem}");
    }
}
