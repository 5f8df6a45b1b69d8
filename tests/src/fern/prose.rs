//! Writes a document as prose pages, in the form of documentation sites since autumn 2026, with the same omissions.
//!
//! Takes the document as published, with references. Must not know the generator.

use serde_json::Value;

/// Writes the pages of a document: one for each operation and webhook.
pub fn write_pages(document: &Value) -> Vec<String> {
    let mut pages = Vec::new();
    for part in ["paths", "webhooks"] {
        for (path, item) in members(document.get(part)) {
            for (method, operation) in members(Some(item)) {
                let writer = Writer { document, types: Vec::new() };
                pages.push(writer.page(part, path, method, operation));
            }
        }
    }
    pages
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Writes one page.
struct Writer<'a> {
    document: &'a Value,
    /// Types that the page refers to, in order.
    types: Vec<String>,
}

/// The label of a type, and what is nested below it.
#[derive(Default)]
struct Label<'a> {
    text: String,
    fields: Option<&'a Value>,
    values: Vec<String>,
    is_nullable: bool,
}

impl<'a> Writer<'a> {
    fn page(mut self, part: &str, path: &str, method: &str, operation: &'a Value) -> String {
        let is_webhook = part == "webhooks";
        let url = if is_webhook { String::new() } else { format!("https://api.extend.ai{path}") };
        let slug = path.replace(|character: char| !character.is_ascii_alphanumeric(), "-");
        let slug = if is_webhook { format!("{slug}-webhook") } else { format!("{method}{slug}") };
        let mut page = format!(
            "# {}\n\n{} {url}\n\nReference: https://docs.extend.ai/api-reference/x/{slug}\n\n",
            text(operation, "summary"),
            method.to_uppercase()
        );
        if !is_webhook {
            page.push_str("## Authentication\n\n- `Authorization` header (bearer token, required)\n\n");
        }
        page.push_str("## Request\n\n");
        for (place, title) in [("path", "Path parameters"), ("query", "Query parameters"), ("header", "Headers")] {
            page.push_str(&self.parameters(operation, place, title));
        }
        let body = operation.get("requestBody").and_then(|body| body.get("content"));
        if let Some((media, content)) = members(body).next() {
            let title = if is_webhook { "Payload".to_owned() } else { format!("Body ({media})") };
            page.push_str(&format!("### {title}\n\n{}\n", self.body(content)));
        }
        if !is_webhook {
            page.push_str("## Response\n\n");
            for (status, response) in members(operation.get("responses")).filter(|(status, _)| status.starts_with('2'))
            {
                let json = response.get("content").and_then(|content| content.get("application/json"));
                let body = json.map(|content| self.body(content)).unwrap_or_default();
                page.push_str(&format!("### {status}\n\n{}\n\n{body}\n", text(response, "description")));
            }
        }
        page.push_str("## Types\n\n");
        let mut next = 0;
        while let Some(name) = self.types.get(next).cloned() {
            page.push_str(&format!("### {name}\n\n{}\n", self.named(&name)));
            next += 1;
        }
        page
    }

    fn parameters(&mut self, operation: &'a Value, place: &str, title: &str) -> String {
        let all: Vec<&Value> = items(operation.get("parameters")).map(|parameter| self.followed(parameter)).collect();
        let here = all.into_iter().filter(|parameter| text(parameter, "in") == place);
        let lines: String = here
            .filter_map(|parameter| {
                let is_required = parameter.get("required") == Some(&Value::Bool(true));
                Some(self.field(text(parameter, "name"), parameter.get("schema")?, is_required, 0))
            })
            .collect();
        if lines.is_empty() { lines } else { format!("### {title}\n\n{lines}\n") }
    }

    fn body(&mut self, content: &'a Value) -> String {
        let Some(schema) = content.get("schema") else { return String::new() };
        let fields = self.fields(schema, 0);
        if fields.is_empty() { format!("- `{}`\n", self.label(schema).text) } else { fields }
    }

    /// Writes the section of a type. Of a union, only its name and the sections of its members are left.
    fn named(&mut self, name: &str) -> String {
        let schema = self.document.pointer(&format!("/components/schemas/{name}"));
        let schema = schema.unwrap_or(&Value::Null);
        for member in ["oneOf", "anyOf"].into_iter().flat_map(|key| items(schema.get(key))) {
            self.label(member);
        }
        self.fields(schema, 0)
    }

    fn fields(&mut self, schema: &'a Value, indent: usize) -> String {
        let mut required = Vec::new();
        self.collect_required(schema, &mut required);
        let mut names: Vec<(String, &'a Value)> = Vec::new();
        self.collect_properties(schema, &mut names);
        names.sort_by_key(|(name, _)| !required.contains(name));
        names.iter().map(|(name, property)| self.field(name, property, required.contains(name), indent)).collect()
    }

    /// Collects the properties of an object, including inherited ones, without duplicates.
    fn collect_properties(&self, schema: &'a Value, found: &mut Vec<(String, &'a Value)>) {
        let schema = self.followed(schema);
        items(schema.get("allOf")).for_each(|member| self.collect_properties(member, found));
        for (name, property) in members(schema.get("properties")) {
            found.retain(|(known, _)| known != name);
            found.push((name.clone(), property));
        }
    }

    fn collect_required(&self, schema: &'a Value, found: &mut Vec<String>) {
        let schema = self.followed(schema);
        items(schema.get("allOf")).for_each(|member| self.collect_required(member, found));
        found.extend(items(schema.get("required")).filter_map(Value::as_str).map(str::to_owned));
    }

    fn field(&mut self, name: &str, schema: &'a Value, is_required: bool, indent: usize) -> String {
        let label = self.label(schema);
        let presence = if is_required { "required" } else { "optional" };
        let nullable = if label.is_nullable { ", nullable" } else { "" };
        let words = text(schema, "description").split_whitespace().collect::<Vec<_>>().join(" ");
        let words = if words.is_empty() { words } else { format!(" — {words}") };
        let space = " ".repeat(indent);
        let mut lines = format!("{space}- `{name}` ({}, {presence}{nullable}){words}\n", label.text);
        if !label.values.is_empty() {
            lines.push_str(&format!("{space}  - Allowed values: {}\n", label.values.join(", ")));
        }
        if let Some(inner) = label.fields {
            lines.push_str(&self.fields(inner, indent + 2));
        }
        lines
    }

    fn label(&mut self, schema: &'a Value) -> Label<'a> {
        let plain = |text: &str| Label { text: text.to_owned(), ..Label::default() };
        let target = self.followed(schema);
        let has = |key: &str| target.get(key).is_some();
        if let Some(name) = text(schema, "$ref").strip_prefix("#/components/schemas/") {
            if has("properties") || has("allOf") || has("oneOf") || has("anyOf") {
                if !self.types.iter().any(|known| known == name) {
                    self.types.push(name.to_owned());
                }
                return plain(name);
            }
            return self.label(target);
        }
        if let Some(literal) = schema.get("const").and_then(Value::as_str) {
            return plain(&format!("\"{literal}\""));
        }
        let union: Vec<&Value> = ["oneOf", "anyOf"].into_iter().flat_map(|key| items(schema.get(key))).collect();
        let inherited: Vec<&Value> = items(schema.get("allOf")).collect();
        if let ([], [only]) = (union.as_slice(), inherited.as_slice()) {
            return self.label(only);
        }
        if !union.is_empty() {
            let is_null = |member: &&Value| text(member, "type") == "null";
            let labels: Vec<Label<'a>> =
                union.iter().filter(|member| !is_null(member)).map(|member| self.label(member)).collect();
            let is_nullable = labels.len() < union.len();
            let words = labels.iter().map(|label| label.text.clone()).collect::<Vec<_>>().join(" or ");
            let only = labels.into_iter().next().filter(|_| union.len() - usize::from(is_nullable) == 1);
            return Label { text: words, is_nullable, ..only.unwrap_or_default() };
        }
        self.simple(schema)
    }

    fn simple(&mut self, schema: &'a Value) -> Label<'a> {
        let kinds: Vec<&str> = match schema.get("type") {
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            Some(kind) => kind.as_str().into_iter().collect(),
            None => Vec::new(),
        };
        let is_nullable = kinds.contains(&"null");
        let values: Vec<String> =
            items(schema.get("enum")).filter_map(Value::as_str).map(|value| format!("`{value}`")).collect();
        let kind = kinds.into_iter().find(|kind| *kind != "null").unwrap_or("any");
        let label = match (kind, schema.get("items"), schema.get("additionalProperties")) {
            (_, _, _) if !values.is_empty() => Label { text: "enum".to_owned(), values, ..Label::default() },
            ("array", Some(inner), _) => {
                let inner = self.label(inner);
                Label { text: format!("list of {}", inner.text), ..inner }
            }
            ("object", _, _) if schema.get("properties").is_some() => {
                Label { text: "object".to_owned(), fields: Some(schema), ..Label::default() }
            }
            ("object", _, Some(inner @ Value::Object(_))) => {
                let inner = self.label(inner);
                Label { text: format!("map from string to {}", inner.text), ..inner }
            }
            ("object", _, _) => Label { text: "map from string to any".to_owned(), ..Label::default() },
            ("number", _, _) => Label { text: "double".to_owned(), ..Label::default() },
            (kind, _, _) => Label { text: kind.to_owned(), ..Label::default() },
        };
        Label { is_nullable, ..label }
    }

    fn followed(&self, value: &'a Value) -> &'a Value {
        let pointer = text(value, "$ref").strip_prefix('#');
        pointer.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }
}
