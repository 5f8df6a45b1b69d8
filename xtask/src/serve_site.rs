//! `serve-site`: plays documentation sites that publish the documents of `spec/`. The sites are those of the tests; this only starts
//! them.

use crate::cargo::find_cargo;
use crate::cli::ServeSiteArgs;
use crate::layout::Layout;
use crate::outcome::{Exit, Failure, Outcome};

/// Runs the command until it is stopped.
pub(crate) fn run(layout: &Layout, arguments: &ServeSiteArgs) -> Result<Outcome, Failure> {
    let mut command = find_cargo();
    command.current_dir(layout.root()).args([
        "run",
        "--quiet",
        "--package",
        "workspace-tests",
        "--bin",
        "serve-site",
        "--",
    ]);
    command.arg("--spec").arg(layout.spec()).arg("--port").arg(arguments.port.to_string());
    for (name, value) in [("--form", &arguments.form), ("--base", &arguments.base)] {
        if let Some(value) = value {
            command.args([name, value]);
        }
    }
    let status = command.status().map_err(Failure::io("run", "cargo"))?;
    let exit = if status.success() { Exit::Done } else { Exit::Io };
    Ok(Outcome { exit, ..Outcome::done("") })
}
