//! Returns what the extraction steps of a workflow run have found, by the ID of the step run.

use std::collections::BTreeMap;

use extend_ai::types::{ExtractOutput, StepRun};
use extend_ai::{Client, Error};

pub(crate) async fn run(client: &Client, id: &str) -> Result<BTreeMap<String, ExtractOutput>, Error> {
    let run = client.workflow_runs().attach(id).await?;
    let mut outputs = BTreeMap::new();
    for step in run.step_runs {
        println!("{:?} {:?} is {:?}", step.step_type(), step.id(), step.status());
        if let StepRun::Extract(step) = step
            && let Some(output) = step.result.and_then(|result| result.extract_run.output)
        {
            outputs.insert(step.id, output);
        }
    }
    Ok(outputs)
}
