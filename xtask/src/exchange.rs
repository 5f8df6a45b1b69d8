//! Values that are passed through a program, one per line, and what it makes of them; the types that JSON has. Must not know where
//! values come from, or what programs are made of.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

use crate::crate_folder::write_when_new;
use crate::outcome::Failure;

/// What a client made of a value.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Returned {
    /// It was decoded, and written as this.
    Same(Value),
    /// It was refused.
    Refused(String),
    /// The client has no type of this name.
    Unknown,
}

/// Passes lines through a program; `None` if it did not return one line for each. They are kept in the file `input`.
pub(crate) fn pass_lines(program: &Path, input: &Path, lines: &[String]) -> Result<Option<Vec<Returned>>, Failure> {
    let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    write_when_new(input, text.as_bytes())?;
    let stdin = File::open(input).map_err(Failure::io("open", input))?;
    let output = Command::new(program).stdin(stdin).stderr(Stdio::inherit()).output();
    let output = output.map_err(Failure::io("run", program))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let returned: Option<Vec<Returned>> = text.lines().map(|line| serde_json::from_str(line).ok()).collect();
    Ok(returned.filter(|returned| returned.len() == lines.len()))
}

/// Returns whether a value has a type of JSON Schema.
pub(crate) fn has_type(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
