//! Builds operations from paths and names them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ir::{Operation, flat_name};
use crate::keyword::Keywords;
use crate::names::{Lock, RustIdent};
use crate::profile::Profile;

use super::annotations::{docs, lifecycle};
use super::bodies::read_body;
use super::naming::{CLIENT, METHODS, with_body_name};
use super::parameters::read_parameters;
use super::responses::read_responses;
use super::security::SecurityReader;
use super::sources::{Source, find_operations};
use super::types::TypeBuilder;
use super::webhooks::read_callbacks;

/// Methods that every client has in addition to those of the API; the emitter of the client verifies that the list is
/// complete.
pub(crate) const CLIENT_METHODS: &[&str] =
    &["base_url", "builder", "builder_from_env", "core", "from_core", "from_env", "new"];

/// Methods that the prelude provides for every value. They take `self` by value, so the compiler finds them before a
/// generated method that takes `&self`.
const OF_EVERY_VALUE: &[&str] = &["into", "try_into"];

/// The operations of a document.
pub(super) struct Named {
    pub operations: Vec<Operation>,
    /// `METHOD /path` to `group.method` as the document suggests it, where the lock has another name.
    pub suggested: BTreeMap<String, String>,
}

/// Returns every operation of the document, by path and method.
pub(super) fn build_operations(builder: &mut TypeBuilder<'_>, profile: &Profile, lock: &Lock) -> Named {
    let sources = find_operations(builder);
    let mut names = Names::new(lock, &sources);
    let mut security = SecurityReader::new(builder.document, profile, &sources);
    let operations =
        sources.iter().map(|source| operation(builder, profile, &mut names, &mut security, source)).collect();
    builder.report.extend(security.finish());
    let suggested = sources.iter().filter_map(|source| names.suggested(source)).collect();
    Named { operations, suggested }
}

fn operation<'a>(
    builder: &mut TypeBuilder<'a>,
    profile: &Profile,
    names: &mut Names<'_>,
    security: &mut SecurityReader<'_>,
    source: &Source<'a>,
) -> Operation {
    let (group, name) = names.claim(source);
    let stem = match &group {
        Some(group) => format!("{} {}", group.as_str(), name.as_str()),
        None => name.to_string(),
    };
    let stem = RustIdent::pascal(&stem).to_string();
    let parameters = read_parameters(builder, profile, source, &stem);
    let body = read_body(builder, source, &stem);
    let responses = read_responses(builder, source, &stem);
    read_callbacks(builder, source.value, &source.place, &stem);
    Operation {
        method: source.method.clone(),
        path: source.path.to_owned(),
        origin: source.place.clone(),
        group,
        name,
        docs: docs(source.value),
        lifecycle: lifecycle(source.value),
        parameters,
        security: security.read(source),
        body,
        response: responses.response,
        accept: responses.accept,
        stream: responses.stream,
        errors: responses.errors,
        // Determined once all types are known.
        pagination: None,
        role: None,
        started: None,
    }
}

/// Assigns a group and a method name to each operation: from the lock, else from the settings of the vendor's own
/// generator, else from tag and operation ID, else from the path.
struct Names<'a> {
    lock: &'a Lock,
    /// Flat names that are in use.
    taken: BTreeSet<RustIdent>,
    /// The next number to try for names that are requested more than once.
    numbers: BTreeMap<(Option<RustIdent>, RustIdent), u32>,
    /// Published flat names, which are reserved for their own operations.
    published: BTreeSet<RustIdent>,
    /// Members of the client other than calls: its own methods, and one for each group.
    methods: BTreeSet<RustIdent>,
    /// Names that no group may have because the client has a method of that name.
    closed: BTreeSet<RustIdent>,
}

impl<'a> Names<'a> {
    fn new(lock: &'a Lock, sources: &[Source<'_>]) -> Self {
        let published = lock.operations.values().map(|locked| {
            let (group, name) = split(locked);
            flat_name(group.as_ref(), &name)
        });
        let own = CLIENT_METHODS.iter().chain(OF_EVERY_VALUE);
        let own: BTreeSet<RustIdent> = own.map(|name| RustIdent::snake(name)).collect();
        let calls = lock.operations.values().map(|locked| split(locked)).filter(|(group, _)| group.is_none());
        let closed = calls.map(|(_, name)| name).chain(own.iter().cloned()).collect();
        let published = published.chain(methods_beside(lock)).collect();
        let (taken, numbers) = (BTreeSet::new(), BTreeMap::new());
        let mut names = Self { lock, taken, numbers, published, methods: own, closed };
        let groups: Vec<RustIdent> = sources.iter().filter_map(|source| names.wanted(source).0).collect();
        names.methods.extend(groups);
        names
    }

    fn locked(&self, source: &Source<'_>) -> Option<&'a String> {
        self.lock.operations.get(&format!("{} {}", source.method, source.path))
    }

    /// Returns the preferred group and name of an operation.
    fn wanted(&self, source: &Source<'_>) -> (Option<RustIdent>, RustIdent) {
        if let Some(locked) = self.locked(source) {
            return split(locked);
        }
        let (group, name) = derived(source);
        let group = group.map(|group| if self.closed.contains(&group) { group.with_suffix("_api") } else { group });
        (group, name)
    }

    /// Returns the key of an operation and the name that the document suggests, if the lock has another one.
    fn suggested(&self, source: &Source<'_>) -> Option<(String, String)> {
        let locked = self.locked(source)?;
        let (group, name) = derived(source);
        let suggested = group.map_or_else(|| name.to_string(), |group| format!("{group}.{name}"));
        (suggested != *locked).then(|| (format!("{} {}", source.method, source.path), suggested))
    }

    fn claim(&mut self, source: &Source<'_>) -> (Option<RustIdent>, RustIdent) {
        let locked = self.locked(source);
        let (group, name) = self.wanted(source);
        let wanted = (group.clone(), name.clone());
        // A published name belongs to its operation, whatever numbers other operations were assigned.
        let next = self.numbers.get(&wanted).filter(|_| locked.is_none());
        let mut number = next.copied().unwrap_or(1);
        loop {
            let candidate = match number {
                1 => name.clone(),
                _ => RustIdent::snake(&format!("{name} {number}")),
            };
            number += 1;
            let flat = flat_name(group.as_ref(), &candidate);
            let method = match group {
                Some(_) => OF_EVERY_VALUE.contains(&candidate.as_str()),
                None => self.methods.contains(&candidate),
            };
            let reserved = locked.is_none() && (self.published.contains(&flat) || method);
            if !reserved && self.taken.insert(flat) {
                if locked.is_none() {
                    self.numbers.insert(wanted, number);
                }
                return (group, candidate);
            }
        }
    }
}

/// Returns the flat names of published methods other than operations: those that take a complete body and those that
/// poll.
fn methods_beside(lock: &Lock) -> impl Iterator<Item = RustIdent> {
    let with_body = lock.operations.values().map(|locked| {
        let (group, name) = split(locked);
        flat_name(group.as_ref(), &with_body_name(&name))
    });
    let recorded = lock.members.iter().filter_map(|(scope, names)| Some((scope.strip_suffix(METHODS)?, names)));
    let recorded = recorded.flat_map(|(group, names)| {
        let group = (group != CLIENT).then(|| RustIdent::snake(group));
        names.values().map(move |name| flat_name(group.as_ref(), &RustIdent::snake(name)))
    });
    with_body.chain(recorded)
}

/// Splits a published name, `group.method` or `method`, into its parts.
pub(super) fn split(locked: &str) -> (Option<RustIdent>, RustIdent) {
    match locked.split_once('.') {
        Some((group, name)) => (Some(RustIdent::snake(group)), RustIdent::snake(name)),
        None => (None, RustIdent::snake(locked)),
    }
}

fn derived(source: &Source<'_>) -> (Option<RustIdent>, RustIdent) {
    let text = |key: &str| source.value.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    if let Some(method) = text("x-fern-sdk-method-name") {
        return (text("x-fern-sdk-group-name").map(RustIdent::snake), RustIdent::snake(method));
    }
    let tag =
        source.value.keyword("tags").and_then(Value::as_array).and_then(|tags| tags.first()).and_then(Value::as_str);
    // Exported documents name tags after packages; the root package is the empty tag.
    let package = tag.and_then(|tag| tag.strip_prefix("subpackage_"));
    let id = text("operationId");
    match (package, tag, id) {
        (Some(package), _, Some(id)) => (Some(RustIdent::snake(package)), RustIdent::snake(id)),
        (None, Some(""), Some(id)) => (None, RustIdent::snake(id)),
        (None, Some(tag), Some(id)) => (Some(RustIdent::snake(tag)), RustIdent::snake(id)),
        (None, None, Some(id)) => (None, RustIdent::snake(id)),
        (_, tag, None) => {
            let words: Vec<&str> = source.path.split(['/', '{', '}']).filter(|word| !word.is_empty()).collect();
            let name = format!("{} {}", source.method.key(), words.join(" "));
            (tag.filter(|tag| !tag.is_empty()).map(RustIdent::snake), RustIdent::snake(&name))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::ir::Call;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn every_operation_has_a_name_of_its_own_and_published_names_stay() {
        let call = |tag: &str, id: &str| json!({"tags": [tag], "operationId": id, "responses": {}});
        let document = json!({"openapi": "3.0.3", "paths": {
            "/a": {"get": {}, "put": call("a_b", "c"), "post": call("a", "b_c"), "patch": call("", "x"), "head": call("client", "x")},
            "/b": {"get": call("runs", "list"), "put": call("runs", "list"), "post": call("", "runs")},
            "/c": {"get": call("builder", "list"), "put": call("", "new"), "post": call("into", "into")},
            "a": {"get": {}},
        }});
        let mut lock = Lock::default();
        lock.operations.insert("PUT /b".to_owned(), "runs.list".to_owned());
        let api = build(&normalize_document(document), &Profile::default(), &lock).api;
        let mut names: Vec<String> =
            api.operations.iter().map(|operation| format!("{} = {}", operation.key(), operation.id())).collect();
        names.sort();
        let expected = [
            "GET /a = get_a",
            "GET /b = runs.list_2",
            "GET /c = builder_api.list",
            "GET a = get_a_2",
            "HEAD /a = client.x",
            "PATCH /a = x_2",
            "POST /a = a.b_c_2",
            "POST /b = runs_2",
            "POST /c = into_api.into_2",
            "PUT /a = a_b.c",
            "PUT /b = runs.list",
            "PUT /c = new_2",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn method_for_a_body_made_beforehand_is_called_like_no_operation_beside_it() {
        let body = json!({"required": true, "content": {"application/json": {"schema": {"type": "object", "properties": {"a": {}}}}}});
        let call =
            |tag: &str, id: &str| json!({"tags": [tag], "operationId": id, "requestBody": body, "responses": {}});
        let document = json!({"openapi": "3.0.3", "paths": {
            "/a": {"post": call("a", "create"), "put": call("a", "create_with"), "patch": call("b", "create")},
        }});
        let api = build(&normalize_document(document), &Profile::default(), &Lock::default()).api;
        let name = |call: &Call| {
            let with_body = call.with_body.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{}: {with_body}", api.operations[call.operation].id())
        };
        let mut names: Vec<String> = api.calls().map(|(_, call)| name(call)).collect();
        names.sort();
        assert_eq!(names, ["a.create: create_with_body", "a.create_with: create_with_with", "b.create: create_with"]);
    }
}
