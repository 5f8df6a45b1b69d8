//! Calls: a file per resource, with its accessor and one request builder per operation. Decides no names.

mod arguments;
mod builder;
mod index;
mod methods;
mod setters;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

use crate::diagnostic::Report;
use crate::ir::Resource;
use crate::parallel;
use crate::wire::Signature;

use super::Input;
use super::features::gate;
use super::former;
use super::module_files::file_name;
use super::plan::Plan;
use super::polling::attach_method;
use super::root::Root;
use super::source::SourceFile;
use super::tasks::Task;

pub(super) use arguments::body_type;
pub(super) use methods::{argument_type, declaration as argument_declaration};

/// In a resource of fewer calls, another thread would not pay.
const CALLS_PER_THREAD: usize = 50;

/// Returns the files of all calls.
pub(super) fn tasks<'a>(input: &'a Input<'a>, signatures: &'a BTreeMap<String, Signature>) -> Vec<Task<'a>> {
    let former = input.api.former.resources.iter();
    let render = |resource: &'a Resource| {
        let file = file_name(&resource.module);
        Task::new(format!("resources/{file}"), move || render_resource(input, signatures, resource))
    };
    let mut tasks: Vec<Task<'a>> = input.api.resources.iter().chain(former).map(render).collect();
    tasks.push(Task::new("resources/mod.rs", move || index::render_index(input)));
    tasks
}

/// The purpose of a resource, as its documentation says it.
fn purpose(input: &Input<'_>, resource: &Resource) -> String {
    match &resource.name {
        Some(name) => format!("Methods of the `{name}` resource."),
        None => format!("Methods of [`Client`]({}).", input.root.public("Client")),
    }
}

fn render_resource<'a>(
    input: &'a Input<'a>,
    signatures: &'a BTreeMap<String, Signature>,
    resource: &'a Resource,
) -> Result<String, Report> {
    let purpose = purpose(input, resource);
    let mut file = SourceFile::new(input.preamble, &purpose);
    let plans: Vec<Plan<'a>> =
        resource.calls.iter().map(|call| Plan::new(input, resource, call).calling(signatures)).collect();
    let methods: Vec<TokenStream> = plans.iter().map(all_methods).collect();
    let former = former::methods(input, resource);
    let mut body = SourceFile::new(input.preamble, "");
    match resource.name {
        Some(_) => {
            let name = resource.accessor.token();
            let docs = format!(" {purpose}");
            body.items(quote! {
                #[doc = #docs]
                #[derive(Clone, Debug)]
                pub struct #name { pub(super) core: Core }

                impl #name { #(#methods)* #former }
            })?;
        }
        None => {
            let own = root_methods(input, &plans, &methods);
            body.items(quote! { #own #former })?;
        }
    }
    former::aliases(&mut body, input, resource)?;
    let threads = parallel::processors().min(1 + plans.len() / CALLS_PER_THREAD);
    for builder in parallel::map(threads, &plans, builder::render_builder) {
        body.extend(&builder?);
    }
    file.import(
        &body,
        &[
            (&input.root.exports(), ["Client", "types"].map(str::to_owned).into()),
            (&input.root.path(), ["operations"].map(str::to_owned).into()),
            (&input.root.internal("client"), ["call"].map(str::to_owned).into()),
            ("sdk_runtime", ["RequestOptions"].map(str::to_owned).into()),
            ("sdk_runtime::codegen", ["Core"].map(str::to_owned).into()),
        ],
    )?;
    file.append(&body);
    Ok(file.finish())
}

/// The methods that start a call, and the one that attaches to a run.
fn all_methods(plan: &Plan<'_>) -> TokenStream {
    let methods = methods::render_methods(plan);
    let attach = attach_method(plan);
    quote! { #methods #attach }
}

/// The methods of the client itself; those of an area can be left out.
fn root_methods(input: &Input<'_>, plans: &[Plan<'_>], methods: &[TokenStream]) -> TokenStream {
    if input.profile.areas.is_empty() {
        return of_both_clients(input.root, None, &quote! { #(#methods)* });
    }
    let blocks = plans.iter().zip(methods).map(|(plan, methods)| {
        let gate = plan.operation.area(&input.profile.areas).map(gate);
        of_both_clients(input.root, gate.as_ref(), methods)
    });
    quote! { #(#blocks)* }
}

/// Methods of the client and of the blocking client: both have the same request builders.
pub(super) fn of_both_clients(root: &Root, gate: Option<&Attribute>, methods: &TokenStream) -> TokenStream {
    let blocking = root.public_tokens("blocking::Client");
    quote! {
        #gate
        impl Client { #methods }

        #[cfg(feature = "blocking")]
        #gate
        impl #blocking { #methods }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::emit::Preamble;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    /// The code, without comments, of the only resource of a document with one operation.
    fn rendered(operation: Value) -> String {
        let document = json!({"openapi": "3.0.3", "paths": {"/runs/{id}": {"post": operation}}});
        let profile = Profile::default();
        let api = build(&normalize_document(document), &profile, &Lock::default()).api;
        let preamble = Preamble { sha256: String::new(), generator: String::new(), notice: "" };
        let root = Root::default();
        let library = "library";
        let input =
            Input { api: &api, profile: &profile, preamble: &preamble, root: &root, library, recursion_limit: None };
        let text = render_resource(&input, &BTreeMap::new(), &api.resources[0]).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    fn assert_contains(text: &str, parts: &[&str]) {
        for part in parts {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn spread_body_is_arguments_and_setters() {
        let schema = json!({"type": "object", "required": ["id"], "properties": {
            "id": {"type": "string"}, "priority": {"type": "integer"}, "kind": {"const": "run"},
        }});
        let text = rendered(json!({
            "tags": ["runs"], "operationId": "update", "responses": {},
            "parameters": [{"name": "timeout", "in": "query", "schema": {"type": "integer"}}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
        }));
        assert_contains(
            &text,
            &[
                "pub struct Runs { pub(super) core: Core, }",
                "pub fn update(&self, id: impl Into<String>, body_id: impl Into<String>) -> Update {",
                "body: types::RunsUpdateRequest::new(body_id),",
                "pub fn update_with(",
                "pub struct Update { core: Core, options: RequestOptions, pub(crate) id: String, pub(crate) timeout: Option<i64>,",
                "pub fn parameter_timeout(mut self, value: i64) -> Self { self.timeout = Some(value);",
                "pub fn priority(mut self, value: i64) -> Self { self.body = self.body.with_priority(value);",
                "pub fn kind(mut self) -> Self { self.body = self.body.with_kind();",
            ],
        );
    }

    #[test]
    fn body_without_properties_is_one_argument_or_one_setter() {
        let binary = json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}});
        let rows = [
            (true, "pub fn send( &self, id: impl Into<String>, body: impl Into<sdk_runtime::Bytes>, ) -> Send {"),
            (
                false,
                "pub fn body(mut self, body: impl Into<sdk_runtime::Bytes>) -> Self { self.body = Some(body.into());",
            ),
        ];
        for (required, expected) in rows {
            let body = json!({"required": required, "content": binary});
            let text = rendered(json!({"tags": ["runs"], "operationId": "send", "requestBody": body, "responses": {}}));
            assert_contains(&text, &[expected]);
        }
    }

    #[test]
    fn what_differs_by_status_is_an_enum() {
        let response = |schema: Value| json!({"description": "", "content": {"application/json": {"schema": schema}}});
        let text = rendered(json!({"operationId": "start", "responses": {
            "200": response(json!({"type": "string"})),
            "202": response(json!({"type": "integer"})),
            "400": response(json!({"type": "string"})),
            "5XX": response(json!({"type": "integer"})),
        }}));
        assert_contains(
            &text,
            &[
                "impl Client {",
                "pub fn start(&self, id: impl Into<String>) -> Start {",
                "pub enum StartResponse { Status200(Box<String>),",
                "Status202(Box<i64>),",
                "Other(sdk_runtime::RawResponse), }",
                "pub enum StartErrorBody { Status400(String), Status5xx(i64), }",
            ],
        );
    }
}
