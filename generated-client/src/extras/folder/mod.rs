//! Folders: a run for each file, paid for once, whatever happens to the process.
//!
//! What has happened is in a manifest on disk, from which a killed process goes on. Must not know how a request is sent.

mod budget;
mod manifest;
mod pace;
mod problem;
mod report;
mod scan;
mod start;
mod task;
mod upload;
mod worker;

use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "schema")]
use extend_ai_schema::schemars::JsonSchema;
use sdk_runtime::{Error, PollSchedule};

pub use pace::Limits;
pub use problem::{FolderProblem, FolderProblemKind};
pub use report::{FileReport, FolderReport, Outcome, Progress, Step, StopReason};

use crate::Client;
use crate::runs::Run;
use crate::types::{
    ClassifierReference, ExtractRunsCreateRequest, ExtractorReference, SplitterReference, WorkflowReference,
};
use task::Task;

/// Name of the manifest in the folder. Names that start with a dot are not read as files of the folder.
const MANIFEST: &str = ".extend-folder.jsonl";

impl Client {
    /// Returns calls that start a run for each file of a folder.
    ///
    /// ```no_run
    /// use extend_ai::folder::Outcome;
    ///
    /// # async fn example(client: extend_ai::Client) -> Result<(), extend_ai::Error> {
    /// let report = client.folder("./in").classifier("cl_123").max_credits(50.0).await?;
    /// for file in &report.files {
    ///     match &file.outcome {
    ///         Outcome::Done(run) => println!("{}: {} is {}", file.path, run.id(), run.status()),
    ///         other => println!("{}: {other}", file.path),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn folder(&self, path: impl Into<PathBuf>) -> Folder {
        Folder { client: self.clone(), path: path.into() }
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::Client {
    /// Returns calls that start a run for each file of a folder, as [`Client::folder`] does.
    pub fn folder(&self, path: impl Into<PathBuf>) -> Folder {
        Client { core: self.core.clone() }.folder(path)
    }
}

/// A folder of files: see [`Client::folder`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before a task is chosen and awaited"]
pub struct Folder {
    client: Client,
    path: PathBuf,
}

impl Folder {
    /// Extracts from each file with a saved extractor.
    pub fn extractor(self, extractor: impl Into<ExtractorReference>) -> FolderRun<Run> {
        self.extract(ExtractRunsCreateRequest::new().with_extractor(extractor))
    }

    /// Extracts from each file with the settings of a request, whose file is replaced.
    pub fn extract(self, request: ExtractRunsCreateRequest) -> FolderRun<Run> {
        self.run(Task::Extract(Box::new(request)), Some)
    }

    /// Classifies each file with a saved classifier.
    pub fn classifier(self, classifier: impl Into<ClassifierReference>) -> FolderRun<Run> {
        self.run(Task::Classify(classifier.into()), Some)
    }

    /// Splits each file with a saved splitter.
    pub fn splitter(self, splitter: impl Into<SplitterReference>) -> FolderRun<Run> {
        self.run(Task::Split(splitter.into()), Some)
    }

    /// Runs a workflow for each file.
    pub fn workflow(self, workflow: impl Into<WorkflowReference>) -> FolderRun<Run> {
        self.run(Task::Workflow(workflow.into()), Some)
    }

    /// Extracts values of a Rust type from each file.
    #[cfg(feature = "schema")]
    pub fn typed<T>(self) -> FolderRun<crate::schema::TypedRun<T>>
    where
        T: JsonSchema + serde::de::DeserializeOwned + 'static,
    {
        self.extract(ExtractRunsCreateRequest::new()).typed()
    }

    fn run<R>(self, task: Task, convert: fn(Run) -> Option<R>) -> FolderRun<R> {
        FolderRun {
            manifest: self.path.join(MANIFEST),
            client: self.client,
            folder: self.path,
            task: Ok(task),
            convert,
            settings: Settings::default(),
            concurrency: 8,
            max_credits: None,
            limits: Limits::default(),
        }
    }
}

/// What every file of a folder shares.
#[derive(Clone)]
struct Settings {
    schedule: PollSchedule,
    settle_after: Duration,
    retry_pause: Duration,
    listener: Arc<dyn Fn(&Progress<'_>) + Send + Sync>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            schedule: PollSchedule::default(),
            settle_after: Duration::from_secs(30),
            retry_pause: Duration::from_secs(1),
            listener: Arc::new(|_| {}),
        }
    }
}

/// A run for each file of a folder. Awaiting it returns a report of all files, in the order of their paths.
///
/// Files of folders inside of it belong to it; what has a name with a leading dot does not, nor do folders behind links.
///
/// Every step is written to a manifest before it is made, by default to `.extend-folder.jsonl` in the folder. After a crash, the
/// same call goes on from there: files whose run has ended are not sent again, and runs that go on are waited for. A start whose
/// response was lost is looked for before it is repeated, by a random tag in the name of the uploaded file; see
/// [`settle_after`](Self::settle_after). A file whose content has changed is a new file.
#[must_use = "nothing is sent before it is awaited"]
pub struct FolderRun<R> {
    client: Client,
    folder: PathBuf,
    manifest: PathBuf,
    /// What is started, or why nothing may be sent.
    task: Result<Task, Error>,
    convert: fn(Run) -> Option<R>,
    settings: Settings,
    concurrency: usize,
    max_credits: Option<f64>,
    limits: Limits,
}

impl<R> FolderRun<R> {
    /// Sets where the manifest is, for instance beside a folder that cannot be written to.
    pub fn manifest(mut self, path: impl AsRef<Path>) -> Self {
        path.as_ref().clone_into(&mut self.manifest);
        self
    }

    /// Sets how many files are worked on at once; 8 without it.
    pub fn concurrency(mut self, files: usize) -> Self {
        self.concurrency = files.max(1);
        self
    }

    /// Sets how many requests and files the plan allows; those of the smallest plan without it.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Starts no further run once the credits of all runs of the manifest would exceed this.
    ///
    /// The first run is waited for alone. From then on, each run is expected to cost what a page has cost at most, for each of its
    /// pages; what runs in flight cost beyond that may exceed the limit.
    pub fn max_credits(mut self, credits: f64) -> Self {
        self.max_credits = Some(credits);
        self
    }

    /// Sets a function that is called with every step of every file.
    pub fn on_progress(mut self, listener: impl Fn(&Progress<'_>) + Send + Sync + 'static) -> Self {
        self.settings.listener = Arc::new(listener);
        self
    }

    /// Sets how often runs are polled.
    pub fn schedule(mut self, schedule: PollSchedule) -> Self {
        self.settings.schedule = schedule;
        self
    }

    /// Sets how long after a start whose response was lost the run may still be missing from the list of runs; 30 seconds without
    /// it. The start is repeated only when the run has not been listed twice, the second time after this time. The API does not say
    /// how long its lists lag: a run that is listed later than that has been paid for twice, and the report names it.
    pub fn settle_after(mut self, time: Duration) -> Self {
        self.settings.settle_after = time;
        self
    }

    /// Sets the first pause after a request that failed, which then doubles up to 30 seconds; one second without it.
    pub fn retry_pause(mut self, pause: Duration) -> Self {
        self.settings.retry_pause = pause;
        self
    }

    async fn run(self) -> Result<FolderReport<R>, Error>
    where
        R: Send + 'static,
    {
        worker::run_folder(self).await
    }
}

#[cfg(feature = "schema")]
impl FolderRun<Run> {
    /// Extracts values of a Rust type, whose schema takes the place of any other. Only for extractions.
    pub fn typed<T>(self) -> FolderRun<crate::schema::TypedRun<T>>
    where
        T: JsonSchema + serde::de::DeserializeOwned + 'static,
    {
        FolderRun {
            task: self.task.and_then(|task| task.with_schema(crate::schema::schema_of::<T>())),
            convert: |run| match run {
                Run::Extract(run) => Some(run.typed()),
                Run::Classify(_)
                | Run::Edit(_)
                | Run::FormDetection(_)
                | Run::Parse(_)
                | Run::Split(_)
                | Run::Verify(_)
                | Run::Workflow(_) => None,
            },
            client: self.client,
            folder: self.folder,
            manifest: self.manifest,
            settings: self.settings,
            concurrency: self.concurrency,
            max_credits: self.max_credits,
            limits: self.limits,
        }
    }
}

impl<R: Send + 'static> IntoFuture for FolderRun<R> {
    type Output = Result<FolderReport<R>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

#[cfg(feature = "blocking")]
impl<R: Send + 'static> crate::blocking::Call for FolderRun<R> {
    type Response = FolderReport<R>;

    fn client(&self) -> &sdk_runtime::codegen::Core {
        &self.client.core
    }
}

impl<R> fmt::Debug for FolderRun<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FolderRun")
            .field("folder", &self.folder)
            .field("manifest", &self.manifest)
            .field("concurrency", &self.concurrency)
            .field("max_credits", &self.max_credits)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
