//! `serve-site` as a maintainer starts it: the sites of every form, with the documents of this repository, and `fetch` from them.

use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::workspace::Workspace;

/// The forms of sites that have an exact document.
const EXACT: [&str; 14] = [
    "single",
    "listing-array",
    "listing-object",
    "listing-map",
    "listing-yaml",
    "listing-text",
    "listing-error",
    "catalog",
    "catalog-text",
    "link-header",
    "viewer",
    "banner-index",
    "version-index",
    "section-index",
];

/// A command that is stopped when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // The command waits for the program that it started, which belongs to the same group.
        let group = format!("-{}", self.0.id());
        let _stopped = Command::new("kill").args(["-TERM", "--", &group]).status();
        let _ended = self.0.wait();
    }
}

/// Starts the command on a free port, and returns what it printed.
fn start(arguments: &[&str]) -> io::Result<(Running, Vec<String>)> {
    use std::os::unix::process::CommandExt as _;

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("--root").arg(root).args(["serve-site", "--port", "0"]).args(arguments);
    let mut child = command.stdout(Stdio::piped()).process_group(0).spawn()?;
    let stdout = child.stdout.take();
    let running = Running(child);
    let mut said = Vec::new();
    for line in stdout.into_iter().flat_map(|stdout| BufReader::new(stdout).lines()) {
        said.push(line?);
        if said.last().is_some_and(|line| line.starts_with("try: ")) {
            return Ok((running, said));
        }
    }
    Err(io::Error::other(format!("it ended: {said:?}")))
}

#[test]
fn documents_of_this_repository_are_fetched_from_sites_of_each_form() {
    let (_running, said) = start(&[]).unwrap();
    assert!(said[0].starts_with("versions 2026-02-09, 2025-04-21; stop it with Ctrl-C"), "{said:?}");
    let place = |form: &str| {
        let line =
            said.iter().find(|line| line.contains(&format!("/{form}/ "))).unwrap_or_else(|| panic!("{form}: {said:?}"));
        line.split_whitespace().next().unwrap().to_owned()
    };
    // The documents here are what a fetch from each site writes, so that the client is the same.
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    for form in EXACT {
        for version in ["2026-02-09", "2025-04-21"] {
            if version == "2025-04-21" && ["single", "section-index"].contains(&form) {
                continue;
            }
            let workspace = Workspace::empty();
            let ran = workspace.xtask(&["fetch", "--url", &place(form), "--api-version", version]);
            assert_eq!(ran.code, 0, "{form} {version}: {ran:?}");
            let file = format!("{version}/openapi.json");
            let fetched = std::fs::read(workspace.path(&format!("spec/{file}"))).unwrap();
            assert!(fetched == std::fs::read(spec.join(file)).unwrap(), "{form} {version}");
        }
    }
    let ran = Workspace::empty().xtask(&["fetch", "--url", &place("login")]);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("help: the site requires a login"), "{ran:?}");
}

#[test]
fn site_of_one_form_is_served_below_a_base_path() {
    let (_running, said) = start(&["--form", "catalog", "--base", "docs"]).unwrap();
    let url = said[1].split_whitespace().next().unwrap();
    assert!(url.ends_with("/docs/"), "{said:?}");
    assert_eq!(Workspace::empty().xtask(&["fetch", "--url", url]).code, 0);
    assert_eq!(said.last().unwrap(), &format!("try: cargo xtask fetch --url {url} --dry-run"));
}
