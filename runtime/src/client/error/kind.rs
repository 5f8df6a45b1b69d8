//! The kinds of failure. This module must not know the details of a particular failure.

/// What went wrong, classified by what a program can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built from the given configuration. Nothing was sent.
    Configuration,
    /// The request cannot be built from the given arguments. Nothing was sent, or only a part of a file that could not
    /// be read to its end.
    InvalidRequest,
    /// The provider of the credential failed. Nothing was sent.
    Credential,
    /// A tower layer failed. Whether anything was sent depends on the layer.
    Layer,
    /// No connection could be established: the request was not sent.
    Connect,
    /// The time limit expired. The server may have processed the request.
    Timeout,
    /// The connection broke. The server may have processed the request.
    Transport,
    /// The server responded with an error status.
    Status,
    /// The server reported an error in a stream that had begun with success.
    Stream,
    /// The response does not match the API description.
    Decode,
    /// The response is larger than the size limit of the client.
    ResponseTooLarge,
    /// The downloaded content could not be written to its destination.
    Output,
    /// The server returned the same page token twice: the list would never end.
    RepeatedToken,
    /// The run did not end in time. It continues; the error contains its ID.
    WaitTimeout,
}

impl ErrorKind {
    /// Returns the name in lower case with underscores.
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
            Self::Stream => "stream",
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
