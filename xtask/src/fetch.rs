//! `fetch`: takes over the published document with a lock. What makes a document canonical and sound is the
//! generator's business.

use std::path::PathBuf;
use std::time::SystemTime;

use generator::{Canonical, Report};

use crate::cli::FetchArgs;
use crate::download::{self, Received};
use crate::input::{DocumentPolicy, Inputs};
use crate::layout::{ApiVersion, DOCUMENT, LOCK, Layout};
use crate::lock::{self, Lock};
use crate::outcome::{Failure, Outcome, Problem, ProblemCode, counted};
use crate::staging::{Content, Swap};
use crate::tree::{self, Tree};

/// Where a document comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    Url(String),
    File(PathBuf),
}

impl Origin {
    fn of(layout: &Layout, arguments: &FetchArgs) -> Result<Self, Failure> {
        match (&arguments.file, &arguments.url) {
            (Some(file), _) => Ok(Self::File(file.clone())),
            (None, Some(url)) => Ok(Self::Url(url.clone())),
            (None, None) => Self::of_profile(layout),
        }
    }

    fn of_profile(layout: &Layout) -> Result<Self, Failure> {
        let first = DocumentPolicy::read(layout)?.sources.into_iter().next();
        first.map(Self::Url).ok_or_else(|| {
            let profile = layout.display(&layout.profile());
            let problem = Problem::new(ProblemCode::ProfileIncomplete, profile, "document.sources names no URL");
            Failure::Input(problem.help("write it there, or use --url or --file"))
        })
    }

    fn name(&self) -> String {
        match self {
            Self::Url(url) => url.clone(),
            Self::File(file) => file.to_string_lossy().into_owned(),
        }
    }

    fn receive(&self) -> Result<Received, Failure> {
        match self {
            Self::Url(url) => download::from_url(url),
            Self::File(file) => download::from_file(file),
        }
    }
}

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &FetchArgs) -> Result<Outcome, Failure> {
    let origin = Origin::of(layout, arguments)?;
    let mut received = origin.receive()?;
    let canonical = judge(layout, &origin, &mut received)?;
    let version = ApiVersion::new(&canonical.api_version).ok_or_else(|| {
        let found = &canonical.api_version;
        Failure::fetch(format!("{}: the API version {found:?} cannot be the name of a folder", origin.name()))
    })?;
    let lock = lock_of(&origin, &received, &canonical);
    store(layout, &version, &canonical, &lock)
}

/// Puts the document in canonical form, when it is one and is sound.
fn judge(layout: &Layout, origin: &Origin, received: &mut Received) -> Result<Canonical, Failure> {
    let name = origin.name();
    let refuse = |what: &str, description: String, report: Report| Failure::Fetch {
        message: format!("{name}: {what}; received {description}"),
        report: Some(report),
    };
    let canonical = generator::canonical(&received.bytes, &name)
        .map_err(|report| refuse("this is no OpenAPI document", received.description(), report))?;
    let description = received.description();
    let inputs = Inputs::of_candidate(layout, std::mem::take(&mut received.bytes), name.clone())?;
    let report = generator::check(&inputs.sources());
    if report.is_sound() { Ok(canonical) } else { Err(refuse("the document is unsound", description, report)) }
}

fn lock_of(origin: &Origin, received: &Received, canonical: &Canonical) -> Lock {
    let (url, file) = match origin {
        Origin::Url(url) => (Some(url.clone()), None),
        Origin::File(_) => (None, Some(origin.name())),
    };
    Lock {
        url,
        file,
        etag: received.etag.clone(),
        sha256: lock::sha256(canonical.text.as_bytes()),
        retrieved: lock::timestamp(SystemTime::now()),
        operations: canonical.operations,
        schemas: canonical.schemas,
        webhooks: canonical.webhooks,
    }
}

/// Writes document and lock together, when they are new.
fn store(layout: &Layout, version: &ApiVersion, canonical: &Canonical, lock: &Lock) -> Result<Outcome, Failure> {
    let folder = layout.version(version);
    let swap = Swap::of_folder(&folder);
    swap.recover()?;
    let current = tree::read(&folder)?;
    let state = state_of(&current, canonical, lock);
    let holds = format!(
        "{} ({}): {}, {}, {}",
        layout.display(&folder),
        canonical.title,
        counted(canonical.operations, "operation"),
        counted(canonical.schemas, "schema"),
        counted(canonical.webhooks, "webhook event")
    );
    let what = match state {
        State::Unchanged => return Ok(Outcome::done(format!("unchanged: {holds}\n"))),
        State::New => "new",
        State::Changed => "changed",
        State::Relocked => "the document is the same, its lock was renewed",
    };
    let text = lock.to_text().map_err(|error| Failure::io("write", folder.join(LOCK))(std::io::Error::other(error)))?;
    let mut tree = current;
    tree.insert(DOCUMENT.to_owned(), canonical.text.clone().into_bytes());
    tree.insert(LOCK.to_owned(), text.into_bytes());
    swap.run(Content { folder: &tree, companion: &[] })?;
    Ok(Outcome::done(format!("{what}: {holds}\n{}", next_step(layout, version))))
}

/// How a received document relates to the one that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    Changed,
    Relocked,
    Unchanged,
}

fn state_of(current: &Tree, canonical: &Canonical, lock: &Lock) -> State {
    let Some(document) = current.get(DOCUMENT) else {
        return State::New;
    };
    if document != canonical.text.as_bytes() {
        return State::Changed;
    }
    let text = current.get(LOCK).and_then(|bytes| std::str::from_utf8(bytes).ok());
    match text.and_then(|text| Lock::from_text(text).ok()) {
        Some(known) if known.sha256 == lock.sha256 => State::Unchanged,
        Some(_) | None => State::Relocked,
    }
}

/// The profile decides which version the client is made for; a fetch never changes that.
fn next_step(layout: &Layout, version: &ApiVersion) -> String {
    let current = DocumentPolicy::read(layout).and_then(|policy| policy.api_version(layout)).ok();
    let profile = layout.display(&layout.profile());
    match current {
        Some(current) if current == *version => "next: cargo xtask check, then cargo xtask regen\n".to_owned(),
        Some(current) => {
            format!("note: {profile} stays at {current}; document.api_version there decides\n")
        }
        None => format!("note: {profile} names no API version yet; document.api_version there decides\n"),
    }
}
