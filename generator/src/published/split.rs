//! Splits Markdown into pages and blocks: headings, lines of text, code blocks.
//!
//! Knows as much Markdown as code blocks require, because shell samples contain many lines that look like headings. Must not know
//! what the pages are about.

use super::head::{parse_reference, parse_request_line};

/// Maximum distance in lines between a heading and `Reference:` for it to start a page, even inside an open code block.
const HEAD_LINES: usize = 120;
/// Maximum extra indentation of a closing fence (CommonMark).
const MAX_EXTRA_INDENT: usize = 3;

/// A page: everything from one first-level heading to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page<'a> {
    pub title: &'a str,
    /// The line of the heading, counted from 1.
    pub line: usize,
    pub blocks: Vec<Block<'a>>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block<'a> {
    /// A heading below the first level.
    Heading { level: usize, text: &'a str },
    /// One line outside code blocks, including blank lines.
    Text { text: &'a str, line: usize },
    /// The content of a code block.
    Fence { info: &'a str, text: &'a str, line: usize },
}

/// Returns the pages of a text, in order. Anything before the first heading is a page without a title; empty pages are omitted.
pub(super) fn split_pages(text: &str) -> Vec<Page<'_>> {
    let lines = Lines::of(text);
    let mut pages = vec![Page { title: "", line: 1, blocks: Vec::new() }];
    let mut index = lines.after_front_matter();
    while let Some(line) = lines.get(index) {
        let block = if let Some((fence, info)) = Fence::opened_by(line) {
            let end = lines.end_of(&fence, index + 1);
            let block = Block::Fence { info, text: lines.between(index + 1, end), line: index + 2 };
            index = if lines.get(end).is_some_and(|line| fence.is_closed_by(line)) { end } else { end - 1 };
            block
        } else {
            match parse_heading(line) {
                // A description may contain any heading; a page whose head is not complete continues below it.
                Some((1, text)) if lines.is_in_open_head(index, pages.last()) => Block::Heading { level: 1, text },
                Some((1, title)) => {
                    pages.push(Page { title, line: index + 1, blocks: Vec::new() });
                    index += 1;
                    continue;
                }
                Some((level, text)) => Block::Heading { level, text },
                None => Block::Text { text: line, line: index + 1 },
            }
        };
        if let Some(page) = pages.last_mut() {
            page.blocks.push(block);
        }
        index += 1;
    }
    pages.retain(|page| page.blocks.iter().any(Block::has_content));
    pages
}

impl<'a> Page<'a> {
    /// Returns the lines outside headings and code blocks.
    pub(super) fn lines(&self) -> impl Iterator<Item = &'a str> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Text { text, .. } => Some(*text),
            Block::Heading { .. } | Block::Fence { .. } => None,
        })
    }
}

impl Block<'_> {
    fn has_content(&self) -> bool {
        match self {
            Self::Text { text, .. } => !text.trim().is_empty(),
            Self::Heading { .. } | Self::Fence { .. } => true,
        }
    }
}

/// Parses a heading and returns its level and text.
fn parse_heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    ((1..=6).contains(&level) && text.starts_with(' ')).then(|| (level, text.trim()))
}

/// The start of a code block: three or more backticks or tildes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fence {
    marker: char,
    length: usize,
    indent: usize,
}

impl Fence {
    /// Returns the fence that a line opens, and its info string. Components of a page may indent their fences.
    fn opened_by(line: &str) -> Option<(Self, &str)> {
        let indent = indent(line);
        let line = line.trim_start();
        let marker = line.chars().next().filter(|marker| matches!(marker, '`' | '~'))?;
        let info = line.trim_start_matches(marker);
        let fence = Self { marker, length: line.len() - info.len(), indent };
        (fence.length >= 3 && (marker == '~' || !info.contains('`'))).then(|| (fence, info.trim()))
    }

    /// Returns whether a line closes the fence. A line with more indentation is a fence inside the content, such as a YAML string.
    fn is_closed_by(&self, line: &str) -> bool {
        if indent(line) > self.indent + MAX_EXTRA_INDENT {
            return false;
        }
        let line = line.trim();
        line.len() >= self.length && line.chars().all(|character| character == self.marker)
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// A text and its lines, without line endings.
struct Lines<'a> {
    text: &'a str,
    lines: Vec<(usize, &'a str)>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let mut start = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            let place = start;
            start += line.len();
            (place, line.trim_end_matches(['\r', '\n']))
        });
        Self { text, lines: lines.collect() }
    }

    fn get(&self, index: usize) -> Option<&'a str> {
        self.lines.get(index).map(|(_, line)| *line)
    }

    fn between(&self, first: usize, end: usize) -> &'a str {
        let place = |index: usize| self.lines.get(index).map_or(self.text.len(), |(start, _)| *start);
        self.text.get(place(first)..place(end)).unwrap_or_default()
    }

    /// Returns the first line after the front matter that mirrors of a site add.
    fn after_front_matter(&self) -> usize {
        let Some("---") = self.get(0) else { return 0 };
        let end = self.lines.iter().skip(1).position(|(_, line)| *line == "---");
        end.map_or(0, |end| end + 2)
    }

    /// Returns where the content of a code block ends: at the closing line, or before the next page if there is none.
    fn end_of(&self, fence: &Fence, first: usize) -> usize {
        let ends = |index: &usize| {
            self.get(*index).is_some_and(|line| fence.is_closed_by(line)) || self.is_head_of_page(*index)
        };
        (first..self.lines.len()).find(ends).unwrap_or(self.lines.len())
    }

    /// Returns whether a page has a method and URL but no `Reference:` yet, which follows below this heading and before the next page.
    fn is_in_open_head(&self, index: usize, page: Option<&Page<'a>>) -> bool {
        let Some(page) = page else { return false };
        let mut texts = page.lines().filter(|line| !line.trim().is_empty());
        let is_open = texts.next().is_some_and(|line| parse_request_line(line).is_some()) && !texts.any(is_reference);
        let mut rest = (index..self.lines.len()).take(HEAD_LINES);
        is_open
            && rest
                .find(|next| self.get(*next).is_some_and(is_reference) || self.is_head_of_page(*next))
                .is_some_and(|next| self.get(next).is_some_and(is_reference))
    }

    /// Returns whether a page starts here although a code block is open: title, method and URL, `Reference:`. No code sample contains
    /// all three.
    fn is_head_of_page(&self, index: usize) -> bool {
        let Some((1, _)) = self.get(index).and_then(parse_heading) else { return false };
        let mut rest = self.lines.iter().skip(index + 1).take(HEAD_LINES).map(|(_, line)| *line);
        rest.find(|line| !line.trim().is_empty()).is_some_and(|line| parse_request_line(line).is_some())
            && rest.take_while(|line| parse_heading(line).is_none()).any(is_reference)
    }
}

fn is_reference(line: &str) -> bool {
    parse_reference(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str) -> Vec<String> {
        let block = |block: &Block<'_>| match block {
            Block::Heading { level, text } => format!("h{level} {text}"),
            Block::Text { text, .. } => text.to_string(),
            Block::Fence { info, text, line } => format!("[{info}|{}|{line}]", text.trim_end().replace('\n', "/")),
        };
        let page = |page: &Page<'_>| {
            let blocks: Vec<String> = page.blocks.iter().map(block).filter(|text| !text.is_empty()).collect();
            format!("{} {}: {}", page.line, page.title, blocks.join(", "))
        };
        split_pages(text).iter().map(page).collect()
    }

    #[test]
    fn pages_start_at_headings_outside_code_blocks() {
        let rows: [(&str, &[&str]); 13] = [
            (
                "# A\n```yaml\ntext: |-\n    ```sh\n    # no page\n    ```\n```\nend",
                &["1 A: [yaml|text: |-/    ```sh/    # no page/    ```|3], end"],
            ),
            ("# A\n   ```\n# no\n     ```\nend", &["1 A: [|# no|3], end"]),
            (
                "# A\n\nGET /a\n\n# More\nwords\n\nReference: https://d.example/a\n# B\nb",
                &["1 A: GET /a, h1 More, words, Reference: https://d.example/a", "9 B: b"],
            ),
            (
                "# A\nGET /a\n# B\nGET /b\n\nReference: https://d.example/b\n",
                &["1 A: GET /a", "3 B: GET /b, Reference: https://d.example/b"],
            ),
            ("# A\n\na\n\n# B\nb\n", &["1 A: a", "5 B: b"]),
            ("# A\n```sh\n# no page\n```\n# B\nb\n", &["1 A: [sh|# no page|3]", "5 B: b"]),
            ("# A\r\n````md\r\n```\r\n# no\r\n```\r\n````\r\nend\r\n", &["1 A: [md|```\r/# no\r/```|3], end"]),
            ("# A\n~~~py `x`\n# no\n~~~\n```not a `fence`\n", &["1 A: [py `x`|# no|3], ```not a `fence`"]),
            ("# A\n  ```python Python SDK\n  # no\n  ```\nend", &["1 A: [python Python SDK|  # no|3], end"]),
            ("> ## Quoted\n\n# A\n## Part\n#tag\n", &["1 : > ## Quoted", "3 A: h2 Part, #tag"]),
            ("---\ntitle: x\n---\n# A\na\n", &["4 A: a"]),
            ("# Source: https://docs.example.com/a\n\n# A\na\n", &["3 A: a"]),
            ("", &[]),
        ];
        for (text, expected) in rows {
            assert_eq!(outline(text), expected, "{text}");
        }
    }

    #[test]
    fn unclosed_code_block_ends_at_the_next_endpoint_page() {
        let text = "# A\n```json\n{\n\n# B\n\nGET https://api.example.com/b\n\nReference: https://docs.example.com/b\n";
        let expected = ["1 A: [json|{|3]", "5 B: GET https://api.example.com/b, Reference: https://docs.example.com/b"];
        assert_eq!(outline(text), expected);
        assert_eq!(outline("# A\n```sh\n# B\nGET it\n"), ["1 A: [sh|# B/GET it|3]"]);
    }
}
