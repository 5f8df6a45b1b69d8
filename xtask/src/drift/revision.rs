//! Finds documents: files, folders of a version, URLs, revisions of git, and the one behind the committed client. Compares nothing.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::download;
use crate::input::{self, ClientVersions, Inputs};
use crate::layout::{ApiVersion, DOCUMENT, Layout};
use crate::lock::sha256_hex;
use crate::outcome::{Failure, Problem, ProblemCode};

/// A document, with where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Described {
    /// What it is called in reports.
    pub(super) name: String,
    /// The document, with profile, overlay and names of its version, if it is one of this client's API.
    pub(super) inputs: Inputs,
    /// Whether it describes the API of this client.
    pub(super) is_ours: bool,
}

/// Whether the client was generated from the document in its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It was.
    Current,
    /// It was generated from another one.
    Stale,
}

/// Finds a document: `git:REV`, `git:REV:PATH`, a URL, a folder of a version, or a file.
pub(super) fn find(layout: &Layout, versions: &ClientVersions, place: &str) -> Result<Described, Failure> {
    let document = if let Some(revision) = place.strip_prefix("git:") {
        let path = layout.display(&layout.version(&versions.default).join(DOCUMENT));
        let (revision, path) = revision.split_once(':').unwrap_or((revision, &path));
        shown_at(layout, revision, path)?
    } else if place.starts_with("https://") || place.starts_with("http://") {
        download::from_url(place)?.bytes
    } else {
        let path = Path::new(place);
        let version = ApiVersion::new(place).map(|version| layout.version(&version));
        let path = match version.filter(|folder| !path.exists() && folder.is_dir()) {
            Some(folder) => folder,
            None => path.to_owned(),
        };
        input::bytes(layout, &if path.is_dir() { path.join(DOCUMENT) } else { path })?
    };
    let mut described = describe(layout, versions, document, place)?;
    // Users of that revision have the names that it had.
    let revision = place.strip_prefix("git:").filter(|revision| !revision.contains(':') && described.is_ours);
    if let Some(inputs) = revision.and_then(|revision| at_revision(layout, &versions.default, revision)) {
        described.inputs = inputs;
    }
    Ok(described)
}

/// Returns the document of a version, its overlay and its names as a commit has them.
pub(crate) fn at_revision(layout: &Layout, version: &ApiVersion, revision: &str) -> Option<Inputs> {
    let text = |path: &Path| {
        let bytes = shown_at(layout, revision, &layout.display(path)).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let path = layout.version(version).join(DOCUMENT);
    let document = shown_at(layout, revision, &layout.display(&path)).ok()?;
    let inputs = Inputs::of_candidate(layout, version, document, format!("git:{revision}:{}", layout.display(&path)));
    let names = text(&layout.names(version)).unwrap_or_default();
    Some(inputs.ok()?.with_names(names).with_overlay(text(&layout.overlay(version))))
}

/// Returns the document in the folder of a version.
pub(super) fn published(layout: &Layout, version: &ApiVersion) -> Result<Described, Failure> {
    let name = layout.display(&layout.version(version).join(DOCUMENT));
    Ok(Described { name, inputs: Inputs::of_layout(layout, version)?, is_ours: true })
}

/// Returns the document behind the committed client, the one in the folder of its version, and whether they are one.
pub(super) fn of_client(layout: &Layout, version: &ApiVersion) -> Result<(Described, Described, Standing), Failure> {
    let head = published(layout, version)?;
    let path = layout.version(version).join(DOCUMENT);
    let digest = generated_from(layout, version)?;
    if sha256_hex(&input::bytes(layout, &path)?) == digest {
        return Ok((head.clone(), head, Standing::Current));
    }
    let shown = layout.display(&path);
    let log = git(layout, &["log", "--format=%H", "--", &shown])?;
    let revisions = String::from_utf8_lossy(&log).into_owned();
    for revision in revisions.lines() {
        let document = shown_at(layout, revision, &shown)?;
        if sha256_hex(&document) == digest {
            let name = format!("git:{revision}:{shown}");
            let inputs = Inputs::of_candidate(layout, version, document, name.clone())?;
            // The client has the names of its commit; those of the folder may be for the next one already.
            let names = shown_at(layout, "HEAD", &layout.display(&layout.names(version)));
            let names = names.ok().map(|names| String::from_utf8_lossy(&names).into_owned());
            let inputs = match names {
                Some(names) => inputs.with_names(names),
                None => inputs,
            };
            return Ok((Described { name, inputs, is_ours: true }, head, Standing::Stale));
        }
    }
    let found = format!("the client was generated from a document with sha256 {digest}, which no commit has");
    let problem =
        Problem::new(ProblemCode::LockMismatch, shown, found).help("name both documents: cargo xtask drift OLD NEW");
    Err(Failure::Input(problem))
}

/// Returns the digest of the document that the files of a version name.
fn generated_from(layout: &Layout, version: &ApiVersion) -> Result<String, Failure> {
    let module = format!("v{}", version.as_str().replace(|letter: char| !letter.is_alphanumeric(), "_"));
    let nested = layout.generated().join(module).join("mod.rs");
    let path = if nested.is_file() { nested } else { layout.generated().join("mod.rs") };
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    let digest = text.split_once("document sha256 ").and_then(|(_, rest)| rest.split_whitespace().next());
    digest.map(str::to_owned).ok_or_else(|| {
        let problem = Problem::new(ProblemCode::UnreadableFile, layout.display(&path), "it names no document");
        Failure::Input(problem.expected("the header that regen writes").help("cargo xtask regen writes it"))
    })
}

fn describe(layout: &Layout, versions: &ClientVersions, document: Vec<u8>, name: &str) -> Result<Described, Failure> {
    let stated = generator::version_of(&document, name);
    let known = versions.all.iter().find(|version| version.as_str() == stated);
    let inputs = Inputs::of_candidate(layout, known.unwrap_or(&versions.default), document, name.to_owned())?;
    Ok(Described { name: name.to_owned(), is_ours: known.is_some(), inputs })
}

/// Returns a file as a commit has it.
pub(crate) fn shown_at(layout: &Layout, revision: &str, path: &str) -> Result<Vec<u8>, Failure> {
    git(layout, &["show", &format!("{revision}:{path}")])
}

/// Runs git in the workspace and returns what it prints.
pub(crate) fn git(layout: &Layout, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let output = Command::new("git").args(arguments).current_dir(layout.root()).output();
    let output = output.map_err(Failure::io("run", "git"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let found = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let problem = Problem::new(ProblemCode::UnreadableFile, format!("git {}", arguments.join(" ")), found);
    Err(Failure::Input(problem.help("check the revision and the path")))
}
