//! Works through the files of a folder, several at once. Must not know what is on the lines of a manifest.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sdk_runtime::{Error, ErrorKind, FilePart};
use tokio::sync::Notify;
use tokio::task::{JoinSet, spawn_blocking};

use super::budget::{Budget, Reservation};
use super::manifest::{Content, Entry, Line, Manifest, State, Tag};
use super::pace::{Category, Pace};
use super::problem::{FolderProblem, FolderProblemKind};
use super::report::{FileReport, FolderReport, Outcome, Progress, Step, StopReason};
use super::scan::{Found, list_files};
use super::task::Task;
use super::{FolderRun, Settings};
use crate::Client;
use crate::cost::Charged;
use crate::runs::Run;

/// Failures in a row after which a step is left to the next call.
const MOST_FAILURES: u32 = 10;
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What all files of a folder share.
pub(super) struct Shared {
    pub(super) client: Client,
    pub(super) task: Task,
    pub(super) pace: Pace,
    pub(super) settings: Settings,
    /// Told when credits become available, or when the folder is stopped.
    pub(super) changed: Notify,
    manifest: Arc<Manifest>,
    manifest_path: PathBuf,
    entries: Mutex<HashMap<Content, Entry>>,
    budget: Mutex<Budget>,
    stopped: Mutex<Option<StopReason>>,
    done: AtomicUsize,
    files: usize,
}

/// How the work on a file ends.
#[derive(Debug)]
pub(super) enum End {
    Done(Box<Run>),
    Refused(Error),
    Unknown(Error),
    Unfinished(Error),
    NotStarted,
}

impl End {
    pub(super) fn inconsistent(found: &str) -> Self {
        Self::Unfinished(Error::invalid_request(None, format!("the steps of the file do not fit together: {found}")))
    }

    /// Returns the end of a file of which it is not known whether there is a run.
    pub(super) fn into_unknown(self) -> Self {
        match self {
            Self::Refused(error) | Self::Unfinished(error) => Self::Unknown(error),
            Self::Done(_) | Self::Unknown(_) | Self::NotStarted => self,
        }
    }
}

/// What the error of a request means for what it was to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nothing was done, and nothing will be for any file.
    Account,
    /// Nothing was done, because too much was sent before.
    TooFast,
    /// Nothing was sent, because there was no connection.
    NotSent,
    /// Nothing was done for this file, and nothing will be.
    Refused,
    /// Nothing was sent, because the request cannot be built.
    Local,
    /// It may have been done.
    Doubt,
}

impl Failure {
    pub(super) fn of(error: &Error) -> Self {
        if error.run_id().is_some() {
            return Self::Doubt;
        }
        match error.kind() {
            ErrorKind::Configuration | ErrorKind::InvalidRequest | ErrorKind::Credential => Self::Local,
            ErrorKind::Connect => Self::NotSent,
            ErrorKind::Status if error.is_rate_limited() => Self::TooFast,
            ErrorKind::Status if error.retryable() == Some(true) => Self::Doubt,
            ErrorKind::Status if error.is_unauthorized() || error.is_payment_required() || error.is_forbidden() => {
                Self::Account
            }
            ErrorKind::Status => match error.status().map_or(0, |status| status.as_u16()) {
                408 | 500.. => Self::Doubt,
                0..=407 | 409..=499 => Self::Refused,
            },
            ErrorKind::Layer
            | ErrorKind::Timeout
            | ErrorKind::Transport
            | ErrorKind::Stream
            | ErrorKind::Decode
            | ErrorKind::ResponseTooLarge
            | ErrorKind::Output
            | ErrorKind::RepeatedToken
            | ErrorKind::WaitTimeout
            | _ => Self::Doubt,
        }
    }
}

/// Failures in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attempts(u32);

impl Attempts {
    pub(super) fn count(&mut self) {
        self.0 += 1;
    }

    pub(super) fn is_last(self) -> bool {
        self.0 + 1 >= MOST_FAILURES
    }

    fn pause(self, first: Duration) -> Duration {
        2_u32.checked_pow(self.0).map_or(LONGEST_PAUSE, |times| first.saturating_mul(times)).min(LONGEST_PAUSE)
    }
}

impl Shared {
    pub(super) fn budget(&self) -> MutexGuard<'_, Budget> {
        self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts no further run. The first reason is the one that is reported.
    pub(super) fn stop(&self, reason: StopReason) {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
        self.changed.notify_waiters();
    }

    fn stop_reason(&self) -> Option<StopReason> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) async fn wait_turn(&self, category: Category) {
        self.pace.wait(&self.client.core, category).await;
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Content, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The work on one file.
pub(super) struct FileWork {
    pub(super) shared: Arc<Shared>,
    pub(super) name: String,
    /// Where the content is; `None` if it is no longer in the folder.
    pub(super) path: Option<PathBuf>,
    pub(super) entry: Entry,
    pub(super) held: Option<Reservation>,
    /// When and how a start of this process failed in a way that leaves open whether there is a run.
    pub(super) doubt: Option<(Instant, Error)>,
    /// Starts that failed.
    pub(super) starts: Attempts,
    pub(super) duplicates: Vec<String>,
}

impl FileWork {
    fn new(shared: Arc<Shared>, name: String, path: Option<PathBuf>, entry: Entry) -> Self {
        let held = entry.state.is_in_flight().then(|| {
            let pages = entry.uploaded.as_ref().and_then(|uploaded| uploaded.pages);
            shared.budget().hold(pages)
        });
        Self { shared, name, path, entry, held, doubt: None, starts: Attempts::default(), duplicates: Vec::new() }
    }

    /// Goes on where the file is, to its end.
    async fn work(mut self) -> (FileReport<()>, End) {
        let end = loop {
            let step = match self.entry.state.clone() {
                State::Planned | State::Uploading | State::Uploaded if self.path.is_none() => Err(End::NotStarted),
                State::Planned | State::Uploading => self.upload().await,
                State::Uploaded => self.start().await,
                State::Starting { at } => self.settle(at).await,
                State::Started { run_id } => self.wait(&run_id).await,
                State::Done { run_id, .. } => self.fetch_result(&run_id).await,
            };
            if let Err(end) = step {
                break end;
            }
        };
        if let Some(held) = self.held.take() {
            self.shared.budget().release(held);
        }
        self.shared.changed.notify_waiters();
        let run_id = self.entry.state.run_id().map(str::to_owned);
        let duplicates = if self.duplicates.is_empty() { self.entry.duplicates } else { self.duplicates };
        (FileReport { path: self.name, run_id, duplicates, outcome: Outcome::NotStarted }, end)
    }

    async fn wait(&mut self, run_id: &str) -> Result<(), End> {
        let shared = Arc::clone(&self.shared);
        let clock = shared.client.core.clock();
        let (begun, mut attempts) = (clock.now(), Attempts::default());
        loop {
            clock.sleep(shared.settings.schedule.delay(clock.now() - begun, clock.random())).await;
            let run = match self.retrieve(run_id).await {
                Ok(run) => run,
                Err(error) => {
                    self.pause_after(Category::Read, &mut attempts, error).await?;
                    continue;
                }
            };
            attempts = Attempts::default();
            if !matches!(run.status(), "PENDING" | "PROCESSING" | "CANCELLING") {
                return self.finish(run).await;
            }
        }
    }

    async fn finish(&mut self, run: Run) -> Result<(), End> {
        let (status, credits) = (run.status().to_owned(), run.credits());
        if self.entry.not_listed > 0 {
            // A run that was listed too late to be found is one more that was paid for.
            self.find_duplicates(run.id()).await;
        }
        if let Some(held) = self.held.take() {
            self.shared.budget().settle(held, credits);
        }
        let duplicates = std::mem::take(&mut self.duplicates);
        self.record(Line::Done { tag: self.entry.tag.clone(), status, credits, duplicates }).await?;
        self.conclude(run)
    }

    /// Looks for further runs of the file. The result of the one that ended does not depend on it.
    async fn find_duplicates(&mut self, run_id: &str) {
        let mut attempts = Attempts::default();
        loop {
            match self.find_runs().await {
                Ok(found) => {
                    self.duplicates = found.into_iter().filter(|id| id != run_id).collect();
                    return;
                }
                Err(error) => {
                    if self.pause_after(Category::Read, &mut attempts, error).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    async fn fetch_result(&mut self, run_id: &str) -> Result<(), End> {
        let mut attempts = Attempts::default();
        loop {
            match self.retrieve(run_id).await {
                Ok(run) => return self.conclude(run),
                Err(error) => self.pause_after(Category::Read, &mut attempts, error).await?,
            }
        }
    }

    fn conclude(&self, run: Run) -> Result<(), End> {
        self.shared.done.fetch_add(1, Ordering::Relaxed);
        self.report(Step::Done(run.id()));
        Err(End::Done(Box::new(run)))
    }

    async fn retrieve(&self, run_id: &str) -> Result<Run, Error> {
        self.shared.wait_turn(Category::Read).await;
        let run = self.shared.task.retrieve(&self.shared.client, run_id).await?;
        self.shared.pace.speed_up(Category::Read);
        self.shared.client.count_cost(&run);
        Ok(run)
    }

    /// Pauses before a step is made again, or ends the work on the file.
    pub(super) async fn pause_after(
        &self,
        category: Category,
        attempts: &mut Attempts,
        error: Error,
    ) -> Result<(), End> {
        let core = &self.shared.client.core;
        match Failure::of(&error) {
            Failure::Refused => return Err(End::Refused(error)),
            Failure::Local => return Err(End::Unfinished(error)),
            Failure::Account => {
                let end = End::Unfinished(Error::invalid_request(None, error.to_string()));
                self.shared.stop(StopReason::Account(Arc::new(error)));
                return Err(end);
            }
            Failure::TooFast => self.shared.pace.slow_down(core, category, error.retry_after_at(core.clock().wall())),
            Failure::NotSent | Failure::Doubt => {}
        }
        if attempts.is_last() {
            return Err(End::Unfinished(error));
        }
        let pause = attempts.pause(self.shared.settings.retry_pause);
        let asked = error.retry_after_at(core.clock().wall()).unwrap_or_default().min(LONGEST_PAUSE);
        attempts.count();
        core.clock().sleep(pause.max(asked)).await;
        Ok(())
    }

    /// Makes a step, and returns once it is on the disk.
    pub(super) async fn record(&mut self, line: Line) -> Result<(), End> {
        self.entry.apply(&line).map_err(End::inconsistent)?;
        append(&self.shared, line).await
    }

    pub(super) fn check_not_stopped(&self) -> Result<(), End> {
        if self.shared.stop_reason().is_some() { Err(End::NotStarted) } else { Ok(()) }
    }

    pub(super) fn report(&self, step: Step<'_>) {
        let credits = self.shared.budget().spent();
        let done = self.shared.done.load(Ordering::Relaxed);
        (self.shared.settings.listener)(&Progress { path: &self.name, step, done, files: self.shared.files, credits });
    }

    pub(super) fn file_id(&self) -> Option<String> {
        self.entry.uploaded.as_ref().map(|uploaded| uploaded.file_id.clone())
    }

    pub(super) fn pages(&self) -> Option<f64> {
        self.entry.uploaded.as_ref().and_then(|uploaded| uploaded.pages)
    }
}

async fn append(shared: &Arc<Shared>, line: Line) -> Result<(), End> {
    let manifest = Arc::clone(&shared.manifest);
    // A panic inside has lost what was to be written as well.
    let appended = spawn_blocking(move || manifest.append(&line)).await;
    let appended = appended.unwrap_or_else(|error| Err(Arc::new(std::io::Error::other(error))));
    appended.map_err(|error| {
        let problem = FolderProblem::new(FolderProblemKind::Unreadable, &shared.manifest_path, error.to_string());
        shared.stop(StopReason::Manifest(error));
        End::Unfinished(problem.into())
    })
}

/// Works on a file of the folder.
async fn work_on(shared: Arc<Shared>, found: Found) -> (FileReport<()>, End) {
    let report = |outcome| FileReport { path: found.name.clone(), run_id: None, duplicates: Vec::new(), outcome };
    let digest = match FilePart::from_path(&found.path).into_fingerprinted().await {
        Ok((_, digest)) => digest,
        Err(error) => return (report(Outcome::NotStarted), End::Unfinished(error)),
    };
    let content = Content { path: found.name.clone(), sha256: hexadecimal(&digest) };
    let known = shared.entries().remove(&content);
    let entry = match known {
        Some(entry) => entry,
        None => {
            let tag = new_tag();
            if let Err(end) = append(&shared, Line::Planned { tag: tag.clone(), content }).await {
                return (report(Outcome::NotStarted), end);
            }
            Entry::new(tag)
        }
    };
    FileWork::new(shared, found.name, Some(found.path), entry).work().await
}

/// Works on a run whose file is no longer in the folder, or has another content by now. It is waited for, but not started again.
async fn work_on_left(shared: Arc<Shared>, (content, entry): (Content, Entry)) -> (FileReport<()>, End) {
    FileWork::new(shared, content.path, None, entry).work().await
}

/// Works on several items at once; the results have the order of the items.
async fn work_through<I, F>(items: Vec<I>, concurrency: usize, work: impl Fn(I) -> F) -> Vec<(FileReport<()>, End)>
where
    F: Future<Output = (FileReport<()>, End)> + Send + 'static,
{
    let (mut open, mut ended) = (JoinSet::new(), Vec::with_capacity(items.len()));
    let mut items = items.into_iter().enumerate();
    loop {
        while open.len() < concurrency
            && let Some((index, item)) = items.next()
        {
            let work = work(item);
            open.spawn(async move { (index, work.await) });
        }
        match open.join_next().await {
            Some(Ok(result)) => ended.push(result),
            // Nothing aborts the tasks, so they have panicked: in a listener of the caller.
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None => break,
        }
    }
    ended.sort_by_key(|(index, _)| *index);
    ended.into_iter().map(|(_, result)| result).collect()
}

/// Starts a run for each file of a folder, and waits for all.
pub(super) async fn run_folder<R: Send + 'static>(run: FolderRun<R>) -> Result<FolderReport<R>, Error> {
    let FolderRun { client, folder, manifest: path, task, convert, settings, concurrency, max_credits, limits } = run;
    let task = task?;
    let digest = FilePart::bytes("task", task.describe()?.to_string()).into_fingerprinted().await?.1;
    let server = client.core.base_url().to_owned();
    let opened = path.clone();
    let (files, manifest, entries) = in_background(move || {
        let files = list_files(&folder, &opened)?;
        let (manifest, entries) = Manifest::open(&opened, &hexadecimal(&digest), &server)?;
        Ok((files, manifest, entries))
    })
    .await?;
    let mut budget = Budget::new(max_credits);
    for entry in entries.values() {
        if let State::Done { credits, .. } = &entry.state {
            budget.count(*credits, entry.uploaded.as_ref().and_then(|uploaded| uploaded.pages));
        }
    }
    let shared = Arc::new(Shared {
        pace: Pace::new(limits, client.core.clock().now()),
        client,
        task,
        settings,
        changed: Notify::new(),
        manifest: Arc::new(manifest),
        manifest_path: path,
        entries: Mutex::new(entries),
        budget: Mutex::new(budget),
        stopped: Mutex::new(None),
        done: AtomicUsize::new(0),
        files: files.len(),
    });
    let mut ended = work_through(files, concurrency, |found| work_on(Arc::clone(&shared), found)).await;
    let left = std::mem::take(&mut *shared.entries()).into_iter().filter(|(_, entry)| entry.state.is_in_flight());
    let left = work_through(left.collect(), concurrency, |item| work_on_left(Arc::clone(&shared), item)).await;
    ended.extend(left);
    ended.sort_by(|(one, _), (other, _)| one.path.cmp(&other.path));
    let files = ended.into_iter().map(|(report, end)| with_outcome(report, end, convert)).collect();
    let credits = shared.budget().spent();
    Ok(FolderReport { files, credits, stopped: shared.stop_reason() })
}

fn with_outcome<R>(report: FileReport<()>, end: End, convert: fn(Run) -> Option<R>) -> FileReport<R> {
    let outcome = match end {
        End::Done(run) => match convert(*run) {
            Some(result) => Outcome::Done(result),
            None => Outcome::Unfinished(Error::invalid_request(None, "the run is not of the kind that was started")),
        },
        End::Refused(error) => Outcome::Refused(error),
        End::Unknown(error) => Outcome::Unknown(error),
        End::Unfinished(error) => Outcome::Unfinished(error),
        End::NotStarted => Outcome::NotStarted,
    };
    FileReport { path: report.path, run_id: report.run_id, duplicates: report.duplicates, outcome }
}

async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FolderProblem> + Send + 'static,
) -> Result<T, Error> {
    match spawn_blocking(work).await {
        Ok(result) => result.map_err(Error::from),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Returns a tag that no other file has, on any machine. A hasher has keys of its own, which are random.
fn new_tag() -> Tag {
    Tag(format!("x{:016x}", RandomState::new().hash_one(std::process::id())))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
