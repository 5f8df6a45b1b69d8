//! Tests of the generated code of a small document, `api.yaml`, with shapes that the published document does not have.
//!
//! `generated/` is written by `INSTA_UPDATE=always cargo test -p workspace-tests --test snapshots compiled`.

// Machine-written; its layout is that of `prettyplease`.
#[allow(
    clippy::type_complexity,
    dead_code,
    unexpected_cfgs,
    unused_imports,
    reason = "types are those of the document; a test uses a part, and the feature for calls by name is not one of this target"
)]
#[rustfmt::skip]
pub mod generated;

#[cfg(test)]
mod calls;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod parameters;
#[cfg(test)]
mod schemas;
#[cfg(test)]
mod security;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod values;

pub(crate) use generated::client::Client;
pub(crate) use generated::types;
