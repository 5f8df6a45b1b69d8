//! The kinds of failure. It must not know what a particular failure says.

/// What went wrong, in terms of what a program can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be made from what was given. Nothing was sent.
    Configuration,
    /// The request cannot be made from what was given. Nothing was sent, or only a part of a file that could not be read on.
    InvalidRequest,
    /// The provider of the credential failed. Nothing was sent.
    Credential,
    /// A layer around the sending failed. Whether something was sent is up to the layer.
    Layer,
    /// No connection: the request was not sent.
    Connect,
    /// The time limit ran out. The server may have done the work.
    Timeout,
    /// The connection broke. The server may have done the work.
    Transport,
    /// The server responded with an error status.
    Status,
    /// The response is not what the API description says.
    Decode,
    /// The response is larger than the client reads.
    ResponseTooLarge,
    /// What was fetched could not be written to where it should go.
    Output,
    /// The server gave a page token for the second time: the list would never end.
    RepeatedToken,
    /// What was waited for was not over in time. It goes on: its ID is in the error.
    WaitTimeout,
}

impl ErrorKind {
    /// The name in lower case with underscores.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Credential => "credential",
            Self::Layer => "layer",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Status => "status",
            Self::Decode => "decode",
            Self::ResponseTooLarge => "response_too_large",
            Self::Output => "output",
            Self::RepeatedToken => "repeated_token",
            Self::WaitTimeout => "wait_timeout",
        }
    }
}

impl std::fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
