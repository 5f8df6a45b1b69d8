//! Finds the line of a JSON pointer in YAML, by indentation. Supports block style as people and tools write it; anything inside a
//! flow-style value gets the line on which that value starts. Knows syntax only.

use crate::pointer::Pointer;

/// Returns the line, counted from 1, of the value at `pointer` or of the closest enclosing value. Returns `None` if not even the
/// first segment is found.
pub(super) fn yaml_line(text: &str, pointer: &Pointer) -> Option<usize> {
    let mut search = Search { steps: pointer.segments(), found: None, block: Block::below(None) };
    if pointer.is_root() {
        return Some(1);
    }
    for (number, line) in text.lines().enumerate() {
        let content = line.trim_start_matches(' ');
        let ignored = content.trim().is_empty() || content.starts_with(['#', '%']) || line.starts_with("---");
        if !ignored && search.visit_line(number + 1, line.len() - content.len(), content) == Progress::Ended {
            break;
        }
    }
    search.found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Open,
    Ended,
}

struct Search<'a> {
    /// Remaining segments.
    steps: &'a [String],
    found: Option<usize>,
    block: Block,
}

/// The block being searched.
struct Block {
    /// Indentation of the key or item that contains the block.
    holder: Option<usize>,
    /// Indentation and shape of the block, once its first line was seen.
    known: Option<(usize, Shape)>,
    /// Number of list items seen.
    items: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    List,
    Map,
}

impl Block {
    fn below(holder: Option<usize>) -> Self {
        Self { holder, known: None, items: 0 }
    }
}

impl Search<'_> {
    fn visit_line(&mut self, number: usize, indent: usize, content: &str) -> Progress {
        let Some((step, rest)) = self.steps.split_first() else { return Progress::Ended };
        let item = content.strip_prefix('-').filter(|after| after.is_empty() || after.starts_with([' ', '\t']));
        let shape = if item.is_some() { Shape::List } else { Shape::Map };
        let (own, block) = *self.block.known.get_or_insert((indent, shape));
        // A list may have the same indentation as the key that contains it, and ends at the first line that is not an item.
        let outside = self.block.holder.is_some_and(|holder| indent < holder || (indent == holder && item.is_none()));
        if outside || indent < own || (indent == own && block == Shape::List && shape == Shape::Map) {
            return Progress::Ended;
        }
        if indent > own || block != shape {
            return Progress::Open;
        }
        let value = match item {
            Some(after) => {
                self.block.items += 1;
                (step.parse() == Ok(self.block.items - 1)).then_some(after)
            }
            None => split_key(content).filter(|(key, _)| key == step).map(|(_, value)| value),
        };
        let Some(value) = value else { return Progress::Open };
        self.steps = rest;
        self.found = Some(number);
        self.block = Block::below(Some(indent));
        let inner = value.trim_start();
        if rest.is_empty() {
            return Progress::Ended;
        }
        match item {
            // The first key of an item is on the line of its dash.
            Some(_) if !inner.is_empty() => self.visit_line(number, indent + content.len() - inner.len(), inner),
            Some(_) => Progress::Open,
            None if inner.is_empty() || inner.starts_with(['#', '&', '!']) => Progress::Open,
            None => Progress::Ended,
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
    use super::*;

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
            assert_eq!(yaml_line(text, &pointer), expected, "{reference}");
            assert_eq!(yaml_line(&text.replace('\n', "\r\n"), &pointer), expected, "{reference} with CRLF");
        }
    }
}
