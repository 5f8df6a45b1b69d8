//! Runs a command to its end and reports what it used, by the accounting of the operating system: CPU time does not grow when the
//! machine is busy with something else. Knows nothing of what the command does.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::figure::{Measured, NotMeasured};

/// `time` of bash has milliseconds on every system, and counts the processes that the command starts.
const SCRIPT: &str = r#"log=$1; shift; TIMEFORMAT='%U %S %R'; time "$@" >"$log" 2>&1"#;

/// Lines of the output that a reason shows.
const SHOWN: usize = 3;

/// What a finished command used, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Usage {
    /// CPU time outside of the system.
    pub(super) user: f64,
    /// CPU time in the system.
    pub(super) system: f64,
    /// Time that went by.
    pub(super) wall: f64,
}

impl Usage {
    /// Returns the whole CPU time.
    pub(super) fn cpu(self) -> f64 {
        self.user + self.system
    }

    fn parse(line: &str) -> Option<Self> {
        let mut numbers = line.split_whitespace().map(str::parse);
        let mut next = || numbers.next()?.ok();
        Some(Self { user: next()?, system: next()?, wall: next()? })
    }
}

/// Runs a command that has to succeed; its output goes to `log`.
pub(super) fn run_timed(command: &Command, log: &Path) -> Measured<Usage> {
    let mut timed = Command::new("bash");
    timed.args(["-c", SCRIPT, "bash"]).arg(log).arg(command.get_program()).args(command.get_args());
    timed.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    let output = timed.stdin(Stdio::null()).output();
    let output = output.map_err(|error| NotMeasured::new(format!("bash cannot be run: {error}")))?;
    let name = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !output.status.success() {
        let said = fs::read_to_string(log).unwrap_or_default();
        return Err(NotMeasured::new(format!("{name} ended with {}: {}", output.status, last_lines(&said))));
    }
    let times = String::from_utf8_lossy(&output.stderr).into_owned();
    let usage = times.lines().last().and_then(Usage::parse);
    usage.ok_or_else(|| NotMeasured::new(format!("the times of {name} are not readable: {}", times.trim())))
}

/// Runs a command that has to succeed and returns what it prints.
pub(super) fn read_output(command: &mut Command) -> Measured<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| NotMeasured::new(format!("{name} cannot be run: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(NotMeasured::new(format!("{name} ended with {}: {}", output.status, last_lines(&said))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(SHOWN)..].join(" / ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_command_are_read() {
        let temporary = tempfile::tempdir().unwrap();
        let log = temporary.path().join("log");
        let usage = run_timed(Command::new("echo").arg("a b"), &log).unwrap();
        assert!(usage.cpu() >= 0.0 && usage.wall >= 0.0);
        assert_eq!(fs::read_to_string(log).unwrap(), "a b\n");
    }

    #[test]
    fn command_that_fails_is_a_reason() {
        let temporary = tempfile::tempdir().unwrap();
        let command = &mut Command::new("sh");
        command.args(["-c", "echo first; echo reason; exit 3"]);
        let reason = run_timed(command, &temporary.path().join("log")).unwrap_err().to_string();
        assert!(reason.contains("first / reason"), "{reason}");
    }
}
