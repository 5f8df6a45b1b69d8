//! What generating costs: our document pass by pass, and documents of others beside the generators of others. Must not know what a
//! pass does.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::figure::{Found, Measured, NotMeasured, Sample, Unit};
use super::peers::{Peer, generate_afresh, generate_ours};
use super::process::read_output;
use super::sampling::{Pairs, minimum};
use super::workshop::Workshop;

/// Rounds for one document: there are many documents.
const ROUNDS: usize = 3;

/// Rounds of the pipeline on our document: they are short.
const OWN_ROUNDS: usize = 15;

/// Measures the pipeline on our document.
pub(super) fn measure_document(workshop: &Workshop<'_>) -> Vec<Found> {
    vec![("generator.document", time_document(workshop))]
}

fn time_document(workshop: &Workshop<'_>) -> Measured<Sample> {
    let xtask = workshop.build_xtask()?;
    let rounds = workshop.rounds(OWN_ROUNDS);
    let run = |_| {
        let mut command = Command::new(&xtask);
        command.arg("--root").arg(workshop.layout.root()).args(["regen", "--check", "--timings"]);
        let printed = read_output(&mut command)?;
        parse_newest(&printed).ok_or_else(|| NotMeasured::new("regen prints no times"))
    };
    let times = (0..rounds.max(1)).map(run).collect::<Measured<Vec<f64>>>()?;
    let most = times.iter().copied().fold(0.0, f64::max);
    let detail = format!("wall time, best of {}; the worst took {}", times.len(), Unit::Milliseconds.show(most));
    Ok(Sample { value: minimum(&times), detail })
}

/// Adds up the passes of the newest version, from lines such as `2026-02-09 model  47.42 ms`; the other versions of the API are other
/// documents.
fn parse_newest(printed: &str) -> Option<f64> {
    let passes = printed.lines().filter_map(|line| {
        let [version, _, milliseconds, "ms"] = *line.split_whitespace().collect::<Vec<_>>() else { return None };
        Some((version, milliseconds.parse::<f64>().ok()?))
    });
    let passes: Vec<(&str, f64)> = passes.collect();
    let newest = passes.iter().map(|(version, _)| *version).max()?;
    Some(
        passes.iter().filter(|(version, _)| *version == newest).map(|(_, milliseconds)| milliseconds).sum::<f64>()
            / 1e3,
    )
}

/// Measures the whole process beside ploidy.
pub(super) fn measure_beside_ploidy(workshop: &Workshop<'_>) -> Vec<Found> {
    vec![("generator.corpus.ploidy", compare_corpus(workshop, Peer::Ploidy))]
}

/// Measures the whole process beside oas3-gen.
pub(super) fn measure_beside_oas3_gen(workshop: &Workshop<'_>) -> Vec<Found> {
    vec![("generator.corpus.oas3-gen", compare_corpus(workshop, Peer::Oas3Gen))]
}

fn compare_corpus(workshop: &Workshop<'_>, peer: Peer) -> Measured<Sample> {
    let documents = list_documents(workshop)?;
    let (xtask, program) = (workshop.build_xtask()?, peer.install(workshop)?);
    let (ours, theirs) = (workshop.scratch("generated/ours"), workshop.scratch("generated/theirs"));
    let mut ratios: Vec<(f64, String)> = Vec::new();
    for document in &documents {
        let run_theirs = || generate_afresh(workshop, &theirs, || peer.generate(&program, document, &theirs));
        if run_theirs().is_err() {
            continue;
        }
        let run_ours = || generate_afresh(workshop, &ours, || generate_ours(&xtask, document, &ours));
        let pairs = Pairs::measure(workshop.rounds(ROUNDS), run_ours, run_theirs)?;
        ratios.push((pairs.ratio(), format!("{}: {}", name_of(document), pairs.sample(Unit::Seconds).detail)));
    }
    ratios.sort_by(|left, right| left.0.total_cmp(&right.0));
    let ((best, _), (worst, detail)) =
        ratios.first().zip(ratios.last()).ok_or_else(|| NotMeasured::new("the peer finishes no document"))?;
    let finished = ratios.len();
    let within = ratios.iter().filter(|(ratio, _)| *ratio <= 0.5).count();
    let all = documents.len();
    let median = ratios.get(finished / 2).map_or(*worst, |(ratio, _)| *ratio);
    let detail = format!(
        "CPU time; {finished} of {all} documents finished, {within} within 0.5, {best:.2} to {worst:.2}, median {median:.2}; worst {detail}"
    );
    Ok(Sample { value: *worst, detail })
}

/// Returns the documents of `--corpus`, in the order of their names.
pub(super) fn list_documents(workshop: &Workshop<'_>) -> Measured<Vec<PathBuf>> {
    let folder = workshop.corpus.as_ref().ok_or_else(|| NotMeasured::new("needs --corpus DIR"))?;
    let entries = fs::read_dir(folder).map_err(|error| NotMeasured::new(format!("{}: {error}", folder.display())))?;
    let is_document = |path: &PathBuf| {
        ["json", "yaml", "yml"].iter().any(|extension| path.extension() == Some(OsStr::new(extension)))
    };
    let mut documents: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_document).collect();
    documents.sort();
    Ok(documents)
}

/// Returns the name of a document, without its folder.
pub(super) fn name_of(document: &Path) -> String {
    document.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_of_the_newest_version_are_added_up() {
        let printed = "2025-04-21 read  3.0 ms\n2026-02-09 read  4.5 ms\n2026-02-09 emit  10.0 ms\ntotal  17.5 ms\n";
        assert_eq!(parse_newest(printed), Some(0.0145));
        assert_eq!(parse_newest("up to date\n"), None);
    }
}
