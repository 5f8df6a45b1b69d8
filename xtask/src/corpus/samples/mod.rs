//! The gate of samples: values of every component, request body and response, valid and invalid, go through the compiled client. Valid
//! ones come back the same; invalid ones are refused, or kept as they are.
//!
//! The sampler shares nothing with the generator, so it does not repeat its mistakes.

mod comparison;
mod document;
mod invalid;
mod program;
mod sampler;
mod validity;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::exchange::Returned;
use crate::layout::Layout;
use crate::outcome::Failure;
use crate::references;

use super::documents::Document as File;
use super::row::Row;
use comparison::{adds_only_null, difference};
use document::{Document, Role, Subject};
use invalid::spoil;
use sampler::{Extent, Sampler};
use validity::is_valid;

/// What became of the samples of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Sampled {
    /// Valid values that came back the same.
    pub(super) same: usize,
    /// Invalid values that were refused.
    pub(super) refused: usize,
    /// Invalid values that came back as they are: kept as unknown, or not checked.
    pub(super) kept: usize,
    /// Values that came back changed, and valid values that were refused.
    pub(super) wrong: usize,
    /// Number of components, request bodies and responses.
    pub(super) subjects: usize,
    /// Those without samples, by reason.
    pub(super) skipped: BTreeMap<String, BTreeSet<String>>,
    /// The first values that came back wrong.
    pub(super) first: Vec<String>,
}

/// How many wrong values are named.
const NAMED: usize = 5;

/// A value that is sent through a client.
struct Sample {
    is_valid: bool,
    name: String,
    value: Value,
}

/// Passes samples through the clients of documents, and records the results in their rows. `count` is the number of valid values per
/// subject at most.
pub(super) fn check(
    layout: &Layout,
    out: &Path,
    (documents, allowed): (&[File], &[PathBuf]),
    rows: &mut [Row],
    count: usize,
) -> Result<(), Failure> {
    let is_made = |document: &&File| out.join(document.package.as_str()).join("Cargo.toml").exists();
    let made: Vec<&File> = documents.iter().filter(is_made).collect();
    let packages: Vec<(&str, String)> =
        made.iter().map(|document| (document.package.as_str(), document.package.library())).collect();
    program::write(layout, out, &packages)?;
    program::compile(out)?;
    for (document, row) in documents.iter().zip(rows).filter(|(document, _)| is_made(document)) {
        let sampled = check_one(out, document, allowed, count)?;
        if sampled.wrong > 0 && row.failure.is_none() {
            row.failure = sampled.first.first().map(|first| format!("{} samples, such as {first}", sampled.wrong));
        }
        row.samples = Some(sampled);
    }
    Ok(())
}

fn check_one(out: &Path, file: &File, allowed: &[PathBuf], count: usize) -> Result<Sampled, Failure> {
    let bytes = fs::read(&file.path).map_err(Failure::io("read", &file.path))?;
    let bundle = references::bundle_argument(&bytes, &file.path.to_string_lossy(), allowed);
    let bytes = bundle.as_ref().map_or(bytes.as_slice(), |bundle| bundle.document());
    let read = generator::canonicalize(bytes, &file.name).map_err(Failure::Unsound)?;
    let mut document = read.document;
    // The client decodes components by the names that they have without what exporters add.
    generator::normalize::simplify_component_names(&mut document);
    let document = Document::new(document);
    let mut sampled = Sampled::default();
    let samples = make_samples(&document, count, &mut sampled);
    let values: Vec<(String, Value)> =
        samples.iter().map(|sample| (sample.name.clone(), sample.value.clone())).collect();
    match program::run(out, file.package.as_str(), &values)? {
        Some(returned) => samples.iter().zip(returned).for_each(|(sample, returned)| sampled.note(sample, returned)),
        None => samples.iter().for_each(|sample| sampled.skip("the program does not compile or run", &sample.name)),
    }
    Ok(sampled)
}

/// Makes the samples of every subject.
fn make_samples(document: &Document, count: usize, sampled: &mut Sampled) -> Vec<Sample> {
    let mut sampler = Sampler::new(document);
    let mut samples = Vec::new();
    for subject in document.subjects() {
        sampled.subjects += 1;
        let valid = match valid_values(document, &mut sampler, &subject, count) {
            Ok(valid) => valid,
            Err(reason) => {
                sampled.skip(reason, &subject.name);
                continue;
            }
        };
        let invalid = valid.first().map(|first| spoil(document, &subject.schema, first)).unwrap_or_default();
        let sample = |is_valid| {
            let name = subject.name.clone();
            move |value| Sample { is_valid, name: name.clone(), value }
        };
        samples.extend(valid.into_iter().map(sample(true)));
        samples.extend(invalid.into_iter().map(sample(false)));
    }
    samples
}

/// Returns distinct valid values of a subject, or why there are none.
fn valid_values(
    document: &Document,
    sampler: &mut Sampler<'_>,
    subject: &Subject,
    count: usize,
) -> Result<Vec<Value>, &'static str> {
    if subject.role == Role::Form {
        return Err("a form, which is no JSON");
    }
    let mut seen = BTreeSet::new();
    let mut values = Vec::new();
    let mut problem = None;
    for round in 0..count {
        let extent = match round {
            0 => Extent::All,
            1 => Extent::Required,
            round if round.is_multiple_of(2) => Extent::All,
            _ => Extent::Some,
        };
        match sampler.value(&subject.schema, extent) {
            Ok(value) if !is_valid(document, &subject.schema, &value) => {
                problem = problem.or(Some("the sampler made no valid value"));
            }
            Ok(Value::Null) if matches!(subject.role, Role::Component | Role::Request) => {
                problem = problem.or(Some("a component or request that is null, which only its place allows"));
            }
            Ok(value) => {
                if seen.insert(value.to_string()) {
                    values.push(value);
                }
            }
            Err(reason) => problem = problem.or(Some(reason)),
        }
    }
    if values.is_empty() { Err(problem.unwrap_or("no value was asked for")) } else { Ok(values) }
}

impl Sampled {
    fn note(&mut self, sample: &Sample, returned: Returned) {
        let wrong = match (sample.is_valid, returned) {
            (_, Returned::Unknown) => {
                self.skip("the client has no type of this name", &sample.name);
                return;
            }
            (true, Returned::Refused(reason)) => Some(format!("refused: {reason}")),
            (false, Returned::Refused(_)) => {
                self.refused += 1;
                None
            }
            (false, Returned::Same(back)) if adds_only_null(&sample.value, &back) => {
                self.kept += 1;
                None
            }
            (is_valid, Returned::Same(back)) => match difference(&sample.value, &back) {
                Some(difference) => Some(difference),
                None => {
                    *(if is_valid { &mut self.same } else { &mut self.kept }) += 1;
                    None
                }
            },
        };
        if let Some(reason) = wrong {
            self.wrong += 1;
            if self.first.len() < NAMED {
                self.first.push(format!("`{}` {reason}", sample.name));
            }
        }
    }

    fn skip(&mut self, reason: &str, name: &str) {
        self.skipped.entry(reason.to_owned()).or_default().insert(name.to_owned());
    }

    /// Returns the number of subjects without samples.
    pub(super) fn left_out(&self) -> usize {
        self.skipped.values().map(BTreeSet::len).sum()
    }

    /// Returns the number of values that went through the client.
    pub(super) fn total(&self) -> usize {
        self.same + self.refused + self.kept + self.wrong
    }
}

#[cfg(test)]
mod tests;
