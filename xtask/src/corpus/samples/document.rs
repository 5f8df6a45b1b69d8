//! A document as the sampler reads it: schemas by name, references, and what a schema with `allOf` amounts to. Shares nothing with the
//! generator but the syntax of JSON and YAML.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Maximum number of consecutive references, and nesting of `allOf`.
const LIMIT: usize = 32;
/// The methods of a path item.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// A document.
pub(super) struct Document {
    root: Value,
}

/// Something with a schema that the client has a type for.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// The name by which the client decodes it.
    pub(super) name: String,
    /// What it is.
    pub(super) role: Role,
    pub(super) schema: Value,
}

/// What a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A component. Whether it may be null is decided where it is used.
    Component,
    /// A component that is sent as a form, which is no JSON.
    Form,
    /// The body of a request. A client sends a value or nothing, but not `null` itself.
    Request,
    /// The body of a response.
    Response,
}

/// An object schema with the keywords of its `allOf` in one map.
pub(super) struct Flat {
    pub(super) schema: Map<String, Value>,
    /// The strings that a tag must have because of the component that the schema is.
    pub(super) tags: Vec<(String, String)>,
}

impl Document {
    pub(super) fn new(root: Value) -> Self {
        Self { root }
    }

    /// Returns every component, and the JSON bodies and responses of operations.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        let schemas = self.root.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten();
        let forms = self.forms();
        let component = |(name, _): (&String, &Value)| {
            let role = if forms.contains(name) { Role::Form } else { Role::Component };
            Subject { name: name.clone(), role, schema: json!({"$ref": reference(name)}) }
        };
        let mut subjects: Vec<Subject> = schemas.map(component).collect();
        let subject = |name: String, role: Role, schema: Value| Subject { name, role, schema };
        for (path, item) in self.root.get("paths").and_then(Value::as_object).into_iter().flatten() {
            let item = self.resolve(item);
            for method in METHODS.into_iter().filter(|method| *method != "head") {
                let Some(operation) = item.get(method).filter(|operation| operation.is_object()) else { continue };
                let call = format!("{} {path}", method.to_ascii_uppercase());
                let body = operation.get("requestBody").and_then(|body| self.json_schema(body));
                subjects.extend(body.map(|schema| subject(format!("{call} request"), Role::Request, schema)));
                subjects.extend(self.successes(operation).into_iter().filter_map(|(status, response)| {
                    let name =
                        status.map_or_else(|| format!("{call} response"), |status| format!("{call} response {status}"));
                    self.json_schema(response).map(|schema| subject(name, Role::Response, schema))
                }));
            }
        }
        subjects
    }

    /// Returns the responses of an operation to a successful call that may have a body, with their status if there are several.
    fn successes<'d>(&self, operation: &'d Value) -> Vec<(Option<&'d str>, &'d Value)> {
        let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
        let responses: Vec<(&str, &Value)> = responses.map(|(status, response)| (status.as_str(), response)).collect();
        let mut successes: Vec<(&str, &Value)> =
            responses.iter().filter(|(status, _)| status.starts_with('2')).copied().collect();
        if successes.is_empty() {
            successes.extend(responses.iter().filter(|(status, _)| *status == "default"));
        }
        let is_only = successes.len() == 1;
        successes.retain(|(status, _)| !["204", "205"].contains(status));
        successes.into_iter().map(|(status, response)| ((!is_only).then_some(status), response)).collect()
    }

    /// Returns the components that are the schema of a multipart form.
    fn forms(&self) -> BTreeSet<String> {
        let mut forms = BTreeSet::new();
        let items = self.root.get("paths").and_then(Value::as_object).into_iter().flatten();
        for item in items.flat_map(|(_, item)| self.resolve(item).as_object()) {
            for body in item.values().filter_map(|operation| operation.get("requestBody")) {
                let schema = self
                    .resolve(body)
                    .get("content")
                    .and_then(|content| content.get("multipart/form-data")?.get("schema"));
                let component = schema.and_then(|schema| schema.get("$ref")?.as_str()?.rsplit('/').next().map(decoded));
                forms.extend(component);
            }
        }
        forms
    }

    fn json_schema(&self, part: &Value) -> Option<Value> {
        let content = self.resolve(part).get("content")?.as_object()?;
        content.iter().find(|(media, _)| is_json(media))?.1.get("schema").cloned()
    }

    /// Follows references; a reference that leads nowhere stays.
    pub(super) fn resolve<'d>(&'d self, value: &'d Value) -> &'d Value {
        let mut value = value;
        for _ in 0..LIMIT {
            let Some(target) = value.get("$ref").and_then(Value::as_str).and_then(|text| self.find(text)) else {
                break;
            };
            value = target;
        }
        value
    }

    fn find(&self, reference: &str) -> Option<&Value> {
        let pointer = reference.strip_prefix('#')?;
        self.root.pointer(&decoded(pointer))
    }

    /// Merges a schema with what it refers to and its `allOf`. Returns why that cannot be done.
    pub(super) fn flatten(&self, schema: &Value) -> Result<Flat, &'static str> {
        let mut flat = Flat { schema: Map::new(), tags: Vec::new() };
        self.absorb(schema, None, &mut flat, LIMIT)?;
        Ok(flat)
    }

    fn absorb(&self, schema: &Value, owner: Option<&str>, flat: &mut Flat, left: usize) -> Result<(), &'static str> {
        let left = left.checked_sub(1).ok_or("allOf is nested too deep")?;
        let Some(map) = schema.as_object() else { return Ok(()) };
        if let Some(text) = map.get("$ref").and_then(Value::as_str) {
            let target = self.find(text).ok_or("a reference leads nowhere")?;
            let name = text.rsplit('/').next().map(decoded);
            // An inherited tag names the innermost component.
            let tagged = owner.and_then(|owner| Some((tag_of(target)?, tag_value(target, owner))));
            flat.tags.extend(tagged);
            self.absorb(target, owner.or(name.as_deref()), flat, left)?;
        }
        for member in list(map, "allOf") {
            self.absorb(member, owner, flat, left)?;
        }
        for (key, value) in map.iter().filter(|(key, _)| !["$ref", "allOf"].contains(&key.as_str())) {
            combine(&mut flat.schema, key, value)?;
        }
        Ok(())
    }

    /// Returns the components that inherit from the component of a name by `allOf`.
    pub(super) fn heirs(&self, name: &str) -> Vec<Value> {
        let wanted = reference(name);
        let schemas = self.root.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten();
        let inherits = |schema: &Value| {
            let members = schema.as_object().map(|map| list(map, "allOf")).unwrap_or_default();
            members.iter().any(|member| member.get("$ref").and_then(Value::as_str) == Some(wanted.as_str()))
        };
        schemas.filter(|(_, schema)| inherits(schema)).map(|(name, _)| json!({"$ref": reference(name)})).collect()
    }
}

/// Returns whether a media type is JSON.
fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json") && !essence.contains("stream")
}

/// Returns the tag property of an object that others inherit.
fn tag_of(schema: &Value) -> Option<String> {
    let is_union = schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
    let tag = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
    tag.filter(|_| !is_union).map(str::to_owned)
}

/// Returns the string that stands for a component in a discriminator.
pub(super) fn tag_value(schema: &Value, component: &str) -> String {
    let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object).into_iter().flatten();
    let is_it = |target: &&Value| target.as_str().and_then(|target| target.rsplit('/').next()) == Some(component);
    let mut keys = mapping.filter(|(_, target)| is_it(target)).map(|(key, _)| key.clone());
    keys.next().unwrap_or_else(|| component.to_owned())
}

/// Adds a keyword of another schema for the same value.
fn combine(schema: &mut Map<String, Value>, key: &str, value: &Value) -> Result<(), &'static str> {
    let Some(known) = schema.get_mut(key) else {
        schema.insert(key.to_owned(), value.clone());
        return Ok(());
    };
    match (key, known, value) {
        ("properties", Value::Object(known), Value::Object(new)) => {
            for (name, property) in new {
                let both = known.get(name).filter(|known| *known != property);
                let both = both.map(|known| json!({"allOf": [known, property]}));
                known.insert(name.clone(), both.unwrap_or_else(|| property.clone()));
            }
        }
        ("required", Value::Array(known), Value::Array(new)) => {
            let fresh: Vec<Value> = new.iter().filter(|name| !known.contains(name)).cloned().collect();
            known.extend(fresh);
        }
        ("oneOf" | "anyOf", known, new) if known != new => return Err("several unions apply to one value"),
        ("type" | "enum" | "const", known, new) if known != new => {
            let both = intersect(known, new).ok_or("types of allOf contradict each other")?;
            *known = both;
        }
        ("nullable", known, new) => *known = json!(*known == json!(true) && *new == json!(true)),
        (_, known, new) => *known = new.clone(),
    }
    Ok(())
}

/// Returns what two `type`, `enum` or `const` have in common.
fn intersect(one: &Value, other: &Value) -> Option<Value> {
    let items = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let others: Vec<Value> = items(other);
    let both: BTreeSet<String> =
        items(one).iter().filter(|item| others.contains(item)).map(ToString::to_string).collect();
    let both: Vec<Value> = both.iter().filter_map(|item| serde_json::from_str(item).ok()).collect();
    match both.as_slice() {
        [] => None,
        [only] if !one.is_array() || !other.is_array() => Some(only.clone()),
        _ => Some(json!(both)),
    }
}

/// Returns a keyword whose value is a list.
pub(super) fn list<'a>(map: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    map.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Returns the reference to a component.
fn reference(name: &str) -> String {
    format!("#/components/schemas/{}", name.replace('~', "~0").replace('/', "~1").replace('%', "%25"))
}

/// Decodes percent escapes; what is no escape stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
