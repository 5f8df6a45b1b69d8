//! What a run of `fetch` is to do: which version of which API, from where, within which bounds.

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

/// What is to be done.
#[derive(Debug)]
pub(super) struct Plan {
    /// Policy of the API; empty when there is none.
    pub(super) profile: Profile,
    /// The version that is wanted; the document decides when nobody says it.
    pub(super) wanted: Option<ApiVersion>,
    /// Where to summary, in order.
    pub(super) sources: VecDeque<Source>,
    /// Who named the sources.
    pub(super) named_by: NamedBy,
    /// Bounds of each download.
    pub(super) limits: Limits,
}

/// A place to summary at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Where.
    pub(super) place: Place,
    /// What should be there.
    pub(super) expected: Expected,
    /// Indexes that led here.
    pub(super) hops: usize,
}

/// Where a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// On a server.
    Url(String),
    /// On this machine.
    File(PathBuf),
}

impl Place {
    /// How messages call it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Url(url) => url.clone(),
            Self::File(file) => file.to_string_lossy().into_owned(),
        }
    }
}

/// What a source should hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// Whatever can be used.
    Anything,
    /// The document, or an index that leads to it.
    Document,
    /// An index.
    Index,
    /// Pages.
    Pages,
}

impl Expected {
    /// What it is called in messages.
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
    /// The profile, to be tried in order.
    Profile,
    /// The arguments: what they lead to is meant.
    Arguments,
}

impl Plan {
    /// Reads policy and arguments.
    pub(super) fn of(layout: &Layout, arguments: &FetchArgs) -> Result<Self, Failure> {
        let given = explicit_place(arguments);
        // A source that is named needs no policy.
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
        Ok(Self { profile, wanted, sources, named_by, limits })
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

/// The sources of the profile that the arguments ask for.
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
            Problem::new(ProblemCode::ProfileIncomplete, profile, "document.sources names no URL that was asked for");
        return Err(Failure::Input(problem.help("write it there, or use --url or --file")));
    }
    Ok(found)
}

/// What is there from an earlier run.
#[derive(Debug)]
pub(super) struct Previous {
    /// The version whose folder was looked into.
    pub(super) version: ApiVersion,
    /// Every file of the folder.
    pub(super) files: Tree,
    /// The lock, when it can be read.
    pub(super) lock: Option<Lock>,
    /// What the document says about itself, when it can be read.
    pub(super) identity: Option<Identity>,
}

impl Previous {
    /// Reads the folder of a version; nothing may be there.
    pub(super) fn read(layout: &Layout, version: &ApiVersion, header: Option<&str>) -> Result<Self, Failure> {
        let files = tree::read(&layout.version(version))?;
        let lock = files.get(LOCK).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let lock = lock.and_then(|text| Lock::from_text(text).ok());
        let document = files.get(DOCUMENT).and_then(|bytes| generator::source::read_document(bytes, DOCUMENT).ok());
        let identity = document.map(|document| read_identity(&document.value, header));
        Ok(Self { version: version.clone(), files, lock, identity })
    }

    /// The document, byte by byte.
    pub(super) fn document(&self) -> Option<&[u8]> {
        self.files.get(DOCUMENT).map(Vec::as_slice)
    }

    /// The lock, when the document is the one that was locked.
    pub(super) fn intact_lock(&self) -> Option<&Lock> {
        let digest = lock::sha256_hex(self.document()?);
        self.lock.as_ref().filter(|lock| lock.sha256 == digest)
    }

    /// The state to ask a server about: that of the document here, when it came from the same place and is intact.
    pub(super) fn state_at(&self, url: &str) -> Option<State> {
        let lock = self.intact_lock().filter(|lock| lock.url.as_deref() == Some(url))?;
        let state = State { etag: lock.etag.clone(), last_modified: lock.last_modified.clone() };
        (state.etag.is_some() || state.last_modified.is_some()).then_some(state)
    }
}
