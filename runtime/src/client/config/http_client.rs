//! Builds HTTP clients, and returns an error if one cannot be built.
//!
//! It must not know what a client is for.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::client::error::Error;

const IMPOSSIBLE: &str = "the HTTP client cannot be made";

/// Builds the HTTP client that the builder describes.
///
/// # Errors
///
/// Returns a [`Configuration`](crate::ErrorKind::Configuration) error if TLS is not available or cannot be set up.
pub(crate) fn build_http_client(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, Error> {
    made(|| builder.build())
}

/// Builds a client, with panics as errors: reqwest panics if rustls has no crypto provider.
fn made(build: impl FnOnce() -> reqwest::Result<reqwest::Client>) -> Result<reqwest::Client, Error> {
    match catch_unwind(AssertUnwindSafe(build)) {
        Ok(built) => built.map_err(|source| Error::configuration(IMPOSSIBLE).with_source(source)),
        Err(panic) => Err(Error::configuration(format!("{IMPOSSIBLE}: {}", reason(panic.as_ref())))),
    }
}

fn reason(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("it panics")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::error::ErrorKind;

    #[test]
    fn client_that_cannot_be_made_is_an_error_and_no_panic() {
        type Build = fn() -> reqwest::Result<reqwest::Client>;
        let builders: [(Build, &str); 3] = [
            (|| panic!("No provider is configured."), "the HTTP client cannot be made: No provider is configured."),
            (|| panic!("{}", "no provider".to_owned()), "the HTTP client cannot be made: no provider"),
            (|| reqwest::Client::builder().user_agent("\n").build(), "the HTTP client cannot be made"),
        ];
        for (build, text) in builders {
            let error = made(build).unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Configuration, text));
        }
    }
}
