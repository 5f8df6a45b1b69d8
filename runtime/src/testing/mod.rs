//! A server for the tests of users: it answers as it is told and remembers what it was asked.
//!
//! Knows operations only as entries of a table; the accessors per operation are generated. It is a tool for tests, so what a
//! test set up wrongly is a panic that says what is wrong, and each such function says when.

mod answer;
mod board;
mod clock;
#[cfg(feature = "webhooks")]
mod delivery;
mod fixture;
mod macros;
mod mock;
mod recorded;
mod reply;
mod server;

pub use answer::{Answer, ByStatus, Events, Json, Lines, Nothing, Raw, Text};
pub use clock::InstantClock;
#[cfg(feature = "webhooks")]
pub use delivery::Delivery;
pub use fixture::{Fixture, again, fixture, ready};
pub use mock::{Mock, Prepare};
pub use recorded::RecordedRequest;
pub use reply::Reply;
pub use server::{MockServer, Mocks};

/// Ends a test that was set up wrongly, or that did not go as it was told to.
#[expect(clippy::panic, reason = "a panic is how a test fails")]
#[track_caller]
fn fail(message: impl std::fmt::Display) -> ! {
    panic!("{message}")
}
