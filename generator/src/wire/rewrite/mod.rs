//! Rewrites progenitor's output where no setting can: restores wire names, sends uploads as multipart, makes public items private.
//! Each visitor counts its changes; a count that differs from the model is an error, so that a new version of progenitor cannot
//! silently change the result. Must not know how the wire functions are called.

mod bodies;
mod signature;
mod urls;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, ImplItem, ImplItemFn, Item, ItemImpl, Pat, Stmt, parse_quote};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::{Api, Location, Operation, Types};
use crate::markdown;
use crate::method::Method;
use crate::pointer::Pointer;

use super::lowering::{count_placeholders, lowered_method};
use super::{Lowered, Signature, Wire, function_name};
use bodies::rewrite_body;
use signature::read_signature;
use urls::{PathEncoding, TwinRemoval, WireNames, append_written_queries, pass_plain_queries, replace_base_url};

/// Rewrites the output of progenitor.
///
/// # Errors
///
/// Fails if the output does not have the expected form: progenitor changed, or its output contradicts the model.
pub(super) fn rewrite_output(api: &Api, lowered: &Lowered, tokens: TokenStream) -> Result<Wire, Report> {
    let mut file: syn::File = syn::parse2(tokens).map_err(|error| broken(format!("output does not parse: {error}")))?;
    let operations: BTreeMap<String, &Operation> =
        api.operations.iter().map(|operation| (function_name(operation).to_string(), operation)).collect();
    let mut signatures = BTreeMap::new();
    file.items.retain_mut(|item| keep_operations(item, &operations));
    for item in &mut file.items {
        if let Item::Impl(block) = item {
            rewrite_functions(block, api, &operations, &mut signatures)?;
        }
    }
    let mut twins = TwinRemoval(0);
    if lowered.twins > 0 {
        twins.visit_file_mut(&mut file);
    }
    if twins.0 != lowered.twins {
        return Err(broken(format!("{} paths with a mark, expected {}", twins.0, lowered.twins)));
    }
    if signatures.len() != operations.len() {
        let found = format!("{} functions for {} operations", signatures.len(), operations.len());
        return Err(broken(found));
    }
    Ok(Wire { file, signatures })
}

fn broken(found: String) -> Report {
    let diagnostic = Diagnostic::new(Code::Progenitor, Pointer::root(), found)
        .in_source("progenitor's output")
        .expected("the form progenitor 0.15.1 writes")
        .help("after an update of progenitor, adapt generator/src/wire");
    Report::of(diagnostic)
}

/// Keeps only the functions of operations. The client around them is ours: that of progenitor would be built anew for each call,
/// including its base URL, and its hooks support only reqwest responses.
fn keep_operations(item: &mut Item, operations: &BTreeMap<String, &Operation>) -> bool {
    let Item::Impl(block) = item else { return false };
    block.items.retain(
        |item| matches!(item, ImplItem::Fn(function) if operations.contains_key(&function.sig.ident.to_string())),
    );
    block.trait_.is_none() && !block.items.is_empty()
}

fn rewrite_functions(
    block: &mut ItemImpl,
    api: &Api,
    operations: &BTreeMap<String, &Operation>,
    signatures: &mut BTreeMap<String, Signature>,
) -> Result<(), Report> {
    block.attrs.retain(|attribute| !attribute.path().is_ident("allow"));
    for item in &mut block.items {
        let ImplItem::Fn(function) = item else { continue };
        let name = function.sig.ident.to_string();
        let Some(operation) = operations.get(&name) else { continue };
        function.vis = parse_quote!(pub(crate));
        describe_function(function, operation);
        rewrite_function(function, operation, &api.types)?;
        signatures.insert(name, read_signature(function)?);
    }
    Ok(())
}

fn describe_function(function: &mut ImplItemFn, operation: &Operation) {
    let line = format!(" {}", markdown::format_code(&operation.key()));
    function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    function.attrs.push(parse_quote!(#[doc = #line]));
}

fn rewrite_function(function: &mut ImplItemFn, operation: &Operation, types: &Types) -> Result<(), Report> {
    let name = function.sig.ident.to_string();
    let mut names = WireNames { operation, query: 0, header: 0 };
    names.visit_impl_item_fn_mut(function);
    let count = |location| operation.parameters.iter().filter(|parameter| parameter.location == location).count();
    let expected = (count(Location::Query), count(Location::Header) + count(Location::Cookie));
    if (names.query, names.header) != expected {
        return Err(broken(format!(
            "`{name}` has {:?} query and header names, expected {expected:?}",
            (names.query, names.header)
        )));
    }
    let mut encoding = PathEncoding::new(operation, types);
    encoding.visit_impl_item_fn_mut(function);
    let expected_in_path = count_placeholders(operation);
    if encoding.count != expected_in_path {
        let found = format!("`{name}` encodes {} path parameters, expected {expected_in_path}", encoding.count);
        return Err(broken(found));
    }
    remove_version_header(function, expected.1)?;
    remove_shared_end(function)?;
    append_written_queries(function, operation, types)?;
    pass_plain_queries(function, operation, types)?;
    replace_base_url(function)?;
    let mut methods = MissingMethods { method: &operation.method, restored: 0 };
    methods.visit_impl_item_fn_mut(function);
    if methods.restored != usize::from(methods.is_lowered()) {
        return Err(broken(format!("`{name}` has {} calls for its method", methods.restored)));
    }
    HttpClientReplacement.visit_impl_item_fn_mut(function);
    rewrite_body(function, operation)
}

/// Removes the `api-version` header, with which progenitor sends the version of the document. Without other headers, removes the
/// header map too.
fn remove_version_header(function: &mut ImplItemFn, headers: usize) -> Result<(), Report> {
    let before = function.block.stmts.len();
    function.block.stmts.retain(|statement| {
        let map = headers == 0 && declares(statement, "header_map");
        !(map || adds_version(statement))
    });
    let removed = before - function.block.stmts.len();
    let mut unused = MethodCallRemoval { name: "headers", count: 0 };
    if headers == 0 {
        unused.visit_impl_item_fn_mut(function);
    }
    match (headers, removed, unused.count) {
        (0, 2, 1) | (1.., 1, 0) => Ok(()),
        (_, removed, calls) => {
            let found = format!("`{}` has {removed} header statements and {calls} uses", function.sig.ident);
            Err(broken(found))
        }
    }
}

/// Returns whether a statement is `header_map.append(…"api-version"…, …api_version()…)`.
fn adds_version(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::MethodCall(call), _) = statement else { return false };
    if call.method != "append" || !is_variable(&call.receiver, "header_map") {
        return false;
    }
    let arguments = call.args.to_token_stream().to_string();
    arguments.contains("\"api-version\"") && arguments.contains("api_version ()")
}

/// Returns whether a statement is `let name …`.
fn declares(statement: &Stmt, name: &str) -> bool {
    matches!(statement, Stmt::Local(syn::Local { pat: Pat::Ident(declared), .. }) if declared.ident == name)
}

fn is_variable(expression: &Expr, name: &str) -> bool {
    matches!(expression, Expr::Path(variable) if variable.path.is_ident(name))
}

/// Removes a call from a chain of method calls.
struct MethodCallRemoval {
    name: &'static str,
    count: usize,
}

impl VisitMut for MethodCallRemoval {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(call) = expression
            && call.method == self.name
        {
            *expression = (*call.receiver).clone();
            self.count += 1;
        }
    }
}

/// Removes the identical end of every function: hooks, status, bytes. The context does this instead; the function only builds its
/// request and is no longer async.
fn remove_shared_end(function: &mut ImplItemFn) -> Result<(), Report> {
    let statements = &mut function.block.stmts;
    let start = statements.iter().position(|statement| declares(statement, "info"));
    // The statements: info, pre-hook, execution, post-hook, result, status.
    let Some(start) = start.filter(|start| statements.len() - start == 6) else {
        return Err(broken(format!("`{}` does not end as expected", function.sig.ident)));
    };
    statements.truncate(start);
    let built = match statements.pop() {
        Some(Stmt::Local(request)) => request.init.map(|init| *init.expr),
        Some(_) | None => None,
    };
    let Some(Expr::Try(built)) = built else {
        return Err(broken(format!("`{}` does not build a request", function.sig.ident)));
    };
    let built = built.expr;
    statements.push(Stmt::Expr(parse_quote!(Ok(#built?)), None));
    function.sig.asyncness = None;
    function.sig.output = parse_quote!(-> Result<reqwest::Request, BuildError>);
    LifetimeRemoval.visit_signature_mut(&mut function.sig);
    Ok(())
}

/// Removes named lifetimes from a signature.
struct LifetimeRemoval;

impl VisitMut for LifetimeRemoval {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_receiver_mut(&mut self, receiver: &mut syn::Receiver) {
        *receiver = parse_quote!(&self);
    }

    fn visit_generics_mut(&mut self, generics: &mut syn::Generics) {
        let parameters = std::mem::take(&mut generics.params);
        generics.params =
            parameters.into_iter().filter(|parameter| !matches!(parameter, syn::GenericParam::Lifetime(_))).collect();
    }
}

/// Replaces calls to methods such as `options`, which progenitor calls by name and reqwest does not have, and restores the methods
/// that were lowered to `POST`.
struct MissingMethods<'a> {
    method: &'a Method,
    restored: usize,
}

impl MissingMethods<'_> {
    fn is_lowered(&self) -> bool {
        lowered_method(self.method) != *self.method
    }
}

impl VisitMut for MissingMethods<'_> {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.receiver.to_token_stream().to_string() != "self . client" {
            return;
        }
        let method: Expr = match call.method.to_string().as_str() {
            "options" => parse_quote!(reqwest::Method::OPTIONS),
            "trace" => parse_quote!(reqwest::Method::TRACE),
            "post" if self.is_lowered() => {
                self.restored += 1;
                let name = self.method.name();
                parse_quote!(self.inner.method(#name)?)
            }
            _ => return,
        };
        let url = call.args.first().cloned();
        *call = parse_quote!(self.client.request(#method, #url));
    }
}

/// Replaces progenitor's HTTP client by that of the context.
struct HttpClientReplacement;

impl VisitMut for HttpClientReplacement {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if matches!(expression, Expr::Field(field) if field.to_token_stream().to_string() == "self . client") {
            *expression = parse_quote!(self.inner.http());
        }
    }
}
