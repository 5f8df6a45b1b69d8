//! A small workspace in a temporary folder, and the built commands run on it. Knows the layout of a workspace, not what
//! is generated into it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// API version of the documents used here.
pub(crate) const VERSION: &str = "2026-02-09";
/// A policy that says no more than where the document is.
pub(crate) const PROFILE: &str = "[document]\napi_version = \"2026-02-09\"\n";

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A workspace of its own.
pub(crate) struct Workspace(tempfile::TempDir);

impl Workspace {
    /// One without any document.
    pub(crate) fn empty() -> Self {
        let workspace = Self(tempfile::tempdir().unwrap());
        workspace.write("Cargo.toml", "[workspace]\n");
        workspace.write("spec/profile.toml", PROFILE);
        workspace.write("generated-client/src/lib.rs", "//! The client.\n");
        workspace
    }

    /// One with a sound, locked document.
    pub(crate) fn with_document() -> Self {
        let workspace = Self::empty();
        workspace.put_document(&document("Runs"));
        workspace
    }

    /// Puts a document and its lock in place.
    pub(crate) fn put_document(&self, text: &str) {
        let digest: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        let lock = format!(
            "file = \"test\"\nsha256 = \"{digest}\"\nretrieved = \"2026-11-23T00:00:00Z\"\noperations = 1\nschemas = 2\n\
             webhooks = 0\n"
        );
        self.write(&format!("spec/{VERSION}/openapi.json"), text);
        self.write(&format!("spec/{VERSION}/lock.toml"), &lock);
    }

    /// A path in the workspace.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.0.path().join(relative)
    }

    /// Writes a file.
    pub(crate) fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Names what a site of the vendor has had so far as the sources of the document; `settings` is further text of the profile.
    pub(crate) fn write_sources(&self, settings: &str, url_of: impl Fn(&str) -> String) {
        let sources = [
            ("openapi", "openapi.json"),
            ("openapi", "openapi.yaml"),
            ("index", "llms.txt"),
            ("llms-full", "llms-full.txt"),
        ];
        let source = |(kind, name)| format!("\n[[document.sources]]\nkind = \"{kind}\"\nurl = \"{}\"\n", url_of(name));
        self.write("spec/profile.toml", &format!("{PROFILE}{settings}{}", sources.map(source).concat()));
    }

    /// Removes a file.
    pub(crate) fn remove(&self, relative: &str) {
        fs::remove_file(self.path(relative)).unwrap();
    }

    /// Every file with its bytes, hidden ones too.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.0.path(), &mut files);
        files
    }

    /// Commits everything, in a repository that is made if there is none.
    pub(crate) fn commit(&self, message: &str) {
        if !self.path(".git").exists() {
            self.write(".gitignore", "target/\n");
            self.git(&["init", "--quiet", "--initial-branch=main"]);
            self.git(&["config", "user.name", "Test"]);
            self.git(&["config", "user.email", "test@example.com"]);
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--no-gpg-sign", "--message", message]);
    }

    /// Runs git in the workspace.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let ran = Ran::of(Command::new("git").args(arguments).current_dir(self.0.path()).output().unwrap());
        assert_eq!(ran.code, 0, "git {arguments:?}: {ran:?}");
    }

    /// Reads a file.
    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    /// Runs a command on the workspace, from within it.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Ran {
        run_in(self.0.path(), arguments)
    }
}

/// Runs the built program.
pub(crate) fn run(arguments: &[&str]) -> Ran {
    run_with(arguments, &[])
}

/// Runs the built program in a folder.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    Ran::of(command.args(arguments).current_dir(folder).output().unwrap())
}

/// Runs the built program with variables of its environment set.
pub(crate) fn run_with(arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    Ran::of(command.args(arguments).envs(environment.iter().copied()).output().unwrap())
}

/// Runs `corpus` with the compiler on a folder of documents. The clients of all tests share a folder, so that what they depend on
/// is compiled once; in it only one run at a time knows which clients are its own.
pub(crate) fn compile(documents: &Path, features: &[&str]) -> Ran {
    static FOLDER: Mutex<()> = Mutex::new(());
    let _mine = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    let (documents, out) = (documents.to_str().unwrap(), compiled_folder());
    let features = features.iter().flat_map(|feature| ["--features", *feature]);
    let arguments = ["corpus", documents, "--check", "--out", out.to_str().unwrap()];
    run(&arguments.into_iter().chain(features).collect::<Vec<_>>())
}

/// Returns cargo without the network, in the folder of a crate. Profile and target folder are those of [`compile`], so that
/// dependencies are compiled for all tests once, and stay for the next run.
pub(crate) fn offline_cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).arg("--offline").current_dir(folder);
    cargo.env("CARGO_TARGET_DIR", compiled_folder().join("target"));
    cargo.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    cargo
}

/// Where clients are compiled; it stays, so that the next run is fast.
pub(crate) fn compiled_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus")
}

/// A sound document with one operation and two schemas.
pub(crate) fn document(title: &str) -> String {
    let document = serde_json::json!({
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/runs/{id}": {"get": {
            "operationId": "getRun",
            "tags": ["runs"],
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {
                "description": "The run.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Run"}}}
            }}
        }}},
        "components": {"schemas": {
            "Run": {
                "type": "object",
                "required": ["id", "status"],
                "properties": {"id": {"type": "string"}, "status": {"$ref": "#/components/schemas/Status"}}
            },
            "Status": {"type": "string", "enum": ["PENDING", "PROCESSED"]}
        }}
    });
    serde_json::to_string_pretty(&document).unwrap() + "\n"
}

/// The same document with a reference that leads nowhere.
pub(crate) fn unsound_document() -> String {
    document("Runs").replace("#/components/schemas/Status", "#/components/schemas/Nowhere")
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
}
