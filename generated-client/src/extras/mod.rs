//! What people build around the client of this API. Written by hand, because it is about this vendor.
//!
//! Must not know how the client was generated, nor how requests are sent.

#[cfg(feature = "client")]
pub mod cost;
#[cfg(feature = "parse")]
pub mod document;
#[cfg(feature = "folder")]
pub mod folder;
#[cfg(feature = "files")]
pub mod input;
#[cfg(any(feature = "full", feature = "parse"))]
mod order;
#[cfg(feature = "full")]
pub mod runs;
#[cfg(feature = "schema")]
pub mod schema;
