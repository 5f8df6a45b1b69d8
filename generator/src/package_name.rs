//! Package names that cargo and rustc accept, derived from any title. Knows nothing of the rest of a package.

use std::fmt;

use heck::ToKebabCase;
use serde::Deserialize;

/// Names that would shadow a crate used by the code, or that cargo rejects.
const RESERVED: &[&str] = &[
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "http",
    "incremental",
    "proc-macro",
    "reqwest",
    "runtime",
    "sdk-runtime",
    "serde",
    "serde-json",
    "std",
    "test",
    "tokio",
];
/// Maximum length of a name derived from a title, in bytes.
const MAX_LENGTH: usize = 60;

/// The name of a package: not a keyword, and not the name of a crate that it depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct PackageName(String);

impl PackageName {
    /// Accepts a given name, or returns `None` if cargo or rustc would reject it.
    pub fn new(name: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let starts = name.bytes().next().is_some_and(|first| first.is_ascii_alphabetic());
        let valid = starts && name.len() <= 64 && name.bytes().all(plain) && !is_reserved(name);
        valid.then(|| Self(name.to_owned()))
    }

    /// Derives a name from any string, such as a title or a file name: lower-case words with hyphens.
    pub fn from_title(title: &str) -> Self {
        let ascii: String =
            title.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { ' ' }).collect();
        let mut name = ascii.to_kebab_case();
        if name.len() > MAX_LENGTH {
            let end = name.get(..MAX_LENGTH).and_then(|start| start.rfind('-')).unwrap_or(MAX_LENGTH);
            name.truncate(end);
        }
        if name.is_empty() {
            return Self("client".to_owned());
        }
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            name.insert_str(0, "api-");
        }
        if is_reserved(&name) {
            name.push_str("-client");
        }
        Self(name)
    }

    /// Returns the name with a number, for another package with the same name.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        Self(format!("{}-{number}", self.0))
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name of the crate in Rust code.
    pub fn library(&self) -> String {
        self.0.replace('-', "_")
    }
}

impl TryFrom<String> for PackageName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::new(&name).ok_or_else(|| format!("{name:?} is not the name of a package"))
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_reserved(name: &str) -> bool {
    let (hyphens, library) = (name.replace('_', "-"), name.replace('-', "_"));
    RESERVED.contains(&hyphens.as_str()) || syn::parse_str::<syn::Ident>(&library).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_title_yields_a_name_that_cargo_accepts() {
        let cases = [
            ("Extend API", "extend-api"),
            ("1Password Events", "api-1password-events"),
            ("", "client"),
            ("日本", "client"),
            ("Test", "test-client"),
            ("match", "match-client"),
            ("Serde JSON", "serde-json-client"),
            ("a/b: C (v2)", "a-b-c-v2"),
            ("../../etc", "etc"),
        ];
        for (title, name) in cases {
            let made = PackageName::from_title(title);
            assert_eq!(made.as_str(), name, "{title:?}");
            assert_eq!(PackageName::new(name), Some(made), "{title:?}");
        }
        assert!(PackageName::from_title(&"word ".repeat(50)).as_str().len() <= MAX_LENGTH);
    }

    #[test]
    fn given_name_is_kept_or_rejected() {
        for name in ["", "1a", "a b", "a/b", "größe", "test", "fn", "std", "sdk_runtime", "-a"] {
            assert_eq!(PackageName::new(name), None, "{name:?}");
        }
        for name in ["a", "my_client", "my-client2"] {
            assert_eq!(PackageName::new(name).map(|name| name.to_string()).as_deref(), Some(name));
        }
    }
}
