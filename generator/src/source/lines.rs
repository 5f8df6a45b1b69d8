//! Finds the line of a JSON pointer in a JSON document, for diagnostics. Knows syntax only.

use crate::pointer::Pointer;

use super::yaml_lines::yaml_line;

/// Returns the line, counted from 1, on which the value at `pointer` starts; in YAML, possibly that of an enclosing value. Returns
/// `None` if the document has no such value.
pub fn line_of(text: &str, pointer: &Pointer) -> Option<usize> {
    if !text.trim_start().starts_with('{') {
        return yaml_line(text, pointer);
    }
    let mut scanner = Scanner { bytes: text.as_bytes(), position: 0 };
    for segment in pointer.segments() {
        scanner.enter(segment)?;
    }
    scanner.skip_space();
    let before = scanner.bytes.get(..scanner.position)?;
    Some(1 + before.iter().filter(|byte| **byte == b'\n').count())
}

/// Scans JSON that is known to be valid.
struct Scanner<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.position += 1;
        }
    }

    /// Moves to a property or an item of the value at the current position.
    fn enter(&mut self, segment: &str) -> Option<()> {
        self.skip_space();
        let in_object = match self.peek()? {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        self.position += 1;
        let mut index = 0_usize;
        loop {
            self.skip_space();
            match self.peek()? {
                b'}' | b']' => return None,
                b',' => {
                    self.position += 1;
                    continue;
                }
                _ => {}
            }
            let found = if in_object {
                let key = self.string()?;
                self.skip_space();
                self.position += 1;
                key == segment
            } else {
                index += 1;
                segment.parse() == Ok(index - 1)
            };
            if found {
                return Some(());
            }
            self.skip_value()?;
        }
    }

    fn string(&mut self) -> Option<String> {
        let start = self.position;
        self.skip_string()?;
        serde_json::from_slice(self.bytes.get(start..self.position)?).ok()
    }

    fn skip_string(&mut self) -> Option<()> {
        self.position += 1;
        loop {
            match self.peek()? {
                b'\\' => self.position += 2,
                b'"' => {
                    self.position += 1;
                    return Some(());
                }
                _ => self.position += 1,
            }
        }
    }

    fn skip_value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            self.skip_space();
            match self.peek()? {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.position += 1;
                    continue;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.position += 1;
                }
                b',' | b':' => {
                    self.position += 1;
                    continue;
                }
                _ => {
                    while self.peek().is_some_and(|byte| !matches!(byte, b',' | b'}' | b']')) {
                        self.position += 1;
                    }
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointer_resolves_to_the_line_of_its_value() {
        let text = "{\n \"a\": [1,\n  {\"b\\u0063\": \"},\"},\n  2],\n \"d/e\": {\n  \"f\": null\n }\n}";
        let cases = [
            ("#", Some(1)),
            ("#/a", Some(2)),
            ("#/a/1", Some(3)),
            ("#/a/1/bc", Some(3)),
            ("#/a/2", Some(4)),
            ("#/d~1e/f", Some(6)),
            ("#/a/3", None),
            ("#/missing", None),
        ];
        for (reference, expected) in cases {
            let pointer = Pointer::from_reference(reference).unwrap();
            assert_eq!(line_of(text, &pointer), expected, "{reference}");
        }
    }
}
