//! What a run of `fetch` does: which version of which API, from which sources, within which limits. Downloads nothing.

use std::collections::VecDeque;
use std::fmt;
use std::path::PathBuf;

use generator::profile::{Profile, Source as Published, SourceKind};

use super::conventions;
use crate::cli::{FetchArgs, From};
use crate::download::{Limits, origin};
use crate::input;
use crate::layout::{ApiVersion, Layout};
use crate::outcome::{Failure, Problem, ProblemCode};

/// The plan of a run.
#[derive(Debug)]
pub(super) struct Plan {
    /// Profile of the API; empty if there is none.
    pub(super) profile: Profile,
    /// The requested version; without one the document decides.
    pub(super) wanted: Option<ApiVersion>,
    /// How many documents are wanted.
    pub(super) goal: Goal,
    /// Where to look, in order.
    pub(super) sources: VecDeque<Source>,
    /// Who named the sources.
    pub(super) named_by: NamedBy,
    /// Limits of each download.
    pub(super) limits: Limits,
    /// Folders besides that of a document whose files it may refer to.
    pub(super) allowed: Vec<PathBuf>,
}

/// How many documents are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// That of the requested version, or of any.
    One,
    /// One for each version that is found.
    EachVersion,
}

/// A place to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Its location.
    pub(super) place: Place,
    /// The expected content.
    pub(super) expected: Expected,
    /// Who named it.
    pub(super) reason: Reason,
    /// The scheme, host and port of the source that led here; others are not requested on the way. `None` for a file.
    pub(super) root: Option<String>,
    /// Number of indexes that led here.
    pub(super) hops: usize,
}

impl Source {
    /// Creates a source that nothing led to.
    pub(super) fn first(place: Place, expected: Expected, reason: Reason) -> Self {
        let root = match &place {
            Place::Url(url) => origin(url),
            Place::File(_) => None,
        };
        Self { place, expected, reason, root, hops: 0 }
    }

    /// Creates a source that this one leads to.
    pub(super) fn next(&self, url: String, expected: Expected, reason: Reason) -> Self {
        Self { place: Place::Url(url), expected, reason, root: self.root.clone(), hops: self.hops + 1 }
    }
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
    /// The document, or a listing of several.
    Document,
    /// A catalog of APIs.
    Catalog,
    /// An index.
    Index,
    /// Pages.
    Pages,
    /// An index whose pages are downloaded one by one.
    PageIndex,
}

impl Expected {
    /// Returns its description for messages.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Anything => "a document, an index or pages",
            Self::Document => "a document",
            Self::Catalog => "a catalog",
            Self::Index => "an index",
            Self::Pages => "pages",
            Self::PageIndex => "an index with pages",
        }
    }
}

/// Who named a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The profile.
    Profile,
    /// The arguments.
    Arguments,
    /// Sites of this kind have it, below the folder of another source.
    Convention,
    /// A `Link` header of this response.
    LinkHeader(String),
    /// This index.
    Index(String),
    /// This listing or catalog.
    Listing(String),
    /// This web page.
    WebPage(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile => formatter.write_str("named in document.sources of the profile"),
            Self::Arguments => formatter.write_str("named by the arguments"),
            Self::Convention => formatter.write_str("documentation sites usually have it"),
            Self::LinkHeader(url) => write!(formatter, "named by a Link header of {url}"),
            Self::Index(url) => write!(formatter, "named by the index {url}"),
            Self::Listing(url) => write!(formatter, "named by {url}"),
            Self::WebPage(url) => write!(formatter, "named by the web page {url}"),
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
        let goal = if arguments.all_versions { Goal::EachVersion } else { Goal::One };
        let wanted = match (&arguments.api_version, goal) {
            (_, Goal::EachVersion) => None,
            (Some(version), Goal::One) => Some(version.clone()),
            (None, Goal::One) => ApiVersion::new(&profile.document.api_version),
        };
        let limits = Limits::from(&profile.document.limits);
        let pages_are_wanted = arguments.cross_check || arguments.from == From::LlmsFull;
        let (sources, named_by) = match given {
            Some(Place::Url(url)) if conventions::is_site(&url) && !pages_are_wanted => {
                let mut sources = conventions::sources_of_site(&url, wanted.as_ref());
                sources.retain(|source| arguments.from == From::Auto || source.expected != Expected::Pages);
                (sources, NamedBy::Profile)
            }
            Some(place) => {
                let source = Source::first(place, expected_content(arguments), Reason::Arguments);
                (VecDeque::from([source]), NamedBy::Arguments)
            }
            None => {
                let named_by = match arguments.from {
                    From::LlmsFull => NamedBy::Arguments,
                    From::Auto | From::Openapi => NamedBy::Profile,
                };
                (select_sources(layout, &profile.document.sources, arguments, wanted.as_ref())?, named_by)
            }
        };
        let allowed = arguments.allow_outside.clone();
        Ok(Self { profile, wanted, goal, sources, named_by, limits, allowed })
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

/// Selects the sources of the profile that the arguments request, and adds those that such sites have too.
fn select_sources(
    layout: &Layout,
    published: &[Published],
    arguments: &FetchArgs,
    wanted: Option<&ApiVersion>,
) -> Result<VecDeque<Source>, Failure> {
    let from = if arguments.cross_check { From::LlmsFull } else { arguments.from };
    let expected = |kind: SourceKind| match (from, kind) {
        (From::LlmsFull, SourceKind::LlmsFull) | (From::Auto, SourceKind::LlmsFull) => Some(Expected::Pages),
        (From::LlmsFull, SourceKind::Index) => Some(Expected::PageIndex),
        (From::LlmsFull, SourceKind::Openapi | SourceKind::Catalog) | (From::Openapi, SourceKind::LlmsFull) => None,
        (From::Auto | From::Openapi, SourceKind::Openapi) => Some(Expected::Document),
        (From::Auto | From::Openapi, SourceKind::Catalog) => Some(Expected::Catalog),
        (From::Auto | From::Openapi, SourceKind::Index) => Some(Expected::Index),
    };
    let source = |source: &Published| {
        Some(Source::first(Place::Url(source.url.clone()), expected(source.kind)?, Reason::Profile))
    };
    let mut found: Vec<Source> = published.iter().filter_map(source).collect();
    // One text with all pages is one request.
    found.sort_by_key(|source| source.expected == Expected::PageIndex);
    if found.is_empty() {
        let profile = layout.display(&layout.profile());
        let problem =
            Problem::new(ProblemCode::ProfileIncomplete, profile, "document.sources has no URL of the requested kind");
        return Err(Failure::Input(problem.help("add one, or use --url or --file")));
    }
    match from {
        From::LlmsFull => Ok(found.into()),
        From::Auto | From::Openapi => Ok(conventions::complete(found, wanted)),
    }
}
