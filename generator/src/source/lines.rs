//! Finds the lines of JSON pointers in a JSON document, for diagnostics. Knows syntax only.

use crate::pointer::Pointer;

use super::wanted::Wanted;
use super::yaml_lines::find_yaml_lines;

/// Returns the line, counted from 1, on which the value at each pointer starts; in YAML, possibly that of an enclosing value. It is
/// `None` if the document has no such value. The text is read once, however many pointers there are.
pub fn lines_of<'a>(text: &str, pointers: impl IntoIterator<Item = &'a Pointer>) -> Vec<Option<usize>> {
    let wanted = Wanted::of(pointers);
    let mut lines = vec![None; wanted.len()];
    if text.trim_start().starts_with('{') {
        let mut scanner = Scanner { bytes: text.as_bytes(), position: 0, line: 1, counted: 0, left: wanted.len() };
        // It ends early when everything was found.
        let _ended = scanner.find(wanted, &mut lines);
    } else {
        find_yaml_lines(text, wanted, &mut lines);
    }
    lines
}

/// Returns the line of the value at one pointer, as [`lines_of`] does.
pub fn line_of(text: &str, pointer: &Pointer) -> Option<usize> {
    lines_of(text, [pointer]).into_iter().next().flatten()
}

/// Scans JSON that is known to be valid.
struct Scanner<'a> {
    bytes: &'a [u8],
    position: usize,
    /// The line of the byte up to which lines were counted.
    line: usize,
    counted: usize,
    /// Number of pointers that were not found yet.
    left: usize,
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

    /// Finds what is looked for in the value at the current position, and moves behind it; `None` if nothing is left to find.
    fn find(&mut self, mut wanted: Wanted<'_>, lines: &mut [Option<usize>]) -> Option<()> {
        self.skip_space();
        let passed = self.bytes.get(self.counted..self.position)?;
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.counted = self.position;
        for index in wanted.ends() {
            *lines.get_mut(*index)? = Some(self.line);
        }
        self.left -= wanted.ends().len();
        if self.left == 0 {
            return None;
        }
        let in_object = match self.peek()? {
            b'{' if !wanted.is_leaf() => true,
            b'[' if !wanted.is_leaf() => false,
            _ => return self.skip_value(),
        };
        self.position += 1;
        let mut index = 0_usize;
        loop {
            self.skip_space();
            match self.peek()? {
                b'}' | b']' => {
                    self.position += 1;
                    return Some(());
                }
                b',' => {
                    self.position += 1;
                    continue;
                }
                _ => {}
            }
            let segment = if in_object {
                let key = self.string()?;
                self.skip_space();
                self.position += 1;
                key
            } else {
                index += 1;
                (index - 1).to_string()
            };
            match wanted.take(&segment) {
                Some(inner) => self.find(inner, lines)?,
                None => self.skip_value()?,
            }
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
        let pointers = cases.map(|(reference, _)| Pointer::from_reference(reference).unwrap());
        assert_eq!(lines_of(text, &pointers), cases.map(|(_, expected)| expected), "all at once");
        assert_eq!(lines_of("{\"a\":\n1, \"a\":\n2}", &[pointers[1].clone(), pointers[1].clone()]), [Some(2), Some(2)]);
    }
}
