//! `regen` as a maintainer runs it: what is written, what is reported stale, and that errors write nothing.

use std::fs;

use crate::workspace::{VERSION, Workspace, document, unsound_document};

fn generated() -> Workspace {
    let workspace = Workspace::with_document();
    let ran = workspace.xtask(&["regen"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    workspace
}

#[test]
fn second_run_finds_everything_up_to_date() {
    let workspace = generated();
    let first = workspace.files();
    assert!(first.keys().any(|path| path.starts_with(workspace.path("generated-client/src/generated"))));
    assert!(first.contains_key(&workspace.path("spec/2026-02-09/names.toml")));

    for arguments in [&["regen"][..], &["regen", "--check"]] {
        let ran = workspace.xtask(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.contains("up to date"), "{ran:?}");
        assert_eq!(workspace.files(), first);
    }
}

#[test]
fn same_documents_give_the_same_bytes_in_another_place() {
    let (one, other) = (generated(), generated());
    let (one, other) = (one.files(), other.files());
    assert!(one.values().eq(other.values()));
}

#[test]
fn hand_edit_is_stale_shown_as_a_diff_and_repaired() {
    let sound = generated();
    let folder = sound.path("generated-client/src/generated");
    let some = sound.files().into_keys().find(|path| path.starts_with(&folder)).unwrap();
    let some = some.strip_prefix(sound.path("")).unwrap().to_str().unwrap().to_owned();
    let stray = "generated-client/src/generated/stray.rs";
    type Change = fn(&Workspace, &str);
    let cases: [(&str, Change, &str); 4] = [
        (&some, |workspace, path| edit(workspace, path, "// by hand\n"), "-// by hand"),
        (&some, Workspace::remove, "--- /dev/null"),
        (stray, |workspace, path| workspace.write(path, "// stray\n"), "-// stray"),
        ("spec/2026-02-09/names.toml", |workspace, path| edit(workspace, path, "# by hand\n"), "-# by hand"),
    ];
    for (path, change, line) in cases {
        let workspace = generated();
        let right = workspace.files();
        change(&workspace, path);
        let wrong = workspace.files();

        let ran = workspace.xtask(&["regen", "--check"]);
        assert_eq!(ran.code, 30, "{path}: {ran:?}");
        assert!(ran.stdout.contains(path) && ran.stdout.contains(line), "{path}: {ran:?}");
        assert!(ran.stderr.contains("cargo xtask regen"), "{path}: {ran:?}");
        assert_eq!(workspace.files(), wrong, "{path}: --check wrote something");

        let ran = workspace.xtask(&["regen"]);
        assert_eq!(ran.code, 0, "{path}: {ran:?}");
        assert_eq!(workspace.files(), right, "{path}");
    }
}

fn edit(workspace: &Workspace, path: &str, line: &str) {
    let text = fs::read_to_string(workspace.path(path)).unwrap();
    workspace.write(path, &format!("{text}{line}"));
}

#[test]
fn input_that_cannot_be_used_is_one_clear_error_and_nothing_is_written() {
    let openapi = format!("spec/{VERSION}/openapi.json");
    let lock = format!("spec/{VERSION}/lock.toml");
    let profile = "spec/profile.toml";
    type Change<'a> = Box<dyn Fn(&Workspace) + 'a>;
    let cases: Vec<(&str, Change<'_>, &str)> = vec![
        ("no JSON", Box::new(|w| w.put_document("{\"openapi\": ")), &openapi),
        ("empty", Box::new(|w| w.put_document("")), &openapi),
        ("dangling reference", Box::new(|w| w.put_document(&unsound_document())), "dangling-ref"),
        ("edited by hand", Box::new(|w| w.write(&openapi, &document("By hand"))), "lock-mismatch"),
        ("no document", Box::new(|w| w.remove(&openapi)), &openapi),
        ("no lock", Box::new(|w| w.remove(&lock)), &lock),
        ("broken lock", Box::new(|w| w.write(&lock, "sha256 = 1")), "lock-unreadable"),
        ("no profile", Box::new(|w| w.remove(profile)), profile),
        ("broken profile", Box::new(|w| w.write(profile, "[document")), profile),
        ("no version", Box::new(|w| w.write(profile, "[document]\n")), "document.api_version"),
        ("version elsewhere", Box::new(|w| w.write(profile, "[document]\napi_version = \"../x\"\n")), "../x"),
        ("unknown version", Box::new(|w| w.write(profile, "[document]\napi_version = \"1999-01-01\"\n")), "1999-01-01"),
    ];
    for (name, change, message) in cases {
        let workspace = generated();
        change(&workspace);
        let before = workspace.files();
        for arguments in [&["regen"][..], &["regen", "--check"]] {
            let ran = workspace.xtask(arguments);
            assert_eq!(ran.code, 40, "{name}: {ran:?}");
            assert!(ran.stderr.contains(message), "{name}: {ran:?}");
            assert_eq!(workspace.files(), before, "{name}");
        }
    }
}

#[test]
fn what_a_killed_run_left_is_put_right_by_the_next() {
    let workspace = generated();
    let right = workspace.files();
    let source = workspace.path("generated-client/src");
    fs::rename(source.join("generated"), source.join(".generated.old")).unwrap();
    workspace.write("generated-client/src/.generated.new/half.rs", "half");

    let ran = workspace.xtask(&["regen", "--check"]);
    assert_eq!(ran.code, 30, "{ran:?}");
    assert!(ran.stderr.contains("was interrupted"), "{ran:?}");

    let ran = workspace.xtask(&["regen"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("up to date") && ran.stderr.contains("were undone"), "{ran:?}");
    assert_eq!(workspace.files(), right);
}

#[test]
fn timings_name_each_pass_and_the_total() {
    let ran = Workspace::with_document().xtask(&["regen", "--timings"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for name in ["2026-02-09 read", "total"] {
        assert!(ran.stdout.lines().any(|line| line.starts_with(name) && line.ends_with(" ms")), "{ran:?}");
    }
}

#[test]
fn help_tells_the_exit_codes_and_wrong_arguments_end_with_2() {
    let help = crate::workspace::run(&["--help"]);
    assert_eq!(help.code, 0);
    for code in ["3", "10", "30", "40", "50", "60", "70", "80"] {
        assert!(help.stdout.contains(code), "{help:?}");
    }
    for arguments in [
        &["regenerate"][..],
        &["regen", "--chek"],
        &["fetch", "--url", "x", "--file", "y"],
        &["ci", "--step", "x"],
        &[],
    ] {
        assert_eq!(crate::workspace::run(arguments).code, 2, "{arguments:?}");
    }
}
