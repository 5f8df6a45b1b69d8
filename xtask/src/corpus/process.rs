//! A process with a time limit whose output goes to files. Knows nothing about its purpose.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Interval at which a running process is checked.
const PAUSE: Duration = Duration::from_millis(5);

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It exited by itself.
    Exited(ExitStatus),
    /// It exceeded the time limit and was stopped.
    Stopped,
}

/// Runs a process until it exits or reaches the time limit.
pub(super) fn run(command: &mut Command, stdout: &Path, stderr: &Path, limit: Duration) -> io::Result<End> {
    let mut child = command.stdin(Stdio::null()).stdout(File::create(stdout)?).stderr(File::create(stderr)?).spawn()?;
    let end = wait(&mut child, limit);
    if !matches!(end, Ok(End::Exited(_))) {
        // It may have exited in the meantime, which is fine.
        let _gone = child.kill();
        child.wait()?;
    }
    end
}

fn wait(child: &mut Child, limit: Duration) -> io::Result<End> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(End::Exited(status));
        }
        if start.elapsed() >= limit {
            return Ok(End::Stopped);
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn process_that_hangs_is_stopped() {
        let temporary = tempfile::tempdir().unwrap();
        let (stdout, stderr) = (temporary.path().join("out"), temporary.path().join("err"));
        let mut hanging = Command::new("sleep");
        let end = run(hanging.arg("60"), &stdout, &stderr, Duration::ZERO).unwrap();
        assert_eq!(end, End::Stopped);
        let end = run(Command::new("echo").arg("hello"), &stdout, &stderr, Duration::from_secs(60)).unwrap();
        assert!(matches!(end, End::Exited(status) if status.success()));
        assert_eq!(std::fs::read_to_string(stdout).unwrap(), "hello\n");
    }
}
