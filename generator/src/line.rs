//! The whole line, pass by pass.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::derived::derived_profile;
use crate::diagnostic::{Code, Diagnostic, Report, Severity};
use crate::emit::{self, Input, Preamble};
use crate::facts::Facts;
use crate::model::{self, Api, Modelled};
use crate::names::Lock;
use crate::normalize::{component_names, normalize};
use crate::pointer::Pointer;
use crate::profile::{Areas, Profile, profile};
use crate::source::{Document, overlay, read};
use crate::wire::{lower, wire};

/// Everything the generator reads.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The published document: JSON or YAML, OpenAPI 3.0.x or 3.1.x.
    pub document: &'a [u8],
    /// How diagnostics call the document, usually its path.
    pub document_name: &'a str,
    /// Text of `spec/profile.toml`.
    pub profile: &'a str,
    /// Text of `spec/names.toml`; may be empty.
    pub names: &'a str,
    /// Text of `spec/overlay.yaml`, when there is one.
    pub overlay: Option<&'a str>,
}

/// What the generator makes.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Text of each file, keyed by its path below `src/generated/`.
    pub files: BTreeMap<String, String>,
    /// `spec/names.toml` as it must be from now on.
    pub names: String,
    /// The OpenAPI 3.0.3 document that was handed to progenitor, as pretty JSON.
    pub lowered: String,
    /// The public surface of the client in sections, one line per item.
    pub surface: BTreeMap<String, String>,
    /// The model it was made from.
    pub api: Api,
    /// The profile that counted.
    pub profile: Profile,
    /// What the document says about itself.
    pub facts: Facts,
    /// Warnings.
    pub report: Report,
}

/// A step of the line, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pass {
    /// Bytes to a document.
    Read,
    /// Corrections of ours.
    Overlay,
    /// One dialect.
    Normalize,
    /// What a Rust SDK needs to know.
    Model,
    /// The document for progenitor.
    Lower,
    /// progenitor, and mending its output.
    Wire,
    /// Source text.
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

/// The model of a document, and what led to it.
struct Prepared {
    profile: Profile,
    modelled: Modelled,
    facts: Facts,
    report: Report,
}

/// Runs the whole line; `observer` hears each pass as it begins.
///
/// # Errors
///
/// The report of every problem found, when one of them is an error.
pub fn generate(sources: &Sources<'_>, observer: &mut dyn FnMut(Pass)) -> Result<Generated, Report> {
    generate_as(sources, Tolerance::Strict, observer)
}

/// As [`generate`], for a document that is not ours to mend: references that lead nowhere become plain JSON with a warning, and
/// without a profile the document's own statements on authentication and servers count.
///
/// # Errors
///
/// As [`generate`], for what cannot be worked around.
pub fn generate_any(sources: &Sources<'_>, observer: &mut dyn FnMut(Pass)) -> Result<Generated, Report> {
    generate_as(sources, Tolerance::Lenient, observer)
}

/// What becomes of references that lead nowhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tolerance {
    /// They are errors.
    Strict,
    /// They are plain JSON.
    Lenient,
}

fn generate_as(
    sources: &Sources<'_>,
    tolerance: Tolerance,
    observer: &mut dyn FnMut(Pass),
) -> Result<Generated, Report> {
    let prepared = prepare(sources, tolerance, observer)?;
    let Prepared { profile, modelled, facts, report } = prepared;
    if !report.is_sound() {
        return Err(report);
    }
    let api = &modelled.api;
    observer(Pass::Lower);
    let lowered = lower(api);
    observer(Pass::Wire);
    let wire = wire(api, &lowered, &|ty| emit::qualified(&api.types, ty))?;
    observer(Pass::Emit);
    let preamble = Preamble { sha256: sha256(sources.document), generator: env!("CARGO_PKG_VERSION").to_owned() };
    let files = emit::emit(&Input { api, profile: &profile, wire: &wire, preamble: &preamble })?;
    let surface = emit::surface(api);
    let names = modelled.lock.write();
    Ok(Generated { files, names, lowered: lowered.json(), surface, api: modelled.api, profile, facts, report })
}

/// Reports what is wrong or doubtful, without emitting anything.
pub fn check(sources: &Sources<'_>) -> Report {
    match prepare(sources, Tolerance::Strict, &mut |_| {}) {
        Ok(prepared) => prepared.report,
        Err(report) => report,
    }
}

/// The model of a document alone: for tests and for comparing two revisions.
///
/// # Errors
///
/// As [`generate`].
pub fn model_of(sources: &Sources<'_>) -> Result<Modelled, Report> {
    let prepared = prepare(sources, Tolerance::Strict, &mut |_| {})?;
    if prepared.report.is_sound() { Ok(prepared.modelled) } else { Err(prepared.report) }
}

fn prepare(sources: &Sources<'_>, tolerance: Tolerance, observer: &mut dyn FnMut(Pass)) -> Result<Prepared, Report> {
    observer(Pass::Read);
    let mut document = read(sources.document, sources.document_name)?;
    let facts = Facts::of(&document.value);
    let mut profile = match tolerance {
        Tolerance::Lenient if sources.profile.is_empty() => derived_profile(&document.value),
        Tolerance::Lenient | Tolerance::Strict => profile(sources.profile)?,
    };
    if tolerance == Tolerance::Lenient {
        // Their features would have to be in the manifest.
        profile.areas = Areas::default();
    }
    let lock = Lock::read(sources.names)?;
    let mut report = std::mem::take(&mut document.doubts);
    observer(Pass::Overlay);
    component_names(&mut document.value);
    if let Some(text) = sources.overlay {
        report.extend(overlay(&mut document.value, text)?);
    }
    observer(Pass::Normalize);
    let value = std::mem::take(&mut document.value);
    let normalized = normalize(value);
    observer(Pass::Model);
    let modelled = model::build(&normalized, &profile, &lock);
    report.extend(tolerated(located(&document, modelled.report.clone()), tolerance));
    report.extend(model::areas(&modelled.api, &profile.areas));
    if modelled.api.operations.is_empty() && modelled.api.types.0.is_empty() && modelled.api.webhooks.is_empty() {
        report.push(nothing_in(&document));
    }
    report.diagnostics.sort_by_key(|diagnostic| match diagnostic.severity {
        Severity::Error => 0,
        Severity::Warning => 1,
    });
    Ok(Prepared { profile, modelled, facts, report })
}

/// The model works around references that lead nowhere; whether that is good enough is decided here.
fn tolerated(mut report: Report, tolerance: Tolerance) -> Report {
    let workable = [Code::DanglingRef, Code::ExternalRef, Code::RefCycle];
    if tolerance == Tolerance::Lenient {
        for diagnostic in report.diagnostics.iter_mut().filter(|diagnostic| workable.contains(&diagnostic.code)) {
            diagnostic.severity = Severity::Warning;
        }
    }
    report
}

/// Problems of the model are problems of the document, unless they say otherwise.
fn located(document: &Document, report: Report) -> Report {
    let locate = |diagnostic: Diagnostic| {
        if diagnostic.source.is_empty() { document.locate(diagnostic) } else { diagnostic }
    };
    Report { diagnostics: report.diagnostics.into_iter().map(locate).collect() }
}

fn nothing_in(document: &Document) -> Diagnostic {
    document.locate(
        Diagnostic::new(Code::Missing, Pointer::root(), "the document describes no operation, schema or webhook")
            .expected("at least one of them")
            .help("check that the document is complete"),
    )
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
