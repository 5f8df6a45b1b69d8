//! Merges the paths, webhooks and components of many fragments into one document.
//!
//! If pages contradict each other, the first page is used and the conflict is reported; only alternative request bodies are both
//! kept. Must not know where the fragments come from.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;

use super::fragment::Fragment;
use super::{APPROXIMATE, Exactness, Generation};

/// Merges documents with one endpoint each. Documents reconstructed from prose come last and add only what is missing.
pub(super) fn merge_fragments(mut fragments: Vec<Fragment>, report: &mut Report) -> Value {
    fragments.sort_by_key(|fragment| fragment.generation == Generation::Fifth);
    let mut document = json!({"paths": {}});
    for fragment in &fragments {
        Merge { document: &mut document, fragment, exactness: exactness(fragment), report }.add();
    }
    document
}

fn exactness(fragment: &Fragment) -> Exactness {
    match fragment.generation {
        Generation::First | Generation::Second | Generation::Third | Generation::Fourth => Exactness::Exact,
        Generation::Fifth => Exactness::Approximate,
    }
}

/// The merge of one page into the document.
struct Merge<'a> {
    document: &'a mut Value,
    fragment: &'a Fragment,
    exactness: Exactness,
    report: &'a mut Report,
}

impl Merge<'_> {
    fn add(&mut self) {
        let fragment = self.fragment;
        for part in ["paths", "webhooks"] {
            for (path, item) in members(fragment.document.get(part)) {
                for (method, value) in members(Some(item)) {
                    self.add_operation([part, path, method], value);
                }
            }
        }
        for (kind, components) in members(fragment.document.get("components")) {
            for (name, component) in members(Some(components)) {
                self.add_component([kind, name], component);
            }
        }
    }

    fn add_operation(&mut self, [part, path, method]: [&str; 3], value: &Value) {
        let place = Pointer::root().join(part).join(path).join(method);
        let Some(known) = entry(self.document, &[part, path, method]) else { return };
        if known.is_null() {
            *known = value.clone();
        } else if *known != *value && self.exactness == Exactness::Exact {
            let mut found = std::mem::take(known);
            self.reconcile(&mut found, value, &place);
            if let Some(known) = entry(self.document, &[part, path, method]) {
                *known = found;
            }
        }
    }

    fn add_component(&mut self, [kind, name]: [&str; 2], component: &Value) {
        let Some(known) = entry(self.document, &["components", kind, name]) else { return };
        let is_more_complete = match self.exactness {
            Exactness::Exact => false,
            Exactness::Approximate => is_rebuilt(known) && size(known) < size(component),
        };
        if known.is_null() || is_more_complete {
            *known = component.clone();
        } else if self.exactness == Exactness::Exact && !alike(known, component) {
            let place = Pointer::root().join("components").join(kind).join(name);
            self.conflict(place, format!("describes `{name}` differently"), "the first description is used");
        }
    }

    /// Merges two pages about one operation, for example with a JSON response and with a stream.
    fn reconcile(&mut self, known: &mut Value, other: &Value, place: &Pointer) {
        self.reconcile_parameters(known, other, &place.join("parameters"));
        for (status, response) in members(other.get("responses")) {
            let Some(target) = entry(known, &["responses", status]) else { continue };
            if target.is_null() {
                *target = response.clone();
                continue;
            }
            for (media, content) in members(response.get("content")) {
                let Some(target) = entry(target, &["content", media]) else { continue };
                if target.is_null() {
                    *target = content.clone();
                } else if !alike(target, content) {
                    let place = place.join("responses").join(status).join("content").join(media);
                    let found = format!("has a different schema for status {status}");
                    self.conflict(place, found, "the first one is used");
                }
            }
        }
        self.reconcile_body(known, other, &place.join("requestBody"));
    }

    fn reconcile_parameters(&mut self, known: &mut Value, other: &Value, place: &Pointer) {
        let theirs = other.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        let Some(known) = known.as_object_mut() else { return };
        let mut ours = match known.shift_remove("parameters") {
            Some(Value::Array(ours)) => ours,
            Some(_) | None => Vec::new(),
        };
        for parameter in
            ours.iter_mut().filter(|parameter| !theirs.iter().any(|other| same_parameter(parameter, other)))
        {
            make_optional(parameter);
        }
        for mut parameter in theirs {
            match ours.iter().find(|known| same_parameter(known, &parameter)) {
                None => {
                    make_optional(&mut parameter);
                    ours.push(parameter);
                }
                Some(known) if !alike(known, &parameter) => {
                    let found = format!("describes the parameter `{}` differently", name_of(&parameter));
                    self.conflict(place.clone(), found, "the first description is used");
                }
                Some(_) => {}
            }
        }
        if !ours.is_empty() {
            known.insert("parameters".to_owned(), Value::Array(ours));
        }
    }

    fn reconcile_body(&mut self, known: &mut Value, other: &Value, place: &Pointer) {
        let (has, other) = (known.get("requestBody").is_some(), other.get("requestBody"));
        for (media, content) in members(other.and_then(|body| body.get("content"))) {
            let Some(target) = entry(known, &["requestBody", "content", media]) else { continue };
            if target.is_null() {
                *target = content.clone();
            } else if !alike(target, content) {
                let schemas = [target.get("schema").cloned(), content.get("schema").cloned()];
                let members: Vec<Value> = schemas.into_iter().flatten().flat_map(alternatives).collect();
                *target = json!({"schema": {"oneOf": members}});
                let found = "has a different request body".to_owned();
                self.conflict(place.join("content").join(media), found, "either body is accepted");
            }
        }
        // A body that only one of the pages has is optional.
        if has != other.is_some()
            && let Some(body) = known.get_mut("requestBody").and_then(Value::as_object_mut)
        {
            body.insert("required".to_owned(), json!(false));
        }
    }

    fn conflict(&mut self, place: Pointer, found: String, outcome: &str) {
        let found = format!("the page `{}` {found}", self.fragment.page);
        let diagnostic = Diagnostic::new(Code::PageConflict, place, found).at_line(Some(self.fragment.line));
        self.report.push(
            diagnostic
                .expected("what an earlier page says")
                .help(format!("{outcome}; if that is wrong, correct it with an action in overlay.yaml")),
        );
    }
}

/// Returns the members of a union created by an earlier conflict, else the schema itself.
fn alternatives(schema: Value) -> Vec<Value> {
    let is_union = schema.as_object().is_some_and(|schema| schema.len() == 1);
    match schema.get("oneOf").and_then(Value::as_array).filter(|_| is_union) {
        Some(members) => members.clone(),
        None => vec![schema],
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// Returns the value at a path, creating missing objects on the way. A missing value at its end is `null`.
pub(super) fn entry<'a>(value: &'a mut Value, steps: &[&str]) -> Option<&'a mut Value> {
    steps.iter().try_fold(value, |value, step| {
        if value.is_null() {
            *value = Value::Object(Map::new());
        }
        Some(value.as_object_mut()?.entry(*step).or_insert(Value::Null))
    })
}

fn name_of(parameter: &Value) -> &str {
    parameter.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn same_parameter(one: &Value, other: &Value) -> bool {
    one.get("name") == other.get("name") && one.get("in") == other.get("in")
}

fn make_optional(parameter: &mut Value) {
    let is_path = parameter.get("in").and_then(Value::as_str) == Some("path");
    if let Some(parameter) = parameter.as_object_mut().filter(|_| !is_path) {
        parameter.insert("required".to_owned(), json!(false));
    }
}

/// Returns whether two values are equal except for descriptions.
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let keys = one.keys().chain(other.keys());
            keys.into_iter().all(|key| match (one.get(key), other.get(key)) {
                (Some(one), Some(other)) => is_description(key, one) && is_description(key, other) || alike(one, other),
                (Some(only), None) | (None, Some(only)) => is_description(key, only),
                (None, None) => true,
            })
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (one, other) => one == other,
    }
}

/// Returns whether a member is a description. A property may have the same name, but its value is a schema.
fn is_description(key: &str, value: &Value) -> bool {
    matches!(key, "description" | "summary" | "title" | "example") && !value.is_object()
}

fn is_rebuilt(component: &Value) -> bool {
    component.get(APPROXIMATE).is_some()
}

fn size(schema: &Value) -> usize {
    ["properties", "oneOf", "enum"]
        .iter()
        .filter_map(|key| schema.get(*key))
        .map(|part| match part {
            Value::Object(members) => members.len(),
            Value::Array(members) => members.len(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(documents: Vec<Value>) -> (Value, Vec<String>) {
        let fragment = |(index, document): (usize, Value)| Fragment {
            page: String::new(),
            line: index + 1,
            generation: if document["prose"] == json!(true) { Generation::Fifth } else { Generation::Fourth },
            document,
            url: String::new(),
        };
        let mut report = Report::default();
        let document = merge_fragments(documents.into_iter().enumerate().map(fragment).collect(), &mut report);
        let describe =
            |diagnostic: &Diagnostic| format!("{} {}", diagnostic.line.unwrap_or_default(), diagnostic.pointer);
        (document, report.diagnostics.iter().map(describe).collect())
    }

    fn operation(value: Value) -> Value {
        json!({"paths": {"/a": {"post": value}}})
    }

    struct Row {
        one: Value,
        other: Value,
        expected: Value,
        conflicts: Vec<&'static str>,
    }

    #[test]
    fn two_pages_about_one_operation_are_merged_by_media_type() {
        let schema = |name: &str| json!({"schema": {"$ref": format!("#/components/schemas/{name}")}});
        let content = |media: &str, name: &str| json!({"content": {media: schema(name)}});
        let parameter = |required: bool| json!({"name": "q", "in": "query", "required": required});
        let rows = [
            Row {
                one: json!({"summary": "One"}),
                other: json!({"summary": "Two"}),
                expected: json!({"summary": "One"}),
                conflicts: vec![],
            },
            Row {
                one: json!({"responses": {"200": content("application/json", "A")}}),
                other: json!({"responses": {"200": content("text/event-stream", "B"), "404": {}}}),
                expected: json!({"responses": {"200": {"content": {"application/json": schema("A"), "text/event-stream": schema("B")}}, "404": {}}}),
                conflicts: vec![],
            },
            Row {
                one: json!({"responses": {"200": content("application/json", "A")}}),
                other: json!({"responses": {"200": content("application/json", "B")}}),
                expected: json!({"responses": {"200": content("application/json", "A")}}),
                conflicts: vec!["2 /paths/~1a/post/responses/200/content/application~1json"],
            },
            Row {
                one: json!({"requestBody": content("application/json", "A")}),
                other: json!({"requestBody": content("application/json", "B")}),
                expected: json!({"requestBody": {"content": {"application/json": {"schema": {"oneOf": [
                    {"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]}}}}}),
                conflicts: vec!["2 /paths/~1a/post/requestBody/content/application~1json"],
            },
            Row {
                one: json!({"requestBody": content("application/json", "A")}),
                other: json!({}),
                expected: json!({"requestBody": {"content": {"application/json": schema("A")}, "required": false}}),
                conflicts: vec![],
            },
            Row {
                one: json!({"parameters": [parameter(true)]}),
                other: json!({}),
                expected: json!({"parameters": [parameter(false)]}),
                conflicts: vec![],
            },
            Row {
                one: json!({}),
                other: json!({"parameters": [parameter(true)]}),
                expected: json!({"parameters": [parameter(false)]}),
                conflicts: vec![],
            },
            Row {
                one: json!({"parameters": [parameter(true)]}),
                other: json!({"parameters": [parameter(false)]}),
                expected: json!({"parameters": [parameter(true)]}),
                conflicts: vec!["2 /paths/~1a/post/parameters"],
            },
        ];
        for Row { one, other, expected, conflicts } in rows {
            let (document, found) = merged(vec![operation(one), operation(other)]);
            assert_eq!(document, operation(expected));
            assert_eq!(found, conflicts);
        }
    }

    #[test]
    fn components_that_differ_in_more_than_descriptions_are_conflicts() {
        let component = |schema: Value| json!({"components": {"schemas": {"A": schema}}});
        let base = json!({"type": "object", "description": "d", "properties": {"title": {"type": "string"}}});
        let rows = [
            (base.clone(), 0),
            (json!({"type": "object", "properties": {"title": {"type": "string", "example": "x"}}}), 0),
            (json!({"type": "object", "properties": {"title": {"type": "integer"}}}), 1),
            (json!({"type": "object", "properties": {}}), 1),
        ];
        for (other, conflicts) in rows {
            let (document, found) = merged(vec![component(base.clone()), component(other)]);
            assert_eq!(document.pointer("/components/schemas/A"), Some(&base));
            assert_eq!(found.len(), conflicts, "{found:?}");
        }
    }

    #[test]
    fn documents_from_prose_only_add_what_is_missing() {
        let rebuilt = |schema: Value| {
            json!({"prose": true, "paths": {"/a": {"get": {"x-sdk-approximate": true}},
            "/b": {"get": {"x-sdk-approximate": true}}}, "components": {"schemas": {"A": schema}}})
        };
        let exact = json!({"paths": {"/a": {"get": {"operationId": "a"}}}});
        let small = json!({"x-sdk-approximate": true, "properties": {}});
        let large = json!({"x-sdk-approximate": true, "properties": {"a": {}}});
        let (document, found) = merged(vec![rebuilt(small), exact, rebuilt(large.clone())]);
        assert_eq!(document.pointer("/paths/~1a/get"), Some(&json!({"operationId": "a"})));
        assert_eq!(document.pointer("/paths/~1b/get"), Some(&json!({"x-sdk-approximate": true})));
        assert_eq!(document.pointer("/components/schemas/A"), Some(&large));
        assert_eq!(found, Vec::<String>::new());
    }
}
