//! Measures an extractor: makes an evaluation set of one file with the expected output, and runs it.

use extend_ai::types::{EvaluationSetRunMetrics, NewEvaluationSetItem, ProvidedExtractOutput};
use extend_ai::{Client, Error};
use serde_json::json;

pub(crate) async fn run(client: &Client, extractor: &str, file: &str) -> Result<Option<f64>, Error> {
    let set = client.evaluation_sets().create("invoices", extractor).await?;
    let expected = ProvidedExtractOutput::new().with_value(json!({"total": 99.5}));
    let item = NewEvaluationSetItem::new(expected).with_file_id(file);
    client.evaluation_set_items().create(&set.id, [item]).await?;

    let run = client.evaluation_set_runs().create(set.id).wait().await?;
    let EvaluationSetRunMetrics::Extract(metrics) = run.metrics else { return Ok(None) };
    Ok(metrics.accuracy)
}
