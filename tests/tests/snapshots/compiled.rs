//! Snapshot of the code that the test target `compiled` runs, as files that are compiled.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use generator::{Sources, generate_any};

/// Returns the files below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), text);
            }
        }
    }
    found
}

/// As with other snapshots, `INSTA_UPDATE=always` accepts changes.
#[test]
fn compiled_code_matches_the_generator() {
    let document = include_bytes!("../compiled/api.yaml");
    let sources = Sources::of_document(document, "api.yaml");
    let generated = generate_any(&sources, &mut |_| {}).unwrap_or_else(|report| panic!("{report}"));
    // Calls by name are compiled with our own client instead.
    let wanted =
        generated.files.into_iter().filter(|(path, _)| !["dispatch.rs", "round_trip.rs"].contains(&path.as_str()));
    let wanted: BTreeMap<PathBuf, String> = wanted.map(|(path, text)| (path.into(), text)).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compiled/generated");
    if std::env::var("INSTA_UPDATE").as_deref() == Ok("always") {
        for path in files(&folder).keys().filter(|path| !wanted.contains_key(*path)) {
            fs::remove_file(folder.join(path)).unwrap();
        }
        for (path, text) in &wanted {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let found = files(&folder);
    let other: Vec<&PathBuf> =
        wanted.keys().chain(found.keys()).filter(|path| wanted.get(*path) != found.get(*path)).collect();
    assert!(other.is_empty(), "not what the generator emits, see CONTRIBUTING.md, Review a snapshot: {other:?}");
}
