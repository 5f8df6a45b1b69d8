//! Documentation of the method and the builder of a call: its description, its line of HTTP, an example, pagination, polling and
//! the bodies of its errors. Writes no code but that of the example.

mod example;
mod values;

use crate::ir::{Role, Status, Type};
use crate::markdown;

use super::doc;
use super::plan::Plan;
use super::rust_type::{Scope, render_type, tight};

impl Plan<'_> {
    /// Documentation of the method that starts the call.
    pub(super) fn method_docs(&self) -> Vec<String> {
        let request = markdown::format_code(&self.operation.key());
        let mut lines = doc::lines(&self.operation.docs, "");
        let request = if lines.is_empty() { format!("Sends {request}.") } else { request };
        let parts = [
            vec![request],
            self.other_media_types(),
            self.pagination_docs(),
            self.polling_docs(),
            self.example(),
            self.error_docs(),
        ];
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(part);
        }
        doc::with_deprecation(lines, self.operation.lifecycle)
    }

    /// Documentation of the builder.
    pub(super) fn builder_docs(&self) -> Vec<String> {
        let method = &self.operation.name;
        let owner = match &self.operation.group {
            Some(_) => self.resource.accessor.source(),
            None => self.input.root.public("Client"),
        };
        let shown = owner.rsplit("::").next().unwrap_or_default();
        let (shown, target) = (format!("{shown}::{method}"), format!("{owner}::{}", method.source()));
        let link = if shown == target { format!("[`{shown}`]") } else { format!("[`{shown}`]({target})") };
        let line = format!("Request builder for {link}.");
        doc::with_deprecation(vec![line], self.operation.lifecycle)
    }

    fn other_media_types(&self) -> Vec<String> {
        let media_types = self.operation.body.as_ref().map(|body| body.alternatives.as_slice()).unwrap_or_default();
        if media_types.is_empty() {
            return Vec::new();
        }
        let listed: Vec<String> = media_types.iter().map(|media_type| markdown::format_code(media_type)).collect();
        doc::wrap(&format!(
            "The body can also be sent as {}, with [`RequestOptions::body`](sdk_runtime::RequestOptions::body).",
            listed.join(", ")
        ))
    }

    fn pagination_docs(&self) -> Vec<String> {
        let builder = self.call.builder.source();
        match &self.operation.pagination {
            Some(pages) if pages.cursor.is_some() => doc::wrap(&format!(
                "Awaiting the builder returns one page; [`pages`]({builder}::pages) and [`items`]({builder}::items) iterate over all \
                 of them."
            )),
            Some(_) => doc::wrap(&format!(
                "The list is returned as a whole; [`items`]({builder}::items) iterates over its items, as for lists with pages."
            )),
            None => Vec::new(),
        }
    }

    fn polling_docs(&self) -> Vec<String> {
        let builder = self.call.builder.source();
        match &self.operation.role {
            Some(Role::State(_)) => doc::wrap(&format!(
                "[`wait`]({builder}::wait) polls the run until it has finished; [`poller`]({builder}::poller) yields each state."
            )),
            Some(Role::Start(_)) => doc::wrap(&format!(
                "[`wait`]({builder}::wait) sends the request and polls until the run has finished; [`poller`]({builder}::poller) \
                 yields each state."
            )),
            Some(Role::Batch(_)) | None => Vec::new(),
        }
    }

    /// The section on errors: which types their bodies have, by status.
    fn error_docs(&self) -> Vec<String> {
        const ERROR: &str = "[`Error`](sdk_runtime::Error)";
        const BODY_AS: &str = "[`Error::body_as`](sdk_runtime::Error::body_as)";
        let bodies = self.operation.error_bodies(&self.input.api.types);
        if bodies.is_empty() {
            return Vec::new();
        }
        let fails = format!("Awaiting the builder returns an {ERROR} if the request cannot be sent or is rejected;");
        let mut lines = vec!["# Errors".to_owned(), String::new()];
        match bodies.as_slice() {
            [(ty, statuses)] => lines.extend(doc::wrap(&format!(
                "{fails} {BODY_AS} decodes the body of an error response as {} ({}).",
                self.link(ty),
                enumerate(statuses)
            ))),
            several => {
                let of = self.call.error_body.as_ref().map(|name| format!("[`{0}::of`] or ", name.source()));
                lines.extend(doc::wrap(&format!(
                    "{fails} {}{BODY_AS} decodes the body of an error response:",
                    of.unwrap_or_default()
                )));
                lines.push(String::new());
                lines.extend(
                    several.iter().map(|(ty, statuses)| format!("- {}: {}", enumerate(statuses), self.link(ty))),
                );
            }
        }
        lines
    }

    /// A type as a link to its documentation, where it has one.
    fn link(&self, ty: &Type) -> String {
        let types = &self.input.api.types;
        match ty.named() {
            Some(id) => {
                let name = &types.get(id).name;
                format!("[`{name}`]({})", self.input.root.public(&format!("types::{}", name.source())))
            }
            None => markdown::format_code(&tight(&render_type(types, ty, Scope::Elsewhere))),
        }
    }
}

/// Statuses in words: "status 400, 404".
fn enumerate(statuses: &[Status]) -> String {
    let listed: Vec<String> = statuses
        .iter()
        .map(|status| match status {
            Status::Exact(code) => code.to_string(),
            Status::Range(digit) => format!("{digit}XX"),
            Status::Default => "any other".to_owned(),
        })
        .collect();
    format!("status {}", listed.join(", "))
}

#[cfg(test)]
mod tests;
