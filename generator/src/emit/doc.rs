//! Documentation: what the document says about a thing as lines and attributes. How its Markdown is made harmless is not
//! known here.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Docs, Lifecycle, TypeDef};
use crate::markdown;

/// Lines of documentation, or one made of `fallback` when the document says nothing.
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
    with_deprecation(lines(&def.docs, &format!("`{}`", def.identity)), def.lifecycle)
}

/// Lines of a text of ours.
pub(super) fn sentences(text: &str) -> Vec<String> {
    lines(&Docs { description: text.to_owned(), ..Docs::default() }, "")
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

/// `#[deprecated]` for what is on its way out.
pub(super) fn deprecation(lifecycle: Lifecycle) -> TokenStream {
    match lifecycle {
        Lifecycle::Current => quote! {},
        Lifecycle::Deprecated => quote! { #[deprecated = "the API document marks this as deprecated"] },
    }
}

/// Says in words that something is on its way out, where an attribute would make our own code warn.
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

/// A text of one line, as a sentence.
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
    fn the_first_line_is_a_sentence() {
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
    fn a_description_that_repeats_the_summary_is_left_out() {
        let docs = Docs {
            summary: "One".to_owned(),
            description: "One.".to_owned(),
            notes: vec!["Default: `[a]`.".to_owned(), "Pattern: `a`b[`.".to_owned()],
        };
        assert_eq!(lines(&docs, ""), ["One.", "", "Default: `[a]`.", "Pattern: `a`b\\[\\`."]);
    }
}
