//! Reads operations and webhooks: parameters, bodies, responses, servers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ir::{Location, Status};
use crate::keyword::Keywords;
use crate::method::Method;
use crate::normalize::WEBHOOKS;

use crate::pointer::escape;

use super::reader::{Reader, location};
use super::schemas::ANYTHING;
use super::security::{Credentials, required_credentials};
use super::{BodyFacts, JsonKind, OperationFacts, ParameterFacts, ResponseFacts, SchemaUse, WebhookFacts};

/// Headers that clients set on their own.
const OWN_HEADERS: [&str; 5] = ["authorization", "accept", "content-type", "content-length", "host"];
/// Properties that name an event, the most specific first.
const EVENT_PROPERTIES: [&str; 4] = ["eventType", "event_type", "event", "type"];

/// Returns the URLs of the servers.
pub(super) fn servers(document: &Value) -> Vec<String> {
    let servers = document.keyword("servers").and_then(Value::as_array).into_iter().flatten();
    servers
        .filter_map(|server| server.keyword("url")?.as_str())
        .map(|url| url.trim_end_matches('/').to_owned())
        .collect()
}

impl<'a> Reader<'a> {
    pub(super) fn read_operations(&mut self) {
        let prefix = self.contract.servers.first().map_or("", |url| path_of(url)).to_owned();
        let paths = self.document.keyword("paths").and_then(Value::as_object);
        let credentials = Credentials::of(self.document);
        for (path, own) in paths.into_iter().flatten().filter(|(path, _)| !path.starts_with("x-")) {
            let place = format!("/paths/{}", escape(path));
            let (target, target_place) = self.follow(own, place.clone());
            let mut methods = Method::of_item(own);
            methods.extend(Method::of_item(target));
            methods.sort();
            methods.dedup();
            for method in methods {
                let found = |item: &'a Value| item.as_object().and_then(|item| method.operation(item));
                let (operation, item, place) = match (found(own), found(target)) {
                    (Some(operation), _) => (operation, own, &place),
                    (None, Some(operation)) => (operation, target, &target_place),
                    (None, None) => continue,
                };
                let steps: Vec<String> = method.steps().into_iter().map(escape).collect();
                let mut facts = self.operation(operation, item, place, &steps.join("/"));
                facts.method = method.clone();
                facts.path.clone_from(path);
                facts.route = route(&method, &prefix, path);
                facts.security = required_credentials(operation, &credentials, &facts.security);
                self.contract.operations.push(facts);
            }
        }
        self.contract.operations.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    }

    fn operation(&mut self, operation: &'a Value, item: &'a Value, place: &str, key: &str) -> OperationFacts {
        let at = format!("{place}/{key}");
        let string = |name| operation.get(name).and_then(Value::as_str).map(str::to_owned);
        let (parameters, authorized) = self.parameters(operation, item, (place, &at));
        let responses = operation.keyword("responses").and_then(Value::as_object).into_iter().flatten();
        let mut by_status = BTreeMap::new();
        for (status, response) in responses {
            let Some(status) = Status::parse(status) else { continue };
            let (response, place) = self.follow(response, format!("{at}/responses/{status}"));
            by_status.insert(status, self.response(response, place));
        }
        OperationFacts {
            method: Method::Get,
            path: String::new(),
            route: String::new(),
            operation_id: string("operationId"),
            tag: operation.pointer("/tags/0").and_then(Value::as_str).map(str::to_owned),
            deprecated: operation.keyword("deprecated") == Some(&Value::Bool(true)),
            description: description(operation),
            parameters,
            body: self.body(operation, &at),
            responses: by_status,
            security: authorized,
            place: at,
        }
    }

    /// Returns the parameters, and the credentials that are declared as parameters.
    fn parameters(
        &mut self,
        operation: &'a Value,
        item: &'a Value,
        (item_place, place): (&str, &str),
    ) -> (Vec<ParameterFacts>, Vec<Vec<String>>) {
        let (mut found, mut credentials) = (BTreeMap::new(), Vec::new());
        for (owner, place) in [(item, item_place), (operation, place)] {
            let list = owner.keyword("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            for (index, parameter) in list.iter().enumerate() {
                let (parameter, place) = self.follow(parameter, format!("{place}/parameters/{index}"));
                let Some(facts) = self.parameter(parameter, place) else { continue };
                if facts.location == Location::Header && OWN_HEADERS.contains(&facts.name.as_str()) {
                    if facts.name == "authorization" {
                        credentials = vec![vec!["header authorization".to_owned()]];
                    }
                    continue;
                }
                found.insert((rank(facts.location), facts.name.clone()), facts);
            }
        }
        (found.into_values().collect(), credentials)
    }

    fn parameter(&mut self, parameter: &'a Value, place: String) -> Option<ParameterFacts> {
        let location = location(parameter)?;
        let name = parameter.keyword("name").and_then(Value::as_str)?;
        let is_true = |key| parameter.get(key) == Some(&Value::Bool(true));
        let content = parameter.keyword("content").and_then(Value::as_object).and_then(|content| content.iter().next());
        let value = match (parameter.keyword("schema"), content) {
            (Some(schema), _) => self.schema_use(schema, format!("{place}/schema")),
            (None, Some((media, part))) => {
                let schema = part.keyword("schema").unwrap_or(&ANYTHING);
                self.schema_use(schema, format!("{place}/content/{}/schema", escape(media)))
            }
            (None, None) => self.schema_use(&ANYTHING, format!("{place}/schema")),
        };
        Some(ParameterFacts {
            name: if location == Location::Header { name.to_ascii_lowercase() } else { name.to_owned() },
            location,
            required: location == Location::Path || is_true("required"),
            deprecated: is_true("deprecated"),
            description: description(parameter),
            style: style(parameter, location, content.is_some()),
            value,
            place,
        })
    }

    fn body(&mut self, operation: &'a Value, at: &str) -> Option<BodyFacts> {
        let (body, place) = self.follow(operation.keyword("requestBody")?, format!("{at}/requestBody"));
        let media = self.media(body, &place);
        let described = body.keyword("content").and_then(Value::as_object).into_iter().flatten();
        let described = described.into_iter().any(|(_, part)| part.keyword("schema").is_some());
        // Exports never mark a body as required. A body that is described is meant to be sent.
        let required = body.keyword("required").and_then(Value::as_bool).unwrap_or(described);
        Some(BodyFacts { required, media, place })
    }

    fn response(&mut self, response: &'a Value, place: String) -> ResponseFacts {
        let media = self.media(response, &place);
        let mut headers = BTreeMap::new();
        for (name, header) in response.keyword("headers").and_then(Value::as_object).into_iter().flatten() {
            let (header, place) = self.follow(header, format!("{place}/headers/{}", escape(name)));
            let required = header.keyword("required") == Some(&Value::Bool(true));
            let value = self.schema_use(header.keyword("schema").unwrap_or(&ANYTHING), format!("{place}/schema"));
            headers.insert(name.to_ascii_lowercase(), (required, value));
        }
        ResponseFacts { media, headers, place }
    }

    fn media(&mut self, owner: &'a Value, place: &str) -> BTreeMap<String, SchemaUse> {
        let content = owner.keyword("content").and_then(Value::as_object).into_iter().flatten();
        let mut found = BTreeMap::new();
        for (media, part) in content {
            let schema = part.keyword("schema").or_else(|| part.keyword("itemSchema")).unwrap_or(&ANYTHING);
            let value = self.schema_use(schema, format!("{place}/content/{}/schema", escape(media)));
            let essence = media.split(';').next().unwrap_or(media).trim().to_ascii_lowercase();
            found.insert(essence, value);
        }
        found
    }

    pub(super) fn read_webhooks(&mut self) {
        let entries = self.document.get(WEBHOOKS).and_then(Value::as_object);
        for (name, item) in entries.into_iter().flatten() {
            let (item, place) = self.follow(item, format!("/{WEBHOOKS}/{}", escape(name)));
            let called = Method::NAMED.iter().find_map(|method| Some((method.key(), item.get(method.key())?)));
            let Some((key, operation)) = called else { continue };
            let place = format!("{place}/{key}");
            let body = self.body(operation, &place).and_then(|body| body.media.into_values().next());
            let facts = WebhookFacts { event: name.clone(), description: description(operation), body, place };
            self.contract.webhooks.push(facts);
        }
    }

    /// Names each event by the string that its body fixes, where no other event has the same.
    pub(super) fn name_events(&mut self) {
        let contract = &self.contract;
        let fixed = |part: &SchemaUse| {
            let properties = &contract.schema(part.schema).properties;
            EVENT_PROPERTIES.iter().find_map(|name| {
                let schema = contract.schema(properties.get(*name)?.value.schema);
                match schema.values.as_ref()?.list.as_slice() {
                    [Value::String(only)] if schema.kind == JsonKind::String => Some(only.clone()),
                    _ => None,
                }
            })
        };
        let names: Vec<String> = contract
            .webhooks
            .iter()
            .map(|webhook| webhook.body.as_ref().and_then(fixed).unwrap_or_else(|| webhook.event.clone()))
            .collect();
        let distinct: BTreeSet<&String> = names.iter().collect();
        if distinct.len() == names.len() {
            for (webhook, name) in self.contract.webhooks.iter_mut().zip(names) {
                webhook.event = name;
            }
        }
        self.contract.webhooks.sort_by(|one, other| one.event.cmp(&other.event));
    }
}

fn rank(location: Location) -> u8 {
    match location {
        Location::Path => 0,
        Location::Query => 1,
        Location::Header => 2,
        Location::Cookie => 3,
    }
}

fn description(owner: &Value) -> String {
    let texts = ["summary", "description"].into_iter().filter_map(|key| owner.get(key)?.as_str());
    texts.map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// Returns how a parameter is serialized, with the defaults of OpenAPI filled in.
fn style(parameter: &Value, location: Location, is_json: bool) -> String {
    if is_json {
        return "content".to_owned();
    }
    let usual = match location {
        Location::Path | Location::Header => "simple",
        Location::Query | Location::Cookie => "form",
    };
    let style = parameter.keyword("style").and_then(Value::as_str).unwrap_or(usual);
    let explode = parameter.keyword("explode").and_then(Value::as_bool).unwrap_or(style == "form");
    if explode == (style == "form") { style.to_owned() } else { format!("{style}, explode: {explode}") }
}

/// Returns what identifies an operation, whatever its placeholders are called and whichever part of the path is the server's.
fn route(method: &Method, prefix: &str, path: &str) -> String {
    let mut route = format!("{method} {prefix}");
    let mut inside = false;
    for character in path.chars() {
        match character {
            '{' => {
                inside = true;
                route.push_str("{}");
            }
            '}' => inside = false,
            other if !inside => route.push(other),
            _ => {}
        }
    }
    route
}

/// Returns the path of a URL, without a slash at its end.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    if url.starts_with('/') {
        return url;
    }
    rest.find('/').and_then(|start| rest.get(start..)).unwrap_or_default()
}
