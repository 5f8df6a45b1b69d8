//! What somebody pays who uses the client: a release build of a small program beside the same program on bare reqwest, and of the
//! client beside ploidy's crate. Must not know what the programs do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::figure::{Found, Measured, NotMeasured, Sample, Unit};
use super::peers::{self, write_ploidy_crate};
use super::process::{read_output, run_timed};
use super::workshop::Workshop;

/// The programs of `benches/`, which are also the folders that they are built in.
const OURS: &str = "user-ours";
const BARE: &str = "user-bare";

/// The client.
const CLIENT: &str = "extend-ai";

/// Bytes of a megabyte.
const MEGABYTE: f64 = 1e6;

/// A whole release build of a program, from nothing.
#[derive(Clone, Debug)]
struct Program {
    seconds: f64,
    crates: usize,
    megabytes: f64,
}

/// A release build of one library, with its dependencies built before.
#[derive(Clone, Copy, Debug)]
struct Library {
    seconds: f64,
    megabytes: f64,
}

/// Measures the whole program and the client in it, beside the same program on bare reqwest. Each build is done once: it takes
/// minutes.
pub(super) fn measure_program(workshop: &Workshop<'_>) -> Vec<Found> {
    let programs = both(build_program(workshop, OURS), build_program(workshop, BARE));
    let client = build_client(workshop);
    let client_and_bare = both(client.clone(), programs.clone().map(|(_, bare)| bare));
    let crates = programs.clone().map(|(ours, bare)| Sample {
        value: ours.crates as f64,
        detail: format!("{} against {}", ours.crates, bare.crates),
    });
    let rlib = client.map(|client| Sample { value: client.megabytes, detail: String::new() });
    vec![
        ("user.build", programs.clone().map(|(ours, bare)| beside(ours.seconds, bare.seconds, Unit::Seconds))),
        ("user.size", programs.map(|(ours, bare)| beside(ours.megabytes, bare.megabytes, Unit::Megabytes))),
        ("user.crates", crates),
        ("user.client.bare", client_and_bare.map(|(client, bare)| beside(client.seconds, bare.seconds, Unit::Seconds))),
        ("user.client.rlib", rlib),
    ]
}

/// Measures the client alone, beside ploidy's crate.
pub(super) fn measure_client(workshop: &Workshop<'_>) -> Vec<Found> {
    let both = both(build_client(workshop), build_ploidy_crate(workshop));
    let time = both.clone().map(|(ours, theirs)| beside(ours.seconds, theirs.seconds, Unit::Seconds));
    let size = both.map(|(ours, theirs)| beside(ours.megabytes, theirs.megabytes, Unit::Megabytes));
    vec![("user.client.ploidy", time), ("user.client.rlib-ploidy", size)]
}

fn both<A, B>(ours: Measured<A>, other: Measured<B>) -> Measured<(A, B)> {
    Ok((ours?, other?))
}

fn beside(ours: f64, other: f64, unit: Unit) -> Sample {
    let what = if unit == Unit::Seconds { "user CPU time, one round" } else { "size" };
    let detail = format!("{} against {}; {what}", unit.show(ours), unit.show(other));
    Sample { value: ours / other, detail }
}

/// Builds a program of `benches/` in an empty folder.
fn build_program(workshop: &Workshop<'_>, name: &str) -> Measured<Program> {
    let target = workshop.scratch(name);
    if target.exists() {
        fs::remove_dir_all(&target).map_err(|error| NotMeasured::new(error.to_string()))?;
    }
    let log = workshop.scratch(&format!("{name}.log"));
    let benches = workshop.layout.place("benches");
    let usage = run_timed(workshop.cargo(&benches, name).args(["build", "--release", "--package", name]), &log)?;
    let printed = fs::read_to_string(&log).unwrap_or_default();
    let crates = printed.lines().filter(|line| line.trim_start().starts_with("Compiling ")).count();
    let megabytes = stripped_size(&target.join("release").join(name))?;
    Ok(Program { seconds: usage.user, crates, megabytes })
}

/// Returns the size of a program without symbols.
fn stripped_size(program: &Path) -> Measured<f64> {
    let stripped = program.with_extension("stripped");
    read_output(Command::new("strip").arg("-o").arg(&stripped).arg(program))?;
    read_size(&stripped)
}

fn read_size(file: &Path) -> Measured<f64> {
    let metadata = fs::metadata(file).map_err(|error| NotMeasured::new(format!("{}: {error}", file.display())))?;
    Ok(metadata.len() as f64 / MEGABYTE)
}

/// Builds the client again beside the dependencies of the program.
fn build_client(workshop: &Workshop<'_>) -> Measured<Library> {
    build_library(workshop, &workshop.layout.place("benches"), CLIENT)
}

/// Builds ploidy's crate for our document beside the same dependencies.
fn build_ploidy_crate(workshop: &Workshop<'_>) -> Measured<Library> {
    let folder = workshop.scratch("ploidy");
    write_ploidy_crate(workshop, &workshop.document()?, &folder)?;
    build_library(workshop, &folder, peers::THEIRS)
}

fn build_library(workshop: &Workshop<'_>, folder: &Path, package: &str) -> Measured<Library> {
    let cargo = |arguments: &[&str]| {
        let mut cargo = workshop.cargo(folder, OURS);
        workshop.time(cargo.args(arguments).args(["--quiet", "--release", "--package", package]))
    };
    cargo(&["build"])?;
    cargo(&["clean"])?;
    let seconds = cargo(&["build"])?.user;
    let name = format!("lib{}.rlib", package.replace('-', "_"));
    let found = find_library(&workshop.scratch(OURS).join("release"), &name)?;
    Ok(Library { seconds, megabytes: read_size(&found)? })
}

/// Finds a library: beside the programs where its package was asked for, else with a digest in its name.
fn find_library(folder: &Path, name: &str) -> Measured<PathBuf> {
    let direct = folder.join(name);
    if direct.is_file() {
        return Ok(direct);
    }
    let stem = name.trim_end_matches(".rlib");
    let entries = fs::read_dir(folder.join("deps")).map_err(|error| NotMeasured::new(error.to_string()))?;
    let is_it = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&format!("{stem}-")) && name.ends_with(".rlib")
    };
    let found = entries.flatten().map(|entry| entry.path()).find(is_it);
    found.ok_or_else(|| NotMeasured::new(format!("there is no {name}")))
}
