//! `regen`: writes the generated client from the documents, all or nothing, or only compares it. What is generated is the
//! generator's concern.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use generator::{Code, Generated, Pass, Severity};

use crate::cli::RegenArgs;
use crate::difference::{self, Changes};
use crate::fetch;
use crate::guard::Guard;
use crate::input::{self, DocumentPolicy, Inputs};
use crate::layout::{ApiVersion, DOCUMENT, Layout};
use crate::outcome::{Exit, Failure, Outcome, Problem, ProblemCode, counted};
use crate::staging::{Content, Recovery, Swap};
use crate::tree::{self, Tree};

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &RegenArgs) -> Result<Outcome, Failure> {
    let version = DocumentPolicy::read(layout)?.api_version(layout)?;
    let swap = Swap::with_companion(&layout.generated(), &layout.names());
    // A fetch that was killed may have moved the document aside.
    fetch::recover(layout, &version)?;
    let guard = if arguments.check { None } else { Some(Guard::take(layout.spec())?) };
    let note = match guard {
        Some(_) => recovered(swap.recover()?),
        None => interrupted(&swap),
    };

    input::verify_lock(layout, &version)?;
    let inputs = Inputs::of_layout(layout, &version)?;
    let mut clock = Clock::default();
    let generated = generator::generate(&inputs.sources(), &mut |pass| clock.begin(pass));
    clock.end();
    let generated = generated.map_err(Failure::Unsound)?;
    if !arguments.allow_approximate {
        refuse_approximate(layout, &version, &generated)?;
    }

    let mut outcome = if arguments.check {
        compare(layout, &inputs, &generated)?
    } else {
        write(layout, &swap, &inputs, &generated)?
    };
    if arguments.timings {
        outcome.stdout.push_str(&clock.table());
    }
    outcome.stderr.insert_str(0, note);
    outcome.stderr.push_str(&warnings(&generated));
    Ok(outcome)
}

/// Rejects a document that was reconstructed from prose: a client of it is only for those who asked for one.
fn refuse_approximate(layout: &Layout, version: &ApiVersion, generated: &Generated) -> Result<(), Failure> {
    if !generated.report.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::Approximate) {
        return Ok(());
    }
    let document = layout.display(&layout.version(version).join(DOCUMENT));
    let found = "the document was reconstructed from pages in prose and is incomplete";
    let problem = Problem::new(ProblemCode::Approximate, document, found).expected("a document written by the vendor");
    Err(Failure::Input(
        problem.help("fetch one with cargo xtask fetch, or generate from this one with --allow-approximate"),
    ))
}

fn interrupted(swap: &Swap) -> &'static str {
    if swap.is_interrupted() {
        "note: an earlier regen was interrupted; the next one without --check repairs it\n"
    } else {
        ""
    }
}

fn recovered(recovery: Recovery) -> &'static str {
    match recovery {
        Recovery::Clean => "",
        Recovery::Undone => "note: an earlier regen was interrupted; its changes were undone\n",
        Recovery::Finished => "note: an earlier regen was interrupted; its leftovers were removed\n",
    }
}

fn tree_of(generated: &Generated) -> Tree {
    generated.files.iter().map(|(path, text)| (path.clone(), text.as_bytes().to_vec())).collect()
}

/// Writes the files that differ.
fn write(layout: &Layout, swap: &Swap, inputs: &Inputs, generated: &Generated) -> Result<Outcome, Failure> {
    let (is, should) = (tree::read(&layout.generated())?, tree_of(generated));
    let changes = Changes::between(&is, &should);
    let names_differ = inputs.names() != generated.names;
    if changes.is_empty() && !names_differ {
        return Ok(Outcome::done(format!("up to date: {}\n", counted(should.len(), "file"))));
    }
    swap.run(Content { folder: &should, companion: generated.names.as_bytes() })?;
    let mut text = String::new();
    // Writing to a string cannot fail.
    if !changes.is_empty() {
        let _ = writeln!(text, "{}: {} of {}", layout.display(&layout.generated()), changes.summary(), should.len());
    }
    if names_differ {
        let _ = writeln!(text, "{}: updated", layout.display(&layout.names()));
    }
    Ok(Outcome::done(text))
}

/// Compares the files; writes nothing.
fn compare(layout: &Layout, inputs: &Inputs, generated: &Generated) -> Result<Outcome, Failure> {
    let (is, should) = (tree::read(&layout.generated())?, tree_of(generated));
    let mut diff = difference::of_trees(&layout.display(&layout.generated()), &is, &should);
    let names = layout.display(&layout.names());
    let (names_are, names_should) = (inputs.names().as_bytes(), generated.names.as_bytes());
    diff.push_str(&difference::of_file(&names, Some(names_are), Some(names_should)));
    if diff.is_empty() {
        return Ok(Outcome::done(format!("up to date: {}\n", counted(should.len(), "file"))));
    }
    let changes = Changes::between(&is, &should);
    let mut stderr = "error: the generated client is out of date with spec/".to_owned();
    if !changes.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(stderr, " ({})", changes.summary());
    }
    stderr.push_str("\nhelp: run cargo xtask regen; machine-written files are never edited by hand\n");
    Ok(Outcome { stdout: diff, stderr, exit: Exit::Stale })
}

/// Returns the number of warnings; `check` lists them.
fn warnings(generated: &Generated) -> String {
    let is_warning = |severity| matches!(severity, Severity::Warning);
    let count = generated.report.diagnostics.iter().filter(|diagnostic| is_warning(diagnostic.severity)).count();
    match count {
        0 => String::new(),
        1 => "1 warning: cargo xtask check shows it\n".to_owned(),
        _ => format!("{count} warnings: cargo xtask check shows them\n"),
    }
}

/// Measures the passes: the generator itself has no clock.
#[derive(Debug, Default)]
struct Clock {
    running: Option<(Pass, Instant)>,
    done: Vec<(String, Duration)>,
}

impl Clock {
    /// Ends the pass that is running and begins another.
    fn begin(&mut self, pass: Pass) {
        self.end();
        self.running = Some((pass, Instant::now()));
    }

    /// Ends the pass that is running.
    fn end(&mut self) {
        if let Some((pass, start)) = self.running.take() {
            self.done.push((pass.to_string(), start.elapsed()));
        }
    }

    /// Returns one line per pass and one for the total, in milliseconds.
    fn table(&self) -> String {
        let total: Duration = self.done.iter().map(|(_, time)| *time).sum();
        let line = |name: &str, time: Duration| format!("{name:<24} {:>9.2} ms\n", time.as_secs_f64() * 1000.0);
        let passes: String = self.done.iter().map(|(name, time)| line(name, *time)).collect();
        format!("{passes}{}", line("total", total))
    }
}
