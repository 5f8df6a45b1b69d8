//! Mends progenitor's output where no setting can: placeholders get their wire names back, an upload becomes multipart, what is
//! public becomes private. Each visitor counts what it changed; a count that is not what the model says is an error.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprLit, ExprMethodCall, FnArg, Ident, ImplItem, ImplItemFn, Item, ItemImpl, Lit, LitStr, Pat, Stmt, Token,
    parse_quote,
};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::markdown;
use crate::model::{Api, BodyForm, Location, Operation, Presence, Types};
use crate::pointer::Pointer;

use super::lower::{TWIN, is_optional_query, placeholder, placeholders};
use super::{Argument, Lowered, Passing, Signature, Wire, function_name};

/// Mends the output of progenitor.
///
/// # Errors
///
/// The output is not of the form this pass knows: progenitor changed, or the model and its output disagree.
pub(super) fn mend(api: &Api, lowered: &Lowered, tokens: TokenStream) -> Result<Wire, Report> {
    let mut file: syn::File = syn::parse2(tokens).map_err(|error| broken(format!("output does not parse: {error}")))?;
    let operations: BTreeMap<String, &Operation> =
        api.operations.iter().map(|operation| (function_name(operation).to_string(), operation)).collect();
    let mut signatures = BTreeMap::new();
    file.items.retain_mut(|item| keep_operations(item, &operations));
    for item in &mut file.items {
        if let Item::Impl(block) = item {
            functions(block, api, &operations, &mut signatures)?;
        }
    }
    let mut twins = Twins(0);
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

/// Keeps the functions of operations. The client around them is ours: that of progenitor would be made anew for each call, base URL
/// and all, and its hooks know answers of reqwest only.
fn keep_operations(item: &mut Item, operations: &BTreeMap<String, &Operation>) -> bool {
    let Item::Impl(block) = item else { return false };
    block.items.retain(
        |item| matches!(item, ImplItem::Fn(function) if operations.contains_key(&function.sig.ident.to_string())),
    );
    block.trait_.is_none() && !block.items.is_empty()
}

fn functions(
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
        document(function, operation);
        mend_function(function, operation, &api.types)?;
        signatures.insert(name, signature(function)?);
    }
    Ok(())
}

fn document(function: &mut ImplItemFn, operation: &Operation) {
    let line = format!(" {}", markdown::code(&operation.key()));
    function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    function.attrs.push(parse_quote!(#[doc = #line]));
}

fn mend_function(function: &mut ImplItemFn, operation: &Operation, types: &Types) -> Result<(), Report> {
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
    let mut encoding = Encoding(0);
    encoding.visit_impl_item_fn_mut(function);
    let expected_in_path = placeholders(operation);
    if encoding.0 != expected_in_path {
        let found = format!("`{name}` encodes {} path parameters, expected {expected_in_path}", encoding.0);
        return Err(broken(found));
    }
    version_header(function, expected.1)?;
    shared_end(function)?;
    optional_queries(function, operation, types)?;
    base_url(function)?;
    Methods.visit_impl_item_fn_mut(function);
    HttpClient.visit_impl_item_fn_mut(function);
    let Some(body) = &operation.body else { return Ok(()) };
    match (&body.form, body.presence) {
        (BodyForm::Multipart, _) => multipart(function),
        (BodyForm::Json, Presence::Required | Presence::Nullable) => Ok(()),
        (BodyForm::Json, Presence::Optional | Presence::OptionalNullable) => optional_body(function),
        (BodyForm::UrlEncoded, _) => media_type(function, "application/x-www-form-urlencoded"),
        (BodyForm::Text(media) | BodyForm::Bytes(media), _) => media_type(function, media),
    }
}

/// Gives query parameters and headers the names they have on the wire.
struct WireNames<'a> {
    operation: &'a Operation,
    query: usize,
    header: usize,
}

impl WireNames<'_> {
    fn wire(&self, text: &LitStr, locations: &[Location]) -> Option<LitStr> {
        let found = self.operation.parameters.iter().find(|parameter| {
            locations.contains(&parameter.location) && placeholder(&parameter.name) == text.value()
        })?;
        let wire = match found.location {
            Location::Cookie => "cookie",
            Location::Path | Location::Query | Location::Header => &found.wire.0,
        };
        Some(LitStr::new(wire, text.span()))
    }
}

impl VisitMut for WireNames<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        if let (true, Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. }))) =
            (makes_query_pair(&call.func), call.args.first_mut())
            && let Some(wire) = self.wire(text, &[Location::Query])
        {
            *text = wire;
            self.query += 1;
        }
        visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        if call.method == "append"
            && let Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) = call.args.first_mut()
            && let Some(wire) = self.wire(text, &[Location::Header, Location::Cookie])
        {
            *text = LitStr::new(&wire.value().to_ascii_lowercase(), wire.span());
            self.header += 1;
        }
        visit_mut::visit_expr_method_call_mut(self, call);
    }
}

/// Whether a function is `QueryParam::new`, by any path.
fn makes_query_pair(function: &Expr) -> bool {
    let Expr::Path(function) = function else { return false };
    let mut names = function.path.segments.iter().rev().map(|segment| &segment.ident);
    names.next().is_some_and(|name| name == "new") && names.next().is_some_and(|name| name == "QueryParam")
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

/// Takes off what tells operations of one path and method apart.
struct Twins(usize);

impl VisitMut for Twins {
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if !call.path.is_ident("format_args") {
            return;
        }
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(mut arguments) = call.parse_body_with(parser) else { return };
        let Some(Expr::Lit(ExprLit { lit: Lit::Str(template), .. })) = arguments.first_mut() else { return };
        let text = template.value();
        if let Some((path, _)) = text.split_once(TWIN) {
            *template = LitStr::new(path, template.span());
            self.0 += 1;
            call.tokens = arguments.to_token_stream();
        }
    }
}

/// progenitor sends `api-version` with the version of the document; this API did not ask for it. Without other headers the map
/// goes too.
fn version_header(function: &mut ImplItemFn, headers: usize) -> Result<(), Report> {
    let before = function.block.stmts.len();
    function.block.stmts.retain(|statement| {
        let map = headers == 0 && declares(statement, "header_map");
        !(map || adds_version(statement))
    });
    let removed = before - function.block.stmts.len();
    let mut unused = MethodCalls { name: "headers", count: 0 };
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

/// Whether a statement is `header_map.append(…"api-version"…, …api_version()…)`.
fn adds_version(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::MethodCall(call), _) = statement else { return false };
    if call.method != "append" || !is_variable(&call.receiver, "header_map") {
        return false;
    }
    let arguments = call.args.to_token_stream().to_string();
    arguments.contains("\"api-version\"") && arguments.contains("api_version ()")
}

/// Whether a statement is `let name …`.
fn declares(statement: &Stmt, name: &str) -> bool {
    matches!(statement, Stmt::Local(syn::Local { pat: Pat::Ident(declared), .. }) if declared.ident == name)
}

fn is_variable(expression: &Expr, name: &str) -> bool {
    matches!(expression, Expr::Path(variable) if variable.path.is_ident(name))
}

/// Takes a call out of a chain of method calls.
struct MethodCalls {
    name: &'static str,
    count: usize,
}

impl VisitMut for MethodCalls {
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

/// Every function ends alike: hooks, status, bytes. That is the work of the context; what is left of each builds its request, without
/// waiting for anything.
fn shared_end(function: &mut ImplItemFn) -> Result<(), Report> {
    let statements = &mut function.block.stmts;
    let start = statements.iter().position(|statement| declares(statement, "info"));
    // Info, before, execution, after, result, status.
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
    function.sig.output = parse_quote!(-> Result<reqwest::Request, Error>);
    Lifetimes.visit_signature_mut(&mut function.sig);
    Ok(())
}

/// progenitor hands over absent query parameters too, each of which would cost a look at the URL.
fn optional_queries(function: &mut ImplItemFn, operation: &Operation, types: &Types) -> Result<(), Report> {
    struct Queries {
        optional: BTreeSet<String>,
        count: usize,
    }

    impl VisitMut for Queries {
        fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
            visit_mut::visit_expr_method_call_mut(self, call);
            if call.method == "query"
                && let Some(Expr::Reference(parameter)) = call.args.first()
                && let Expr::Call(parameter) = &*parameter.expr
                && let (Some(name), Some(Expr::Reference(value))) = (parameter.args.first(), parameter.args.last())
                && self.optional.contains(&value.expr.to_token_stream().to_string())
            {
                let (receiver, value) = (&call.receiver, &value.expr);
                *call = parse_quote!(#receiver.optional_query(#name, #value));
                self.count += 1;
            }
        }
    }

    let arguments = function.sig.inputs.iter_mut().filter_map(typed);
    let arguments = arguments.filter(|argument| argument.ty.to_token_stream().to_string().starts_with("Option <"));
    let optional = arguments.map(|argument| argument.pat.to_token_stream().to_string()).collect();
    let mut queries = Queries { optional, count: 0 };
    queries.visit_impl_item_fn_mut(function);
    let expected = operation.parameters.iter().filter(|parameter| is_optional_query(types, parameter)).count();
    if queries.count != expected {
        let found =
            format!("`{}` has {} optional query parameters, expected {expected}", function.sig.ident, queries.count);
        return Err(broken(found));
    }
    Ok(())
}

/// progenitor writes the whole URL as text; the context knows its beginning already.
fn base_url(function: &mut ImplItemFn) -> Result<(), Report> {
    struct Urls(usize);

    impl VisitMut for Urls {
        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            visit_mut::visit_expr_mut(self, expression);
            let Expr::Macro(format) = expression else { return };
            let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
            let Ok(arguments) = format.mac.parse_body_with(parser) else { return };
            let mut arguments = arguments.into_iter();
            let (Some(Expr::Lit(ExprLit { lit: Lit::Str(template), .. })), Some(base)) =
                (arguments.next(), arguments.next())
            else {
                return;
            };
            let template_text = template.value();
            if let (Some(path), "self . baseurl") =
                (template_text.strip_prefix("{}"), base.to_token_stream().to_string().as_str())
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

/// Takes the named lifetimes out of a signature.
struct Lifetimes;

impl VisitMut for Lifetimes {
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

/// reqwest has no function of its own for every method that progenitor calls by name.
struct Methods;

impl VisitMut for Methods {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let method: Ident = match call.method.to_string().as_str() {
            "options" => parse_quote!(OPTIONS),
            "trace" => parse_quote!(TRACE),
            _ => return,
        };
        if call.receiver.to_token_stream().to_string() != "self . client" {
            return;
        }
        let url = call.args.first().cloned();
        *call = parse_quote!(self.client.request(reqwest::Method::#method, #url));
    }
}

/// The HTTP client is that of the context.
struct HttpClient;

impl VisitMut for HttpClient {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if matches!(expression, Expr::Field(field) if field.to_token_stream().to_string() == "self . client") {
            *expression = parse_quote!(self.inner.http());
        }
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

/// Says the media type the body has.
fn media_type(function: &mut ImplItemFn, media: &str) -> Result<(), Report> {
    struct ContentType<'a> {
        media: &'a str,
        count: usize,
    }

    impl VisitMut for ContentType<'_> {
        fn visit_lit_str_mut(&mut self, text: &mut LitStr) {
            if text.value() == "application/octet-stream" {
                *text = LitStr::new(self.media, text.span());
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
                *expression = parse_quote!(#receiver.optional_json(body));
                self.0 += 1;
            }
        }
    }

    let mut json = Json(0);
    json.visit_impl_item_fn_mut(function);
    let body = body_argument(function);
    match (json.0, body) {
        (1, Some(body)) => {
            let ty = &body.ty;
            *body.ty = parse_quote!(Option<#ty>);
            Ok(())
        }
        (bodies, _) => Err(broken(format!("`{}` has {bodies} JSON bodies", function.sig.ident))),
    }
}

/// The argument that progenitor calls `body`.
fn body_argument(function: &mut ImplItemFn) -> Option<&mut syn::PatType> {
    let mut arguments = function.sig.inputs.iter_mut().filter_map(typed);
    arguments.find(|argument| matches!(&*argument.pat, Pat::Ident(name) if name.ident == "body"))
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
        "& str" => Passing::Text,
        "Option < & str >" => Passing::OptionalText,
        text if text.ends_with(":: Form") => Passing::Form,
        "B" => Passing::Raw,
        text if text.starts_with("Option < &") => Passing::OptionalReference,
        text if text.starts_with('&') => Passing::Reference,
        _ => Passing::Value,
    }
}
