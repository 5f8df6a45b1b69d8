//! The root of the generated code: its modules, and the lints it cannot keep.

use crate::diagnostic::Report;
use crate::ir::EVERY_TYPE;

use super::Input;
use super::client::HEADER_SETTERS;
use super::features::gate_line;
use super::source::SourceFile;

/// Lints that names and shapes of other people's APIs break.
const LINTS: &str = "#![allow(
    clippy::doc_lazy_continuation,
    clippy::enum_variant_names,
    clippy::should_implement_trait,
    clippy::too_many_arguments,
    clippy::wrong_self_convention,
    reason = \"names, texts and numbers of parameters are the API's\"
)]
";

/// Some of the wire layer is of no use without all areas.
const PARTIAL: &str =
    "#![cfg_attr(not(feature = \"full\"), allow(dead_code, unused_imports, unused_macros, reason = \"areas are left out\"))]
";

/// What users import: the list of exports of the crate.
const EXPORTS: &str = "
#[cfg(feature = \"client\")]
pub use client::{Client, ClientBuilder};
#[cfg(feature = \"client\")]
pub use operations::OPERATIONS;
#[cfg(feature = \"client\")]
pub use profile::environments;

pub use sdk_runtime::json::{Constant, Extra, Field, Map, Positions, Sensitive, Timestamp};
#[cfg(feature = \"tower\")]
pub use sdk_runtime::tower;
#[cfg(feature = \"client\")]
pub use sdk_runtime::{
    Attempt, Batch, Clock, Download, Environment, Error, ErrorKind, GaveUp, Items, KeyProvider, Operation, Pages, Paginated,
    Pause, PollSchedule, Pollable, Poller, Progress, ProvidedKey, RawResponse, RequestOptions, Response, ResponseParts,
    RetryPolicy, SharedCore, SystemClock, Verdict, Wait,
};
pub use sdk_runtime::{
    Bytes, FilePart, HeaderMap, JsonError, Secret, StatusCode, Value, decode_json, decode_value,
};
";

/// The root file.
pub(super) fn render(input: &Input<'_>) -> Result<String, Report> {
    let purpose = match input.root.version() {
        Some(version) => format!("Version {version} of the API: its client, resources, types and events."),
        None => "The generated code.".to_owned(),
    };
    let mut file = SourceFile::new(input.preamble, &purpose);
    file.text(LINTS);
    if !input.profile.areas.is_empty() {
        file.text(PARTIAL);
    }
    file.text(&modules(input));
    file.text(EXPORTS);
    if !input.profile.headers.is_empty() {
        file.text(&format!("#[cfg(feature = \"client\")]\npub use client::{HEADER_SETTERS};\n"));
    }
    Ok(file.finish())
}

/// The modules, each with the features that bring it.
fn modules(input: &Input<'_>) -> String {
    let dispatch = input.profile.client.dispatch_feature.as_str();
    let checked = input.delivery_checks().is_some();
    // The events have the types of their payloads, which can be left out where there are areas.
    let events: &[&str] = if input.profile.areas.is_empty() { &[] } else { &[EVERY_TYPE, "webhooks"] };
    let modules: [(&[&str], &str); 12] = [
        (&["blocking"], "pub mod blocking"),
        (&["client"], "pub(crate) mod client"),
        (&[dispatch], "pub mod dispatch"),
        (&["client"], "pub(crate) mod operations"),
        (&["client"], "pub(crate) mod profile"),
        (&["client"], "pub mod resources"),
        (&[dispatch], "mod round_trip"),
        (&["test-util"], "pub mod testing"),
        (&[], "pub mod types"),
        (&["webhooks"], VERIFICATION),
        (events, "pub mod webhooks"),
        (&["client"], "pub(crate) mod wire"),
    ];
    let there = modules.iter().filter(|(_, module)| checked || *module != VERIFICATION);
    there.fold(String::new(), |text, (features, module)| {
        format!("{text}{}{module};\n", gate_line(features.iter().copied()))
    })
}

/// Only an API with signed deliveries to webhooks has it.
const VERIFICATION: &str = "mod verification";
