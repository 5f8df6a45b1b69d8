//! Sanitizes all external input before it is displayed: strings from a server, a proxy or a file appear in errors,
//! `Debug` output, JSON, traces and messages of the command only after the secrets of the client and of the call have
//! been hidden.
//!
//! Secrets are hidden first, then the text is truncated, then invisible characters are removed: in any other order, a
//! part of a secret could remain. This module must not know what a response means.

mod pattern;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use http::{HeaderMap, HeaderValue};
use reqwest::Request;

use crate::client::config::Core;
use crate::client::profile::{Credential, Placement};
use crate::readable::one_line;
use crate::secret::{REDACTED, Secret};
use crate::sensitive::is_sensitive_name;
use pattern::{Pattern, Spans};

/// Minimum length of a part of a secret that is hidden on its own, in bytes: shorter parts also occur in harmless text.
/// A whole key is hidden whatever its length.
const SHORTEST_PART: usize = 6;

/// The secrets that must not be shown: those of a client, and those of one of its calls. Cloning is cheap.
#[derive(Clone, Default)]
pub(crate) struct Confidential {
    client: Option<Arc<Secrets>>,
    call: Option<Arc<Secrets>>,
}

/// Secrets, and the patterns that find them. The patterns are built when they are first needed, which is when something
/// fails.
#[derive(Default)]
struct Secrets {
    keys: Vec<String>,
    /// Values of headers and query parameters that are marked as sensitive or have sensitive names.
    marked: Vec<String>,
    patterns: OnceLock<Vec<Pattern>>,
}

impl Confidential {
    /// Returns the secrets of a client: its keys, and the sensitive headers that it sends with every request.
    pub(crate) fn of_client<'a>(
        secrets: impl Iterator<Item = (&'a Secret, &'a Credential)>,
        headers: &HeaderMap,
    ) -> Self {
        let mut keys: Vec<String> = Vec::new();
        for (key, credential) in secrets {
            keys.push(key.expose().to_owned());
            if credential.placement == Placement::Basic {
                keys.extend(key.expose().split_once(':').map(|(_, password)| password.to_owned()));
            }
        }
        let marked = headers.values().filter(|value| value.is_sensitive()).filter_map(text).collect();
        let secrets = Secrets { keys, marked, patterns: OnceLock::new() };
        Self { client: Some(Arc::new(secrets)), call: None }
    }

    /// Returns the secrets of a client and of a complete request.
    pub(crate) fn of_request(core: &Core, request: &Request) -> Self {
        let known = core.headers();
        // Most requests have no additional secrets.
        let is_known = |name, value| known.get_all(name).iter().any(|known| known == value);
        let headers = request.headers().iter().filter(|(name, value)| value.is_sensitive() && !is_known(*name, *value));
        let mut marked: Vec<String> = headers.filter_map(|(_, value)| text(value)).collect();
        if request.url().query().is_some() {
            let is_key = |name: &str| {
                let mut placements = core.profile().credentials().map(|credential| credential.placement);
                placements.any(|placement| matches!(placement, Placement::Query { name: key } if key == name))
            };
            let pairs = request.url().query_pairs();
            let pairs = pairs.filter(|(name, _)| is_key(name) || is_sensitive_name(name));
            marked.extend(pairs.map(|(_, value)| value.into_owned()));
        }
        let call = (!marked.is_empty()).then(|| Arc::new(Secrets { marked, ..Secrets::default() }));
        Self { client: core.confidential().client.clone(), call }
    }

    /// Returns a text with the secrets and their parts replaced.
    pub(crate) fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut spans = Spans::default();
        for secrets in self.client.iter().chain(&self.call) {
            secrets.patterns().iter().for_each(|pattern| pattern.find(text, &mut spans));
        }
        spans.replace(text, REDACTED)
    }

    /// Hides the secrets in a text in place.
    pub(crate) fn hide_in(&self, text: &mut String) {
        let Cow::Owned(hidden) = self.hide(text) else { return };
        *text = hidden;
    }

    /// Returns whether there is nothing to hide.
    pub(crate) fn is_empty(&self) -> bool {
        self.client.is_none() && self.call.is_none()
    }

    /// Returns a text in the form that may be displayed: one line of at most `longest` characters.
    pub(crate) fn shown(&self, text: &str, longest: usize) -> String {
        one_line(&self.hide(text), longest)
    }
}

/// Displays none of the secrets.
impl fmt::Debug for Confidential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl Secrets {
    fn patterns(&self) -> &[Pattern] {
        self.patterns.get_or_init(|| {
            let whole = self.keys.iter().map(String::as_str);
            let parts = self.keys.iter().chain(&self.marked).flat_map(|secret| parts(secret));
            whole.chain(parts.filter(|part| part.len() >= SHORTEST_PART)).filter_map(Pattern::new).collect()
        })
    }
}

fn text(value: &HeaderValue) -> Option<String> {
    value.to_str().ok().map(str::to_owned)
}

/// Returns the parts of a secret that can occur on their own: the key in `Bearer <key>` and in `name=<key>`. A key may
/// itself contain `=`.
fn parts(secret: &str) -> impl Iterator<Item = &str> {
    let words = secret.split_ascii_whitespace();
    let has_scheme = secret.trim().contains(' ');
    let is_scheme = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let words = words.enumerate().filter(move |(at, word)| *at > 0 || !has_scheme || !is_scheme(word));
    words.flat_map(|(_, word)| std::iter::once(word).chain(word.split_once('=').map(|(_, value)| value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::profile::Requirement;

    fn of_client(key: &str, placement: Placement, headers: &[(&'static str, &'static str)]) -> Confidential {
        let pair = |(name, text): &(&'static str, &'static str)| {
            let mut value = HeaderValue::from_static(text);
            value.set_sensitive(true);
            (http::HeaderName::from_static(name), value)
        };
        let credential = Credential { variable: None, placement, required: Requirement::Optional };
        Confidential::of_client(std::iter::once((&key.into(), &credential)), &headers.iter().map(pair).collect())
    }

    #[test]
    fn what_a_client_carries_in_confidence_is_hidden() {
        let headers = [("authorization", "Bearer hunter3"), ("cookie", "sid=hunter4"), ("x-key", "hunter5 ")];
        let confidential = of_client("sk_live_hunter2==", Placement::None, &headers);
        for (text, shown) in [
            ("Bearer hunter3, hunter3", "Bearer [redacted], [redacted]"),
            ("hunter4hunter5", "[redacted]"),
            ("no key sk_live_hunter2== here", "no key [redacted] here"),
            ("SK_LIVE_HUNTER2==", "[redacted]"),
            ("cut: sk_live_hunter2", "cut: [redacted]"),
            ("cut: _hunter2==", "cut: [redacted]"),
            ("sk_li\u{200b}ve_hun\u{0}ter2", "[redacted]"),
            ("a harmless Bearer == of application/json", "a harmless Bearer == of application/json"),
            ("", ""),
        ] {
            assert_eq!(confidential.hide(text), shown);
        }
        assert_eq!(format!("{confidential:?}"), REDACTED);
    }

    #[test]
    fn short_key_is_hidden_where_it_is_a_word() {
        for (key, text, shown) in [
            ("abc", "abc is not abcd: (ABC)", "[redacted] is not abcd: ([redacted])"),
            ("abc_12", "no abc_12xyz", "no [redacted]xyz"),
            ("k", "k of the key", "[redacted] of the key"),
        ] {
            assert_eq!(of_client(key, Placement::None, &[]).hide(text), shown);
        }
        let basic = of_client("user:correct horse", Placement::Basic, &[("authorization", "Basic dXNlcjpjb3JyZWN0")]);
        assert_eq!(basic.hide("correct horse dXNlcjpjb3JyZWN0 user:correct"), "[redacted] [redacted] [redacted]");
    }

    #[test]
    fn texts_are_hidden_before_they_are_shortened() {
        let confidential = of_client("sk_live_0123456789abcdef", Placement::None, &[]);
        for before in 150..210 {
            let text = format!("{} sk_live_0123456789abcdef", "x".repeat(before));
            assert!(!confidential.shown(&text, 200).contains("sk_"), "{before}");
        }
        assert_eq!(confidential.shown("a\u{202e}b\nsk_live_0123456789abcdef", 200), "ab [redacted]");
    }

    /// Tests many random keys, whole, truncated or in upper case, at a random position in a long text.
    #[test]
    fn no_part_of_a_random_key_stays() {
        let alphabet: Vec<char> = ('!'..='~').collect();
        let mut random = fastrand::Rng::with_seed(13);
        for _ in 0..2000 {
            let length = random.usize(16..80);
            let key: String = (0..length).map(|_| alphabet[random.usize(..alphabet.len())]).collect();
            let confidential = of_client(&key, Placement::None, &[]);
            let start = random.usize(..=length - 8);
            let cut = &key[start..random.usize(start + 8..=length)];
            let cut = if random.bool() { cut.to_ascii_uppercase() } else { cut.to_owned() };
            let filler = |random: &mut fastrand::Rng| "é ".repeat(random.usize(..300));
            let text = format!("{}{cut}{}", filler(&mut random), filler(&mut random));
            for longest in [50, 200, 1000] {
                let shown = confidential.shown(&text, longest).to_ascii_lowercase();
                let key = key.to_ascii_lowercase();
                let part = (0..=length - 8).map(|at| &key[at..at + 8]).find(|part| shown.contains(part));
                assert_eq!(part, None, "{key} {text}");
            }
        }
    }

    #[test]
    fn texts_are_searched_in_linear_time() {
        let confidential =
            of_client(&"ab".repeat(2000), Placement::None, &[("x-token", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]);
        for unit in ["ab", "a", "abababax", "\u{0}", "é", "a\u{200b}"] {
            let time = |size: usize| {
                let text = unit.repeat(size / unit.len());
                let start = std::time::Instant::now();
                std::hint::black_box(confidential.shown(&text, 1000));
                start.elapsed()
            };
            let (small, large) = (time(1 << 16), time(1 << 20));
            assert!(large < small * 80 + std::time::Duration::from_millis(300), "{unit}: {small:?}, {large:?}");
        }
    }
}
