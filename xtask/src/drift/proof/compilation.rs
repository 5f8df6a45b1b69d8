//! Compiles clients and the programs that use them, many in one crate, and reports which programs the compiler refuses. Knows no
//! document.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::cargo::find_cargo;
use crate::crate_folder::write_when_new;
use crate::generate;
use crate::input;
use crate::layout::Layout;
use crate::outcome::{Failure, Problem, ProblemCode};

/// Dependencies of generated code besides the runtime.
const DEPENDENCIES: [&str; 2] = ["reqwest", "serde_json"];
/// Features of a client that the programs use.
const FEATURES: &str = "\
[features]
default = [\"client\", \"dispatch\", \"webhooks\", \"test-util\"]
client = []
dispatch = []
webhooks = []
test-util = []
blocking = []
tower = []
";
/// What is no error of a program: it uses things without need.
const ALLOWED: &str = "#![allow(unused, unreachable_code, reason = \"programs use things without need\")]\n";

/// A client by its name, and its files below the folder of its module.
pub(super) type Clients = BTreeMap<String, BTreeMap<String, String>>;

/// A program by its name.
pub(super) type Programs = BTreeMap<String, String>;

/// What the compiler says about programs.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    /// Programs that it refuses, with the first error of each.
    pub(super) refused: BTreeMap<String, String>,
    /// Programs in which it warns of deprecated items, with the number of them.
    pub(super) deprecated: BTreeMap<String, usize>,
}

/// A folder with a crate of clients and a crate of programs.
pub(super) struct Workshop<'l> {
    layout: &'l Layout,
    pub(super) folder: PathBuf,
}

/// The parts of a line of `cargo build --message-format=json` that are needed here.
#[derive(Debug, Deserialize)]
struct Line {
    message: Option<Message>,
}

#[derive(Debug, Deserialize)]
struct Message {
    level: String,
    message: String,
    code: Option<MessageCode>,
    #[serde(default)]
    spans: Vec<Span>,
}

#[derive(Debug, Deserialize)]
struct MessageCode {
    code: String,
}

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    is_primary: bool,
}

impl<'l> Workshop<'l> {
    pub(super) fn new(layout: &'l Layout, folder: PathBuf) -> Self {
        Self { layout, folder }
    }

    /// Returns the path of a client in the programs.
    pub(super) fn path_of(client: &str) -> String {
        format!("proof_clients::generated::{client}")
    }

    /// Returns what the compiler says about the programs. Those that it refuses are taken out until it accepts the rest, because
    /// an error of one kind hides those of later passes.
    pub(super) fn judge(&self, clients: &Clients, programs: &Programs) -> Result<Verdicts, Failure> {
        self.write_manifests()?;
        self.write_clients(clients)?;
        let folder = self.folder.join("programs/src");
        clear(&folder)?;
        for (name, text) in programs {
            write_when_new(&folder.join(format!("{name}.rs")), text.as_bytes())?;
        }
        let mut verdicts = Verdicts::default();
        let mut left: BTreeSet<&String> = programs.keys().collect();
        loop {
            let modules: String = left.iter().map(|name| format!("mod {name};\n")).collect();
            write_when_new(&folder.join("lib.rs"), format!("{ALLOWED}\n{modules}").as_bytes())?;
            let found = self.check()?;
            if found.refused.is_empty() {
                verdicts.deprecated = found.deprecated;
                return Ok(verdicts);
            }
            for (name, error) in found.refused {
                if left.remove(&name) {
                    verdicts.refused.insert(name, error);
                } else {
                    return Err(compiler_failed(&format!("{name}: {error}")));
                }
            }
        }
    }

    fn write_manifests(&self) -> Result<(), Failure> {
        let workspace = input::text(self.layout, &self.layout.place("Cargo.toml"))?;
        let workspace: toml::Table = toml::from_str(&workspace).unwrap_or_default();
        let versions = workspace.get("workspace").and_then(|workspace| workspace.get("dependencies"));
        let runtime = self.layout.place("runtime");
        let mut clients = format!(
            "[package]\nname = \"proof-clients\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n{FEATURES}\n[dependencies]\n\
             sdk-runtime = {{ path = {runtime:?}, default-features = false, features = [\"client\", \"dispatch\", \"webhooks\", \"test-util\"] }}\n"
        );
        for name in DEPENDENCIES {
            if let Some(version) = versions.and_then(|versions| versions.get(name)) {
                // Writing to a string cannot fail.
                let _ = writeln!(clients, "{name} = {version}");
            }
        }
        let using = |name: &str| {
            format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
             proof-clients = {{ path = \"../clients\" }}\nsdk-runtime = {{ path = {runtime:?}, default-features = false }}\n"
            )
        };
        let root = "[workspace]\nresolver = \"3\"\nmembers = [\"clients\", \"programs\", \"exchange\"]\n\n[profile.dev]\ndebug = false\nincremental = false\n";
        write_when_new(&self.folder.join("Cargo.toml"), root.as_bytes())?;
        write_when_new(&self.folder.join("clients/Cargo.toml"), clients.as_bytes())?;
        write_when_new(&self.folder.join("programs/Cargo.toml"), using("proof-programs").as_bytes())?;
        write_when_new(&self.folder.join("exchange/Cargo.toml"), using("proof-exchange").as_bytes())?;
        let main = self.folder.join("exchange/src/main.rs");
        if !main.exists() {
            write_when_new(&main, b"fn main() {}\n")?;
        }
        let empty = self.folder.join("programs/src/lib.rs");
        if !empty.exists() {
            write_when_new(&empty, b"")?;
        }
        match generate::read_lock(self.layout)? {
            Some(lock) if !self.folder.join("Cargo.lock").exists() => {
                write_when_new(&self.folder.join("Cargo.lock"), &lock)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn write_clients(&self, clients: &Clients) -> Result<(), Failure> {
        let folder = self.folder.join("clients/src");
        clear(&folder)?;
        let mut modules = String::new();
        for (name, files) in clients {
            let _ = writeln!(modules, "pub mod {name};");
            for (path, text) in files {
                write_when_new(&folder.join("generated").join(name).join(path), text.as_bytes())?;
            }
        }
        write_when_new(&folder.join("generated/mod.rs"), modules.as_bytes())?;
        write_when_new(
            &folder.join("lib.rs"),
            b"#![allow(warnings)]\n#![recursion_limit = \"512\"]\n\npub mod generated;\n",
        )
    }

    /// Returns the target folder of this workspace, which has most dependencies already.
    pub(super) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.layout.place("target"), PathBuf::from)
    }

    /// Returns cargo, for the workspace of the folder.
    pub(super) fn cargo(&self) -> Command {
        let mut cargo = find_cargo();
        cargo.env("CARGO_TARGET_DIR", self.target()).current_dir(&self.folder).stdin(Stdio::null());
        for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            cargo.env_remove(variable);
        }
        cargo
    }

    /// Compiles the programs once.
    fn check(&self) -> Result<Verdicts, Failure> {
        let mut cargo = self.cargo();
        cargo.args(["build", "--package", "proof-programs", "--offline", "--quiet", "--message-format=json"]);
        let output = cargo.output().map_err(Failure::io("run", "cargo build"))?;
        let mut verdicts = Verdicts::default();
        let mut elsewhere = None;
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(Line { message: Some(message) }) = serde_json::from_str::<Line>(line) else { continue };
            let program = message.spans.iter().find(|span| span.is_primary).and_then(program_of);
            let is_deprecation = message.code.as_ref().is_some_and(|code| code.code == "deprecated");
            match (message.level.as_str(), program) {
                ("error", Some(program)) => {
                    verdicts.refused.entry(program).or_insert(message.message);
                }
                ("error", None) if message.code.is_some() => elsewhere = Some(message.message),
                ("warning", Some(program)) if is_deprecation => *verdicts.deprecated.entry(program).or_default() += 1,
                _ => {}
            }
        }
        if verdicts.refused.is_empty() && !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(compiler_failed(&elsewhere.unwrap_or(stderr)));
        }
        Ok(verdicts)
    }
}

/// Returns the program that a place in the source is in.
fn program_of(span: &Span) -> Option<String> {
    let path = Path::new(&span.file_name);
    let is_program = span.file_name.contains("programs/src");
    path.file_stem().filter(|_| is_program).map(|name| name.to_string_lossy().into_owned())
}

fn clear(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(Failure::io("remove", folder))?;
    }
    Ok(())
}

pub(super) fn compiler_failed(found: &str) -> Failure {
    let problem = Problem::new(ProblemCode::UnreadableFile, "target/drift-proof", found.trim());
    Failure::Input(problem.expected("clients that compile"))
}
