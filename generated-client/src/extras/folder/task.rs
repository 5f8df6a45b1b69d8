//! What is started for each file: the request, where its run is listed, and where its state is read. Must not know when.

use sdk_runtime::{Error, RequestOptions};
use serde_json::{Value, json};

use super::manifest::Tag;
use crate::Client;
use crate::runs::Run;
use crate::types::{
    ClassifierReference, ExtractRunsCreateRequest, FileFromId, FileSummary, SplitterReference, WorkflowReference,
};

/// Name of the tag in the metadata of a run.
const METADATA: &str = "folder_tag";

/// What is started.
#[derive(Clone, Debug)]
pub(super) enum Task {
    Extract(Box<ExtractRunsCreateRequest>),
    Classify(ClassifierReference),
    Split(SplitterReference),
    Workflow(WorkflowReference),
}

/// Collects the IDs of the listed runs of a file, in the order of their creation.
macro_rules! runs_of {
    ($list:expr, $tag:expr, |$run:ident| $is_of_file:expr) => {{
        let mut items = $list.file_name_contains($tag.0.as_str()).items();
        let mut found = Vec::new();
        while let Some($run) = items.next().await {
            let $run = $run?;
            if $is_of_file {
                found.push(($run.created_at.as_str().to_owned(), $run.id));
            }
        }
        found.sort();
        found.into_iter().map(|(_, id)| id).collect::<Vec<String>>()
    }};
}

impl Task {
    /// Puts the schema of a type into the request.
    #[cfg(feature = "schema")]
    pub(super) fn with_schema(
        self,
        schema: Result<crate::types::JsonObject, crate::schema::SchemaError>,
    ) -> Result<Self, Error> {
        let Self::Extract(mut request) = self else {
            return Err(Error::invalid_request(None, "only an extraction has a type; choose `extractor` or `extract`"));
        };
        let schema = schema.map_err(|error| Error::invalid_request(None, error.to_string()).with_source(error))?;
        let config = match &mut request.extractor {
            Some(extractor) => &mut extractor.override_config,
            None => &mut request.config,
        };
        config.get_or_insert_default().schema = Some(schema);
        Ok(Self::Extract(request))
    }

    /// Returns what tells this task from others, as JSON.
    pub(super) fn describe(&self) -> Result<Value, Error> {
        let (name, settings) = match self {
            Self::Extract(request) => ("extract", serde_json::to_value(request)),
            Self::Classify(classifier) => ("classify", serde_json::to_value(classifier)),
            Self::Split(splitter) => ("split", serde_json::to_value(splitter)),
            Self::Workflow(workflow) => ("workflow", serde_json::to_value(workflow)),
        };
        let settings = settings.map_err(|error| Error::invalid_request(None, error.to_string()))?;
        Ok(json!({ name: settings }))
    }

    /// Starts the run of a file. The request is sent once.
    pub(super) async fn start(&self, client: &Client, file_id: &str, tag: &Tag) -> Result<Run, Error> {
        let once = RequestOptions::new().max_retries(0);
        let (file, metadata) = (FileFromId::new(file_id), json!({ METADATA: tag.0 }));
        match self {
            Self::Extract(request) => {
                let mut request = ExtractRunsCreateRequest::clone(request).with_file(file);
                let metadata = (METADATA.to_owned(), Value::from(tag.0.as_str()));
                request.metadata.get_or_insert_default().extend([metadata]);
                client.extract_runs().create_with(request).options(once).await.map(Run::from)
            }
            Self::Classify(classifier) => {
                let call = client.classify_runs().create(file).classifier(classifier.clone());
                call.metadata(metadata).options(once).await.map(Run::from)
            }
            Self::Split(splitter) => {
                let call = client.split_runs().create(file).splitter(splitter.clone());
                call.metadata(metadata).options(once).await.map(Run::from)
            }
            Self::Workflow(workflow) => {
                let call = client.workflow_runs().create(workflow.clone()).file(file);
                call.metadata(metadata).options(once).await.map(Run::from)
            }
        }
    }

    /// Returns the runs of a file that the API lists, the first one first.
    pub(super) async fn find(&self, client: &Client, file_id: &str, tag: &Tag) -> Result<Vec<String>, Error> {
        let is_it = |file: &FileSummary| file.id == file_id;
        Ok(match self {
            Self::Extract(_) => runs_of!(client.extract_runs().list(), tag, |run| run.file.as_ref().is_some_and(is_it)),
            Self::Classify(_) => {
                runs_of!(client.classify_runs().list(), tag, |run| run.file.as_ref().is_some_and(is_it))
            }
            Self::Split(_) => runs_of!(client.split_runs().list(), tag, |run| run.file.as_ref().is_some_and(is_it)),
            Self::Workflow(_) => {
                runs_of!(client.workflow_runs().list(), tag, |run| run.files.iter().flatten().any(is_it))
            }
        })
    }

    /// Retrieves a run.
    pub(super) async fn retrieve(&self, client: &Client, run_id: &str) -> Result<Run, Error> {
        match self {
            Self::Extract(_) => client.extract_runs().retrieve(run_id).await.map(Run::from),
            Self::Classify(_) => client.classify_runs().retrieve(run_id).await.map(Run::from),
            Self::Split(_) => client.split_runs().retrieve(run_id).await.map(Run::from),
            Self::Workflow(_) => client.workflow_runs().retrieve(run_id).await.map(Run::from),
        }
    }
}
