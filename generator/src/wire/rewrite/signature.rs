//! What a mended function takes.

use quote::quote;
use syn::{FnArg, ImplItemFn, Pat};

use crate::diagnostic::Report;
use crate::wire::{Argument, Passing, Signature};

use super::broken;

pub(super) fn typed(argument: &mut FnArg) -> Option<&mut syn::PatType> {
    match argument {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    }
}

pub(super) fn read_signature(function: &ImplItemFn) -> Result<Signature, Report> {
    let mut parameters = Vec::new();
    for argument in &function.sig.inputs {
        let FnArg::Typed(argument) = argument else { continue };
        let Pat::Ident(name) = &*argument.pat else {
            return Err(broken(format!("`{}` takes a pattern", function.sig.ident)));
        };
        parameters.push(Argument { name: name.ident.to_string(), passing: passing_of(&argument.ty) });
    }
    Ok(Signature { parameters })
}

fn passing_of(ty: &syn::Type) -> Passing {
    let text = quote!(#ty).to_string();
    match text.as_str() {
        "& str" => Passing::Text,
        "Option < & str >" => Passing::OptionalText,
        text if text.ends_with(":: Form") => Passing::Form,
        "B" => Passing::Raw,
        text if text.starts_with("Option < &") => Passing::OptionalReference,
        text if text.starts_with('&') => Passing::Reference,
        _ => Passing::Value,
    }
}
