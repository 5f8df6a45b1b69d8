//! Finds the lines of JSON pointers in YAML, by indentation. Supports block style as people and tools write it; anything inside a
//! flow-style value gets the line on which that value starts. Knows syntax only.

use super::wanted::Wanted;

/// Notes the line, counted from 1, of the value that each pointer leads to, or of the closest enclosing value. Notes nothing if not
/// even the first segment is found.
pub(super) fn find_yaml_lines(text: &str, wanted: Wanted<'_>, lines: &mut [Option<usize>]) {
    for index in wanted.ends() {
        if let Some(found) = lines.get_mut(*index) {
            *found = Some(1);
        }
    }
    let mut search = Search { open: vec![Block::below(None, wanted)], lines };
    for (number, line) in text.lines().enumerate() {
        let content = line.trim_start_matches(' ');
        let ignored = content.trim().is_empty() || content.starts_with(['#', '%']) || line.starts_with("---");
        if !ignored {
            search.visit_line(number + 1, line.len() - content.len(), content);
        }
        if search.open.is_empty() {
            break;
        }
    }
}

struct Search<'a, 'l> {
    /// The blocks around the line, the innermost one last, as far as something is looked for in them.
    open: Vec<Block<'a>>,
    lines: &'l mut [Option<usize>],
}

/// A block in which something is looked for.
struct Block<'a> {
    /// Indentation of the key or item that contains the block.
    holder: Option<usize>,
    /// Indentation and shape of the block, once its first line was seen.
    known: Option<(usize, Shape)>,
    /// Number of list items seen.
    items: usize,
    wanted: Wanted<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    List,
    Map,
}

/// What a line is to a block.
enum Place<'a, 'c> {
    /// The line comes after the block.
    After,
    /// Nothing is looked for there.
    Elsewhere,
    /// Its value is on the way: what is looked for in it, and how the value begins.
    OnTheWay(Wanted<'a>, &'c str),
}

impl<'a> Block<'a> {
    fn below(holder: Option<usize>, wanted: Wanted<'a>) -> Self {
        Self { holder, known: None, items: 0, wanted }
    }

    fn place<'c>(&mut self, indent: usize, content: &'c str, item: Option<&'c str>) -> Place<'a, 'c> {
        let shape = if item.is_some() { Shape::List } else { Shape::Map };
        let (own, block) = *self.known.get_or_insert((indent, shape));
        // A list may have the same indentation as the key that contains it, and ends at the first line that is not an item.
        let outside = self.holder.is_some_and(|holder| indent < holder || (indent == holder && item.is_none()));
        if outside || indent < own || (indent == own && block == Shape::List && shape == Shape::Map) {
            return Place::After;
        }
        if indent > own || block != shape {
            return Place::Elsewhere;
        }
        let found = match item {
            Some(after) => {
                self.items += 1;
                self.wanted.take(&(self.items - 1).to_string()).map(|inner| (inner, after))
            }
            None => split_key(content).and_then(|(key, value)| Some((self.wanted.take(&key)?, value))),
        };
        found.map_or(Place::Elsewhere, |(inner, value)| Place::OnTheWay(inner, value))
    }
}

impl Search<'_, '_> {
    fn visit_line(&mut self, number: usize, mut indent: usize, mut content: &str) {
        while let Some(block) = self.open.last_mut() {
            let item = content.strip_prefix('-').filter(|after| after.is_empty() || after.starts_with([' ', '\t']));
            let (wanted, value) = match block.place(indent, content, item) {
                Place::After => {
                    self.open.pop();
                    continue;
                }
                Place::Elsewhere => return,
                Place::OnTheWay(wanted, value) => (wanted, value.trim_start()),
            };
            wanted.note_all(number, self.lines);
            // A value in flow style is on one line for all that is in it.
            let is_block = item.is_some() || value.is_empty() || value.starts_with(['#', '&', '!']);
            if wanted.is_leaf() || !is_block {
                return;
            }
            self.open.push(Block::below(Some(indent), wanted));
            if item.is_none() || value.is_empty() {
                return;
            }
            // The first key of an item is on the line of its dash.
            (indent, content) = (indent + content.len() - value.len(), value);
        }
    }
}

/// Returns the key of a line, and what follows its colon.
fn split_key(content: &str) -> Option<(String, &str)> {
    let quoted = |quote: char, escape: char| {
        let inner = content.strip_prefix(quote)?;
        let mut escaped = false;
        let end = inner.char_indices().find(|(index, character)| {
            let ends = *character == quote && !escaped && !(escape == quote && inner[index + 1..].starts_with(quote));
            escaped = !escaped && (*character == escape && (escape != quote || !ends));
            ends
        });
        let (end, _) = end?;
        let value = inner.get(end + 1..)?.trim_start().strip_prefix(':')?;
        Some((inner.get(..end)?, value))
    };
    if content.starts_with('"') {
        let (text, value) = quoted('"', '\\')?;
        return Some((serde_json::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| text.to_owned()), value));
    }
    if content.starts_with('\'') {
        let (text, value) = quoted('\'', '\'')?;
        return Some((text.replace("''", "'"), value));
    }
    let end = content.match_indices(':').map(|(index, _)| index).find(|index| {
        content.get(index + 1..).is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t', '\r']))
    })?;
    Some((content.get(..end)?.trim_end().to_owned(), content.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use crate::pointer::Pointer;
    use crate::source::{line_of, lines_of};

    #[test]
    fn pointer_resolves_to_the_line_of_its_value_or_of_an_enclosing_one() {
        let text = "\
# a comment
---
openapi: 3.1.0
paths:
  /a/{id}:
    get:
      description: |
        get: not this
      tags:
      - one
      - two
      parameters:
        - name: x

          in: query
        -
          name: y
          schema: {type: string}
      responses:
        '200': &ok
          description: it's
        \"4\\u0058X\":
          $ref: '#/x'
  \"/b: c\":
    post: {responses: {}}
components: {}
";
        let cases = [
            ("#", Some(1)),
            ("#/openapi", Some(3)),
            ("#/paths", Some(4)),
            ("#/paths/~1a~1{id}/get", Some(6)),
            ("#/paths/~1a~1{id}/get/tags/1", Some(11)),
            ("#/paths/~1a~1{id}/get/parameters/0", Some(13)),
            ("#/paths/~1a~1{id}/get/parameters/0/name", Some(13)),
            ("#/paths/~1a~1{id}/get/parameters/0/in", Some(15)),
            ("#/paths/~1a~1{id}/get/parameters/1/name", Some(17)),
            ("#/paths/~1a~1{id}/get/parameters/1/schema/type", Some(18)),
            ("#/paths/~1a~1{id}/get/responses/200/description", Some(21)),
            ("#/paths/~1a~1{id}/get/responses/4XX/$ref", Some(23)),
            ("#/paths/~1b: c/post/responses", Some(25)),
            ("#/paths/~1a~1{id}/post", Some(5)),
            ("#/components", Some(26)),
            ("#/missing", None),
        ];
        for (reference, expected) in cases {
            let pointer = Pointer::from_reference(reference).unwrap();
            assert_eq!(line_of(text, &pointer), expected, "{reference}");
            assert_eq!(line_of(&text.replace('\n', "\r\n"), &pointer), expected, "{reference} with CRLF");
        }
        let pointers = cases.map(|(reference, _)| Pointer::from_reference(reference).unwrap());
        assert_eq!(lines_of(text, &pointers), cases.map(|(_, expected)| expected), "all at once");
    }
}
