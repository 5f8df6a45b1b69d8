//! Whatever is done to a document, the generator answers with code that parses or with a report; it never panics, hangs or
//! runs out of stack.
//!
//! 256 cases each by default, always the same ones. For more: `PROPTEST_CASES=20000 cargo test -p generator --test mutation`;
//! for others: `PROPTEST_RNG_SEED=7`; from other documents too: `MUTATION_DOCUMENTS=folder`. The document of the last case is kept in `target/tmp/mutation-*.txt`, for cases that
//! end the process.

mod change;
mod cycles;
mod documents;
mod run;

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use change::change;
use documents::documents;
use run::{Answer, Reading, outcome};

fn runner() -> TestRunner {
    let mut config = Config { failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(20_260_209);
    }
    TestRunner::new(config)
}

#[test]
fn every_document_is_generated_as_it_is() {
    for (name, document) in documents() {
        for reading in [Reading::Strict, Reading::Lenient] {
            let checked = outcome("whole", document.to_string(), reading);
            assert_eq!(checked, Ok(Answer::Generated), "{name}");
        }
    }
}

#[test]
fn a_mutated_document_is_generated_or_reported() {
    let documents = documents();
    let reading = prop_oneof![1 => Just(Reading::Strict), 3 => Just(Reading::Lenient)];
    let case = (0..documents.len(), proptest::collection::vec(change(), 1..6), reading);
    let answers = Cell::new([0_usize; 2]);
    let result = runner().run(&case, |(index, changes, reading)| {
        let Some((_, document)) = documents.get(index) else { return Ok(()) };
        let mut document = document.clone();
        changes.iter().for_each(|change| change.apply(&mut document));
        let [generated, refused] = answers.get();
        answers.set(match outcome("tree", document.to_string(), reading).map_err(TestCaseError::fail)? {
            Answer::Generated => [generated + 1, refused],
            Answer::Refused => [generated, refused + 1],
        });
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.err().map(|error| error.to_string()).unwrap_or_default());
    // A property that holds because nearly everything is refused would say nothing.
    let [generated, refused] = answers.get();
    println!("{generated} generated, {refused} refused");
    assert!(generated > refused, "{generated} generated, {refused} refused");
}

/// Bytes lost, doubled or replaced: mostly about the two syntaxes.
#[test]
fn a_damaged_text_is_generated_or_reported() {
    let yaml = include_str!("torture.yaml");
    let json = documents().first().map(|(_, document)| format!("{document:#}")).unwrap_or_default();
    let signs = proptest::sample::select(vec![
        "", "\t", "\n", "\r", ":", "- ", "&a ", "*a", "<<: ", "!", "|", "\"", "{", "\u{feff}", "---\n", "? ", "%",
        "\u{0}",
    ]);
    let damage = (any::<usize>(), 0..40_usize, signs);
    let case = (any::<bool>(), proptest::collection::vec(damage, 1..4));
    let result = runner().run(&case, |(as_yaml, damages)| {
        let mut text = if as_yaml { yaml.to_owned() } else { json.clone() };
        for (at, length, sign) in damages {
            let edge = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            let start = edge(at % (text.len() + 1));
            let end = edge(start + length);
            text.replace_range(start..end, sign);
        }
        outcome("text", text, Reading::Lenient).map(drop).map_err(TestCaseError::fail)
    });
    assert!(result.is_ok(), "{}", result.err().map(|error| error.to_string()).unwrap_or_default());
}
