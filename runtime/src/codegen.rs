//! Re-exports for generated code: the macros of its tables, the configuration of its client, the steps of a call.
//!
//! Nothing here is covered by semantic versioning. A generated client depends on exactly the version of this crate that
//! it was generated for. This module must not define anything itself.

pub use crate::multipart::Form;
pub use crate::round_trip::{RoundTrip, round_trip_as, round_trip_by_name};
pub use crate::{object, open_enum, shape_union, tagged_union, wrapper};
pub use {serde, serde_json};

#[cfg(feature = "client")]
pub use crate::client::codegen::*;
#[cfg(feature = "client")]
pub use crate::{blocking_call, call, client, header_setters, paginated, pollable, telemetry};

#[cfg(feature = "dispatch")]
pub use crate::{run_call, run_raw};

#[cfg(feature = "test-util")]
pub use crate::testing::codegen::*;
#[cfg(feature = "test-util")]
pub use crate::{fixtures, mocks};
