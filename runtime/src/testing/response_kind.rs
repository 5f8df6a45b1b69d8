//! The kinds of responses that operations have, and the value that a test supplies for each.
//!
//! It must not know individual operations.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::Serialize;

use super::reply::Reply;

/// The successful response of an operation.
pub trait ResponseKind {
    /// The value that a test supplies.
    type Value;

    /// Builds the response with this value.
    fn reply(value: Self::Value) -> Reply;

    /// Builds the response from a fixture, which is passed as JSON for the kinds that use it.
    fn prepared(json: &'static str) -> Reply;
}

/// JSON of a given type.
pub struct Json<T>(PhantomData<fn() -> T>);

/// Text.
#[derive(Clone, Copy, Debug)]
pub struct Text;

/// Bytes.
#[derive(Clone, Copy, Debug)]
pub struct Raw;

/// No body.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

/// Server-sent events, each with JSON of a given type.
pub struct Events<T>(PhantomData<fn() -> T>);

/// Lines, each with JSON of a given type.
pub struct Lines<T>(PhantomData<fn() -> T>);

/// A response that depends on the status, for which a test supplies the whole reply. The fixture has this status.
#[derive(Clone, Copy, Debug)]
pub struct ByStatus<const STATUS: u16>;

impl<T: Serialize> ResponseKind for Json<T> {
    type Value = T;

    fn reply(value: T) -> Reply {
        Reply::json(&value)
    }

    fn prepared(json: &'static str) -> Reply {
        Reply::of("application/json", json)
    }
}

impl ResponseKind for Text {
    type Value = String;

    fn reply(value: String) -> Reply {
        Reply::text(value)
    }

    fn prepared(_: &'static str) -> Reply {
        Reply::text("text")
    }
}

impl ResponseKind for Raw {
    type Value = Bytes;

    fn reply(value: Bytes) -> Reply {
        Reply::of("application/octet-stream", value)
    }

    fn prepared(_: &'static str) -> Reply {
        Reply::of("application/octet-stream", "bytes")
    }
}

impl ResponseKind for Nothing {
    type Value = ();

    fn reply((): ()) -> Reply {
        Reply::new(204)
    }

    fn prepared(_: &'static str) -> Reply {
        Reply::new(204)
    }
}

impl<T: Serialize> ResponseKind for Events<T> {
    type Value = Vec<T>;

    fn reply(values: Vec<T>) -> Reply {
        Reply::events(values)
    }

    fn prepared(json: &'static str) -> Reply {
        Reply::of("text/event-stream", format!("data: {}\n\n", json.replace('\n', "")))
    }
}

impl<T: Serialize> ResponseKind for Lines<T> {
    type Value = Vec<T>;

    fn reply(values: Vec<T>) -> Reply {
        Reply::lines(values)
    }

    fn prepared(json: &'static str) -> Reply {
        Reply::of("application/x-ndjson", format!("{}\n", json.replace('\n', "")))
    }
}

impl<const STATUS: u16> ResponseKind for ByStatus<STATUS> {
    type Value = Reply;

    fn reply(value: Reply) -> Reply {
        value
    }

    fn prepared(json: &'static str) -> Reply {
        Reply::of("application/json", json).status(STATUS)
    }
}

macro_rules! shown {
    ($($name:ident),*) => { $(
        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )* };
}
shown!(Json, Events, Lines);
