//! A list of an extraction as a table: CSV, Markdown, JSON. Must not know confidence and citations.

use std::fmt::Write;

use schemars::JsonSchema;
use serde_json::{Map, Value};

use crate::schema_of;

/// The items of a list as the rows of a table: a column for each field of their type, in its order.
#[derive(Clone, Debug)]
pub struct ItemTable<'a> {
    columns: Vec<Column>,
    items: &'a [Value],
}

/// The names that lead from an item to a cell. There are none if the items are no objects.
type Column = Vec<String>;

impl<'a> ItemTable<'a> {
    #[doc(hidden)]
    pub fn of_list<I: JsonSchema>(fields: impl IntoIterator<Item = (&'a String, &'a Value)>, path: &str) -> Self {
        let items = find(fields, path).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut table = Self { columns: Vec::new(), items };
        match schema_of::<I>() {
            Ok(schema) => table.add_columns_of_type(&schema),
            Err(_) => table.columns.push(Column::new()),
        }
        table
    }
}

/// Returns what a path that begins with the name of one of these fields leads to.
fn find<'a>(fields: impl IntoIterator<Item = (&'a String, &'a Value)>, path: &str) -> Option<&'a Value> {
    fields.into_iter().find_map(|(name, value)| descend(value, path.strip_prefix(name.as_str())?))
}

/// Returns what the rest of a path leads to.
fn descend<'a>(value: &'a Value, rest: &str) -> Option<&'a Value> {
    if rest.is_empty() {
        return Some(value);
    }
    if let Some(rest) = rest.strip_prefix('.') {
        return find(value.as_object()?, rest);
    }
    let (index, rest) = rest.strip_prefix('[')?.split_once(']')?;
    descend(value.get(index.parse::<usize>().ok()?)?, rest)
}

impl ItemTable<'_> {
    fn add_columns_of_type(&mut self, schema: &Map<String, Value>) {
        if let Some(Value::Object(properties)) = schema.get("properties") {
            properties.iter().for_each(|(name, field)| self.add_column(vec![name.clone()], field));
        }
    }

    fn add_column(&mut self, column: Column, schema: &Value) {
        match schema.get("properties") {
            Some(Value::Object(properties)) => {
                for (name, field) in properties {
                    let inner = column.iter().chain([name]).cloned().collect();
                    self.add_column(inner, field);
                }
            }
            Some(_) | None => self.columns.push(column),
        }
    }

    /// Returns the names of the columns. The only column of items that are no structs is `value`.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        let name = |column: &Column| if column.is_empty() { "value".to_owned() } else { column.join(".") };
        self.columns.iter().map(name).collect()
    }

    /// Returns the cells of each item, `None` where the document has nothing.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Option<&Value>>> {
        self.items.iter().map(|item| {
            let cell = |column: &Column| {
                let found = column.iter().try_fold(item, |value, name| value.get(name));
                found.filter(|value| !value.is_null())
            };
            self.columns.iter().map(cell).collect()
        })
    }

    /// Returns the table as CSV for programs (RFC 4180): a line of names, then a line for each item, each value exactly as it was
    /// extracted.
    ///
    /// A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, and a document may contain any string. For
    /// spreadsheets there is [`to_spreadsheet_csv`](Self::to_spreadsheet_csv).
    #[must_use]
    pub fn to_csv(&self) -> String {
        self.csv(|text| text)
    }

    /// Returns the table as CSV that is safe to open in a spreadsheet: a string that would be taken for a formula begins with `'`, and
    /// the text with the mark by which Excel recognizes UTF-8. Numbers are left as they are.
    #[must_use]
    pub fn to_spreadsheet_csv(&self) -> String {
        let harmless = |text: String| {
            if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text }
        };
        format!("\u{feff}{}", self.csv(harmless))
    }

    fn csv(&self, change: impl Fn(String) -> String) -> String {
        let string = |text: String| quoted(&change(text));
        let names: Vec<String> = self.columns().into_iter().map(string).collect();
        let mut csv = names.join(",") + "\r\n";
        for row in self.rows() {
            let cell = |value: Option<&Value>| match value {
                Some(Value::String(text)) => quoted(&change(text.clone())),
                Some(other) => quoted(&other.to_string()),
                None => String::new(),
            };
            let cells: Vec<String> = row.into_iter().map(cell).collect();
            // A line that is empty is no line, so a single empty cell is written out.
            csv += &if cells == [""] { "\"\"".to_owned() } else { cells.join(",") };
            csv += "\r\n";
        }
        csv
    }

    /// Returns the table in the Markdown of GitHub. Strings of the document are shown as they are: what would be markup is escaped.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let rows: Vec<Vec<Option<&Value>>> = self.rows().collect();
        let is_number = |column: usize| {
            let mut cells = rows.iter().filter_map(|row| row[column]).peekable();
            cells.peek().is_some() && cells.all(Value::is_number)
        };
        let mut markdown = String::new();
        let mut line = |cells: Vec<String>| {
            // Writing to a string does not fail.
            let _ = writeln!(markdown, "| {} |", cells.join(" | "));
        };
        line(self.columns().iter().map(|name| unmarked(name)).collect());
        line((0..self.columns.len()).map(|column| if is_number(column) { "--:" } else { "---" }.to_owned()).collect());
        for row in &rows {
            let cell = |value: &Option<&Value>| match value {
                Some(Value::String(text)) => unmarked(text),
                Some(other) => unmarked(&other.to_string()),
                None => String::new(),
            };
            line(row.iter().map(cell).collect());
        }
        markdown
    }

    /// Returns the items as a JSON array of objects whose names are those of the columns; each has all of them.
    #[must_use]
    pub fn to_json(&self) -> String {
        let names = self.columns();
        let object = |row: Vec<Option<&Value>>| -> Map<String, Value> {
            names.iter().cloned().zip(row.into_iter().map(|value| value.cloned().unwrap_or_default())).collect()
        };
        Value::from_iter(self.rows().map(object)).to_string()
    }
}

/// Returns a cell of CSV.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Returns a cell of Markdown that is shown as this text.
fn unmarked(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len());
    let mut characters = text.trim().chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '&' => markdown.push_str("&amp;"),
            '<' => markdown.push_str("&lt;"),
            '>' => markdown.push_str("&gt;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '$' => markdown.extend(['\\', character]),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\n' => markdown.push_str("<br>"),
            other => markdown.push(other),
        }
    }
    markdown
}
