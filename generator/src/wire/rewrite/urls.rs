//! Rewrites URLs, queries and headers: wire names, encoding, the base URL. Must not know request bodies.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprLit, ExprMethodCall, ImplItemFn, Lit, LitStr, Token, parse_quote};

use crate::diagnostic::Report;
use crate::ir::{Location, Operation, Parameter, Types};
use crate::wire::lowering::{TWIN, is_optional_query, is_plain_query, is_written_out, placeholder};

use super::broken;
use super::signature::typed;

/// Restores the wire names of query parameters and headers.
pub(super) struct WireNames<'a> {
    pub operation: &'a Operation,
    pub query: usize,
    pub header: usize,
}

impl WireNames<'_> {
    fn wire_name(&self, literal: &LitStr, locations: &[Location]) -> Option<LitStr> {
        let found = self.operation.parameters.iter().find(|parameter| {
            locations.contains(&parameter.location) && placeholder(&parameter.name) == literal.value()
        })?;
        let wire = match found.location {
            Location::Cookie => "cookie",
            Location::Path | Location::Query | Location::Header => &found.wire.0,
        };
        Some(LitStr::new(wire, literal.span()))
    }
}

impl VisitMut for WireNames<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        if let (true, Some(Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }))) =
            (is_query_pair(&call.func), call.args.first_mut())
            && let Some(wire) = self.wire_name(literal, &[Location::Query])
        {
            *literal = wire;
            self.query += 1;
        }
        visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        if call.method == "append"
            && let Some(Expr::Lit(ExprLit { lit: Lit::Str(literal), .. })) = call.args.first_mut()
            && let Some(wire) = self.wire_name(literal, &[Location::Header, Location::Cookie])
        {
            *literal = LitStr::new(&wire.value().to_ascii_lowercase(), wire.span());
            self.header += 1;
        }
        visit_mut::visit_expr_method_call_mut(self, call);
    }
}

/// Returns whether a function is `QueryParam::new`, by any path.
fn is_query_pair(function: &Expr) -> bool {
    let Expr::Path(function) = function else { return false };
    let mut names = function.path.segments.iter().rev().map(|segment| &segment.ident);
    names.next().is_some_and(|name| name == "new") && names.next().is_some_and(|name| name == "QueryParam")
}

/// Parses the arguments of a macro such as `format!`.
fn parse_arguments(call: &syn::Macro) -> Option<Punctuated<Expr, Token![,]>> {
    call.parse_body_with(Punctuated::parse_terminated).ok()
}

/// Removes the copy that progenitor makes of each path parameter, which is already a string, and the encoding of those that
/// the runtime encodes.
pub(super) struct PathEncoding {
    /// Arguments that are encoded already.
    pub encoded: BTreeSet<String>,
    pub count: usize,
}

impl PathEncoding {
    pub(super) fn new(operation: &Operation, types: &Types) -> Self {
        Self { encoded: written_out(operation, types, Location::Path), count: 0 }
    }
}

/// Returns the arguments with parameters of a location that the runtime serializes.
fn written_out(operation: &Operation, types: &Types, location: Location) -> BTreeSet<String> {
    let parameters = operation.parameters.iter().filter(|parameter| parameter.location == location);
    let written = parameters.filter(|parameter| is_written_out(types, parameter));
    written.map(|parameter| placeholder(&parameter.name)).collect()
}

impl VisitMut for PathEncoding {
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if !call.path.is_ident("format") {
            return;
        }
        let Some(mut arguments) = parse_arguments(call) else { return };
        for argument in &mut arguments {
            let Expr::Call(encode) = argument else { continue };
            let Some(Expr::Reference(value)) = encode.args.first() else { continue };
            if let Expr::MethodCall(copy) = &*value.expr {
                let receiver = copy.receiver.clone();
                self.count += 1;
                if self.encoded.contains(&receiver.to_token_stream().to_string()) {
                    *argument = *receiver;
                } else {
                    encode.args = Punctuated::from_iter([*receiver]);
                }
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

/// Removes the suffix that distinguishes operations with the same path and method.
pub(super) struct TwinRemoval(pub usize);

impl VisitMut for TwinRemoval {
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if !call.path.is_ident("format_args") {
            return;
        }
        let Some(mut arguments) = parse_arguments(call) else { return };
        let Some(Expr::Lit(ExprLit { lit: Lit::Str(template), .. })) = arguments.first_mut() else { return };
        let value = template.value();
        if let Some((path, _)) = value.split_once(TWIN) {
            *template = LitStr::new(path, template.span());
            self.0 += 1;
            call.tokens = arguments.to_token_stream();
        }
    }
}

/// A query parameter as progenitor passes it: `query(&QueryParam::new(name, &value))`.
struct PassedQuery<'a> {
    name: &'a Expr,
    value: &'a Expr,
}

impl<'a> PassedQuery<'a> {
    fn of(call: &'a ExprMethodCall) -> Option<Self> {
        let Some(Expr::Reference(parameter)) = call.args.first().filter(|_| call.method == "query") else {
            return None;
        };
        let Expr::Call(parameter) = &*parameter.expr else { return None };
        let (Some(name), Some(Expr::Reference(value))) = (parameter.args.first(), parameter.args.last()) else {
            return None;
        };
        is_query_pair(&parameter.func).then_some(Self { name, value: &value.expr })
    }
}

/// Appends query parameters that the runtime serializes to the URL, since progenitor would encode them once more.
pub(super) fn append_written_queries(
    function: &mut ImplItemFn,
    operation: &Operation,
    types: &Types,
) -> Result<(), Report> {
    struct Queries {
        written: BTreeSet<String>,
        found: Vec<Expr>,
    }

    impl VisitMut for Queries {
        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            visit_mut::visit_expr_mut(self, expression);
            if let Expr::MethodCall(call) = expression
                && let Some(PassedQuery { value, .. }) = PassedQuery::of(call)
                && self.written.contains(&value.to_token_stream().to_string())
            {
                self.found.push(value.clone());
                *expression = (*call.receiver).clone();
            }
        }
    }

    let written = written_out(operation, types, Location::Query);
    let expected = written.len();
    let mut queries = Queries { written, found: Vec::new() };
    queries.visit_impl_item_fn_mut(function);
    let statements = &mut function.block.stmts;
    let url = statements.iter().enumerate().find_map(|(place, statement)| Some((place, url_variable(statement)?)));
    match (url, queries.found) {
        (_, found) if found.len() != expected => Err(broken(format!(
            "`{}` has {} serialized query parameters, expected {expected}",
            function.sig.ident,
            found.len()
        ))),
        (None, found) if !found.is_empty() => Err(broken(format!("`{}` has no URL", function.sig.ident))),
        (None, _) => Ok(()),
        (Some((place, url)), found) => {
            let appended = found.into_iter().map(|value| parse_quote!(let #url = #value.append_to(#url);));
            statements.splice(place + 1..place + 1, appended);
            Ok(())
        }
    }
}

/// Passes query parameters to the runtime, which writes their values as it writes those of bodies. progenitor passes absent ones too,
/// and each would parse the URL again.
pub(super) fn pass_plain_queries(
    function: &mut ImplItemFn,
    operation: &Operation,
    types: &Types,
) -> Result<(), Report> {
    struct Queries {
        optional: BTreeSet<String>,
        /// How many are required, and how many are not.
        counts: (usize, usize),
    }

    impl VisitMut for Queries {
        fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
            visit_mut::visit_expr_method_call_mut(self, call);
            let Some(PassedQuery { name, value }) = PassedQuery::of(call) else { return };
            let receiver = &call.receiver;
            if self.optional.contains(&value.to_token_stream().to_string()) {
                self.counts.1 += 1;
                *call = parse_quote!(#receiver.optional_query(#name, #value));
            } else {
                self.counts.0 += 1;
                *call = parse_quote!(#receiver.required_query(#name, &#value));
            }
        }
    }

    let arguments = function.sig.inputs.iter_mut().filter_map(typed);
    let arguments = arguments.filter(|argument| argument.ty.to_token_stream().to_string().starts_with("Option <"));
    let optional = arguments.map(|argument| argument.pat.to_token_stream().to_string()).collect();
    let mut queries = Queries { optional, counts: (0, 0) };
    queries.visit_impl_item_fn_mut(function);
    let plain = operation.parameters.iter().filter(|parameter| is_plain_query(types, parameter));
    let (optional, required): (Vec<&Parameter>, Vec<&Parameter>) =
        plain.partition(|parameter| is_optional_query(types, parameter));
    let expected = (required.len(), optional.len());
    if queries.counts != expected {
        let found = queries.counts;
        return Err(broken(format!(
            "`{}` has {found:?} required and optional query parameters, expected {expected:?}",
            function.sig.ident
        )));
    }
    Ok(())
}

/// Returns the variable that a statement declares for the URL. progenitor avoids the names of parameters.
fn url_variable(statement: &syn::Stmt) -> Option<syn::Ident> {
    let syn::Stmt::Local(syn::Local { pat: syn::Pat::Ident(variable), init: Some(init), .. }) = statement else {
        return None;
    };
    init.expr.to_token_stream().to_string().contains("self . baseurl").then(|| variable.ident.clone())
}

/// Replaces URLs formatted with the base URL by calls of the context, which has parsed the base URL already.
pub(super) fn replace_base_url(function: &mut ImplItemFn) -> Result<(), Report> {
    struct Urls(usize);

    impl VisitMut for Urls {
        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            visit_mut::visit_expr_mut(self, expression);
            let Expr::Macro(format) = expression else { return };
            let Some(arguments) = parse_arguments(&format.mac) else { return };
            let mut arguments = arguments.into_iter();
            let (Some(Expr::Lit(ExprLit { lit: Lit::Str(template), .. })), Some(base)) =
                (arguments.next(), arguments.next())
            else {
                return;
            };
            let literal = template.value();
            if let (Some(path), "self . baseurl") =
                (literal.strip_prefix("{}"), base.to_token_stream().to_string().as_str())
            {
                let path = LitStr::new(path, template.span());
                *expression = parse_quote!(self.inner.url(format_args!(#path #(, #arguments)*))?);
                self.0 += 1;
            }
        }
    }

    let mut urls = Urls(0);
    urls.visit_impl_item_fn_mut(function);
    match urls.0 {
        1 => Ok(()),
        count => Err(broken(format!("`{}` writes {count} URLs", function.sig.ident))),
    }
}
