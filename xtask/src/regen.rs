//! `regen`: writes the generated client from the documents, all or nothing, or only compares it. What is generated is the
//! generator's concern.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use generator::pages::{DescribedVersion, render_endpoints, render_migration};
use generator::{Code, CrateVersions, Generated, Pass, Root, Severity};

use crate::cli::RegenArgs;
use crate::difference::{self, Changes};
use crate::drift;
use crate::fetch;
use crate::guard::Guard;
use crate::input::{self, ClientVersions, Inputs};
use crate::layout::{ApiVersion, DOCUMENT, Layout};
use crate::outcome::{Exit, Failure, Outcome, Problem, ProblemCode, counted};
use crate::staging::{Content, Recovery, Swap};
use crate::tree::{self, Tree};

/// One version of the client: what it is generated from, and the result.
struct Version {
    version: ApiVersion,
    inputs: Inputs,
    generated: Generated,
}

/// A file outside of the generated folder of which a part is generated.
struct Companion {
    path: PathBuf,
    is: String,
    should: String,
}

/// Everything that is written.
struct Written {
    /// The generated folder.
    tree: Tree,
    /// In the order of the swap.
    companions: Vec<Companion>,
}

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &RegenArgs) -> Result<Outcome, Failure> {
    let of_client = ClientVersions::read(layout)?;
    let mut companions: Vec<PathBuf> = of_client.all.iter().map(|version| layout.names(version)).collect();
    companions.extend(Some(layout.client_manifest()).filter(|manifest| manifest.exists()));
    companions.extend(page_paths(layout, &of_client));
    let swap = Swap::with_companions(&layout.generated(), companions);
    for version in &of_client.all {
        // A fetch that was killed may have moved the document aside.
        fetch::recover(layout, version)?;
    }
    let guard = if arguments.check { None } else { Some(Guard::take(layout.spec())?) };
    let note = match guard {
        Some(_) => recovered(swap.recover()?),
        None => interrupted(&swap),
    };

    let mut clock = Clock::default();
    let (versions, kept) = generate_all(layout, arguments, &of_client, &mut clock)?;
    let written = collect(layout, &of_client, &versions)?;
    let mut outcome = if arguments.check { compare(layout, &written)? } else { write(layout, &swap, &written)? };
    if arguments.timings {
        outcome.stdout.push_str(&clock.table());
    }
    outcome.stderr.insert_str(0, &format!("{note}{kept}"));
    outcome.stderr.push_str(&warnings(&versions));
    Ok(outcome)
}

/// Generates every version before anything is written. Returns what was said about names, too.
fn generate_all(
    layout: &Layout,
    arguments: &RegenArgs,
    of_client: &ClientVersions,
    clock: &mut Clock,
) -> Result<(Vec<Version>, String), Failure> {
    let (mut versions, mut notes) = (Vec::new(), String::new());
    for version in &of_client.all {
        input::verify_lock(layout, version)?;
        let inputs = Inputs::of_layout(layout, version)?;
        // What is the same under another name in the document keeps its name in Rust.
        let kept = drift::kept_names(layout, version);
        let named = match kept {
            Some(kept) => {
                notes.push_str(&kept.notes);
                inputs.clone().with_names(kept.names)
            }
            None => inputs.clone(),
        };
        let generated = generator::generate(&named.sources(), &mut |pass| clock.begin(version, pass));
        clock.end();
        let generated = generated.map_err(Failure::Unsound)?;
        if !arguments.allow_approximate {
            refuse_approximate(layout, version, &generated)?;
        }
        versions.push(Version { version: version.clone(), inputs, generated });
    }
    Ok((versions, notes))
}

/// Rejects a document that was reconstructed from prose: a client of it is only for those who asked for one.
fn refuse_approximate(layout: &Layout, version: &ApiVersion, generated: &Generated) -> Result<(), Failure> {
    if !generated.report.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::Approximate) {
        return Ok(());
    }
    let document = layout.display(&layout.version(version).join(DOCUMENT));
    let found = "the document was reconstructed from pages in prose and is incomplete";
    let problem = Problem::new(ProblemCode::Approximate, document, found).expected("a document written by the vendor");
    Err(Failure::Input(
        problem.help("fetch one with cargo xtask fetch, or generate from this one with --allow-approximate"),
    ))
}

fn interrupted(swap: &Swap) -> &'static str {
    if swap.is_interrupted() {
        "note: an earlier regen was interrupted; the next one without --check repairs it\n"
    } else {
        ""
    }
}

fn recovered(recovery: Recovery) -> &'static str {
    match recovery {
        Recovery::Clean => "",
        Recovery::Undone => "note: an earlier regen was interrupted; its changes were undone\n",
        Recovery::Finished => "note: an earlier regen was interrupted; its leftovers were removed\n",
    }
}

/// Collects all files: a folder for each version, the module above them, their names, and the manifest with their features.
fn collect(layout: &Layout, of_client: &ClientVersions, versions: &[Version]) -> Result<Written, Failure> {
    let all: Vec<&str> = of_client.all.iter().map(ApiVersion::as_str).collect();
    let has_deliveries = |Version { generated, .. }: &&Version| {
        generated.profile.webhooks.is_some() && !generated.api.webhooks.is_empty()
    };
    let with_deliveries: Vec<&str> =
        versions.iter().filter(has_deliveries).map(|version| version.version.as_str()).collect();
    let of_crate = CrateVersions { all: &all, default: of_client.default.as_str(), with_deliveries: &with_deliveries };
    let mut tree = Tree::from([("mod.rs".to_owned(), of_crate.render_module().into_bytes())]);
    let mut companions = Vec::new();
    for Version { version, inputs, generated } in versions {
        let folder = Root::of_version(version.as_str()).folder().unwrap_or_default();
        let files = generated.files.iter();
        tree.extend(files.map(|(path, text)| (format!("{folder}/{path}"), text.as_bytes().to_vec())));
        let (is, should) = (inputs.names().to_owned(), generated.names.clone());
        companions.push(Companion { path: layout.names(version), is, should });
    }
    let path = layout.client_manifest();
    if let Some(is) = input::optional_text(layout, &path)? {
        let should = of_crate.update_manifest(&is).unwrap_or_else(|| is.clone());
        companions.push(Companion { path, is, should });
    }
    let pages = page_paths(layout, of_client);
    if !pages.is_empty() {
        let guide = input::optional_text(layout, &layout.place(GUIDE))?;
        for (path, should) in pages.into_iter().zip(render_pages(of_client, versions, guide.as_deref())?) {
            let is = input::optional_text(layout, &path)?.unwrap_or_default();
            companions.push(Companion { path, is, should });
        }
    }
    Ok(Written { tree, companions })
}

/// The page of the crate's documentation about versions.
const GUIDE: &str = "generated-client/src/guide/versions.md";

/// Returns the pages about versions: one with all endpoints, and one for each version before the default one about moving to it.
/// A workspace without pages has none of them.
fn page_paths(layout: &Layout, of_client: &ClientVersions) -> Vec<PathBuf> {
    let folder = layout.place("docs");
    if !folder.is_dir() {
        return Vec::new();
    }
    let older = of_client.older().map(|version| folder.join(format!("migrating-{version}.md")));
    std::iter::once(folder.join("endpoints.md")).chain(older).collect()
}

/// Renders the pages, in the order of their paths.
fn render_pages(of_client: &ClientVersions, versions: &[Version], guide: Option<&str>) -> Result<Vec<String>, Failure> {
    let mut described = Vec::new();
    for Version { version, inputs, generated } in versions {
        let document = inputs.sources().document;
        described.push(DescribedVersion::new(version.as_str(), document, generated).map_err(Failure::Unsound)?);
    }
    let mut pages = vec![render_endpoints(&described)];
    let default = versions.iter().zip(&described).find(|(version, _)| version.version == of_client.default);
    let of_older = versions.iter().zip(&described).filter(|(version, _)| version.version < of_client.default);
    if let Some((_, new)) = default {
        pages.extend(of_older.map(|(_, old)| render_migration(old, new, guide)));
    }
    Ok(pages)
}

/// Writes the files that differ.
fn write(layout: &Layout, swap: &Swap, written: &Written) -> Result<Outcome, Failure> {
    let (is, should) = (tree::read(&layout.generated())?, &written.tree);
    let changes = Changes::between(&is, should);
    let updated: Vec<&Companion> = written.companions.iter().filter(|file| file.is != file.should).collect();
    if changes.is_empty() && updated.is_empty() {
        return Ok(Outcome::done(format!("up to date: {}\n", counted(should.len(), "file"))));
    }
    let companions: Vec<&[u8]> = written.companions.iter().map(|file| file.should.as_bytes()).collect();
    swap.run(Content { folder: should, companions: &companions })?;
    let mut text = String::new();
    // Writing to a string cannot fail.
    if !changes.is_empty() {
        let _ = writeln!(text, "{}: {} of {}", layout.display(&layout.generated()), changes.summary(), should.len());
    }
    for file in updated {
        let _ = writeln!(text, "{}: updated", layout.display(&file.path));
    }
    Ok(Outcome::done(text))
}

/// Compares the files; writes nothing.
fn compare(layout: &Layout, written: &Written) -> Result<Outcome, Failure> {
    let (is, should) = (tree::read(&layout.generated())?, &written.tree);
    let mut diff = difference::of_trees(&layout.display(&layout.generated()), &is, should);
    for file in &written.companions {
        let (is, should) = (file.is.as_bytes(), file.should.as_bytes());
        diff.push_str(&difference::of_file(&layout.display(&file.path), Some(is), Some(should)));
    }
    if diff.is_empty() {
        return Ok(Outcome::done(format!("up to date: {}\n", counted(should.len(), "file"))));
    }
    let changes = Changes::between(&is, should);
    let mut stderr = "error: the generated client is out of date with spec/".to_owned();
    if !changes.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(stderr, " ({})", changes.summary());
    }
    stderr.push_str("\nhelp: run cargo xtask regen; machine-written files are never edited by hand\n");
    Ok(Outcome { stdout: diff, stderr, exit: Exit::Stale })
}

/// Returns the number of warnings; `check` lists them.
fn warnings(versions: &[Version]) -> String {
    let is_warning = |severity| matches!(severity, Severity::Warning);
    let found = versions.iter().flat_map(|version| &version.generated.report.diagnostics);
    let count = found.filter(|diagnostic| is_warning(diagnostic.severity)).count();
    match count {
        0 => String::new(),
        1 => "1 warning: cargo xtask check shows it\n".to_owned(),
        _ => format!("{count} warnings: cargo xtask check shows them\n"),
    }
}

/// Measures the passes: the generator itself has no clock.
#[derive(Debug, Default)]
struct Clock {
    running: Option<(String, Instant)>,
    done: Vec<(String, Duration)>,
}

impl Clock {
    /// Ends the pass that is running and begins another.
    fn begin(&mut self, version: &ApiVersion, pass: Pass) {
        self.end();
        self.running = Some((format!("{version} {pass}"), Instant::now()));
    }

    /// Ends the pass that is running.
    fn end(&mut self) {
        if let Some((pass, start)) = self.running.take() {
            self.done.push((pass, start.elapsed()));
        }
    }

    /// Returns one line per pass and one for the total, in milliseconds.
    fn table(&self) -> String {
        let total: Duration = self.done.iter().map(|(_, time)| *time).sum();
        let line = |name: &str, time: Duration| format!("{name:<24} {:>9.2} ms\n", time.as_secs_f64() * 1000.0);
        let passes: String = self.done.iter().map(|(name, time)| line(name, *time)).collect();
        format!("{passes}{}", line("total", total))
    }
}
