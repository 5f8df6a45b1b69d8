//! What every group of figures needs: the workspace, folders of its own so that no other build is disturbed, cargo, the release build
//! of this command and the programs of `benches/`. Knows no figure.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::figure::{Measured, NotMeasured};
use super::process::{Usage, read_output, run_timed};
use crate::cargo::find_cargo;
use crate::cli::BenchArgs;
use crate::layout::Layout;
use crate::outcome::Failure;

/// Rounds of a pair, where `--rounds` does not say otherwise.
const ROUNDS: usize = 5;

/// Folder of everything that is built to be measured.
const SCRATCH: &str = "target/bench";

/// Where things are, and how often to measure them.
#[derive(Debug)]
pub(super) struct Workshop<'a> {
    /// The workspace.
    pub(super) layout: &'a Layout,
    /// Folder with documents of other APIs.
    pub(super) corpus: Option<PathBuf>,
    rounds: Option<usize>,
}

/// What a program of `benches/` prints: totals over all of its rounds.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Totals {
    /// Rounds.
    pub(super) rounds: f64,
    /// Bytes that each round reads.
    pub(super) bytes: f64,
    /// CPU time of the measured thread.
    pub(super) nanoseconds: f64,
    /// Allocations of the measured thread.
    pub(super) allocations: f64,
}

impl<'a> Workshop<'a> {
    /// Prepares the folders.
    pub(super) fn open(layout: &'a Layout, arguments: &BenchArgs) -> Result<Self, Failure> {
        let scratch = layout.place(SCRATCH);
        std::fs::create_dir_all(&scratch).map_err(Failure::io("create", scratch))?;
        let corpus = arguments.corpus.as_ref().map(std::path::absolute).transpose();
        Ok(Self { layout, corpus: corpus.map_err(Failure::io("find", "the corpus"))?, rounds: arguments.rounds })
    }

    /// Returns the number of rounds: what was asked for, or `usual` of the figure.
    pub(super) fn rounds(&self, usual: usize) -> usize {
        self.rounds.unwrap_or(usual)
    }

    /// Returns the number of rounds of a pair of short runs.
    pub(super) fn short_rounds(&self) -> usize {
        self.rounds(ROUNDS)
    }

    /// Returns a file or folder of its own.
    pub(super) fn scratch(&self, name: &str) -> PathBuf {
        self.layout.place(SCRATCH).join(name)
    }

    /// Returns a cargo that works in `folder` and builds to the scratch folder `target`. Incremental builds are off: they are not
    /// what somebody pays who builds once.
    pub(super) fn cargo(&self, folder: &Path, target: &str) -> Command {
        let mut command = find_cargo();
        command.current_dir(folder).env("CARGO_TARGET_DIR", self.scratch(target)).env("CARGO_INCREMENTAL", "0");
        command.env("CARGO_TERM_COLOR", "never");
        command
    }

    /// Runs a command that has to succeed and returns what it used.
    pub(super) fn time(&self, command: &Command) -> Measured<Usage> {
        run_timed(command, &self.scratch("log"))
    }

    /// Builds this command with optimization, the way somebody who generates a lot would; returns the program.
    pub(super) fn build_xtask(&self) -> Measured<PathBuf> {
        self.time(self.cargo(self.layout.root(), "xtask").args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "xtask",
        ]))?;
        Ok(self.scratch("xtask/release/xtask"))
    }

    /// Builds a program of `benches/` with optimization; returns the program.
    pub(super) fn build_program(&self, name: &str) -> Measured<PathBuf> {
        let folder = self.layout.place("benches");
        self.time(self.cargo(&folder, "programs").args(["build", "--quiet", "--release", "--package", name]))?;
        Ok(self.scratch("programs/release").join(name))
    }

    /// Returns the document of the newest version, which the client is generated from.
    pub(super) fn document(&self) -> Measured<PathBuf> {
        self.documents()?.into_iter().max().ok_or_else(|| NotMeasured::new("spec/ contains no document"))
    }

    /// Returns the document of the oldest version, which changes least.
    pub(super) fn oldest_document(&self) -> Measured<PathBuf> {
        self.documents()?.into_iter().min().ok_or_else(|| NotMeasured::new("spec/ contains no document"))
    }

    fn documents(&self) -> Measured<Vec<PathBuf>> {
        let folders = std::fs::read_dir(self.layout.spec()).map_err(|error| NotMeasured::new(error.to_string()))?;
        let documents = folders.flatten().map(|entry| entry.path().join(crate::layout::DOCUMENT));
        Ok(documents.filter(|path| path.is_file()).collect())
    }
}

/// Runs a program of `benches/`: one way to do something, a number of times.
pub(super) fn run_program(program: &Path, scenario: &str, way: &str, rounds: usize) -> Measured<Totals> {
    let printed = read_output(Command::new(program).args([scenario, way, &rounds.to_string()]))?;
    serde_json::from_str(&printed).map_err(|error| NotMeasured::new(format!("{scenario} {way}: {error}")))
}
