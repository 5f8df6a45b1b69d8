//! Documentation as lines and attributes: what the API document says about a thing, or the little that can be said without it.
//! How Markdown is made harmless is not known here.

mod phrase;

pub(super) use phrase::{singular, subject};

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Api, Docs, Fixed, Kind, Lifecycle, Parameter, Property, Type, TypeDef, Types};
use crate::markdown;
use crate::names::{RustIdent, WireName};

/// Longest line of a paragraph of ours.
const WIDTH: usize = 110;

/// A property or parameter as its documentation sees it.
#[derive(Clone)]
pub(super) struct Described<'a> {
    docs: &'a Docs,
    lifecycle: Lifecycle,
    wire: &'a WireName,
    name: &'a RustIdent,
    ty: &'a Type,
    /// The value that the document fixes.
    constant: Option<String>,
    /// The type that has it.
    owner: Option<&'a RustIdent>,
}

impl<'a> Described<'a> {
    /// A property of the type `owner`.
    pub(crate) fn property(property: &'a Property, owner: Option<&'a RustIdent>) -> Self {
        let Property { docs, lifecycle, wire, name, ty, .. } = property;
        let constant = property.constant().map(|constant| match constant {
            Fixed::Text(text) => text.to_owned(),
            Fixed::Json(value) => value.to_string(),
        });
        Self { docs, lifecycle: *lifecycle, wire, name, ty, constant, owner }
    }

    /// A parameter of an operation.
    pub(crate) fn parameter(parameter: &'a Parameter) -> Self {
        let Parameter { docs, lifecycle, wire, name, ty, .. } = parameter;
        let constant = ty.constant().map(str::to_owned);
        Self { docs, lifecycle: *lifecycle, wire, name, ty, constant, owner: None }
    }

    /// Lines of documentation: its own description, else the first line of that of its type, else a phrase.
    pub(crate) fn lines(&self, types: &Types) -> Vec<String> {
        let mut lines = lines(self.docs, &self.fallback(types));
        if letters(&self.wire.0) != letters(self.name.as_str()) {
            lines.push(String::new());
            lines.push(format!("Sent as {}.", markdown::format_code(&self.wire.0)));
        }
        with_deprecation(lines, self.lifecycle)
    }

    fn fallback(&self, types: &Types) -> String {
        match &self.constant {
            Some(value) => format!("Always {}.", markdown::format_code(value)),
            None => first_line(types, self.ty)
                .unwrap_or_else(|| phrase::describe_property(self.name, types.resolve(self.ty), self.owner)),
        }
    }
}

/// The letters and digits of a name, which a change of case style keeps.
fn letters(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The first line of the description of a type or of what it is an alias of, if that is a line of prose.
pub(super) fn first_line(types: &Types, ty: &Type) -> Option<String> {
    let mut ty = ty;
    loop {
        let def = types.get(ty.named()?);
        let described = [&def.docs.summary, &def.docs.description].into_iter().find(|part| !part.trim().is_empty());
        match (described, &def.kind) {
            (Some(described), _) => {
                let line = described.trim().lines().next().filter(|line| is_prose(line))?;
                return markdown::escape_lines(line).first().map(|line| sentence(line));
            }
            (None, Kind::Alias(target)) => ty = target,
            (None, Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) | Kind::Wrapper(_)) => return None,
        }
    }
}

/// Whether a line begins neither a heading, a list, a table, a quote nor a block of code.
fn is_prose(line: &str) -> bool {
    !line.starts_with(['#', '-', '*', '|', '>', '`', '~'])
}

/// Lines of documentation, or `fallback` when the API document has no description.
pub(super) fn lines(docs: &Docs, fallback: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in [&docs.summary, &docs.description] {
        let part = part.trim();
        if part.is_empty() || lines.first().is_some_and(|first| sentence(first) == sentence(part)) {
            continue;
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(markdown::escape_lines(part));
    }
    if lines.is_empty() {
        lines.extend(markdown::escape_lines(fallback));
    }
    if let Some(first) = lines.first_mut() {
        *first = sentence(first);
    }
    if !docs.notes.is_empty() {
        lines.push(String::new());
        lines.extend(docs.notes.iter().flat_map(|note| markdown::escape_lines(note)));
    }
    lines
}

/// Lines of documentation of a type.
pub(super) fn of_type(def: &TypeDef) -> Vec<String> {
    with_deprecation(lines(&def.docs, &phrase::describe_type(&def.name)), def.lifecycle)
}

/// Lines of a sentence that comes from elsewhere than the API document.
pub(super) fn sentences(text: &str) -> Vec<String> {
    lines(&Docs { description: text.to_owned(), ..Docs::default() }, "")
}

/// A line about the API as a whole: `start` and its title.
pub(super) fn about_api(start: &str, api: &Api) -> Vec<String> {
    let title = api.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = if title.is_empty() { "API" } else { title.as_str() };
    sentences(&format!("{start} {title}"))
}

/// Several things in one phrase: "a, b and c".
pub(super) fn enumerate(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// A paragraph of ours in lines that fit into a comment.
pub(super) fn wrap(paragraph: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in paragraph.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The lines as attributes.
pub(super) fn attributes(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote! { #(#[doc = #lines])* }
}

/// The lines as comment text, indented.
pub(super) fn comments(lines: &[String], indent: &str) -> String {
    lines
        .iter()
        .map(|line| if line.is_empty() { format!("{indent}///\n") } else { format!("{indent}/// {line}\n") })
        .collect()
}

/// `#[deprecated]` for what the API document deprecates.
pub(super) fn deprecation(lifecycle: Lifecycle) -> TokenStream {
    match lifecycle {
        Lifecycle::Current => quote! {},
        Lifecycle::Deprecated => quote! { #[deprecated = "the API document marks this as deprecated"] },
    }
}

/// Adds a note on deprecation, where the attribute would cause warnings in generated code.
pub(super) fn with_deprecation(mut lines: Vec<String>, lifecycle: Lifecycle) -> Vec<String> {
    match lifecycle {
        Lifecycle::Current => {}
        Lifecycle::Deprecated => {
            lines.push(String::new());
            lines.push("Deprecated by the API document.".to_owned());
        }
    }
    lines
}

/// Ends a line with a full stop, if it is prose without an end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let ends = text.ends_with(['.', '!', '?', ':', ';', '`', '|', '*', ')']);
    if text.is_empty()
        || ends
        || text.starts_with(['#', '-', '|', '>'])
        || text.starts_with("```")
        || text.starts_with("~~~")
    {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_line_is_a_sentence() {
        let cases = [
            ("A file", vec!["A file."]),
            ("Ends well!\nmore", vec!["Ends well!", "more"]),
            ("# Title\n\ntext", vec!["# Title", "", "text"]),
            ("See [x](y)", vec!["See x."]),
            ("```\nx\n```", vec!["```text", "x", "```"]),
            ("", vec!["`x`"]),
        ];
        for (text, expected) in cases {
            let docs = Docs { description: text.to_owned(), ..Docs::default() };
            assert_eq!(lines(&docs, "`x`"), expected, "{text}");
        }
    }

    #[test]
    fn description_that_repeats_the_summary_is_left_out() {
        let docs = Docs {
            summary: "One".to_owned(),
            description: "One.".to_owned(),
            notes: vec!["Default: `[a]`.".to_owned(), "Pattern: `a`b[`.".to_owned()],
        };
        assert_eq!(lines(&docs, ""), ["One.", "", "Default: `[a]`.", "Pattern: `a`b\\[\\`."]);
    }
}
