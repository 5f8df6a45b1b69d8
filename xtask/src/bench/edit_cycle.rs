//! How long a maintainer waits: after one more value of an enumeration in the document, and after a fresh clone. Both work on a clone
//! of the last commit, and must not touch the workspace.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::figure::{Found, Measured, NotMeasured, Sample};
use super::process::{Usage, read_output};
use super::workshop::Workshop;
use crate::cargo::find_cargo;

/// The crate of `benches/` that stands for a user's.
const USER: &str = "user-ours";

/// What an enumeration of the document begins with.
const ENUMERATION: &str = "\"enum\": [\n";

/// Measures `regen` and the check of a user's crate after an enumeration has one value more.
pub(super) fn measure_enum_value(workshop: &Workshop<'_>) -> Vec<Found> {
    vec![("compile.enum-value", time_enum_value(workshop))]
}

fn time_enum_value(workshop: &Workshop<'_>) -> Measured<Sample> {
    let clone = clone_workspace(workshop, "clone-enum")?;
    let benches = clone.join("benches");
    let check = || {
        let mut cargo = workshop.cargo(&benches, "enum");
        // This is what the figure is about: a build after a change.
        cargo.env("CARGO_INCREMENTAL", "1").args(["check", "--quiet", "--package", USER]);
        workshop.time(&cargo)
    };
    check()?;
    let mut best: Option<(Usage, Usage)> = None;
    for round in 0..workshop.short_rounds().max(1) {
        add_enum_value(&clone, round)?;
        let steps = (workshop.time(&xtask(&clone, &["regen"])?)?, check()?);
        if best.is_none_or(|best| steps.0.cpu() + steps.1.cpu() < best.0.cpu() + best.1.cpu()) {
            best = Some(steps);
        }
    }
    let (regen, check) = best.ok_or_else(|| NotMeasured::new("no round was run"))?;
    let build = if cfg!(debug_assertions) { "unoptimized" } else { "optimized" };
    let detail = format!(
        "CPU time: regen ({build}) {:.1} s, check {:.1} s; wall time {:.1} s",
        regen.cpu(),
        check.cpu(),
        regen.wall + check.wall
    );
    Ok(Sample { value: regen.cpu() + check.cpu(), detail })
}

/// Adds a value to the first enumeration of the clone's newest document, and adopts the document as a published one.
fn add_enum_value(clone: &Path, round: usize) -> Measured<()> {
    let spec = clone.join("spec");
    let versions = fs::read_dir(&spec).map_err(|error| NotMeasured::new(error.to_string()))?;
    let documents = versions.flatten().map(|entry| entry.path().join(crate::layout::DOCUMENT));
    // The newest version is the one that `fetch` replaces.
    let newest = documents.filter(|path| path.is_file()).max();
    let document = newest.ok_or_else(|| NotMeasured::new("the clone has no document"))?;
    let text = fs::read_to_string(&document).map_err(|error| NotMeasured::new(error.to_string()))?;
    let (before, after) =
        text.split_once(ENUMERATION).ok_or_else(|| NotMeasured::new("the document has no enumeration"))?;
    let indent: String = after.chars().take_while(|character| *character == ' ').collect();
    let changed = format!("{before}{ENUMERATION}{indent}\"ADDED_{round}\",\n{after}");
    let next = clone.join("target/next.json");
    let written = fs::create_dir_all(clone.join("target")).and_then(|()| fs::write(&next, changed));
    written.map_err(|error| NotMeasured::new(error.to_string()))?;
    read_output(xtask(clone, &["fetch", "--force", "--file"])?.arg(next)).map(|_| ())
}

/// Returns a command of this program that works on the clone.
fn xtask(clone: &Path, arguments: &[&str]) -> Measured<Command> {
    let program = env::current_exe().map_err(|error| NotMeasured::new(error.to_string()))?;
    let mut command = Command::new(program);
    command.arg("--root").arg(clone).args(arguments).current_dir(clone);
    Ok(command)
}

/// Measures what somebody waits for who has just cloned the repository.
pub(super) fn measure_fresh_clone(workshop: &Workshop<'_>) -> Vec<Found> {
    let regen = time_fresh(workshop, &["xtask", "regen"]);
    let tests = match &regen {
        Ok(_) => time_fresh(workshop, &["test", "--workspace"]),
        Err(reason) => Err(reason.clone()),
    };
    vec![("compile.fresh-regen", regen), ("compile.fresh-test", tests)]
}

/// Runs cargo in a fresh clone, with nothing downloaded and nothing built.
fn time_fresh(workshop: &Workshop<'_>, arguments: &[&str]) -> Measured<Sample> {
    let clone = clone_workspace(workshop, "clone-fresh")?;
    let home = afresh(&workshop.scratch("cargo-home"))?;
    let mut cargo = find_cargo();
    cargo.current_dir(&clone).args(arguments).env("CARGO_HOME", home).env("CARGO_TARGET_DIR", clone.join("target"));
    let usage = workshop.time(&cargo)?;
    let processors = generator::parallel::processors();
    let detail = format!("wall time on {processors} processors, downloads included; CPU time {:.0} s", usage.cpu());
    Ok(Sample { value: usage.wall, detail })
}

/// Clones the last commit into a scratch folder.
fn clone_workspace(workshop: &Workshop<'_>, name: &str) -> Measured<PathBuf> {
    let clone = afresh(&workshop.scratch(name))?;
    let mut git = Command::new("git");
    read_output(git.args(["clone", "--quiet", "--local"]).arg(workshop.layout.root()).arg(&clone))?;
    Ok(clone)
}

/// Removes a scratch folder, if there is one.
fn afresh(folder: &Path) -> Measured<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| NotMeasured::new(error.to_string()))?;
    }
    Ok(folder.to_owned())
}
