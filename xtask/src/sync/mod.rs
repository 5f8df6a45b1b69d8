//! `sync`: from the published document to a planned release, step by step. Stops at the first step that needs a person, and goes on
//! from there when it is run again.
//!
//! Each step is a command of this program, or cargo, in a process of its own: what it writes is all or nothing.

mod state;

use std::io::{self, Write};
use std::process::{Command, Output};

use crate::cargo::find_cargo;
use crate::cli::SyncArgs;
use crate::layout::Layout;
use crate::outcome::{Exit, Failure, Outcome};

use state::State;

/// A step, in the order in which they follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Fetch,
    Check,
    Drift,
    Regen,
    Tests,
    ReleasePlan,
}

impl Step {
    const ALL: [Self; 6] = [Self::Fetch, Self::Check, Self::Drift, Self::Regen, Self::Tests, Self::ReleasePlan];

    /// Returns the name in messages, which is that of its command, if it is one of this program.
    fn as_str(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Check => "check",
            Self::Drift => "drift",
            Self::Regen => "regen",
            Self::Tests => "tests",
            Self::ReleasePlan => "release-plan",
        }
    }

    /// Returns the exit codes with which the next step may follow.
    fn passes(self) -> &'static [i32] {
        match self {
            Self::Drift => &[0, 10, 30],
            Self::Fetch | Self::Check | Self::Regen | Self::Tests | Self::ReleasePlan => &[0],
        }
    }

    /// Returns what a person has to do when it ends otherwise.
    fn way_out(self) -> &'static str {
        match self {
            Self::Fetch => "see what the sources said; cargo xtask fetch --explain lists them",
            Self::Check => "correct the document in the overlay of its version",
            Self::Drift => {
                "read the report; accept each break with cargo xtask drift --accept FINGERPRINT --reason TEXT"
            }
            Self::Regen => "see cargo xtask check",
            Self::Tests => "review the snapshots, and fix what the tests show",
            Self::ReleasePlan => "tag the last release, or run cargo xtask release-plan --since REV",
        }
    }
}

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &SyncArgs) -> Result<Outcome, Failure> {
    if arguments.restart {
        State::clear(layout);
    }
    let mut state = State::read(layout);
    for step in Step::ALL {
        if state.is_done(step.as_str()) {
            say(&format!("{:<14} done before\n", step.as_str()));
            continue;
        }
        if step == Step::Tests && arguments.skip_tests {
            say(&format!("{:<14} skipped\n", step.as_str()));
            continue;
        }
        let output = run_step(layout, arguments, step)?;
        let code = output.status.code().unwrap_or(i32::from(Exit::Io.code()));
        if !step.passes().contains(&code) {
            say(&text(&output));
            let message = format!(
                "{} needs a person (exit code {code}): {}\nthen run cargo xtask sync again\n",
                step.as_str(),
                step.way_out()
            );
            return Ok(Outcome { stdout: String::new(), stderr: message, exit: exit(code) });
        }
        say(&format!("{:<14} done\n", step.as_str()));
        if step == Step::ReleasePlan {
            say(&text(&output));
        }
        state.finish(layout, step.as_str())?;
    }
    State::clear(layout);
    Ok(Outcome::done("everything is in step; the report is in target/sync/report.md\n"))
}

fn run_step(layout: &Layout, arguments: &SyncArgs, step: Step) -> Result<Output, Failure> {
    match step {
        Step::Drift => {
            let report = own(layout, &["drift", "--format", "markdown"])?;
            if report.status.code().is_some_and(|code| [0, 10, 20, 30].contains(&code)) {
                state::write(layout, "report.md", &String::from_utf8_lossy(&report.stdout))?;
            }
            Ok(report)
        }
        Step::Tests => {
            let mut command = find_cargo();
            command.args(["test", "--workspace"]).env("INSTA_UPDATE", "no").current_dir(layout.root());
            command.output().map_err(Failure::io("run", "cargo"))
        }
        Step::ReleasePlan => {
            let since = arguments.since.iter().flat_map(|revision| ["--since", revision.as_str()]);
            own(layout, &["release-plan"].into_iter().chain(since).collect::<Vec<_>>())
        }
        Step::Fetch | Step::Check | Step::Regen => own(layout, &[step.as_str()]),
    }
}

/// Runs a command of this program.
fn own(layout: &Layout, arguments: &[&str]) -> Result<Output, Failure> {
    let program = std::env::current_exe().map_err(Failure::io("find", "this program"))?;
    let mut command = Command::new(program);
    command.arg("--root").arg(layout.root()).args(arguments).current_dir(layout.root());
    command.output().map_err(Failure::io("run", "xtask"))
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Returns the exit code of a step as that of the command.
fn exit(code: i32) -> Exit {
    let known =
        [Exit::Arguments, Exit::NoWorkspace, Exit::Differs, Exit::Severe, Exit::Stale, Exit::Unsound, Exit::Fetch];
    known.into_iter().find(|exit| i32::from(exit.code()) == code).unwrap_or(Exit::Io)
}

/// Prints at once: the steps take long.
fn say(text: &str) {
    let mut stdout = io::stdout().lock();
    let _closed = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}
