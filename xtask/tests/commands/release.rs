//! `release-plan` in a repository: the level, the version, the section of the changelog, and what disagrees.

use crate::workspace::{VERSION, Workspace, document};

const SURFACE: &str = "tests/tests/snapshots/snapshots/surface-types-shared.snap";

/// A repository with a released client.
fn released() -> Workspace {
    let workspace = Workspace::with_document();
    workspace.write("generated-client/Cargo.toml", "[package]\nname = \"runs\"\nversion = \"0.3.1\"\n");
    workspace.write(SURFACE, "---\nsource: x\n---\nstruct Run\n    id: String\nenum Status { Pending, Processed }\n");
    workspace.write("CHANGELOG.md", "# Changelog\n\n## 0.3.1\n\n- Before.\n");
    workspace.commit("0.3.1");
    workspace.git(&["tag", "v0.3.1"]);
    workspace
}

#[test]
fn version_follows_from_the_highest_level() {
    let larger = document("Runs").replace(r#""PROCESSED""#, r#""PROCESSED", "FAILED""#);
    let smaller = document("Runs").replace(r#""status""#, r#""state""#);
    let rows = [
        ("nothing", document("Runs"), "nothing to release: 0.3.1 stays"),
        ("an addition", larger, "next version: 0.3.1 -> 0.3.2+api.2026-02-09"),
        ("a break", smaller, "next version: 0.3.1 -> 0.4.0+api.2026-02-09"),
    ];
    for (name, new, expected) in rows {
        let workspace = released();
        workspace.put_document(&new);
        let before = workspace.files();
        let plan = workspace.xtask(&["release-plan"]);
        assert_eq!(plan.code, 0, "{name}: {plan:?}");
        assert!(plan.stdout.contains(expected), "{name}: {plan:?}");
        assert_eq!(workspace.files(), before, "{name}: it is only a plan");
    }
}

#[test]
fn section_says_what_broke_and_what_to_write() {
    let workspace = released();
    workspace.put_document(&document("Runs").replace(r#""status""#, r#""state""#));
    let plan = workspace.xtask(&["release-plan", "--write"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    let changelog = workspace.read("CHANGELOG.md");
    let start = format!("# Changelog\n\n## 0.4.0+api.{VERSION}\n\n### Breaking\n\n- ");
    assert!(changelog.starts_with(&start) && changelog.ends_with("## 0.3.1\n\n- Before.\n"), "{changelog}");
    assert!(changelog.contains("To migrate: "), "{changelog}");
}

#[test]
fn higher_level_wins_and_the_disagreement_is_shown() {
    let workspace = released();
    // A change of the generator: the document is the same.
    workspace.write(SURFACE, "---\nsource: x\n---\nstruct Run\n    id: RunId\nenum Status { Pending, Processed }\n");
    let plan = workspace.xtask(&["release-plan"]);
    assert!(plan.stdout.contains("next version: 0.3.1 -> 0.4.0"), "{plan:?}");
    assert!(plan.stdout.contains("disagreement: documents says none; major is taken, the higher"), "{plan:?}");
    assert!(plan.stdout.contains("types struct Run: id: String"), "{plan:?}");
    assert_eq!(workspace.xtask(&["release-plan", "--strict"]).code, 20);
}

#[test]
fn release_has_to_be_found() {
    let workspace = Workspace::with_document();
    workspace.write("generated-client/Cargo.toml", "[package]\nname = \"runs\"\nversion = \"0.3.1\"\n");
    workspace.commit("Nothing released");
    let plan = workspace.xtask(&["release-plan"]);
    assert_eq!(plan.code, 40, "{plan:?}");
    assert!(plan.stderr.contains("--since REV"), "{plan:?}");
    assert_eq!(workspace.xtask(&["release-plan", "--since", "HEAD"]).code, 0);
}
