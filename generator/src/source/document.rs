//! Parses JSON or YAML and checks that it is an OpenAPI 3.0, 3.1 or 3.2 document. Knows the root of a document, not its schemas.

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;

use super::string_values::find_string_values;
use super::tree::{self, Documents, Tree};
use super::{line_of, lines_of};

/// An OpenAPI document as published.
#[derive(Clone, Debug)]
pub struct Document {
    /// The document; always an object.
    pub value: Value,
    /// The name of the document in diagnostics.
    pub name: String,
    /// The source text.
    pub text: String,
    /// Warnings about the source text: duplicate keys, additional documents.
    pub doubts: Report,
}

impl Document {
    /// Adds the name of the document and the line to findings that name no other source.
    pub fn locate_all(&self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        locate_in(&self.text, &self.name, found)
    }

    /// Adds the name of the document and the line to a diagnostic.
    pub fn locate(&self, diagnostic: Diagnostic) -> Diagnostic {
        let line = line_of(&self.text, &diagnostic.pointer);
        diagnostic.in_source(self.name.clone()).at_line(line)
    }
}

/// Parses a document.
///
/// # Errors
///
/// Fails if the bytes are not UTF-8, neither JSON nor YAML, or not an OpenAPI 3.0, 3.1 or 3.2 document.
pub fn read_document(bytes: &[u8], name: &str) -> Result<Document, Report> {
    let fail = |diagnostic: Diagnostic| Report::of(diagnostic.in_source(name));
    let text = decode(bytes).map_err(fail)?;
    let tree = parse(text).map_err(fail)?;
    let found = find_doubts(&tree);
    let mut document =
        Document { value: tree.value, name: name.to_owned(), text: text.to_owned(), doubts: Report::default() };
    check_root(&document).map_err(|diagnostic| Report::of(document.locate(diagnostic)))?;
    document.doubts.diagnostics = document.locate_all(found.diagnostics);
    Ok(document)
}

/// Parses JSON or YAML of any shape, within the limits of a document; `None` if it is neither.
pub(crate) fn read_value(text: &str) -> Option<Value> {
    let tree = if text.trim_start().starts_with(['{', '[']) {
        tree::parse_json(text).ok().or_else(|| tree::parse_yaml(text, &[]).ok())
    } else {
        tree::parse_yaml(text, &[]).ok()
    };
    tree.map(|tree| tree.value)
}

/// A file that is part of a document.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Its content: any value.
    pub value: Value,
    /// The source text.
    pub text: String,
    /// Warnings about the source text.
    pub doubts: Report,
}

/// Parses a file that a document refers to: JSON or YAML of any content, or text.
///
/// # Errors
///
/// Fails if the bytes are not UTF-8, or neither JSON nor YAML.
pub(crate) fn read_part(bytes: &[u8], name: &str) -> Result<Part, Report> {
    let text = decode(bytes).map_err(|diagnostic| Report::of(diagnostic.in_source(name)))?;
    if name.ends_with(".md") || name.ends_with(".txt") {
        return Ok(Part { value: Value::from(text), text: text.to_owned(), doubts: Report::default() });
    }
    let tree = parse(text).map_err(|diagnostic| Report::of(diagnostic.in_source(name)))?;
    let doubts = Report { diagnostics: locate_in(text, name, find_doubts(&tree).diagnostics) };
    Ok(Part { value: tree.value, text: text.to_owned(), doubts })
}

/// Adds name and line to findings about a text that name no other source.
fn locate_in(text: &str, name: &str, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let own: Vec<&mut Diagnostic> = found.iter_mut().filter(|diagnostic| diagnostic.source.is_empty()).collect();
    let lines = lines_of(text, own.iter().map(|diagnostic| &diagnostic.pointer));
    for (diagnostic, line) in own.into_iter().zip(lines) {
        name.clone_into(&mut diagnostic.source);
        diagnostic.line = line;
    }
    found
}

fn decode(bytes: &[u8]) -> Result<&str, Diagnostic> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| unreadable(format!("byte {} is not valid UTF-8", error.valid_up_to())))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn unreadable(found: String) -> Diagnostic {
    Diagnostic::new(Code::Unreadable, Pointer::root(), found)
        .expected("an OpenAPI document in JSON or YAML")
        .help("check what was downloaded: it may be a web page or an error message")
}

fn parse(text: &str) -> Result<Tree, Diagnostic> {
    let start = text.trim_start();
    if start.is_empty() {
        return Err(unreadable("the document is empty".to_owned()));
    }
    if start.starts_with('<') && !start.starts_with("<<:") {
        return Err(unreadable("the input is HTML or XML".to_owned()));
    }
    if start.starts_with('{') {
        // YAML in flow style also starts with a brace. If it is neither, the JSON error is more helpful.
        return tree::parse_json(text).or_else(|error| {
            let tree = tree::parse_yaml(text, &[]).map(|tree| keep_strings_as_written(text, tree));
            tree.map_err(|_| unreadable(format!("not valid JSON: {error}")).at_line(Some(error.line())))
        });
    }
    let tree = tree::parse_yaml(text, &[]).map_err(|error| {
        let line = error.location().map(|location| location.line());
        unreadable(format!("neither JSON nor YAML: {error}")).at_line(line)
    })?;
    Ok(keep_strings_as_written(text, tree))
}

/// Parses YAML again if it contains unquoted numbers or booleans where strings are meant.
fn keep_strings_as_written(text: &str, tree: Tree) -> Tree {
    match find_string_values(&tree.value).as_slice() {
        [] => tree,
        places => tree::parse_yaml(text, places).unwrap_or(tree),
    }
}

fn find_doubts(tree: &Tree) -> Report {
    let mut report = Report::default();
    for place in &tree.duplicates {
        let key = place.segments().last().cloned().unwrap_or_default();
        report.push(
            Diagnostic::new(
                Code::Ignored,
                place.clone(),
                format!("key `{key}` is defined twice; the last value is used"),
            )
            .expected("unique keys")
            .help("remove or rename one of them upstream"),
        );
    }
    match tree.documents {
        Documents::One => {}
        Documents::Several => report.push(
            Diagnostic::new(
                Code::Ignored,
                Pointer::root(),
                "the file contains several documents; only the first is used",
            )
            .expected("one document")
            .help("split the file at its `---` lines"),
        ),
    }
    report
}

fn check_root(document: &Document) -> Result<(), Diagnostic> {
    let root = document.value.as_object().ok_or_else(|| unreadable("the document is not an object".to_owned()))?;
    if root.contains_key("swagger") {
        return Err(Diagnostic::new(Code::Version, Pointer::root().join("swagger"), "a Swagger 2.0 document")
            .expected("OpenAPI 3.0, 3.1 or 3.2")
            .help("convert it first, for example with `npx swagger2openapi`"));
    }
    let pointer = Pointer::root().join("openapi");
    let Some(version) = root.get("openapi") else {
        return Err(Diagnostic::new(Code::Version, Pointer::root(), "no `openapi` property")
            .expected("`openapi: 3.0.x`, `3.1.x` or `3.2.x`")
            .help("check that this is the API description and not another file"));
    };
    let text = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
    let is = |line: &str| text.strip_prefix(line).is_some_and(|patch| patch.is_empty() || patch.starts_with('.'));
    if !(is("3.0") || is("3.1") || is("3.2")) {
        return Err(Diagnostic::new(Code::Version, pointer, format!("OpenAPI version `{text}`"))
            .expected("3.0.x, 3.1.x or 3.2.x")
            .help("convert the document to one of these versions"));
    }
    for key in ["paths", "webhooks", "components"] {
        if root.get(key).is_some_and(|part| !part.is_object()) {
            return Err(Diagnostic::new(
                Code::WrongType,
                Pointer::root().join(key),
                format!("`{key}` is not an object"),
            )
            .expected("an object")
            .help("fix it upstream or with an overlay action"));
        }
    }
    if !["paths", "webhooks", "components"].iter().any(|key| root.contains_key(*key)) {
        return Err(Diagnostic::new(Code::Missing, Pointer::root(), "no `paths`, `webhooks` or `components`")
            .expected("at least one of them")
            .help("check that the document is complete"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_and_yaml_are_distinguished_by_content() {
        let cases = [
            r#"{"openapi":"3.1.0","paths":{}}"#,
            "\u{feff}{\"openapi\":\"3.0.3\",\"paths\":{}}",
            "openapi: 3.1.0\r\npaths: {}\r\n",
            "{openapi: 3.0.0, paths: {}}",
            "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        200: {description: ok}\n",
        ];
        for text in cases {
            assert!(read_document(text.as_bytes(), "x").is_ok(), "{text}");
        }
    }

    #[test]
    fn strings_without_quotes_are_kept_as_written() {
        let rows = [
            ("info: {version: 1.10}", "/info/version", json!("1.10")),
            ("info: {version: 2026-02-09, title: 2024}", "/info/title", json!("2024")),
            ("info: {x-version: 1.10}", "/info/x-version", json!(1.1)),
            (
                "components: {schemas: {A: {type: string, enum: [1.10, 1e3, 0x10, true, null, a]}}}",
                "/components/schemas/A/enum",
                json!(["1.10", "1e3", "0x10", "true", null, "a"]),
            ),
            (
                "components: {schemas: {A: {enum: [1.10], type: [string, 'null']}}}",
                "/components/schemas/A/enum",
                json!(["1.10"]),
            ),
            (
                "components: {schemas: {A: {enum: [1.10, 2], type: [string, number]}}}",
                "/components/schemas/A/enum",
                json!([1.1, 2]),
            ),
            ("components: {schemas: {A: {enum: [1.10], type: number}}}", "/components/schemas/A/enum", json!([1.1])),
            ("components: {schemas: {A: {type: string, const: 007}}}", "/components/schemas/A/const", json!("007")),
            ("components: {schemas: {A: {type: string, const: 7.0}}}", "/components/schemas/A/const", json!("7.0")),
            (
                "components: {schemas: {A: {properties: {title: true, 404: {}}, required: [404]}}}",
                "/components/schemas/A",
                json!({"properties": {"title": true, "404": {}}, "required": ["404"]}),
            ),
            (
                "components: {schemas: {A: {type: string, enum: &e [1.10]}, B: {type: string, enum: *e}}}",
                "/components/schemas/B/enum",
                json!(["1.10"]),
            ),
            (
                "components: {schemas: {A: {example: {version: 1.10}}}}",
                "/components/schemas/A/example/version",
                json!(1.1),
            ),
            (
                "servers: [{url: 'x:{p}', variables: {p: {default: 08443, enum: [8.10]}}}]",
                "/servers/0/variables/p",
                json!({"default": "08443", "enum": ["8.10"]}),
            ),
            (
                "paths: {/a: {get: {operationId: 1.0, tags: [2.0], parameters: [{name: 3.0, required: true}]}}}",
                "/paths/~1a/get",
                json!({"operationId": "1.0", "tags": ["2.0"], "parameters": [{"name": "3.0", "required": true}]}),
            ),
        ];
        for (text, place, expected) in rows {
            let rest = if text.starts_with("components") { "" } else { "components: {}\n" };
            let document = read_document(format!("openapi: 3.1\n{text}\n{rest}").as_bytes(), "x");
            let document = document.unwrap_or_else(|report| panic!("{text}: {report}"));
            assert_eq!(document.value.pointer(place), Some(&expected), "{text}");
            assert_eq!(document.value["openapi"], "3.1", "{text}");
        }
        let flow = "{openapi: 3.10, info: {version: 1.10}, paths: {}}";
        assert!(read_document(flow.as_bytes(), "x").unwrap_err().to_string().contains("OpenAPI version `3.10`"));
    }

    #[test]
    fn doubtful_input_is_accepted_with_a_warning() {
        let rows = [
            ("openapi: 3.1.0\npaths: {}\n", ""),
            (
                "openapi: 3.1.0\npaths:\n  /a: {get: {}}\n  /a: {post: {}}\n",
                "warning[ignored]: key `/a` is defined twice",
            ),
            (r#"{"openapi":"3.1.0","paths":{"/a":1,"/a":{}}}"#, "warning[ignored]: key `/a` is defined twice"),
            ("openapi: 3.1.0\npaths: {}\n---\nx: 1\n", "warning[ignored]: the file contains several documents"),
        ];
        for (text, expected) in rows {
            let document = read_document(text.as_bytes(), "x").unwrap_or_else(|report| panic!("{text}: {report}"));
            let doubts = document.doubts.to_string();
            assert!(doubts.starts_with(expected) && doubts.is_empty() == expected.is_empty(), "{text}: {doubts}");
        }
    }

    #[test]
    fn invalid_input_is_rejected_with_one_clear_error() {
        let cases: [(&[u8], &str); 8] = [
            (b"", "error[unreadable]: the document is empty"),
            (b"<html></html>", "error[unreadable]: the input is HTML or XML"),
            (b"\xff\xfe", "error[unreadable]: byte 0 is not valid UTF-8"),
            (b"{\"openapi\": \"3.1.0\", ", "error[unreadable]: not valid JSON"),
            (b"just text", "error[unreadable]: the document is not an object"),
            (b"swagger: '2.0'", "error[unsupported-version]: a Swagger 2.0 document"),
            (b"openapi: 4.0.0\npaths: {}", "error[unsupported-version]: OpenAPI version `4.0.0`"),
            (b"openapi: 3.1.0", "error[missing]: no `paths`"),
        ];
        for (bytes, expected) in cases {
            let report = read_document(bytes, "x").unwrap_err();
            assert_eq!(report.diagnostics.len(), 1, "{report}");
            assert!(report.to_string().starts_with(expected), "{report}");
        }
    }
}
