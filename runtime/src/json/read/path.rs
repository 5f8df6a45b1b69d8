//! The JSON path of a position in a text, computed on demand so that reading costs nothing extra.
//!
//! It must not know types, nor rely on the text being valid JSON.

use super::string::end_of_string;

/// An open container that encloses the position.
struct Level<'a> {
    step: Step<'a>,
    /// Whether the value at this step has ended.
    is_over: bool,
}

enum Step<'a> {
    /// No name has been read yet.
    Object,
    /// The name as written, including its quotes.
    Name(&'a str),
    Index(usize),
}

/// Returns the path of the value that contains the byte at `place`, for example `stepRuns[0].result`; empty for the
/// whole text.
pub(crate) fn path_at(text: &[u8], place: usize) -> String {
    let mut levels: Vec<Level<'_>> = Vec::new();
    let mut at = 0;
    while at < place {
        let Some(byte) = text.get(at) else { break };
        let end = match byte {
            b'"' => end_of_string(text, at),
            b'{' | b'[' | b'}' | b']' | b',' | b':' | b' ' | b'\n' | b'\t' | b'\r' => at + 1,
            _ => at + text.iter().skip(at).take_while(|byte| !b"{}[],:\" \n\t\r".contains(byte)).count(),
        };
        if end > place || end == text.len() && is_unfinished(text, at) {
            break;
        }
        match byte {
            b'{' => levels.push(Level { step: Step::Object, is_over: false }),
            b'[' => levels.push(Level { step: Step::Index(0), is_over: false }),
            b'}' | b']' => {
                levels.pop();
                finish(levels.last_mut());
            }
            b',' => next(levels.last_mut()),
            b' ' | b'\n' | b'\t' | b'\r' | b':' => {}
            _ => match levels.last_mut() {
                Some(Level { step: step @ Step::Object, .. }) => *step = Step::Name(written(text, at, end)),
                level => finish(level),
            },
        }
        at = end;
    }
    if let Some(b'}' | b']') = text.get(place) {
        levels.pop();
    }
    let mut path = String::new();
    for level in levels.iter().filter(|level| !level.is_over) {
        match level.step {
            Step::Object => {}
            Step::Name(name) => add_name(&mut path, name),
            Step::Index(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

/// Returns whether a keyword or a string reaches the end of the text and may be incomplete.
fn is_unfinished(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        Some(b'"') => at + 1 == text.len() || text.last() != Some(&b'"'),
        Some(b't' | b'f' | b'n') => true,
        Some(_) | None => false,
    }
}

fn finish(level: Option<&mut Level<'_>>) {
    if let Some(level) = level {
        level.is_over = true;
    }
}

fn next(level: Option<&mut Level<'_>>) {
    if let Some(level) = level {
        level.is_over = false;
        match &mut level.step {
            step @ Step::Name(_) => *step = Step::Object,
            Step::Index(index) => *index += 1,
            Step::Object => {}
        }
    }
}

fn written(text: &[u8], at: usize, end: usize) -> &str {
    text.get(at..end).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default()
}

/// Appends a name; a name that could be misread is put in brackets and quotes.
fn add_name(path: &mut String, written: &str) {
    let name: String = serde_json::from_str(written).unwrap_or_else(|_| written.to_owned());
    if name.is_empty() || name.contains(['.', '[', ']', '"', ' ']) || name.contains(char::is_control) {
        path.push_str(&format!("[{name:?}]"));
    } else {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_leads_to_the_value_that_holds_the_place() {
        for (text, path) in [
            ("§", ""),
            ("{§", ""),
            (r#"{"a":§1}"#, "a"),
            (r#"{"a":1§}"#, ""),
            (r#"{"a":{§}}"#, "a"),
            (r#"{"a":[§]}"#, "a"),
            (r#"{"a":1, §"b":2}"#, ""),
            (r#"{"a":"x§y"}"#, "a"),
            (r#"{"a":[1,§{"b":2}]}"#, "a[1]"),
            (r#"{"a":[1,{"b":§2}]}"#, "a[1].b"),
            (r#"{"a":{},"b":tr§x"#, "b"),
            (r#"{"a":{},"b":§"#, "b"),
            (r#"{"a b":{"c\"]":[[],[§0]]}}"#, r#"["a b"]["c\"]"][1][0]"#),
            (r#"{"":§1}"#, r#"[""]"#),
            (r#"{"a":"x§"#, "a"),
            (r#"{"a":"§"#, "a"),
            (r#"{"a":1§"#, ""),
            (r#"{"a":[n§"#, "a[0]"),
            ("]}§,", ""),
        ] {
            let place = text.find('§').unwrap();
            assert_eq!(path_at(text.replace('§', "").as_bytes(), place), path, "{text}");
        }
    }
}
