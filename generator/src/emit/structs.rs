//! Structs: the fields, a constructor and setters where requests use them, and the table that reads and writes JSON.

use std::fmt::Write as _;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::diagnostic::Report;
use crate::ir::{Fixed, Kind, Presence, Property, Rest, Setter, Struct, Type, TypeDef, Types};
use crate::markdown;

use super::conversions::emit_conversions;
use super::doc::{self, Described};
use super::rust_type::{Scope, argument_type, field_type, render_type, stored};
use super::source::SourceFile;

/// How a struct travels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    /// As JSON.
    Json,
    /// As a multipart form.
    Multipart,
}

/// Emits a struct.
pub(super) fn structure(
    file: &mut SourceFile,
    types: &Types,
    def: &TypeDef,
    structure: &Struct,
    transport: Transport,
) -> Result<(), Report> {
    let name = def.name.token();
    let docs = doc::attributes(&doc::of_type(def));
    let fields = structure.fields.iter().map(|field| declaration(types, def, field, transport));
    let rest = rest_declaration(types, &structure.rest, transport);
    let derives = derives(structure, def, transport);
    file.items(quote! {
        #docs
        #[derive(#derives)]
        #[non_exhaustive]
        pub struct #name { #(#fields)* #rest }
    })?;
    if def.usage.request {
        file.items(constructors(types, def, structure, transport))?;
    }
    emit_conversions(file, types, def)?;
    match transport {
        Transport::Json => file.text(&table(types, def, structure)),
        Transport::Multipart => file.items(form(types, def, structure))?,
    }
    Ok(())
}

fn derives(structure: &Struct, def: &TypeDef, transport: Transport) -> TokenStream {
    match transport {
        Transport::Json if def.usage.request && structure.arguments.is_empty() && !has_constant(structure) => {
            quote! { Debug, Default }
        }
        // The table of an object adds `Clone` and `PartialEq`.
        Transport::Json | Transport::Multipart => quote! { Debug },
    }
}

/// Returns the traits of the standard library that a struct implements, by derivation, its table or its constructors.
pub(super) fn traits(structure: &Struct, def: &TypeDef, transport: Transport) -> Vec<&'static str> {
    let is_made_of_nothing = def.usage.request && structure.arguments.is_empty();
    let (mut traits, has_default) = match transport {
        Transport::Json => (vec!["Clone", "Debug", "PartialEq"], is_made_of_nothing),
        Transport::Multipart => (vec!["Debug"], is_made_of_nothing && has_constant(structure)),
    };
    traits.extend(has_default.then_some("Default"));
    traits
}

/// Whether a new value holds a text that the document fixes.
fn has_constant(structure: &Struct) -> bool {
    structure.fields.iter().any(|field| field.preset().is_some())
}

pub(super) fn base_type(types: &Types, ty: &Type, transport: Transport) -> TokenStream {
    match (transport, types.resolve(ty)) {
        (Transport::Multipart, Type::Binary) => quote! { FilePart },
        (Transport::Multipart, Type::List(item)) if is_file(types, item) => quote! { Vec<FilePart> },
        (Transport::Json | Transport::Multipart, _) => render_type(types, ty, Scope::Types),
    }
}

fn declaration(types: &Types, def: &TypeDef, field: &Property, transport: Transport) -> TokenStream {
    let name = field.name.token();
    let ty = field_type(field, base_type(types, &field.ty, transport));
    let docs = doc::attributes(&Described::property(field, Some(&def.name)).lines(types));
    quote! { #docs pub #name: #ty, }
}

fn rest_declaration(types: &Types, rest: &Rest, transport: Transport) -> TokenStream {
    if transport == Transport::Multipart {
        return quote! {};
    }
    match rest {
        Rest::Ignored => quote! {},
        Rest::Kept(name) => {
            let name = name.token();
            quote! {
                /// Properties that this version does not know.
                pub #name: Extra,
            }
        }
        Rest::Typed(name, ty) => {
            let name = name.token();
            let ty = render_type(types, ty, Scope::Types);
            quote! {
                /// Properties whose names the API document does not list.
                pub #name: Map<#ty>,
            }
        }
    }
}

fn constructors(types: &Types, def: &TypeDef, structure: &Struct, transport: Transport) -> TokenStream {
    let name = def.name.token();
    let new = constructor(types, structure, transport);
    let setters = structure.setters.iter().filter_map(|setter| Some((setter, structure.fields.get(setter.field)?)));
    let setters = setters.map(|(names, field)| setter(types, def, names, field, transport));
    let default = (structure.arguments.is_empty() && has_constant(structure)).then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        impl #name {
            #new
            #(#setters)*
        }
        #default
    }
}

/// What a setter takes for a field, and the value it stores.
pub(super) fn field_argument_type(
    types: &Types,
    field: &Property,
    argument: &TokenStream,
    transport: Transport,
    scope: Scope,
) -> (TokenStream, TokenStream) {
    let argument_type = match (transport, types.resolve(&field.ty)) {
        (Transport::Multipart, Type::Binary) => (quote! { impl Into<FilePart> }, quote! { #argument.into() }),
        (Transport::Multipart, Type::List(item)) if is_file(types, item) => {
            (quote! { impl IntoIterator<Item = FilePart> }, quote! { #argument.into_iter().collect() })
        }
        (Transport::Json | Transport::Multipart, _) => {
            let argument_type = argument_type(types, &field.ty, argument, scope);
            (argument_type.ty, argument_type.value)
        }
    };
    (argument_type.0, stored(field, argument_type.1))
}

/// What a constructor sets a property to that is no constant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Initial {
    /// The argument with its name.
    Argument,
    /// Nothing.
    Absent,
}

/// Renders the initial value of a property in a constructor.
fn initial_value(types: &Types, field: &Property, initial: Initial, transport: Transport) -> TokenStream {
    let name = field.name.token();
    if let Some(fixed) = field.preset() {
        let value = fixed_value(types, field, fixed);
        let value = match field.presence {
            Presence::Nullable => quote! { Some(#value) },
            Presence::Required | Presence::Optional | Presence::OptionalNullable => value,
        };
        return quote! { #name: #value, };
    }
    if initial == Initial::Absent {
        let nothing = if field.presence == Presence::OptionalNullable {
            quote! { Field::Absent }
        } else {
            quote! { None }
        };
        return quote! { #name: #nothing, };
    }
    let value = |argument: TokenStream| field_argument_type(types, field, &argument, transport, Scope::Types).1;
    match field.presence {
        Presence::Nullable => {
            let value = value(quote! { value });
            if value.to_string() == "value" {
                quote! { #name, }
            } else {
                quote! { #name: #name.map(|value| #value), }
            }
        }
        Presence::OptionalNullable => {
            let value = value(quote! { value });
            if value.to_string() == "value" {
                quote! { #name: #name.map_or(Field::Null, Field::Value), }
            } else {
                quote! { #name: #name.map_or(Field::Null, |value| Field::Value(#value)), }
            }
        }
        Presence::Optional => {
            let value = value(quote! { #name });
            quote! { #name: Some(#value), }
        }
        Presence::Required => {
            let value = value(quote! { #name });
            if name == value.to_string() {
                quote! { #name, }
            } else {
                quote! { #name: #value, }
            }
        }
    }
}

/// Renders the value that the document fixes for a property.
fn fixed_value(types: &Types, field: &Property, fixed: Fixed<'_>) -> TokenStream {
    let json = match fixed {
        Fixed::Text(text) => return quote! { Constant::new(#text) },
        Fixed::Json(json) => json,
    };
    let literal = match (types.resolve(&field.ty), json) {
        (Type::Boolean, Value::Bool(value)) => Some(quote! { #value }),
        (Type::Number, Value::Number(number)) => {
            number.as_f64().map(Literal::f64_unsuffixed).map(|number| quote! { #number })
        }
        (_, Value::Number(number)) => {
            let signed = number.as_i64().map(Literal::i64_unsuffixed);
            let number = signed.or_else(|| number.as_u64().map(Literal::u64_unsuffixed));
            number.map(|number| quote! { #number })
        }
        (_, Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => None,
    };
    let text = json.to_string();
    literal.unwrap_or_else(|| quote! { #text.parse().unwrap_or_default() })
}

fn constructor(types: &Types, structure: &Struct, transport: Transport) -> TokenStream {
    let arguments: Vec<&Property> =
        structure.arguments.iter().filter_map(|index| structure.fields.get(*index)).collect();
    let signature = arguments.iter().map(|field| {
        let name = field.name.token();
        let (ty, _) = field_argument_type(types, field, &quote! { #name }, transport, Scope::Types);
        match field.presence {
            Presence::Nullable | Presence::OptionalNullable => quote! { #name: Option<#ty> },
            Presence::Required | Presence::Optional => quote! { #name: #ty },
        }
    });
    let values = structure.fields.iter().map(|field| {
        let is_argument = arguments.iter().any(|argument| argument.name == field.name);
        let initial = if is_argument { Initial::Argument } else { Initial::Absent };
        initial_value(types, field, initial, transport)
    });
    let rest = match (&structure.rest, transport) {
        (Rest::Kept(name) | Rest::Typed(name, _), Transport::Json) => {
            let name = name.token();
            quote! { #name: Default::default() }
        }
        (Rest::Ignored, _) | (_, Transport::Multipart) => quote! {},
    };
    let docs = if arguments.is_empty() {
        " Builds a value with no property set."
    } else {
        " Builds a value with the properties that the API requires."
    };
    let value = if arguments.is_empty() && transport == Transport::Json && !has_constant(structure) {
        quote! { Self::default() }
    } else {
        quote! { Self { #(#values)* #rest } }
    };
    quote! {
        #[doc = #docs]
        #[must_use]
        pub fn new(#(#signature),*) -> Self {
            #value
        }
    }
}

fn setter(types: &Types, def: &TypeDef, names: &Setter, field: &Property, transport: Transport) -> TokenStream {
    let name = field.name.token();
    let function = names.name.token();
    let docs = doc::attributes(&Described::property(field, Some(&def.name)).lines(types));
    if let Some(fixed) = field.constant() {
        let value = fixed_value(types, field, fixed);
        let value = match field.presence {
            Presence::OptionalNullable => quote! { Field::Value(#value) },
            Presence::Required | Presence::Nullable | Presence::Optional => quote! { Some(#value) },
        };
        return quote! {
            #docs
            #[must_use]
            pub fn #function(mut self) -> Self {
                self.#name = #value;
                self
            }
        };
    }
    let (ty, value) = field_argument_type(types, field, &quote! { value }, transport, Scope::Types);
    let plain = quote! {
        #docs
        #[must_use]
        pub fn #function(mut self, value: #ty) -> Self
    };
    match field.presence {
        Presence::OptionalNullable => {
            let null = names.null.as_ref().unwrap_or(&names.name).token();
            let null_docs = format!(
                " Sends {} as `null`, which differs from leaving it out.",
                markdown::format_code(&field.wire.0)
            );
            quote! {
                #plain {
                    self.#name = Field::Value(#value);
                    self
                }

                #[doc = #null_docs]
                #[must_use]
                pub fn #null(mut self) -> Self {
                    self.#name = Field::Null;
                    self
                }
            }
        }
        Presence::Required | Presence::Nullable | Presence::Optional => quote! {
            #plain {
                self.#name = Some(#value);
                self
            }
        },
    }
}

fn table(types: &Types, def: &TypeDef, structure: &Struct) -> String {
    let mut text = format!("sdk_runtime::codegen::object!({} {{\n", def.name.source());
    for field in &structure.fields {
        let presence = match field.presence {
            // Any JSON includes `null`.
            Presence::Required if *types.resolve(&field.ty) == Type::Any => "any",
            Presence::Required => "required",
            Presence::Nullable => "nullable",
            Presence::Optional => "optional",
            Presence::OptionalNullable => "field",
        };
        let _ = writeln!(text, "    {:?} => {}: {presence},", field.wire.0, field.name.source());
    }
    match &structure.rest {
        Rest::Ignored => {}
        Rest::Kept(name) | Rest::Typed(name, _) => {
            let _ = writeln!(text, "    ..{}", name.source());
        }
    }
    text.push_str("});\n");
    text
}

/// The parts of a multipart form, in the order of the document.
fn form(types: &Types, def: &TypeDef, structure: &Struct) -> TokenStream {
    let name = def.name.token();
    let parts = structure.fields.iter().map(|field| {
        let field_name = field.name.token();
        let add = |value: TokenStream| part(types, field, &value);
        match field.presence {
            Presence::Required => add(quote! { self.#field_name }),
            Presence::Nullable | Presence::Optional => {
                let add = add(quote! { value });
                quote! { if let Some(value) = self.#field_name { #add } }
            }
            Presence::OptionalNullable => {
                let add = add(quote! { value });
                quote! { if let Field::Value(value) = self.#field_name { #add } }
            }
        }
    });
    let form = match structure.fields.as_slice() {
        [] => quote! { Form::new() },
        _ => quote! {
            let mut form = Form::new();
            #(#parts)*
            form
        },
    };
    quote! {
        impl #name {
            pub(crate) fn into_form(self) -> Form {
                #form
            }
        }
    }
}

/// The statements that add a property to a form. A list is a part for each of its items.
fn part(types: &Types, field: &Property, value: &TokenStream) -> TokenStream {
    let (wire, ty) = (&field.wire.0, types.resolve(&field.ty));
    let item = if let Type::List(item) = ty { Some(item) } else { None };
    if is_file(types, ty) {
        quote! { form = form.file(#wire, #value); }
    } else if is_text(types, ty) {
        quote! { form = form.text(#wire, #value.to_string()); }
    } else if item.is_some_and(|item| is_file(types, item)) {
        quote! { for part in #value { form = form.file(#wire, part); } }
    } else if item.is_some_and(|item| is_text(types, item)) {
        quote! { for part in #value { form = form.text(#wire, part.to_string()); } }
    } else if item.is_some() {
        quote! { for part in #value { form = form.json(#wire, &part); } }
    } else {
        quote! { form = form.json(#wire, &#value); }
    }
}

/// Values that a form holds as a file.
fn is_file(types: &Types, ty: &Type) -> bool {
    matches!(types.resolve(ty), Type::Binary)
}

/// Values that a form holds as text.
fn is_text(types: &Types, ty: &Type) -> bool {
    match types.resolve(ty) {
        Type::String | Type::Constant(_) | Type::Timestamp | Type::Boolean | Type::Integer(_) | Type::Number => true,
        Type::Named(id) => matches!(types.get(*id).kind, Kind::Enumeration(_)),
        Type::Binary | Type::Any | Type::List(_) | Type::Tuple(..) | Type::Map(_) | Type::Nullable(_) => false,
    }
}
