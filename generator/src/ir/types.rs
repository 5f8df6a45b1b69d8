//! Types: named ones, and references to them.

use std::collections::BTreeSet;

use crate::names::RustIdent;
use crate::pointer::Pointer;

use super::{Conversion, Docs, Enumeration, Lifecycle, Struct, Union};

/// The feature of the client that brings every type.
pub const EVERY_TYPE: &str = "types";

/// Every named type of an API.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Types(pub Vec<TypeDef>);

/// Index of a type in [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

impl Types {
    /// Returns the type with this ID.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.0[id.0]
    }

    /// Returns every ID.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.0.len()).map(TypeId)
    }

    /// Returns every ID, ordered by the name of the type.
    pub fn by_name(&self) -> Vec<TypeId> {
        let mut ids: Vec<TypeId> = self.ids().collect();
        ids.sort_by_key(|id| &self.get(*id).name);
        ids
    }

    /// Follows aliases to the type that they stand for.
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut ty = ty;
        // The model has no alias that leads back to itself, so this ends.
        while let Type::Named(id) = ty {
            match &self.get(*id).kind {
                Kind::Alias(target) => ty = target,
                Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) | Kind::Wrapper(_) => break,
            }
        }
        ty
    }

    /// Returns a type as the compiler sees it: an alias, bytes and a fixed string are no types of their own.
    pub fn compiled(&self, ty: &Type) -> Type {
        let inner = |ty: &Type| Box::new(self.compiled(ty));
        match self.resolve(ty) {
            Type::List(item) => Type::List(inner(item)),
            Type::Tuple(items, length) => Type::Tuple(items.iter().map(|item| self.compiled(item)).collect(), *length),
            Type::Map(value) => Type::Map(inner(value)),
            Type::Nullable(value) => Type::Nullable(inner(value)),
            Type::Binary => Type::String,
            Type::Constant(_) => Type::Constant(String::new()),
            plain @ (Type::String
            | Type::Boolean
            | Type::Integer(_)
            | Type::Number
            | Type::Timestamp
            | Type::Any
            | Type::Named(_)) => plain.clone(),
        }
    }

    /// Returns the struct that a type is, behind its aliases.
    pub fn structure<'a>(&'a self, ty: &'a Type) -> Option<&'a Struct> {
        match &self.get(self.resolve(ty).named()?).kind {
            Kind::Struct(structure) => Some(structure),
            Kind::Enumeration(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        }
    }
}

impl TypeDef {
    /// Returns the names of the schemas that are this type.
    pub fn identities(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.identity).chain(&self.other_identities)
    }
}

/// A named type.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TypeDef {
    /// Name in Rust.
    pub name: RustIdent,
    /// Name in the document: of a component, a title, or derived from its place.
    pub identity: String,
    /// Names of other schemas that are this type.
    pub other_identities: Vec<String>,
    /// Where the document defines it.
    pub origin: Pointer,
    /// Its descriptions.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub lifecycle: Lifecycle,
    /// What kind of type it is.
    pub kind: Kind,
    /// Where it appears.
    pub usage: Usage,
    /// What can be given where it is expected.
    pub conversions: Vec<Conversion>,
    /// The features of the client that bring the type, each by itself; if there are none, it is always there.
    pub features: BTreeSet<String>,
}

/// Kind of a named type.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// An object with named properties.
    Struct(Struct),
    /// One of several strings.
    Enumeration(Enumeration),
    /// One of several types.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
    /// A struct around a type, for aliases that would contain themselves.
    Wrapper(Type),
}

/// Where a type appears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Some request contains it.
    pub request: bool,
    /// Some response or event contains it.
    pub response: bool,
}

/// The type of a property, parameter or body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// A string.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer(Width),
    /// A number.
    Number,
    /// A date or time.
    Timestamp,
    /// Bytes of a file.
    Binary,
    /// Any JSON.
    Any,
    /// A string that the document fixes.
    Constant(String),
    /// A list.
    List(Box<Type>),
    /// A list whose items have a type each.
    Tuple(Vec<Type>, Length),
    /// A map with string keys.
    Map(Box<Type>),
    /// A value or `null`, inside a list, a map or an alias.
    Nullable(Box<Type>),
    /// A named type.
    Named(TypeId),
}

impl Type {
    /// Returns the string that the document fixes, if it fixes one.
    pub fn constant(&self) -> Option<&str> {
        if let Self::Constant(string) = self { Some(string) } else { None }
    }

    /// Returns the named types in this one, from left to right.
    pub fn named_types(&self) -> Vec<TypeId> {
        match self {
            Self::Named(id) => vec![*id],
            Self::Tuple(items, _) => items.iter().flat_map(Self::named_types).collect(),
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.named_types(),
            Self::String
            | Self::Boolean
            | Self::Integer(_)
            | Self::Number
            | Self::Timestamp
            | Self::Binary
            | Self::Any
            | Self::Constant(_) => Vec::new(),
        }
    }

    /// Returns the ID of a named type.
    pub fn named(&self) -> Option<TypeId> {
        if let Self::Named(id) = self { Some(*id) } else { None }
    }
}

/// How many items a list has whose items have a type each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// One for each type.
    Exact,
    /// Fewer or more are allowed, too.
    Open,
}

/// Range of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Width {
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
    /// `i128`.
    I128,
}
