//! `bench`: what generating, compiling and using the client costs, beside others, with a target for every figure. Every figure is a
//! ratio of two sides measured in turn, or a count; the last results are kept, and `docs/benchmarks.md` is written from them. One
//! file per group of figures; this one chooses what is measured and must not know how.

mod callgrind;
mod compile;
mod dependencies;
mod edit_cycle;
mod figure;
mod generator;
mod guard;
mod peers;
mod process;
mod report;
mod results;
mod runtime;
mod sampling;
mod user;
mod workshop;

use std::collections::BTreeMap;
use std::process::Command;

use self::figure::{FIGURES, Figure, Found};
use self::guard::Purpose;
use self::process::read_output;
use self::report::Notes;
use self::results::Results;
use self::workshop::Workshop;
use crate::cli::BenchArgs;
use crate::crate_folder::write_when_new;
use crate::input;
use crate::layout::Layout;
use crate::outcome::{Exit, Failure, Outcome};

/// The page.
const PAGE: &str = "docs/benchmarks.md";
/// Why figures miss their targets.
const REASONS: &str = "benches/notes.toml";
/// Why the client depends on what it depends on.
const DEPENDENCIES: &str = "benches/dependencies.toml";
/// Sections of the page after the tables.
const SECTIONS: &str = "benches/notes.md";

/// Figures that are measured together.
struct Task {
    keys: &'static [&'static str],
    measure: fn(&Workshop<'_>) -> Vec<Found>,
}

/// All tasks, in the order in which they are run.
const TASKS: [Task; 17] = [
    Task { keys: &["generator.document"], measure: generator::measure_document },
    Task { keys: &["generator.corpus.ploidy"], measure: generator::measure_beside_ploidy },
    Task { keys: &["generator.corpus.oas3-gen"], measure: generator::measure_beside_oas3_gen },
    Task { keys: &["compile.stock", "compile.stock-runtime"], measure: compile::measure_beside_stock },
    Task { keys: &["compile.ploidy"], measure: compile::measure_beside_ploidy },
    Task { keys: &["compile.corpus.ploidy"], measure: compile::measure_corpus_beside_ploidy },
    Task { keys: &["compile.area"], measure: compile::measure_area },
    Task { keys: &["compile.schema"], measure: compile::measure_schema },
    Task { keys: &["compile.enum-value"], measure: edit_cycle::measure_enum_value },
    Task { keys: &["compile.fresh-regen", "compile.fresh-test"], measure: edit_cycle::measure_fresh_clone },
    Task { keys: &["runtime.decode.speed", "runtime.decode.allocations"], measure: runtime::measure_decoding },
    Task {
        keys: &[
            "runtime.workflow-run",
            "runtime.extract-run",
            "runtime.parse-run",
            "runtime.union.depth",
            "runtime.union.serde",
        ],
        measure: runtime::measure_unions,
    },
    Task {
        keys: &["runtime.get.time", "runtime.get.instructions", "runtime.get.allocations"],
        measure: runtime::measure_call,
    },
    Task { keys: &["runtime.items"], measure: runtime::measure_items },
    Task { keys: &["runtime.webhook"], measure: runtime::measure_webhook },
    Task {
        keys: &["user.build", "user.size", "user.crates", "user.client.bare", "user.client.rlib"],
        measure: user::measure_program,
    },
    Task { keys: &["user.client.ploidy", "user.client.rlib-ploidy"], measure: user::measure_client },
];

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &BenchArgs) -> Result<Outcome, Failure> {
    let workshop = Workshop::open(layout, arguments)?;
    if arguments.guard {
        return guard::run(&workshop, if arguments.accept { Purpose::Accept } else { Purpose::Compare });
    }
    if let Some(unknown) = arguments.only.iter().find(|key| FIGURES.iter().all(|figure| figure.key != **key)) {
        let keys: Vec<&str> = FIGURES.iter().map(|figure| figure.key).collect();
        let stderr = format!("error: there is no figure {unknown}\nhelp: the figures are {}\n", keys.join(", "));
        return Ok(Outcome { stdout: String::new(), stderr, exit: Exit::Arguments });
    }
    let wanted: Vec<&Figure> = FIGURES.iter().filter(|figure| is_wanted(figure, arguments)).collect();
    let mut results = Results::read(layout)?;
    if !arguments.report {
        measure(layout, &workshop, &wanted, &mut results)?;
    }
    let notes = read_notes(layout)?;
    write_when_new(&layout.place(PAGE), report::render_page(&results, &notes).as_bytes())?;
    if arguments.json {
        let text = report::render_json(&wanted, &results, &notes);
        return Ok(Outcome::done(text.map_err(|error| Failure::io("write", "the figures")(error.into()))?));
    }
    Ok(Outcome::done(report::render_lines(&wanted, &results)))
}

fn is_wanted(figure: &Figure, arguments: &BenchArgs) -> bool {
    let is_of_group = arguments.group.is_none_or(|group| figure.group == group);
    is_of_group && (arguments.only.is_empty() || arguments.only.iter().any(|key| key == figure.key))
}

/// Measures task by task; what is done is kept when a later task is interrupted.
fn measure(layout: &Layout, workshop: &Workshop<'_>, wanted: &[&Figure], results: &mut Results) -> Result<(), Failure> {
    for task in TASKS.iter().filter(|task| wanted.iter().any(|figure| task.keys.contains(&figure.key))) {
        eprintln!("measuring {}", task.keys.join(", "));
        results.add(layout, (task.measure)(workshop));
        results.write(layout)?;
    }
    Ok(())
}

fn read_notes(layout: &Layout) -> Result<Notes, Failure> {
    let rustc = read_output(Command::new("rustc").arg("--version")).unwrap_or_default();
    let machine = format!(
        "The page was written with {} on {} {}, {} processors.",
        rustc.trim(),
        std::env::consts::OS,
        std::env::consts::ARCH,
        ::generator::parallel::processors()
    );
    let graph = dependencies::read_graph(layout).map_err(|reason| {
        Failure::io("read", "the dependencies of the client")(std::io::Error::other(reason.to_string()))
    })?;
    let dependencies = dependencies::render_section(&graph, &read_table(layout, DEPENDENCIES)?);
    let sections = format!("{}\n{dependencies}", input::text(layout, &layout.place(SECTIONS))?);
    Ok(Notes { reasons: read_table(layout, REASONS)?, sections, machine })
}

/// Reads a file of texts by name.
fn read_table(layout: &Layout, file: &str) -> Result<BTreeMap<String, String>, Failure> {
    let path = layout.place(file);
    let text = input::text(layout, &path)?;
    toml::from_str(&text).map_err(|error| Failure::io("read", &path)(std::io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_measured_by_one_task() {
        for figure in &FIGURES {
            let tasks = TASKS.iter().filter(|task| task.keys.contains(&figure.key)).count();
            assert_eq!(tasks, 1, "{}", figure.key);
        }
        for key in TASKS.iter().flat_map(|task| task.keys) {
            assert!(FIGURES.iter().any(|figure| figure.key == *key), "{key}");
        }
    }
}
