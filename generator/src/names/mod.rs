//! Names: wire names to Rust identifiers, and the lock of names already published.
//!
//! Knows Rust's rules for identifiers; knows nothing of schemas.

mod former;
mod lock;
mod words;

use std::collections::HashMap;
use std::fmt;

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span};

pub use former::{Former, FormerAlias, Renaming};
pub use lock::Lock;

/// A name as it is on the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireName(pub String);

impl fmt::Display for WireName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Keywords of the edition 2024, those reserved for later included, in order. `self`, `Self`, `super` and `crate` are no names at
/// all, escaped or not.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum", "extern",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut",
    "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe",
    "unsized", "use", "virtual", "where", "while", "yield",
];

/// A valid Rust identifier, without `r#`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RustIdent(String);

impl RustIdent {
    /// A type or variant name made from any text.
    pub fn pascal(text: &str) -> Self {
        let name = start_with_letter(&in_case(text, words::camel_case, str::to_upper_camel_case), "V", "Empty");
        if name == "Self" { Self("SelfValue".to_owned()) } else { Self(name) }
    }

    /// A function, field or module name made from any text.
    pub fn snake(text: &str) -> Self {
        let name = start_with_letter(&in_case(text, words::snake_case, str::to_snake_case), "v", "empty");
        // These four cannot be raw identifiers either.
        if matches!(name.as_str(), "self" | "super" | "crate" | "_") { Self(format!("{name}_")) } else { Self(name) }
    }

    /// The name without any escape.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name with a suffix.
    #[must_use]
    pub fn with_suffix(&self, suffix: impl fmt::Display) -> Self {
        Self(format!("{}{suffix}", self.0))
    }

    /// Returns the name with a prefix.
    #[must_use]
    pub fn with_prefix(&self, prefix: &str) -> Self {
        Self(format!("{prefix}{}", self.0))
    }

    /// Returns a published name as it is; `None` when it is not an identifier.
    pub fn verbatim(name: &str) -> Option<Self> {
        let is_valid = name.starts_with(|first| unicode_ident::is_xid_start(first) || first == '_')
            && name.chars().all(|character| is_letter(character) || character == '_')
            && !matches!(name, "self" | "Self" | "super" | "crate" | "_");
        is_valid.then(|| Self(name.to_owned()))
    }

    /// Returns the name in the case of constants.
    pub fn constant_case(&self) -> String {
        self.0.chars().map(|character| upper(character).unwrap_or(character)).collect()
    }

    /// The token, escaped when it is a keyword.
    pub fn token(&self) -> Ident {
        if self.is_keyword() {
            Ident::new_raw(&self.0, Span::call_site())
        } else {
            Ident::new(&self.0, Span::call_site())
        }
    }

    /// The source text, escaped when it is a keyword.
    pub fn source(&self) -> String {
        if self.is_keyword() { format!("r#{}", self.0) } else { self.0.clone() }
    }

    fn is_keyword(&self) -> bool {
        KEYWORDS.binary_search(&self.0.as_str()).is_ok()
    }
}

impl fmt::Display for RustIdent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Returns a text in a case: by `ascii` if that can, else by `other`.
fn in_case(text: &str, ascii: fn(&str) -> String, other: fn(&str) -> String) -> String {
    // A text of other characters, and a minus in front, are spelled out.
    let is_plain = text.is_ascii() && !text.starts_with('-') && text.bytes().any(|byte| byte.is_ascii_alphanumeric());
    if is_plain { ascii(text) } else { other(&spelled(text)) }
}

/// Spells out characters when a text has nothing else, and makes separators of what no identifier may hold.
fn spelled(text: &str) -> String {
    if text.chars().any(is_letter) {
        let text = if text.starts_with('-') { format!("minus {text}") } else { text.to_owned() };
        return text
            .chars()
            .map(|character| if is_letter(character) || character == '_' { character } else { ' ' })
            .collect();
    }
    let words: Vec<String> = text.chars().map(character_name).collect();
    words.join(" ")
}

/// The upper case of a letter that has one of its own: `ı` shares that of `i`.
fn upper(character: char) -> Option<char> {
    let upper = only(character.to_uppercase())?;
    (only(upper.to_lowercase()) == Some(character)).then_some(upper)
}

fn only(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next();
    first.filter(|_| characters.next().is_none())
}

/// Letters and digits, but no combining marks: a letter with a mark and the same letter in one character are one name to the
/// compiler and two to the file system.
fn is_letter(character: char) -> bool {
    match character.is_ascii() {
        true => character.is_ascii_alphanumeric(),
        false => character.is_alphanumeric() && unicode_ident::is_xid_continue(character),
    }
}

fn character_name(character: char) -> String {
    let name = match character {
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '=' => "equal",
        '<' => "less",
        '>' => "greater",
        '!' => "not",
        '?' => "question",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '#' => "hash",
        '$' => "dollar",
        '@' => "at",
        '_' => "underscore",
        '~' => "tilde",
        '^' => "caret",
        ' ' => "space",
        other => return format!("u{:x}", u32::from(other)),
    };
    name.to_owned()
}

fn start_with_letter(name: &str, prefix: &str, empty: &str) -> String {
    // Another case of a letter can have marks too.
    let name: String = match name.is_ascii() {
        true => name.to_owned(),
        false => name.chars().filter(|character| is_letter(*character) || *character == '_').collect(),
    };
    match name.chars().next() {
        None => empty.to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => name,
        Some(_) => format!("{prefix}{name}"),
    }
}

/// The number of the second of several things with one name.
const FIRST_NUMBER: u32 = 2;

/// A set of names in one scope, each given out once. Knows for each which number is worth trying next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope(HashMap<String, u32>);

impl Scope {
    /// A scope in which some names are taken from the start.
    pub(crate) fn reserving(names: &[&str]) -> Self {
        Self(names.iter().map(|name| ((*name).to_owned(), FIRST_NUMBER)).collect())
    }

    /// Gives out the name, or the first of `name2`, `name3`, … that is free.
    pub(crate) fn claim(&mut self, name: RustIdent) -> RustIdent {
        let Some(first) = self.0.get(&name.0).copied() else {
            self.0.insert(name.0.clone(), FIRST_NUMBER);
            return name;
        };
        let candidates = (first..).map(|number| (number, name.with_suffix(number)));
        let free = candidates.into_iter().find(|(_, candidate)| !self.0.contains_key(&candidate.0));
        let (number, free) = free.unwrap_or((first, name.clone()));
        self.0.insert(name.0, number + 1);
        self.0.insert(free.0.clone(), FIRST_NUMBER);
        free
    }

    /// Whether a name is taken.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_an_identifier() {
        let cases = [
            ("extend_edit:bbox", "ExtendEditBbox", "extend_edit_bbox"),
            ("p50LatencyMs", "P50LatencyMs", "p50_latency_ms"),
            ("type", "Type", "r#type"),
            ("gen", "Gen", "r#gen"),
            ("self", "SelfValue", "self_"),
            ("1.0.0", "V100", "v1_0_0"),
            ("", "Empty", "empty"),
            ("+1", "V1", "v1"),
            ("-1", "Minus1", "minus_1"),
            ("<=", "LessEqual", "less_equal"),
            ("extract_run.processed", "ExtractRunProcessed", "extract_run_processed"),
            ("application/json", "ApplicationJson", "application_json"),
            ("größe", "Größe", "größe"),
            ("日本", "日本", "日本"),
            ("a\u{301}b", "AB", "a_b"),
            ("İstanbul", "İstanbul", "istanbul"),
            ("API Keys_list", "ApiKeysList", "api_keys_list"),
        ];
        for (text, pascal, snake) in cases {
            assert_eq!(RustIdent::pascal(text).as_str(), pascal, "{text}");
            assert_eq!(RustIdent::snake(text).source(), snake, "{text}");
        }
    }

    #[test]
    fn keywords_are_those_that_the_parser_refuses_and_the_newest() {
        assert!(KEYWORDS.is_sorted());
        for keyword in KEYWORDS {
            assert_eq!(syn::parse_str::<Ident>(keyword).is_err(), *keyword != "gen", "{keyword}");
        }
        for name in ["union", "auto", "default", "raw", "safe", "macro_rules", "dyn_", "Type", "async_fn"] {
            assert!(!KEYWORDS.contains(&name) && syn::parse_str::<Ident>(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn scope_gives_each_name_out_once() {
        let mut scope = Scope::reserving(&["Vec"]);
        let names: Vec<String> =
            ["A", "A", "Vec", "A"].iter().map(|name| scope.claim(RustIdent::pascal(name)).to_string()).collect();
        assert_eq!(names, ["A", "A2", "Vec2", "A3"]);
    }
}
