//! How a client is configured, and what its parts show of themselves.
//!
//! It must not send anything.

use sdk_runtime::codegen::Context;
use sdk_runtime::codegen::{Core, CoreBuilder};
use sdk_runtime::{Error, ErrorKind, RequestOptions};
use sdk_runtime::{FilePart, codegen::Form};

use crate::{KEY, OPERATION, PROFILE, send};

#[test]
fn client_is_configured_by_variables_and_calls() {
    let variables = |pairs: &'static [(&str, &str)]| {
        let lookup = |name: &str| {
            let pair = pairs.iter().find(|(known, _)| *known == name);
            pair.map(|(_, value)| (*value).to_owned())
        };
        CoreBuilder::from_variables(&PROFILE, lookup).unwrap()
    };
    for (builder, expected) in [
        (variables(&[("DEMO_KEY", "k")]), Ok("https://api.example.com")),
        (variables(&[("DEMO_KEY", "k"), ("DEMO_REGION", "EU")]), Ok("https://eu.example.com/base")),
        (variables(&[("DEMO_KEY", "k"), ("DEMO_REGION", "eu"), ("DEMO_URL", "https://own")]), Ok("https://own")),
        (variables(&[("DEMO_KEY", "k"), ("DEMO_REGION", "")]), Ok("https://api.example.com")),
        (
            variables(&[("DEMO_KEY", "k"), ("DEMO_URL", "https://own")]).region("production_eu"),
            Ok("https://eu.example.com/base"),
        ),
        (variables(&[("DEMO_KEY", "k")]).environment(&PROFILE.environments[1]), Ok("https://eu.example.com/base")),
        (
            variables(&[("DEMO_KEY", "k"), ("DEMO_REGION", "mars")]),
            Err("unknown region \"mars\" in DEMO_REGION; known: us (https://api.example.com), eu"),
        ),
        (variables(&[]), Err("set the environment variable DEMO_KEY")),
        (variables(&[("DEMO_KEY", " ")]), Err("no API key")),
        (variables(&[("DEMO_KEY", "k\n")]), Err("position 2 of 2")),
        (variables(&[("DEMO_KEY", "k")]).header("host", "x"), Err("the header `host`")),
        (variables(&[("DEMO_KEY", "k")]).user_agent_suffix("a\nb"), Err("user agent suffix")),
    ] {
        match (builder.build(), expected) {
            (Ok(core), Ok(url)) => assert_eq!(core.base_url(), url),
            (Err(error), Err(part)) => {
                assert_eq!(error.kind(), ErrorKind::Configuration);
                assert!(error.to_string().contains(part), "{error}");
            }
            (result, expected) => panic!("{result:?}, expected {expected:?}"),
        }
    }
}

#[test]
fn nothing_shows_the_key() {
    let builder = Core::builder(&PROFILE).api_key(KEY);
    let builder = builder.header("x-other-key", "hunter3");
    let core = builder.clone().build().unwrap();
    let options = RequestOptions::new().header("x-other-key", "hunter4");
    let context = Context::new(core.clone(), options.clone(), &OPERATION);
    let all = format!("{builder:?} {builder:#?} {core:?} {core:#?} {context:?} {options:?}");
    assert!(!all.contains("hunter"), "{all}");
    assert!(all.contains("https://api.example.com") && all.contains("x-demo-version"), "{all}");
}

#[test]
fn what_users_hold_crosses_threads_and_errors_are_small() {
    fn crosses<T: Send + Sync + 'static>(_: &T) {}
    fn moves<T: Send>(_: &T) {}
    let core = Core::builder(&PROFILE).api_key(KEY).build().unwrap();
    crosses(&core);
    crosses(&Error::configuration("x"));
    crosses(&FilePart::bytes("a", "b"));
    moves(&send(&core, RequestOptions::new()));
    moves(&Form::new().into_reqwest());
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}
