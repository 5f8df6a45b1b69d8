//! Runs all passes of the generator in order, from bytes to source files. Knows which pass follows which, not how any of them
//! works.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError, mpsc};

use sha2::{Digest, Sha256};

use crate::contract::{self, Contract};
use crate::derived::Derived;
use crate::diagnostic::{Code, Diagnostic, Report, Severity};
use crate::drift::{self, Client, Drift, Revision};
use crate::emit::{self, Input, Preamble, Root, recursion_limit};
use crate::facts::Facts;
use crate::ir::Api;
use crate::model::{self, Modelled};
use crate::names::Lock;
use crate::normalize::{
    Normalized, event_data_schemas, make_references_local, normalize_local_document, simplify_component_names,
};
use crate::package_name::PackageName;
use crate::parallel;
use crate::pointer::Pointer;
use crate::profile::{Areas, Profile, stated_tables};
use crate::published::APPROXIMATE;
use crate::source::{Document, apply_overlay, note_long_numbers, read_document};
use crate::support::find_degraded;
use crate::surface::{self, Surface};
use crate::wire::{generate_wire_layer, lower_api};

/// Everything the generator reads.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The published document: JSON or YAML, OpenAPI 3.0.x, 3.1.x or 3.2.x.
    pub document: &'a [u8],
    /// The name of the document in diagnostics, usually its path.
    pub document_name: &'a str,
    /// The contents of `spec/profile.toml`.
    pub profile: &'a str,
    /// The contents of `names.toml`; may be empty.
    pub names: &'a str,
    /// The contents of `overlay.yaml`, if there is one.
    pub overlay: Option<&'a str>,
    /// Name of the package that the code will be part of; without it the profile names it, or the title of the API.
    pub package: Option<&'a PackageName>,
    /// The module that the code will be in, which also chooses the version of the profile; without it `crate::generated`, and
    /// the version that the profile names.
    pub root: Option<&'a Root>,
}

impl<'a> Sources<'a> {
    /// Returns a document by itself, without decisions about it. `name` is what diagnostics call it.
    pub fn of_document(document: &'a [u8], name: &'a str) -> Self {
        Self { document, document_name: name, profile: "", names: "", overlay: None, package: None, root: None }
    }
}

/// Everything the generator produces.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The contents of each file, keyed by its path below the folder of the module.
    pub files: BTreeMap<String, String>,
    /// The updated contents of `names.toml`.
    pub names: String,
    /// The OpenAPI 3.0.3 document that was passed to progenitor, as pretty-printed JSON.
    pub lowered: String,
    /// The public surface of the client.
    pub surface: Surface,
    /// The model that the files were generated from.
    pub api: Api,
    /// The profile in effect, including what was derived from the document.
    pub profile: Profile,
    /// Facts about the document.
    pub facts: Facts,
    /// Name of the package that the code is part of.
    pub package: PackageName,
    /// Warnings.
    pub report: Report,
}

/// A pass of the pipeline, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pass {
    /// Parses the document.
    Read,
    /// Applies the overlay.
    Overlay,
    /// Converts the document to one dialect.
    Normalize,
    /// Builds the model.
    Model,
    /// Lowers the model to a document for progenitor.
    Lower,
    /// Runs progenitor and rewrites its output. Files that depend on the model alone are emitted concurrently.
    Wire,
    /// Emits the source files.
    Emit,
}

impl fmt::Display for Pass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Read => "read",
            Self::Overlay => "overlay",
            Self::Normalize => "normalize",
            Self::Model => "model",
            Self::Lower => "lower",
            Self::Wire => "wire",
            Self::Emit => "emit",
        })
    }
}

/// The model of a document, with its inputs.
struct Prepared {
    normalized: Normalized,
    profile: Profile,
    modelled: Modelled,
    facts: Facts,
    report: Report,
}

/// Runs the whole pipeline. Calls `observer` at the start of each pass.
///
/// # Errors
///
/// Returns all problems found if at least one of them is an error.
pub fn generate(sources: &Sources<'_>, observer: &mut dyn FnMut(Pass)) -> Result<Generated, Report> {
    generate_as(sources, Tolerance::Strict, observer)
}

/// Like [`generate`], for a document that we cannot correct: broken references become plain JSON with a warning, and the profile
/// is completed with the authentication and servers that the document declares.
///
/// # Errors
///
/// Like [`generate`], except for problems that can be worked around.
pub fn generate_any(sources: &Sources<'_>, observer: &mut dyn FnMut(Pass)) -> Result<Generated, Report> {
    generate_as(sources, Tolerance::Lenient, observer)
}

/// Compares two revisions of an API.
///
/// # Errors
///
/// Returns the problems of the first document that no client can be generated from.
pub fn compare_documents(base: &Sources<'_>, head: &Sources<'_>, tolerance: Tolerance) -> Result<Drift, Report> {
    let (sender, published) = mpsc::channel();
    let sender = Mutex::new(Some(sender));
    // The names of the old client are known before all else of it is, and the new one needs nothing but them.
    let old = || -> Result<Revision, Report> {
        // However this ends, nobody waits for names that do not come.
        let sender = sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        let read = read_and_normalize(base, tolerance, Purpose::Comparison, &mut |_| {})?;
        let built = build_revision(read, &Lock::read(base.names)?, tolerance)?;
        // Nobody reads them if the new document is unsound.
        let _unread = sender.map(|sender| sender.send(built.client.modelled.lock.clone()));
        let contract = Contract::of(&built.inputs.normalized);
        let Inputs { normalized, profile } = built.inputs;
        drop(normalized);
        Ok(built.client.finish(base, &profile, contract))
    };
    let new = || -> Result<Option<(Revision, Inputs, Lock)>, Report> {
        let read = read_and_normalize(head, tolerance, Purpose::Comparison, &mut |_| {})?;
        let contract = Contract::of(&read.normalized);
        // The old document is unsound, and its report is the one that counts.
        let Ok(mut names) = published.recv() else { return Ok(None) };
        // A name that was changed on purpose is another name.
        names.prefer(&Lock::read(head.names)?);
        let built = build_revision(read, &names, tolerance)?;
        let revision = built.client.finish(head, &built.inputs.profile, contract);
        Ok(Some((revision, built.inputs, names)))
    };
    let (old, new) = parallel::run_both(old, new);
    let base = old?;
    let Some((mut revised, inputs, names)) = new? else { return Err(Report::default()) };
    let rebuild = move |names: &Lock| Some(client(&inputs.normalized, &inputs.profile, names));
    let drift = drift::compare(&base, &mut revised, names, rebuild);
    parallel::drop_both(base, revised);
    Ok(drift)
}

/// What a client is made of, beside its names.
struct Inputs {
    normalized: Normalized,
    profile: Profile,
}

/// A model for a comparison, with what it was made of.
struct Built {
    inputs: Inputs,
    client: Draft,
}

/// A client whose surface is not made yet.
struct Draft {
    modelled: Modelled,
    divergent: Vec<String>,
}

/// Builds the model of a revision.
fn build_revision(read: Read, names: &Lock, tolerance: Tolerance) -> Result<Built, Report> {
    let Prepared { normalized, profile, modelled, report, .. } = build_model(read, names, tolerance);
    // Schemas that no longer agree are one of the things to report; `regen` refuses them.
    let is_fatal = |found: &Diagnostic| found.severity == Severity::Error && found.code != Code::SharedType;
    if report.diagnostics.iter().any(is_fatal) {
        return Err(report);
    }
    let divergent = report.diagnostics.iter().filter(|found| found.code == Code::SharedType);
    let divergent = divergent.map(|found| found.pointer.to_string()).collect();
    Ok(Built { inputs: Inputs { normalized, profile }, client: Draft { modelled, divergent } })
}

impl Draft {
    /// Returns the revision.
    fn finish(self, sources: &Sources<'_>, profile: &Profile, contract: Contract) -> Revision {
        let headers = profile.headers.iter().map(|header| (header.name.clone(), header.default.is_some())).collect();
        let client = client_of(self.modelled, profile);
        Revision::new(sha256(sources.document), contract, client, headers).with_divergent(self.divergent)
    }
}

/// Returns the client of a document with other names.
fn client(normalized: &Normalized, profile: &Profile, names: &Lock) -> Client {
    client_of(model::build(normalized, profile, names), profile)
}

fn client_of(modelled: Modelled, profile: &Profile) -> Client {
    let Modelled { api, lock, suggested, .. } = modelled;
    let preamble = Preamble { sha256: String::new(), generator: String::new(), notice: "" };
    let root = Root::default();
    let input = Input { api: &api, profile, preamble: &preamble, root: &root, library: "", recursion_limit: None };
    // What cannot be written is reported by `regen`.
    let configuration = emit::render_configuration(&input).unwrap_or_default();
    let surface = surface::build_surface(&input);
    Client { api, surface, names: lock, configuration, suggested }
}

/// How defects of a document are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// They are errors: the overlay can correct them.
    Strict,
    /// They are worked around where possible.
    Lenient,
}

impl Tolerance {
    /// Returns the severity of an empty document. An empty document of our own API is a mistake; for another API it may be all
    /// there is.
    fn severity_of_emptiness(self) -> Severity {
        match self {
            Self::Strict => Severity::Error,
            Self::Lenient => Severity::Warning,
        }
    }

    /// Returns the notice at the top of each generated file.
    fn notice(self) -> &'static str {
        match self {
            Self::Strict => "Generated by `cargo xtask regen`; do not edit. Change the generator or spec/ instead.",
            Self::Lenient => {
                "Generated by `cargo xtask generate`; do not edit. Change the document or its profile instead."
            }
        }
    }
}

fn generate_as(
    sources: &Sources<'_>,
    tolerance: Tolerance,
    observer: &mut dyn FnMut(Pass),
) -> Result<Generated, Report> {
    let prepared = prepare(sources, tolerance, observer)?;
    let Prepared { profile, modelled, facts, report, .. } = prepared;
    if !report.is_sound() {
        return Err(report);
    }
    let api = &modelled.api;
    observer(Pass::Lower);
    let lowered = lower_api(api);
    let target = Target::of(sources, tolerance, &profile, &facts);
    let input = target.input(api, &profile);
    let files = emit::emit_files(&input, || {
        observer(Pass::Wire);
        let wire = generate_wire_layer(api, &lowered, &|ty| emit::qualified(&api.types, &target.root, ty));
        observer(Pass::Emit);
        wire
    })?;
    let surface = surface::build_surface(&input);
    let names = modelled.lock.write();
    let (lowered, package) = (lowered.json(), target.package);
    Ok(Generated { files, names, lowered, surface, api: modelled.api, profile, facts, package, report })
}

/// What emitted code is part of.
struct Target {
    package: PackageName,
    root: Root,
    library: String,
    preamble: Preamble,
}

impl Target {
    fn of(sources: &Sources<'_>, tolerance: Tolerance, profile: &Profile, facts: &Facts) -> Self {
        let named = sources.package.or(profile.client.package.as_ref());
        let package = named.map_or_else(|| PackageName::from_title(&facts.title), PackageName::clone);
        let root = sources.root.cloned().unwrap_or_default();
        let library = root.library(&package.library(), &profile.document.api_version);
        let preamble = Preamble {
            sha256: sha256(sources.document),
            generator: env!("CARGO_PKG_VERSION").to_owned(),
            notice: tolerance.notice(),
        };
        Self { package, root, library, preamble }
    }

    fn input<'a>(&'a self, api: &'a Api, profile: &'a Profile) -> Input<'a> {
        Input {
            api,
            profile,
            preamble: &self.preamble,
            root: &self.root,
            library: &self.library,
            recursion_limit: recursion_limit(&api.types),
        }
    }
}

/// Builds the model and returns the problems found, without emitting anything.
pub fn check(sources: &Sources<'_>) -> Report {
    match prepare(sources, Tolerance::Strict, &mut |_| {}) {
        Ok(prepared) => prepared.report,
        Err(report) => report,
    }
}

/// Builds only the model of a document, for tests and for comparing two revisions.
///
/// # Errors
///
/// Like [`generate`].
pub fn model_of(sources: &Sources<'_>) -> Result<Modelled, Report> {
    let prepared = prepare(sources, Tolerance::Strict, &mut |_| {})?;
    if prepared.report.is_sound() { Ok(prepared.modelled) } else { Err(prepared.report) }
}

/// What a client of a document would be, without its code.
#[derive(Clone, Debug)]
pub struct Described {
    /// The model.
    pub api: Api,
    /// The public surface.
    pub surface: Surface,
    /// Warnings.
    pub report: Report,
}

/// Builds the model and the public surface of a document, without emitting anything.
///
/// # Errors
///
/// Like [`generate`].
pub fn describe(sources: &Sources<'_>) -> Result<Described, Report> {
    let Prepared { profile, modelled, facts, report, .. } = prepare(sources, Tolerance::Strict, &mut |_| {})?;
    if !report.is_sound() {
        return Err(report);
    }
    let target = Target::of(sources, Tolerance::Strict, &profile, &facts);
    let surface = surface::build_surface(&target.input(&modelled.api, &profile));
    Ok(Described { api: modelled.api, surface, report })
}

/// Runs the passes up to the model.
fn prepare(sources: &Sources<'_>, tolerance: Tolerance, observer: &mut dyn FnMut(Pass)) -> Result<Prepared, Report> {
    let read = read_and_normalize(sources, tolerance, Purpose::Generation, observer)?;
    let lock = Lock::read(sources.names)?;
    observer(Pass::Model);
    Ok(build_model(read, &lock, tolerance))
}

/// A document in the one dialect, with everything else that its model is made of.
struct Read {
    document: Document,
    normalized: Normalized,
    profile: Profile,
    facts: Facts,
    report: Report,
}

/// What a document is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// A client, or a report on the document.
    Generation,
    /// A comparison: nobody reads warnings, and numbers count as they are written.
    Comparison,
}

/// Runs the passes before the model.
fn read_and_normalize(
    sources: &Sources<'_>,
    tolerance: Tolerance,
    purpose: Purpose,
    observer: &mut dyn FnMut(Pass),
) -> Result<Read, Report> {
    observer(Pass::Read);
    let mut document = read_document(sources.document, sources.document_name)?;
    let facts = Facts::of(&document.value);
    let mut report = std::mem::take(&mut document.doubts);
    match purpose {
        Purpose::Generation => {}
        Purpose::Comparison => note_long_numbers(&mut document.value, &document.text, contract::EXACT),
    }
    let profile = read_profile(sources, tolerance, &document, &mut report)?;
    report.extend(report_approximation(&document));
    observer(Pass::Overlay);
    simplify_component_names(&mut document.value);
    if let Some(overlay) = sources.overlay {
        report.extend(apply_overlay(&mut document.value, overlay)?);
    }
    make_references_local(&mut document.value);
    match purpose {
        Purpose::Generation => {
            report.extend(locate(&document, find_degraded(&document.value, &event_data_schemas(&document.value))));
        }
        Purpose::Comparison => {}
    }
    observer(Pass::Normalize);
    let normalized = normalize_local_document(std::mem::take(&mut document.value));
    Ok(Read { document, normalized, profile, facts, report })
}

/// Builds the model, and completes the report.
fn build_model(read: Read, lock: &Lock, tolerance: Tolerance) -> Prepared {
    let Read { document, normalized, profile, facts, mut report } = read;
    let modelled = model::build(&normalized, &profile, lock);
    report.extend(tolerate_broken_references(locate(&document, modelled.report.clone()), tolerance));
    report.extend(model::check_areas(&modelled.api, &profile.areas));
    report.extend(model::unused_examples(&modelled.api, &profile.examples));
    report.extend(report_emptiness(&modelled.api, &document, tolerance));
    report.sort_by_severity();
    Prepared { normalized, profile, modelled, facts, report }
}

/// Parses the profile. For a document of another API, completes it from the document and reports what is still missing.
fn read_profile(
    sources: &Sources<'_>,
    tolerance: Tolerance,
    document: &Document,
    report: &mut Report,
) -> Result<Profile, Report> {
    let mut profile = match sources.root.and_then(Root::version) {
        Some(version) => Profile::of_version(sources.profile, version)?,
        None => Profile::parse(sources.profile)?,
    };
    match tolerance {
        Tolerance::Strict => {}
        Tolerance::Lenient => {
            let derived = Derived::from_document(&document.value, &document.name);
            let missing = derived.complete(&mut profile, &stated_tables(sources.profile));
            report.extend(locate(document, missing));
            // The manifest of a crate for another API declares no features for areas.
            profile.areas = Areas::default();
        }
    }
    Ok(profile)
}

/// Downgrades broken references to warnings if the document is not ours to correct: the model replaces them by plain JSON.
fn tolerate_broken_references(mut report: Report, tolerance: Tolerance) -> Report {
    let workable = [Code::DanglingRef, Code::ExternalRef, Code::RefCycle];
    if tolerance == Tolerance::Lenient {
        for diagnostic in report.diagnostics.iter_mut().filter(|diagnostic| workable.contains(&diagnostic.code)) {
            diagnostic.severity = Severity::Warning;
        }
    }
    report
}

/// Adds the name of the document and lines to diagnostics that name no other source.
fn locate(document: &Document, report: Report) -> Report {
    Report { diagnostics: document.locate_all(report.diagnostics) }
}

/// Warns about a document that was reconstructed from prose, which is marked in the document itself.
fn report_approximation(document: &Document) -> Report {
    let place = Pointer::root().join("info").join(APPROXIMATE);
    let found = place.find(&document.value).map(|_| {
        document.locate(
            Diagnostic::new(Code::Approximate, place.clone(), "the document was reconstructed from prose pages")
                .expected("a document published by the vendor")
                .help("cargo xtask fetch gets the published document; regen accepts this one with --allow-approximate"),
        )
    });
    Report { diagnostics: found.into_iter().collect() }
}

/// Reports a document that describes nothing.
fn report_emptiness(api: &Api, document: &Document, tolerance: Tolerance) -> Report {
    if !(api.operations.is_empty() && api.types.0.is_empty() && api.webhooks.is_empty()) {
        return Report::default();
    }
    let found = "the document describes no operation, schema or webhook";
    let diagnostic = Diagnostic::new(Code::Missing, Pointer::root(), found)
        .expected("at least one of them")
        .help("check that the document is complete");
    Report::of(Diagnostic { severity: tolerance.severity_of_emptiness(), ..document.locate(diagnostic) })
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
