//! Facts about a document that need no model. They are counted independently of the model, so that a lost operation is noticed.
//! Knows nothing of what counts as too few.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::method::Method;
use crate::pointer::Pointer;

/// A document's own metadata, and the number of operations it describes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// `openapi`, such as `3.1.0`.
    pub openapi: String,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub description: String,
    /// `info.license.name`.
    pub license: Option<String>,
    /// URL of the first server, if it is only a path.
    pub base_path: Option<String>,
    /// Number of operations below `paths`.
    pub operations: usize,
}

impl Facts {
    /// Collects the facts of a document.
    pub(crate) fn of(document: &Value) -> Self {
        let string = |pointer| document.pointer(pointer).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let paths = document.get("paths").and_then(Value::as_object);
        let items = paths.into_iter().flatten().filter(|(path, _)| !path.starts_with("x-"));
        Self {
            openapi: string("/openapi"),
            title: string("/info/title"),
            version: string("/info/version"),
            description: string("/info/description"),
            license: Some(string("/info/license/name")).filter(|name| !name.is_empty()),
            base_path: Some(string("/servers/0/url")).filter(|url| url.starts_with('/') && url.len() > 1),
            operations: items.map(|(_, item)| count_methods(document, item)).sum(),
        }
    }
}

/// Returns the facts of a document without building its model, or `None` if the document cannot be read.
pub fn facts_of(document: &[u8], name: &str) -> Option<Facts> {
    crate::source::read_document(document, name).ok().map(|document| Facts::of(&document.value))
}

/// Returns `info.version` of a document; empty if it cannot be read. Of JSON, nothing else is kept.
pub fn version_of(document: &[u8], name: &str) -> String {
    match serde_json::from_slice::<Head>(document) {
        Ok(head) => head.info.version.trim().to_owned(),
        Err(_) => facts_of(document, name).map(|facts| facts.version).unwrap_or_default(),
    }
}

/// The beginning of a document.
#[derive(Deserialize)]
struct Head {
    info: Info,
}

#[derive(Deserialize)]
struct Info {
    version: String,
}

fn count_methods(document: &Value, item: &Value) -> usize {
    let target = item.get("$ref").and_then(Value::as_str).and_then(Pointer::from_reference);
    let target = target.and_then(|pointer| pointer.find(document));
    let mut methods = Method::of_item(item);
    methods.extend(target.map(Method::of_item).unwrap_or_default());
    methods.into_iter().collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn version_is_read_from_every_form_of_a_document() {
        let documents = [
            r#"{"openapi": "3.1.0", "paths": {}, "info": {"title": "A", "version": " 2 "}}"#,
            r#"{"openapi": "3.1.0", "paths": {}, "info": {"version": "1"}, "info": {"version": "2"}}"#,
            "openapi: 3.1.0\npaths: {}\ninfo: {version: 2}\n",
        ];
        for document in documents {
            assert_eq!(version_of(document.as_bytes(), "x"), "2", "{document}");
        }
        assert_eq!(version_of(b"[]", "x"), "");
    }

    #[test]
    fn operations_are_counted_in_path_items_and_in_the_items_they_refer_to() {
        let item = json!({"get": {}, "post": {}, "parameters": [], "summary": "s", "x-put": {}, "put": null});
        let cases = [
            (json!({}), 0),
            (json!({"paths": null}), 0),
            (json!({"paths": {"/a": item, "x-extra": item}}), 2),
            (
                json!({"paths": {"/a": {"$ref": "#/components/pathItems/A", "get": {}, "trace": {}}},
                    "components": {"pathItems": {"A": item}}}),
                3,
            ),
            (json!({"paths": {"/a": item, "/b": {"$ref": "#/paths/~1a"}, "/c": {"$ref": "#/nowhere"}}}), 4),
        ];
        for (document, operations) in cases {
            assert_eq!(Facts::of(&document).operations, operations, "{document}");
        }
    }
}
