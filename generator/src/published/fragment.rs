//! Parses and repairs the document with one endpoint that pages of the second to fourth generation contain. Knows one page at a time.

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;
use crate::source::read_document;

use super::Generation;
use super::endpoint::Endpoint;
use super::repair;
use super::split::Page;

/// The document of one page.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    /// The title of the page.
    pub page: String,
    /// The line of the page in the input.
    pub line: usize,
    pub generation: Generation,
    pub document: Value,
    /// Server and path, from the head of the page.
    pub url: String,
}

/// Parses and repairs the fragment of a page, and reports guesses.
///
/// # Errors
///
/// Returns a warning if the fragment cannot be parsed; other pages may still be usable.
pub(super) fn read_fragment(
    page: &Page<'_>,
    endpoint: &Endpoint<'_>,
    (yaml, line): (&str, usize),
    report: &mut Report,
) -> Result<Fragment, Diagnostic> {
    let mut document = read_document(yaml.as_bytes(), "").map_err(|found| unreadable(page, line, &found))?.value;
    let generation = detect_generation(&document);
    let guesses = repair::repair_document(&mut document, endpoint);
    report.diagnostics.extend(guesses.into_iter().map(|guess| guess.at_line(Some(page.line))));
    Ok(Fragment { page: page.title.to_owned(), line: page.line, generation, document, url: endpoint.url.to_owned() })
}

fn unreadable(page: &Page<'_>, line: usize, found: &Report) -> Diagnostic {
    let first = found.diagnostics.first();
    let reason = first.map_or("no object", |diagnostic| diagnostic.found.as_str());
    let line = first.and_then(|diagnostic| diagnostic.line).map_or(line, |below| line + below - 1);
    let found = format!("the page `{}` contains a fragment that cannot be parsed: {reason}", page.title);
    Diagnostic::new(Code::PageUnreadable, Pointer::root(), found)
        .expected("an OpenAPI document in YAML")
        .help("its endpoint is missing from the result; the page may be truncated, so download it again")
        .at_line(Some(line))
}

/// Determines the generation by the quirks of its writer.
fn detect_generation(document: &Value) -> Generation {
    let version = document.pointer("/info/version").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("endpoint_") {
        return Generation::Fourth;
    }
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let prefixed = |name: &String| name.starts_with("type_") && name.contains(':');
    if schemas.is_some_and(|schemas| schemas.keys().any(prefixed)) { Generation::Third } else { Generation::Second }
}
