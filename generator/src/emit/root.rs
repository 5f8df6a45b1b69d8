//! The path of the generated code in its crate. Knows where modules are, not what they contain.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::names::RustIdent;

/// The module of a crate that holds the generated code. Emitted code refers to nothing of its crate outside of this module.
///
/// By default this is `crate::generated`, and the crate re-exports it at its root. A crate with several versions of an API has
/// a module below it for each of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Root(Option<Version>);

/// A version, and its module.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    name: String,
    module: RustIdent,
}

impl Root {
    /// Returns the module of one version: `crate::generated::v2026_02_09` for `2026-02-09`.
    pub fn of_version(version: &str) -> Self {
        Self(Some(Version { name: version.to_owned(), module: RustIdent::snake(version) }))
    }

    /// Returns the version that the module is of.
    pub fn version(&self) -> Option<&str> {
        self.0.as_ref().map(|version| version.name.as_str())
    }

    /// Returns the folder of the module below `generated/`: the name of the module of a version.
    pub fn folder(&self) -> Option<String> {
        self.0.as_ref().map(|version| version.module.source())
    }

    /// Returns the path of the module.
    pub(super) fn path(&self) -> String {
        match &self.0 {
            Some(version) => format!("crate::generated::{}", version.module.source()),
            None => "crate::generated".to_owned(),
        }
    }

    /// Returns the path of a module or item that only the crate sees.
    pub(super) fn internal(&self, item: &str) -> String {
        format!("{}::{item}", self.path())
    }

    /// Returns the path where the public items are: the root of the crate, if it re-exports them, because documentation shows
    /// them there.
    pub(super) fn exports(&self) -> String {
        match &self.0 {
            Some(_) => self.path(),
            None => "crate".to_owned(),
        }
    }

    /// Returns the path of a public module or item.
    pub(super) fn public(&self, item: &str) -> String {
        format!("{}::{item}", self.exports())
    }

    /// Returns [`internal`](Self::internal) as tokens.
    pub(super) fn internal_tokens(&self, item: &str) -> TokenStream {
        tokens(&self.internal(item))
    }

    /// Returns [`exports`](Self::exports) as tokens.
    pub(super) fn exports_tokens(&self) -> TokenStream {
        tokens(&self.exports())
    }

    /// Returns [`public`](Self::public) as tokens.
    pub(super) fn public_tokens(&self, item: &str) -> TokenStream {
        tokens(&self.public(item))
    }

    /// Returns the path under which other crates import the public items of this module of `library`: the crate itself, if its
    /// root re-exports the `default` version and this is it.
    pub(crate) fn library(&self, library: &str, default: &str) -> String {
        match &self.0 {
            Some(version) if version.name != default => format!("{library}::{}", version.module.source()),
            Some(_) | None => library.to_owned(),
        }
    }
}

fn tokens(path: &str) -> TokenStream {
    let segments = path.split("::").map(|segment| format_ident!("{}", segment));
    quote! { #(#segments)::* }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{Generated, Sources, generate};

    /// Generates our client for a module of its crate.
    fn client_in(root: &Root) -> Generated {
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
        let read = |file: &str| std::fs::read_to_string(spec.join(file)).unwrap();
        let of_version = |file: &str| read(&format!("2026-02-09/{file}"));
        let (profile, names, overlay) = (read("profile.toml"), of_version("names.toml"), of_version("overlay.yaml"));
        let document = of_version("openapi.json");
        let sources = Sources {
            document: document.as_bytes(),
            document_name: "openapi.json",
            profile: &profile,
            names: &names,
            overlay: Some(&overlay),
            package: None,
            root: Some(root),
        };
        generate(&sources, &mut |_| {}).unwrap()
    }

    #[test]
    fn code_of_a_version_refers_to_nothing_outside_of_its_module() {
        let version = client_in(&Root::of_version("2026-02-09"));
        for (path, text) in &version.files {
            let outside =
                text.lines().filter(|line| line.replace("crate::generated::v2026_02_09::", "").contains("crate::"));
            assert_eq!(outside.collect::<Vec<_>>(), Vec::<&str>::new(), "{path}");
        }
        assert!(!version.files["mod.rs"].contains("super::"));
        // The module changes paths, never what there is.
        let default = client_in(&Root::default());
        assert!(version.files.keys().eq(default.files.keys()));
        assert_eq!((version.names, version.lowered), (default.names, default.lowered));
    }

    #[test]
    fn version_has_a_module_of_its_own_and_the_default_root_is_re_exported() {
        let default = Root::default();
        assert_eq!(default.internal("operations"), "crate::generated::operations");
        assert_eq!(default.public("Client"), "crate::Client");
        assert_eq!(default.library("pet_shop", ""), "pet_shop");

        let version = Root::of_version("2026-02-09");
        assert_eq!(version.internal("operations"), "crate::generated::v2026_02_09::operations");
        assert_eq!(version.public("Client"), "crate::generated::v2026_02_09::Client");
        assert_eq!(version.library("pet_shop", "2027-01-01"), "pet_shop::v2026_02_09");
        assert_eq!(version.library("pet_shop", "2026-02-09"), "pet_shop");
    }
}
