//! The last result of every figure, kept in `benches/results.json`, so that a run of one group leaves the others as they are. Measures
//! and judges nothing.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::figure::{FIGURES, Found, Sample};
use super::process::read_output;
use crate::crate_folder::write_when_new;
use crate::layout::Layout;
use crate::outcome::Failure;

/// Where the results are kept.
const FILE: &str = "benches/results.json";

/// The results, by the keys of their figures.
#[derive(Debug, Default)]
pub(super) struct Results(BTreeMap<String, Entry>);

/// A result with its circumstances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// What was measured, if it was.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(super) sample: Option<Sample>,
    /// Why it was not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// Day of the measurement.
    pub(super) date: String,
    /// Commit that was measured.
    pub(super) commit: String,
}

impl Results {
    /// Reads the results. Without a file there are none; those of figures that do not exist any more are dropped.
    pub(super) fn read(layout: &Layout) -> Result<Self, Failure> {
        let path = layout.place(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Failure::io("read", path)(error)),
        };
        let mut entries: BTreeMap<String, Entry> =
            serde_json::from_str(&text).map_err(|error| Failure::io("read", path)(error.into()))?;
        entries.retain(|key, _| FIGURES.iter().any(|figure| figure.key == key));
        Ok(Self(entries))
    }

    /// Adds what was found. A figure that could not be measured keeps its last number.
    pub(super) fn add(&mut self, layout: &Layout, found: Vec<Found>) {
        let (date, commit) = (today(), read_commit(layout));
        for (key, result) in found {
            let had_number = self.0.get(key).is_some_and(|entry| entry.sample.is_some());
            let (sample, reason) = match result {
                Ok(sample) => (Some(sample), None),
                Err(_) if had_number => continue,
                Err(reason) => (None, Some(reason.to_string())),
            };
            self.0.insert(key.to_owned(), Entry { sample, reason, date: date.clone(), commit: commit.clone() });
        }
    }

    /// Writes the results.
    pub(super) fn write(&self, layout: &Layout) -> Result<(), Failure> {
        let path = layout.place(FILE);
        let text = serde_json::to_string_pretty(&self.0).map_err(|error| Failure::io("write", &path)(error.into()))?;
        write_when_new(&path, (text + "\n").as_bytes())
    }

    /// Returns the result of a figure.
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.0.get(key)
    }
}

/// Returns the day in UTC, as in `2026-02-09`.
fn today() -> String {
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    now.split('T').next().unwrap_or_default().to_owned()
}

/// Returns the short name of the commit, marked when files differ from it.
fn read_commit(layout: &Layout) -> String {
    let mut git = Command::new("git");
    git.args(["describe", "--always", "--dirty", "--abbrev=8", "--exclude=*"]).current_dir(layout.root());
    read_output(&mut git).map_or_else(|_| "no commit".to_owned(), |name| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::figure::NotMeasured;

    #[test]
    fn figure_that_cannot_be_measured_keeps_its_number() {
        let temporary = tempfile::tempdir().unwrap();
        let layout = Layout::new(temporary.path().to_owned());
        let mut results = Results::default();
        let sample = Sample { value: 0.5, detail: "1 against 2".to_owned() };
        results
            .add(&layout, vec![("user.size", Ok(sample.clone())), ("user.crates", Err(NotMeasured::new("no bash")))]);
        results.add(&layout, vec![("user.size", Err(NotMeasured::new("no strip")))]);
        assert_eq!(results.get("user.size").unwrap().sample, Some(sample));
        assert_eq!(results.get("user.crates").unwrap().reason.as_deref(), Some("no bash"));
    }

    #[test]
    fn results_are_read_as_they_were_written() {
        let temporary = tempfile::tempdir().unwrap();
        let layout = Layout::new(temporary.path().to_owned());
        let mut results = Results::default();
        let sample = Sample { value: 0.5, detail: String::new() };
        results.add(&layout, vec![("user.size", Ok(sample)), ("user.crates", Err(NotMeasured::new("no bash")))]);
        results.write(&layout).unwrap();
        let read = Results::read(&layout).unwrap();
        for key in ["user.size", "user.crates", "user.build"] {
            assert_eq!(read.get(key), results.get(key), "{key}");
        }
    }
}
