//! The way from a documentation site to the client, with our own document: whatever the site publishes of it, `fetch` and then
//! `regen` write the same client.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use workspace_tests::fern::convert_to_export;
use workspace_tests::fern::site::{self, FORMS, GENERATIONS, referenced_components};

use crate::server::{Reply, Server, response};
use crate::workspace::{VERSION, Workspace};

/// The version that the profile generates beside the default one.
const OLD: &str = "2025-04-21";

fn spec(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec").join(name)
}

/// The document of a version as a site exports it, without the components that no page leads to.
fn export(version: &str) -> Value {
    let mut document: Value = serde_json::from_slice(&fs::read(spec(version).join("openapi.json")).unwrap()).unwrap();
    convert_to_export(&mut document);
    let needed = referenced_components(&document, &json!([document["paths"], document["webhooks"]]));
    document["components"]["schemas"].as_object_mut().unwrap().retain(|name, _| needed.contains_key(name));
    document
}

/// A workspace with our policy, corrections and names, and with the sources that a server has. The version that is fetched is not
/// there yet.
fn workspace(server: &Server, fetched: &str) -> Workspace {
    let workspace = Workspace::empty();
    let profile = fs::read_to_string(spec("profile.toml")).unwrap();
    workspace.write("spec/profile.toml", &profile.replace("https://docs.extend.ai/", &server.url("/")));
    for version in [VERSION, OLD] {
        for name in ["overlay.yaml", "names.toml", "openapi.json", "lock.toml"] {
            let is_fetched = version == fetched && ["openapi.json", "lock.toml"].contains(&name);
            let file = format!("{version}/{name}");
            if let (false, Ok(text)) = (is_fetched, fs::read_to_string(spec(&file))) {
                workspace.write(&format!("spec/{file}"), &text);
            }
        }
    }
    workspace
}

/// What is generated, without the lines that tell of the document's bytes.
fn client(workspace: &Workspace) -> BTreeMap<PathBuf, String> {
    let folder = workspace.path("generated-client");
    let text = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap();
        text.lines().filter(|line| !line.starts_with("// Generator ")).collect::<Vec<_>>().join("\n")
    };
    let files = workspace.files().into_iter();
    files.filter_map(|(path, bytes)| Some((path.strip_prefix(&folder).ok()?.to_owned(), text(bytes)))).collect()
}

/// Fetches a version from a site that has one file and nothing else, and generates; what `fetch` said, and the client.
fn generated(version: &str, path: &'static str, body: Vec<u8>) -> (String, BTreeMap<PathBuf, String>) {
    let server = Server::start(move |asked, _| {
        Reply::Bytes(match asked {
            asked if asked == path => response("200 OK", "Content-Type: text/plain\r\n", &body),
            "/llms.txt" => response("200 OK", "", "# Docs\n\n- [Start](start.md)\n"),
            _ => response("404 Not Found", "Content-Type: text/html\r\n", "<!doctype html>"),
        })
    });
    let workspace = workspace(&server, version);
    let ran = workspace.xtask(&["fetch", "--api-version", version]);
    assert_eq!(ran.code, 0, "{path}: {ran:?}");
    assert_eq!(workspace.xtask(&["check"]).code, 0, "{path}");
    assert_eq!(workspace.xtask(&["regen"]).code, 0, "{path}");
    (ran.stdout, client(&workspace))
}

#[test]
fn whatever_the_site_publishes_the_client_is_the_same() {
    let document = export(VERSION);
    let (said, expected) = generated(VERSION, "/openapi.json", document.to_string().into_bytes());
    assert!(said.contains("version 2026-02-09, as stated by its version header"), "{said}");
    assert!(expected.len() > 50);
    let yaml = format!("\u{feff}# Export\n{}", serde_yaml::to_string(&document).unwrap());
    let (_, client) = generated(VERSION, "/openapi.yaml", yaml.replace('\n', "\r\n").into_bytes());
    assert!(client == expected, "YAML");
    // Each generation in another form; all forms are compared where that takes less time.
    for ((generation, writer), form) in GENERATIONS.into_iter().zip([3, 1, 9]) {
        let (name, form) = FORMS[form];
        let pages = form(&site::write_pages(&document, writer)).into_bytes();
        let (said, client) = generated(VERSION, "/llms-full.txt", pages);
        assert!(said.contains("fragments 157") && said.contains("conflicts 0"), "{generation}, {name}: {said}");
        assert!(client == expected, "{generation}, {name}");
    }
}

#[test]
fn whatever_the_site_publishes_of_the_older_version_the_client_is_the_same() {
    let document = export(OLD);
    let (_, expected) = generated(OLD, "/openapi.json", document.to_string().into_bytes());
    let (_, client) = generated(OLD, "/openapi.yaml", serde_yaml::to_string(&document).unwrap().into_bytes());
    assert!(client == expected, "YAML");
    let (_, writer) = GENERATIONS[2];
    let pages = site::write_pages(&document, writer).join("\n").into_bytes();
    let (said, client) = generated(OLD, "/llms-full.txt", pages);
    assert!(said.contains("conflicts 0"), "{said}");
    assert!(client == expected, "pages");
}
