//! What is written by hand about this vendor and is more than one file. Must not know how a request is sent.

#[cfg(feature = "schema")]
pub mod schema;
