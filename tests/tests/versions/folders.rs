//! Tests that versions do not depend on each other.

use std::fs;
use std::path::Path;

use generator::{Root, Sources, generate};
use workspace_tests::document::workspace;

/// Returns the code of every file below a folder.
fn code_in(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            code_in(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn code_of_a_version_refers_to_no_other() {
    for (version, others) in [("v2025_04_21", ["v2026_02_09"]), ("v2026_02_09", ["v2025_04_21"])] {
        let mut files = Vec::new();
        code_in(&workspace().join("generated-client/src/generated").join(version), &mut files);
        assert!(files.len() > 20);
        for (path, text) in files {
            assert!(others.iter().all(|other| !text.contains(other)), "{path}");
        }
    }
}

/// Generates a version of the client, with another document than its own if one is given.
fn generate_version(version: &str, document: &str) -> generator::Generated {
    let spec = workspace().join("spec");
    let read = |file: &str| fs::read_to_string(spec.join(file)).unwrap();
    let of_version = |file: &str| fs::read_to_string(spec.join(version).join(file));
    let (profile, names, overlay) =
        (read("profile.toml"), of_version("names.toml").unwrap(), of_version("overlay.yaml"));
    let root = Root::of_version(version);
    let sources = Sources {
        document: document.as_bytes(),
        document_name: "openapi.json",
        profile: &profile,
        names: &names,
        overlay: overlay.as_deref().ok(),
        package: None,
        root: Some(&root),
    };
    generate(&sources, &mut |_| {}).unwrap_or_else(|report| panic!("{report}"))
}

/// The files of a version are a function of what is in its folder and of the profile, and `regen` writes just these.
#[test]
fn files_of_a_version_are_made_from_its_own_document() {
    let folder = workspace().join("generated-client/src/generated");
    for version in ["2025-04-21", "2026-02-09"] {
        let document = fs::read_to_string(workspace().join("spec").join(version).join("openapi.json")).unwrap();
        let own = folder.join(Root::of_version(version).folder().unwrap());
        for (path, text) in generate_version(version, &document).files {
            assert_eq!(fs::read_to_string(own.join(&path)).unwrap(), text, "{version}: {path}");
        }
    }
}
