//! Compares two documents by inventory: operations, webhooks, parameters, fields of bodies. Ignores types, descriptions and order,
//! because prose pages contain too little about them.
//!
//! Where one side does not describe a body, as pages do below a certain depth, nothing counts as missing. Must not know which of the
//! differences matter.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use serde_json::{Map, Value};

use crate::method::Method;
use crate::path_template::remove_names;

use super::identity::followed;
use super::repair::is_credential;
use super::servers::path_of;

/// Maximum nesting of fields. Recursion ends earlier when a pair of schemas repeats.
const DEPTH: usize = 24;

/// Something that only one document contains.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Difference {
    /// The operation or webhook concerned.
    pub operation: String,
    /// The part that is missing.
    pub subject: Subject,
    /// The document that lacks it.
    pub lacking: Lacking,
}

/// The document that lacks something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lacking {
    /// The pages.
    Pages,
    /// The snapshot.
    Snapshot,
}

/// A part that is missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The operation or webhook itself.
    Whole,
    /// A parameter: name and location.
    Parameter(String),
    /// A field of the request body, such as `a.b[].c`.
    Request(String),
    /// A field of a response body.
    Response(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => formatter.write_str("as a whole"),
            Self::Parameter(name) => write!(formatter, "parameter {name}"),
            Self::Request(field) => write!(formatter, "request field {field}"),
            Self::Response(field) => write!(formatter, "response field {field}"),
        }
    }
}

/// Returns what either document lacks. Header parameters that carry credentials or are listed in `ignored` are not compared, because
/// some forms of a document declare them elsewhere.
pub fn compare_documents(pages: &Value, snapshot: &Value, ignored: &[&str]) -> Vec<Difference> {
    let side = |document| Side { document, ignored };
    let mut comparison =
        Comparison { pages: side(pages), snapshot: side(snapshot), seen: HashSet::new(), found: Vec::new() };
    comparison.operations([operations(pages), operations(snapshot)]);
    comparison.operations([webhooks(pages), webhooks(snapshot)]);
    comparison.found.sort();
    comparison.found.dedup();
    comparison.found
}

/// Operations by method and path, with the parameters shared by all methods of the path.
type Operations<'a> = BTreeMap<String, (&'a Value, Option<&'a Value>)>;

fn operations(document: &Value) -> Operations<'_> {
    let server = document.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default();
    let base = path_of(server).trim_end_matches('/');
    let mut found = BTreeMap::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for method in Method::of_item(item) {
            if let Some(operation) = item.as_object().and_then(|item| method.operation(item)) {
                let key = format!("{method} {base}{}", remove_names(path));
                found.insert(key, (operation, item.get("parameters")));
            }
        }
    }
    found
}

/// Returns webhooks by the words of their names: `run.done` is called `run-done-webhook` on a page.
fn webhooks(document: &Value) -> Operations<'_> {
    let mut found = BTreeMap::new();
    for (name, item) in document.get("webhooks").and_then(Value::as_object).into_iter().flatten() {
        let key: String = name
            .chars()
            .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' })
            .collect();
        let operation = Method::NAMED.iter().find_map(|method| item.get(method.key()));
        if let Some(operation) = operation {
            found.insert(format!("webhook {}", key.trim_end_matches("-webhook")), (operation, None));
        }
    }
    found
}

/// Schemas that together describe a value: members of unions and `allOf`, with references resolved.
type Schemas<'a> = Vec<&'a Value>;

/// One of the two documents.
#[derive(Clone, Copy)]
struct Side<'a> {
    document: &'a Value,
    /// Header parameters that are not compared.
    ignored: &'a [&'a str],
}

impl<'a> Side<'a> {
    fn followed(&self, value: &'a Value) -> &'a Value {
        followed(self.document, value)
    }

    fn parameters(&self, operation: &'a Value, shared: Option<&'a Value>) -> BTreeSet<String> {
        let lists = [operation.get("parameters"), shared].into_iter().flatten().filter_map(Value::as_array).flatten();
        let name = |parameter: &'a Value| {
            let parameter = self.followed(parameter);
            let string = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
            let (place, name) = (string("in"), string("name"));
            let is_header = place == "header";
            let is_known = is_header && self.ignored.iter().any(|header| header.eq_ignore_ascii_case(name));
            // The name of a path parameter does not matter.
            let counts = place != "path" && place != "cookie" && !(is_known || is_header && is_credential(name));
            counts.then(|| format!("{name} ({place})"))
        };
        lists.filter_map(name).collect()
    }

    fn request(&self, operation: &'a Value) -> Schemas<'a> {
        let body = operation.get("requestBody").map(|body| self.followed(body));
        self.content(body.into_iter())
    }

    fn responses(&self, operation: &'a Value) -> Schemas<'a> {
        let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
        let successful =
            responses.filter(|(status, _)| status.starts_with('2')).map(|(_, response)| self.followed(response));
        self.content(successful)
    }

    fn content(&self, holders: impl Iterator<Item = &'a Value>) -> Schemas<'a> {
        let content = holders.filter_map(|holder| holder.get("content")?.as_object()).flat_map(Map::values);
        let mut found = Vec::new();
        content.filter_map(|media| media.get("schema")).for_each(|schema| self.flatten(schema, &mut found, 0));
        found
    }

    fn flatten(&self, schema: &'a Value, found: &mut Schemas<'a>, depth: usize) {
        let schema = self.followed(schema);
        if depth > DEPTH || found.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        found.push(schema);
        for key in ["allOf", "oneOf", "anyOf"] {
            for member in schema.get(key).and_then(Value::as_array).into_iter().flatten() {
                self.flatten(member, found, depth + 1);
            }
        }
    }

    /// Returns properties by name, items as `[]`, additional properties as `{}`.
    fn members(&self, schemas: &Schemas<'a>) -> BTreeMap<String, Schemas<'a>> {
        let mut found: BTreeMap<String, Schemas<'a>> = BTreeMap::new();
        for schema in schemas {
            let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            let named = properties.map(|(name, property)| (name.as_str(), property));
            let items = schema.get("items").map(|items| ("[]", items));
            let values =
                schema.get("additionalProperties").filter(|values| values.is_object()).map(|values| ("{}", values));
            for (name, member) in named.chain(items).chain(values) {
                self.flatten(member, found.entry(name.to_owned()).or_default(), 0);
            }
        }
        found
    }
}

struct Comparison<'a> {
    pages: Side<'a>,
    snapshot: Side<'a>,
    /// Pairs of schemas already compared, by address.
    seen: HashSet<[Vec<usize>; 2]>,
    found: Vec<Difference>,
}

impl<'a> Comparison<'a> {
    fn operations(&mut self, [pages, snapshot]: [Operations<'a>; 2]) {
        for (key, lacking) in only(pages.keys(), snapshot.keys()) {
            self.report(&key, Subject::Whole, lacking);
        }
        for (key, (page, shared)) in &pages {
            let Some((other, other_shared)) = snapshot.get(key) else { continue };
            let parameters = [self.pages.parameters(page, *shared), self.snapshot.parameters(other, *other_shared)];
            for (name, lacking) in only(parameters[0].iter(), parameters[1].iter()) {
                self.report(key, Subject::Parameter(name), lacking);
            }
            let requests = [self.pages.request(page), self.snapshot.request(other)];
            self.fields(key, Subject::Request, String::new(), requests, 0);
            let responses = [self.pages.responses(page), self.snapshot.responses(other)];
            self.fields(key, Subject::Response, String::new(), responses, 0);
        }
    }

    fn report(&mut self, operation: &str, subject: Subject, lacking: Lacking) {
        self.found.push(Difference { operation: operation.to_owned(), subject, lacking });
    }

    fn fields(
        &mut self,
        operation: &str,
        subject: fn(String) -> Subject,
        place: String,
        pair: [Schemas<'a>; 2],
        depth: usize,
    ) {
        let addresses =
            pair.each_ref().map(|schemas| schemas.iter().map(|schema| std::ptr::from_ref(*schema).addr()).collect());
        if depth > DEPTH || !self.seen.insert(addresses) {
            return;
        }
        let [pages, snapshot] = [self.pages.members(&pair[0]), self.snapshot.members(&pair[1])];
        if pages.is_empty() || snapshot.is_empty() {
            return;
        }
        let open = [pair[0].iter().any(|schema| is_open(schema)), pair[1].iter().any(|schema| is_open(schema))];
        let join = |name: &str| match (place.is_empty(), name) {
            (_, "[]" | "{}") => format!("{place}{name}"),
            (true, name) => name.to_owned(),
            (false, name) => format!("{place}.{name}"),
        };
        for (name, lacking) in only(pages.keys(), snapshot.keys()) {
            let is_incomplete = match lacking {
                Lacking::Pages => open[0],
                Lacking::Snapshot => open[1],
            };
            if !is_incomplete && name != "[]" && name != "{}" {
                self.report(operation, subject(join(&name)), lacking);
            }
        }
        for (name, page) in pages {
            if let Some(other) = snapshot.get(&name) {
                self.fields(operation, subject, join(&name), [page, other.clone()], depth + 1);
            }
        }
    }
}

/// Returns whether a schema may have members that it does not declare.
fn is_open(schema: &Value) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => !["properties", "additionalProperties", "allOf", "oneOf", "anyOf"].into_iter().any(has),
        Some(_) => false,
        None => {
            !["type", "properties", "items", "enum", "const", "$ref", "allOf", "oneOf", "anyOf"].into_iter().any(has)
        }
    }
}

/// Returns the keys that only one side has.
fn only<'k>(
    pages: impl Iterator<Item = &'k String> + Clone,
    snapshot: impl Iterator<Item = &'k String> + Clone,
) -> Vec<(String, Lacking)> {
    let [of_pages, of_snapshot]: [BTreeSet<&String>; 2] = [pages.collect(), snapshot.collect()];
    let lacking_in_snapshot = of_pages.difference(&of_snapshot).map(|key| ((*key).clone(), Lacking::Snapshot));
    let lacking_in_pages = of_snapshot.difference(&of_pages).map(|key| ((*key).clone(), Lacking::Pages));
    lacking_in_snapshot.chain(lacking_in_pages).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn describe_differences(pages: &Value, snapshot: &Value) -> Vec<String> {
        let describe = |difference: &Difference| {
            format!("{:?} lack {}: {}", difference.lacking, difference.operation, difference.subject)
        };
        compare_documents(pages, snapshot, &["x-version"]).iter().map(describe).collect()
    }

    fn document_with_response(schema: Value) -> Value {
        json!({"paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}}}})
    }

    #[test]
    fn operations_webhooks_and_parameters_are_compared_by_stable_names() {
        let pages = json!({
            "servers": [{"url": "https://api.example.com"}],
            "paths": {"/v1/a/{id}": {"get": {"parameters": [
                {"name": "id", "in": "path"}, {"name": "limit", "in": "query"}, {"name": "Authorization", "in": "header"}]}},
                "/v1/new": {"post": {}}},
            "webhooks": {"run-done-webhook": {"post": {}}},
        });
        let snapshot = json!({
            "servers": [{"url": "https://api.example.com/v1/"}],
            "paths": {"/a/{a_id}": {"parameters": [{"$ref": "#/components/parameters/V"}, {"name": "after", "in": "query"}], "get": {}},
                "/old": {"delete": {}}},
            "webhooks": {"run.done": {"post": {}}, "run.failed": {"post": {}}},
            "components": {"parameters": {"V": {"name": "X-Version", "in": "header"}}},
        });
        let expected = [
            "Pages lack DELETE /v1/old: as a whole",
            "Pages lack GET /v1/a/{}: parameter after (query)",
            "Snapshot lack GET /v1/a/{}: parameter limit (query)",
            "Snapshot lack POST /v1/new: as a whole",
            "Pages lack webhook run-failed: as a whole",
        ];
        assert_eq!(describe_differences(&pages, &snapshot), expected);
    }

    #[test]
    fn fields_are_missing_only_where_both_documents_describe_a_body() {
        let object = |properties: Value| json!({"type": "object", "properties": properties});
        let rows: [(Value, Value, &[&str]); 8] = [
            (object(json!({"a": {}})), object(json!({"a": {"type": "string"}})), &[]),
            (
                object(json!({"a": {}})),
                object(json!({"b": {}})),
                &["Snapshot lack GET /a: response field a", "Pages lack GET /a: response field b"],
            ),
            (object(json!({"a": {"type": "object"}})), object(json!({"a": object(json!({"b": {}}))})), &[]),
            (json!({}), object(json!({"b": {}})), &[]),
            (
                object(json!({"a": {"type": "array", "items": object(json!({"b": {}}))}})),
                object(
                    json!({"a": {"type": "array", "items": {"allOf": [object(json!({"b": {}})), object(json!({"c": {}}))]}}}),
                ),
                &["Pages lack GET /a: response field a[].c"],
            ),
            (
                json!({"oneOf": [object(json!({"a": {}})), object(json!({"b": {}}))]}),
                json!({"anyOf": [object(json!({"a": {}, "b": {}})), {"type": "null"}]}),
                &[],
            ),
            (json!({"oneOf": [object(json!({"a": {}})), {}]}), object(json!({"a": {}, "b": {}})), &[]),
            (
                object(json!({"a": {"additionalProperties": object(json!({"x": {}}))}})),
                object(json!({"a": {"additionalProperties": object(json!({"x": {}, "y": {}}))}})),
                &["Pages lack GET /a: response field a{}.y"],
            ),
        ];
        for (pages, snapshot, expected) in rows {
            assert_eq!(
                describe_differences(&document_with_response(pages.clone()), &document_with_response(snapshot)),
                expected,
                "{pages}"
            );
        }
    }

    #[test]
    fn recursive_schemas_terminate() {
        let tree = |field: &str| {
            let mut document = document_with_response(json!({"$ref": "#/components/schemas/T"}));
            document["components"] = json!({"schemas": {"T": {"type": "object", "properties": {
                "next": {"$ref": "#/components/schemas/T"}, field: {}}}}});
            document
        };
        assert_eq!(describe_differences(&tree("a"), &tree("a")), Vec::<String>::new());
        assert_eq!(describe_differences(&tree("a"), &tree("b")).len(), 2);
    }
}
