//! Names of packages: what cargo and rustc take, made from any title. Knows nothing of the rest of a package.

use std::fmt;

use heck::ToKebabCase;
use serde::Deserialize;

/// Names that would hide a crate the code refers to, or that cargo refuses.
const TAKEN: &[&str] = &[
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "http",
    "incremental",
    "proc-macro",
    "progenitor-client",
    "reqwest",
    "runtime",
    "sdk-runtime",
    "serde",
    "serde-json",
    "std",
    "test",
    "tokio",
];
/// Longest name that is made from a title, in bytes.
const LONGEST: usize = 60;

/// Name of a package: lower case words with hyphens, no keyword, none of the crates it depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct PackageName(String);

impl PackageName {
    /// The name as given; none when cargo or rustc would refuse it.
    pub fn new(name: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let starts = name.bytes().next().is_some_and(|first| first.is_ascii_alphabetic());
        let valid = starts && name.len() <= 64 && name.bytes().all(plain) && !is_taken(name);
        valid.then(|| Self(name.to_owned()))
    }

    /// A name made from any text, such as a title or the name of a file.
    pub fn from_title(title: &str) -> Self {
        let ascii: String = title.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { ' ' }).collect();
        let mut name = ascii.to_kebab_case();
        if name.len() > LONGEST {
            let end = name.get(..LONGEST).and_then(|start| start.rfind('-')).unwrap_or(LONGEST);
            name.truncate(end);
        }
        if name.is_empty() {
            return Self("client".to_owned());
        }
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            name.insert_str(0, "api-");
        }
        if is_taken(&name) {
            name.push_str("-client");
        }
        Self(name)
    }

    /// The name with a number, for a second package of the same name.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        Self(format!("{}-{number}", self.0))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What `use` calls the crate.
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

fn is_taken(name: &str) -> bool {
    let (hyphens, library) = (name.replace('_', "-"), name.replace('-', "_"));
    TAKEN.contains(&hyphens.as_str()) || syn::parse_str::<syn::Ident>(&library).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_title_becomes_a_name_that_cargo_takes() {
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
        assert!(PackageName::from_title(&"word ".repeat(50)).as_str().len() <= LONGEST);
    }

    #[test]
    fn a_given_name_is_taken_as_it_is_or_refused() {
        for name in ["", "1a", "a b", "a/b", "größe", "test", "fn", "std", "sdk_runtime", "-a"] {
            assert_eq!(PackageName::new(name), None, "{name:?}");
        }
        for name in ["a", "my_client", "my-client2"] {
            assert_eq!(PackageName::new(name).map(|name| name.to_string()).as_deref(), Some(name));
        }
    }
}
