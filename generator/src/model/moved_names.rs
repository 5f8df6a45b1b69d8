//! Published names whose key in the lock has changed while the API has not: a path whose parameters were renamed or whose
//! prefix moved to or from the server, an inline schema with another title or that became a component.
//!
//! The lock is adapted before names are assigned; the passes that assign them know nothing about it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::keyword::Keywords;
use crate::method::Method;
use crate::names::{Lock, RustIdent};
use crate::path_template::remove_names;

use super::types::Built;

/// Returns the lock with the operations under the paths that the document has for them now.
pub(super) fn follow_operations(document: &Value, lock: &Lock) -> Lock {
    let prefix = server_prefix(document);
    let paths = document.keyword("paths").and_then(Value::as_object).into_iter().flatten();
    let current: Vec<(String, String)> = paths
        .flat_map(|(path, item)| Method::of_item(item).into_iter().map(move |method| (method, path)))
        .map(|(method, path)| (format!("{method} {path}"), remove_names(&format!("{method} {prefix}{path}"))))
        .collect();
    let known: BTreeSet<&String> = current.iter().map(|(key, _)| key).collect();
    let mut moved = lock.clone();
    let mut taken: BTreeSet<&String> = BTreeSet::new();
    for gone in lock.operations.keys().filter(|key| !known.contains(key)) {
        let Some((method, path)) = gone.split_once(' ') else { continue };
        let is_same = |url: &str| match &lock.prefix {
            Some(prefix) => remove_names(&format!("{method} {prefix}{path}")) == url,
            None => is_below_a_prefix(url, method, &remove_names(path)),
        };
        let fresh = current.iter().filter(|(key, url)| !lock.operations.contains_key(key) && is_same(url));
        let fresh: Vec<&String> = fresh.map(|(key, _)| key).collect();
        if let [only] = fresh.as_slice()
            && taken.insert(only)
        {
            moved.move_operation(gone, only);
        }
    }
    moved.prefix = Some(prefix);
    moved
}

/// Returns whether a URL is a path below any prefix, for locks that do not state theirs.
fn is_below_a_prefix(url: &str, method: &str, path: &str) -> bool {
    let Some((own, url)) = url.split_once(' ') else { return false };
    own == method && (url == path || url.ends_with(path) || path.ends_with(url))
}

/// Returns the path of the first server, without a slash at the end.
fn server_prefix(document: &Value) -> String {
    let url = document.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default();
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|start| rest.get(start..)).unwrap_or_default(),
        None => url,
    };
    path.trim_end_matches('/').to_owned()
}

/// Returns the lock with the types under the schemas that have their place now, if there are any.
pub(super) fn follow_schemas(lock: &Lock, built: &Built) -> Option<Lock> {
    let is_gone =
        |identity: &String| lock.types.contains_key(identity) && !built.published.types.contains_key(identity);
    let is_new = |identity: &String| built.published.types.contains_key(identity) && !lock.types.contains_key(identity);
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let mut adopted: BTreeSet<String> = BTreeSet::new();
    let mut adopt = |from: &String, to: &String| {
        if is_gone(from) && is_new(to) && !renamed.contains_key(from) && adopted.insert(to.clone()) {
            renamed.insert(from.clone(), to.clone());
        }
    };
    for (place, identity) in &built.places {
        let before = lock.places.get(place);
        [before, Some(place)].into_iter().flatten().for_each(|before| adopt(before, identity));
    }
    // What is inside of a schema is called after it, and what is inside of an operation after the name that it has.
    let mut outer = renamed.clone();
    outer.extend(renamed_stems(lock));
    for identity in lock.types.keys() {
        let around = outer.iter().filter(|(from, _)| identity.starts_with(from.as_str()));
        let Some((from, to)) = around.max_by_key(|(from, _)| from.len()) else { continue };
        let inner = format!("{to}{}", identity.get(from.len()..).unwrap_or_default());
        if is_gone(identity) && is_new(&inner) && !renamed.contains_key(identity) && adopted.insert(inner.clone()) {
            renamed.insert(identity.clone(), inner);
        }
    }
    if renamed.is_empty() {
        return None;
    }
    let mut moved = lock.clone();
    for (from, to) in &renamed {
        moved.move_type(from, to);
    }
    Some(moved)
}

/// Returns what inline schemas of operations with other names were called after, with what they are called after now.
fn renamed_stems(lock: &Lock) -> impl Iterator<Item = (String, String)> {
    let former = lock.former_members.get(Lock::OPERATIONS).into_iter().flatten();
    let stem = |name: &str| RustIdent::pascal(&name.replace('.', " ")).to_string();
    former.filter_map(move |(key, former)| Some((stem(&former.name), stem(lock.operations.get(key)?))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::Code;
    use crate::model::{Modelled, build};
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    fn modelled(document: Value, lock: &Lock) -> Modelled {
        build(&normalize_document(document), &Profile::default(), lock)
    }

    fn unused(modelled: &Modelled) -> usize {
        modelled.report.diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::NameUnused).count()
    }

    fn books(server: &str, path: &str, parameters: &[(&str, &str)]) -> Value {
        let parameters: Vec<Value> = parameters
            .iter()
            .map(|(name, place)| json!({"name": name, "in": place, "required": true, "schema": {"type": "string"}}))
            .collect();
        json!({"openapi": "3.1.0", "servers": [{"url": server}], "paths": {path: {"get": {
            "operationId": "getPage", "parameters": parameters, "responses": {"204": {}},
        }}}})
    }

    struct Row {
        what: &'static str,
        document: Value,
        name: &'static str,
        gone: usize,
    }

    #[test]
    fn operation_keeps_its_name_while_its_url_is_the_same() {
        let (plain, below) = ("https://api.example.test", "https://api.example.test/v1");
        let old = books(below, "/books/{bookId}/pages/{n}", &[("bookId", "path"), ("n", "path"), ("lang", "query")]);
        let lock = modelled(old, &Lock::default()).lock;
        let older = Lock { prefix: None, ..lock.clone() };
        let new = |server, path| books(server, path, &[("lang", "query"), ("number", "path"), ("id", "path")]);
        let rows = [
            Row { what: "renamed", document: new(below, "/books/{id}/pages/{number}"), name: "get_page", gone: 0 },
            Row {
                what: "moved to the path",
                document: new(plain, "/v1/books/{id}/pages/{number}"),
                name: "get_page",
                gone: 0,
            },
            Row {
                what: "moved to the server",
                document: new("/v1/books", "/{id}/pages/{number}"),
                name: "get_page",
                gone: 0,
            },
            Row {
                what: "another URL",
                document: new(plain, "/v2/books/{id}/pages/{number}"),
                name: "get_page_2",
                gone: 1,
            },
        ];
        for Row { what, document, name, gone } in rows {
            let found = modelled(document, &lock);
            let ids: Vec<String> = found.api.operations.iter().map(|operation| operation.id()).collect();
            assert_eq!((ids.as_slice(), unused(&found)), ([name.to_owned()].as_slice(), gone), "{what}");
            let arguments: Vec<&str> =
                found.api.operations[0].parameters.iter().map(|one| one.wire.0.as_str()).collect();
            assert_eq!(arguments, ["id", "number", "lang"], "{what}");
        }
        // Locks of earlier versions do not state a prefix.
        let found = modelled(new(plain, "/v1/books/{id}/pages/{number}"), &older);
        assert_eq!((found.api.operations[0].id().as_str(), unused(&found)), ("get_page", 0));
    }

    /// A document with a property that has a schema.
    fn run(file: Value, more: Value) -> Value {
        let mut schemas = json!({"Run": {"type": "object", "properties": {"file": file}}});
        for (name, schema) in more.as_object().into_iter().flatten() {
            schemas[name] = schema.clone();
        }
        json!({"openapi": "3.1.0", "components": {"schemas": schemas}})
    }

    struct Rename {
        what: &'static str,
        old: Value,
        new: Value,
        more: Value,
    }

    #[test]
    fn type_keeps_its_name_while_its_place_is_the_same() {
        let inner = json!({"type": "object", "properties": {"mode": {"enum": ["a", "b"]}}});
        let titled = |title: &str| {
            let mut schema = inner.clone();
            schema["title"] = json!(title);
            schema
        };
        let rows = [
            Rename { what: "another title", old: titled("OldFile"), new: titled("NewFile"), more: json!({}) },
            Rename { what: "a title that was not there", old: inner.clone(), new: titled("NewFile"), more: json!({}) },
            Rename { what: "a title that is gone", old: titled("OldFile"), new: inner.clone(), more: json!({}) },
            Rename {
                what: "a component",
                old: inner.clone(),
                new: json!({"$ref": "#/components/schemas/Input"}),
                more: json!({"Input": inner}),
            },
            Rename {
                what: "a component, titled before",
                old: titled("OldFile"),
                new: json!({"$ref": "#/components/schemas/Input"}),
                more: json!({"Input": inner}),
            },
        ];
        for Rename { what, old, new, more } in rows {
            let before = modelled(run(old, json!({})), &Lock::default());
            let after = modelled(run(new, more), &before.lock);
            let names = |modelled: &Modelled| {
                let names = modelled.api.types.0.iter().map(|def| def.name.to_string());
                names.collect::<BTreeSet<String>>()
            };
            assert_eq!((names(&after), unused(&after)), (names(&before), 0), "{what}");
            let again = Lock::read(&after.lock.write());
            assert_eq!(again, Ok(after.lock), "{what}");
        }
    }
}
