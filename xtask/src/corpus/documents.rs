//! The documents in a folder. Knows the names of files, not their content.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use generator::package::PackageName;

use crate::outcome::{Failure, Problem, ProblemCode};

/// Extensions of files that may be documents.
const ENDINGS: [&str; 3] = ["json", "yaml", "yml"];

/// A document and the package that is generated from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    /// Path of the file.
    pub(crate) path: PathBuf,
    /// Name of the file, below the folder.
    pub(crate) name: String,
    /// Size in bytes.
    pub(crate) bytes: u64,
    /// Name of the package and of its folder, which is unique.
    pub(crate) package: PackageName,
}

/// Returns every document in a folder, and each `openapi` file one level below it, whose name matches, sorted by name.
pub(crate) fn list(folder: &Path, only: Option<&str>) -> Result<Vec<Document>, Failure> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(Failure::io("read", folder))? {
        let path = entry.map_err(Failure::io("read", folder))?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if ENDINGS.contains(&ending) && path.is_file() {
            paths.push(path);
        } else if path.is_dir() {
            // A document of several files has a folder of its own.
            paths.extend(
                ENDINGS.iter().map(|ending| path.join(format!("openapi.{ending}"))).find(|path| path.is_file()),
            );
        }
    }
    paths.sort();
    let mut used = BTreeSet::new();
    let mut documents = Vec::new();
    for path in paths {
        let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let own = path.strip_prefix(folder).unwrap_or(&path);
        let (name, stem) = match own.parent().and_then(Path::file_name) {
            Some(of_several) => (own.to_string_lossy().into_owned(), text(Some(of_several))),
            None => (text(path.file_name()), text(path.file_stem())),
        };
        let wanted = PackageName::from_title(&stem);
        let numbers = (2..).map(|number| wanted.numbered(number));
        let free = std::iter::once(wanted.clone()).chain(numbers).find(|name| !used.contains(name));
        let package = free.unwrap_or(wanted);
        used.insert(package.clone());
        let bytes = fs::metadata(&path).map_err(Failure::io("read", &path))?.len();
        if only.is_none_or(|glob| matches(glob, &name) || matches(glob, &stem)) {
            documents.push(Document { path, name, bytes, package });
        }
    }
    if documents.is_empty() {
        let found = "no document matches";
        let problem = Problem::new(ProblemCode::NoDocuments, folder.to_string_lossy(), found);
        return Err(Failure::Input(problem.expected("*.json, *.yaml or *.yml")));
    }
    Ok(documents)
}

/// Returns whether a pattern matches a whole name: `*` matches any characters, `?` a single one.
fn matches(glob: &str, name: &str) -> bool {
    let (glob, name): (Vec<char>, Vec<char>) = (glob.chars().collect(), name.chars().collect());
    let (mut at, mut here) = (0, 0);
    // Where to resume if the characters after the last star do not match.
    let mut again: Option<(usize, usize)> = None;
    while here < name.len() {
        match (glob.get(at), again) {
            (Some('*'), _) => {
                at += 1;
                again = Some((at, here));
            }
            (Some(character), _) if *character == '?' || Some(character) == name.get(here) => {
                at += 1;
                here += 1;
            }
            (_, Some((star, start))) => {
                (at, here) = (star, start + 1);
                again = Some((star, start + 1));
            }
            (_, None) => return false,
        }
    }
    glob.iter().skip(at).all(|character| *character == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pattern_covers_a_whole_name() {
        let cases = [
            ("*", "a.json", true),
            ("a.json", "a.json", true),
            ("a", "a.json", false),
            ("*.yaml", "a.json", false),
            ("tw*-v?.json", "twilio-voice-v1.json", true),
            ("*ab", "aab", true),
            ("*a*b*", "xaxbx", true),
            ("a*", "ba", false),
            ("", "", true),
        ];
        for (glob, name, expected) in cases {
            assert_eq!(matches(glob, name), expected, "{glob} {name}");
        }
    }

    #[test]
    fn packages_of_documents_with_one_stem_have_different_names() {
        let temporary = tempfile::tempdir().unwrap();
        for name in ["a.json", "a.yaml", "A.yml", "README.md"] {
            fs::write(temporary.path().join(name), "").unwrap();
        }
        let packages = |only| {
            let documents = list(temporary.path(), only).unwrap();
            documents.into_iter().map(|document| document.package.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(packages(None), ["a", "a-2", "a-3"]);
        // The name does not depend on which other documents are selected.
        assert_eq!(packages(Some("a.yaml")), ["a-3"]);
        assert!(list(temporary.path(), Some("z*")).is_err());
    }
}
