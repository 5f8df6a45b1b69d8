//! Documentation of a call: its text, its line of HTTP, how it is paged or polled, and the bodies of its errors. Knows nothing of
//! the code of a builder.

use crate::ir::Status;
use crate::markdown;

use super::doc;
use super::pagination;
use super::plan::Plan;
use super::polling;
use super::rust_type::{Scope, rust_type, tight};

impl Plan<'_> {
    /// Documentation of the method and of the builder.
    pub(super) fn docs(&self) -> Vec<String> {
        let mut lines = doc::lines(&self.operation.docs, &self.operation.key());
        lines.push(String::new());
        lines.push(markdown::format_code(&self.operation.key()));
        if let Some(body) = self.operation.body.as_ref().filter(|body| !body.alternatives.is_empty()) {
            let others: Vec<String> = body.alternatives.iter().map(|media| markdown::format_code(media)).collect();
            lines.push(String::new());
            lines.push(format!("The body can also be sent as {}, with `RequestOptions::body`.", others.join(", ")));
        }
        lines.extend(pagination::docs(self));
        lines.extend(polling::docs(self));
        lines.extend(self.error_bodies());
        doc::with_deprecation(lines, self.operation.lifecycle)
    }

    /// What errors hold: the types by status.
    fn error_bodies(&self) -> Vec<String> {
        let types = &self.input.api.types;
        let listed: Vec<String> = self
            .operation
            .error_bodies(types)
            .into_iter()
            .map(|(ty, statuses)| {
                let ty = tight(&rust_type(types, ty, Scope::Elsewhere));
                let statuses: Vec<String> = statuses.iter().map(Status::to_string).collect();
                format!("`{ty}` ({})", statuses.join(", "))
            })
            .collect();
        let line = match (listed.as_slice(), &self.call.error_body) {
            ([], _) => return Vec::new(),
            ([only], _) => format!("Errors hold {only}, for `Error::body_as`."),
            (several, Some(name)) => format!("Errors hold different bodies, see [`{name}`]: {}.", several.join(", ")),
            (several, None) => format!("Errors hold different bodies: {}.", several.join(", ")),
        };
        vec![String::new(), line]
    }
}
