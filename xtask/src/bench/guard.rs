//! Compares instruction counts of generating, reading and calling with the committed ones: a figure that no busy machine changes, so
//! that a step of CI can fail on it. Must not know how any of them works.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::callgrind::{count_process, count_round, is_installed};
use super::figure::{Measured, NotMeasured};
use super::process::read_output;
use super::runtime::{CALL, DECODE};
use super::workshop::Workshop;
use crate::crate_folder::write_when_new;
use crate::outcome::{Exit, Failure, Outcome};

/// Where the counts are committed.
const FILE: &str = "benches/instructions.toml";

const COMMENT: &str = "# Instructions, written by `cargo xtask bench --guard --accept`. CI allows 10 % more or less.\n";

/// How far a count may be from the committed one.
const TOLERANCE: f64 = 0.1;

/// The committed counts.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Committed {
    /// The compiler that made the programs.
    rustc: String,
    /// The counts, by what was done.
    counts: BTreeMap<String, u64>,
}

/// What to do with the counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Compare them with the committed ones.
    Compare,
    /// Commit to them.
    Accept,
}

/// Counts, and compares or keeps the counts.
pub(super) fn run(workshop: &Workshop<'_>, purpose: Purpose) -> Result<Outcome, Failure> {
    if !is_installed() {
        return Ok(Outcome::done("skipped: valgrind is not installed\n"));
    }
    let counts = match count_all(workshop) {
        Ok(counts) => counts,
        Err(reason) => {
            let stderr = format!("error: {reason}\n");
            return Ok(Outcome { stdout: String::new(), stderr, exit: Exit::Costlier });
        }
    };
    let path = workshop.layout.place(FILE);
    match purpose {
        Purpose::Accept => {
            let rustc = read_output(Command::new("rustc").arg("--version")).unwrap_or_default().trim().to_owned();
            let committed = Committed { rustc, counts };
            let text = toml::to_string(&committed)
                .map_err(|error| Failure::io("write", &path)(std::io::Error::other(error)))?;
            write_when_new(&path, (COMMENT.to_owned() + &text).as_bytes())?;
            Ok(Outcome::done(format!("wrote {FILE}\n")))
        }
        Purpose::Compare => {
            let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
            let committed =
                toml::from_str(&text).map_err(|error| Failure::io("read", &path)(std::io::Error::other(error)))?;
            Ok(compare(&committed, &counts))
        }
    }
}

fn count_all(workshop: &Workshop<'_>) -> Measured<BTreeMap<String, u64>> {
    let generate = count_generation(workshop)?;
    let (decode, call) = (workshop.build_program(DECODE)?, workshop.build_program(CALL)?);
    let counts = [
        ("generate", generate),
        ("read-workflow-run", count_round(&decode, "workflow_run", "read")?),
        ("read-parse-run", count_round(&decode, "parse_run", "read")?),
        ("write-workflow-run", count_round(&decode, "workflow_run", "write")?),
        ("call-get", count_round(&call, "get", "client")?),
    ];
    // Counts are whole numbers far below the limits of either type.
    Ok(counts.into_iter().map(|(name, count)| (name.to_owned(), count as u64)).collect())
}

/// Counts what this program takes to generate the client of the oldest version. It is counted as it was compiled for `cargo xtask`:
/// to compile it with optimization would take longer than all the rest of the guard, and the counts of both move together.
fn count_generation(workshop: &Workshop<'_>) -> Measured<f64> {
    if !cfg!(debug_assertions) {
        return Err(NotMeasured::new("the committed count is that of `cargo xtask`, not of an optimized build"));
    }
    let program = std::env::current_exe().map_err(|error| NotMeasured::new(error.to_string()))?;
    let folder = workshop.scratch("guarded");
    // What an earlier run left would be compared with.
    let _absent = fs::remove_dir_all(&folder);
    let mut command = Command::new(program);
    command.arg("--root").arg(workshop.layout.root()).arg("generate");
    command.arg("--spec").arg(workshop.oldest_document()?).arg("--out").arg(&folder);
    count_process(&command)
}

/// Compares each count with the committed one.
fn compare(committed: &Committed, counts: &BTreeMap<String, u64>) -> Outcome {
    let (mut stdout, mut worse, mut better) = (String::new(), 0, 0);
    for (name, count) in counts {
        let Some(before) = committed.counts.get(name) else {
            let _ = writeln!(stdout, "{name:<20} {count:>14} (not committed: run with --accept)");
            continue;
        };
        let change = *count as f64 / *before as f64 - 1.0;
        let verdict = if change > TOLERANCE {
            worse += 1;
            "  costs more"
        } else if change < -TOLERANCE {
            better += 1;
            "  costs less"
        } else {
            ""
        };
        let _ = writeln!(stdout, "{name:<20} {count:>14} of {before:>14} {:>+6.1} %{verdict}", change * 100.0);
    }
    if worse + better == 0 {
        return Outcome::done(stdout);
    }
    let stderr = format!(
        "error: {worse} cost more and {better} cost less than {FILE} says, by more than {:.0} % ({})\n\
         help: if that is intended, run `cargo xtask bench --guard --accept`\n",
        TOLERANCE * 100.0,
        committed.rustc
    );
    Outcome { stdout, stderr, exit: Exit::Costlier }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_may_differ_by_a_tenth() {
        let counts = |count: u64| BTreeMap::from([("generate".to_owned(), count)]);
        let committed = Committed { rustc: "rustc 1.95.0".to_owned(), counts: counts(1000) };
        let cases =
            [(1000, Exit::Done), (1099, Exit::Done), (901, Exit::Done), (1101, Exit::Costlier), (899, Exit::Costlier)];
        for (count, exit) in cases {
            assert_eq!(compare(&committed, &counts(count)).exit, exit, "{count}");
        }
        let unknown = BTreeMap::from([("other".to_owned(), 1)]);
        let outcome = compare(&committed, &unknown);
        assert_eq!(outcome.exit, Exit::Done);
        assert!(outcome.stdout.contains("not committed"), "{}", outcome.stdout);
    }
}
