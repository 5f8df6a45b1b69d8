//! The model as Rust source: types, calls, events, tables. Decides no name and no form; that is done in the model.

mod accessors;
mod blocking;
mod by_status;
mod call_docs;
mod calls;
mod client;
mod conversions;
mod depth;
mod dispatch;
mod doc;
mod enumerations;
mod environments;
mod features;
mod fixtures;
pub(crate) mod former;
mod layout;
mod mock;
mod module_files;
mod operations;
mod pagination;
pub(crate) mod plan;
mod polling;
mod profile;
mod property_path;
mod root;
mod round_trip;
mod rust_type;
mod sending;
pub(crate) mod signatures;
mod source;
mod structs;
mod tasks;
mod types;
mod unions;
mod verification;
mod webhooks;
mod wire;

use crate::diagnostic::Report;
use crate::ir::Api;
use crate::profile::{Profile, WebhookPolicy};
use crate::wire::Wire;

use tasks::{Files, Task};

pub(crate) use depth::recursion_limit;
pub(crate) use environments::url_functions;
pub(crate) use profile::render as render_configuration;
pub use root::Root;
pub(crate) use rust_type::qualified;
pub(crate) use source::Preamble;
pub(crate) use types::families;

/// What the emitters read.
#[derive(Clone, Copy)]
pub(crate) struct Input<'a> {
    /// The model.
    pub api: &'a Api,
    /// The profile.
    pub profile: &'a Profile,
    /// First lines of each file.
    pub preamble: &'a Preamble,
    /// The module that the code is in.
    pub root: &'a Root,
    /// The path from which other crates import the code.
    pub library: &'a str,
    /// The `recursion_limit` that a crate with these types needs, if it is more than the default.
    pub recursion_limit: Option<usize>,
}

impl<'a> Input<'a> {
    /// How deliveries to webhooks are checked, if there is something to check.
    pub(crate) fn delivery_checks(&self) -> Option<&'a WebhookPolicy> {
        self.profile.webhooks.as_ref().filter(|_| !self.api.webhooks.is_empty())
    }
}

/// Writes every file, keyed by its path below the folder of generated code. `wire` makes the wire layer, beside the files that
/// do without it.
///
/// # Errors
///
/// Those of the wire layer; and emitted code is no valid Rust, which is a defect of the generator.
pub(crate) fn emit_files(input: &Input<'_>, wire: impl FnOnce() -> Result<Wire, Report>) -> Result<Files, Report> {
    let (mut files, wire) = tasks::run(&of_model(input), wire)?;
    let Wire { file, signatures } = wire?;
    let (calls, wire) = tasks::run(&calls::tasks(input, &signatures), || wire::render(input, file))?;
    files.extend(calls);
    files.insert("wire.rs".to_owned(), wire?);
    Ok(files)
}

/// The files made of the model alone.
fn of_model<'a>(input: &'a Input<'a>) -> Vec<Task<'a>> {
    let mut tasks = vec![
        Task::new("dispatch.rs", || dispatch::render(input)),
        Task::new("round_trip.rs", || round_trip::render(input)),
        Task::new("testing/fixtures.rs", || fixtures::render(input)),
        Task::new("testing/mocks.rs", || mock::render_mocks(input)),
        Task::new("operations.rs", || operations::render(input)),
    ];
    tasks.extend(types::type_tasks(input));
    tasks.extend([
        Task::new("blocking.rs", || blocking::render(input)),
        Task::new("client.rs", || client::render(input)),
        Task::new("mod.rs", || layout::render(input)),
        Task::new("profile.rs", || profile::render(input)),
        Task::new("testing/mod.rs", || mock::render_server(input)),
        Task::new("webhooks.rs", || webhooks::render(input)),
    ]);
    if let Some(checks) = input.delivery_checks() {
        tasks.push(Task::new("verification.rs", move || verification::render(input, checks)));
    }
    tasks
}
