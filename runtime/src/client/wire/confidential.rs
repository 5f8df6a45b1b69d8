//! What a request carries in confidence, so that a server that repeats it in its response does not make errors show it.
//!
//! It must not know what a response says.

use http::HeaderValue;
use reqwest::Request;

use crate::client::profile::{Credential, Placement};
use crate::secret::REDACTED;
use crate::sensitive::is_sensitive_name;

/// Shortest text that is taken out, in bytes: shorter ones are in harmless texts too.
const SHORTEST: usize = 6;

/// The secrets of a request.
pub(super) struct Confidential {
    headers: Vec<HeaderValue>,
    query: Vec<String>,
}

impl Confidential {
    /// What must not be shown of a request that is complete.
    pub(super) fn of(request: &Request, credential: &Credential) -> Self {
        let is_key = |name: &str| matches!(credential.placement, Placement::Query { name: key } if key == name);
        let query = request.url().query_pairs();
        let query = query.filter(|(name, _)| is_key(name) || is_sensitive_name(name));
        Self {
            headers: request.headers().values().filter(|value| value.is_sensitive()).cloned().collect(),
            query: query.map(|(_, value)| value.into_owned()).collect(),
        }
    }

    /// A text of the server without them.
    pub(super) fn hide(&self, text: String) -> String {
        let headers = self.headers.iter().filter_map(|value| value.to_str().ok());
        let texts = headers.chain(self.query.iter().map(String::as_str));
        // `Bearer <key>` is known as a whole, but what is repeated may be the key alone.
        let texts = texts.map(|secret| secret.rsplit([' ', '=']).find(|part| part.len() >= SHORTEST));
        texts.flatten().fold(text, |text, secret| text.replace(secret, REDACTED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::profile::Requirement;

    #[test]
    fn what_a_request_carries_in_confidence_is_taken_out_of_texts() {
        let placement = Placement::Query { name: "q" };
        let credential = Credential { variable: None, placement, required: Requirement::Optional };
        let url = "https://api.example.com/?q=hunter1&sig=hunt%2Fer2&page=harmless&key=short";
        let mut request = Request::new(http::Method::GET, url.parse().unwrap());
        for (name, text) in [("authorization", "Bearer hunter3"), ("cookie", "sid=hunter4"), ("x-key", "hunter5 ")] {
            let mut value = HeaderValue::from_static(text);
            value.set_sensitive(true);
            request.headers_mut().insert(name, value);
        }
        request.headers_mut().insert("accept", HeaderValue::from_static("application/json"));
        let confidential = Confidential::of(&request, &credential);
        for (text, shown) in [
            ("not hunter1", "not [redacted]"),
            ("hunt/er2", "[redacted]"),
            ("Bearer hunter3, hunter3", "Bearer [redacted], [redacted]"),
            ("hunter4hunter5", "[redacted][redacted]"),
            (
                "a short Bearer on page harmless of application/json",
                "a short Bearer on page harmless of application/json",
            ),
            ("", ""),
        ] {
            assert_eq!(confidential.hide(text.to_owned()), shown);
        }
    }
}
