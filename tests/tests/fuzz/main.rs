//! Runs every fuzz target on stable Rust for some seconds: no input may make it panic or hang.
//!
//! `FUZZ_CASES` sets the number of cases, `FUZZ_SEED` another sequence of them. `fuzz/` runs the same targets with libFuzzer.

#[cfg(test)]
mod linear;
#[cfg(test)]
pub mod targets;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use workspace_tests::fuzz::{read_seeds, run};

    use super::targets;

    fn check_target(name: &str, target: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(name);
        let seeds = read_seeds(&folder).unwrap();
        let least = u64::try_from(seeds.len()).unwrap();
        let cases = run(name, seeds, target).unwrap();
        println!("{name}: {cases} cases");
        assert!(cases >= least || std::env::var_os("FUZZ_CASES").is_some(), "only {cases} cases of {name}");
    }

    #[test]
    fn no_response_makes_decoding_panic_or_hang() {
        check_target("response", targets::response);
    }

    #[test]
    fn no_error_body_makes_the_client_panic_or_hang() {
        check_target("error_body", targets::error_body);
    }

    #[test]
    fn no_header_makes_the_client_panic_or_hang() {
        check_target("headers", targets::headers);
    }

    #[test]
    fn no_event_stream_makes_the_client_panic_or_hang() {
        check_target("event_stream", targets::event_stream);
    }

    #[test]
    fn no_delivery_makes_the_verifier_panic_or_hang() {
        check_target("webhook", targets::webhook);
    }

    #[test]
    fn no_link_makes_a_download_panic_or_hang() {
        check_target("link", targets::link);
    }

    #[test]
    fn no_pages_make_their_reader_panic_or_hang() {
        check_target("pages", targets::pages);
    }

    #[test]
    fn no_document_makes_the_generator_panic_or_hang() {
        check_target("document", targets::document);
    }
}
