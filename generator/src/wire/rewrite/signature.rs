//! Reads the signature of a rewritten function. Knows types only by their tokens.

use quote::quote;
use syn::{FnArg, ImplItemFn, Pat};

use crate::diagnostic::Report;
use crate::wire::{Argument, Passing, Signature};

use super::broken;

/// Returns an argument unless it is the receiver.
pub(super) fn typed(argument: &mut FnArg) -> Option<&mut syn::PatType> {
    match argument {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    }
}

/// Reads the names of the arguments, and how they are passed.
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
    let tokens = quote!(#ty).to_string();
    match tokens.as_str() {
        "& str" => Passing::Text,
        "Option < & str >" => Passing::OptionalText,
        tokens if tokens.ends_with(":: Form") => Passing::Form,
        "B" => Passing::Raw,
        tokens if tokens.starts_with("Option < &") => Passing::OptionalReference,
        tokens if tokens.starts_with('&') => Passing::Reference,
        _ => Passing::Value,
    }
}
