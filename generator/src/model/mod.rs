//! The model: what a Rust SDK needs to know of an API, and nothing of how OpenAPI says it.
//!
//! Names are decided here, once. The emitters read the model and decide nothing.

mod annotations;
mod answers;
mod areas;
mod bodies;
mod build;
mod constructors;
mod examples;
mod expansion;
mod forms;
mod membership;
mod merge;
mod operation;
mod operations;
mod pagination;
mod parameters;
mod polling;
mod reach;
mod recursion;
mod resolve;
mod samples;
mod schema;
mod shape;
mod sources;
mod status;
mod types;
mod unions;
mod usage;
mod webhooks;

pub(crate) use areas::areas;
pub use build::{Modelled, build};
pub(crate) use examples::unused_examples;
pub use operation::{Body, BodyForm, Location, Operation, Parameter, Style, Success};
#[cfg(test)]
pub(crate) use operations::CLIENT_METHODS;
pub use pagination::{Cursor, Pagination};
pub use polling::{Members, Role, RunStart, RunState};
pub use reach::{Reach, Step};
pub(crate) use samples::{Taste, example_string, sample};
pub use shape::{
    Decision, EnumValue, Enumeration, JsonType, Kind, Pattern, Presence, Promise, Property, Rest, Rule, Secrecy,
    Storage, Struct, Test, Type, TypeDef, Union, Usage, Variant, Width,
};
pub use status::Status;
pub(crate) use types::RESERVED;

/// An API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// Operations, by path and method.
    pub operations: Vec<Operation>,
    /// Types, by name.
    pub types: Types,
    /// Webhook events, by name.
    pub webhooks: Vec<Webhook>,
}

/// Every type of the API.
#[derive(Clone, Debug, Default)]
pub struct Types(pub Vec<TypeDef>);

/// Place of a type in [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

impl Types {
    /// A type by its place.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.0[id.0]
    }

    /// Every place.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.0.len()).map(TypeId)
    }

    /// Every place, ordered by the name of the type.
    pub fn by_name(&self) -> Vec<TypeId> {
        let mut ids: Vec<TypeId> = self.ids().collect();
        ids.sort_by_key(|id| &self.get(*id).name);
        ids
    }

    /// Follows aliases to what they stand for.
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut ty = ty;
        // An alias that leads back to itself is no alias (see `recursion`), so this ends.
        while let Type::Named(id) = ty {
            match &self.get(*id).kind {
                Kind::Alias(target) => ty = target,
                Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) | Kind::Wrapper(_) => break,
            }
        }
        ty
    }

    /// The object a type is, behind its aliases.
    pub fn structure<'a>(&'a self, ty: &'a Type) -> Option<&'a Struct> {
        match &self.get(self.resolve(ty).named()?).kind {
            Kind::Struct(structure) => Some(structure),
            Kind::Enumeration(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        }
    }
}

/// Text for humans, as the document has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// First line.
    pub summary: String,
    /// The rest.
    pub description: String,
    /// Lines with facts: constraints, defaults, wire names.
    pub notes: Vec<String>,
}

/// Whether something is on its way out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lifecycle {
    /// In use.
    #[default]
    Current,
    /// The document advises against it.
    Deprecated,
}

/// An event the server sends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Webhook {
    /// Name of the event, as in its `eventType`.
    pub event: String,
    /// What it means.
    pub docs: Docs,
    /// Its body.
    pub ty: Type,
}
