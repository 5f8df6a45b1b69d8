//! Mends progenitor's output where no setting can: placeholders get their wire names back, an upload becomes multipart, what is
//! public becomes private. Each visitor counts what it changed; a count that is not what the model says is an error.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprLit, ExprMethodCall, FnArg, ImplItem, ImplItemFn, Item, ItemImpl, Lit, LitStr, Pat, Token, parse_quote,
};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{Api, BodyForm, Location, Operation, Presence};
use crate::pointer::Pointer;

use super::lower::placeholder;
use super::{Argument, Lowered, Passing, Signature, Wire, function_name};

/// Mends the output of progenitor.
///
/// # Errors
///
/// The output is not of the form this pass knows: progenitor changed, or the model and its output disagree.
pub fn mend(api: &Api, lowered: &Lowered, tokens: TokenStream) -> Result<Wire, Report> {
    let _ = lowered;
    let mut file: syn::File = syn::parse2(tokens).map_err(|error| broken(format!("output does not parse: {error}")))?;
    file.items.retain(|item| !is_dispensable(item));
    let operations: BTreeMap<String, &Operation> =
        api.operations.iter().map(|operation| (function_name(operation).to_string(), operation)).collect();
    let mut signatures = BTreeMap::new();
    for item in &mut file.items {
        hide(item);
        if let Item::Impl(block) = item {
            functions(block, &operations, &mut signatures)?;
        }
    }
    if signatures.len() != operations.len() {
        let found = format!("{} functions for {} operations", signatures.len(), operations.len());
        return Err(broken(found));
    }
    file.items.splice(0..0, imports().items);
    Ok(Wire { file, signatures })
}

fn broken(found: String) -> Report {
    let diagnostic = Diagnostic::new(Code::Progenitor, Pointer::root(), found)
        .in_source("progenitor's output")
        .expected("the form progenitor 0.15.1 writes")
        .help("after an update of progenitor, adapt generator/src/wire");
    Report::of(diagnostic)
}

/// What we replace (imports), do not need (types, prelude) or must not have.
fn is_dispensable(item: &Item) -> bool {
    match item {
        Item::Use(_) => true,
        Item::Mod(module) => module.ident == "types" || module.ident == "prelude",
        // It asserts what the hooks in the same file show.
        Item::Const(_) => true,
        _ => false,
    }
}

fn imports() -> syn::File {
    parse_quote! {
        use progenitor_client::{ByteStream, ClientHooks, ClientInfo, Error, OperationInfo, ResponseValue};
        use sdk_runtime::wire::encode_path;
    }
}

fn hide(item: &mut Item) {
    if let Item::Struct(structure) = item {
        structure.vis = parse_quote!(pub(crate));
        structure.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
        structure
            .attrs
            .insert(0, parse_quote!(#[doc = " One call: the context decides what is sent besides its arguments."]));
        for field in &mut structure.fields {
            field.vis = syn::Visibility::Inherited;
        }
    }
}

fn functions(
    block: &mut ItemImpl,
    operations: &BTreeMap<String, &Operation>,
    signatures: &mut BTreeMap<String, Signature>,
) -> Result<(), Report> {
    if block.trait_.is_some() {
        return Ok(());
    }
    block.attrs.retain(|attribute| !attribute.path().is_ident("allow"));
    // `new` would make a client of its own, with a timeout of its own.
    block.items.retain(|item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "new"));
    for item in &mut block.items {
        let ImplItem::Fn(function) = item else { continue };
        function.vis = parse_quote!(pub(crate));
        let name = function.sig.ident.to_string();
        match operations.get(&name) {
            Some(operation) => {
                document(function, operation);
                mend_function(function, operation)?;
                signatures.insert(name, signature(function)?);
            }
            None => {
                function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
                function.attrs.push(parse_quote!(#[doc = " A client for one call."]));
            }
        }
    }
    Ok(())
}

fn document(function: &mut ImplItemFn, operation: &Operation) {
    let line = format!(" `{}`", operation.key());
    function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    function.attrs.push(parse_quote!(#[doc = #line]));
}

fn mend_function(function: &mut ImplItemFn, operation: &Operation) -> Result<(), Report> {
    let name = function.sig.ident.to_string();
    let mut names = WireNames { operation, query: 0, header: 0 };
    names.visit_impl_item_fn_mut(function);
    let count = |location| operation.parameters.iter().filter(|parameter| parameter.location == location).count();
    let expected = (count(Location::Query), count(Location::Header));
    if (names.query, names.header) != expected {
        return Err(broken(format!(
            "`{name}` has {:?} query and header names, expected {expected:?}",
            (names.query, names.header)
        )));
    }
    let mut encoding = Encoding(0);
    encoding.visit_impl_item_fn_mut(function);
    if encoding.0 != count(Location::Path) {
        let found = format!("`{name}` encodes {} path parameters, expected {}", encoding.0, count(Location::Path));
        return Err(broken(found));
    }
    let Some(body) = &operation.body else { return Ok(()) };
    match (body.form, body.presence) {
        (BodyForm::Multipart, _) => multipart(function),
        (BodyForm::Json, Presence::Required | Presence::Nullable) => Ok(()),
        (BodyForm::Json, Presence::Optional | Presence::OptionalNullable) => optional_body(function),
    }
}

/// Gives query parameters and headers the names they have on the wire.
struct WireNames<'a> {
    operation: &'a Operation,
    query: usize,
    header: usize,
}

impl WireNames<'_> {
    fn wire(&self, text: &LitStr, location: Location) -> Option<LitStr> {
        let found = self
            .operation
            .parameters
            .iter()
            .find(|parameter| parameter.location == location && placeholder(&parameter.name) == text.value())?;
        Some(LitStr::new(&found.wire.0, text.span()))
    }
}

impl VisitMut for WireNames<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        let is_query = call.func.to_token_stream().to_string().ends_with("QueryParam :: new");
        if let (true, Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. }))) = (is_query, call.args.first_mut())
            && let Some(wire) = self.wire(text, Location::Query)
        {
            *text = wire;
            self.query += 1;
        }
        visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        if call.method == "append"
            && let Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) = call.args.first_mut()
            && let Some(wire) = self.wire(text, Location::Header)
        {
            *text = LitStr::new(&wire.value().to_ascii_lowercase(), wire.span());
            self.header += 1;
        }
        visit_mut::visit_expr_method_call_mut(self, call);
    }
}

/// Path parameters are text already; progenitor makes a copy of each.
struct Encoding(usize);

impl VisitMut for Encoding {
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if !call.path.is_ident("format") {
            return;
        }
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(mut arguments) = call.parse_body_with(parser) else { return };
        for argument in &mut arguments {
            let Expr::Call(encode) = argument else { continue };
            let Some(Expr::Reference(text)) = encode.args.first() else { continue };
            if let Expr::MethodCall(copy) = &*text.expr {
                let receiver = copy.receiver.clone();
                encode.args = Punctuated::from_iter([*receiver]);
                self.0 += 1;
            }
        }
        if arguments.trailing_punct() {
            arguments.pop_punct();
        }
        call.tokens = arguments.to_token_stream();
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        local.attrs.retain(|attribute| !attribute.path().is_ident("allow"));
        visit_mut::visit_local_mut(self, local);
    }
}

/// Sends the body as a form instead of raw bytes.
fn multipart(function: &mut ImplItemFn) -> Result<(), Report> {
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
    let body = function
        .sig
        .inputs
        .iter_mut()
        .filter_map(typed)
        .find(|argument| argument.pat.to_token_stream().to_string() == "body");
    match (upload.0, bounds, body) {
        (1, 1, Some(body)) => *body.ty = parse_quote!(reqwest::multipart::Form),
        (bodies, bounds, _) => {
            return Err(broken(format!(
                "`{}` has {bodies} raw bodies and {bounds} type parameters",
                function.sig.ident
            )));
        }
    }
    function.sig.generics.params =
        function.sig.generics.lifetimes().cloned().map(syn::GenericParam::Lifetime).collect();
    // Without the raw body nothing but `self` may be left to borrow.
    let borrows =
        function.sig.inputs.iter().skip(1).any(|argument| argument.to_token_stream().to_string().contains("'a"));
    if !borrows {
        function.sig.generics = syn::Generics::default();
        if let Some(receiver) = function.sig.inputs.first_mut() {
            *receiver = parse_quote!(&self);
        }
    }
    Ok(())
}

/// Leaves the body out when there is none.
fn optional_body(function: &mut ImplItemFn) -> Result<(), Report> {
    struct Json(usize);

    impl VisitMut for Json {
        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            visit_mut::visit_expr_mut(self, expression);
            if let Expr::MethodCall(call) = expression
                && call.method == "json"
            {
                let receiver = &call.receiver;
                *expression = parse_quote!(sdk_runtime::wire::optional_json(#receiver, body));
                self.0 += 1;
            }
        }
    }

    let mut json = Json(0);
    json.visit_impl_item_fn_mut(function);
    let body = function
        .sig
        .inputs
        .iter_mut()
        .filter_map(typed)
        .find(|argument| argument.pat.to_token_stream().to_string() == "body");
    match (json.0, body) {
        (1, Some(body)) => {
            let ty = &body.ty;
            *body.ty = parse_quote!(Option<#ty>);
            Ok(())
        }
        (bodies, _) => Err(broken(format!("`{}` has {bodies} JSON bodies", function.sig.ident))),
    }
}

fn typed(argument: &mut FnArg) -> Option<&mut syn::PatType> {
    match argument {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    }
}

fn signature(function: &ImplItemFn) -> Result<Signature, Report> {
    let mut parameters = Vec::new();
    for argument in &function.sig.inputs {
        let FnArg::Typed(argument) = argument else { continue };
        let Pat::Ident(name) = &*argument.pat else {
            return Err(broken(format!("`{}` takes a pattern", function.sig.ident)));
        };
        parameters.push(Argument { name: name.ident.to_string(), passing: passing(&argument.ty) });
    }
    Ok(Signature { parameters })
}

fn passing(ty: &syn::Type) -> Passing {
    let text = quote!(#ty).to_string();
    match text.as_str() {
        "& 'a str" => Passing::Text,
        "Option < & 'a str >" => Passing::OptionalText,
        text if text.ends_with(":: Form") => Passing::Form,
        text if text.starts_with("Option < & 'a") => Passing::OptionalReference,
        text if text.starts_with("& 'a") => Passing::Reference,
        _ => Passing::Value,
    }
}
