//! Snapshots of the types that one fixture per family of shapes becomes.

use super::{generate_fixture, with_settings};

const PROFILE: &str = "[types]\nunknown_fields = \"ignore\"\nredact = [\"secret\"]\n";

macro_rules! fixtures {
    ($($name:ident),* $(,)?) => {$(
        #[test]
        fn $name() {
            let name = stringify!($name);
            let document = include_str!(concat!("fixtures/", stringify!($name), ".yaml"));
            let generated = generate_fixture(document, PROFILE).unwrap_or_else(|report| panic!("{report}"));
            let types: Vec<String> = generated
                .files
                .iter()
                .filter(|(path, _)| path.starts_with("types/") && !path.ends_with("mod.rs"))
                .map(|(_, text)| text.split_once("\n\n").map_or("", |(_, rest)| rest).to_owned())
                .collect();
            with_settings(|| insta::assert_snapshot!(name, types.join("\n")));
        }
    )*};
}

fixtures! {
    object_request,
    object_response,
    presence,
    enumeration,
    tagged_union,
    implicit_tag,
    shape_union,
    recursion,
    merged_objects,
    inherited_kinds,
    names_of_any_kind,
    maps_and_lists,
}

/// The code of a multipart operation, from wire function to builder.
#[test]
fn upload() {
    let document = include_str!("fixtures/upload.yaml");
    let generated = generate_fixture(document, "").unwrap_or_else(|report| panic!("{report}"));
    let mut text = String::new();
    for path in ["types/shared.rs", "resources/files.rs"] {
        let file = generated.files.get(path).map_or("", String::as_str);
        text.push_str(file.split_once("\n\n").map_or("", |(_, rest)| rest));
        text.push('\n');
    }
    let wire = generated.files.get("wire.rs").map_or("", String::as_str);
    let function = wire.split("    /// `").nth(1).and_then(|part| part.split("\n    }\n").next()).unwrap_or_default();
    with_settings(|| insta::assert_snapshot!("upload", format!("{text}\n// wire.rs\n    /// `{function}\n    }}\n")));
}

/// Generation is deterministic, and this is the document that progenitor gets.
#[test]
fn lowered() {
    let document = include_str!("fixtures/upload.yaml");
    let once = generate_fixture(document, "").unwrap_or_else(|report| panic!("{report}"));
    let twice = generate_fixture(document, "").unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(once.files, twice.files);
    with_settings(|| insta::assert_snapshot!("lowered", once.lowered));
}
