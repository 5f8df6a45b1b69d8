//! Builds a whole crate around the generated code: manifest, root module, README, example. Must not know where the files are written
//! or where the sources of the runtime come from.

mod example;
mod lints;
mod manifest;
mod prose;
mod templates;

use std::collections::BTreeMap;

use crate::diagnostic::Report;
use crate::pipeline::Generated;

pub use crate::package_name::PackageName;
pub use manifest::{Manifests, render_runtime_manifest};

/// The file that verifies webhook deliveries. Only an API with signed deliveries has it.
pub(crate) const VERIFICATION: &str = "verification.rs";

/// The workspace that a crate belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A workspace of its own, with the runtime in the folder `runtime`.
    Alone,
    /// A member of a larger workspace, with the runtime in another folder.
    Member {
        /// The path of the runtime, relative to the crate.
        runtime: String,
    },
}

/// The inputs of a crate.
#[derive(Clone, Copy, Debug)]
pub struct Packaging<'a> {
    /// The generated code.
    pub generated: &'a Generated,
    /// The manifests that determine dependencies and their versions.
    pub manifests: &'a Manifests<'a>,
    /// The workspace that the crate belongs to.
    pub standing: &'a Standing,
}

/// Builds the files of a crate, keyed by their path in it. They include the manifest of the runtime, but not its sources.
///
/// # Errors
///
/// Fails if one of the given manifests cannot be parsed.
pub fn build_package(packaging: &Packaging<'_>) -> Result<BTreeMap<String, String>, Report> {
    let Packaging { generated, manifests, standing } = packaging;
    let name = &generated.package;
    let example = example::choose_first_call(&generated.api);
    let code = generated.files.iter();
    let mut files: BTreeMap<String, String> =
        code.map(|(path, text)| (format!("src/generated/{path}"), text.clone())).collect();
    files.insert("Cargo.toml".to_owned(), manifest::render_manifest(packaging, name)?);
    files.insert(
        "README.md".to_owned(),
        templates::render_readme(generated, name, &example, &manifest::license_of(manifests)?),
    );
    files.insert("src/lib.rs".to_owned(), templates::render_root(generated, name, &example));
    files.insert("examples/first_call.rs".to_owned(), templates::render_example(generated, name, &example));
    files.insert(".gitignore".to_owned(), "/target/\n".to_owned());
    files.insert("names.toml".to_owned(), generated.names.clone());
    match standing {
        Standing::Alone => {
            files.insert("runtime/Cargo.toml".to_owned(), render_runtime_manifest(manifests)?);
        }
        Standing::Member { .. } => {}
    }
    Ok(files)
}
