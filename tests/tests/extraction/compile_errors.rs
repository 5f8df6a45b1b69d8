//! Programs that must not compile, and what the compiler tells their authors to write instead.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A program, and what the compiler has to say of it.
struct Row {
    name: &'static str,
    /// The fields of `Invoice`, and further items.
    items: &'static str,
    /// The statements of `main`.
    statements: &'static str,
    expected: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        name: "sound",
        items: "struct Invoice { total: Option<f64>, lines: Vec<Line> }\n\
                #[derive(Extract, JsonSchema, Deserialize)]\nstruct Line { amount: Option<f64> }",
        statements: "let _ = (Invoice::total(), Invoice::lines().at(2).amount());",
        expected: &[],
    },
    Row {
        name: "missing_field",
        items: "struct Invoice { total: Option<f64> }",
        statements: "let _ = Invoice::totals();",
        expected: &["no function or associated item named `totals`", "`total`"],
    },
    Row {
        name: "missing_field_of_an_item",
        items: "struct Invoice { lines: Vec<Line> }\n\
                #[derive(Extract, JsonSchema, Deserialize)]\nstruct Line { amount: Option<f64> }",
        statements: "let _ = Invoice::lines().at(2).price();",
        expected: &["no method named `price`", "LineFields"],
    },
    Row {
        name: "field_of_another_type",
        items: "struct Invoice { total: Option<f64> }\n\
                #[derive(Extract, JsonSchema, Deserialize)]\nstruct Order { number: Option<String> }",
        statements: "let read = |invoice: &extend_ai::Extracted<Invoice>| drop(invoice.field(Order::number()));\nlet _ = read;",
        expected: &["type mismatch", "expected `Invoice`, found `Order`"],
    },
    Row {
        name: "map",
        items: "struct Invoice { prices: std::collections::BTreeMap<String, f64> }",
        statements: "",
        expected: &[
            "an extraction has no maps: write a list of structs with one field for the key and one for the value",
        ],
    },
    Row {
        name: "number_that_is_not_optional",
        items: "struct Invoice { total: f64 }",
        statements: "",
        expected: &["the API returns null for what a document does not contain: write `Option<f64>`"],
    },
    Row {
        name: "union_without_a_tag",
        items: "struct Invoice { party: Option<Party> }\n\
                #[derive(Extract, JsonSchema, Deserialize)]\n#[serde(untagged)]\nenum Party { Name(String), Number(f64) }",
        statements: "",
        expected: &["an extraction"],
    },
    Row {
        name: "list_of_enums",
        items: "struct Invoice { kinds: Vec<Kind> }\n\
                #[derive(Extract, JsonSchema, Deserialize)]\nenum Kind { A, B }",
        statements: "",
        expected: &["list", "Kind"],
    },
    Row {
        name: "type_that_contains_itself",
        items: "struct Invoice { parent: Option<Box<Invoice>> }",
        statements: "",
        expected: &["an extraction cannot contain itself"],
    },
    Row {
        name: "nested_type_without_the_derive",
        items: "struct Invoice { seller: Party }\n#[derive(JsonSchema, Deserialize)]\nstruct Party { name: Option<String> }",
        statements: "",
        expected: &["Party", "derive(Extract"],
    },
];

/// Writes the programs as one crate, and returns its folder.
fn write_programs() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-errors");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    let client = root.join("generated-client");
    let manifest = format!(
        "[package]\nname = \"compile-errors\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         extend-ai = {{ path = {client:?}, default-features = false, features = [\"schema\"] }}\n\
         schemars = \"1\"\nserde = {{ version = \"1\", features = [\"derive\"] }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    for row in ROWS {
        let program = format!(
            "#![allow(dead_code)]\nuse extend_ai::Extract;\nuse schemars::JsonSchema;\nuse serde::Deserialize;\n\n\
             #[derive(Extract, JsonSchema, Deserialize)]\n{}\n\nfn main() {{\n{}\n}}\n",
            row.items, row.statements
        );
        fs::write(folder.join("src/bin").join(format!("{}.rs", row.name)), program).unwrap();
    }
    folder
}

/// Returns what the compiler says of each program.
fn compile_programs(folder: &Path) -> BTreeMap<String, String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["check", "--offline", "--bins", "--keep-going", "--quiet", "--message-format=json"])
        .current_dir(folder);
    // That of the tests that compile clients, so that what both need is compiled once.
    cargo.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus/target"));
    cargo.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    let output = cargo.output().unwrap();
    let mut said: BTreeMap<String, String> = ROWS.iter().map(|row| (row.name.to_owned(), String::new())).collect();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        if let (Some(rendered), Some(name)) = (
            message.pointer("/message/rendered").and_then(Value::as_str),
            message.pointer("/target/name").and_then(Value::as_str),
        ) && let Some(said) = said.get_mut(name)
        {
            said.push_str(rendered);
        }
    }
    let silent = said.values().filter(|text| text.is_empty()).count();
    assert_eq!(silent, 1, "{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn what_cannot_be_extracted_does_not_compile_and_the_error_says_what_to_write() {
    let said = compile_programs(&write_programs());
    for row in ROWS {
        let text = &said[row.name];
        assert_eq!(text.contains("error"), !row.expected.is_empty(), "{}: {text}", row.name);
        for part in row.expected {
            assert!(text.contains(part), "{}: {part} is missing in\n{text}", row.name);
        }
    }
}
