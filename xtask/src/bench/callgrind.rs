//! Counts instructions with callgrind of valgrind: a figure that no other process changes. Knows nothing of what is counted.

use std::path::Path;
use std::process::{Command, Stdio};

use super::figure::{Measured, NotMeasured};

/// Rounds of the shorter and of the longer run whose difference is counted.
const FEW: usize = 2;
const MANY: usize = 12;

/// Returns whether valgrind can be run.
pub(super) fn is_installed() -> bool {
    let mut command = Command::new("valgrind");
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Returns the instructions of one round of a program of `benches/`. The start of the process is in both runs, and not counted.
pub(super) fn count_round(program: &Path, scenario: &str, way: &str) -> Measured<f64> {
    let count = |rounds: usize| count_process(Command::new(program).args([scenario, way, &rounds.to_string()]));
    Ok((count(MANY)? - count(FEW)?) / (MANY - FEW) as f64)
}

/// Returns the instructions of a whole process, which has to succeed. Processes that it starts are not counted.
pub(super) fn count_process(command: &Command) -> Measured<f64> {
    let mut counted = Command::new("valgrind");
    counted.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    counted.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    let output = counted.output().map_err(|_| NotMeasured::new("valgrind is not installed"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let count = output.status.success().then(|| parse_count(&said)).flatten();
    count.ok_or_else(|| {
        let name = command.get_program().to_string_lossy();
        NotMeasured::new(format!("{name} ended with {} in valgrind", output.status))
    })
}

/// Finds the line `==123== Collected : 4567`.
fn parse_count(said: &str) -> Option<f64> {
    let line = said.lines().find(|line| line.contains("Collected"))?;
    line.rsplit(':').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_is_found_among_the_messages() {
        let said =
            "==7== Callgrind, a call-graph generating cache profiler\n==7== Events    : Ir\n==7== Collected : 24012\n";
        assert_eq!(parse_count(said), Some(24012.0));
        assert_eq!(parse_count("nothing"), None);
    }
}
