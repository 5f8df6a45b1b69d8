//! The file of the fixtures: sample values as JSON, which is parsed at run time.

use std::fmt::Write as _;

use serde_json::Value;

use crate::diagnostic::Report;

use super::Input;
use super::rust_type::{Scope, render_type, tight};
use super::source::SourceFile;

/// Renders the file.
pub(super) fn render(input: &Input<'_>) -> Result<String, Report> {
    let mut table = SourceFile::new(input.preamble, "");
    let mut text = String::from("sdk_runtime::codegen::fixtures! {\n");
    for fixture in &input.api.fixtures {
        let ty = render_type(&input.api.types, &fixture.ty, Scope::Elsewhere);
        table.mention(&ty);
        let (ty, name, json) = (tight(&ty), &fixture.name, literal(&by_lines(&fixture.value)));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    {}, {}: {ty} = {json};", name.source(), name.constant_case());
    }
    text.push_str("}\n");
    table.text(&text);
    let mut file = SourceFile::new(input.preamble, "Sample values of response and event types.");
    file.import(&table, &[(&input.root.exports(), ["types"].map(str::to_owned).into())])?;
    file.append(&table);
    Ok(file.finish())
}

/// Renders a value as JSON, with one line for each property.
fn by_lines(value: &Value) -> String {
    let Value::Object(object) = value else { return value.to_string() };
    if object.is_empty() {
        return value.to_string();
    }
    let lines: Vec<String> =
        object.iter().map(|(key, value)| format!("{}:{value}", Value::from(key.as_str()))).collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// Renders a string as a literal without escapes.
fn literal(text: &str) -> String {
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}
