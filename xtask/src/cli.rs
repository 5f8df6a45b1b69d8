//! The arguments of the maintainer commands and their help texts. Knows nothing of what the commands do.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

const EXIT_CODES: &str = "\
Exit codes:
   0  done, nothing wrong
   1  a file or folder could not be read or written
   2  the arguments are wrong
  30  the generated client is not what spec/ says (regen --check)
  40  an input cannot be read, is unsound, or differs from its lock
  50  nothing usable was fetched; spec/ is as it was";

/// Keeps the generated client in step with the API document in spec/.
///
/// The usual round after an upstream change: `cargo xtask fetch`, `cargo xtask check`, `cargo xtask regen`, then
/// review the diff like any other change.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// Workspace to work on instead of the one this command was built in.
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes generated-client/src/generated/ and spec/names.toml from the documents in spec/.
    ///
    /// Works without network, and writes everything or nothing: after an error both are as they were, and what a
    /// killed run left behind is put right when the next one starts. The same input always gives the same bytes.
    Regen(RegenArgs),
    /// Says what is wrong or doubtful about a document; writes nothing.
    ///
    /// Each finding has a stable code, its place in the file, what was found, what was expected and what to do.
    /// Errors make the document unsound (exit code 40), warnings do not.
    Check(CheckArgs),
    /// Takes over the published document into spec/, with a lock file that says where it is from.
    ///
    /// The document is put in canonical form, so that only real changes show up in a diff, and is written only when
    /// it is sound. Nothing is touched when it is the one that is already there. Generates nothing: run
    /// `cargo xtask regen` afterwards.
    Fetch(FetchArgs),
}

/// Arguments of `regen`.
#[derive(Debug, Args)]
pub(crate) struct RegenArgs {
    /// Write nothing; print a diff and exit with 30 when the generated client is not what it should be.
    #[arg(long)]
    pub(crate) check: bool,
    /// Print how long each pass of the generator took.
    #[arg(long)]
    pub(crate) timings: bool,
    /// Folder with profile.toml and one folder per API version [default: spec/ of the workspace].
    #[arg(long, value_name = "DIR")]
    pub(crate) spec_dir: Option<PathBuf>,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Judge this document (JSON or YAML, OpenAPI 3.0 or 3.1) on its own instead of those in spec/.
    #[arg(long, value_name = "FILE", conflicts_with = "spec_dir")]
    pub(crate) spec: Option<PathBuf>,
    /// Print one JSON object, {"sound": …, "diagnostics": […]}, instead of text.
    #[arg(long)]
    pub(crate) json: bool,
    /// Folder with profile.toml and one folder per API version [default: spec/ of the workspace].
    #[arg(long, value_name = "DIR")]
    pub(crate) spec_dir: Option<PathBuf>,
}

/// Arguments of `fetch`.
#[derive(Debug, Args)]
pub(crate) struct FetchArgs {
    /// Where the document is published [default: the first of `document.sources` in spec/profile.toml].
    ///
    /// Must be https; plain http is taken for this machine only.
    #[arg(long, value_name = "URL", conflicts_with = "file")]
    pub(crate) url: Option<String>,
    /// Read a file instead of the network.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Folder with profile.toml and one folder per API version [default: spec/ of the workspace].
    #[arg(long, value_name = "DIR")]
    pub(crate) spec_dir: Option<PathBuf>,
}
