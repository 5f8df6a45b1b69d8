//! Reads the cells of a table from its Markdown or HTML.
//!
//! A reader of what this API writes, not of all HTML: what it does not understand is text. Linear in the length of its input. Must
//! not know blocks.

use super::table::Cell;

/// The most positions that a cell may span in one direction, and the columns in which it reaches into rows below; those of
/// browsers. They bound what a few bytes can cost.
const MOST_COLUMNS: i64 = 1_000;
const MOST_ROWS: i64 = 65_534;

/// Reads the cells of the table that a text consists of.
pub(super) fn read_cells<'a>(content: &str) -> Vec<Cell<'a>> {
    match content.to_ascii_lowercase().find("<tr") {
        Some(start) => read_html(&content[start..]),
        None => read_markdown(content),
    }
}

fn cell<'a>(row: i64, column: i64, text: String, is_header: bool) -> Cell<'a> {
    Cell { row, column, text, is_header, area: None, block: None }
}

fn read_markdown<'a>(content: &str) -> Vec<Cell<'a>> {
    let mut cells = Vec::new();
    let (mut row, mut below_header) = (0, false);
    for line in content.lines().map(str::trim).filter(|line| line.contains('|')) {
        if is_delimiter(line) {
            if !below_header {
                cells.iter_mut().for_each(|cell: &mut Cell<'_>| cell.is_header = true);
                below_header = true;
            }
            continue;
        }
        for (text, column) in split_row(line).into_iter().zip(0..) {
            cells.push(cell(row, column, text, false));
        }
        row += 1;
    }
    cells
}

/// Returns whether a line only separates the header from the rest, such as `|---|:-:|`.
fn is_delimiter(line: &str) -> bool {
    line.contains('-') && line.chars().all(|found| matches!(found, '|' | '-' | ':' | ' ' | '\t'))
}

/// Splits a row at its bars, except those after a backslash.
fn split_row(line: &str) -> Vec<String> {
    let line = line.strip_prefix('|').unwrap_or(line);
    let (mut texts, mut text, mut escaped) = (Vec::new(), String::new(), false);
    for found in line.chars() {
        match found {
            '|' if escaped => {
                text.pop();
                text.push('|');
            }
            '|' => texts.push(std::mem::take(&mut text)),
            _ => text.push(found),
        }
        escaped = found == '\\' && !escaped;
    }
    if !text.trim().is_empty() {
        texts.push(text);
    }
    texts.iter().map(|text| decode_text(text.trim())).collect()
}

/// A cell of HTML whose end has not been found yet.
struct Open {
    column: i64,
    is_header: bool,
    text: String,
}

/// The state of reading a table of HTML.
#[derive(Default)]
struct HtmlTable<'a> {
    cells: Vec<Cell<'a>>,
    /// The row that is read, once there is one.
    row: Option<i64>,
    column: i64,
    open: Option<Open>,
    /// For each column, the first row that no cell from above reaches into.
    free_from: Vec<i64>,
}

impl HtmlTable<'_> {
    fn close_cell(&mut self) {
        if let (Some(row), Some(open)) = (self.row, self.open.take()) {
            let lines: Vec<&str> = open.text.split('\n').map(str::trim).collect();
            self.cells.push(cell(row, open.column, decode_text(lines.join("\n").trim()), open.is_header));
        }
    }

    fn open_row(&mut self) {
        self.close_cell();
        self.row = Some(self.row.map_or(0, |row| row + 1));
        self.column = 0;
    }

    fn open_cell(&mut self, tag: &str, is_header: bool) {
        self.close_cell();
        let row = *self.row.get_or_insert(0);
        let free =
            |column: i64, from: &[i64]| from.get(usize::try_from(column).unwrap_or(0)).is_none_or(|from| *from <= row);
        while !free(self.column, &self.free_from) {
            self.column += 1;
        }
        let first = self.column;
        let spans = |name: &str, most: i64| attribute(tag, name).map_or(1, |span| span.clamp(1, most));
        let (columns, rows) = (spans("colspan", MOST_COLUMNS), spans("rowspan", MOST_ROWS));
        self.column = first + columns;
        if rows > 1 {
            let [starts, ends] =
                [first, self.column].map(|column| usize::try_from(column.min(MOST_COLUMNS)).unwrap_or(0));
            self.free_from.resize(self.free_from.len().max(ends), 0);
            self.free_from[starts..ends].fill(row.saturating_add(rows));
        }
        self.open = Some(Open { column: first, is_header, text: String::new() });
    }

    fn add_text(&mut self, text: &str) {
        if let Some(open) = &mut self.open {
            open.text.push_str(&text.replace(['\n', '\r'], " "));
        }
    }

    /// Handles a tag, given without its brackets.
    fn handle_tag(&mut self, tag: &str) {
        let name = tag.trim_end_matches('/').split(char::is_whitespace).next().unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "tr" => self.open_row(),
            "td" => self.open_cell(tag, false),
            "th" => self.open_cell(tag, true),
            "/td" | "/th" | "/tr" | "/table" => self.close_cell(),
            "br" | "/p" | "/li" | "/div" => {
                if let Some(open) = &mut self.open {
                    open.text.push('\n');
                }
            }
            _ => {}
        }
    }
}

fn read_html<'a>(content: &str) -> Vec<Cell<'a>> {
    let mut table = HtmlTable::default();
    let mut rest = content;
    while let Some((text, after)) = rest.split_once('<') {
        table.add_text(text);
        if !after.starts_with(|found: char| found.is_ascii_alphabetic() || found == '/') {
            table.add_text("<");
            rest = after;
            continue;
        }
        // Without an end of this tag there is none of a later one: the rest is text.
        let Some((tag, after)) = after.split_once('>') else { break };
        table.handle_tag(tag);
        rest = after;
    }
    table.add_text(rest);
    table.close_cell();
    table.cells
}

/// Returns the number that an attribute of a tag has.
fn attribute(tag: &str, name: &str) -> Option<i64> {
    let lower = tag.to_ascii_lowercase();
    let after = lower.split_once(name)?.1.trim_start().strip_prefix('=')?;
    let value = after.trim_start().trim_start_matches(['"', '\'']);
    let digits = value.split(|found: char| !found.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Replaces the character references that escape text in HTML and Markdown.
fn decode_text(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    // `&amp;` comes last, so that `&amp;lt;` remains `&lt;`.
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (reference, meant)| text.replace(reference, meant))
}
