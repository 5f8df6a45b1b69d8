//! The program that decodes and writes samples with the types of a generated client: one value per line, one result per line. Only
//! types are compiled, since sending takes most of the time of a compiler. Knows no schema.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::cargo::find_cargo;
use crate::crate_folder::write_when_new;
use crate::exchange::{Returned, pass_lines};
use crate::generate;
use crate::layout::Layout;
use crate::outcome::Failure;

/// Folder of the programs, beside the clients.
const FOLDER: &str = "samples";

/// The program of a client.
const MAIN: &str = r#"//! Decodes values with the types of the client and writes them again; written by `cargo xtask corpus --samples`.

#[path = "../../../PACKAGE/src/generated/round_trip.rs"]
mod round_trip;

use std::io::{self, BufRead, BufWriter, Write};

use LIBRARY::types;
use sdk_runtime::codegen::serde_json::{self, Value, json};

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let (name, value): (String, Value) = serde_json::from_str(&line?)?;
        let again = |name: &str| round_trip::round_trip(name, &value);
        // Where all statuses have one type, the response has it.
        let of_all = || name.rsplit_once(" response ").and_then(|(call, _)| again(&format!("{call} response")));
        let result = match again(&name).or_else(of_all) {
            Some(Ok(value)) => json!({"same": value}),
            Some(Err(error)) => json!({"refused": format!("{}: {}", error.path, error.message)}),
            None => json!("unknown"),
        };
        writeln!(out, "{result}")?;
    }
    out.flush()
}
"#;

/// Writes the programs of clients as one workspace.
pub(super) fn write(layout: &Layout, out: &Path, packages: &[(&str, String)]) -> Result<(), Failure> {
    let folder = out.join(FOLDER);
    let mut workspace = String::from("[workspace]\nresolver = \"3\"\nmembers = [\n");
    for (package, library) in packages {
        // Writing to a string cannot fail.
        let _ = writeln!(workspace, "    \"{package}\",");
        let manifest = format!(
            "[package]\nname = \"{package}-samples\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
             {package} = {{ path = \"../../{package}\", default-features = false }}\n\
             sdk-runtime = {{ path = \"../../runtime\", default-features = false }}\n"
        );
        write_when_new(&folder.join(package).join("Cargo.toml"), manifest.as_bytes())?;
        let main = MAIN.replace("LIBRARY", library).replace("PACKAGE", package);
        write_when_new(&folder.join(package).join("src/main.rs"), main.as_bytes())?;
    }
    workspace.push_str("]\n\n[profile.dev]\ndebug = false\nincremental = false\n");
    write_when_new(&folder.join("Cargo.toml"), workspace.as_bytes())?;
    match generate::read_lock(layout)? {
        Some(versions) => write_when_new(&folder.join("Cargo.lock"), &versions),
        None => Ok(()),
    }
}

/// Compiles the programs; those that fail are missing afterwards, and the log says why.
pub(super) fn compile(out: &Path) -> Result<(), Failure> {
    let log = out.join("logs").join("samples.txt");
    let stderr = File::create(&log).map_err(Failure::io("create", &log))?;
    let mut cargo = find_cargo();
    cargo.args(["build", "--workspace", "--keep-going", "--offline", "--quiet"]).current_dir(out.join(FOLDER));
    cargo.env("CARGO_TARGET_DIR", out.join("target")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr);
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(variable);
    }
    cargo.status().map(|_| ()).map_err(Failure::io("run", "cargo build"))
}

/// Passes values through the program of a client; `None` if it could not be compiled, or failed.
pub(super) fn run(out: &Path, package: &str, values: &[(String, Value)]) -> Result<Option<Vec<Returned>>, Failure> {
    let program: PathBuf = out.join("target/debug").join(format!("{package}-samples{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        return Ok(None);
    }
    let input = out.join("logs").join(format!("{package}.samples.jsonl"));
    let lines: Vec<String> = values.iter().map(|value| serde_json::json!(value).to_string()).collect();
    pass_lines(&program, &input, &lines)
}
