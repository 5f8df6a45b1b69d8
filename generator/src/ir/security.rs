//! Credentials, and which of them operations accept.

use crate::names::RustIdent;

/// The credentials that an operation accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// The API key.
    Default,
    /// Those of one of these sets, all of them at once: 0 is the API key, the others follow in the order of the profile. An
    /// empty set means that none is needed; without any set, none is sent.
    AnyOf(Vec<Vec<usize>>),
}

/// The setters of a credential, where a client has several.
#[derive(Clone, Debug, PartialEq)]
pub struct CredentialSetters {
    /// The security scheme in the document.
    pub security_scheme: String,
    /// Index of the credential.
    pub index: usize,
    /// Sets the credential itself.
    pub setter: RustIdent,
    /// What the setter takes.
    pub input: CredentialInput,
}

/// What the setter of a credential takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialInput {
    /// A token. Another method, with this name, takes a provider of it.
    Token(RustIdent),
    /// A user name and a password.
    UserAndPassword,
}
