//! What the working tree looks like to git, to be compared with itself. Changes nothing.

use std::process::{Command, Stdio};

use crate::layout::Layout;
use crate::outcome::Failure;

/// Returns the state of the working tree: empty when it is a clean clone, or no clone at all.
pub(super) fn read_state(layout: &Layout) -> Result<String, Failure> {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(layout.root()).stderr(Stdio::null());
        command.output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let states = git(&["status", "--porcelain"]).and_then(|status| Ok(status + &git(&["diff", "--no-ext-diff"])?));
    match states {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        states => states.map_err(Failure::io("run", "git")),
    }
}
