//! Compares what pages say with a snapshot: operations, webhooks, parameters, fields of bodies, and of those their types, whether they
//! are required, and their listed values. Ignores descriptions and order.
//!
//! Pages say less than a document. What they do not describe is neither missing nor different; it is listed as not described. Must not
//! know which of the differences matter.

mod events;
mod shapes;
mod side;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use serde_json::Value;

use crate::method::Method;

use super::UNDESCRIBED;
use super::servers::path_of;
use crate::path_template::remove_names;

use events::pair_webhooks;
use shapes::{has_variants, is_required, kinds, listed_values};
use side::{Schemas, Side, is_open};

/// Maximum nesting of fields. Recursion ends earlier when a pair of schemas repeats.
const DEPTH: usize = 24;

/// What two documents differ in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// The differences, in order.
    pub differences: Vec<Difference>,
    /// What the snapshot has and the pages do not describe.
    pub undescribed: Vec<Undescribed>,
}

/// Something that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Difference {
    /// The operation or webhook concerned.
    pub operation: String,
    /// The part that differs.
    pub subject: Subject,
    /// How it differs.
    pub kind: Kind,
}

/// How something differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Only the pages have it.
    MissingInSnapshot,
    /// Only the snapshot has it.
    MissingInPages,
    /// Both have it, and describe it differently.
    Different {
        /// What differs.
        aspect: Aspect,
        /// What the pages say.
        pages: String,
        /// What the snapshot says.
        snapshot: String,
    },
}

/// What two descriptions of a parameter or field differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// The JSON types of its values.
    Type,
    /// Whether it is required.
    Requiredness,
    /// The values that are listed.
    Values,
}

impl fmt::Display for Aspect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Type => "type",
            Self::Requiredness => "presence",
            Self::Values => "values",
        })
    }
}

/// Parts of an operation that the pages do not describe.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Undescribed {
    /// The operation or webhook.
    pub operation: String,
    /// The parts that the snapshot has.
    pub parts: Vec<&'static str>,
}

/// A part of an operation.
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

/// What a comparison has to know about the API.
#[derive(Clone, Copy, Debug, Default)]
pub struct ComparisonPolicy<'a> {
    /// Header parameters that are not compared, because some forms of a document declare them elsewhere. Those that carry credentials
    /// are not compared either.
    pub ignored_headers: &'a [&'a str],
    /// The property of a webhook body with the type of the event; empty if unknown.
    pub event_property: &'a str,
}

/// Compares pages, in the form of a document, with a snapshot.
pub fn compare_documents(pages: &Value, snapshot: &Value, policy: ComparisonPolicy<'_>) -> Comparison {
    let side = |document| Side { document, ignored: policy.ignored_headers };
    let sides = [side(pages), side(snapshot)];
    let mut comparing =
        Comparing { pages: sides[0], snapshot: sides[1], seen: HashSet::new(), found: Comparison::default() };
    comparing.operations([operations(pages), operations(snapshot)]);
    comparing.operations(pair_webhooks(sides, policy.event_property));
    let mut found = comparing.found;
    found.differences.sort();
    found.differences.dedup();
    found.undescribed.sort();
    found
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

/// The comparison while it runs.
struct Comparing<'a> {
    pages: Side<'a>,
    snapshot: Side<'a>,
    /// Pairs of schemas already compared, by address.
    seen: HashSet<[Vec<usize>; 2]>,
    found: Comparison,
}

/// The kind of body that a field is in.
type Field = fn(String) -> Subject;

impl<'a> Comparing<'a> {
    fn operations(&mut self, [pages, snapshot]: [Operations<'a>; 2]) {
        for (key, kind) in only(pages.keys(), snapshot.keys()) {
            self.report(&key, Subject::Whole, kind);
        }
        for (key, (page, shared)) in &pages {
            let Some((other, other_shared)) = snapshot.get(key) else { continue };
            let requests = [self.pages.request(page), self.snapshot.request(other)];
            let responses = [self.pages.responses(page), self.snapshot.responses(other)];
            let known = self.snapshot.parameters(other, *other_shared);
            let is_described = page.get(UNDESCRIBED).is_none();
            let parts = [
                ("parameters", !is_described && !known.is_empty()),
                ("request body", requests[0].is_empty() && !requests[1].is_empty()),
                ("response body", responses[0].is_empty() && !responses[1].is_empty()),
            ];
            let parts: Vec<&str> = parts.into_iter().filter(|(_, is_open)| *is_open).map(|(part, _)| part).collect();
            if !parts.is_empty() {
                self.found.undescribed.push(Undescribed { operation: key.clone(), parts });
            }
            if !is_described {
                continue;
            }
            self.parameters(key, self.pages.parameters(page, *shared), known);
            self.fields(key, Subject::Request, String::new(), requests, 0);
            self.fields(key, Subject::Response, String::new(), responses, 0);
        }
    }

    fn parameters(
        &mut self,
        key: &str,
        pages: BTreeMap<String, side::Parameter<'a>>,
        snapshot: BTreeMap<String, side::Parameter<'a>>,
    ) {
        for (name, kind) in only(pages.keys(), snapshot.keys()) {
            self.report(key, Subject::Parameter(name), kind);
        }
        for (name, page) in pages {
            let Some(other) = snapshot.get(&name) else { continue };
            let required = [Some(page.is_required), Some(other.is_required)];
            self.aspects(key, &Subject::Parameter(name), required, [&page.schemas, &other.schemas]);
        }
    }

    /// Reports what two descriptions of one parameter or field differ in, as far as both say something.
    fn aspects(&mut self, key: &str, subject: &Subject, required: [Option<bool>; 2], schemas: [&Schemas<'a>; 2]) {
        let presence = |is_required: bool| if is_required { "required" } else { "optional" };
        if let [Some(page), Some(other)] = required
            && page != other
        {
            self.differ(key, subject, Aspect::Requiredness, [presence(page).to_owned(), presence(other).to_owned()]);
        }
        if schemas.into_iter().any(has_variants) {
            return;
        }
        let join = |set: &BTreeSet<String>| set.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        if let [Some(page), Some(other)] = schemas.map(kinds)
            && page != other
        {
            self.differ(key, subject, Aspect::Type, [join(&page), join(&other)]);
        }
        if let [Some(page), Some(other)] = schemas.map(listed_values)
            && page != other
        {
            let besides = |one: &BTreeSet<String>, two: &BTreeSet<String>| {
                let own: BTreeSet<String> = one.difference(two).cloned().collect();
                if own.is_empty() { "none besides".to_owned() } else { format!("also {}", join(&own)) }
            };
            self.differ(key, subject, Aspect::Values, [besides(&page, &other), besides(&other, &page)]);
        }
    }

    fn differ(&mut self, key: &str, subject: &Subject, aspect: Aspect, [pages, snapshot]: [String; 2]) {
        self.report(key, subject.clone(), Kind::Different { aspect, pages, snapshot });
    }

    fn report(&mut self, operation: &str, subject: Subject, kind: Kind) {
        self.found.differences.push(Difference { operation: operation.to_owned(), subject, kind });
    }

    fn fields(&mut self, operation: &str, subject: Field, place: String, pair: [Schemas<'a>; 2], depth: usize) {
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
        for (name, kind) in only(pages.keys(), snapshot.keys()) {
            let is_incomplete = open[usize::from(kind == Kind::MissingInSnapshot)];
            if !is_incomplete && name != "[]" && name != "{}" {
                self.report(operation, subject(join(&name)), kind);
            }
        }
        let are_clear = !has_variants(&pair[0]) && !has_variants(&pair[1]);
        for (name, page) in pages {
            let Some(other) = snapshot.get(&name) else { continue };
            if are_clear {
                let is_field = name != "[]" && name != "{}";
                let required = [&pair[0], &pair[1]].map(|schemas| is_required(schemas, &name).filter(|_| is_field));
                self.aspects(operation, &subject(join(&name)), required, [&page, other]);
            }
            self.fields(operation, subject, join(&name), [page, other.clone()], depth + 1);
        }
    }
}

/// Returns the keys that only one side has.
fn only<'k>(
    pages: impl Iterator<Item = &'k String> + Clone,
    snapshot: impl Iterator<Item = &'k String> + Clone,
) -> Vec<(String, Kind)> {
    let [of_pages, of_snapshot]: [BTreeSet<&String>; 2] = [pages.collect(), snapshot.collect()];
    let lacking_in_snapshot = of_pages.difference(&of_snapshot).map(|key| ((*key).clone(), Kind::MissingInSnapshot));
    let lacking_in_pages = of_snapshot.difference(&of_pages).map(|key| ((*key).clone(), Kind::MissingInPages));
    lacking_in_snapshot.chain(lacking_in_pages).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn describe_differences(pages: &Value, snapshot: &Value) -> Vec<String> {
        let describe = |difference: &Difference| {
            let Difference { operation, subject, kind } = difference;
            match kind {
                Kind::MissingInPages => format!("Pages lack {operation}: {subject}"),
                Kind::MissingInSnapshot => format!("Snapshot lack {operation}: {subject}"),
                Kind::Different { aspect, pages, snapshot } => {
                    format!("{operation}: {subject}: {aspect}: {pages} | {snapshot}")
                }
            }
        };
        let policy = ComparisonPolicy { ignored_headers: &["x-version"], event_property: "" };
        compare_documents(pages, snapshot, policy).differences.iter().map(describe).collect()
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

    #[test]
    fn types_presence_and_values_differ_only_where_both_sides_state_them() {
        let object = |property: Value, required: bool| {
            let names: &[&str] = if required { &["a"] } else { &[] };
            json!({"type": "object", "required": names, "properties": {"a": property}})
        };
        let text = json!({"type": "string"});
        let listed = |values: &[&str]| json!({"type": "string", "enum": values});
        let field = "GET /a: response field a";
        let rows = [
            (object(text.clone(), true), object(text.clone(), false), vec!["presence: required | optional"]),
            (object(text.clone(), true), object(json!({"type": ["string", "null"]}), true), vec![]),
            (object(text.clone(), true), object(json!({"type": "integer"}), true), vec!["type: string | integer"]),
            (object(json!({}), true), object(text.clone(), true), vec![]),
            (object(listed(&["x", "y"]), true), object(listed(&["y", "z"]), true), vec!["values: also x | also z"]),
            (object(listed(&["x"]), true), object(listed(&["x", "z"]), true), vec!["values: none besides | also z"]),
            (object(text.clone(), true), object(listed(&["x"]), true), vec![]),
            (object(json!({"const": "x"}), true), object(listed(&["x"]), true), vec![]),
            (
                json!({"oneOf": [object(text.clone(), true), object(json!({"type": "object"}), false)]}),
                object(json!({"type": "integer"}), false),
                vec![],
            ),
            (
                json!({"allOf": [object(text.clone(), false), {"required": ["a"]}]}),
                object(text, false),
                vec!["presence: required | optional"],
            ),
        ];
        for (page, snapshot, expected) in rows {
            let found = describe_differences(&document_with_response(page.clone()), &document_with_response(snapshot));
            let expected: Vec<String> = expected.into_iter().map(|text| format!("{field}: {text}")).collect();
            assert_eq!(found, expected, "{page}");
        }
    }

    #[test]
    fn webhooks_are_paired_by_the_type_of_their_event() {
        let webhook = |event: Value| {
            let body = json!({"type": "object", "properties": {"eventType": event}});
            json!({"post": {"requestBody": {"content": {"application/json": {"schema": body}}}}})
        };
        let pages = json!({"webhooks": {
            "batch-run-completed-webhook": webhook(json!({"type": "string", "enum": ["batch_run.processed"]})),
            "run-done-webhook": {"post": {}},
            "run-new-webhook": webhook(json!({"const": "run.new"})),
        }});
        let snapshot = json!({"webhooks": {
            "batch_run.processed": webhook(json!({"const": "batch_run.processed"})),
            "run.done": webhook(json!({"const": "run.done"})),
            "batch-run-completed": webhook(json!({"const": "batch_run.completed"})),
        }});
        let expected =
            ["Pages lack webhook batch_run.completed: as a whole", "Snapshot lack webhook run.new: as a whole"];
        assert_eq!(describe_differences(&pages, &snapshot), expected);
    }
}
