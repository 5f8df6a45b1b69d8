//! Reads listings of APIs that are text: lines with links, or lines with IDs where the text says that `?api=` selects one. Must not know
//! what the entries lead to.

use super::address::{links_in, names_document, selects_api};
use super::{ListedApi, dates};

/// Length of an ID, in bytes.
pub(super) const LONGEST_ID: usize = 128;
/// A longer text is no listing of IDs.
const LONGEST: usize = 64 << 10;
/// Words and bytes of a line with an ID; a longer one is a sentence.
const WORDS: usize = 8;
const LINE: usize = 400;
/// Characters of an ID that nothing marks as one.
const SHORTEST: usize = 4;
/// What stands at the beginning of the lines of a list.
const MARKERS: [char; 7] = ['#', '-', '*', '>', '|', '•', ' '];

/// Reads a listing that is text.
pub(super) fn read_text(text: &str) -> Option<Vec<ListedApi>> {
    let linked = read_links(text);
    let apis =
        if linked.is_empty() && text.len() <= LONGEST && text.contains("api=") { read_ids(text) } else { linked };
    (!apis.is_empty()).then_some(apis)
}

/// Reads lines with links to documents. A line without links names what follows it.
fn read_links(text: &str) -> Vec<ListedApi> {
    let mut apis = Vec::new();
    let mut title = "";
    for line in text.lines() {
        let links = links_in(line);
        if links.is_empty() && !line.trim().is_empty() {
            title = line.trim().trim_start_matches(['#', '-', '*', '>', ' ']).trim_end_matches(':');
        }
        for link in links.into_iter().filter(|link| names_document(link.url) && !is_template(link.url)) {
            let is_named = link.label.chars().any(char::is_alphanumeric);
            let label = if is_named && !["json", "yaml", "yml"].contains(&link.label.to_ascii_lowercase().as_str()) {
                link.label
            } else {
                title
            };
            apis.push(ListedApi { label: label.to_owned(), urls: vec![link.url.to_owned()], ids: Vec::new() });
        }
    }
    apis
}

/// Returns whether a URL only explains how an API is selected.
fn is_template(url: &str) -> bool {
    url.contains("api=") && !selects_api(url)
}

/// Reads lines that have an ID and a name, in any order.
fn read_ids(text: &str) -> Vec<ListedApi> {
    let lines = text.lines().map(|line| line.trim().trim_matches(MARKERS));
    let lines =
        lines.filter(|line| line.len() <= LINE && !line.contains("api=") && line.split_whitespace().count() <= WORDS);
    lines.filter_map(read_line).collect()
}

fn read_line(line: &str) -> Option<ListedApi> {
    let is_between = |character: char| {
        character.is_whitespace()
            || matches!(character, '(' | ')' | '[' | ']' | '|' | ',' | '=' | '"' | '\'' | '`' | '–' | '—')
    };
    let quoted = |word: &str| line.contains(&format!("`{word}`"));
    let words = line.split(is_between).map(|word| word.trim_matches([':', '.', ';', '*']));
    let mut ids: Vec<String> = words
        .filter(|word| {
            is_id(word) && (quoted(word) || word.len() >= SHORTEST && word.contains(|c: char| c.is_ascii_digit()))
        })
        .map(str::to_owned)
        .collect();
    ids.dedup();
    // The name of an API may select it too.
    ids.sort_by_key(|id| is_version_name(id));
    let label: Vec<&str> = line.split(['`', '|', ' ']).filter(|part| !part.is_empty()).collect();
    (!ids.is_empty()).then(|| ListedApi { label: label.join(" "), urls: Vec::new(), ids })
}

/// Returns whether a text can be the ID of an API: one word of moderate length.
pub(super) fn is_id(text: &str) -> bool {
    let is_plain = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | ':' | '@');
    (1..=LONGEST_ID).contains(&text.len()) && text.chars().all(is_plain)
}

/// Returns whether a text names a version, by its date or as `v1`.
pub(super) fn is_version_name(text: &str) -> bool {
    let is_numbered = text.strip_prefix(['v', 'V']).is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|character| character.is_ascii_digit() || character == '.')
    });
    is_numbered || text.len() <= 64 && !dates(text).is_empty() && !text.contains(':')
}
