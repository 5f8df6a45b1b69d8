//! Cargo, as a command to run. Must not know what it is run for.

use std::env;
use std::process::Command;

/// Returns a command of the cargo that runs this program, or of the one that is installed.
pub(crate) fn find_cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
