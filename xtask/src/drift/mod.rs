//! `drift`: what an upstream change means for users. The comparison is the generator's; here documents are found, accepted changes
//! are kept, and the report is printed.

mod acceptance;
mod examples;
mod proof;
mod reference;
mod revision;

use std::env;
use std::fs;
use std::io::{self, IsTerminal};

use generator::drift::{
    Change, Color, Drift, RustLevel, TextStyle, Wire, render_github, render_markdown, render_sarif, render_text,
};
use generator::{Tolerance, compare_documents};

use crate::cli::{DriftArgs, DriftFormat, FailOn};
use crate::input::ClientVersions;
use crate::layout::Layout;
use crate::outcome::{Exit, Failure, Outcome};

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
    if let Some(extent) = arguments.prove {
        return proof::run(layout, extent);
    }
    let versions = ClientVersions::read(layout)?;
    let version = &versions.default;
    if let (Some(fingerprint), Some(reason)) = (&arguments.accept, &arguments.reason) {
        return acceptance::accept(layout, version, (fingerprint, reason, arguments.until.as_deref()));
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
    Acceptances::read(layout, version)?.apply(&mut drift);
    let exit = exit(&drift, arguments.fail_on, standing);
    Ok(Outcome { stdout: print(&drift, arguments.format, &head), stderr: String::new(), exit })
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
    let (base, head) = if ours {
        (base.inputs.clone(), head.inputs.clone())
    } else {
        (base.inputs.clone().alone(), head.inputs.clone().alone())
    };
    compare_documents(&base.sources(), &head.sources(), tolerance).map_err(Failure::Unsound)
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
