//! The public Rust surface of a client as data: every name that a user can type, with its signature.
//!
//! Made from the [`ir`](crate::ir), for snapshots and for the comparison of two documents. It must not know the text of generated
//! files; the methods of types that the client only re-exports are left to the runtime.

mod calls;
mod environments;
mod events;
mod render;
mod resources;
mod signature;
mod standard;
mod testing;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use crate::emit::Input;
use crate::parallel::run_both;

pub use render::render_sections;
pub use signature::split_signature;

/// The public surface of a client, in sections small enough to review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    /// Items by section: `client`, `environments`, `events`, one section per resource and per family of types, ….
    pub sections: BTreeMap<String, Vec<Item>>,
    /// One line per operation: what it takes and returns.
    pub calls: Vec<String>,
    /// Cargo features that gate resources, with the resources and operations that they enable.
    pub features: BTreeMap<String, Vec<String>>,
}

/// A public item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Path of its module in the crate; empty for the root.
    pub module: String,
    /// Its name.
    pub name: String,
    /// What follows the name: target of an alias, arguments and result of a function.
    pub signature: String,
    /// Its public parts.
    pub members: Vec<Member>,
    /// Traits of the standard library that it implements, as far as types of its kind differ in them.
    pub traits: Vec<&'static str>,
    /// The Cargo features that bring it, each by itself; if there are none, it is always there. Known of types.
    pub features: BTreeSet<String>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A struct.
    Struct,
    /// A request builder.
    Builder,
    /// An enum over strings.
    Enumeration,
    /// An enum with payloads.
    Union,
    /// Another name for a type.
    Alias,
    /// A trait.
    Trait,
    /// A name of the runtime.
    ReExport,
    /// A function.
    Function,
    /// A static.
    Static,
    /// A type of another file to which this section adds methods.
    Extension,
}

/// A public part of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What it is.
    pub kind: MemberKind,
    /// Its name; of a conversion, the type that it converts from.
    pub name: String,
    /// Type of a field, payload of a variant, arguments and result of a method.
    pub signature: String,
}

/// What a part of an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// A field.
    Field,
    /// A variant.
    Variant,
    /// A function or method.
    Method,
    /// An implementation of `From`.
    Conversion,
    /// A method that a macro of the runtime provides.
    Provided,
}

impl Item {
    fn new(kind: ItemKind, module: &str, name: impl ToString) -> Self {
        let (name, signature) = (name.to_string(), String::new());
        Self {
            kind,
            module: module.to_owned(),
            name,
            signature,
            members: Vec::new(),
            traits: Vec::new(),
            features: BTreeSet::new(),
        }
    }

    fn with_signature(self, signature: impl Into<String>) -> Self {
        Self { signature: signature.into(), ..self }
    }

    fn add(&mut self, kind: MemberKind, name: impl ToString, signature: impl Into<String>) {
        self.members.push(Member { kind, name: name.to_string(), signature: signature.into() });
    }

    /// Returns the path of the item in the crate.
    pub fn path(&self) -> String {
        if self.module.is_empty() { self.name.clone() } else { format!("{}::{}", self.module, self.name) }
    }
}

/// Returns the sections without types.
fn sections_of_calls(input: &Input<'_>) -> BTreeMap<String, Vec<Item>> {
    let mut sections = BTreeMap::new();
    sections.insert("client".to_owned(), resources::client_items(input));
    sections.insert("environments".to_owned(), environments::environment_items(input));
    sections.insert("events".to_owned(), events::event_items(input.api));
    sections.insert("standard".to_owned(), standard::standard_items(input));
    sections.insert("testing fixtures".to_owned(), testing::fixture_items(input.api));
    sections.insert("testing mocks".to_owned(), testing::mock_items(input.api));
    for resource in input.api.resources.iter().chain(&input.api.former.resources) {
        sections.insert(format!("resource {}", resource.module), resources::resource_items(input, resource));
    }
    sections
}

/// Builds the surface of a client.
pub(crate) fn build_surface(input: &Input<'_>) -> Surface {
    // Most of a surface is types.
    let (families, mut sections) = run_both(|| types::families(input.api), || sections_of_calls(input));
    sections.extend(families.into_iter().map(|(family, items)| (format!("types {family}"), items)));
    sections.retain(|_, items| !items.is_empty());
    Surface {
        sections,
        calls: calls::summaries(input.api),
        features: input.profile.areas.0.clone().into_iter().collect(),
    }
}
