//! Prepared values, and what may go wrong when a test begins.
//!
//! It must not know which values there are.

use std::fmt::Display;

use serde_json::Value;

use super::fail;
use crate::decode::{JsonError, read_json};
use crate::json::{ReadJson, WriteJson, to_bytes};

/// A prepared value among others: for a test that all of them can be read.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Fixture {
    /// Name of its function.
    pub name: &'static str,
    /// Its JSON.
    pub text: &'static str,
    /// Reads it as its type and writes it again.
    pub round_trip: fn(&str) -> Result<Value, JsonError>,
}

/// A prepared value as its type.
#[doc(hidden)]
#[must_use]
#[track_caller]
pub fn decode_fixture<T: ReadJson>(name: &str, text: &str) -> T {
    match read_json(text.as_bytes()) {
        Ok(value) => value,
        Err(error) => fail(format_args!("the fixture `{name}` does not fit its type: {error}")),
    }
}

/// Reads a prepared value as its type and writes it again.
///
/// # Errors
///
/// It does not fit its type.
#[doc(hidden)]
pub fn round_trip<T: ReadJson + WriteJson>(text: &str) -> Result<Value, JsonError> {
    let value: T = read_json(text.as_bytes())?;
    Ok(serde_json::from_slice(&to_bytes(&value)).unwrap_or_default())
}

/// What a test cannot go on without.
#[doc(hidden)]
#[must_use]
#[track_caller]
pub fn expect_ok<T, E: Display>(what: &str, result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => fail(format_args!("{what}: {error}")),
    }
}
