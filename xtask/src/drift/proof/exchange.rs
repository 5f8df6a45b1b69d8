//! A program that passes values through clients, and reports what they make of them. Knows no schema.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::crate_folder::write_when_new;
use crate::exchange::{Returned, pass_lines};
use crate::outcome::Failure;

use super::compilation::{Clients, Workshop, compiler_failed};

const MAIN: &str = r#"//! Decodes values with clients and writes them again.

use std::io::{self, BufRead, BufWriter, Write};

use sdk_runtime::JsonError;
use sdk_runtime::codegen::serde_json::{self, Value, json};

type RoundTrip = fn(&str, &Value) -> Option<Result<Value, JsonError>>;

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let (client, names, value): (String, [String; 2], Value) = serde_json::from_str(&line?)?;
        let round_trip = CLIENTS.iter().find(|(known, _)| *known == client).map(|(_, round_trip)| round_trip);
        let mut named = names.iter().filter_map(|name| round_trip.and_then(|round_trip| round_trip(name, &value)));
        let result = match named.next() {
            Some(Ok(value)) => json!({"same": value}),
            Some(Err(error)) => json!({"refused": format!("{}: {}", error.path, error.message)}),
            None => json!("unknown"),
        };
        writeln!(out, "{result}")?;
    }
    out.flush()
}
"#;

/// A value for a type of a client.
pub(super) struct Question {
    pub(super) client: String,
    /// The names by which the client may decode it: the first that it knows counts.
    pub(super) names: [&'static str; 2],
    pub(super) value: Value,
}

/// Passes values through clients.
pub(super) fn pass_values(
    workshop: &Workshop<'_>,
    clients: &Clients,
    questions: &[Question],
) -> Result<Vec<Returned>, Failure> {
    write(workshop, clients)?;
    let mut cargo = workshop.cargo();
    let output = cargo.args(["build", "--package", "proof-exchange", "--offline", "--quiet"]).output();
    let output = output.map_err(Failure::io("run", "cargo build"))?;
    if !output.status.success() {
        return Err(compiler_failed(&String::from_utf8_lossy(&output.stderr)));
    }
    let line = |question: &Question| json!([question.client, question.names, question.value]).to_string();
    let lines: Vec<String> = questions.iter().map(line).collect();
    let program = workshop.target().join(format!("debug/proof-exchange{}", std::env::consts::EXE_SUFFIX));
    let returned = pass_lines(&program, &workshop.folder.join("questions.jsonl"), &lines)?;
    returned.ok_or_else(|| compiler_failed("the program that passes values through clients stopped"))
}

fn write(workshop: &Workshop<'_>, clients: &Clients) -> Result<(), Failure> {
    let folder = workshop.folder.join("exchange");
    let mut table = String::from("\nstatic CLIENTS: &[(&str, RoundTrip)] = &[\n");
    for client in clients.keys() {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "    (\"{client}\", {}::dispatch::round_trip),", Workshop::path_of(client));
    }
    table.push_str("];\n");
    write_when_new(&folder.join("src/main.rs"), format!("{MAIN}{table}").as_bytes())
}
