//! What the derive writes: handles of a struct's fields, and the traits that let a type be a field. Must not know which types are
//! refused.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DataEnum, DataStruct, DeriveInput, Error, Field, Fields, Ident, Result};

use crate::attributes::Attributes;
use crate::refused::check_field;

/// Expands the derive for a type.
pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "an extraction has one schema: write a type without parameters",
        ));
    }
    let attributes = Attributes::of(&input.attrs)?;
    match &input.data {
        Data::Struct(data) => expand_struct(input, data, &attributes),
        Data::Enum(data) => expand_enum(input, data, &attributes),
        Data::Union(_) => Err(Error::new_spanned(&input.ident, "an extraction returns a struct with named fields")),
    }
}

fn expand_struct(input: &DeriveInput, data: &DataStruct, attributes: &Attributes) -> Result<TokenStream> {
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(
            &input.ident,
            "an extraction returns a struct with named fields: give each field a name",
        ));
    };
    let (name, visibility) = (&input.ident, &input.vis);
    let handle = format_ident!("{name}Fields");
    let mut problems: Option<Error> = None;
    let (mut roots, mut methods) = (TokenStream::new(), TokenStream::new());
    for field in &fields.named {
        match expand_field(field, name, &handle, attributes) {
            Ok((root, method)) => {
                roots.extend(root);
                methods.extend(method);
            }
            Err(error) => match &mut problems {
                Some(problems) => problems.combine(error),
                None => problems = Some(error),
            },
        }
    }
    if let Some(problems) = problems {
        return Err(problems);
    }
    let traits = implement_traits(name, &handle);
    let about_handle = format!("A handle of a [`{name}`], with a method for each of its fields.");
    Ok(quote! {
        const _: () = {
            use ::extend_ai::schema as __schema;

            #[doc = #about_handle]
            #[derive(::core::clone::Clone, ::core::fmt::Debug)]
            #visibility struct #handle<R: 'static>(__schema::FieldHandle<R, #name>);

            #[allow(dead_code, reason = "a program needs the handles of some fields only")]
            impl #name {
                #roots
            }

            #[allow(dead_code, reason = "a program needs the handles of some fields only")]
            impl<R: 'static> #handle<R> {
                #methods
            }

            #traits
        };
    })
}

/// Returns the traits that let a struct be a field and an item.
fn implement_traits(name: &Ident, handle: &Ident) -> TokenStream {
    quote! {
        impl<R: 'static> ::core::convert::From<__schema::FieldHandle<R, #name>> for #handle<R> {
            fn from(handle: __schema::FieldHandle<R, #name>) -> Self {
                Self(handle)
            }
        }

        impl<R: 'static> __schema::IntoFieldHandle for #handle<R> {
            type Root = R;
            type Value = #name;

            fn into_field_handle(self) -> __schema::FieldHandle<R, #name> {
                self.0
            }
        }

        impl __schema::Extractable for #name {
            type Handle<R: 'static> = #handle<R>;
        }

        impl __schema::FieldType for #name {
            type Content = Self;

            fn content(&self) -> ::core::option::Option<&Self> {
                ::core::option::Option::Some(self)
            }
        }

        impl __schema::Item for #name {}
    }
}

/// Returns the function of the struct and the method of its handle that lead to a field.
fn expand_field(
    field: &Field,
    owner: &Ident,
    handle: &Ident,
    of_struct: &Attributes,
) -> Result<(TokenStream, TokenStream)> {
    let attributes = Attributes::of(&field.attrs)?;
    let Some(name) = &field.ident else { return Ok(Default::default()) };
    if attributes.skipped {
        return Ok(Default::default());
    }
    check_field(&field.ty, owner)?;
    let (ty, visibility) = (&field.ty, &field.vis);
    let plain = name.to_string();
    let plain = plain.strip_prefix("r#").unwrap_or(&plain);
    let convention = of_struct.rename_all;
    let in_json =
        attributes.rename.unwrap_or_else(|| convention.map_or_else(|| plain.to_owned(), |all| all.apply(plain)));
    let about = format!("Returns the handle of the field `{plain}`.");
    let root = quote! {
        #[doc = #about]
        #[must_use]
        #visibility fn #name() -> __schema::HandleOf<#owner, #ty> {
            #handle(__schema::FieldHandle::root()).#name()
        }
    };
    let method = quote! {
        #[doc = #about]
        #[must_use]
        #visibility fn #name(&self) -> __schema::HandleOf<R, #ty> {
            self.0.field(#in_json, |value| __schema::FieldType::content(&value.#name)).into()
        }
    };
    Ok((root, method))
}

fn expand_enum(input: &DeriveInput, data: &DataEnum, attributes: &Attributes) -> Result<TokenStream> {
    let union = "an extraction has no unions: write an enum without data, or a struct with an optional field for each alternative";
    if attributes.is_union {
        return Err(Error::new_spanned(&input.ident, union));
    }
    if let Some(variant) = data.variants.iter().find(|variant| !matches!(variant.fields, Fields::Unit)) {
        return Err(Error::new_spanned(variant, union));
    }
    let name = &input.ident;
    Ok(quote! {
        const _: () = {
            use ::extend_ai::schema as __schema;

            impl __schema::Extractable for #name {
                type Handle<R: 'static> = __schema::FieldHandle<R, Self>;
            }
        };
    })
}
