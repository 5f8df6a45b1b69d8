//! Reads one of two documents for a comparison: parameters, bodies, members of schemas. Must not know the other one.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::identity::followed;
use super::super::repair::is_credential;
use super::DEPTH;

/// A parameter.
#[derive(Clone, Debug)]
pub(super) struct Parameter<'a> {
    pub is_required: bool,
    pub schemas: Schemas<'a>,
}

/// Schemas that together describe a value: members of unions and `allOf`, with references resolved.
pub(super) type Schemas<'a> = Vec<&'a Value>;

/// One of the two documents.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub document: &'a Value,
    /// Header parameters that are not compared.
    pub ignored: &'a [&'a str],
}

impl<'a> Side<'a> {
    pub(super) fn followed(&self, value: &'a Value) -> &'a Value {
        followed(self.document, value)
    }

    /// Returns the parameters that are compared, by name and location.
    pub(super) fn parameters(
        &self,
        operation: &'a Value,
        shared: Option<&'a Value>,
    ) -> BTreeMap<String, Parameter<'a>> {
        let lists = [shared, operation.get("parameters")].into_iter().flatten().filter_map(Value::as_array).flatten();
        let read = |parameter: &'a Value| {
            let parameter = self.followed(parameter);
            let string = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
            let (place, name) = (string("in"), string("name"));
            let is_header = place == "header";
            let is_known = is_header && self.ignored.iter().any(|header| header.eq_ignore_ascii_case(name));
            // The name of a path parameter does not matter.
            let counts = place != "path" && place != "cookie" && !(is_known || is_header && is_credential(name));
            let mut schemas = Vec::new();
            parameter.get("schema").into_iter().for_each(|schema| self.flatten(schema, &mut schemas, 0));
            let is_required = parameter.get("required").and_then(Value::as_bool).unwrap_or_default();
            counts.then(|| (format!("{name} ({place})"), Parameter { is_required, schemas }))
        };
        lists.filter_map(read).collect()
    }

    pub(super) fn request(&self, operation: &'a Value) -> Schemas<'a> {
        let body = operation.get("requestBody").map(|body| self.followed(body));
        self.content(body.into_iter())
    }

    pub(super) fn responses(&self, operation: &'a Value) -> Schemas<'a> {
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

    pub(super) fn flatten(&self, schema: &'a Value, found: &mut Schemas<'a>, depth: usize) {
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
    pub(super) fn members(&self, schemas: &Schemas<'a>) -> BTreeMap<String, Schemas<'a>> {
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

/// Returns whether a schema may have members that it does not declare.
pub(super) fn is_open(schema: &Value) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => !["properties", "additionalProperties", "allOf", "oneOf", "anyOf"].into_iter().any(has),
        Some(_) => false,
        None => {
            !["type", "properties", "items", "enum", "const", "$ref", "allOf", "oneOf", "anyOf"].into_iter().any(has)
        }
    }
}
