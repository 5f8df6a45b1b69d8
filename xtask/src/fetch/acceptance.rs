//! Decides whether a document is accepted: it has to be readable and sound, describe the requested API and version, and not lack much
//! of what is there.

use std::collections::BTreeSet;

use generator::published::{Identity, read_identity};
use generator::{Canonical, Code, Report};

use super::plan::{NamedBy, Plan};
use super::previous::Previous;
use super::version::{Published, VersionSource, WrongVersion, determine_version};
use crate::input::{Inputs, versions};
use crate::layout::{ApiVersion, Layout};
use crate::outcome::{Failure, counted};

/// Number of operations that a rejection lists.
const NAMED: usize = 5;

/// The share of operations, as a fraction, from which two documents count as the same version.
const ALIKE: (usize, usize) = (9, 10);

/// A document that may be stored.
#[derive(Debug)]
pub(super) struct Accepted {
    /// The document.
    pub(super) canonical: Canonical,
    /// Its identity, as stated in it.
    pub(super) identity: Identity,
    /// Its version.
    pub(super) version: ApiVersion,
    /// How its version is known.
    pub(super) version_source: VersionSource,
    /// What was there before.
    pub(super) previous: Previous,
    /// Warnings about its text, and overlay actions that match nothing any more.
    pub(super) report: Report,
}

/// Why a document is not accepted.
#[derive(Debug)]
pub(super) enum Rejected {
    /// Another source may have a better one.
    Unusable {
        /// What is wrong.
        reason: String,
        /// The generator's report on it.
        report: Report,
    },
    /// It is another version than the requested one.
    OtherVersion {
        /// What is wrong.
        reason: String,
        /// Its version.
        version: String,
    },
    /// It may be correct: a person has to decide.
    Doubtful(String),
    /// It could not be accepted.
    Failed(Failure),
}

impl From<Failure> for Rejected {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<WrongVersion> for Rejected {
    fn from(wrong: WrongVersion) -> Self {
        match wrong.found {
            Some(version) => Self::OtherVersion { reason: wrong.reason, version },
            None => Self::unusable(wrong.reason),
        }
    }
}

impl Rejected {
    /// Creates a rejection with a reason of its own.
    pub(super) fn unusable(reason: impl Into<String>) -> Self {
        Self::Unusable { reason: reason.into(), report: Report::default() }
    }
}

impl Rejected {
    /// Changes the report, if there is one.
    #[must_use]
    pub(super) fn map_report(self, change: impl FnOnce(Report) -> Report) -> Self {
        match self {
            Self::Unusable { reason, report } => Self::Unusable { reason, report: change(report) },
            other @ (Self::OtherVersion { .. } | Self::Doubtful(_) | Self::Failed(_)) => other,
        }
    }
}

/// How doubtful documents are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caution {
    /// They are rejected.
    Careful,
    /// They are accepted if they are sound (`--force`).
    Forced,
}

/// A document that was received.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'a> {
    /// Its bytes.
    pub(super) bytes: &'a [u8],
    /// Its name in messages.
    pub(super) name: &'a str,
    /// Its URL; empty for a file.
    pub(super) url: &'a str,
    /// Its name in the listing that led to it.
    pub(super) label: Option<&'a str>,
}

/// Checks a document.
pub(super) fn accept(
    layout: &Layout,
    plan: &Plan,
    caution: Caution,
    candidate: Candidate<'_>,
) -> Result<Accepted, Rejected> {
    let mut canonical = generator::canonicalize(candidate.bytes, candidate.name)
        .map_err(|report| Rejected::Unusable { reason: "this is not an OpenAPI document".to_owned(), report })?;
    let header = plan.profile.document.version_header.as_deref();
    let identity = read_identity(&canonical.document, header);
    if identity.operations.is_empty() {
        return Err(Rejected::unusable("it describes no operations"));
    }
    let place = Published { url: candidate.url, label: candidate.label };
    let (version, version_source) = determine_version(&identity, place, plan.wanted.as_ref())?;
    let previous = Previous::read(layout, &version, header)?;
    check_same_api(&identity, plan, previous.identity.as_ref()).map_err(Rejected::unusable)?;
    let mut report = std::mem::take(&mut canonical.doubts);
    report.extend(check_soundness(layout, plan, candidate, &version)?);
    match caution {
        Caution::Careful => {
            check_exactness(&identity, plan, &previous)?;
            if version_source == VersionSource::Assumed {
                check_other_versions(layout, &identity, &version, &previous, header)?;
            }
            check_operation_count(&identity, previous.identity.as_ref())?;
        }
        Caution::Forced => {}
    }
    Ok(Accepted { canonical, identity, version, version_source, previous, report })
}

/// Checks that something comparable shows that this is the same API: a server, an injected header, or the known operations.
fn check_same_api(identity: &Identity, plan: &Plan, previous: Option<&Identity>) -> Result<(), String> {
    let host = |url: &str| url.split("://").nth(1).and_then(|rest| rest.split('/').next()).map(str::to_ascii_lowercase);
    let known: BTreeSet<String> =
        plan.profile.environments.iter().filter_map(|environment| host(&environment.url)).collect();
    let headers: BTreeSet<String> =
        plan.profile.headers.iter().map(|header| header.name.to_ascii_lowercase()).collect();
    let operations = previous.map(|previous| &previous.operations).filter(|operations| !operations.is_empty());
    // Either of the two may have lost or gained many operations.
    let shared = operations.map(|known| {
        known.intersection(&identity.operations).count() * 3 >= known.len().min(identity.operations.len()).max(1)
    });
    let evidence = [
        (!known.is_empty() && !identity.hosts.is_empty()).then(|| !known.is_disjoint(&identity.hosts)),
        (!headers.is_empty() && !identity.headers.is_empty()).then(|| !headers.is_disjoint(&identity.headers)),
        shared,
    ];
    let mut found = evidence.into_iter().flatten().peekable();
    if found.peek().is_none() || found.any(|speaks_for_it| speaks_for_it) {
        return Ok(());
    }
    let servers: Vec<&str> = identity.hosts.iter().map(String::as_str).collect();
    let servers = if servers.is_empty() { "no server".to_owned() } else { servers.join(", ") };
    Err(format!(
        "this is another API: {:?} with {}, served by {servers}; it contains neither the servers nor the headers of the profile nor \
         the known operations",
        identity.title,
        counted(identity.operations.len(), "operation")
    ))
}

/// The generator's verdict. A version that the profile does not list is accepted for itself.
fn check_soundness(
    layout: &Layout,
    plan: &Plan,
    candidate: Candidate<'_>,
    version: &ApiVersion,
) -> Result<Report, Rejected> {
    let inputs = Inputs::of_candidate(layout, version, candidate.bytes.to_vec(), candidate.name.to_owned())?;
    let default = plan.profile.document.api_version.as_str();
    let is_listed = plan.profile.versions.names().chain([default]).any(|known| known == version.as_str());
    let inputs = if default.is_empty() || is_listed { inputs } else { inputs.alone() };
    let mut report = generator::check(&inputs.sources());
    if !report.is_sound() {
        return Err(Rejected::Unusable { reason: "the document is unsound".to_owned(), report });
    }
    report.diagnostics.retain(|diagnostic| diagnostic.code == Code::OverlayUnused);
    Ok(report)
}

/// Checks that a document without a version does not resemble another version that is here more closely: a site may serve its default
/// version where another one was requested.
fn check_other_versions(
    layout: &Layout,
    identity: &Identity,
    version: &ApiVersion,
    previous: &Previous,
    header: Option<&str>,
) -> Result<(), Rejected> {
    let shared = |other: &Identity| {
        let both = identity.operations.intersection(&other.operations).count();
        (both, identity.operations.len() + other.operations.len() - both)
    };
    let (own, all) = previous.identity.as_ref().map_or((0, 1), shared);
    for other in versions(layout)?.into_iter().filter(|other| other != version) {
        let Some(known) = Previous::read(layout, &other, header)?.identity else { continue };
        let (both, together) = shared(&known);
        if both * ALIKE.1 >= together * ALIKE.0 && both * all > own * together {
            return Err(Rejected::unusable(format!(
                "it does not state its version, and its operations are those of {other} ({both} of {together}) and not \
                 those of {version}: --force accepts it anyway"
            )));
        }
    }
    Ok(())
}

fn check_exactness(identity: &Identity, plan: &Plan, previous: &Previous) -> Result<(), Rejected> {
    let is_exact = previous.identity.as_ref().is_some_and(|previous| !previous.is_approximate);
    match (identity.is_approximate, plan.named_by) {
        (false, _) => Ok(()),
        (true, NamedBy::Profile) => Err(Rejected::unusable(
            "the pages are prose, and a document reconstructed from them is only approximate: --cross-check compares it, --from \
             llms-full accepts it",
        )),
        (true, NamedBy::Arguments) if is_exact => Err(Rejected::Doubtful(
            "the document was reconstructed from prose and is only approximate, and there is an exact one: --force replaces it"
                .to_owned(),
        )),
        (true, NamedBy::Arguments) => Ok(()),
    }
}

fn check_operation_count(identity: &Identity, previous: Option<&Identity>) -> Result<(), Rejected> {
    let Some(previous) = previous else { return Ok(()) };
    let lost: Vec<&str> = previous.operations.difference(&identity.operations).map(String::as_str).collect();
    if lost.len() * 3 <= previous.operations.len() {
        return Ok(());
    }
    let named: Vec<&str> = lost.iter().copied().take(NAMED).collect();
    let more = if lost.len() > NAMED { ", …" } else { "" };
    Err(Rejected::Doubtful(format!(
        "it has {}, and lacks {} of the {} that are known ({}{more}), which is more than a third: --force accepts it \
         anyway",
        counted(identity.operations.len(), "operation"),
        lost.len(),
        previous.operations.len(),
        named.join(", ")
    )))
}
