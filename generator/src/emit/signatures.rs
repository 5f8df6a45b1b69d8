//! Types of public items as text, as the emitters write them: what the surface shows.
//!
//! It must not know what the surface looks like.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{
    Api, Argument, Kind, Presence, Property, Rest, Storage, Struct, Target, Type, TypeDef, TypeId, Types, Variant,
};

use super::calls::argument_type;
use super::conversions::sources;
use super::plan::Plan;
use super::rust_type::{Scope, field_type, render_type, tight};
use super::structs::{Transport, base_type, field_argument_type, traits};
use super::types::multipart_bodies;

/// Returns a type as text.
pub(crate) fn type_text(types: &Types, ty: &Type) -> String {
    tight(&render_type(types, ty, Scope::Types))
}

/// Returns tokens of a type as text.
pub(crate) fn tokens_text(tokens: &TokenStream) -> String {
    readable(tokens)
}

/// Returns an argument of a method with its type.
pub(crate) fn argument_text(plan: &Plan<'_>, argument: &Argument) -> String {
    format!("{}: {}", argument.name, argument_type(plan, argument).as_ref().map(readable).unwrap_or_default())
}

/// Returns what a setter of a builder accepts.
pub(crate) fn setter_text(plan: &Plan<'_>, setter: &Argument) -> String {
    let is_constant = |field: &Property| field.constant().is_some();
    match setter.target {
        Target::Property(index) if plan.property(index).is_some_and(is_constant) => String::new(),
        Target::Property(_) | Target::Parameter(_) | Target::Body => {
            argument_type(plan, setter).as_ref().map(readable).unwrap_or_default()
        }
    }
}

/// Returns what awaiting a call returns.
pub(crate) fn response_text(plan: &Plan<'_>) -> String {
    let (form, ty) = plan.output(&plan.operation.response);
    match form {
        "events" | "lines" => format!("{form} of {}", readable(&ty)),
        _ => readable(&ty),
    }
}

/// The signatures of structs as text.
pub(crate) struct StructSignatures<'a> {
    api: &'a Api,
    /// The types that are sent as forms.
    forms: BTreeSet<TypeId>,
}

impl<'a> StructSignatures<'a> {
    /// Prepares the signatures of the structs of an API.
    pub(crate) fn new(api: &'a Api) -> Self {
        Self { api, forms: multipart_bodies(api) }
    }

    /// Returns the type of a field.
    pub(crate) fn field(&self, owner: TypeId, field: &Property) -> String {
        readable(&field_type(field, base_type(&self.api.types, &field.ty, self.transport(owner))))
    }

    /// Returns the field for properties without a name, and its type.
    pub(crate) fn rest(&self, owner: TypeId, structure: &Struct) -> Option<(String, String)> {
        match (&structure.rest, self.transport(owner)) {
            (Rest::Ignored, _) | (_, Transport::Multipart) => None,
            (Rest::Kept(name), Transport::Json) => Some((name.to_string(), "Extra".to_owned())),
            (Rest::Typed(name, ty), Transport::Json) => {
                Some((name.to_string(), format!("Map<{}>", type_text(&self.api.types, ty))))
            }
        }
    }

    /// Returns an argument of a constructor with its type.
    pub(crate) fn argument(&self, owner: TypeId, field: &Property) -> String {
        let ty = self.accepted(owner, field);
        match field.presence {
            Presence::Nullable | Presence::OptionalNullable => format!("{}: Option<{ty}>", field.name),
            Presence::Required | Presence::Optional => format!("{}: {ty}", field.name),
        }
    }

    /// Returns what a setter of a struct accepts.
    pub(crate) fn setter(&self, owner: TypeId, field: &Property) -> String {
        if field.constant().is_some() { String::new() } else { self.accepted(owner, field) }
    }

    /// Returns the traits of the standard library that a struct implements.
    pub(crate) fn traits(&self, owner: TypeId, structure: &Struct) -> Vec<&'static str> {
        traits(structure, self.api.types.get(owner), self.transport(owner))
    }

    fn accepted(&self, owner: TypeId, field: &Property) -> String {
        readable(&field_argument_type(&self.api.types, field, &quote! { value }, self.transport(owner), Scope::Types).0)
    }

    fn transport(&self, owner: TypeId) -> Transport {
        debug_assert!(matches!(self.api.types.get(owner).kind, Kind::Struct(_)));
        if self.forms.contains(&owner) { Transport::Multipart } else { Transport::Json }
    }
}

/// Returns the payload of a variant.
pub(crate) fn payload_text(api: &Api, variant: &Variant) -> String {
    let ty = type_text(&api.types, &variant.ty);
    match variant.storage {
        Storage::Inline => ty,
        Storage::Boxed => format!("Box<{ty}>"),
    }
}

/// Returns the types that convert into a type.
pub(crate) fn conversion_texts(types: &Types, def: &TypeDef) -> Vec<String> {
    let sources = def.conversions.iter().flat_map(|conversion| sources(types, conversion));
    sources.map(|(source, _)| tight(&source)).collect()
}

/// Returns the traits of the standard library that the builder of a call implements.
pub(crate) fn builder_traits(plan: &Plan<'_>) -> Vec<&'static str> {
    if plan.is_multipart() { vec!["Debug"] } else { vec!["Clone", "Debug"] }
}

/// Writes tokens as a person would: no spaces but after commas and keywords.
fn readable(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    let text = text.replace(" :: ", "::").replace(" < ", "<").replace(" >", ">").replace(" ,", ",").replace("& ", "&");
    text.replace("> >", ">>").replace("types::", "").replace("sdk_runtime::", "")
}
