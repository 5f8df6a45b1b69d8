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

/// The document as a site exports it, without the components that no page leads to.
fn export() -> Value {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec").join(VERSION).join("openapi.json");
    let mut document: Value = serde_json::from_slice(&fs::read(spec).unwrap()).unwrap();
    convert_to_export(&mut document);
    let needed = referenced_components(&document, &json!([document["paths"], document["webhooks"]]));
    document["components"]["schemas"].as_object_mut().unwrap().retain(|name, _| needed.contains_key(name));
    document
}

/// A workspace with our policy, corrections and names, and with the sources that a server has.
fn workspace(server: &Server) -> Workspace {
    let workspace = Workspace::empty();
    for name in ["profile.toml", "2026-02-09/overlay.yaml", "2026-02-09/names.toml"] {
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec").join(name);
        let text = fs::read_to_string(spec).unwrap();
        workspace.write(&format!("spec/{name}"), &text.replace("https://docs.extend.ai/", &server.url("/")));
    }
    // The profile generates the other version too, which the site does not have.
    for name in ["openapi.json", "lock.toml", "overlay.yaml", "names.toml"] {
        let name = format!("spec/2025-04-21/{name}");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(&name);
        if let Ok(text) = fs::read_to_string(file) {
            workspace.write(&name, &text);
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

/// Fetches from a site that has one file and nothing else, and generates; what `fetch` said, and the client.
fn generated(path: &'static str, body: Vec<u8>) -> (String, BTreeMap<PathBuf, String>) {
    let server = Server::start(move |asked, _| {
        Reply::Bytes(match asked {
            asked if asked == path => response("200 OK", "Content-Type: text/plain\r\n", &body),
            "/llms.txt" => response("200 OK", "", "# Docs\n\n- [Start](start.md)\n"),
            _ => response("404 Not Found", "Content-Type: text/html\r\n", "<!doctype html>"),
        })
    });
    let workspace = workspace(&server);
    let ran = workspace.xtask(&["fetch"]);
    assert_eq!(ran.code, 0, "{path}: {ran:?}");
    assert_eq!(workspace.xtask(&["check"]).code, 0, "{path}");
    assert_eq!(workspace.xtask(&["regen"]).code, 0, "{path}");
    (ran.stdout, client(&workspace))
}

#[test]
fn whatever_the_site_publishes_the_client_is_the_same() {
    let document = export();
    let (said, expected) = generated("/openapi.json", document.to_string().into_bytes());
    assert!(said.contains("version 2026-02-09, as stated by its version header"), "{said}");
    assert!(expected.len() > 50);
    let yaml = format!("\u{feff}# Export\n{}", serde_yaml::to_string(&document).unwrap());
    let (_, client) = generated("/openapi.yaml", yaml.replace('\n', "\r\n").into_bytes());
    assert!(client == expected, "YAML");
    // Each generation in another form; all forms are compared where that takes less time.
    for ((generation, writer), form) in GENERATIONS.into_iter().zip([3, 1, 9]) {
        let (name, form) = FORMS[form];
        let (said, client) = generated("/llms-full.txt", form(&site::write_pages(&document, writer)).into_bytes());
        assert!(said.contains("fragments 157") && said.contains("conflicts 0"), "{generation}, {name}: {said}");
        assert!(client == expected, "{generation}, {name}");
    }
}
