//! Rewrites request bodies: forms, media types, optional bodies. Must not know URLs, queries or headers.

use quote::{ToTokens, format_ident};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, Ident, ImplItemFn, LitStr, Pat, Token, parse_quote};

use crate::diagnostic::Report;
use crate::ir::{BodyForm, Operation, Presence};

use super::broken;
use super::signature::typed;

/// Rewrites the body of an operation to the form that the model requires.
pub(super) fn rewrite_body(function: &mut ImplItemFn, operation: &Operation) -> Result<(), Report> {
    let Some(body) = &operation.body else { return Ok(()) };
    match (&body.form, body.presence) {
        (BodyForm::Multipart, _) => send_multipart(function),
        (BodyForm::Json, Presence::Required | Presence::Nullable) => {
            send_json(function, "json_body", &body.json_media_type).map(|_| ())
        }
        (BodyForm::Json, Presence::Optional | Presence::OptionalNullable) => {
            make_body_optional(function, &body.json_media_type)
        }
        (BodyForm::UrlEncoded, _) => set_media_type(function, "application/x-www-form-urlencoded"),
        (BodyForm::Text(media) | BodyForm::Bytes(media), _) => set_media_type(function, media),
    }
}

/// Sends the body as a multipart form instead of raw bytes.
fn send_multipart(function: &mut ImplItemFn) -> Result<(), Report> {
    struct Upload(usize);

    impl VisitMut for Upload {
        fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
            if call.method == "body"
                && let Expr::MethodCall(header) = &*call.receiver
                && header.method == "header"
                && header.args.to_token_stream().to_string().contains("application/octet-stream")
            {
                let receiver = header.receiver.clone();
                *call = parse_quote!(#receiver.multipart(body));
                self.0 += 1;
            }
            visit_mut::visit_expr_method_call_mut(self, call);
        }
    }

    let mut upload = Upload(0);
    upload.visit_impl_item_fn_mut(function);
    let bounds = function.sig.generics.type_params().count();
    let body = body_argument(function);
    match (upload.0, bounds, body) {
        (1, 1, Some(body)) => *body.ty = parse_quote!(reqwest::multipart::Form),
        (bodies, bounds, _) => {
            return Err(broken(format!(
                "`{}` has {bodies} raw bodies and {bounds} type parameters",
                function.sig.ident
            )));
        }
    }
    function.sig.generics = syn::Generics::default();
    Ok(())
}

/// Sets the media type of a raw body.
fn set_media_type(function: &mut ImplItemFn, media: &str) -> Result<(), Report> {
    struct ContentType<'a> {
        media: &'a str,
        count: usize,
    }

    impl VisitMut for ContentType<'_> {
        fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
            if literal.value() == "application/octet-stream" {
                *literal = LitStr::new(self.media, literal.span());
                self.count += 1;
            }
        }
    }

    let mut content_type = ContentType { media, count: 0 };
    content_type.visit_impl_item_fn_mut(function);
    match content_type.count {
        1 => Ok(()),
        count => Err(broken(format!("`{}` names {count} media types", function.sig.ident))),
    }
}

/// Lets the runtime write the body, with this method of a request, or the one for another media type than
/// `application/json`. Returns the argument that holds the body.
fn send_json<'a>(function: &'a mut ImplItemFn, method: &str, media_type: &str) -> Result<&'a mut syn::PatType, Report> {
    struct Json {
        method: Ident,
        arguments: Punctuated<Expr, Token![,]>,
        count: usize,
    }

    impl VisitMut for Json {
        fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
            visit_mut::visit_expr_method_call_mut(self, call);
            if call.method == "json" {
                call.method = self.method.clone();
                call.args = self.arguments.clone();
                self.count += 1;
            }
        }
    }

    let mut json = match media_type {
        "application/json" => Json { method: format_ident!("{method}"), arguments: parse_quote!(body), count: 0 },
        _ => Json { method: format_ident!("{method}_as"), arguments: parse_quote!(#media_type, body), count: 0 },
    };
    json.visit_impl_item_fn_mut(function);
    let name = function.sig.ident.clone();
    match (json.count, body_argument(function)) {
        (1, Some(body)) => Ok(body),
        (bodies, _) => Err(broken(format!("`{name}` has {bodies} JSON bodies"))),
    }
}

/// Makes the body an `Option` and sends nothing for `None`.
fn make_body_optional(function: &mut ImplItemFn, media_type: &str) -> Result<(), Report> {
    let body = send_json(function, "optional_json_body", media_type)?;
    let ty = &body.ty;
    *body.ty = parse_quote!(Option<#ty>);
    Ok(())
}

/// Returns the argument that progenitor calls `body`.
fn body_argument(function: &mut ImplItemFn) -> Option<&mut syn::PatType> {
    let mut arguments = function.sig.inputs.iter_mut().filter_map(typed);
    arguments.find(|argument| matches!(&*argument.pat, Pat::Ident(name) if name.ident == "body"))
}
