//! `drift`: what an upstream change means for users. The comparison is the generator's; here documents are found, accepted changes
//! are kept, and the report is printed.

mod acceptance;
mod examples;
mod patch;
mod peers;
mod proof;
mod reference;
mod revision;

use std::env;
use std::fs;
use std::io::{self, IsTerminal};

use generator::drift::{
    Change, Color, Drift, KeptName, RustLevel, TextStyle, Wire, render_github, render_markdown, render_sarif,
    render_text,
};
use generator::{Lock, Renaming, Tolerance, compare_documents};

use crate::cli::{DriftArgs, DriftFormat, FailOn};
use crate::input::{self, ClientVersions};
use crate::layout::{ApiVersion, Layout};
use crate::outcome::{Exit, Failure, Outcome, Problem, ProblemCode};

pub(crate) use revision::{at_revision, git, shown_at};

use acceptance::Acceptances;
use revision::{Described, Standing};

/// The page about the kinds of changes.
const REFERENCE: &str = "docs/drift.md";
/// Columns of a terminal that does not say how many it has.
const WIDTH: usize = 120;

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &DriftArgs) -> Result<Outcome, Failure> {
    if arguments.reference {
        return write_reference(layout);
    }
    if arguments.peers {
        return peers::run(layout, arguments.pairs.as_deref());
    }
    if let Some(extent) = arguments.prove {
        return match &arguments.pairs {
            Some(folder) => proof::run_on_folder(layout, folder),
            None => proof::run(layout, extent),
        };
    }
    let versions = ClientVersions::read(layout)?;
    let version = &versions.default;
    if let (Some(fingerprint), Some(reason)) = (&arguments.accept, &arguments.reason) {
        let taken = take_over(layout, version, fingerprint)?;
        let mut outcome = acceptance::accept(layout, version, (fingerprint, reason, arguments.until.as_deref()))?;
        outcome.stdout.push_str(&taken);
        return Ok(outcome);
    }
    let (base, head, standing) = match (&arguments.old, &arguments.new) {
        (Some(old), Some(new)) => {
            (revision::find(layout, &versions, old)?, revision::find(layout, &versions, new)?, Standing::Current)
        }
        (Some(old), None) => {
            (revision::find(layout, &versions, old)?, revision::published(layout, version)?, Standing::Current)
        }
        (None, _) => revision::of_client(layout, version)?,
    };
    let mut drift = compare(&base, &head)?;
    if let Some(folder) = &arguments.patch {
        return patch::rewrite_folder(folder, &library(layout, arguments)?, &drift.migration);
    }
    Acceptances::read(layout, version)?.apply(&mut drift);
    let exit = exit(&drift, arguments.fail_on, standing);
    Ok(Outcome { stdout: print(&drift, arguments.format, &head), stderr: String::new(), exit })
}

/// Names of a client that is generated again, and what to say about them.
pub(crate) struct KeptNames {
    /// The contents of `names.toml`.
    pub(crate) names: String,
    /// The names that stayed, with the reason, and how to change them.
    pub(crate) notes: String,
}

/// Returns the names that the client of a version keeps although its document has others now; `None` if the document behind the
/// client is the one in `spec/`, or cannot be found.
pub(crate) fn kept_names(layout: &Layout, version: &ApiVersion) -> Option<KeptNames> {
    let (base, head, Standing::Stale) = revision::of_client(layout, version).ok()? else { return None };
    let drift = compare(&base, &head).ok()?;
    Some(KeptNames { notes: drift.kept.iter().map(note).collect(), names: drift.names })
}

/// Returns what to say about a name that stays, or that is gone.
fn note(kept: &KeptName) -> String {
    let (what, then) = match &kept.renaming {
        Renaming::Type { .. } | Renaming::Operation { .. } => ("its Rust name stays until", "takes the new one over"),
        Renaming::Member { .. } => ("its old name is gone in Rust, unless", "keeps it as an alias"),
    };
    format!("note: {}; {what} cargo xtask drift --accept {} --reason … {then}\n", kept.message, kept.fingerprint)
}

/// Returns the name of the client in code.
fn library(layout: &Layout, arguments: &DriftArgs) -> Result<String, Failure> {
    if let Some(name) = &arguments.library {
        return Ok(name.clone());
    }
    let manifest = layout.client_manifest();
    let text = input::text(layout, &manifest)?;
    let table: toml::Table = text.parse().unwrap_or_default();
    let name = table.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str);
    name.map(|name| name.replace('-', "_")).ok_or_else(|| {
        let problem = Problem::new(ProblemCode::UnreadableFile, layout.display(&manifest), "it names no package");
        Failure::Input(problem.help("name the client: --library NAME"))
    })
}

/// Lets an item have the name that the document has for it now, if that is the change with this fingerprint. Returns what to say
/// about it.
fn take_over(layout: &Layout, version: &ApiVersion, fingerprint: &str) -> Result<String, Failure> {
    let Ok((base, head, Standing::Stale)) = revision::of_client(layout, version) else { return Ok(String::new()) };
    let drift = compare(&base, &head)?;
    let Some(kept) = drift.kept.iter().find(|kept| kept.fingerprint == fingerprint) else { return Ok(String::new()) };
    let mut names = Lock::read(&drift.names).map_err(Failure::Unsound)?;
    let Some((old, new)) = names.take_over(&kept.renaming) else { return Ok(String::new()) };
    let path = layout.names(version);
    fs::write(&path, names.write()).map_err(Failure::io("write", &path))?;
    Ok(format!(
        "{new} takes over from {old}, which stays as a deprecated alias for one release; cargo xtask regen writes both\n"
    ))
}

/// Writes the page about the kinds of changes.
fn write_reference(layout: &Layout) -> Result<Outcome, Failure> {
    let path = layout.place(REFERENCE);
    fs::write(&path, reference::render_reference()?).map_err(Failure::io("write", &path))?;
    Ok(Outcome::done(format!("wrote {REFERENCE}\n")))
}

/// Compares two documents. Profile, overlay and names of this client apply if both describe its API.
fn compare(base: &Described, head: &Described) -> Result<Drift, Failure> {
    let ours = base.is_ours && head.is_ours;
    let tolerance = if ours { Tolerance::Strict } else { Tolerance::Lenient };
    let (base, head) = match tolerance {
        Tolerance::Strict => (base.inputs.sources(), head.inputs.sources()),
        Tolerance::Lenient => (base.inputs.document_alone(), head.inputs.document_alone()),
    };
    compare_documents(&base, &head, tolerance).map_err(Failure::Unsound)
}

fn print(drift: &Drift, format: DriftFormat, head: &Described) -> String {
    match format {
        DriftFormat::Text => {
            let colored = io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none();
            let width = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(WIDTH);
            render_text(drift, TextStyle { color: if colored { Color::On } else { Color::Off }, width })
        }
        DriftFormat::Json => json(&serde_json::to_value(drift).unwrap_or_default()),
        DriftFormat::Markdown => render_markdown(drift),
        DriftFormat::Sarif => json(&render_sarif(drift, &head.name)),
        DriftFormat::Github => render_github(drift, &head.name),
    }
}

fn json(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

/// Returns the exit code: what is accepted does not count.
fn exit(drift: &Drift, fail_on: Option<FailOn>, standing: Standing) -> Exit {
    let mut open = drift.open();
    let severe = |change: &Change| change.wire == Wire::Breaking || change.rust == RustLevel::Major;
    let fails = |condition: bool| if condition { Exit::Severe } else { Exit::Done };
    match fail_on {
        Some(FailOn::WireBreaking) => fails(open.any(|change| change.wire == Wire::Breaking)),
        Some(FailOn::RustMajor) => fails(open.any(|change| change.rust == RustLevel::Major)),
        Some(FailOn::Any) => fails(open.next().is_some()),
        None if drift.open().any(severe) => Exit::Severe,
        None if open.next().is_some() => Exit::Differs,
        None => match standing {
            Standing::Current => Exit::Done,
            Standing::Stale => Exit::Stale,
        },
    }
}
