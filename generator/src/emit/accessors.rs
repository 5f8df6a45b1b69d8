//! Accessors of unions: properties that every variant has, available without a `match`. The model decides which ones
//! exist.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{Accessor, Presence, Property, Storage, Type, TypeDef, Types, Union};

use super::doc;
use super::rust_type::{Scope, render_type};
use super::source::SourceFile;

/// How an accessor returns the value of a property.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As `&str`, for unknown variants as well, which look it up in their JSON.
    String,
    /// As a copy.
    Copy,
    /// As a reference.
    Reference,
}

/// Emits the accessors of a union.
pub(super) fn emit_accessors(file: &mut SourceFile, types: &Types, def: &TypeDef, union: &Union) -> Result<(), Report> {
    if union.accessors.is_empty() {
        return Ok(());
    }
    let name = def.name.token();
    let methods = union.accessors.iter().map(|accessor| method(types, union, accessor));
    file.items(quote! { impl #name { #(#methods)* } })
}

fn method(types: &Types, union: &Union, accessor: &Accessor) -> TokenStream {
    let form = match types.resolve(&accessor.ty) {
        Type::String | Type::Binary | Type::Constant(_) => Form::String,
        Type::Boolean | Type::Integer(_) | Type::Number => Form::Copy,
        Type::Timestamp
        | Type::Any
        | Type::List(_)
        | Type::Tuple(..)
        | Type::Map(_)
        | Type::Nullable(_)
        | Type::Named(_) => Form::Reference,
    };
    let exact = render_type(types, &accessor.ty, Scope::Types);
    let (ty, unknown) = match form {
        Form::String => {
            let wire = &accessor.wire.0;
            (quote! { &str }, quote! { Self::Unknown(value) => value.get(#wire)?.as_str() })
        }
        Form::Copy => (exact, quote! { Self::Unknown(_) => None }),
        Form::Reference => (quote! { &#exact }, quote! { Self::Unknown(_) => None }),
    };
    let arms = union.variants.iter().filter_map(|variant| {
        let structure = types.structure(&variant.ty)?;
        let field = structure.fields.iter().find(|field| field.wire == accessor.wire)?;
        let (variant, value) = (variant.name.token(), value(types, field, form));
        Some(quote! { Self::#variant(value) => #value, })
    });
    let mut lines = doc::lines(&accessor.docs, &format!("`{}`", accessor.wire));
    lines.push(String::new());
    lines.push("Every variant has it. `None` when the value was left out, or when the variant is unknown and has no such string.".to_owned());
    let docs = doc::attributes(&doc::with_deprecation(lines, accessor.lifecycle));
    let name = accessor.name.token();
    quote! {
        #docs
        #[must_use]
        pub fn #name(&self) -> Option<#ty> {
            match self { #(#arms)* #unknown, }
        }
    }
}

fn value(types: &Types, field: &Property, form: Form) -> TokenStream {
    let name = field.name.token();
    let is_constant = matches!(types.resolve(&field.ty), Type::Constant(_));
    let optional = match field.presence {
        Presence::OptionalNullable => quote! { value.#name.value() },
        Presence::Required | Presence::Nullable | Presence::Optional => quote! { value.#name.as_ref() },
    };
    let inner = match (form, field.storage) {
        (Form::String, _) if is_constant => quote! { Constant::as_str },
        (Form::String, _) => quote! { String::as_str },
        (Form::Reference, Storage::Boxed) => quote! { Box::as_ref },
        (Form::Copy, _) | (Form::Reference, Storage::Inline) => quote! {},
    };
    match (field.presence, form) {
        (Presence::Required, Form::String) => quote! { Some(value.#name.as_str()) },
        (Presence::Required, Form::Copy) => quote! { Some(value.#name) },
        (Presence::Required, Form::Reference) => quote! { Some(&value.#name) },
        (_, Form::Copy) => quote! { #optional.copied() },
        (Presence::Nullable | Presence::Optional, Form::String) if !is_constant => quote! { value.#name.as_deref() },
        (_, Form::Reference) if field.storage == Storage::Inline => optional,
        (_, Form::String | Form::Reference) => quote! { #optional.map(#inner) },
    }
}
