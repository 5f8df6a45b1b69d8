//! A server for the tests of users: it sends prepared responses and records requests.
//!
//! Knows operations only as entries of a table; the accessors per operation are generated. It is a tool for tests, so what a
//! test set up wrongly is a panic that says what is wrong, and each such function says when.

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

/// What generated code needs of this module.
pub(crate) mod codegen {
    pub use super::fixture::{Fixture, decode_fixture, expect_ok, round_trip};
    pub use super::mock::Prepare;
    pub use super::server::Mocks;
}

/// Ends a test that was set up wrongly, or that did not go as it was told to.
#[expect(clippy::panic, reason = "a panic is how a test fails")]
#[track_caller]
fn fail(message: impl std::fmt::Display) -> ! {
    panic!("{message}")
}
