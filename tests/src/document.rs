//! The published OpenAPI document, read as plain JSON: operations, webhook events, schemas.
//!
//! It must not know the model of the generator; it reads only what the document of this workspace uses.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::Failure;

/// Folder of the workspace.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// An OpenAPI document.
#[derive(Debug)]
pub struct Document {
    root: Value,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Parameter<'d> {
    /// Its name on the wire.
    pub name: &'d str,
    /// Where it is sent.
    pub location: Location,
    /// Whether it has to be sent.
    pub required: bool,
    /// What it may be.
    pub schema: &'d Value,
}

/// A body of a request or an answer.
#[derive(Clone, Copy, Debug)]
pub struct Body<'d> {
    /// For example `application/json`.
    pub media_type: &'d str,
    /// What it may be.
    pub schema: &'d Value,
}

/// An answer of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'d> {
    /// The status.
    pub status: u16,
    /// What it may be, where there is a JSON body.
    pub schema: Option<&'d Value>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation<'d> {
    /// In upper case.
    pub method: String,
    /// The path with its templates.
    pub path: &'d str,
    /// Its parameters, references resolved, in the order of the document.
    pub parameters: Vec<Parameter<'d>>,
    /// What it takes.
    pub body: Option<Body<'d>>,
    /// The answer to success.
    pub success: Answer<'d>,
    /// The answers to failure.
    pub errors: Vec<Answer<'d>>,
}

impl<'d> Operation<'d> {
    /// Method and path, for example `GET /files/{id}`.
    pub fn label(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The parameters of one location.
    pub fn parameters_in(&self, location: Location) -> impl Iterator<Item = Parameter<'d>> {
        let all = self.parameters.iter().copied();
        all.filter(move |parameter| parameter.location == location)
    }
}

/// A schema with a name: a component, or an inline schema with a title.
#[derive(Clone, Debug)]
pub struct Named<'d> {
    /// Name of the component, or the title.
    pub name: &'d str,
    /// The schema.
    pub schema: &'d Value,
}

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

impl Document {
    /// The document of this workspace.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is no JSON.
    pub fn published() -> Result<Self, Failure> {
        Self::read(&workspace().join("spec/2026-02-09/openapi.json"))
    }

    /// A document in JSON.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is no JSON.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self::new(serde_json::from_slice(&bytes)?))
    }

    /// A document that is already JSON.
    pub fn new(root: Value) -> Self {
        Self { root }
    }

    /// Follows references (`#/…`); one that leads nowhere is `null`.
    pub fn resolve<'d>(&'d self, mut value: &'d Value) -> &'d Value {
        // More hops than this are a cycle of references.
        for _ in 0..16 {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return value;
            };
            let pointer = reference.trim_start_matches('#');
            value = self.root.pointer(pointer).unwrap_or(&Value::Null);
        }
        &Value::Null
    }

    /// Names of the properties an object must have, those of its `allOf` included.
    pub fn required<'d>(&'d self, schema: &'d Value) -> Vec<&'d str> {
        let schema = self.resolve(schema);
        let list = |keyword| schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
        let own = list("required").filter_map(Value::as_str);
        own.chain(list("allOf").flat_map(|part| self.required(part))).collect()
    }

    /// A component schema.
    pub fn component(&self, name: &str) -> Option<&Value> {
        self.root.get("components")?.get("schemas")?.get(name)
    }

    /// The component schemas in the order of the document.
    pub fn components(&self) -> impl Iterator<Item = Named<'_>> {
        let schemas = self.root.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
        schemas.map(|(name, schema)| Named { name, schema })
    }

    /// The operations in the order of the document.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut operations = Vec::new();
        for (path, item) in members(self.root.get("paths")) {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    operations.push(self.operation(path, method, item, operation));
                }
            }
        }
        operations
    }

    /// The operation with this method and path.
    pub fn find(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let mut operations = self.operations().into_iter();
        operations.find(|operation| operation.method == method && operation.path == path)
    }

    /// The webhook events: name and schema of the delivery.
    pub fn webhooks(&self) -> Vec<Named<'_>> {
        let mut events = Vec::new();
        for (name, item) in members(self.root.get("webhooks")) {
            for method in METHODS {
                let body = item.get(method).and_then(|event| event.get("requestBody"));
                if let Some(body) = body.and_then(|body| self.body(body)) {
                    let schema = body.schema;
                    events.push(Named { name, schema });
                }
            }
        }
        events
    }

    /// Every component, and every inline schema with a title that is no form.
    pub fn named_schemas(&self) -> Vec<Named<'_>> {
        let mut named: Vec<_> = self.components().collect();
        let inside: Vec<_> = self.components().collect();
        for component in inside {
            children(component.schema, &mut |schema| titled(schema, &mut named));
        }
        for operation in self.operations() {
            for parameter in &operation.parameters {
                titled(parameter.schema, &mut named);
            }
            if let Some(body) = operation.body
                && body.media_type == "application/json"
            {
                titled(body.schema, &mut named);
            }
            for answer in operation.errors.iter().chain([&operation.success]) {
                if let Some(schema) = answer.schema {
                    titled(schema, &mut named);
                }
            }
        }
        named
    }

    fn operation<'d>(&'d self, path: &'d str, method: &str, item: &'d Value, operation: &'d Value) -> Operation<'d> {
        let both = [item, operation].map(|of| of.get("parameters").and_then(Value::as_array));
        let parameters = both.into_iter().flatten().flatten();
        let mut success = Answer { status: 0, schema: None };
        let mut errors = Vec::new();
        for (status, answer) in members(operation.get("responses")) {
            let answer = Answer {
                status: status.parse().unwrap_or_default(),
                schema: self.body(answer).map(|body| body.schema),
            };
            if status.starts_with('2') {
                success = answer;
            } else {
                errors.push(answer);
            }
        }
        Operation {
            method: method.to_ascii_uppercase(),
            path,
            parameters: parameters.filter_map(|given| self.parameter(given)).collect(),
            body: operation.get("requestBody").and_then(|body| self.body(body)),
            success,
            errors,
        }
    }

    fn parameter<'d>(&'d self, given: &'d Value) -> Option<Parameter<'d>> {
        let parameter = self.resolve(given);
        let location = match parameter.get("in")?.as_str()? {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            _ => return None,
        };
        Some(Parameter {
            name: parameter.get("name")?.as_str()?,
            location,
            required: parameter.get("required").and_then(Value::as_bool) == Some(true),
            schema: parameter.get("schema")?,
        })
    }

    fn body<'d>(&'d self, holder: &'d Value) -> Option<Body<'d>> {
        let content = self.resolve(holder).get("content")?.as_object()?;
        let (media_type, media) = content.iter().next()?;
        let schema = media.get("schema")?;
        Some(Body { media_type, schema })
    }
}

/// The members of an object; none of anything else.
fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// Collects the schemas with a title at and below this one.
fn titled<'d>(schema: &'d Value, found: &mut Vec<Named<'d>>) {
    if let Some(name) = schema.get("title").and_then(Value::as_str) {
        found.push(Named { name, schema });
    }
    children(schema, &mut |child| titled(child, found));
}

/// Visits the schemas directly below this one.
fn children<'d>(schema: &'d Value, visit: &mut impl FnMut(&'d Value)) {
    for (_, property) in members(schema.get("properties")) {
        visit(property);
    }
    for keyword in ["oneOf", "anyOf", "allOf"] {
        let list = schema.get(keyword).and_then(Value::as_array);
        list.into_iter().flatten().for_each(&mut *visit);
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(child) = schema.get(keyword) {
            visit(child);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, Location};

    #[test]
    fn the_published_document_has_what_its_facts_state() {
        let document = Document::published().unwrap();
        assert_eq!(document.operations().len(), 117);
        assert_eq!(document.components().count(), 329);
        assert_eq!(document.webhooks().len(), 40);
        let mut names: Vec<_> = document.named_schemas().iter().map(|n| n.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "a title or component name is there twice");
    }

    #[test]
    fn an_operation_has_its_parameters_body_and_answers() {
        let document = Document::published().unwrap();
        let upload = document.find("POST", "/files/upload").unwrap();
        assert_eq!(upload.body.unwrap().media_type, "multipart/form-data");
        assert_eq!(upload.success.status, 200);
        assert_eq!(upload.errors.len(), 8);
        let headers: Vec<_> = upload.parameters_in(Location::Header).map(|p| p.name).collect();
        assert_eq!(headers, ["x-extend-api-version", "x-extend-workspace-id"]);
    }
}
