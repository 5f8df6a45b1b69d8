//! The model as Rust source: types, calls, events, tables. Decides no name and no form; that is done in the model.

mod blocking;
mod by_status;
mod calls;
mod client;
mod dispatch;
mod doc;
mod enumerations;
mod environments;
mod fixtures;
mod groups;
mod layout;
mod mock;
mod module_files;
mod operations;
mod pages;
mod plan;
mod polls;
mod profile;
mod reach;
mod rust_type;
mod sending;
mod source;
mod structs;
mod surface;
mod tasks;
mod types;
mod unions;
mod verification;
mod webhooks;
mod wire;

use std::collections::BTreeMap;

use crate::diagnostic::Report;
use crate::model::Api;
use crate::profile::{Profile, WebhookPolicy};
use crate::wire::Signature;

use tasks::{Files, Task};

pub(crate) use environments::url_functions;
pub use rust_type::qualified;
pub use source::Preamble;
pub use surface::surface;

/// What the emitters read.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The model.
    pub api: &'a Api,
    /// The profile.
    pub profile: &'a Profile,
    /// How the functions of the wire layer are called, by their names.
    pub signatures: &'a BTreeMap<String, Signature>,
    /// First lines of each file.
    pub preamble: &'a Preamble,
}

impl<'a> Input<'a> {
    /// How deliveries to webhooks are checked, if there is something to check.
    fn delivery_checks(&self) -> Option<&'a WebhookPolicy> {
        self.profile.webhooks.as_ref().filter(|_| !self.api.webhooks.is_empty())
    }
}

/// Writes every file, keyed by its path below the folder of generated code. `wire` is the code of the wire layer.
///
/// # Errors
///
/// Emitted code is no valid Rust, which is a defect of the generator.
pub fn emit(input: &Input<'_>, wire: syn::File) -> Result<Files, Report> {
    let fixtures = fixtures::fixtures(input);
    let mut tasks = vec![
        Task::new("dispatch.rs", || dispatch::dispatch(input)),
        Task::new("testing/fixtures.rs", || fixtures.file()),
        Task::new("testing/mocks.rs", || mock::mocks(input, &fixtures)),
        Task::new("operations.rs", || operations::operations(input)),
    ];
    tasks.extend(calls::calls(input));
    tasks.extend(types::types(input));
    tasks.extend([
        Task::new("blocking.rs", || blocking::blocking(input)),
        Task::new("client.rs", || client::client(input)),
        Task::new("mod.rs", || layout::layout(input)),
        Task::new("profile.rs", || profile::profile(input)),
        Task::new("testing/mod.rs", || mock::server(input)),
        Task::new("webhooks.rs", || webhooks::webhooks(input)),
    ]);
    if let Some(checks) = input.delivery_checks() {
        tasks.push(Task::new("verification.rs", move || verification::verification(input, checks)));
    }
    tasks::run(&tasks, ("wire.rs", || wire::wire(input, wire)))
}
