//! A whole crate around the generated code: manifest, root, README, example. Texts only; which files and folders they
//! end up in, and where the sources of the runtime come from, is not known here.

mod depth;
mod example;
mod letters;
mod manifest;
mod name;
mod prose;
mod texts;

use std::collections::BTreeMap;

use crate::diagnostic::Report;
use crate::pipeline::Generated;

pub use manifest::{Manifests, runtime_manifest};
pub use name::PackageName;

/// The file that checks deliveries to webhooks. Only an API with signed deliveries has it.
pub(crate) const VERIFICATION: &str = "verification.rs";

/// How the crate stands among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A workspace of its own, with the runtime in its folder `runtime`.
    Alone,
    /// A member of a larger workspace, with the runtime in this folder.
    Member {
        /// Path of the runtime, relative to the crate.
        runtime: String,
    },
}

/// What a crate is made from.
#[derive(Clone, Copy, Debug)]
pub struct Packaging<'a> {
    /// Its code.
    pub generated: &'a Generated,
    /// Its name; made from the title of the API when none is given.
    pub name: Option<&'a PackageName>,
    /// Where versions of dependencies come from.
    pub manifests: &'a Manifests<'a>,
    /// How it stands among others.
    pub standing: &'a Standing,
}

/// The texts of a crate, keyed by their path in it. The sources of the runtime are not among them, its manifest is.
///
/// # Errors
///
/// A manifest that versions come from cannot be read.
pub fn build_package(packaging: &Packaging<'_>) -> Result<BTreeMap<String, String>, Report> {
    let Packaging { generated, name, manifests, standing } = packaging;
    let name = &name.map_or_else(|| PackageName::from_title(&generated.facts.title), PackageName::clone);
    let example = example::first_call(&generated.api);
    let code = generated.files.iter();
    let mut files: BTreeMap<String, String> =
        code.map(|(path, text)| (format!("src/generated/{path}"), text.clone())).collect();
    files.insert("Cargo.toml".to_owned(), manifest::render_manifest(packaging, name)?);
    files.insert("README.md".to_owned(), texts::readme(generated, name, &example, &manifest::license(manifests)?));
    files.insert("src/lib.rs".to_owned(), texts::root(generated, name, &example));
    files.insert("examples/first_call.rs".to_owned(), texts::example(generated, name, &example));
    files.insert(".gitignore".to_owned(), "/target/\n".to_owned());
    files.insert("names.toml".to_owned(), generated.names.clone());
    match standing {
        Standing::Alone => {
            files.insert("runtime/Cargo.toml".to_owned(), runtime_manifest(manifests)?);
        }
        Standing::Member { .. } => {}
    }
    Ok(files)
}
