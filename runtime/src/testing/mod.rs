//! A mock server for users' tests: it sends configured responses and records requests.
//!
//! It knows operations only as table entries; the accessors of the operations are generated. Since it is a test tool,
//! an incorrect setup causes a panic that describes the mistake, and every function that can panic documents when.

mod clock;
#[cfg(feature = "webhooks")]
mod delivery;
mod fixture;
mod macros;
mod mock;
mod recorded_request;
mod registry;
mod reply;
mod response_kind;
mod server;

pub use clock::InstantClock;
#[cfg(feature = "webhooks")]
pub use delivery::Delivery;
pub use mock::Mock;
pub use recorded_request::RecordedRequest;
pub use reply::Reply;
pub use response_kind::{ByStatus, Events, Json, Lines, Nothing, Raw, ResponseKind, Text};
pub use server::MockServer;

/// The part of this module that generated code uses.
pub(crate) mod codegen {
    pub use super::fixture::{Fixture, decode_fixture, expect_ok, round_trip};
    pub use super::mock::Prepare;
    pub use super::server::Mocks;
}

/// Ends a test that was set up incorrectly or whose expectations were not met.
#[expect(clippy::panic, reason = "a panic is how a test fails")]
#[track_caller]
fn fail(message: impl std::fmt::Display) -> ! {
    panic!("{message}")
}
