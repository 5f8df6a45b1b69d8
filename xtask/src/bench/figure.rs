//! The figures as data: what each one compares, its unit and its target. Measures nothing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::cli::BenchGroup;

/// One figure of the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure {
    /// The name for `--only`, also in the stored results.
    pub(super) key: &'static str,
    /// The group that it belongs to.
    pub(super) group: BenchGroup,
    /// What is measured, beside what.
    pub(super) what: &'static str,
    /// What the number counts.
    pub(super) unit: Unit,
    /// What the number should be.
    pub(super) target: Target,
}

impl Figure {
    /// Returns the command that measures the figure.
    pub(super) fn command(&self) -> String {
        let corpus = if self.key.contains(".corpus.") { " --corpus DIR" } else { "" };
        format!("cargo xtask bench --only {}{corpus}", self.key)
    }
}

/// What a number counts, and how it is shown. Times are in seconds, whatever they are shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Something divided by something of the same kind, measured side by side.
    Ratio,
    /// Things.
    Count,
    /// Millionths of a second.
    Microseconds,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Megabytes.
    Megabytes,
}

impl Unit {
    /// Formats a value in this unit.
    pub(super) fn show(self, value: f64) -> String {
        match self {
            Self::Ratio => format!("{value:.2}"),
            Self::Count => format!("{value:.0}"),
            Self::Microseconds => format!("{:.1} µs", value * 1e6),
            Self::Milliseconds => format!("{:.1} ms", value * 1e3),
            Self::Seconds => format!("{value:.1} s"),
            Self::Megabytes => format!("{value:.1} MB"),
        }
    }
}

/// What a number should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl Target {
    /// Returns whether a value meets the target.
    pub(super) fn is_met_by(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }

    /// Formats the target in a unit.
    pub(super) fn show(self, unit: Unit) -> String {
        match self {
            Self::AtMost(limit) => format!("≤ {}", unit.show(limit)),
            Self::AtLeast(limit) => format!("≥ {}", unit.show(limit)),
        }
    }
}

/// A measured number, and what it was made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sample {
    /// The number, in the unit of its figure.
    pub(super) value: f64,
    /// Both sides and the spread, for people.
    pub(super) detail: String,
}

/// Why a figure could not be measured: a tool is missing, a peer fails, a program does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotMeasured(String);

impl NotMeasured {
    /// Creates the reason.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for NotMeasured {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The result of a step of a measurement. A missing peer is not a failure of the command: its figure says so.
pub(super) type Measured<T> = Result<T, NotMeasured>;

/// A figure with what was found.
pub(super) type Found = (&'static str, Measured<Sample>);

const fn row(key: &'static str, group: BenchGroup, what: &'static str, unit: Unit, target: Target) -> Figure {
    Figure { key, group, what, unit, target }
}

/// All figures, in the order of the page.
pub(super) const FIGURES: [Figure; 31] = {
    use BenchGroup::{Compile, Generator, Runtime, User};
    use Target::{AtLeast, AtMost};
    use Unit::{Count, Megabytes, Milliseconds, Ratio, Seconds};
    [
        row("generator.document", Generator, "the pipeline on our document", Milliseconds, AtMost(0.05)),
        row(
            "generator.corpus.ploidy",
            Generator,
            "`generate` as a whole process, of ploidy's time; the worst of the documents of `--corpus` that it finishes",
            Ratio,
            AtMost(0.5),
        ),
        row("generator.corpus.oas3-gen", Generator, "the same, of oas3-gen's time", Ratio, AtMost(0.5)),
        row("compile.stock", Compile, "`cargo check` of the client, of stock progenitor", Ratio, AtMost(0.18)),
        row("compile.stock-runtime", Compile, "the same, the runtime included", Ratio, AtMost(0.30)),
        row("compile.ploidy", Compile, "`cargo check` for our document, of ploidy's crate", Ratio, AtMost(0.30)),
        row(
            "compile.corpus.ploidy",
            Compile,
            "the same for the four largest documents of `--corpus` that ploidy finishes; the worst",
            Ratio,
            AtMost(0.30),
        ),
        row("compile.area", Compile, "`cargo check` with one area, of all areas", Ratio, AtMost(0.40)),
        row("compile.schema", Compile, "`cargo check` with typed extraction, of without it", Ratio, AtMost(1.05)),
        row(
            "compile.enum-value",
            Compile,
            "one enum value added: `regen` and `cargo check` of a user's crate",
            Seconds,
            AtMost(3.0),
        ),
        row("compile.fresh-regen", Compile, "`cargo xtask regen` in a fresh clone", Seconds, AtMost(75.0)),
        row("compile.fresh-test", Compile, "`cargo test --workspace` in a fresh clone", Seconds, AtMost(420.0)),
        row(
            "runtime.decode.speed",
            Runtime,
            "reading a parse run of 10 MB: speed, of hand-written serde derives",
            Ratio,
            AtLeast(1.0),
        ),
        row("runtime.decode.allocations", Runtime, "the same: allocations", Ratio, AtMost(1.0)),
        row("runtime.workflow-run", Runtime, "reading a workflow run: instructions, of `Value`", Ratio, AtMost(0.4)),
        row("runtime.extract-run", Runtime, "reading an extract run: instructions, of `Value`", Ratio, AtMost(0.4)),
        row("runtime.parse-run", Runtime, "reading a parse run: instructions, of `Value`", Ratio, AtMost(0.4)),
        row(
            "runtime.union.depth",
            Runtime,
            "unions 64 deep, instructions for each byte, of the same 8 deep",
            Ratio,
            AtMost(1.1),
        ),
        row(
            "runtime.union.serde",
            Runtime,
            "unions: speed, of internal tags of serde, in instructions",
            Ratio,
            AtLeast(2.0),
        ),
        row("runtime.get.time", Runtime, "a small GET: CPU time, of bare reqwest", Ratio, AtMost(1.02)),
        row("runtime.get.instructions", Runtime, "the same: instructions", Ratio, AtMost(1.02)),
        row("runtime.get.allocations", Runtime, "the same: allocations more", Count, AtMost(20.0)),
        row("runtime.items", Runtime, "10,000 items: CPU time, of a hand-written loop", Ratio, AtMost(1.05)),
        row("runtime.webhook", Runtime, "verifying a webhook of 1 MB: CPU time, of hmac alone", Ratio, AtMost(1.02)),
        row("user.build", User, "release build of a user's program, of the same on bare reqwest", Ratio, AtMost(1.25)),
        row("user.size", User, "the same: stripped size", Ratio, AtMost(1.15)),
        row("user.crates", User, "the same: crates compiled", Count, AtMost(130.0)),
        row("user.client.ploidy", User, "release build of the client alone, of ploidy's crate", Ratio, AtMost(0.5)),
        row("user.client.bare", User, "the same, of the whole build of the bare program", Ratio, AtMost(0.2)),
        row("user.client.rlib", User, "rlib of the client", Megabytes, AtMost(20.0)),
        row("user.client.rlib-ploidy", User, "the same, of the rlib of ploidy's crate", Ratio, AtMost(0.5)),
    ]
};
