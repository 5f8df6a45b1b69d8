//! Property tests: for any mutation of a document, the generator returns code that parses or a report. It never panics, hangs or
//! overflows the stack.
//!
//! By default, each test runs the same 256 cases. For more: `PROPTEST_CASES=20000 cargo test -p generator --test mutation`;
//! for others: `PROPTEST_RNG_SEED=7`; with additional documents: `MUTATION_DOCUMENTS=folder`. The document of the last case is kept
//! in `target/tmp/mutation-*.txt`, for cases that end the process.

mod change;
mod cycles;
#[cfg(test)]
mod documents;
mod run;

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use change::any_change;
use documents::read_documents;
use run::{Outcome, Strictness, run_case};

fn runner() -> TestRunner {
    let mut config = Config { failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(20_260_209);
    }
    TestRunner::new(config)
}

#[test]
fn every_unmodified_document_is_generated() {
    for (name, document) in read_documents() {
        for strictness in [Strictness::Strict, Strictness::Lenient] {
            let checked = run_case("whole", document.to_string(), strictness);
            assert_eq!(checked, Ok(Outcome::Generated), "{name}");
        }
    }
}

#[test]
fn mutated_document_is_generated_or_reported() {
    let documents = read_documents();
    let strictness = prop_oneof![1 => Just(Strictness::Strict), 3 => Just(Strictness::Lenient)];
    let case = (0..documents.len(), proptest::collection::vec(any_change(), 1..6), strictness);
    let outcomes = Cell::new([0_usize; 2]);
    let result = runner().run(&case, |(index, changes, strictness)| {
        let Some((_, document)) = documents.get(index) else { return Ok(()) };
        let mut document = document.clone();
        changes.iter().for_each(|change| change.apply(&mut document));
        let [generated, refused] = outcomes.get();
        outcomes.set(match run_case("tree", document.to_string(), strictness).map_err(TestCaseError::fail)? {
            Outcome::Generated => [generated + 1, refused],
            Outcome::Refused => [generated, refused + 1],
        });
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.err().map(|error| error.to_string()).unwrap_or_default());
    // If nearly every document were rejected, the property would be meaningless.
    let [generated, refused] = outcomes.get();
    println!("{generated} generated, {refused} refused");
    assert!(generated > refused, "{generated} generated, {refused} refused");
}

/// Lost, doubled or replaced bytes mostly test the two syntaxes.
#[test]
fn document_with_damaged_bytes_is_generated_or_reported() {
    let yaml = include_str!("torture.yaml");
    let json = read_documents().first().map(|(_, document)| format!("{document:#}")).unwrap_or_default();
    let characters = proptest::sample::select(vec![
        "", "\t", "\n", "\r", ":", "- ", "&a ", "*a", "<<: ", "!", "|", "\"", "{", "\u{feff}", "---\n", "? ", "%",
        "\u{0}",
    ]);
    let damage = (any::<usize>(), 0..40_usize, characters);
    let case = (any::<bool>(), proptest::collection::vec(damage, 1..4));
    let result = runner().run(&case, |(as_yaml, damages)| {
        let mut text = if as_yaml { yaml.to_owned() } else { json.clone() };
        for (at, length, inserted) in damages {
            let edge = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            let start = edge(at % (text.len() + 1));
            let end = edge(start + length);
            text.replace_range(start..end, inserted);
        }
        run_case("text", text, Strictness::Lenient).map(drop).map_err(TestCaseError::fail)
    });
    assert!(result.is_ok(), "{}", result.err().map(|error| error.to_string()).unwrap_or_default());
}
