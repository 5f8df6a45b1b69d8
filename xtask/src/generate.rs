//! `generate`: writes a standalone crate from any document. The content is the generator's concern, except for the sources of the
//! runtime, which are copied.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use generator::bundle::Bundle;
use generator::package::{Manifests, Packaging, Standing, build_package, render_runtime_manifest};
use generator::{Facts, Generated, Report, Severity, Sources};
use serde::{Deserialize, Serialize};

use crate::cli::GenerateArgs;
use crate::crate_folder::CrateFolder;
use crate::download;
use crate::input;
use crate::layout::Layout;
use crate::outcome::{Exit, Failure, Outcome, counted};
use crate::references;
use crate::tree::{self, Tree};

/// The licence files that are copied with the runtime.
const LICENSES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// The measurements of a run, for programs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// `openapi` of the document.
    pub(crate) version: String,
    /// Number of operations in the document.
    pub(crate) operations_in: usize,
    /// Number of operations in the client.
    pub(crate) operations_out: usize,
    /// Number of types in the client.
    pub(crate) types: usize,
    /// Number of warnings by their code.
    pub(crate) warnings: BTreeMap<String, usize>,
    /// Number of places that became plain JSON although the document says more.
    #[serde(default)]
    pub(crate) untyped: Vec<Untyped>,
    /// The first error, when the document is unsound.
    pub(crate) error: Option<String>,
    /// Lines below `src/generated/`.
    pub(crate) lines: usize,
    /// Time from the bytes of the document to source text, in milliseconds.
    pub(crate) ms: u64,
    /// Peak memory of the process, in KiB, where the system reports it.
    pub(crate) memory_kb: Option<u64>,
}

/// A place that became plain JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Untyped {
    /// Pointer to it.
    pub(crate) place: String,
    /// Why it did.
    pub(crate) reason: String,
}

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &GenerateArgs) -> Result<Outcome, Failure> {
    let (document, location) = read_document(layout, &arguments.spec)?;
    let bundle = references::bundle_argument(&document, &location, &arguments.allow_outside);
    let folder = CrateFolder::open(&arguments.out)?;
    let optional = |path: &Option<PathBuf>| path.as_ref().map(|path| input::text(layout, path)).transpose();
    let (profile, overlay) = (optional(&arguments.profile)?.unwrap_or_default(), optional(&arguments.overlay)?);
    // A member of a corpus is made for a summary at it: it publishes no names, and each run is like the first.
    let names = arguments.runtime.as_ref().map_or_else(|| folder.names(), |_| Ok(String::new()))?;
    let sources = Sources {
        document: bundle.as_ref().map_or(document.as_slice(), Bundle::document),
        document_name: &arguments.spec,
        profile: &profile,
        names: &names,
        overlay: overlay.as_deref(),
        package: arguments.name.as_ref(),
        root: None,
    };
    let start = Instant::now();
    let made = generator::generate_any(&sources, &mut |_| {});
    let locate = |report| match &bundle {
        Some(bundle) => bundle.locate(report, &arguments.spec),
        None => report,
    };
    let made = made.map_err(|report| Failure::Unsound(with_file_names(locate(report), layout, arguments)));
    let made = made.and_then(|generated| Ok((crate_files(layout, arguments, &generated)?, generated)));
    let time = start.elapsed();
    match made {
        Ok((files, mut generated)) => {
            generated.report = with_file_names(locate(generated.report), layout, arguments);
            folder.write(&files)?;
            if arguments.json {
                print_measured(&generated, &files, time)
            } else {
                Ok(summarize(layout, arguments, &generated, &files))
            }
        }
        Err(Failure::Unsound(report)) if arguments.json => print_rejected(&sources, &report, time),
        Err(failure) => Err(failure),
    }
}

/// Returns the document, and where it was found.
fn read_document(layout: &Layout, spec: &str) -> Result<(Vec<u8>, String), Failure> {
    // `download` knows which schemes are accepted.
    if spec.contains("://") {
        download::from_url(spec).map(|received| (received.bytes, received.url))
    } else {
        Ok((input::bytes(layout, spec.as_ref())?, spec.to_owned()))
    }
}

/// Returns the report with the paths of the given files in place of the generator's names for them.
fn with_file_names(mut report: Report, layout: &Layout, arguments: &GenerateArgs) -> Report {
    let names = arguments.out.join("names.toml");
    for diagnostic in &mut report.diagnostics {
        let path = match diagnostic.source.as_str() {
            "profile.toml" => arguments.profile.as_deref(),
            "overlay.yaml" => arguments.overlay.as_deref(),
            "names.toml" => Some(names.as_path()),
            _ => None,
        };
        if let Some(path) = path {
            diagnostic.source = layout.display(path);
        }
    }
    report
}

/// Returns the files of the crate, including the runtime if it is standalone.
fn crate_files(layout: &Layout, arguments: &GenerateArgs, generated: &Generated) -> Result<Tree, Failure> {
    let texts = ManifestSources::read(layout)?;
    let standing = match &arguments.runtime {
        Some(runtime) => Standing::Member { runtime: runtime.clone() },
        None => Standing::Alone,
    };
    let packaging = Packaging { generated, manifests: &texts.manifests(), standing: &standing };
    let made = build_package(&packaging).map_err(Failure::Unsound)?;
    let mut files: Tree = made.into_iter().map(|(key, text)| (key, text.into_bytes())).collect();
    match standing {
        Standing::Member { .. } => {}
        Standing::Alone => {
            let sources = tree::read(&layout.place("runtime/src"))?;
            files.extend(sources.into_iter().map(|(key, bytes)| (format!("runtime/src/{key}"), bytes)));
            files.extend(read_lock(layout)?.map(|lock| ("Cargo.lock".to_owned(), lock)));
            for name in LICENSES {
                let text = input::optional_text(layout, &layout.place(name))?;
                files.extend(text.map(|text| (format!("runtime/{name}"), text.into_bytes())));
            }
        }
    }
    Ok(files)
}

/// Returns the runtime as a separate crate, shared by many clients.
pub(crate) fn runtime_files(layout: &Layout) -> Result<Tree, Failure> {
    let manifest = render_runtime_manifest(&ManifestSources::read(layout)?.manifests()).map_err(Failure::Unsound)?;
    let sources = tree::read(&layout.place("runtime/src"))?;
    let mut files: Tree = sources.into_iter().map(|(key, bytes)| (format!("src/{key}"), bytes)).collect();
    files.insert("Cargo.toml".to_owned(), manifest.into_bytes());
    Ok(files)
}

/// Reads the lock file of this workspace: the versions it was tested with. Cargo drops entries that a crate does not need.
pub(crate) fn read_lock(layout: &Layout) -> Result<Option<Vec<u8>>, Failure> {
    Ok(input::optional_text(layout, &layout.place("Cargo.lock"))?.map(String::into_bytes))
}

/// The manifests that versions are taken from.
struct ManifestSources {
    workspace: String,
    client: String,
    runtime: String,
}

impl ManifestSources {
    fn read(layout: &Layout) -> Result<Self, Failure> {
        let text = |relative| input::text(layout, &layout.place(relative));
        Ok(Self {
            workspace: text("Cargo.toml")?,
            client: text("generated-client/Cargo.toml")?,
            runtime: text("runtime/Cargo.toml")?,
        })
    }

    fn manifests(&self) -> Manifests<'_> {
        Manifests { workspace: &self.workspace, client: &self.client, runtime: &self.runtime }
    }
}

/// Returns the summary for people.
fn summarize(layout: &Layout, arguments: &GenerateArgs, generated: &Generated, files: &Tree) -> Outcome {
    let stdout = format!(
        "{}: {}, {}, {}\n",
        layout.display(&arguments.out),
        counted(generated.api.operations.len(), "operation"),
        counted(generated.api.types.0.len(), "type"),
        counted(files.len(), "file")
    );
    let warnings = &generated.report;
    let stderr = if warnings.diagnostics.is_empty() { String::new() } else { format!("{warnings}\n") };
    Outcome { stdout, stderr, exit: Exit::Done }
}

fn print_measured(generated: &Generated, files: &Tree, time: Duration) -> Result<Outcome, Failure> {
    let Facts { openapi, operations, .. } = &generated.facts;
    let code = files.iter().filter(|(key, _)| key.starts_with("src/generated/"));
    let lines = code.map(|(_, bytes)| bytes.iter().filter(|byte| **byte == b'\n').count()).sum();
    // Counted in the emitted code, so that an operation lost by the emitters is noticed.
    let table = generated.files.get("operations.rs").map_or("", String::as_str);
    let line = Measured {
        version: openapi.clone(),
        operations_in: *operations,
        operations_out: table.matches(": Operation = Operation {").count(),
        types: generated.api.types.0.len(),
        warnings: count_by_code(&generated.report, Severity::Warning),
        untyped: untyped(&generated.report),
        error: None,
        lines,
        ms: milliseconds(time),
        memory_kb: peak_memory(),
    };
    print(&line, Exit::Done, String::new())
}

fn print_rejected(sources: &Sources<'_>, report: &Report, time: Duration) -> Result<Outcome, Failure> {
    let memory_kb = peak_memory();
    let facts = generator::facts_of(sources.document, sources.document_name).unwrap_or_default();
    let error = report.diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    let line = Measured {
        version: facts.openapi,
        operations_in: facts.operations,
        warnings: count_by_code(report, Severity::Warning),
        error: error.map(|error| format!("{}: {} (#{})", error.code, error.found, error.pointer)),
        ms: milliseconds(time),
        memory_kb,
        ..Measured::default()
    };
    print(&line, Exit::Unsound, format!("{report}\n"))
}

fn print(line: &Measured, exit: Exit, stderr: String) -> Result<Outcome, Failure> {
    let text = serde_json::to_string(line).map_err(|error| Failure::io("write", "the numbers")(error.into()))?;
    Ok(Outcome { stdout: text + "\n", stderr, exit })
}

fn untyped(report: &Report) -> Vec<Untyped> {
    let found = report.diagnostics.iter().filter(|diagnostic| diagnostic.code.leaves_plain_json());
    found
        .map(|diagnostic| Untyped { place: diagnostic.pointer.to_string(), reason: diagnostic.found.clone() })
        .collect()
}

fn count_by_code(report: &Report, severity: Severity) -> BTreeMap<String, usize> {
    let mut numbers = BTreeMap::new();
    for diagnostic in report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity) {
        *numbers.entry(diagnostic.code.to_string()).or_default() += 1;
    }
    numbers
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the peak memory of this process in KiB. Only Linux has a file that reports it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
