//! Renders the results: the page `docs/benchmarks.md`, a table for the terminal, JSON. Reads no file and measures nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::figure::{FIGURES, Figure};
use super::results::{Entry, Results};
use crate::cli::BenchGroup;

/// What a person knows about the figures and no command does.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Why a figure misses its target and what the limit is, by its key.
    pub(super) reasons: BTreeMap<String, String>,
    /// The sections after the tables.
    pub(super) sections: String,
    /// What the figures were measured with.
    pub(super) machine: String,
}

/// Whether a figure is where it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Met,
    Missed,
    NotMeasured,
}

/// One figure for programs.
#[derive(Debug, Serialize)]
struct Row<'a> {
    key: &'a str,
    what: &'a str,
    target: String,
    met: Option<bool>,
    #[serde(flatten)]
    entry: Option<&'a Entry>,
    note: Option<&'a str>,
}

/// Renders the page.
pub(super) fn render_page(results: &Results, notes: &Notes) -> String {
    let mut page = format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench`, which anyone can run; not edited. A ratio compares two sides that were \
         measured in turn in\none run, best round against best round; times are CPU time, which a busy machine changes little. \
         Instructions are counted by\ncallgrind. Reasons and sections are in `benches/notes.toml` and `benches/notes.md`, numbers \
         in `benches/results.json`.\n\n{}\n",
        notes.machine
    );
    for group in GROUPS {
        let _ = write!(page, "\n## {}\n\n{HEAD}", title(group));
        for figure in FIGURES.iter().filter(|figure| figure.group == group) {
            page.push_str(&render_row(figure, results.get(figure.key), notes.reasons.get(figure.key)));
        }
        let _ = write!(page, "\n`cargo xtask bench {}` measures all of these; one of them:\n\n```sh\n", name(group));
        for figure in FIGURES.iter().filter(|figure| figure.group == group) {
            let _ = writeln!(page, "{}", figure.command());
        }
        page.push_str("```\n");
    }
    page.push('\n');
    page.push_str(&notes.sections);
    page
}

const GROUPS: [BenchGroup; 4] = [BenchGroup::Generator, BenchGroup::Compile, BenchGroup::Runtime, BenchGroup::User];

const HEAD: &str = "| figure | result | target | | measured | at |\n|---|---:|---:|---|---|---|\n";

fn title(group: BenchGroup) -> &'static str {
    match group {
        BenchGroup::Generator => "Generating",
        BenchGroup::Compile => "Compiling, as a developer",
        BenchGroup::Runtime => "Reading and calling",
        BenchGroup::User => "A user's release build",
    }
}

fn name(group: BenchGroup) -> &'static str {
    match group {
        BenchGroup::Generator => "generator",
        BenchGroup::Compile => "compile",
        BenchGroup::Runtime => "runtime",
        BenchGroup::User => "user",
    }
}

fn render_row(figure: &Figure, entry: Option<&Entry>, reason: Option<&String>) -> String {
    let value =
        entry.and_then(|entry| entry.sample.as_ref()).map_or("–".to_owned(), |sample| figure.unit.show(sample.value));
    let verdict = match judge(figure, entry) {
        Verdict::Met => "met",
        Verdict::Missed => "missed",
        Verdict::NotMeasured => "not measured",
    };
    let detail = entry.map(|entry| match (&entry.sample, &entry.reason) {
        (Some(sample), _) => sample.detail.clone(),
        (None, reason) => reason.clone().unwrap_or_default(),
    });
    let at = entry.map_or(String::new(), |entry| format!("{}, {}", entry.date, entry.commit));
    let mut said: Vec<String> = detail.into_iter().filter(|detail| !detail.is_empty()).collect();
    said.extend(reason.cloned());
    let said = said.join(". ").replace('|', "\\|").replace('\n', " ");
    let target = figure.target.show(figure.unit);
    format!("| {} | {value} | {target} | {verdict} | {said} | {at} |\n", figure.what)
}

fn judge(figure: &Figure, entry: Option<&Entry>) -> Verdict {
    match entry.and_then(|entry| entry.sample.as_ref()) {
        Some(sample) if figure.target.is_met_by(sample.value) => Verdict::Met,
        Some(_) => Verdict::Missed,
        None => Verdict::NotMeasured,
    }
}

/// Renders figures for the terminal: one line each.
pub(super) fn render_lines(figures: &[&Figure], results: &Results) -> String {
    let mut text = String::new();
    for figure in figures {
        let entry = results.get(figure.key);
        let said = match entry.map(|entry| (&entry.sample, &entry.reason)) {
            Some((Some(sample), _)) => {
                let verdict = if figure.target.is_met_by(sample.value) { "met" } else { "missed" };
                let (value, target) = (figure.unit.show(sample.value), figure.target.show(figure.unit));
                format!("{value:>10} {target:>10} {verdict:<7} {}", sample.detail)
            }
            Some((None, Some(reason))) => format!("not measured: {reason}"),
            Some((None, None)) | None => "not measured".to_owned(),
        };
        let _ = writeln!(text, "{:<26} {said}", figure.key);
    }
    text
}

/// Renders figures for programs.
pub(super) fn render_json(figures: &[&Figure], results: &Results, notes: &Notes) -> serde_json::Result<String> {
    let rows = figures.iter().map(|figure| {
        let entry = results.get(figure.key);
        Row {
            key: figure.key,
            what: figure.what,
            target: figure.target.show(figure.unit),
            met: match judge(figure, entry) {
                Verdict::Met => Some(true),
                Verdict::Missed => Some(false),
                Verdict::NotMeasured => None,
            },
            entry,
            note: notes.reasons.get(figure.key).map(String::as_str),
        }
    });
    serde_json::to_string_pretty(&rows.collect::<Vec<_>>()).map(|text| text + "\n")
}
