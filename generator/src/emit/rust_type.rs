//! Types of the model as Rust types, and how values get into them.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Kind, Length, Presence, Property, Secrecy, Storage, Type, Types, Width};

use super::root::Root;

/// Where a type is written.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    /// Among the types.
    Types,
    /// Anywhere else in the generated code.
    Elsewhere,
}

/// A type as Rust.
pub(super) fn render_type(types: &Types, ty: &Type, scope: Scope) -> TokenStream {
    let inner = |ty: &Type| render_type(types, ty, scope);
    match ty {
        Type::String | Type::Binary => quote! { String },
        Type::Boolean => quote! { bool },
        Type::Integer(Width::I32) => quote! { i32 },
        Type::Integer(Width::I64) => quote! { i64 },
        Type::Integer(Width::U32) => quote! { u32 },
        Type::Integer(Width::U64) => quote! { u64 },
        Type::Integer(Width::I128) => quote! { i128 },
        Type::Number => quote! { f64 },
        Type::Timestamp => quote! { Timestamp },
        Type::Any => quote! { Value },
        Type::Constant(_) => quote! { Constant },
        Type::List(item) => {
            let item = inner(item);
            quote! { Vec<#item> }
        }
        Type::Tuple(items, length) => {
            let items = items.iter().map(inner);
            match length {
                Length::Exact => quote! { (#(#items),*) },
                Length::Open => quote! { Positions<(#(#items),*)> },
            }
        }
        Type::Map(value) => {
            let value = inner(value);
            quote! { Map<#value> }
        }
        Type::Nullable(value) => {
            let value = inner(value);
            quote! { Option<#value> }
        }
        Type::Named(id) => {
            let name = types.get(*id).name.token();
            match scope {
                Scope::Types => quote! { #name },
                Scope::Elsewhere => quote! { types::#name },
            }
        }
    }
}

/// A type as text, as it is written in the tables of macros: without spaces.
pub(super) fn tight(ty: &TokenStream) -> String {
    ty.to_string().replace(' ', "")
}

/// A type with full paths, as text: for progenitor.
pub(crate) fn qualified(types: &Types, root: &Root, ty: &Type) -> String {
    match ty {
        Type::Timestamp => "sdk_runtime::json::Timestamp".to_owned(),
        Type::Any => "sdk_runtime::Value".to_owned(),
        Type::Constant(_) => "sdk_runtime::json::Constant".to_owned(),
        Type::List(item) => format!("Vec<{}>", qualified(types, root, item)),
        Type::Tuple(items, length) => {
            let items: Vec<String> = items.iter().map(|item| qualified(types, root, item)).collect();
            match length {
                Length::Exact => format!("({})", items.join(", ")),
                Length::Open => format!("sdk_runtime::json::Positions<({})>", items.join(", ")),
            }
        }
        Type::Map(value) => format!("sdk_runtime::json::Map<{}>", qualified(types, root, value)),
        Type::Nullable(value) => format!("Option<{}>", qualified(types, root, value)),
        Type::Named(id) => root.internal(&format!("types::{}", types.get(*id).name.source())),
        Type::String | Type::Binary | Type::Boolean | Type::Integer(_) | Type::Number => {
            render_type(types, ty, Scope::Elsewhere).to_string()
        }
    }
}

/// The type of a field.
pub(super) fn field_type(field: &Property, base: TokenStream) -> TokenStream {
    let stored = match field.storage {
        Storage::Inline => base,
        Storage::Boxed => quote! { Box<#base> },
    };
    let shown = match field.secrecy {
        Secrecy::Public => stored,
        Secrecy::Secret => quote! { Sensitive<#stored> },
    };
    match field.presence {
        Presence::Required => shown,
        Presence::Nullable | Presence::Optional => quote! { Option<#shown> },
        Presence::OptionalNullable => quote! { Field<#shown> },
    }
}

/// What a function takes to set a value, and how it makes the value of the argument `value`.
pub(super) struct ArgumentType {
    /// Type of the argument.
    pub ty: TokenStream,
    /// The value made of it.
    pub value: TokenStream,
}

/// What a function takes for a value of a type: whatever converts into it without loss.
pub(super) fn argument_type(types: &Types, ty: &Type, argument: &TokenStream, scope: Scope) -> ArgumentType {
    let exact = render_type(types, ty, scope);
    let into = |ty: TokenStream| ArgumentType { ty: quote! { impl Into<#ty> }, value: quote! { #argument.into() } };
    let same = |ty: TokenStream| ArgumentType { ty, value: quote! { #argument } };
    match types.resolve(ty) {
        Type::Boolean | Type::Integer(_) | Type::Number => same(exact),
        Type::Nullable(_) | Type::Tuple(_, Length::Exact) => same(exact),
        Type::String
        | Type::Binary
        | Type::Timestamp
        | Type::Any
        | Type::Constant(_)
        | Type::Tuple(_, Length::Open) => into(exact),
        Type::List(item) => list(types, item, argument, scope),
        Type::Map(value) if *types.resolve(value) == Type::Any => {
            ArgumentType { ty: quote! { impl IntoObject }, value: quote! { #argument.into_object() } }
        }
        Type::Map(value) => map(types, value, argument, scope),
        Type::Named(id) => match &types.get(*id).kind {
            Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) => into(exact),
            Kind::Wrapper(_) | Kind::Alias(_) => same(exact),
        },
    }
}

/// Whether an argument of another type can stand for a value of this one.
pub(super) fn converts(types: &Types, ty: &Type) -> bool {
    match types.resolve(ty) {
        Type::String
        | Type::Binary
        | Type::Timestamp
        | Type::Any
        | Type::Constant(_)
        | Type::Tuple(_, Length::Open) => true,
        Type::Named(id) => match &types.get(*id).kind {
            Kind::Enumeration(_) | Kind::Union(_) => true,
            Kind::Struct(_) | Kind::Wrapper(_) | Kind::Alias(_) => !types.get(*id).conversions.is_empty(),
        },
        Type::Boolean
        | Type::Integer(_)
        | Type::Number
        | Type::Nullable(_)
        | Type::List(_)
        | Type::Tuple(_, Length::Exact)
        | Type::Map(_) => false,
    }
}

fn list(types: &Types, item: &Type, argument: &TokenStream, scope: Scope) -> ArgumentType {
    let exact = render_type(types, item, scope);
    if converts(types, item) {
        return ArgumentType {
            ty: quote! { impl IntoIterator<Item = impl Into<#exact>> },
            value: quote! { #argument.into_iter().map(Into::into).collect() },
        };
    }
    ArgumentType { ty: quote! { impl IntoIterator<Item = #exact> }, value: quote! { #argument.into_iter().collect() } }
}

fn map(types: &Types, value: &Type, argument: &TokenStream, scope: Scope) -> ArgumentType {
    let exact = render_type(types, value, scope);
    if converts(types, value) {
        return ArgumentType {
            ty: quote! { impl IntoIterator<Item = (impl Into<String>, impl Into<#exact>)> },
            value: quote! { #argument.into_iter().map(|(name, value)| (name.into(), value.into())).collect() },
        };
    }
    ArgumentType {
        ty: quote! { impl IntoIterator<Item = (impl Into<String>, #exact)> },
        value: quote! { #argument.into_iter().map(|(name, value)| (name.into(), value)).collect() },
    }
}

/// The value as it is stored: in a box, hidden.
pub(super) fn stored(field: &Property, value: TokenStream) -> TokenStream {
    let value = match field.storage {
        Storage::Inline => value,
        Storage::Boxed => quote! { Box::new(#value) },
    };
    match field.secrecy {
        Secrecy::Public => value,
        Secrecy::Secret => quote! { Sensitive::new(#value) },
    }
}
