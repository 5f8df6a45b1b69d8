//! The published OpenAPI document as plain JSON: operations, webhook events, schemas.
//!
//! Must not know the model of the generator. Supports only what the document of this workspace uses.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::Failure;

/// Returns the folder of the workspace.
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
    /// The name on the wire.
    pub name: &'d str,
    /// Where it is sent.
    pub location: Location,
    /// Whether the parameter is required.
    pub required: bool,
    /// The schema of the value.
    pub schema: &'d Value,
}

/// The body of a request or a response.
#[derive(Clone, Copy, Debug)]
pub struct Body<'d> {
    /// The media type, such as `application/json`.
    pub media_type: &'d str,
    /// The schema of the value.
    pub schema: &'d Value,
}

/// A response of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Response<'d> {
    /// The status.
    pub status: u16,
    /// The schema of the JSON body, if there is one.
    pub schema: Option<&'d Value>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation<'d> {
    /// The method, in upper case.
    pub method: String,
    /// The path with its templates.
    pub path: &'d str,
    /// The parameters in the order of the document, with references resolved.
    pub parameters: Vec<Parameter<'d>>,
    /// The request body.
    pub body: Option<Body<'d>>,
    /// The successful response.
    pub success: Response<'d>,
    /// The error responses.
    pub errors: Vec<Response<'d>>,
}

impl<'d> Operation<'d> {
    /// Returns method and path, such as `GET /files/{id}`.
    pub fn label(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns the parameters of one location.
    pub fn parameters_in(&self, location: Location) -> impl Iterator<Item = Parameter<'d>> {
        let all = self.parameters.iter().copied();
        all.filter(move |parameter| parameter.location == location)
    }
}

/// A schema with a name: a component, or an inline schema with a title.
#[derive(Clone, Debug)]
pub struct Named<'d> {
    /// The name of the component, or the title.
    pub name: &'d str,
    /// The schema.
    pub schema: &'d Value,
}

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

impl Document {
    /// Reads the document of this workspace.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read or is not JSON.
    pub fn published() -> Result<Self, Failure> {
        Self::of_version("2026-02-09")
    }

    /// Reads the document of a version of the API.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read or is not JSON.
    pub fn of_version(version: &str) -> Result<Self, Failure> {
        Self::read(&workspace().join("spec").join(version).join("openapi.json"))
    }

    /// Reads a document in JSON.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read or is not JSON.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self::new(serde_json::from_slice(&bytes)?))
    }

    /// Creates a document from JSON.
    pub fn new(root: Value) -> Self {
        Self { root }
    }

    /// Follows references (`#/…`). A broken reference yields `null`.
    pub fn resolve<'d>(&'d self, mut value: &'d Value) -> &'d Value {
        // More references than this form a cycle.
        for _ in 0..16 {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return value;
            };
            let pointer = reference.trim_start_matches('#');
            value = self.root.pointer(pointer).unwrap_or(&Value::Null);
        }
        &Value::Null
    }

    /// Returns the names of the required properties of an object, including those of its `allOf`.
    pub fn required<'d>(&'d self, schema: &'d Value) -> Vec<&'d str> {
        let schema = self.resolve(schema);
        let list = |keyword| schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
        let own = list("required").filter_map(Value::as_str);
        own.chain(list("allOf").flat_map(|part| self.required(part))).collect()
    }

    /// Returns a component schema.
    pub fn component(&self, name: &str) -> Option<&Value> {
        self.root.get("components")?.get("schemas")?.get(name)
    }

    /// Returns the component schemas in the order of the document.
    pub fn components(&self) -> impl Iterator<Item = Named<'_>> {
        let schemas = self.root.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
        schemas.map(|(name, schema)| Named { name, schema })
    }

    /// Returns the operations in the order of the document.
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

    /// Returns the operation with this method and path.
    pub fn find(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let mut operations = self.operations().into_iter();
        operations.find(|operation| operation.method == method && operation.path == path)
    }

    /// Returns the webhook events: name and schema of the delivery.
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

    /// Returns every component, and every inline schema with a title, except those of forms.
    pub fn named_schemas(&self) -> Vec<Named<'_>> {
        let mut named: Vec<_> = self.components().collect();
        let inside: Vec<_> = self.components().collect();
        for component in inside {
            visit_children(component.schema, &mut |schema| collect_titled(schema, &mut named));
        }
        for operation in self.operations() {
            for parameter in &operation.parameters {
                collect_titled(parameter.schema, &mut named);
            }
            if let Some(body) = operation.body
                && body.media_type == "application/json"
            {
                collect_titled(body.schema, &mut named);
            }
            for response in operation.errors.iter().chain([&operation.success]) {
                if let Some(schema) = response.schema {
                    collect_titled(schema, &mut named);
                }
            }
        }
        named
    }

    fn operation<'d>(&'d self, path: &'d str, method: &str, item: &'d Value, operation: &'d Value) -> Operation<'d> {
        let both = [item, operation].map(|of| of.get("parameters").and_then(Value::as_array));
        let parameters = both.into_iter().flatten().flatten();
        let mut success = Response { status: 0, schema: None };
        let mut errors = Vec::new();
        for (status, response) in members(operation.get("responses")) {
            let response = Response {
                status: status.parse().unwrap_or_default(),
                schema: self.body(response).map(|body| body.schema),
            };
            if status.starts_with('2') {
                success = response;
            } else {
                errors.push(response);
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

/// Returns the members of an object, or none for any other value.
fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// Collects this schema and its subschemas if they have a title.
fn collect_titled<'d>(schema: &'d Value, found: &mut Vec<Named<'d>>) {
    if let Some(name) = schema.get("title").and_then(Value::as_str) {
        found.push(Named { name, schema });
    }
    visit_children(schema, &mut |child| collect_titled(child, found));
}

/// Visits the direct subschemas.
fn visit_children<'d>(schema: &'d Value, visit: &mut impl FnMut(&'d Value)) {
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
    fn published_document_has_the_known_inventory() {
        let document = Document::published().unwrap();
        assert_eq!(document.operations().len(), 117);
        assert_eq!(document.components().count(), 329);
        assert_eq!(document.webhooks().len(), 40);
        let mut names: Vec<_> = document.named_schemas().iter().map(|n| n.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "a title or component name is not unique");
    }

    #[test]
    fn operation_has_parameters_body_and_responses() {
        let document = Document::published().unwrap();
        let upload = document.find("POST", "/files/upload").unwrap();
        assert_eq!(upload.body.unwrap().media_type, "multipart/form-data");
        assert_eq!(upload.success.status, 200);
        assert_eq!(upload.errors.len(), 8);
        let headers: Vec<_> = upload.parameters_in(Location::Header).map(|p| p.name).collect();
        assert_eq!(headers, ["x-extend-api-version", "x-extend-workspace-id"]);
    }
}
