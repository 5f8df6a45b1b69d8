//! Pages about the versions of an API in one crate: all endpoints with their Rust, and how to move from one version to another.
//!
//! Must not know where pages are written.

mod endpoints;
mod fields;
mod migration;

use serde_json::Value;

use crate::diagnostic::Report;
use crate::emit::Root;
use crate::ir::{Call, Operation, Resource};
use crate::path_template::remove_names;
use crate::pipeline::Generated;
use crate::source::read_document;

pub use endpoints::render_endpoints;
pub use migration::render_migration;

/// The first line of each page.
const NOTICE: &str = "<!-- Written by `cargo xtask regen`; do not edit. -->\n\n";

/// A version of an API, as pages describe it.
#[derive(Debug)]
pub struct DescribedVersion<'a> {
    /// Its name.
    name: &'a str,
    generated: &'a Generated,
    /// The published document.
    document: Value,
}

impl<'a> DescribedVersion<'a> {
    /// Describes a version by its document and what was generated from it.
    ///
    /// # Errors
    ///
    /// Fails if the document cannot be read.
    pub fn new(name: &'a str, document: &[u8], generated: &'a Generated) -> Result<Self, Report> {
        Ok(Self { name, generated, document: read_document(document, name)?.value })
    }

    /// Returns the operations with their calls, in the order of the document.
    fn operations(&self) -> impl Iterator<Item = Endpoint<'_>> {
        let api = &self.generated.api;
        let mut found: Vec<(usize, Endpoint<'_>)> = api
            .calls()
            .filter_map(|(resource, call)| {
                let operation = api.operations.get(call.operation)?;
                Some((call.operation, Endpoint { operation, resource, call }))
            })
            .collect();
        found.sort_by_key(|(place, _)| *place);
        found.into_iter().map(|(_, endpoint)| endpoint)
    }

    /// Finds the operation with this method and path, whatever the parameters in it are called.
    fn find(&self, key: &str) -> Option<Endpoint<'_>> {
        let (method, path) = key.split_once(' ')?;
        let is_same = |endpoint: &Endpoint<'_>| {
            endpoint.operation.method.name() == method && remove_names(&endpoint.operation.path) == path
        };
        self.operations().find(is_same)
    }

    /// Returns the path of the module of this version in the crate.
    fn library(&self) -> String {
        let package = self.generated.package.library();
        Root::of_version(self.name).library(&package, &self.generated.profile.document.api_version)
    }

    /// Returns the part of the navigation that an operation is in: its first tag.
    fn section(&self, operation: &Operation) -> &str {
        let tag = operation.origin.find(&self.document).and_then(|operation| operation.pointer("/tags/0"));
        tag.and_then(Value::as_str).unwrap_or("Others")
    }
}

/// An operation and its call.
struct Endpoint<'a> {
    operation: &'a Operation,
    resource: &'a Resource,
    call: &'a Call,
}

impl Endpoint<'_> {
    /// Returns method and path, without the names of parameters.
    fn key(&self) -> String {
        format!("{} {}", self.operation.method, remove_names(&self.operation.path))
    }

    /// Returns the Rust of the call with the names of its arguments: `workflow_runs().create(workflow)`.
    fn rust(&self) -> String {
        let arguments: Vec<&str> = self.call.arguments.iter().map(|argument| argument.name.as_str()).collect();
        let resource = self.resource.name.as_ref().map_or_else(String::new, |name| format!("{}().", name.source()));
        format!("{resource}{}({})", self.operation.name.source(), arguments.join(", "))
    }
}
