//! `tidy` as a maintainer runs it: one line per place, exit codes, and the list of known places.

use crate::workspace::Workspace;

const GLOSSARY: &str =
    "# Contributing\n\n## Glossary\n\n| not | but | checked in |\n|---|---|---|\n| answer | response | everywhere |\n";
const CONFIG: &str = "[sizes]\nfile = 9\nfunction = 3\ntest_function = 9\n\n[packages.low]\nfolder = \"low\"\n\n[packages.high]\n\
    folder = \"high\"\n";

fn workspace() -> Workspace {
    let workspace = Workspace::empty();
    workspace.write("CONTRIBUTING.md", GLOSSARY);
    workspace.write("tidy.toml", CONFIG);
    workspace
}

#[test]
fn each_rule_has_its_line_and_the_exit_code_is_70() {
    let workspace = workspace();
    assert_eq!(workspace.xtask(&["tidy"]).code, 0);
    workspace.write("low/src/lib.rs", "//! Low.\nuse high::X;\nfn read_answer() {\n    a();\n    b();\n}\n");
    workspace.write("low/src/usage.rs", "fn usage() {}\n");
    workspace.write("low/src/usage/deep.rs", "//! Deep.\n#[test]\n#[ignore]\nfn a() {}\n");
    workspace.write("low/a.md", "See [b](b.md).\n");
    let ran = workspace.xtask(&["tidy"]);
    assert_eq!(ran.code, 70, "{ran:?}");
    let starts = [
        "low/a.md:1: page: `b.md` does not exist",
        "low/src/lib.rs:2: layers: `low` may not use `high`",
        "low/src/lib.rs:3: size: cut `read_answer`: it has 4 lines of code, 3 are allowed",
        "low/src/lib.rs:3: word: write \"response\" instead of \"answer\"",
        "low/src/usage.rs:1: header: begin the file with",
        "low/src/usage.rs:1: module: a module is a noun and a function a verb",
        "low/src/usage.rs:1: module: move the file to `low/src/usage/mod.rs`",
        "low/src/usage/deep.rs:3: leftover: let the test run",
    ];
    for start in starts {
        assert!(ran.stdout.lines().any(|line| line.starts_with(start)), "{start}: {ran:?}");
    }
    assert!(ran.stderr.contains("error: 8 places to put in order"), "{ran:?}");
}

#[test]
fn known_places_are_hidden_until_they_are_in_order() {
    let workspace = workspace();
    let known = "\n[[known]]\nrule = \"word\"\nfile = \"low/src/lib.rs\"\ncount = 1\n";
    workspace.write("tidy.toml", &format!("{CONFIG}{known}"));
    for (text, code) in [("//! An answer.\n", 0), ("//! A response.\n", 70), ("//! An answer, an\n//! answer.\n", 70)] {
        workspace.write("low/src/lib.rs", text);
        let ran = workspace.xtask(&["tidy"]);
        assert_eq!(ran.code, code, "{text}: {ran:?}");
    }
    workspace.write("tidy.toml", "sizes = 1");
    let ran = workspace.xtask(&["tidy"]);
    assert!(ran.code == 40 && ran.stderr.contains("error[tidy-unreadable]"), "{ran:?}");
}
