//! Extracts the text of an HTML page, such as a gateway sends in place of an API error.
//!
//! This module must not know what the text is for. Pages are untrusted input: each function scans a page once, from
//! start to end.

/// Elements whose content is not text.
const BLOCKS: [(&str, &str); 2] = [("<script", "</script"), ("<style", "</style")];

/// Returns the title of an HTML page, or its text if it has no title.
pub(super) fn page_text(page: &str) -> String {
    // Only ASCII letters are lowercased, so that offsets are the same in both.
    let lower = page.to_ascii_lowercase();
    let title = content(page, &lower, "<title", "</title").map(strip_tags);
    if let Some(title) = title.filter(|title| !title.trim().is_empty()) {
        return title;
    }
    let start = lower.find("<body").unwrap_or(0);
    strip_tags(&without_blocks(&page[start..], &lower[start..]))
}

/// Returns the content between an opening tag and its closing tag.
fn content<'a>(page: &'a str, lower: &str, open: &str, close: &str) -> Option<&'a str> {
    let start = lower.find(open)?;
    let inner = start + lower[start..].find('>')? + 1;
    let end = inner + lower[inner..].find(close)?;
    Some(&page[inner..end])
}

/// Removes scripts and styles. Every search continues where the previous one ended, and one that finds nothing is the
/// last.
fn without_blocks(page: &str, lower: &str) -> String {
    let mut kept = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(offset) = lower[at..].find('<') {
        let start = at + offset;
        let Some((_, close)) = BLOCKS.iter().find(|(open, _)| lower[start..].starts_with(open)) else {
            at = start + 1;
            continue;
        };
        kept.push_str(&page[copied..start]);
        match lower[start..].find(close) {
            Some(length) => (copied, at) = (start + length, start + length + close.len()),
            None => return kept,
        }
    }
    kept.push_str(&page[copied..]);
    kept
}

fn strip_tags(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for character in html.chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                text.push(' ');
            }
            _ if in_tag => {}
            _ => text.push(character),
        }
    }
    text
}
