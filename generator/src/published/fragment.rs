//! A document with one endpoint, as the pages of the second to the fourth generation hold it: read as YAML and repaired.

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;
use crate::source::read_document;

use super::Generation;
use super::endpoint::Endpoint;
use super::repair;
use super::split::Page;

/// What one page says, as a document.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    /// Title of the page.
    pub page: String,
    /// Line of the page in the text.
    pub line: usize,
    pub generation: Generation,
    pub document: Value,
    /// Server and path, as the head of the page says.
    pub url: String,
}

/// Reads and repairs the fragment of a page. What had to be guessed ends up in the report.
///
/// # Errors
///
/// A warning that says why the fragment cannot be read: the other pages may be good.
pub(super) fn read_fragment(
    page: &Page<'_>,
    endpoint: &Endpoint<'_>,
    (yaml, line): (&str, usize),
    report: &mut Report,
) -> Result<Fragment, Diagnostic> {
    let mut document = read_document(yaml.as_bytes(), "").map_err(|found| unreadable(page, line, &found))?.value;
    let generation = generation(&document);
    let guesses = repair::repair_document(&mut document, endpoint);
    report.diagnostics.extend(guesses.into_iter().map(|guess| guess.at_line(Some(page.line))));
    Ok(Fragment { page: page.title.to_owned(), line: page.line, generation, document, url: endpoint.url.to_owned() })
}

fn unreadable(page: &Page<'_>, line: usize, found: &Report) -> Diagnostic {
    let first = found.diagnostics.first();
    let reason = first.map_or("no object", |diagnostic| diagnostic.found.as_str());
    let line = first.and_then(|diagnostic| diagnostic.line).map_or(line, |below| line + below - 1);
    let found = format!("the page `{}` holds a fragment that cannot be read: {reason}", page.title);
    Diagnostic::new(Code::PageUnreadable, Pointer::root(), found)
        .expected("an OpenAPI document in YAML")
        .help("its endpoint is missing from the result; the page may be cut off, so get it again")
        .at_line(Some(line))
}

/// Generations are told apart by what only their writer did.
fn generation(document: &Value) -> Generation {
    let version = document.pointer("/info/version").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("endpoint_") {
        return Generation::Fourth;
    }
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let prefixed = |name: &String| name.starts_with("type_") && name.contains(':');
    if schemas.is_some_and(|schemas| schemas.keys().any(prefixed)) { Generation::Third } else { Generation::Second }
}
