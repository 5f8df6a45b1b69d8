//! `ci`: all checks of this repository, one step after the other, each with its time. What the steps are is in `steps`; the first
//! one that fails ends the run.

mod features;
mod steps;
mod working_tree;

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::process::Command;
use std::time::{Duration, Instant};

use self::features::check_features;
use self::steps::{Pace, STEPS, Step, Work};
use self::working_tree::read_state;
use crate::cargo::find_cargo;
use crate::cli::CiArgs;
use crate::layout::Layout;
use crate::outcome::{Exit, Failure, Outcome};

/// Where the times of the last run are kept: after the tests nothing is printed.
const TIMES: &str = "target/ci-times.txt";

/// The step whose closing lines stay the last of the output.
const LAST: &str = "tests";

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ending {
    /// Well.
    Passed,
    /// It could not be run here, for this reason.
    Skipped(String),
    /// Badly, with what there is to say beyond what the step has printed.
    Failed(String),
}

/// A step that is over.
#[derive(Debug)]
struct Finished {
    name: &'static str,
    time: Duration,
    ending: Ending,
}

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &CiArgs) -> Result<Outcome, Failure> {
    let is_wanted = |step: &&Step| match &arguments.step {
        Some(name) => step.name == name,
        None => match step.pace {
            Pace::Fast => true,
            Pace::Full => !arguments.fast,
            Pace::Named => false,
        },
    };
    let steps: Vec<&Step> = STEPS.iter().filter(is_wanted).collect();
    if steps.is_empty() {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        let stderr = format!("error: there is no such step\nhelp: the steps are {}\n", names.join(", "));
        return Ok(Outcome { stdout: String::new(), stderr, exit: Exit::Arguments });
    }
    let mut finished: Vec<Finished> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        if step.name == LAST && index > 0 {
            print(&summary(&finished));
        }
        print(&format!("\n== {}\n", step.name));
        let start = Instant::now();
        let ending = run_step(layout, step)?;
        let failed = matches!(ending, Ending::Failed(_));
        if let Ending::Skipped(reason) | Ending::Failed(reason) = &ending {
            print(&format!("{reason}\n"));
        }
        finished.push(Finished { name: step.name, time: start.elapsed(), ending });
        if failed {
            let stderr = format!("{}\nerror: the step `{}` failed\n", summary(&finished), step.name);
            return Ok(Outcome { stdout: String::new(), stderr, exit: Exit::Ci });
        }
    }
    let times = layout.place(TIMES);
    // Times are a service; a folder that cannot be written to fails no check.
    let _kept = fs::write(times, summary(&finished));
    let ends_with_tests = finished.last().is_some_and(|step| step.name == LAST);
    Ok(Outcome::done(if ends_with_tests { String::new() } else { summary(&finished) }))
}

fn run_step(layout: &Layout, step: &Step) -> Result<Ending, Failure> {
    match step.work {
        Work::Cargo(arguments, environment) => {
            run_program(cargo(layout).args(arguments).envs(environment.iter().copied()), "cargo")
        }
        Work::Tool { program, arguments, install } => run_tool(layout, program, arguments, install),
        Work::Own(arguments) => run_own(layout, arguments),
        Work::RegenTwice => {
            let before = read_state(layout)?;
            let ending = run_own(layout, &["regen"])?;
            let is_same = read_state(layout)? == before;
            let message =
                "the working tree is not what it was before `cargo xtask regen`: see `git status` and `git diff`";
            Ok(if ending == Ending::Passed && !is_same { Ending::Failed(message.to_owned()) } else { ending })
        }
        Work::Features => Ok(check_features(layout)?.map_or(Ending::Passed, Ending::Failed)),
        Work::Corpus(folder) => {
            let path = layout.place(folder);
            if path.is_dir() {
                run_own(layout, &["corpus", &path.to_string_lossy()])
            } else {
                Ok(Ending::Skipped(format!("skipped: there is no folder {folder}")))
            }
        }
    }
}

/// Returns a cargo that works on the workspace, as it does in CI.
fn cargo(layout: &Layout) -> Command {
    let mut command = find_cargo();
    command.current_dir(layout.root()).env("CI", "true").env("INSTA_UPDATE", "no");
    command
}

/// Runs a command of this program in a process of its own, so that it prints what a maintainer would see.
fn run_own(layout: &Layout, arguments: &[&str]) -> Result<Ending, Failure> {
    let program = std::env::current_exe().map_err(Failure::io("find", "this program"))?;
    let mut command = Command::new(program);
    run_program(command.arg("--root").arg(layout.root()).args(arguments).current_dir(layout.root()), "xtask")
}

fn run_tool(layout: &Layout, program: &str, arguments: &[&str], install: &str) -> Result<Ending, Failure> {
    let mut command = Command::new(program);
    match command.args(arguments).current_dir(layout.root()).status() {
        Ok(status) if status.success() => Ok(Ending::Passed),
        Ok(status) => Ok(Ending::Failed(format!("{program} ended with {status}"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(Ending::Skipped(format!("skipped: {program} is not installed ({install})")))
        }
        Err(error) => Err(Failure::io("run", program)(error)),
    }
}

fn run_program(command: &mut Command, name: &str) -> Result<Ending, Failure> {
    let status = command.status().map_err(Failure::io("run", name))?;
    Ok(if status.success() { Ending::Passed } else { Ending::Failed(format!("{name} ended with {status}")) })
}

/// The steps so far with their times, one per line.
fn summary(finished: &[Finished]) -> String {
    let mut text = "\n".to_owned();
    for Finished { name, time, ending } in finished {
        let ending = match ending {
            Ending::Passed => "passed",
            Ending::Skipped(_) => "skipped",
            Ending::Failed(_) => "FAILED",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<24} {ending:<8} {:>8.1} s", time.as_secs_f64());
    }
    let total: Duration = finished.iter().map(|step| step.time).sum();
    let _ = writeln!(text, "{:<24} {:<8} {:>8.1} s", "total", "", total.as_secs_f64());
    text
}

/// Prints at once, in order with what the steps print. A reader that went away is no failure of the command.
fn print(text: &str) {
    let mut stdout = io::stdout().lock();
    let _closed = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_the_last_step() {
        assert_eq!(STEPS.last().map(|step| step.name), Some(LAST));
    }

    #[test]
    fn summary_has_a_line_per_step_and_the_total() {
        let step = |name, seconds, ending| Finished { name, time: Duration::from_secs(seconds), ending };
        let text = summary(&[
            step("format", 1, Ending::Passed),
            step("spelling", 0, Ending::Skipped(String::new())),
            step("lints", 61, Ending::Failed(String::new())),
        ]);
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        let expected = [
            vec![],
            vec!["format", "passed", "1.0", "s"],
            vec!["spelling", "skipped", "0.0", "s"],
            vec!["lints", "FAILED", "61.0", "s"],
            vec!["total", "62.0", "s"],
        ];
        assert_eq!(rows, expected);
    }
}
