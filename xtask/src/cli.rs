//! The arguments of the maintainer commands and their help. Must not know how the commands work.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use generator::package::PackageName;

use crate::layout::ApiVersion;

const EXIT_CODES: &str = "\
Exit codes:
   0  done, nothing wrong
   1  a file or folder could not be read or written
   2  the arguments are wrong
   3  the current folder is not in a workspace of this project
  10  the published pages and the snapshot differ (fetch --cross-check), or changes add something (drift)
  20  a change breaks the published crate or code that upgrades (drift), or the sources disagree (release-plan --strict)
  30  the generated client is out of date (regen --check, drift)
  40  an input cannot be read, is unsound, or does not match its lock
  50  fetch accepted no document; nothing was changed
  60  a document of the corpus failed
  70  a file breaks a rule of this workspace (tidy)
  80  a step failed (ci)
  90  an instruction count differs from the committed one (bench --guard)";

/// Keeps the generated client in step with the API document in spec/.
///
/// After an upstream change, run `cargo xtask fetch`, `cargo xtask check` and `cargo xtask regen`, then review the diff like any
/// other change.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// Workspace to work on instead of the one around the current folder.
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// The command to run.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes generated-client/src/generated/ and the names.toml of each version from the documents in spec/.
    ///
    /// Needs no network. Writes everything or nothing: after an error both are unchanged, and the next run repairs what a killed
    /// run left behind. The same input always produces the same bytes.
    Regen(RegenArgs),
    /// Reports errors and warnings about a document; writes nothing.
    ///
    /// Each finding has a stable code, its place in the file, what was found, what was expected and how to fix it. Errors make the
    /// document unsound (exit code 40), warnings do not. A fetch that was killed is repaired first.
    Check(CheckArgs),
    /// Reports what changed between two documents, and what that means for users of the client.
    ///
    /// Each difference is reported once, with every operation that it reaches, and with two levels: what it means for the published
    /// crate (wire: safe, risky, breaking) and for code that upgrades (rust: none, patch, minor, major). Without arguments, the
    /// document behind the committed client is compared with the one in spec/. Kinds of changes: docs/drift.md.
    Drift(DriftArgs),
    /// Plans the next release: its version, why, and its section in the changelog.
    ///
    /// The level is the highest of what the documents, the committed surface and, where it is installed, cargo-semver-checks say
    /// since the last release; where they disagree, that is shown. Before 1.0 a break raises the second number of the version, and
    /// everything else the third. Writes nothing without --write.
    ReleasePlan(ReleasePlanArgs),
    /// Brings the client in step with the published document: fetch, check, drift, regen, tests, release-plan.
    ///
    /// Stops at the first step that needs a person, with its exit code, and says what to do. Run again, it goes on from there; a
    /// step that was interrupted has written nothing. The report for a pull request is target/sync/report.md.
    Sync(SyncArgs),
    /// Downloads the published document into spec/, with a lock file that records where it came from.
    ///
    /// Tries the sources of spec/profile.toml in order and accepts the first document that is sound, describes this API and has
    /// the requested version. The document is stored in canonical form, so that a diff shows only real changes; if it is the one
    /// already there, nothing is written. Generates nothing: run `cargo xtask regen` afterwards.
    Fetch(FetchArgs),
    /// Plays documentation sites on this machine, to try `fetch` without the network.
    ///
    /// The sites publish the documents of spec/ in every form that is known from the field: listings, catalogs, indexes, pages.
    /// Runs until it is stopped.
    ServeSite(ServeSiteArgs),
    /// Generates a standalone client crate for any API: types, calls, runtime, README, example.
    ///
    /// Without a profile, authentication and servers are taken from the document. Writes everything or nothing. Another run into
    /// the same folder replaces what the last one wrote and keeps other files, as well as the Rust names in its names.toml.
    Generate(GenerateArgs),
    /// Generates a client from every document in a folder and reports the results.
    ///
    /// A document passes if it is sound, the client has all of its operations and, with --check, the client compiles without
    /// warnings. Each client is generated in a process of its own, so that one that crashes or hangs fails alone. The logs are in
    /// the folder logs/ below --out.
    Corpus(CorpusArgs),
    /// Prints what a diagnostic means, an example, and the way out; without a code, lists all codes.
    Explain(ExplainArgs),
    /// Writes docs/support.md: what becomes of every construct of OpenAPI.
    Support,
    /// Checks the rules of this workspace that no other tool knows; writes nothing.
    ///
    /// Layers, purpose of each file, sizes, module layout, words of the glossary, files that pages name, and nothing left for
    /// later. Each finding is one line: file, line, rule, what to do. What the rules are made of is in tidy.toml and in the
    /// glossary of CONTRIBUTING.md.
    Tidy,
    /// Runs all checks of this repository, in the order of how fast they fail, and stops at the first that does.
    ///
    /// Each step is timed; the times are printed before the tests, which come last, and kept in target/ci-times.txt. A tool that
    /// is not installed is noted and passed over.
    Ci(CiArgs),
    /// Measures what generating, compiling and using the client costs, beside others, and writes docs/benchmarks.md.
    ///
    /// Every figure is a ratio of two sides that are measured in turn, or a count. Peers are installed from the package registry
    /// into target/bench-tools; a figure whose peer or tool is missing says so. All figures together take more than an hour;
    /// what is not measured keeps its last result.
    Bench(BenchArgs),
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code of the diagnostic, such as `untyped`.
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
}

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Group of figures to measure [default: all].
    #[arg(value_enum, value_name = "GROUP")]
    pub(crate) group: Option<BenchGroup>,
    /// Measure only this figure; may be repeated.
    #[arg(long, value_name = "KEY")]
    pub(crate) only: Vec<String>,
    /// Print the figures as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Folder with documents of other APIs, for the figures that need many.
    #[arg(long, value_name = "DIR")]
    pub(crate) corpus: Option<PathBuf>,
    /// Rounds of each pair [default: what the figure needs].
    #[arg(long, value_name = "N")]
    pub(crate) rounds: Option<usize>,
    /// Measure nothing; write the page from the kept results.
    #[arg(long, conflicts_with = "guard")]
    pub(crate) report: bool,
    /// Compare instruction counts with those in benches/instructions.toml, and nothing else.
    #[arg(long, conflicts_with_all = ["group", "only", "json", "corpus", "rounds"])]
    pub(crate) guard: bool,
    /// Write the instruction counts instead of comparing them.
    #[arg(long, requires = "guard")]
    pub(crate) accept: bool,
}

/// Group of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchGroup {
    /// Generating, beside the generators of others.
    Generator,
    /// `cargo check`, and the way from a change to a result.
    Compile,
    /// Reading responses and calling operations.
    Runtime,
    /// The release build of a program that uses the client.
    User,
}

/// Arguments of `ci`.
#[derive(Debug, Args)]
pub(crate) struct CiArgs {
    /// Run only the steps that take seconds, as before a commit.
    #[arg(long)]
    pub(crate) fast: bool,
    /// Run only this step.
    #[arg(long, value_name = "STEP", conflicts_with = "fast")]
    pub(crate) step: Option<String>,
}

/// Arguments of `regen`.
#[derive(Debug, Args)]
pub(crate) struct RegenArgs {
    /// Write nothing; print a diff and exit with 30 if the generated client is out of date.
    #[arg(long)]
    pub(crate) check: bool,
    /// Also generate from a document that was reconstructed from prose and is therefore incomplete.
    #[arg(long)]
    pub(crate) allow_approximate: bool,
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
    /// Check this document (JSON or YAML, OpenAPI 3.0, 3.1 or 3.2) on its own instead of those in spec/.
    #[arg(long, value_name = "FILE", conflicts_with = "spec_dir")]
    pub(crate) spec: Option<PathBuf>,
    /// Also read files in this folder that the document refers to; may be repeated. Otherwise only files in its own folder are read.
    #[arg(long, value_name = "DIR", requires = "spec")]
    pub(crate) allow_outside: Vec<PathBuf>,
    /// List every place that became plain JSON although the document says more, with the reason, and nothing else.
    #[arg(long)]
    pub(crate) report_untyped: bool,
    /// Print one JSON object, {"sound": …, "diagnostics": […]}, instead of text.
    #[arg(long)]
    pub(crate) json: bool,
    /// Folder with profile.toml and one folder per API version [default: spec/ of the workspace].
    #[arg(long, value_name = "DIR")]
    pub(crate) spec_dir: Option<PathBuf>,
}

/// Arguments of `drift`.
#[derive(Debug, Args)]
pub(crate) struct DriftArgs {
    /// The old document: a file, a folder of a version, a URL, `git:REV` or `git:REV:PATH`.
    #[arg(value_name = "OLD")]
    pub(crate) old: Option<String>,
    /// The new document [default: the one in spec/].
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<String>,
    /// Form of the report.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = DriftFormat::Text)]
    pub(crate) format: DriftFormat,
    /// Exit with 20 if there is such a change that is not accepted, else with 0.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fail_on: Option<FailOn>,
    /// Accept the change with this fingerprint: it is still reported, and no longer counts for the exit code.
    #[arg(long, value_name = "FINGERPRINT", requires = "reason", conflicts_with_all = ["old", "new"])]
    pub(crate) accept: Option<String>,
    /// Why it is accepted.
    #[arg(long, value_name = "TEXT", requires = "accept")]
    pub(crate) reason: Option<String>,
    /// Write docs/drift.md, the page about the kinds of changes, and compare nothing.
    #[arg(long, conflicts_with_all = ["old", "new", "accept"])]
    pub(crate) reference: bool,
    /// Prove the levels of generated pairs of documents with the compiler and the old clients, and write docs/drift-proof.md; or
    /// those of a few pairs, and write nothing.
    #[arg(long, value_enum, value_name = "PAIRS", num_args = 0..=1, default_missing_value = "all", require_equals = true,
        conflicts_with_all = ["old", "new", "accept", "reference"])]
    pub(crate) prove: Option<PairSet>,
    /// Run the pairs of the proof through other tools that are installed, and write docs/drift-peers.md.
    #[arg(long, conflicts_with_all = ["old", "new", "accept", "reference", "prove"])]
    pub(crate) peers: bool,
    /// Prove the levels of the pairs in this folder instead, or show other tools these, too: `NAME.old.json` and `NAME.new.json`. What each change means on the wire
    /// is listed and left to the reader.
    #[arg(long, value_name = "DIR")]
    pub(crate) pairs: Option<PathBuf>,
    /// Rewrite the code in this folder, which uses the old client, and print the diff instead of the report.
    ///
    /// Only what is certain is rewritten: names of items, and members of values whose type the file shows. New arguments become
    /// `todo!(…)`. What is left is listed with its place and the remedy. No file is written.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["accept", "reference"])]
    pub(crate) patch: Option<PathBuf>,
    /// Name of the client in the code that is rewritten [default: that of generated-client/].
    #[arg(long, value_name = "NAME", requires = "patch")]
    pub(crate) library: Option<String>,
    /// The last day on which it is accepted.
    #[arg(long, value_name = "DATE", requires = "accept", value_parser = date)]
    pub(crate) until: Option<String>,
    /// Folder with profile.toml and one folder per API version [default: spec/ of the workspace].
    #[arg(long, value_name = "DIR")]
    pub(crate) spec_dir: Option<PathBuf>,
}

/// How many pairs are proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PairSet {
    /// All of them.
    All,
    /// About forty.
    Few,
}

/// Arguments of `release-plan`.
#[derive(Debug, Args)]
pub(crate) struct ReleasePlanArgs {
    /// Revision of the last release [default: the newest tag v…].
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Write the section to CHANGELOG.md, and note in names.toml which deprecated names are released.
    #[arg(long)]
    pub(crate) write: bool,
    /// Exit with 20 if the sources disagree.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Arguments of `sync`.
#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// Revision of the last release, for the plan [default: the newest tag v…].
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Begin with the first step, whatever was done before.
    #[arg(long)]
    pub(crate) restart: bool,
    /// Leave out the tests.
    #[arg(long)]
    pub(crate) skip_tests: bool,
}

/// Form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DriftFormat {
    /// For a person.
    Text,
    /// For programs; docs/drift.schema.json describes it.
    Json,
    /// For a pull request.
    Markdown,
    /// For viewers of results of static analysis.
    Sarif,
    /// Annotations of GitHub.
    Github,
}

/// A level from which on changes are a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// The published crate breaks.
    WireBreaking,
    /// Code that upgrades breaks.
    RustMajor,
    /// Anything changed.
    Any,
}

fn date(text: &str) -> Result<String, String> {
    let shape: Vec<bool> = text.chars().map(|character| character.is_ascii_digit()).collect();
    let expected = [true, true, true, true, false, true, true, false, true, true];
    let dashes = text.chars().filter(|character| *character == '-').count() == 2;
    if shape == expected && dashes { Ok(text.to_owned()) } else { Err("a date is written as 2026-12-31".to_owned()) }
}

/// Arguments of `fetch`.
#[derive(Debug, Args)]
pub(crate) struct FetchArgs {
    /// Version of the API to fetch, such as 2026-02-09 [default: `document.api_version` of spec/profile.toml].
    #[arg(long, value_name = "V", value_parser = api_version)]
    pub(crate) api_version: Option<ApiVersion>,
    /// URL of the document, instead of `document.sources` in spec/profile.toml.
    ///
    /// Must be https; plain http is accepted for this machine only.
    #[arg(long, value_name = "URL", conflicts_with = "file")]
    pub(crate) url: Option<String>,
    /// Read the document from a file instead of the network.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Also read files in this folder that the document refers to; may be repeated. Otherwise only files in its own folder are read.
    #[arg(long, value_name = "DIR", requires = "file")]
    pub(crate) allow_outside: Vec<PathBuf>,
    /// Kind of source to use.
    #[arg(long, value_enum, value_name = "KIND", default_value_t = From::Auto)]
    pub(crate) from: From,
    /// Do everything except writing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Compare the published pages with the snapshot and report what either lacks; writes nothing (exit code 10 if they differ).
    #[arg(long, conflicts_with_all = ["dry_run", "force"])]
    pub(crate) cross_check: bool,
    /// Adopt the documents of all versions that the sources have, one folder each.
    #[arg(long, conflicts_with_all = ["api_version", "file", "cross_check"])]
    pub(crate) all_versions: bool,
    /// Print the sources in the order in which they would be tried, what each is expected to have and why; requests nothing.
    #[arg(long, conflicts_with_all = ["dry_run", "force"])]
    pub(crate) explain: bool,
    /// After an error, list each source with what it sent and why it was passed over.
    #[arg(long)]
    pub(crate) verbose: bool,
    /// Accept a document that lacks more than a third of the known operations, or an approximate one in place of an exact one;
    /// renew the lock of an unchanged one.
    #[arg(long)]
    pub(crate) force: bool,
    /// Print one JSON object instead of text.
    #[arg(long)]
    pub(crate) json: bool,
    /// Folder with profile.toml and one folder per API version [default: spec/ of the workspace].
    #[arg(long, value_name = "DIR")]
    pub(crate) spec_dir: Option<PathBuf>,
}

/// Kind of source of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum From {
    /// The first that has one, in the order of the profile.
    Auto,
    /// The document, or an index that names it.
    Openapi,
    /// The pages of the documentation, merged.
    LlmsFull,
}

/// Arguments of `serve-site`.
#[derive(Debug, Args)]
pub(crate) struct ServeSiteArgs {
    /// Form of the site [default: a site of each form, below a folder with its name].
    #[arg(long, value_name = "FORM")]
    pub(crate) form: Option<String>,
    /// Path below which the site is [default: the root].
    #[arg(long, value_name = "PATH")]
    pub(crate) base: Option<String>,
    /// Port to listen on; 0 chooses a free one.
    #[arg(long, value_name = "N", default_value_t = 8300)]
    pub(crate) port: u16,
    /// Folder with one folder per API version [default: spec/ of the workspace].
    #[arg(long, value_name = "DIR")]
    pub(crate) spec_dir: Option<PathBuf>,
}

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// The document: JSON or YAML, OpenAPI 3.0, 3.1 or 3.2. A URL must be https, or on this machine.
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) spec: String,
    /// Also read files in this folder that the document refers to; may be repeated. Otherwise only files in its own folder are read.
    #[arg(long, value_name = "DIR")]
    pub(crate) allow_outside: Vec<PathBuf>,
    /// Folder of the crate: new, empty, or written by an earlier run.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Name of the package [default: made from the title of the API].
    #[arg(long, value_name = "CRATE", value_parser = package_name)]
    pub(crate) name: Option<PackageName>,
    /// Profile with what the document does not state, as described in spec/README.md.
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Corrections of the document (OpenAPI overlay).
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Option<PathBuf>,
    /// Generate a member of a larger workspace; the path of its runtime, relative to the crate.
    #[arg(long, hide = true, value_name = "PATH")]
    pub(crate) runtime: Option<String>,
    /// Print the measurements as one line of JSON.
    #[arg(long, hide = true)]
    pub(crate) json: bool,
}

/// Arguments of `corpus`.
#[derive(Debug, Args)]
pub(crate) struct CorpusArgs {
    /// Folder with documents: *.json, *.yaml, *.yml, and folders with an openapi.json or openapi.yaml.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Also read files in this folder that documents refer to; may be repeated. Otherwise only files in the folder of the document are read.
    #[arg(long, value_name = "DIR")]
    pub(crate) allow_outside: Vec<PathBuf>,
    /// Compile every client too (`cargo check`, library and example).
    #[arg(long)]
    pub(crate) check: bool,
    /// Features of the clients to compile with.
    #[arg(long, value_name = "LIST", value_delimiter = ',', requires = "check")]
    pub(crate) features: Vec<String>,
    /// Send samples of every schema through the compiled clients: so many valid ones of each component, request body and response
    /// at most, and invalid ones. Valid ones have to come back the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) samples: Option<u16>,
    /// Use only documents whose file name matches; `*` and `?` stand for any characters and any one character.
    #[arg(long, value_name = "GLOB")]
    pub(crate) only: Option<String>,
    /// Write the results as JSON too.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write the table as Markdown too.
    #[arg(long, value_name = "FILE")]
    pub(crate) table: Option<PathBuf>,
    /// Number of documents to generate at a time [default: one for each processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,
    /// Folder for the clients and build artifacts [default: target/corpus of the workspace].
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

fn api_version(text: &str) -> Result<ApiVersion, String> {
    ApiVersion::new(text)
        .ok_or_else(|| "a version consists of letters, digits and . - _ +, and does not begin with a dot".to_owned())
}

fn package_name(text: &str) -> Result<PackageName, String> {
    PackageName::new(text).ok_or_else(|| {
        "a package name consists of letters, digits, - and _, begins with a letter, and is neither a keyword nor the name of a dependency"
            .to_owned()
    })
}
