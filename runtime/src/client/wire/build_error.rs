//! Why generated code could not build a request. Must not know which operation it is of.

/// The error of a wire function.
#[derive(Debug)]
pub enum BuildError {
    /// The HTTP client refuses what the request is made of.
    Http(reqwest::Error),
    /// The arguments of the call do not make a request.
    Arguments(String),
}

impl From<reqwest::Error> for BuildError {
    fn from(source: reqwest::Error) -> Self {
        Self::Http(source)
    }
}

impl From<http::header::InvalidHeaderValue> for BuildError {
    fn from(source: http::header::InvalidHeaderValue) -> Self {
        Self::Arguments(source.to_string())
    }
}
