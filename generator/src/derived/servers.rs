//! Derives deployments from the servers of a document: complete URLs become environments, URLs with open variables become
//! functions. Knows nothing of authentication.

use std::collections::BTreeSet;

use heck::ToKebabCase;
use serde_json::Value;

use crate::names::RustIdent;
use crate::pointer::Pointer;
use crate::profile::{Environment, Server, ServerVariable};

/// Maximum number of combinations of enumerated values that become one deployment each.
const MAX_COMBINATIONS: usize = 16;
/// Maximum number of servers of individual operations that become deployments.
const MAX_OWN: usize = 32;

/// The servers of a document.
#[derive(Debug, Default)]
pub(super) struct Servers {
    /// Deployments, the default first.
    pub environments: Vec<Environment>,
    /// URLs with variables for the user to fill in.
    pub open: Vec<Server>,
    /// URLs without a host, or with more than a path after the host.
    pub unusable: Vec<String>,
    /// Servers of individual operations.
    pub own: Vec<OwnServer>,
    /// Names of the deployments in Rust.
    taken: BTreeSet<RustIdent>,
}

/// A server of individual operations.
#[derive(Debug)]
pub(super) struct OwnServer {
    /// Its URL, as written in the document.
    pub url: String,
    /// Where it is declared first.
    pub place: Pointer,
    /// How many times it is declared.
    pub count: usize,
}

/// Derives the servers of a document. `origin` is the URL that the document was read from, if any; relative URLs are resolved
/// against it.
pub(super) fn derive_servers(document: &Value, origin: Option<&str>) -> Servers {
    let listed = list(document);
    let mut servers: Vec<(usize, &Value, &str)> = Vec::new();
    for (index, server) in listed.iter().enumerate() {
        servers.extend(url(server).map(|url| (index + 1, server, url)));
    }
    // Clients refuse to send a credential unencrypted, so the default must be a server that they can use.
    servers.sort_by_key(|(_, _, url)| is_insecure(url));
    let mut found = Servers::default();
    for (number, server, url) in servers {
        found.add(Template::read(&absolute(url, origin), server), number, url);
    }
    found.add_own(document, origin);
    found
}

fn list(owner: &Value) -> &[Value] {
    owner.get("servers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn url(server: &Value) -> Option<&str> {
    server.get("url").and_then(Value::as_str).map(str::trim)
}

/// Returns the servers of path items and operations, with their locations.
fn own(document: &Value) -> Vec<(Pointer, &Value)> {
    let place = Pointer::root().join("paths");
    let mut found = Vec::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        let place = place.join(path);
        let first = |owner| list(owner).first();
        found.extend(first(item).map(|server| (place.join("servers").join(0), server)));
        for (method, operation) in item.as_object().into_iter().flatten() {
            found.extend(first(operation).map(|server| (place.join(method).join("servers").join(0), server)));
        }
    }
    found
}

/// Returns whether a credential would travel unencrypted over a network.
fn is_insecure(url: &str) -> bool {
    let host = url.strip_prefix("http://").unwrap_or("localhost");
    !["localhost", "127.", "[::1]"].iter().any(|start| host.starts_with(start))
}

/// Resolves the URL of a server against the URL of the document.
fn absolute(url: &str, origin: Option<&str>) -> String {
    let Some((scheme, rest)) = origin.and_then(|origin| origin.split_once("://")) else { return url.to_owned() };
    let (path, host) = (rest.split(['?', '#']).next().unwrap_or_default(), rest.split(['/', '?', '#']).next());
    let host = host.unwrap_or_default();
    let folder = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
    match url {
        _ if url.contains("://") || url.starts_with('{') => url.to_owned(),
        _ if url.starts_with("//") => format!("{scheme}:{url}"),
        _ if url.starts_with('/') => format!("{scheme}://{host}{url}"),
        _ => format!("{scheme}://{folder}/{}", url.trim_start_matches("./")),
    }
}

/// A server URL with its variables, as the document describes it.
struct Template {
    url: String,
    title: String,
    /// In the order of the URL.
    variables: Vec<Variable>,
}

struct Variable {
    name: String,
    default: String,
    values: Vec<String>,
    description: String,
}

impl Template {
    fn read(url: &str, server: &Value) -> Self {
        let mut variables: Vec<Variable> = Vec::new();
        for name in url.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)) {
            if variables.iter().all(|known| known.name != name) {
                variables.push(Variable::read(name, server.get("variables").and_then(|all| all.get(name))));
            }
        }
        let title = server.get("description").and_then(Value::as_str).unwrap_or_default().trim();
        let title = title.lines().next().filter(|line| !line.is_empty()).unwrap_or("Server").to_owned();
        Self { url: url.to_owned(), title, variables }
    }

    /// Returns every combination of the enumerated values, the default first, or only the default if there are too many.
    fn combinations(&self) -> Vec<Vec<&str>> {
        let listed = self.variables.iter().map(|variable| variable.values.len().max(1));
        let count = listed.fold(1_usize, usize::saturating_mul);
        let default = self.variables.iter().map(|variable| variable.default.as_str()).collect();
        let mut combinations = vec![default];
        if count > MAX_COMBINATIONS {
            return combinations;
        }
        for (index, variable) in self.variables.iter().enumerate() {
            let others = variable.values.iter().filter(|value| **value != variable.default);
            let more: Vec<Vec<&str>> = others
                .flat_map(|value| {
                    combinations.iter().map(move |combination| {
                        let mut combination = combination.clone();
                        combination[index] = value.as_str();
                        combination
                    })
                })
                .collect();
            combinations.extend(more);
        }
        combinations
    }

    /// Returns whether the variables may have values that the combinations do not cover.
    fn is_open(&self, combinations: usize) -> bool {
        let listed = self.variables.iter().map(|variable| variable.values.len());
        listed.fold(1_usize, usize::saturating_mul) != combinations
    }

    fn filled(&self, values: &[&str]) -> String {
        let variables = self.variables.iter().zip(values);
        variables.fold(self.url.clone(), |url, (variable, value)| url.replace(&format!("{{{}}}", variable.name), value))
    }

    /// Returns the enumerated values of a combination, with their variables.
    fn listed<'a>(&'a self, values: &'a [&str]) -> impl Iterator<Item = (&'a Variable, &'a str)> {
        let pairs = self.variables.iter().zip(values.iter().copied());
        pairs.filter(|(variable, _)| !variable.values.is_empty())
    }

    /// Returns the name of a combination: its enumerated values.
    fn name(&self, values: &[&str]) -> String {
        self.listed(values).map(|(_, value)| value).collect::<Vec<_>>().join("-").to_kebab_case()
    }

    /// Returns the title of a combination, which includes its enumerated values.
    fn title_with(&self, values: &[&str]) -> String {
        let listed: Vec<String> =
            self.listed(values).map(|(variable, value)| format!("{}: {value}", variable.name)).collect();
        format!("{} ({})", self.title, listed.join(", "))
    }

    fn into_server(self) -> Server {
        let place = self.url.split_once("://").map_or("", |(_, place)| place);
        let in_place = |variable: &&Variable| place.contains(&format!("{{{}}}", variable.name));
        let mut candidates = self.variables.iter().filter(in_place);
        let first = candidates.clone().find(|variable| variable.values.is_empty()).or_else(|| candidates.next());
        let name = first.map_or_else(|| "server".to_owned(), |variable| variable.name.clone());
        let variables = self.variables.into_iter().map(|variable| ServerVariable {
            name: variable.name,
            default: variable.default,
            values: variable.values,
            doc: variable.description,
        });
        Server { name, url: self.url, title: self.title, variables: variables.collect() }
    }
}

impl Variable {
    fn read(name: &str, variable: Option<&Value>) -> Self {
        let string = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let part = |key| variable.and_then(|variable| variable.get(key));
        let values = part("enum").and_then(Value::as_array).into_iter().flatten().map(string).collect::<Vec<_>>();
        let default = part("default").map(string).or_else(|| values.first().cloned()).unwrap_or_default();
        let description = part("description").and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        Self { name: name.to_owned(), default, values, description }
    }
}

impl Servers {
    /// Adds the servers of individual operations. A separate client can use one of them as its base URL.
    fn add_own(&mut self, document: &Value, origin: Option<&str>) {
        let shared: BTreeSet<&str> =
            list(document).iter().filter_map(url).map(|url| url.trim_end_matches('/')).collect();
        for (place, server) in own(document) {
            let Some(written) = url(server) else { continue };
            let whole = absolute(written, origin);
            let is_place = whole.split_once("://").is_some_and(|(_, host)| !host.is_empty());
            if !is_place || shared.contains(written.trim_end_matches('/')) {
                continue;
            }
            if let Some(known) = self.own.iter_mut().find(|known| known.url == written) {
                known.count += 1;
                continue;
            }
            if self.own.len() == MAX_OWN {
                continue;
            }
            self.own.push(OwnServer { url: written.to_owned(), place, count: 1 });
            let number = list(document).len() + self.own.len();
            self.add(Template::read(&whole, server), number, written);
        }
    }

    fn add(&mut self, template: Template, number: usize, written: &str) {
        let combinations = template.combinations();
        let is_open = template.is_open(combinations.len());
        for values in &combinations {
            let url = template.filled(values);
            if is_absolute(&url) {
                let (name, title) = match combinations.as_slice() {
                    [_] => (String::new(), template.title.clone()),
                    _ => (template.name(values), template.title_with(values)),
                };
                let name = self.free_name(name, number);
                self.environments.push(Environment { name: name.clone(), region: name, url, title });
            } else if !is_open {
                self.unusable.push(written.to_owned());
                return;
            }
        }
        if is_open && has_scheme(&template.url) {
            self.open.push(template.into_server());
        } else if is_open {
            self.unusable.push(written.to_owned());
        }
    }

    fn free_name(&mut self, wanted: String, number: usize) -> String {
        let is_first = self.environments.is_empty();
        let numbered = if is_first { "default".to_owned() } else { format!("server-{number}") };
        let first = if wanted.is_empty() { numbered.clone() } else { wanted.clone() };
        let second = if wanted.is_empty() { numbered } else { format!("server-{number}-{wanted}") };
        let more = (2..).map(|count| format!("{second}-{count}"));
        let is_free = |name: &String| !self.taken.contains(&RustIdent::snake(name));
        let candidates = std::iter::once(first).chain(std::iter::once(second.clone())).chain(more);
        let name = candidates.into_iter().find(is_free).unwrap_or(second);
        self.taken.insert(RustIdent::snake(&name));
        name
    }
}

/// Returns whether a template contains a scheme, possibly as a variable.
fn has_scheme(url: &str) -> bool {
    url.contains("://")
}

/// Returns whether `url` is absolute, with a host and at most a path after it.
fn is_absolute(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let has_host = !host.is_empty() && !host.starts_with(['.', ':']) && !host.ends_with(':') && !host.contains("..");
    has_host
        && !url
            .contains(|character: char| matches!(character, '{' | '}' | '?' | '#' | '@') || character.is_whitespace())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(servers: Value, origin: Option<&str>) -> Vec<String> {
        let found = derive_servers(&json!({"servers": servers}), origin);
        let environments = found.environments.iter().map(|server| format!("{} {}", server.name, server.url));
        let open = found.open.iter().map(|server| format!("open {} {}", server.name, server.url));
        environments.chain(open).chain(found.unusable.iter().map(|url| format!("unusable {url}"))).collect()
    }

    #[test]
    fn complete_urls_become_deployments_and_open_urls_become_functions() {
        let region = json!({"default": "us", "enum": ["eu", "us"]});
        let many: Vec<String> = (0..17).map(|number| format!("r{number}")).collect();
        let rows: Vec<(Value, &[&str])> = vec![
            (
                json!([{"url": "https://a.com"}, {"url": "https://b.com", "description": "Second"}]),
                &["default https://a.com", "server-2 https://b.com"],
            ),
            (
                json!([{"url": "https://{r}.a.com/v{n}", "variables": {"r": region, "n": {"default": 2}}}]),
                &["us https://us.a.com/v2", "eu https://eu.a.com/v2", "open n https://{r}.a.com/v{n}"],
            ),
            (
                json!([{"url": "https://{r}.{s}.a.com", "variables": {"r": region, "s": {"enum": ["x", "y"]}}}]),
                &[
                    "us-x https://us.x.a.com",
                    "eu-x https://eu.x.a.com",
                    "us-y https://us.y.a.com",
                    "eu-y https://eu.y.a.com",
                ],
            ),
            (
                json!([{"url": "https://{t}.a.com:{p}", "variables": {"t": {"default": "demo"}, "p": {"enum": ["443"]}}}]),
                &["default https://demo.a.com:443", "open t https://{t}.a.com:{p}"],
            ),
            (json!([{"url": "https://{t}.a.com", "variables": {"t": {"default": ""}}}]), &["open t https://{t}.a.com"]),
            (
                json!([{"url": "https://{r}.a.com", "variables": {"r": {"default": "r3", "enum": many}}}]),
                &["default https://r3.a.com", "open r https://{r}.a.com"],
            ),
            (
                json!([
                    {"url": "https://{r}.a.com", "variables": {"r": region}},
                    {"url": "https://{r}.b.com", "variables": {"r": region}},
                ]),
                &[
                    "us https://us.a.com",
                    "eu https://eu.a.com",
                    "server-2-us https://us.b.com",
                    "server-2-eu https://eu.b.com",
                ],
            ),
            (
                json!([{"url": "http://a.com"}, {"url": "http://localhost:1"}, {"url": "https://a.com"}]),
                &["default http://localhost:1", "server-3 https://a.com", "server-1 http://a.com"],
            ),
            (
                json!([{"url": "{s}://{h}", "variables": {"s": {"default": "http"}, "h": {"default": "localhost"}}}]),
                &["default http://localhost", "open h {s}://{h}"],
            ),
            (json!([{"url": "/v1"}, {"url": "api.a.com"}]), &["unusable /v1", "unusable api.a.com"]),
            (json!([{"url": "/{n}"}]), &["unusable /{n}"]),
            (json!([{"url": "https://{undescribed}"}]), &["open undescribed https://{undescribed}"]),
            (json!([{"url": "https://a.com?x=1"}, {"url": 1}, {}]), &["unusable https://a.com?x=1"]),
        ];
        for (servers, expected) in rows {
            assert_eq!(read(servers.clone(), None), expected, "{servers}");
        }
    }

    #[test]
    fn servers_of_individual_operations_become_deployments() {
        let at = |url: &str| json!([{"url": url}]);
        let document = json!({
            "servers": at("https://a.com/"),
            "paths": {
                "/a": {"servers": at("https://a.com"), "get": {"servers": at("https://b.com")}},
                "/b": {"servers": at("https://b.com"), "get": {"servers": at("https://")}, "put": {"servers": []}},
            },
        });
        let found = derive_servers(&document, None);
        let urls: Vec<&str> = found.environments.iter().map(|server| server.url.as_str()).collect();
        assert_eq!(urls, ["https://a.com/", "https://b.com"]);
        let own: Vec<_> = found.own.iter().map(|own| (own.url.as_str(), own.place.to_string(), own.count)).collect();
        assert_eq!(own, [("https://b.com", "/paths/~1a/get/servers/0".to_owned(), 2)]);
    }

    #[test]
    fn relative_server_urls_are_resolved_against_the_document_url() {
        let rows = [
            ("/v1", "https://a.com/docs/openapi.json?x=/", "https://a.com/v1"),
            ("v1", "https://a.com/docs/openapi.json", "https://a.com/docs/v1"),
            ("./v1", "https://a.com/openapi.json", "https://a.com/v1"),
            ("//b.com/v1", "https://a.com/openapi.json", "https://b.com/v1"),
            ("https://b.com", "https://a.com/openapi.json", "https://b.com"),
            ("/", "http://127.0.0.1:80/x", "http://127.0.0.1:80/"),
        ];
        for (url, origin, expected) in rows {
            assert_eq!(read(json!([{"url": url}]), Some(origin)), [format!("default {expected}")], "{url} {origin}");
        }
    }
}
