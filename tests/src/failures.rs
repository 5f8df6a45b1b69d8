//! Collects failures, so that one run of a test over the whole document shows all of them. Must not know what is tested.

use std::fmt::Display;

/// Maximum number of failures to print; others are only counted.
const MAX_SHOWN: usize = 40;

/// The failures so far.
#[derive(Default)]
pub struct Failures {
    tried: usize,
    messages: Vec<String>,
}

impl Failures {
    /// Counts a case, and records the reason if it failed.
    pub fn note<E: Display>(&mut self, what: impl Display, result: Result<(), E>) {
        self.tried += 1;
        if let Err(reason) = result {
            let text = format!("{what}: {reason}");
            self.messages.push(text.chars().take(600).collect());
        }
    }

    /// Ends the test. Panics if a case failed, or if there were fewer cases than expected.
    pub fn finish(self, at_least: usize) {
        let shown = self.messages.iter().take(MAX_SHOWN).cloned().collect::<Vec<_>>();
        let failed = self.messages.len();
        assert!(self.messages.is_empty(), "{failed} of {} failed:\n{}", self.tried, shown.join("\n"));
        assert!(self.tried >= at_least, "only {} were tried", self.tried);
    }
}

/// Returns the first location where two values differ.
pub fn difference(found: &serde_json::Value, expected: &serde_json::Value) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(describe_difference(found, expected, "$"))
}

fn describe_difference(found: &serde_json::Value, expected: &serde_json::Value, path: &str) -> String {
    use serde_json::Value::{Array, Object};
    match (found, expected) {
        (Object(one), Object(other)) => {
            for (name, value) in other {
                match one.get(name) {
                    None => return format!("{path}.{name} is lost, it was {value}"),
                    Some(same) if same == value => {}
                    Some(found) => return describe_difference(found, value, &format!("{path}.{name}")),
                }
            }
            let more = one.iter().find(|(name, _)| !other.contains_key(*name));
            format!("{path} has an invented property: {more:?}")
        }
        (Array(one), Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            match pairs.find(|(_, (found, expected))| found != expected) {
                Some((at, (found, expected))) => describe_difference(found, expected, &format!("{path}[{at}]")),
                None => format!("{path} differs"),
            }
        }
        _ => format!("{path} is {found} instead of {expected}"),
    }
}
