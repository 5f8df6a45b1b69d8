//! Reconstructs documents from pages of the fifth generation, which describe in prose what older pages contain as YAML.
//!
//! The prose omits discriminators, bounds, formats, media types other than JSON, and members of unions. Everything reconstructed is
//! therefore marked as approximate. Must not know other pages.

mod bullets;
mod label;
mod shape;
mod unions;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use self::bullets::{Bullet, parse_bullets};
use super::endpoint::Endpoint;
use super::fragment::Fragment;
use super::split::{Block, Page};
use super::{APPROXIMATE, Generation};

/// Second-level headings that only prose pages have.
pub(super) const SECTIONS: [&str; 5] = ["Authentication", "Request", "Response", "Errors", "Types"];

/// Sections by second-level heading, each divided by its subheadings.
type Sections<'a> = BTreeMap<&'a str, Vec<Section<'a>>>;

/// The content below a subheading; content before the first one has no title.
#[derive(Clone, Debug, Default)]
struct Section<'a> {
    title: &'a str,
    list: Vec<Bullet<'a>>,
    text: String,
}

/// Returns whether a page has any of the sections that describe an endpoint.
pub(super) fn has_sections(page: &Page<'_>) -> bool {
    page.blocks.iter().any(|block| match block {
        Block::Heading { level: 2, text } => SECTIONS.contains(text),
        Block::Heading { .. } | Block::Text { .. } | Block::Fence { .. } => false,
    })
}

/// Reconstructs the document of a page.
pub(super) fn read_prose(page: &Page<'_>, endpoint: &Endpoint<'_>) -> Fragment {
    let sections = split_sections(page);
    let servers = parse_servers(&sections);
    let (base, path) = split_url(endpoint, &servers);
    let schemes = parse_security_schemes(&sections);
    let operation = build_operation(page, endpoint, &sections, &schemes);
    let item = json!({endpoint.method.to_ascii_lowercase(): operation});
    let mut document = json!({"components": {"schemas": parse_types(&sections)}});
    // A webhook has no URL of its own.
    if path.is_empty() {
        document["webhooks"] = json!({slug(page, endpoint): item});
    } else {
        document["paths"] = json!({path: item});
        document["servers"] = if servers.is_empty() { json!([{"url": base}]) } else { json!(servers) };
    }
    if !schemes.is_empty() {
        document["components"]["securitySchemes"] = Value::Object(schemes);
    }
    unions::rebuild_unions(&mut document);
    Fragment {
        page: page.title.to_owned(),
        line: page.line,
        generation: Generation::Fifth,
        document,
        url: endpoint.url.to_owned(),
    }
}

fn split_sections<'a>(page: &Page<'a>) -> Sections<'a> {
    let mut found: BTreeMap<&'a str, Vec<(&'a str, Vec<&'a str>)>> = BTreeMap::new();
    let mut current: Option<&mut Vec<(&'a str, Vec<&'a str>)>> = None;
    for block in &page.blocks {
        match (block, current.as_mut()) {
            (Block::Heading { level: 2, text }, _) => {
                let section = found.entry(text).or_default();
                section.push(("", Vec::new()));
                current = Some(section);
            }
            (Block::Heading { text, .. }, Some(section)) => section.push((text, Vec::new())),
            (Block::Text { text, .. }, Some(section)) => {
                section.last_mut().into_iter().for_each(|(_, lines)| lines.push(text));
            }
            (Block::Heading { .. } | Block::Text { .. }, None) | (Block::Fence { .. }, _) => {}
        }
    }
    let read = |(title, lines): (&'a str, Vec<&'a str>)| {
        let (list, text) = parse_bullets(lines);
        Section { title, list, text }
    };
    found.into_iter().map(|(title, parts)| (title, parts.into_iter().map(read).collect())).collect()
}

fn below<'s, 'a>(sections: &'s Sections<'a>, title: &str) -> impl Iterator<Item = &'s Section<'a>> {
    sections.get(title).into_iter().flatten()
}

/// Parses servers: `` - `https://api.example.com` (Production, default) ``
fn parse_servers(sections: &Sections<'_>) -> Vec<Value> {
    let lists = below(sections, "Servers").flat_map(|section| &section.list);
    let server = |bullet: &Bullet<'_>| {
        let (url, rest) = bullet.text.strip_prefix('`')?.split_once('`')?;
        let description = rest.trim().trim_start_matches('(').trim_end_matches(')').replace(", default", "");
        Some((rest.contains("default"), json!({"url": url, "description": description})))
    };
    let mut found: Vec<(bool, Value)> = lists.filter_map(server).collect();
    found.sort_by_key(|(is_default, _)| !is_default);
    found.into_iter().map(|(_, server)| server).collect()
}

/// Splits the URL of an endpoint into server and path.
fn split_url<'a>(endpoint: &Endpoint<'a>, servers: &[Value]) -> (&'a str, &'a str) {
    let url = endpoint.url;
    let bases = servers.iter().filter_map(|server| server.get("url").and_then(Value::as_str));
    let known = bases
        .map(|base| base.trim_end_matches('/'))
        .find(|base| url.strip_prefix(base).is_some_and(|path| path.starts_with('/')));
    let host = url.split_once("://").map_or(0, |(scheme, _)| scheme.len() + 3);
    let length = known.map_or_else(
        || url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |slash| host + slash),
        str::len,
    );
    url.split_at_checked(length).unwrap_or((url, ""))
}

/// Returns the last segment of the URL of a page, the closest equivalent of an operation ID.
pub(super) fn slug(page: &Page<'_>, endpoint: &Endpoint<'_>) -> String {
    let last = endpoint.reference.and_then(|reference| reference.trim_end_matches('/').rsplit('/').next());
    last.map_or_else(
        || page.title.to_ascii_lowercase().replace(' ', "-"),
        |last| last.trim_end_matches(".md").to_owned(),
    )
}

fn build_operation(
    page: &Page<'_>,
    endpoint: &Endpoint<'_>,
    sections: &Sections<'_>,
    schemes: &Map<String, Value>,
) -> Value {
    let group = endpoint.reference.and_then(|reference| reference.trim_end_matches('/').rsplit('/').nth(1));
    let mut operation = json!({
        "operationId": slug(page, endpoint),
        "summary": page.title,
        APPROXIMATE: true,
        "tags": group.into_iter().collect::<Vec<_>>(),
        "responses": parse_responses(sections),
    });
    let parameters = parse_parameters(sections);
    let requirements: Vec<Value> = schemes.keys().map(|name| json!({ name: [] })).collect();
    for (key, value) in [("parameters", parameters), ("security", requirements)] {
        if !value.is_empty() {
            operation[key] = Value::Array(value);
        }
    }
    if !endpoint.description.is_empty() {
        operation["description"] = json!(endpoint.description);
    }
    let body =
        below(sections, "Request").find(|section| section.title.starts_with("Body") || section.title == "Payload");
    if let Some(schema) = body.and_then(|section| shape::section_schema(&section.list)) {
        let media = body.and_then(|section| section.title.split_once('(')?.1.strip_suffix(')'));
        let media = media.or(endpoint.content_type).unwrap_or("application/json");
        operation["requestBody"] = json!({"content": {media: {"schema": schema}}});
    }
    operation
}

fn parse_parameters(sections: &Sections<'_>) -> Vec<Value> {
    let places = [("Path parameters", "path"), ("Query parameters", "query"), ("Headers", "header")];
    let mut found = Vec::new();
    for section in below(sections, "Request") {
        let Some((_, place)) = places.iter().find(|(title, _)| section.title == *title) else { continue };
        for bullet in &section.list {
            let Some(field) = bullet.parse_field() else { continue };
            let mut parameter = json!({
                "name": field.name, "in": place, "required": field.required || *place == "path",
                "schema": shape::field_schema(&field, bullet),
            });
            if let Some(text) =
                parameter["schema"].as_object_mut().and_then(|schema| schema.shift_remove("description"))
            {
                parameter["description"] = text;
            }
            found.push(parameter);
        }
    }
    found
}

/// Returns responses by status. Pages omit responses without a body.
fn parse_responses(sections: &Sections<'_>) -> Value {
    let mut found = Map::new();
    for section in below(sections, "Response").chain(below(sections, "Errors")) {
        let status = section.title.split(' ').next().unwrap_or_default();
        if !(status == "default" || status.len() == 3 && status.starts_with(|first: char| first.is_ascii_digit())) {
            continue;
        }
        let mut response = json!({"description": section.text});
        if let Some(schema) = shape::section_schema(&section.list) {
            response["content"] = json!({"application/json": {"schema": schema}});
        }
        found.insert(status.to_owned(), response);
    }
    if !found.keys().any(|status| status.starts_with('2')) {
        found.insert("204".to_owned(), json!({"description": ""}));
    }
    Value::Object(found)
}

fn parse_types(sections: &Sections<'_>) -> Map<String, Value> {
    let named = below(sections, "Types").filter(|section| !section.title.is_empty());
    named.map(|section| (section.title.to_owned(), shape::component_schema(&section.list, &section.text))).collect()
}

/// Parses credentials: `` - `Authorization` header (bearer token, required) — text ``
fn parse_security_schemes(sections: &Sections<'_>) -> Map<String, Value> {
    let mut found = Map::new();
    for bullet in below(sections, "Authentication").flat_map(|section| &section.list) {
        let name = bullet.text.strip_prefix('`').and_then(|rest| rest.split_once('`')).map(|(name, _)| name);
        let (key, scheme) = match name {
            Some(_) if bullet.text.contains("(bearer token") => ("bearer", json!({"type": "http", "scheme": "bearer"})),
            Some(_) if bullet.text.contains("(basic auth") => ("basic", json!({"type": "http", "scheme": "basic"})),
            Some(name) => (name, json!({"type": "apiKey", "in": "header", "name": name})),
            None if bullet.text.starts_with("OAuth2") => ("oauth2", json!({"type": "oauth2", "flows": {}})),
            None => continue,
        };
        found.insert(key.to_owned(), scheme);
    }
    found
}
