//! The forms in which sites publish documents, as seen in the field.

use serde_json::{Value, json};

use super::documents::Published;
use super::parts::{Generation, add_document, add_selected, banner, catalog, index, listing, pages_of};
use super::{Resource, Resources, Site};

/// The form of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One document under its usual names.
    Single,
    /// A list of APIs in place of the document.
    ListingArray,
    /// An object that contains the list.
    ListingObject,
    /// An object whose keys are the IDs.
    ListingMap,
    /// The list in YAML.
    ListingYaml,
    /// Text with links.
    ListingText,
    /// The list in an error response that asks to choose.
    ListingError,
    /// A table of IDs, in text that says how one is used.
    ListingIds,
    /// An error whose message has links.
    ListingMessage,
    /// An object whose keys are versions, and whose values are IDs.
    ListingWords,
    /// An entry on each line, with IDs and names under longer keys.
    ListingLines,
    /// A catalog at its well-known place, and nothing else.
    Catalog,
    /// A catalog as a linkset in text form.
    CatalogText,
    /// A catalog at another place, which `Link` headers name.
    LinkHeader,
    /// `Link` headers that name the documents by their media type.
    LinkAlternate,
    /// A web page with a viewer, whose script names the documents.
    Viewer,
    /// An index that lists versions only in its quoted banner.
    BannerIndex,
    /// An index with a section of versions.
    VersionIndex,
    /// An index of sections, each with a document of its own that holds only a part.
    SectionIndex,
    /// An index of pages, and the pages.
    Pages(Generation),
    /// All pages as one text.
    LlmsFull(Generation),
    /// A web page under every name.
    Html,
    /// A login page in place of everything, and an empty catalog.
    Login,
}

impl Form {
    /// All forms by name, with what they are.
    pub const ALL: [(&'static str, Self, &'static str); 34] = [
        ("single", Self::Single, "one document under its usual names"),
        ("listing-array", Self::ListingArray, "a list of APIs in place of the document"),
        ("listing-object", Self::ListingObject, "an object that contains the list"),
        ("listing-map", Self::ListingMap, "an object whose keys are the IDs"),
        ("listing-yaml", Self::ListingYaml, "the list in YAML"),
        ("listing-text", Self::ListingText, "text with links"),
        ("listing-error", Self::ListingError, "the list in an error response that asks to choose"),
        ("listing-ids", Self::ListingIds, "a table of IDs, in text that says how one is used"),
        ("listing-message", Self::ListingMessage, "an error whose message has links"),
        ("listing-words", Self::ListingWords, "an object whose keys are versions, and whose values are IDs"),
        ("listing-lines", Self::ListingLines, "an entry on each line, with IDs and names under longer keys"),
        ("catalog", Self::Catalog, "a catalog at /.well-known/api-catalog, and nothing else"),
        ("catalog-text", Self::CatalogText, "the catalog as a linkset in text form"),
        ("link-header", Self::LinkHeader, "a catalog that only Link headers name"),
        ("link-alternate", Self::LinkAlternate, "Link headers that name the documents by media type"),
        ("viewer", Self::Viewer, "a web page whose script names the documents"),
        ("banner-index", Self::BannerIndex, "an index that lists versions only in its banner"),
        ("version-index", Self::VersionIndex, "an index with a section of versions"),
        ("section-index", Self::SectionIndex, "an index of sections with documents that hold a part"),
        ("pages-2", Self::Pages(Generation::Second), "an index and its pages, second generation"),
        ("pages-3", Self::Pages(Generation::Third), "an index and its pages, third generation"),
        ("pages-4", Self::Pages(Generation::Fourth), "an index and its pages, fourth generation"),
        ("pages-5", Self::Pages(Generation::Fifth), "an index and its pages in prose"),
        ("pages-fenced", Self::Pages(Generation::Fenced), "an index and its pages, with YAML named after the endpoint"),
        ("pages-definition", Self::Pages(Generation::Definition), "an index and its pages, with JSON below a heading"),
        ("pages-inline", Self::Pages(Generation::Inline), "an index and its pages, with JSON on one line"),
        ("pages-bare", Self::Pages(Generation::Bare), "an index and its pages, without schemas"),
        ("llms-full-2", Self::LlmsFull(Generation::Second), "all pages as one text, second generation"),
        ("llms-full-3", Self::LlmsFull(Generation::Third), "all pages as one text, third generation"),
        ("llms-full-4", Self::LlmsFull(Generation::Fourth), "all pages as one text, fourth generation"),
        ("llms-full-5", Self::LlmsFull(Generation::Fifth), "all pages as one text in prose"),
        ("llms-full-bare", Self::LlmsFull(Generation::Bare), "all pages as one text, without schemas"),
        ("html", Self::Html, "a web page under every name"),
        ("login", Self::Login, "a login page in place of everything"),
    ];

    /// Returns the form of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _, _)| *known == name).map(|(_, form, _)| form)
    }
}

/// Returns the resources of a site; `url` is its scheme, host, port and base path.
pub(super) fn resources(site: &Site, url: &str) -> Resources {
    let (base, documents) = (site.base.as_str(), site.documents.as_slice());
    let mut found = Resources::new();
    match site.form {
        Form::Single => documents.iter().take(1).for_each(|first| add_document(&mut found, base, "", &first.document)),
        Form::ListingArray
        | Form::ListingObject
        | Form::ListingMap
        | Form::ListingYaml
        | Form::ListingText
        | Form::ListingError
        | Form::ListingIds
        | Form::ListingMessage
        | Form::ListingWords
        | Form::ListingLines => {
            for name in ["openapi.json", "openapi.yaml", "openapi.yml"] {
                found.insert(format!("{base}/{name}"), listing_of(site.form, url, documents));
            }
            add_selected(&mut found, base, documents);
        }
        Form::Catalog | Form::CatalogText => {
            add_selected(&mut found, base, documents);
            found.insert(format!("{base}/.well-known/api-catalog"), catalog_of(site.form, base, url, documents));
        }
        Form::LinkAlternate => add_machines(&mut found, base, documents),
        Form::Viewer => {
            documents
                .iter()
                .for_each(|one| add_document(&mut found, &format!("{base}/files/{}", one.id()), "", &one.document));
            found.insert(format!("{base}/"), Resource::new("text/html", viewer(base, documents)));
        }
        Form::LinkHeader => {
            add_machines(&mut found, base, documents);
            // Relative to the catalog.
            let body = catalog(documents, Published::id);
            found.insert(format!("{base}/machines/catalog"), Resource::new("application/linkset+json", body));
        }
        Form::BannerIndex => add_versions(&mut found, base, documents, banner(url, documents)),
        Form::VersionIndex => add_versions(&mut found, base, documents, version_index(base, documents)),
        Form::SectionIndex => documents.iter().take(1).for_each(|first| add_sections(&mut found, base, url, first)),
        Form::Pages(generation) => {
            documents.iter().take(1).for_each(|first| add_pages(&mut found, base, url, first, generation));
        }
        Form::LlmsFull(generation) => {
            let pages = documents.first().map(|first| pages_of(first, generation)).unwrap_or_default();
            let text = format!("{}\n{}", banner(url, documents), pages.join("\n"));
            found.insert(format!("{base}/llms-full.txt"), Resource::new("text/plain; charset=utf-8", text));
        }
        Form::Html => {}
        Form::Login => {
            let page = "<!doctype html><form><input type=\"password\"></form>";
            found.insert(format!("{base}/login"), Resource::new("text/html", page));
            let empty = Resource::new("application/linkset+json", "{\"linkset\": []}");
            found.insert(format!("{base}/.well-known/api-catalog"), empty);
        }
    }
    found
}

/// Adds each document below a folder that nothing but a header names.
fn add_machines(found: &mut Resources, base: &str, documents: &[Published]) {
    for published in documents {
        let path = format!("{base}/machines/{}", published.id());
        found.insert(path, Resource::new("application/octet-stream", published.document.to_string()));
    }
}

/// Returns a web page with a viewer.
fn viewer(base: &str, documents: &[Published]) -> String {
    let entry = |published: &Published| {
        format!("{{ url: \"{base}/files/{}/openapi.json\", name: '{}' }}", published.id(), published.name())
    };
    let entries: Vec<String> = documents.iter().map(entry).collect();
    format!(
        "<!doctype html><div id=viewer></div><script>show({{ urls: [{}], deepLinking: true }})</script>",
        entries.join(", ")
    )
}

/// Returns a listing in one of its forms.
fn listing_of(form: Form, url: &str, documents: &[Published]) -> Resource {
    match form {
        Form::ListingObject => {
            json_resource(&json!({"message": "Choose an API with ?api=<id>.", "apis": listing(documents)}))
        }
        Form::ListingMap => {
            let entry = |published: &Published| (published.id(), json!({"title": published.name()}));
            let map: serde_json::Map<String, Value> = documents.iter().map(entry).collect();
            json_resource(&json!({"apis": map}))
        }
        Form::ListingYaml => {
            Resource::new("application/x-yaml", serde_yaml::to_string(&listing(documents)).unwrap_or_default())
        }
        Form::ListingText => {
            let line =
                |published: &Published| format!("- {}: {url}/openapi.json?api={}\n", published.name(), published.id());
            let text: String = documents.iter().map(line).collect();
            Resource::new("text/plain; charset=utf-8", format!("This site has several APIs:\n\n{text}"))
        }
        Form::ListingError => {
            let list = json!({"error": "several APIs", "available": listing(documents)});
            json_resource(&list).with_status("300 Multiple Choices")
        }
        Form::ListingIds | Form::ListingMessage | Form::ListingWords | Form::ListingLines => {
            unusual_listing(form, url, documents)
        }
        Form::Single
        | Form::ListingArray
        | Form::Catalog
        | Form::CatalogText
        | Form::LinkHeader
        | Form::LinkAlternate
        | Form::Viewer
        | Form::BannerIndex
        | Form::VersionIndex
        | Form::SectionIndex
        | Form::Pages(_)
        | Form::LlmsFull(_)
        | Form::Html
        | Form::Login => json_resource(&listing(documents)),
    }
}

/// Returns a listing in a form without lists or objects of entries.
fn unusual_listing(form: Form, url: &str, documents: &[Published]) -> Resource {
    let each = |line: &dyn Fn(&Published) -> String| documents.iter().map(line).collect::<Vec<String>>();
    if form == Form::ListingIds {
        let rows = each(&|published| format!("| {} | {} |\n", published.id(), published.name())).concat();
        let text = format!("Choose one with ?api=<id>:\n\n| id | name |\n|---|---|\n{rows}");
        return Resource::new("text/plain; charset=utf-8", text);
    }
    if form == Form::ListingMessage {
        let links = each(&|published| format!("{url}/openapi.json?api={}", published.id())).join(" or ");
        let message = json!({"error": format!("There are several APIs: use {links}.")});
        return json_resource(&message).with_status("400 Bad Request");
    }
    if form == Form::ListingWords {
        let entry = |published: &Published| (published.version.clone(), Value::from(published.id()));
        return json_resource(&json!({"apis": documents.iter().map(entry).collect::<serde_json::Map<_, _>>()}));
    }
    let line = |published: &Published| {
        format!("{}\n", json!({"apiDefinitionId": published.id(), "apiName": published.name(), "orgId": "acme"}))
    };
    Resource::new("application/x-ndjson", each(&line).concat())
}

/// Returns a catalog as JSON or as text.
fn catalog_of(form: Form, base: &str, url: &str, documents: &[Published]) -> Resource {
    if form == Form::CatalogText {
        let link = |published: &Published| {
            let (id, name) = (published.id(), published.name());
            format!("<{url}/openapi.json?api={id}>; rel=\"service-desc\"; title=\"{name}\"")
        };
        let text = documents.iter().map(link).collect::<Vec<_>>().join(",\n");
        return Resource::new("application/linkset", text);
    }
    let body = catalog(documents, |published| format!("{base}/openapi.yaml?api={}", published.id()));
    Resource::new("application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"", body)
}

/// Returns an index with a section of versions.
fn version_index(base: &str, documents: &[Published]) -> String {
    let line = |published: &Published| format!("- [v{0}]({base}/{0}/llms.txt)\n", published.version);
    let lines: String = documents.iter().map(line).collect();
    format!("# Docs\n\n## Versions\n{}", lines.replacen(")\n", ") (default)\n", 1))
}

/// Returns what is at paths where a site has nothing.
pub(super) fn missing(site: &Site, url: &str) -> Resource {
    let page = Resource::new(
        "text/html; charset=utf-8",
        "<!doctype html>\n<html><head><title>Docs</title></head><body>Page</body></html>\n",
    );
    match site.form {
        Form::Html => page,
        Form::Login => {
            Resource { headers: format!("Location: {}/login\r\n", site.base), ..page }.with_status("302 Found")
        }
        Form::LinkAlternate => {
            let link = |published: &Published| {
                let id = published.id();
                format!("<{url}/machines/{id}>; rel=alternate; type=\"application/vnd.oai.openapi+json;version=3.1\"")
            };
            let links: Vec<String> = site.documents.iter().map(link).collect();
            Resource { headers: format!("Link: {}\r\n", links.join(", ")), ..page }.with_status("404 Not Found")
        }
        Form::LinkHeader => {
            let headers = format!(
                "Link: <{url}/machines/catalog>; rel=\"api-catalog\", <https://example.com/>; rel=\"help\"\r\n"
            );
            Resource { headers, ..page }.with_status("404 Not Found")
        }
        Form::Single
        | Form::ListingArray
        | Form::ListingObject
        | Form::ListingMap
        | Form::ListingYaml
        | Form::ListingText
        | Form::ListingError
        | Form::ListingIds
        | Form::ListingMessage
        | Form::ListingWords
        | Form::ListingLines
        | Form::Catalog
        | Form::CatalogText
        | Form::Viewer
        | Form::BannerIndex
        | Form::VersionIndex
        | Form::SectionIndex
        | Form::Pages(_)
        | Form::LlmsFull(_) => page.with_status("404 Not Found"),
    }
}

fn json_resource(value: &Value) -> Resource {
    Resource::new("application/json", value.to_string())
}

/// Adds an index of versions, and for each version an index and its document.
fn add_versions(found: &mut Resources, base: &str, documents: &[Published], root: String) {
    found.insert(format!("{base}/llms.txt"), Resource::new("text/plain", root));
    for published in documents {
        let folder = format!("{base}/{}", published.version);
        let text = index(&published.name(), &[format!("{folder}/openapi.json"), format!("{folder}/openapi.yml")]);
        found.insert(format!("{folder}/llms.txt"), Resource::new("text/plain", text));
        add_document(found, &folder, "", &published.document);
    }
}

/// Adds an index of sections; each section has an index with the document of the section and that of the whole API.
fn add_sections(found: &mut Resources, base: &str, url: &str, published: &Published) {
    let paths = published.document.get("paths").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut lines = String::new();
    for (number, (path, item)) in paths.into_iter().enumerate().take(3) {
        let folder = format!("{base}/api-reference/section-{number}");
        let mut part = published.document.clone();
        part["paths"] = json!({path: item});
        add_document(found, &folder, "", &part);
        let whole = format!("{url}/reference/whole.json");
        let text = index(&format!("Section {number}"), &[format!("{folder}/openapi.json"), whole]);
        found.insert(format!("{folder}/llms.txt"), Resource::new("text/plain", text));
        lines.push_str(&format!("- [Section {number}]({folder}/llms.txt)\n"));
    }
    found.insert(format!("{base}/llms.txt"), Resource::new("text/plain", format!("# Docs\n\n## Sections\n{lines}")));
    found.insert(format!("{base}/reference/whole.json"), json_resource(&published.document));
}

/// Adds an index of pages, and the pages.
fn add_pages(found: &mut Resources, base: &str, url: &str, published: &Published, generation: Generation) {
    let mut lines = String::new();
    for (number, page) in pages_of(published, generation).into_iter().enumerate() {
        found.insert(format!("{base}/api-reference/page-{number}.md"), Resource::new("text/markdown", page));
        lines.push_str(&format!("- <Reference> [Page {number}]({url}/api-reference/page-{number}.md): words\n"));
    }
    found.insert(format!("{base}/llms.txt"), Resource::new("text/plain", format!("# Docs\n\n## API Docs\n{lines}")));
}
