//! The report as SARIF 2.1.0, for viewers of the results of static analysis.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::level::{RustLevel, Wire};
use super::super::report::{Change, Drift};

/// Returns the report as SARIF. `file` is the path of the new document in the repository.
pub fn render_sarif(drift: &Drift, file: &str) -> Value {
    let ids: BTreeSet<&str> = drift.changes.iter().map(|change| change.id.as_str()).collect();
    let rules: Vec<Value> = ids.into_iter().map(|id| json!({ "id": id })).collect();
    let results: Vec<Value> = drift.changes.iter().map(|change| result(change, file)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "drift", "rules": rules}},
            "results": results,
        }],
    })
}

fn result(change: &Change, file: &str) -> Value {
    let level = match (change.wire, change.rust) {
        (Wire::Breaking, _) | (_, RustLevel::Major) => "error",
        (Wire::Risky, _) => "warning",
        (Wire::Safe, RustLevel::None | RustLevel::Patch | RustLevel::Minor) => "note",
    };
    let pointer = change.pointer.head.as_ref().or(change.pointer.base.as_ref());
    let mut result = json!({
        "ruleId": change.id,
        "level": level,
        "message": {"text": change.message},
        "partialFingerprints": {"drift/v1": change.fingerprint},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": file}},
            "logicalLocations": pointer.map(|pointer| json!({"fullyQualifiedName": pointer})).into_iter().collect::<Vec<_>>(),
        }],
        "properties": {
            "wire": change.wire.as_str(),
            "rust": change.rust.as_str(),
            "operations": change.operations,
            "remedy": change.remedy,
        },
    });
    if let Some(accepted) = &change.accepted {
        result["suppressions"] = json!([{"kind": "external", "justification": accepted.reason}]);
    }
    result
}
