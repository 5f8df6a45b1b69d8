//! Collects what failed, so that one run of a test over the whole document shows all of it.

use std::fmt::Display;

/// Failures shown of a test; the rest is counted.
const SHOWN: usize = 40;

/// What failed so far.
#[derive(Default)]
pub struct Failures {
    tried: usize,
    texts: Vec<String>,
}

impl Failures {
    /// Counts a case, and notes why it failed if it did.
    pub fn note<E: Display>(&mut self, what: impl Display, result: Result<(), E>) {
        self.tried += 1;
        if let Err(reason) = result {
            let text = format!("{what}: {reason}");
            self.texts.push(text.chars().take(600).collect());
        }
    }

    /// Ends the test: no case may have failed, and there must have been as many as expected.
    pub fn finish(self, at_least: usize) {
        let shown = self.texts.iter().take(SHOWN).cloned().collect::<Vec<_>>();
        let failed = self.texts.len();
        assert!(self.texts.is_empty(), "{failed} of {} failed:\n{}", self.tried, shown.join("\n"));
        assert!(self.tried >= at_least, "only {} were tried", self.tried);
    }
}

/// The first place where two values differ.
pub fn difference(found: &serde_json::Value, expected: &serde_json::Value) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(differ(found, expected, "$"))
}

fn differ(found: &serde_json::Value, expected: &serde_json::Value, path: &str) -> String {
    use serde_json::Value::{Array, Object};
    match (found, expected) {
        (Object(one), Object(other)) => {
            for (name, value) in other {
                match one.get(name) {
                    None => return format!("{path}.{name} is lost, it was {value}"),
                    Some(same) if same == value => {}
                    Some(found) => return differ(found, value, &format!("{path}.{name}")),
                }
            }
            let more = one.iter().find(|(name, _)| !other.contains_key(*name));
            format!("{path} has an invented property: {more:?}")
        }
        (Array(one), Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            match pairs.find(|(_, (found, expected))| found != expected) {
                Some((at, (found, expected))) => differ(found, expected, &format!("{path}[{at}]")),
                None => format!("{path} differs"),
            }
        }
        _ => format!("{path} is {found} instead of {expected}"),
    }
}
