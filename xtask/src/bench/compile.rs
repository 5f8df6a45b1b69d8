//! What checking costs: the client beside stock progenitor and beside ploidy, one area beside all, and the way from a changed document
//! or a fresh clone to a result. Must not know what is in a crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::figure::{Found, Measured, NotMeasured, Sample, Unit};
use super::generator::{list_documents, name_of};
use super::peers::{self, generate_afresh, generate_ours, write_ploidy_crate};
use super::sampling::Pairs;
use super::workshop::Workshop;

/// Folder of the builds that are compared: both sides share the dependencies.
const TARGET: &str = "check";

/// Rounds of a pair of checks, which take seconds each.
const ROUNDS: usize = 3;

/// Large documents that are compared beside our own.
const LARGE: usize = 4;

/// The client and what is compiled with it again.
const CLIENT: &str = "extend-ai";
const RUNTIME: &str = "sdk-runtime";

/// Features of a client with one area.
const AREA: [&str; 3] = ["--no-default-features", "--features", "extract,rustls"];
/// The client with typed extraction.
const SCHEMA: [&str; 2] = ["--features", "schema"];

/// A package to check, and the packages that are stale each time.
struct Side<'a> {
    folder: &'a Path,
    package: &'a str,
    stale: &'a [&'a str],
    features: &'a [&'a str],
}

/// Measures the client beside what stock progenitor makes of the same document.
pub(super) fn measure_beside_stock(workshop: &Workshop<'_>) -> Vec<Found> {
    let stock = match write_stock_crate(workshop) {
        Ok(stock) => stock,
        Err(reason) => return vec![("compile.stock", Err(reason.clone())), ("compile.stock-runtime", Err(reason))],
    };
    let theirs = Side { folder: &stock, package: "stock-progenitor", stale: &["stock-progenitor"], features: &[] };
    let ours = |stale| Side { folder: workshop.layout.root(), package: CLIENT, stale, features: &[] };
    vec![
        ("compile.stock", compare(workshop, ROUNDS, &ours(&[CLIENT]), &theirs)),
        ("compile.stock-runtime", compare(workshop, ROUNDS, &ours(&[CLIENT, RUNTIME]), &theirs)),
    ]
}

/// Writes the crate of stock progenitor, with the versions of the dependencies that ours has.
fn write_stock_crate(workshop: &Workshop<'_>) -> Measured<PathBuf> {
    let (document, folder) = (workshop.document()?, workshop.scratch("stock"));
    let mut cargo = workshop.cargo(workshop.layout.root(), "generator");
    cargo.args(["run", "--quiet", "--package", "generator", "--example", "stock_progenitor", "--"]);
    workshop.time(cargo.arg(document).arg(&folder))?;
    let copied = fs::copy(workshop.layout.place("Cargo.lock"), folder.join("Cargo.lock"));
    copied.map(|_| folder).map_err(|error| NotMeasured::new(error.to_string()))
}

/// Measures the client beside ploidy's crate for our document.
pub(super) fn measure_beside_ploidy(workshop: &Workshop<'_>) -> Vec<Found> {
    let compared = workshop.document().and_then(|document| {
        let folder = workshop.scratch("ploidy");
        write_ploidy_crate(workshop, &document, &folder)?;
        let ours = Side { folder: workshop.layout.root(), package: CLIENT, stale: &[CLIENT], features: &[] };
        let theirs = Side { folder: &folder, package: peers::THEIRS, stale: &[peers::THEIRS], features: &[] };
        compare(workshop, ROUNDS, &ours, &theirs)
    });
    vec![("compile.ploidy", compared)]
}

/// Measures our crates beside ploidy's for the largest documents of others.
pub(super) fn measure_corpus_beside_ploidy(workshop: &Workshop<'_>) -> Vec<Found> {
    vec![("compile.corpus.ploidy", compare_large_documents(workshop))]
}

fn compare_large_documents(workshop: &Workshop<'_>) -> Measured<Sample> {
    let mut documents = list_documents(workshop)?;
    documents.sort_by_key(|document| std::cmp::Reverse(fs::metadata(document).map_or(0, |metadata| metadata.len())));
    let xtask = workshop.build_xtask()?;
    let (ours, theirs) = (workshop.scratch("large/ours"), workshop.scratch("large/theirs"));
    let mut samples: Vec<(String, Sample)> = Vec::new();
    for document in documents {
        if samples.len() == LARGE {
            break;
        }
        if write_ploidy_crate(workshop, &document, &theirs).is_err() {
            continue;
        }
        generate_afresh(workshop, &ours, || generate_ours(&xtask, &document, &ours))?;
        let side = |folder, package, stale| Side { folder, package, stale, features: &[] };
        let ours = side(&ours, peers::OURS, &[peers::OURS]);
        let theirs = side(&theirs, peers::THEIRS, &[peers::THEIRS]);
        // A crate of theirs that does not compile is nothing to be compared with.
        if let Ok(sample) = compare(workshop, 1, &ours, &theirs) {
            samples.push((name_of(&document), sample));
        }
    }
    let worst = samples.iter().map(|(_, sample)| sample.value).reduce(f64::max);
    let value = worst.ok_or_else(|| NotMeasured::new("ploidy finishes no document"))?;
    let details: Vec<String> =
        samples.iter().map(|(name, sample)| format!("{name}: {:.2} ({})", sample.value, sample.detail)).collect();
    Ok(Sample { value, detail: details.join("; ") })
}

/// Measures the client with one area beside the client with all of them.
pub(super) fn measure_area(workshop: &Workshop<'_>) -> Vec<Found> {
    vec![("compile.area", compare_features(workshop, &AREA))]
}

/// Measures the client with typed extraction beside the client without it.
pub(super) fn measure_schema(workshop: &Workshop<'_>) -> Vec<Found> {
    vec![("compile.schema", compare_features(workshop, &SCHEMA))]
}

/// Checks the client with these features beside the client with its default ones.
fn compare_features(workshop: &Workshop<'_>, features: &[&'static str]) -> Measured<Sample> {
    let side = |features| Side { folder: workshop.layout.root(), package: CLIENT, stale: &[CLIENT], features };
    compare(workshop, ROUNDS, &side(features), &side(&[]))
}

/// Checks both sides in turn, with their dependencies already checked.
fn compare(workshop: &Workshop<'_>, rounds: usize, ours: &Side<'_>, other: &Side<'_>) -> Measured<Sample> {
    for side in [ours, other] {
        workshop.time(&check(workshop, side))?;
    }
    let time = |side: &Side<'_>| {
        for package in side.stale {
            let mut clean = workshop.cargo(side.folder, TARGET);
            workshop.time(clean.args(["clean", "--quiet", "--package", package]))?;
        }
        workshop.time(&check(workshop, side)).map(|usage| usage.user)
    };
    let pairs = Pairs::measure(workshop.rounds(rounds), || time(ours), || time(other))?;
    Ok(pairs.sample(Unit::Seconds))
}

fn check(workshop: &Workshop<'_>, side: &Side<'_>) -> Command {
    let mut command = workshop.cargo(side.folder, TARGET);
    command.args(["check", "--quiet", "--package", side.package]).args(side.features);
    command
}
