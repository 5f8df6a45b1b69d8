//! The other side of `docs/benchmarks.md`: a crate of what progenitor makes of the same document when it is used as it
//! comes (builder interface, types by typify, no hooks).
//!
//! Changes the document only where progenitor refuses it, and knows nothing of our own model, types or wire layer.
//! `cargo xtask bench compile` runs it: `cargo run -p generator --example stock_progenitor -- DOCUMENT FOLDER`.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use generator::{normalize, source};
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Map, Value, json};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

const MANIFEST: &str = r#"[package]
name = "stock-progenitor"
version = "0.0.0"
edition = "2021"
publish = false

[workspace]

[dependencies]
bytes = "1"
chrono = { version = "0.4", default-features = false, features = ["serde"] }
futures-core = "0.3"
progenitor-client = "=0.15.1"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [document, folder] = arguments.as_slice() else {
        return Err("usage: stock_progenitor DOCUMENT FOLDER".into());
    };
    let read = source::read_document(&fs::read(document)?, document).map_err(|report| report.to_string())?;
    let mut value = normalize::normalize_document(read.value).value().clone();
    let mut dropped = 0;
    for operation in operations(&mut value) {
        dropped += one_response(operation);
        multipart_as_bytes(operation);
    }
    let api: OpenAPI = serde_json::from_value(value)?;

    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder);
    let tokens = Generator::new(&settings).generate_tokens(&api)?;
    let text = prettyplease::unparse(&syn::parse2(tokens)?);

    let folder = Path::new(folder);
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), MANIFEST)?;
    fs::write(folder.join("src/lib.rs"), &text)?;
    println!("{} operations, {} lines; {dropped} responses left out", api.operations().count(), text.lines().count());
    Ok(())
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    let members = items.flat_map(Map::iter_mut).filter(|(key, _)| METHODS.contains(&key.as_str()));
    members.filter_map(|(_, operation)| operation.as_object_mut())
}

/// progenitor wants one type for success and one for errors; keeps the first success and says how many others went.
fn one_response(operation: &mut Map<String, Value>) -> usize {
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return 0 };
    let before = responses.len();
    let mut found = false;
    responses.retain(|status, _| status.starts_with('2') && !std::mem::replace(&mut found, true));
    before - responses.len()
}

/// progenitor has no multipart.
fn multipart_as_bytes(operation: &mut Map<String, Value>) {
    let body = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
    if let Some(content) = body.filter(|content| content.get("multipart/form-data").is_some()) {
        *content = json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}});
    }
}
