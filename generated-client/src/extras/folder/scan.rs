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

/// Returns all files. Names with a leading dot and folders behind links are left out.
pub(super) fn list_files(folder: &Path) -> Result<Vec<Found>, FolderProblem> {
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
            } else if fs::metadata(&path).map_err(FolderProblem::unreadable(&path))?.is_file() {
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
        let names: Vec<String> = list_files(folder.path()).unwrap().into_iter().map(|file| file.name).collect();
        assert_eq!(names, ["a.pdf", "a/z.pdf", "b.pdf"]);
    }

    #[test]
    fn missing_folder_is_named() {
        let problem = list_files(Path::new("no/such/folder")).unwrap_err();
        assert_eq!(problem.kind, FolderProblemKind::Unreadable);
        assert!(problem.to_string().starts_with("no/such/folder: "), "{problem}");
    }
}
