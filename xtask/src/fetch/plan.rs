//! What a run of `fetch` does: which version of which API, from which sources, within which limits. Downloads nothing.

use std::collections::VecDeque;
use std::path::PathBuf;

use generator::profile::{Profile, Source as Published, SourceKind};
use generator::published::{Identity, read_identity};

use crate::cli::{FetchArgs, From};
use crate::download::{Limits, State};
use crate::input;
use crate::layout::{ApiVersion, DOCUMENT, LOCK, Layout};
use crate::lock::{self, Lock};
use crate::outcome::{Failure, Problem, ProblemCode};
use crate::tree::{self, Tree};

/// The plan of a run.
#[derive(Debug)]
pub(super) struct Plan {
    /// Profile of the API; empty if there is none.
    pub(super) profile: Profile,
    /// The requested version; without one the document decides.
    pub(super) wanted: Option<ApiVersion>,
    /// Where to summary, in order.
    pub(super) sources: VecDeque<Source>,
    /// Who named the sources.
    pub(super) named_by: NamedBy,
    /// Limits of each download.
    pub(super) limits: Limits,
    /// Folders besides that of a document whose files it may refer to.
    pub(super) allowed: Vec<PathBuf>,
}

/// A place to summary at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Its location.
    pub(super) place: Place,
    /// The expected content.
    pub(super) expected: Expected,
    /// Number of indexes that led here.
    pub(super) hops: usize,
}

/// Location of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// On a server.
    Url(String),
    /// On this machine.
    File(PathBuf),
}

impl Place {
    /// Returns its name for messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Url(url) => url.clone(),
            Self::File(file) => file.to_string_lossy().into_owned(),
        }
    }
}

/// The expected content of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// Any usable content.
    Anything,
    /// The document, or an index that leads to it.
    Document,
    /// An index.
    Index,
    /// Pages.
    Pages,
}

impl Expected {
    /// Returns its description for messages.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Anything => "a document, an index or pages",
            Self::Document => "a document",
            Self::Index => "an index",
            Self::Pages => "pages",
        }
    }
}

/// Who named the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NamedBy {
    /// The profile: they are tried in order.
    Profile,
    /// The arguments: what they lead to is intended.
    Arguments,
}

impl Plan {
    /// Reads the profile and the arguments.
    pub(super) fn of(layout: &Layout, arguments: &FetchArgs) -> Result<Self, Failure> {
        let given = explicit_place(arguments);
        // An explicit source needs no profile.
        let text = match given {
            Some(_) => input::optional_text(layout, &layout.profile())?.unwrap_or_default(),
            None => input::text(layout, &layout.profile())?,
        };
        let profile = Profile::parse(&text).map_err(Failure::Unsound)?;
        let wanted = match &arguments.api_version {
            Some(version) => Some(version.clone()),
            None => ApiVersion::new(&profile.document.api_version),
        };
        let limits = Limits::from(&profile.document.limits);
        let (sources, named_by) = match given {
            Some(place) => {
                let source = Source { place, expected: expected_content(arguments), hops: 0 };
                (VecDeque::from([source]), NamedBy::Arguments)
            }
            None => {
                let named_by = match arguments.from {
                    From::LlmsFull => NamedBy::Arguments,
                    From::Auto | From::Openapi => NamedBy::Profile,
                };
                (select_sources(layout, &profile.document.sources, arguments)?, named_by)
            }
        };
        let allowed = arguments.allow_outside.clone();
        Ok(Self { profile, wanted, sources, named_by, limits, allowed })
    }
}

fn explicit_place(arguments: &FetchArgs) -> Option<Place> {
    let file = arguments.file.clone().map(Place::File);
    file.or_else(|| arguments.url.clone().map(Place::Url))
}

fn expected_content(arguments: &FetchArgs) -> Expected {
    if arguments.cross_check {
        return Expected::Pages;
    }
    match arguments.from {
        From::Auto => Expected::Anything,
        From::Openapi => Expected::Document,
        From::LlmsFull => Expected::Pages,
    }
}

/// Selects the sources of the profile that the arguments request.
fn select_sources(layout: &Layout, sources: &[Published], arguments: &FetchArgs) -> Result<VecDeque<Source>, Failure> {
    let expected = |kind: SourceKind| match kind {
        SourceKind::Openapi => Expected::Document,
        SourceKind::Index => Expected::Index,
        SourceKind::LlmsFull => Expected::Pages,
    };
    let is_asked_for = |kind: SourceKind| match (arguments.cross_check, arguments.from) {
        (true, _) | (false, From::LlmsFull) => kind == SourceKind::LlmsFull,
        (false, From::Openapi) => kind != SourceKind::LlmsFull,
        (false, From::Auto) => true,
    };
    let asked = sources.iter().filter(|source| is_asked_for(source.kind));
    let found: VecDeque<Source> = asked
        .map(|source| Source { place: Place::Url(source.url.clone()), expected: expected(source.kind), hops: 0 })
        .collect();
    if found.is_empty() {
        let profile = layout.display(&layout.profile());
        let problem =
            Problem::new(ProblemCode::ProfileIncomplete, profile, "document.sources has no URL of the requested kind");
        return Err(Failure::Input(problem.help("add one, or use --url or --file")));
    }
    Ok(found)
}

/// The result of an earlier run.
#[derive(Debug)]
pub(super) struct Previous {
    /// The version of the folder.
    pub(super) version: ApiVersion,
    /// Every file of the folder.
    pub(super) files: Tree,
    /// The lock, if it can be read.
    pub(super) lock: Option<Lock>,
    /// The identity of the document, if it can be read.
    pub(super) identity: Option<Identity>,
}

impl Previous {
    /// Reads the folder of a version, which may be missing.
    pub(super) fn read(layout: &Layout, version: &ApiVersion, header: Option<&str>) -> Result<Self, Failure> {
        let files = tree::read(&layout.version(version))?;
        let lock = files.get(LOCK).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let lock = lock.and_then(|text| Lock::from_text(text).ok());
        let document = files.get(DOCUMENT).and_then(|bytes| generator::source::read_document(bytes, DOCUMENT).ok());
        let identity = document.map(|document| read_identity(&document.value, header));
        Ok(Self { version: version.clone(), files, lock, identity })
    }

    /// Returns the bytes of the document.
    pub(super) fn document(&self) -> Option<&[u8]> {
        self.files.get(DOCUMENT).map(Vec::as_slice)
    }

    /// Returns the lock, if the document matches it.
    pub(super) fn intact_lock(&self) -> Option<&Lock> {
        let digest = lock::sha256_hex(self.document()?);
        self.lock.as_ref().filter(|lock| lock.sha256 == digest)
    }

    /// Returns the validators to send to a server: those of the document here, if it came from the same URL and is intact.
    pub(super) fn state_at(&self, url: &str) -> Option<State> {
        let lock = self.intact_lock().filter(|lock| lock.url.as_deref() == Some(url))?;
        let state = State { etag: lock.etag.clone(), last_modified: lock.last_modified.clone() };
        (state.etag.is_some() || state.last_modified.is_some()).then_some(state)
    }
}
