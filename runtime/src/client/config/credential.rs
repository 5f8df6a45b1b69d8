//! Converts the API key of the user into a header or query parameter.
//!
//! It must not know operations. Its errors never show the key.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use reqwest::Url;

use super::http_client::build_http_client;
use super::provider::{Key, KeyProvider};
use crate::client::error::Error;
use crate::client::profile::{Credential, Placement, Profile, Requirement};
use crate::operation::Security;
use crate::secret::Secret;

/// The credentials of a client: the API key, then the further ones of the profile.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    first: ResolvedCredential,
    further: Vec<ResolvedCredential>,
}

impl Credentials {
    pub(super) fn new(profile: &Profile, keys: &[Option<Key>]) -> Result<Self, Error> {
        let key = |index: usize| keys.get(index).and_then(Option::as_ref);
        let first = ResolvedCredential::new(&profile.credential, key(0))?;
        let further = profile.further_credentials.iter().enumerate();
        let further = further.map(|(index, credential)| ResolvedCredential::new(credential, key(index + 1)));
        Ok(Self { first, further: further.collect::<Result<_, _>>()? })
    }

    /// Returns the API key.
    pub(crate) fn first(&self) -> &ResolvedCredential {
        &self.first
    }

    /// Returns a credential by its index.
    pub(crate) fn get(&self, index: usize) -> &ResolvedCredential {
        match index {
            0 => &self.first,
            index => self.further.get(index - 1).unwrap_or(&ResolvedCredential::None),
        }
    }

    /// Returns the credentials that are sent to an operation: those of the first set of which all are configured, else of
    /// the first that is complete with what the user has put into the request. If there is none, nothing is sent.
    ///
    /// # Errors
    ///
    /// Returns the credential that is missing if only a part of a set is configured. That part alone authenticates nobody,
    /// and is not sent.
    pub(crate) fn of(&self, security: Security, is_carried: impl Fn(usize) -> bool) -> Result<&'static [usize], usize> {
        let is_configured = |index: &usize| !matches!(self.get(*index), ResolvedCredential::None);
        let is_available = |index: &usize| is_configured(index) || is_carried(*index);
        match security {
            Security::Default => Ok(&[0]),
            Security::AnyOf(sets) => {
                let mut sets_in_use = sets.iter().filter(|set| !set.is_empty());
                let configured = sets_in_use.clone().find(|set| set.iter().all(is_configured));
                if let Some(set) = configured.or_else(|| sets_in_use.find(|set| set.iter().all(is_available))) {
                    return Ok(set);
                }
                let is_optional = sets.iter().any(|set| set.is_empty());
                let partial = sets.iter().find(|set| !is_optional && set.iter().any(is_configured));
                match partial.and_then(|set| set.iter().find(|index| !is_available(index))) {
                    Some(missing) => Err(*missing),
                    None => Ok(&[]),
                }
            }
        }
    }
}

impl Credential {
    /// Returns whether a request has a value where the credential is sent. `headers` are further headers of the request.
    pub(crate) fn is_carried(&self, request: &reqwest::Request, headers: &[(HeaderName, HeaderValue)]) -> bool {
        let further =
            |name: &'static str| headers.iter().filter(move |(found, _)| *found == name).map(|(_, value)| value);
        let values = |name: &'static str| request.headers().get_all(name).iter().chain(further(name));
        match self.placement {
            Placement::Header { name, .. } => values(name).next().is_some(),
            Placement::Basic => values(header::AUTHORIZATION.as_str()).next().is_some(),
            Placement::Cookie { name } => values(header::COOKIE.as_str()).any(|cookies| has_cookie(cookies, name)),
            Placement::Query { name } => request.url().query_pairs().any(|(found, _)| found == name),
            Placement::None => false,
        }
    }

    /// Returns what the credential is and how it is configured, for an error about its absence.
    pub(crate) fn description(&self) -> String {
        let place = match self.placement {
            Placement::Header { name, prefix } if prefix.trim().is_empty() => format!("the header `{name}`"),
            Placement::Header { name, prefix } => format!("the header `{name}` with `{}`", prefix.trim()),
            Placement::Basic => "a user name and password (HTTP basic authentication)".to_owned(),
            Placement::Cookie { name } => format!("the cookie `{name}`"),
            Placement::Query { name } => format!("the query parameter `{name}`"),
            Placement::None => "a credential".to_owned(),
        };
        match self.variable {
            Some(variable) => format!("{place} (environment variable {variable})"),
            None => place,
        }
    }
}

fn has_cookie(cookies: &HeaderValue, name: &str) -> bool {
    let pairs = cookies.as_bytes().split(|byte| *byte == b';');
    let mut names = pairs.map(|pair| pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii());
    names.any(|found| found == name.as_bytes())
}

/// The header or query parameter that authenticates a request.
#[derive(Clone)]
pub(crate) enum ResolvedCredential {
    /// A header, whose value is marked as sensitive.
    Header(HeaderName, HeaderValue),
    /// A query parameter.
    Query(&'static str, Secret),
    /// A provider that returns a key for each attempt.
    Provided(Arc<dyn KeyProvider>),
    /// No credential.
    None,
}

impl ResolvedCredential {
    pub(super) fn new(credential: &Credential, key: Option<&Key>) -> Result<Self, Error> {
        match (key, credential.placement, credential.required) {
            (Some(Key::Fixed(secret)), _, _) if !secret.expose().is_empty() => Self::of(credential, secret),
            (Some(Key::Provided(provider)), _, _) => Ok(Self::Provided(Arc::clone(provider))),
            (_, Placement::None, _) | (_, _, Requirement::Optional) => Ok(Self::None),
            (_, _, Requirement::Required) => Err(missing(credential)),
        }
    }

    /// Returns the credential for an API key.
    ///
    /// # Errors
    ///
    /// Returns a [`Configuration`](crate::ErrorKind::Configuration) error if the key contains a character that keys
    /// cannot have.
    pub(crate) fn of(credential: &Credential, secret: &Secret) -> Result<Self, Error> {
        check(credential, secret)?;
        let key = secret.expose();
        match credential.placement {
            Placement::Header { name, prefix } => {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
                Ok(Self::Header(name, value(&format!("{prefix}{key}"))?))
            }
            Placement::Cookie { name } => Ok(Self::Header(header::COOKIE, value(&format!("{name}={key}"))?)),
            Placement::Basic => Ok(Self::Header(header::AUTHORIZATION, basic(key)?)),
            Placement::Query { name } => Ok(Self::Query(name, secret.clone())),
            Placement::None => Ok(Self::None),
        }
    }

    /// Adds the credential to a request. An existing header is kept.
    pub(crate) fn put(&self, request: &mut reqwest::Request) {
        self.put_header(request.headers_mut());
        self.put_query(request.url_mut());
    }

    /// Adds the credential to headers if it is a header. An existing header is kept, and cookies are added to others.
    pub(super) fn put_header(&self, headers: &mut HeaderMap) {
        let Self::Header(name, value) = self else { return };
        match headers.get(name).filter(|_| name == header::COOKIE) {
            None => {
                headers.entry(name).or_insert_with(|| value.clone());
            }
            Some(cookies) => {
                let joined = [cookies.as_bytes(), b"; ", value.as_bytes()].concat();
                if let Ok(mut joined) = HeaderValue::from_bytes(&joined) {
                    joined.set_sensitive(true);
                    headers.insert(name, joined);
                }
            }
        }
    }

    /// Adds the credential to a URL if it is a query parameter.
    pub(crate) fn put_query(&self, url: &mut Url) {
        if let Self::Query(name, secret) = self {
            url.query_pairs_mut().append_pair(name, secret.expose());
        }
    }
}

impl fmt::Debug for ResolvedCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name, _) => write!(f, "header {name}"),
            Self::Query(name, _) => write!(f, "query parameter {name}"),
            Self::Provided(_) => f.write_str("provided"),
            Self::None => f.write_str("none"),
        }
    }
}

fn missing(credential: &Credential) -> Error {
    let variable = credential
        .variable
        .map_or_else(String::new, |variable| format!("set the environment variable {variable}, or "));
    Error::configuration(format!("no API key: {variable}call `.api_key(…)` on the builder"))
}

fn check(credential: &Credential, secret: &Secret) -> Result<(), Error> {
    let key = secret.expose();
    let allowed = |character: char| match credential.placement {
        // The user passes the whole value, which may include the scheme, as in `Token <key>`.
        Placement::Header { name, prefix: "" } if name.eq_ignore_ascii_case("authorization") => {
            character.is_ascii_graphic() || (character == ' ' && key.trim() == key)
        }
        // A user name or password may contain spaces and non-ASCII characters.
        Placement::Basic => !character.is_control(),
        Placement::Cookie { .. } => character.is_ascii_graphic() && !";,\"\\".contains(character),
        Placement::Header { .. } | Placement::Query { .. } | Placement::None => character.is_ascii_graphic(),
    };
    match key.chars().position(|character| !allowed(character)) {
        None => Ok(()),
        Some(position) => Err(Error::configuration(format!(
            "the API key contains an invalid character (white space, a line break or the like) at \
             position {} of {}; it may have been copied together with surrounding text",
            position + 1,
            key.chars().count()
        ))),
    }
}

fn value(text: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(text).map_err(|_| unusable())?;
    value.set_sensitive(true);
    Ok(value)
}

/// Returns the value of an `Authorization` header with the `Basic` scheme, as reqwest encodes it.
fn basic(key: &str) -> Result<HeaderValue, Error> {
    let (user, password) = match key.split_once(':') {
        Some((user, password)) => (user, Some(password)),
        None => (key, None),
    };
    let http = build_http_client(reqwest::Client::builder())?;
    let request = http.get("http://localhost").basic_auth(user, password).build();
    let value = request.ok().and_then(|mut request| {
        let headers = request.headers_mut();
        headers.remove(header::AUTHORIZATION)
    });
    let mut value = value.ok_or_else(unusable)?;
    value.set_sensitive(true);
    Ok(value)
}

fn unusable() -> Error {
    Error::configuration("the API key cannot be put into a request")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential(placement: Placement, required: Requirement) -> Credential {
        Credential { variable: Some("DEMO_KEY"), placement, required }
    }

    const BEARER: Placement = Placement::Header { name: "Authorization", prefix: "Bearer " };

    #[test]
    fn every_placement_is_written() {
        for (placement, key, expected) in [
            (BEARER, "sk_1", Some(("authorization", "Bearer sk_1"))),
            (Placement::Header { name: "X-API-Key", prefix: "" }, "sk_1", Some(("x-api-key", "sk_1"))),
            (Placement::Header { name: "Authorization", prefix: "" }, "Token 1", Some(("authorization", "Token 1"))),
            (Placement::Cookie { name: "sid" }, "sk_1", Some(("cookie", "sid=sk_1"))),
            (Placement::Basic, "u:p w", Some(("authorization", "Basic dTpwIHc="))),
            (Placement::Basic, "u", Some(("authorization", "Basic dTo="))),
            (Placement::None, "sk_1", None),
        ] {
            let credential = credential(placement, Requirement::Required);
            let credential = ResolvedCredential::new(&credential, Some(&Key::Fixed(key.into()))).unwrap();
            match (&credential, expected) {
                (ResolvedCredential::Header(name, value), Some((n, v))) => {
                    assert_eq!((name.as_str(), value.to_str().unwrap()), (n, v));
                    assert!(!format!("{credential:?}").contains("sk_1"), "{credential:?}");
                }
                (ResolvedCredential::None, None) => {}
                (credential, expected) => panic!("{credential:?}, expected {expected:?}"),
            }
        }
        let query = credential(Placement::Query { name: "key" }, Requirement::Required);
        let credential = ResolvedCredential::new(&query, Some(&Key::Fixed("sk_1".into()))).unwrap();
        assert!(matches!(&credential, ResolvedCredential::Query("key", secret) if secret.expose() == "sk_1"));
    }

    #[test]
    fn missing_key_names_the_variable_and_the_method() {
        let required = credential(BEARER, Requirement::Required);
        for key in [None, Some(Key::Fixed("".into()))] {
            let text = ResolvedCredential::new(&required, key.as_ref()).unwrap_err().to_string();
            assert!(text.contains("DEMO_KEY") && text.contains(".api_key("), "{text}");
        }
        let optional = credential(BEARER, Requirement::Optional);
        assert!(matches!(ResolvedCredential::new(&optional, None), Ok(ResolvedCredential::None)));
    }

    #[test]
    fn damaged_key_is_refused_without_showing_it() {
        for key in ["sk_hunter2\n", " sk_hunter2", "sk_\u{0}hunter2", "sk_hünter2", "sk hunter2"] {
            let required = credential(BEARER, Requirement::Required);
            let text = ResolvedCredential::new(&required, Some(&Key::Fixed(key.into()))).unwrap_err().to_string();
            assert!(text.contains("position") && !text.contains("nter2"), "{text}");
        }
        let raw = credential(Placement::Header { name: "authorization", prefix: "" }, Requirement::Required);
        assert!(ResolvedCredential::new(&raw, Some(&Key::Fixed("Token 1 ".into()))).is_err());
    }
}
