//! Conversions into types, as `From` implementations. The model decides which ones exist.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{Conversion, ConversionRoute, ConversionSource, Kind, Storage, TypeDef, Types};

use super::rust_type::{Scope, render_type};
use super::source::SourceFile;

/// Emits the conversions into a type.
pub(super) fn emit_conversions(file: &mut SourceFile, types: &Types, def: &TypeDef) -> Result<(), Report> {
    let name = def.name.token();
    for conversion in &def.conversions {
        for (source, argument) in sources(types, conversion) {
            let value = made(types, def, &conversion.route, &argument);
            file.items(quote! {
                impl From<#source> for #name {
                    #[inline]
                    fn from(value: #source) -> Self {
                        #value
                    }
                }
            })?;
        }
    }
    Ok(())
}

/// Returns the source types, each with the expression for the value that is converted.
pub(super) fn sources(types: &Types, conversion: &Conversion) -> Vec<(TokenStream, TokenStream)> {
    let value = quote! { value };
    match &conversion.source {
        ConversionSource::String => {
            let borrowed = match conversion.route {
                ConversionRoute::Variant(_) => quote! { value.to_owned() },
                ConversionRoute::Constructor | ConversionRoute::Property(_) | ConversionRoute::Through(_) => {
                    value.clone()
                }
            };
            vec![(quote! { &str }, borrowed), (quote! { String }, value)]
        }
        ConversionSource::Payload(ty) => vec![(render_type(types, ty, Scope::Types), value)],
        ConversionSource::Value(id) => {
            let name = types.get(*id).name.token();
            let part = |reference: TokenStream| match &conversion.route {
                ConversionRoute::Property(property) => {
                    let property = property.token();
                    quote! { #reference value.#property }
                }
                ConversionRoute::Constructor | ConversionRoute::Variant(_) | ConversionRoute::Through(_) => {
                    value.clone()
                }
            };
            vec![(quote! { &#name }, part(quote! { & })), (quote! { #name }, part(quote! {}))]
        }
    }
}

fn made(types: &Types, def: &TypeDef, route: &ConversionRoute, argument: &TokenStream) -> TokenStream {
    let variant = |index: usize| match &def.kind {
        Kind::Union(union) => union.variants.get(index),
        Kind::Struct(_) | Kind::Enumeration(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
    };
    match route {
        ConversionRoute::Constructor | ConversionRoute::Property(_) => quote! { Self::new(#argument) },
        ConversionRoute::Variant(index) | ConversionRoute::Through(index) => {
            let Some(variant) = variant(*index) else { return quote! {} };
            let payload = match route {
                ConversionRoute::Through(_) => {
                    let ty = render_type(types, &variant.ty, Scope::Types);
                    quote! { #ty::from(#argument) }
                }
                ConversionRoute::Constructor | ConversionRoute::Property(_) | ConversionRoute::Variant(_) => {
                    argument.clone()
                }
            };
            let payload = match variant.storage {
                Storage::Inline => payload,
                Storage::Boxed => quote! { Box::new(#payload) },
            };
            let variant = variant.name.token();
            quote! { Self::#variant(#payload) }
        }
    }
}
