//! Fixtures, and the errors that can occur while a test is being set up.
//!
//! It must not know which fixtures exist.

use std::fmt::Display;

use serde_json::Value;

use super::fail;
use crate::decode::{JsonError, read_json};
use crate::json::{ReadJson, WriteJson, to_bytes};

/// A fixture in the table of all fixtures, which lets a test check that every one of them can be read.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Fixture {
    /// Name of the fixture's function.
    pub name: &'static str,
    /// The fixture as JSON.
    pub text: &'static str,
    /// Reads the fixture as its type and writes it again.
    pub round_trip: fn(&str) -> Result<Value, JsonError>,
}

/// Reads a fixture as its type.
#[doc(hidden)]
#[must_use]
#[track_caller]
pub fn decode_fixture<T: ReadJson>(name: &str, text: &str) -> T {
    match read_json(text.as_bytes()) {
        Ok(value) => value,
        Err(error) => fail(format_args!("the fixture `{name}` does not fit its type: {error}")),
    }
}

/// Reads a fixture as its type and writes it again.
///
/// # Errors
///
/// Returns an error if the JSON does not fit the type.
#[doc(hidden)]
pub fn round_trip<T: ReadJson + WriteJson>(text: &str) -> Result<Value, JsonError> {
    let value: T = read_json(text.as_bytes())?;
    Ok(serde_json::from_slice(&to_bytes(&value)).unwrap_or_default())
}

/// Returns the value of a result that a test cannot continue without, or ends the test with the error.
#[doc(hidden)]
#[must_use]
#[track_caller]
pub fn expect_ok<T, E: Display>(what: &str, result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => fail(format_args!("{what}: {error}")),
    }
}
