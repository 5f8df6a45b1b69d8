//! Server URLs with variables that the user of an API sets, such as a tenant or a port.
//!
//! Rejects values that could change the host of the URL. It must not know clients.

use crate::client::error::Error;
use crate::client::wire::encode_path;

/// A server URL with variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerTemplate {
    /// The URL, with variables written as `{name}`.
    pub url: &'static str,
    /// The variables, in the order in which [`fill`](Self::fill) takes their values.
    pub variables: &'static [ServerVariable],
}

/// A variable in a server URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// The name, as in `{name}`.
    pub name: &'static str,
    /// The allowed values; empty if the API does not list them.
    pub values: &'static [&'static str],
}

/// The part of a URL that contains a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Scheme,
    /// The variable is the host, with or without a port.
    Authority,
    /// The variable is a part of the host.
    Host,
    Port,
    Path,
}

impl ServerTemplate {
    /// Returns the URL with its variables replaced by `values`, which are in the order of the variables.
    ///
    /// # Errors
    ///
    /// Returns a [`Configuration`](crate::ErrorKind::Configuration) error if a value is missing, is not one of the
    /// values that the API lists, or could change the host.
    pub fn fill(&self, values: &[&str]) -> Result<String, Error> {
        let mut filled = String::new();
        let mut rest = self.url;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            filled.push_str(before);
            let index = self.variables.iter().position(|variable| variable.name == name);
            let known = index.and_then(|index| Some((self.variables.get(index)?, *values.get(index)?)));
            let (variable, value) = known.ok_or_else(|| unfit(name, "has no value"))?;
            if !variable.values.is_empty() && !variable.values.contains(&value) {
                return Err(unfit(name, &format!("is none of {}", variable.values.join(", "))));
            }
            filled.push_str(&part(&filled, after).written(name, value)?);
            rest = after;
        }
        Ok(filled + rest)
    }
}

/// Returns the part of the URL between `before`, in which variables have been replaced, and `after`.
fn part(before: &str, after: &str) -> Part {
    let Some((_, place)) = before.split_once("://") else { return Part::Scheme };
    let ends = after.is_empty() || after.starts_with('/');
    match place.chars().last() {
        _ if place.contains('/') => Part::Path,
        None if ends => Part::Authority,
        Some(':') => Part::Port,
        Some(_) | None => Part::Host,
    }
}

impl Part {
    fn written(self, name: &str, value: &str) -> Result<String, Error> {
        let host = |authenticate: char| authenticate.is_ascii_alphanumeric() || matches!(authenticate, '-' | '.' | '_');
        let (fits, expected): (bool, _) = match self {
            Self::Scheme => (["https", "http"].contains(&value), "https or http"),
            Self::Authority => (
                !value.is_empty()
                    && value.chars().all(|authenticate| host(authenticate) || matches!(authenticate, ':' | '[' | ']')),
                "a host, with a port or without",
            ),
            Self::Host => (!value.is_empty() && value.chars().all(host), "letters, digits, `-` and `.`"),
            Self::Port => {
                (!value.is_empty() && value.chars().all(|authenticate| authenticate.is_ascii_digit()), "digits")
            }
            Self::Path => return Ok(value.split('/').map(encode_path).collect::<Vec<_>>().join("/")),
        };
        if fits { Ok(value.to_owned()) } else { Err(unfit(name, &format!("must be {expected}"))) }
    }
}

fn unfit(name: &str, problem: &str) -> Error {
    Error::configuration(format!("the variable `{name}` of the server {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: ServerTemplate = ServerTemplate {
        url: "https://{tenant}.example.com:{port}/{base}/v1",
        variables: &[
            ServerVariable { name: "tenant", values: &[] },
            ServerVariable { name: "port", values: &["443", "8443"] },
            ServerVariable { name: "base", values: &[] },
        ],
    };
    const OWN: ServerTemplate = ServerTemplate {
        url: "{scheme}://{host}/api",
        variables: &[ServerVariable { name: "scheme", values: &[] }, ServerVariable { name: "host", values: &[] }],
    };

    #[test]
    fn values_fill_their_places_and_no_others() {
        let rows: [(ServerTemplate, &[&str], Result<&str, &str>); 17] = [
            (TENANT, &["acme", "443", "x"], Ok("https://acme.example.com:443/x/v1")),
            (TENANT, &["a.b", "8443", "x/y z?#%"], Ok("https://a.b.example.com:8443/x/y%20z%3F%23%25/v1")),
            (TENANT, &["acme", "443", ""], Ok("https://acme.example.com:443//v1")),
            (TENANT, &["evil.com/", "443", ""], Err("`tenant` of the server must be letters")),
            (TENANT, &["evil.com#", "443", ""], Err("`tenant`")),
            (TENANT, &["u@evil.com", "443", ""], Err("`tenant`")),
            (TENANT, &["evil.com\\", "443", ""], Err("`tenant`")),
            (TENANT, &["evil.com%2f", "443", ""], Err("`tenant`")),
            (TENANT, &["evil\t.com", "443", ""], Err("`tenant`")),
            (TENANT, &["", "443", ""], Err("`tenant`")),
            (TENANT, &["acme", "80", ""], Err("`port` of the server is none of 443, 8443")),
            (TENANT, &["acme", "443"], Err("`base` of the server has no value")),
            (OWN, &["http", "localhost:8080"], Ok("http://localhost:8080/api")),
            (OWN, &["https", "[::1]:80"], Ok("https://[::1]:80/api")),
            (OWN, &["https", "u@evil.com"], Err("`host` of the server must be a host")),
            (OWN, &["javascript", "a"], Err("`scheme` of the server must be https or http")),
            (OWN, &["https", "a/b"], Err("`host`")),
        ];
        for (template, values, expected) in rows {
            match (template.fill(values), expected) {
                (Ok(url), Ok(expected)) => assert_eq!(url, expected, "{values:?}"),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (result, expected) => panic!("{values:?}: {result:?}, expected {expected:?}"),
            }
        }
        let port = ServerTemplate { url: "http://host:{n}", variables: &[ServerVariable { name: "n", values: &[] }] };
        assert_eq!(port.fill(&["1"]).unwrap(), "http://host:1");
        assert!(port.fill(&["1@evil.com"]).is_err());
    }
}
