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
mod types;
mod unions;
mod verification;
mod webhooks;
mod wire;

use std::collections::BTreeMap;

use crate::diagnostic::Report;
use crate::model::Api;
use crate::profile::{Profile, WebhookPolicy};
use crate::wire::Wire;

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
    /// The wire layer.
    pub wire: &'a Wire,
    /// First lines of each file.
    pub preamble: &'a Preamble,
}

impl<'a> Input<'a> {
    /// How deliveries to webhooks are checked, if there is something to check.
    fn delivery_checks(&self) -> Option<&'a WebhookPolicy> {
        self.profile.webhooks.as_ref().filter(|_| !self.api.webhooks.is_empty())
    }
}

/// Writes every file, keyed by its path below the folder of generated code.
///
/// # Errors
///
/// Emitted code is no valid Rust, which is a defect of the generator.
pub fn emit(input: &Input<'_>) -> Result<BTreeMap<String, String>, Report> {
    let mut files = BTreeMap::new();
    files.extend(types::types(input)?);
    files.extend(calls::calls(input)?);
    files.extend(mock::mock(input)?);
    files.insert("blocking.rs".to_owned(), blocking::blocking(input)?);
    files.insert("client.rs".to_owned(), client::client(input)?);
    files.insert("dispatch.rs".to_owned(), dispatch::dispatch(input)?);
    files.insert("mod.rs".to_owned(), layout::layout(input)?);
    files.insert("operations.rs".to_owned(), operations::operations(input)?);
    files.insert("profile.rs".to_owned(), profile::profile(input)?);
    if let Some(text) = verification::verification(input)? {
        files.insert("verification.rs".to_owned(), text);
    }
    files.insert("webhooks.rs".to_owned(), webhooks::webhooks(input)?);
    files.insert("wire.rs".to_owned(), wire::wire(input)?);
    Ok(files)
}
