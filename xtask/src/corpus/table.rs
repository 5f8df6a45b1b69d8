//! The results as a human-readable table, in Markdown that is also legible as plain text. Makes no judgments.

use std::fmt::Write as _;

use crate::cli::CorpusArgs;

use super::row::Row;
use super::samples::Sampled;

/// Longest result that is shown in full, in characters.
const LONGEST: usize = 120;
const HEAD: [&str; 15] = [
    "document",
    "OpenAPI",
    "KB",
    "ops in",
    "ops out",
    "types",
    "lines",
    "ms",
    "ms/MB",
    "MB",
    "untyped",
    "samples",
    "skipped",
    "warnings by code",
    "result",
];
/// Columns that hold numbers.
const NUMBERS: std::ops::Range<usize> = 2..13;

/// Renders the page for `--table`.
pub(super) fn render_page(arguments: &CorpusArgs, rows: &[Row]) -> String {
    let samples = arguments.samples.map_or_else(String::new, |count| format!(" --samples {count}"));
    let mut check = if arguments.check { " --check".to_owned() } else { String::new() };
    if !arguments.features.is_empty() {
        check.push_str(&format!(" --features {}", arguments.features.join(",")));
    }
    check.push_str(&samples);
    let folder = arguments.folder.display();
    let build = if cfg!(debug_assertions) { "a debug build" } else { "a release build" };
    format!(
        "# Corpus\n\nWritten by `cargo xtask corpus {folder}{check} --table <this file>`; not edited.\n\n\
         ops in: operations the document describes, counted in it. ops out: operations of the client, counted in its \
         code.\nms: from bytes to source text, by {build}. MB: most memory the generating process held. lines: of \
         generated code.\nuntyped: places that became plain JSON although the document says more, listed below.\nsamples: \
         values that went through the types of the client, valid and invalid; a valid one that is changed or refused is in \
         the result. skipped: components, request bodies and responses without samples.\nresult: `compiles` is without errors and without warnings, library and example.\n\n{}{}{}{}",
        render_table(rows),
        render_samples(rows),
        render_skipped(rows),
        render_untyped(rows),
    )
}

/// Renders what became of the samples of all documents together.
fn render_samples(rows: &[Row]) -> String {
    let sampled: Vec<&Sampled> = rows.iter().filter_map(|row| row.samples.as_ref()).collect();
    if sampled.is_empty() {
        return String::new();
    }
    let sum = |of: fn(&Sampled) -> usize| sampled.iter().map(|sampled| of(sampled)).sum::<usize>();
    let (subjects, left_out) = (sum(|sampled| sampled.subjects), sum(Sampled::left_out));
    format!(
        "\n## Samples\n\n{} valid values came back the same, {} changed or refused. {} invalid values were refused, {} kept as they \
         are. {left_out} of {subjects} components, request bodies and responses have no samples.\n",
        sum(|sampled| sampled.same),
        sum(|sampled| sampled.wrong),
        sum(|sampled| sampled.refused),
        sum(|sampled| sampled.kept),
    )
}

/// Lists what has no samples, with the reason.
fn render_skipped(rows: &[Row]) -> String {
    let mut text = String::new();
    for (row, samples) in rows.iter().filter_map(|row| Some((row, row.samples.as_ref()?))) {
        for (reason, names) in &samples.skipped {
            let names: Vec<String> = names.iter().map(|name| format!("`{}`", escape_cell(name))).collect();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "| {} | {reason} | {} |", row.document, names.join(", "));
        }
    }
    titled("Skipped", "| document | reason | components, request bodies and responses |\n|:--|:--|:--|\n", &text)
}

/// Lists the places that became plain JSON, with the reason.
fn render_untyped(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        for untyped in &row.measured.untyped {
            let _ = writeln!(
                text,
                "| {} | `{}` | {} |",
                row.document,
                untyped.place.replace('|', "\\|"),
                escape_cell(&untyped.reason)
            );
        }
    }
    titled("Untyped", "| document | place | reason |\n|:--|:--|:--|\n", &text)
}

/// Returns a section of the page, if it has rows.
fn titled(title: &str, head: &str, rows: &str) -> String {
    if rows.is_empty() { String::new() } else { format!("\n## {title}\n\n{head}{rows}") }
}

/// Renders the table, with the totals in the last row.
pub(super) fn render_table(rows: &[Row]) -> String {
    let mut cells: Vec<[String; 15]> = vec![HEAD.map(str::to_owned)];
    cells.extend(rows.iter().map(cells_of));
    cells.push(sum_cells(rows));
    let widths: [usize; 15] =
        std::array::from_fn(|column| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let mut text = String::new();
    for (index, row) in cells.iter().enumerate() {
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            // Writing to a string cannot fail.
            let _ = if NUMBERS.contains(&column) {
                write!(text, "| {cell:>width$} ")
            } else {
                write!(text, "| {cell:<width$} ")
            };
        }
        text.push_str("|\n");
        if index == 0 {
            for (column, width) in widths.into_iter().enumerate() {
                let line = "-".repeat(width + 1);
                text.push_str(&if NUMBERS.contains(&column) { format!("|{line}:") } else { format!("|:{line}") });
            }
            text.push_str("|\n");
        }
    }
    text
}

fn cells_of(row: &Row) -> [String; 15] {
    let measured = &row.measured;
    let warnings: Vec<String> = measured.warnings.iter().map(|(code, count)| format!("{code} {count}")).collect();
    let per_megabyte = (measured.ms * 1_000_000).checked_div(row.bytes).unwrap_or_default();
    [
        row.document.clone(),
        measured.version.clone(),
        (row.bytes / 1000).to_string(),
        measured.operations_in.to_string(),
        measured.operations_out.to_string(),
        measured.types.to_string(),
        measured.lines.to_string(),
        measured.ms.to_string(),
        per_megabyte.to_string(),
        measured.memory_kb.map_or_else(String::new, |kb| (kb / 1024).to_string()),
        measured.untyped.len().to_string(),
        row.samples.as_ref().map_or_else(String::new, |samples| samples.total().to_string()),
        row.samples.as_ref().map_or_else(String::new, |samples| samples.left_out().to_string()),
        warnings.join(", "),
        escape_cell(&row.result()),
    ]
}

fn sum_cells(rows: &[Row]) -> [String; 15] {
    let sum = |of: &dyn Fn(&Row) -> usize| rows.iter().map(of).sum::<usize>().to_string();
    let (bytes, ms) =
        (rows.iter().map(|row| row.bytes).sum::<u64>(), rows.iter().map(|row| row.measured.ms).sum::<u64>());
    let most = rows.iter().filter_map(|row| row.measured.memory_kb).max().unwrap_or_default();
    let warnings = sum(&|row| row.measured.warnings.values().sum());
    [
        format!("{} documents", rows.len()),
        String::new(),
        (bytes / 1000).to_string(),
        sum(&|row| row.measured.operations_in),
        sum(&|row| row.measured.operations_out),
        sum(&|row| row.measured.types),
        sum(&|row| row.measured.lines),
        ms.to_string(),
        (ms * 1_000_000).checked_div(bytes).unwrap_or_default().to_string(),
        (most / 1024).to_string(),
        sum(&|row| row.measured.untyped.len()),
        sum(&|row| row.samples.as_ref().map_or(0, Sampled::total)),
        sum(&|row| row.samples.as_ref().map_or(0, Sampled::left_out)),
        warnings,
        format!("{} pass", rows.iter().filter(|row| row.passes()).count()),
    ]
}

/// Escapes text for use in a table cell.
fn escape_cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    if line.chars().count() <= LONGEST {
        return line;
    }
    line.chars().take(LONGEST).collect::<String>() + "…"
}
