//! Documentation: descriptions of the document as rustdoc that cannot break a build.
//!
//! Descriptions are Markdown of any quality, with HTML, links to pages we do not have and code that is no Rust.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Docs, Lifecycle};

/// Lines of documentation, or one made of `fallback` when the document says nothing.
pub(super) fn lines(docs: &Docs, fallback: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in [&docs.summary, &docs.description] {
        let part = part.trim();
        if part.is_empty() || lines.first().is_some_and(|first| *first == sentence(part)) {
            continue;
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(markdown(part));
    }
    if lines.is_empty() {
        lines.push(sentence(fallback));
    }
    if let Some(first) = lines.first_mut() {
        *first = sentence(first);
    }
    if !docs.notes.is_empty() {
        lines.push(String::new());
        lines.extend(docs.notes.iter().map(|note| escape(note)));
    }
    lines
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

/// Markdown that rustdoc takes: no links it would look up, no HTML, no code it would run.
fn markdown(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let trimmed = line.trim_start();
        let marker: String = trimmed.chars().take_while(|sign| matches!(sign, '`' | '~')).collect();
        match &fence {
            Some(open) if marker.len() >= open.len() && trimmed.trim_end() == marker => {
                lines.push(marker);
                fence = None;
            }
            Some(_) => lines.push(line.trim_end().to_owned()),
            None if marker.len() >= 3 => {
                lines.push(format!("{marker}text"));
                fence = Some(marker);
            }
            None => lines.push(plain(line)),
        }
    }
    if let Some(open) = fence {
        lines.push(open);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// A line outside code. Four spaces would make it code that rustdoc compiles.
fn plain(line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    let kept = " ".repeat(indent.min(3));
    let line = line.trim();
    if line.is_empty() { String::new() } else { format!("{kept}{}", escape(line)) }
}

/// Escapes what rustdoc would take for a link or a tag, outside code spans.
fn escape(line: &str) -> String {
    let ticks = line.matches('`').count();
    let mut escaped = String::with_capacity(line.len() + 8);
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            // An odd tick would swallow the rest of the paragraph.
            escaped.push_str(if ticks % 2 == 1 && index == ticks { "\\`" } else { "`" });
        }
        let in_code = index % 2 == 1 && !(ticks % 2 == 1 && index == ticks);
        if in_code {
            escaped.push_str(part);
        } else {
            escaped.push_str(&escape_text(part));
        }
    }
    escaped
}

fn escape_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end();
        if (bare.starts_with("http://") || bare.starts_with("https://"))
            && !bare.contains(['<', '>', '[', ']', '(', ')'])
        {
            let url = bare.trim_end_matches(['.', ',', ';', ':']);
            escaped.push_str(&format!("<{url}>{}", &word[url.len()..]));
            continue;
        }
        for sign in word.chars() {
            if matches!(sign, '[' | ']' | '<' | '>') {
                escaped.push('\\');
            }
            // Control characters would end the comment.
            if !sign.is_control() {
                escaped.push(sign);
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_become_harmless_rustdoc() {
        let cases = [
            ("A file", vec!["A file."]),
            ("See [Block] and <b>", vec!["See \\[Block\\] and \\<b\\>."]),
            ("`Vec<T>` is code", vec!["`Vec<T>` is code."]),
            ("code `Vec<T>` stays", vec!["code `Vec<T>` stays."]),
            ("odd ` tick <x>", vec!["odd \\` tick \\<x\\>."]),
            ("at https://a.b/c.", vec!["at <https://a.b/c>."]),
            ("one\n\n    let x = 1;", vec!["one.", "", "   let x = 1;"]),
            ("```json\n{\"a\": [1]}\n```", vec!["```text", "{\"a\": [1]}", "```"]),
            ("```\nopen", vec!["```text", "open", "```"]),
        ];
        for (text, expected) in cases {
            let docs = Docs { description: text.to_owned(), ..Docs::default() };
            assert_eq!(lines(&docs, ""), expected, "{text}");
        }
    }
}
