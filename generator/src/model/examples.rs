//! Checks the examples of the profile against the operations of the API.
//!
//! It must not know what examples are used for.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::Api;
use crate::pointer::Pointer;

/// Warns about examples that name no operation, or no property of its body.
pub(crate) fn unused_examples(api: &Api, examples: &BTreeMap<String, Vec<String>>) -> Report {
    let mut report = Report::default();
    for (id, properties) in examples {
        let operation = api.operations.iter().find(|operation| operation.id() == *id);
        let mut unused = |found: String| {
            let place = Pointer::root().join("examples").join(id);
            report.push(
                Diagnostic::new(Code::ProfileUnused, place, found)
                    .in_source("profile.toml")
                    .expected("the ID of an operation, and names of properties of its body")
                    .help("correct `[examples]`"),
            );
        };
        let Some(operation) = operation else {
            unused(format!("`{id}` is no operation"));
            continue;
        };
        let structure = operation.body.as_ref().and_then(|body| api.types.structure(&body.ty));
        let fields = structure.map(|structure| structure.fields.as_slice()).unwrap_or_default();
        for property in properties.iter().filter(|name| fields.iter().all(|field| field.wire.0 != **name)) {
            unused(format!("the body of `{id}` has no property `{property}`"));
        }
    }
    report
}
