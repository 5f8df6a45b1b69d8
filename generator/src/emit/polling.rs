//! Polling: the `pollable!` tables of builders, and the methods that poll a run by its ID.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Batch, Kind, Lifecycle, Resource, Role, RunProperty, RunStart, RunState, Type, Types, Variant};
use crate::markdown;
use crate::names::RustIdent;

use super::doc;
use super::features::gate_line;
use super::plan::Plan;
use super::property_path;
use super::rust_type::{Scope, render_type, tight};
use super::source::SourceFile;

/// Returns the accessor method that polls the run or batch whose state this operation returns.
pub(super) fn attach_method(plan: &Plan<'_>) -> Option<TokenStream> {
    let (call, builder) = (plan.operation.name.token(), plan.call.builder.token());
    let deprecated = deprecated(plan.operation.lifecycle);
    match plan.operation.role.as_ref()? {
        Role::State(state) => {
            let method = state.attach.token();
            let docs = format!(
                " Polls a run that was started earlier, with [`{}`](Self::{}).",
                plan.operation.name,
                plan.operation.name.source()
            );
            let ends = end_docs(&state.end_statuses).into_iter().map(|line| format!(" {line}"));
            Some(quote! {
                #[doc = #docs]
                ///
                #(#[doc = #ends])*
                /// To wait past a status that only people can end, such as a review, attach again after it.
                #deprecated
                pub fn #method(&self, id: impl Into<String>) -> sdk_runtime::Poller<#builder> {
                    self.#call(id).poller()
                }
            })
        }
        Role::Batch(batch) => {
            let method = batch.attach.token();
            let docs = format!(
                " Polls the runs of a batch that was started earlier, with [`{}`](Self::{}).",
                plan.operation.name,
                plan.operation.name.source()
            );
            let ends = end_docs(&batch.end_statuses).into_iter().map(|line| format!(" {line}"));
            Some(quote! {
                #[doc = #docs]
                ///
                /// The size of the batch is not known here: the batch counts as finished once at least one run is listed and
                /// all listed runs have finished.
                ///
                #(#[doc = #ends])*
                #deprecated
                pub fn #method(&self, id: impl Into<String>) -> sdk_runtime::Poller<sdk_runtime::Batch<#builder>> {
                    sdk_runtime::Poller::new(sdk_runtime::Batch::new(self.#call(), id, 1))
                }
            })
        }
        Role::Start(_) => None,
    }
}

/// Returns the name of that method and what it returns, for a builder by this path.
pub(super) fn attach_signature<'a>(plan: &Plan<'a>, builder: &TokenStream) -> Option<(&'a RustIdent, TokenStream)> {
    match plan.operation.role.as_ref()? {
        Role::State(state) => Some((&state.attach, quote! { sdk_runtime::Poller<#builder> })),
        Role::Batch(batch) => Some((&batch.attach, quote! { sdk_runtime::Poller<sdk_runtime::Batch<#builder>> })),
        Role::Start(_) => None,
    }
}

/// The method is deprecated whenever the call it makes is.
fn deprecated(lifecycle: Lifecycle) -> TokenStream {
    let attribute = doc::deprecation(lifecycle);
    match lifecycle {
        Lifecycle::Current => attribute,
        Lifecycle::Deprecated => quote! { #attribute #[expect(deprecated, reason = "it stands beside the call")] },
    }
}

/// Emits the table that enables polling. A run whose state is read by a resource of another area can be polled only with that area.
pub(super) fn render_table(file: &mut SourceFile, plan: &Plan<'_>) {
    let (gate, text) = match &plan.operation.role {
        Some(Role::State(state)) => (String::new(), state_row(plan, state)),
        Some(Role::Start(start)) => {
            let Some(poll) = Poll::new(plan, start.polled_by) else { return };
            (gate_line(poll.area.as_deref()), start_row(plan, start, &poll))
        }
        Some(Role::Batch(batch)) => (String::new(), batch_row(plan, batch)),
        None => return,
    };
    file.mention(&quote! { operations::Operation });
    file.text(&format!("{gate}sdk_runtime::codegen::pollable! {{\n{text}}}\n"));
}

/// What the documentation says about the end of polling.
fn end_docs(statuses: &[String]) -> Vec<String> {
    let listed: Vec<String> = statuses.iter().map(|status| markdown::format_code(status)).collect();
    let sentence = if listed.is_empty() {
        "Polling ends with the first status that is not pending; a failed run is a final state too.".to_owned()
    } else {
        format!(
            "Polling ends with the status {}, or with one that this version does not know; a failed run is a final state too.",
            listed.join(", ")
        )
    };
    doc::wrap(&sentence)
}

/// The same as attributes of a table.
fn end_attributes(statuses: &[String]) -> String {
    end_docs(statuses).into_iter().fold(String::new(), |text, line| format!("{text}    /// {line}\n"))
}

fn state_row(plan: &Plan<'_>, state: &RunState) -> String {
    let (builder, response) = (plan.call.builder.source(), plan.response());
    let operation = super::operations::constant(plan.operation);
    let types = &plan.input.api.types;
    let (id, status) = (state.id.source(), string_of_run(types, &state.status));
    let ends = end_attributes(&state.end_statuses);
    let response_id = state.response_id.as_ref();
    let response_id = response_id.map_or_else(String::new, |found| format!(", {}", string_of_run(types, found)));
    format!("{ends}    state {builder} => {response}, operations::{operation}, {id}, |run| {status}{response_id}\n")
}

/// A property of a run as `&str`. Of an unknown variant it is what the server sent, or empty.
fn string_of_run(types: &Types, property: &RunProperty) -> String {
    match property {
        RunProperty::Direct(path) => format!("{}.as_str()", property_path::place(path, "run")),
        RunProperty::OfVariants { union, id, variants, wire } => {
            let name = tight(&render_type(types, &Type::Named(*id), Scope::Elsewhere));
            let mut text = format!("match &{} {{\n", property_path::place(union, "run"));
            let known: &[Variant] = match &types.get(*id).kind {
                Kind::Union(union) => &union.variants,
                Kind::Struct(_) | Kind::Enumeration(_) | Kind::Alias(_) | Kind::Wrapper(_) => &[],
            };
            for (variant, path) in known.iter().zip(variants) {
                let place = property_path::place(path, "run");
                let _ = writeln!(text, "        {name}::{}(run) => {place}.as_str(),", variant.name.source());
            }
            let wire = &wire.0;
            let _ =
                write!(text, "        {name}::Unknown(run) => sdk_runtime::codegen::string_at(run, {wire:?}),\n    }}");
            text
        }
    }
}

fn start_row(plan: &Plan<'_>, start: &RunStart, poll: &Poll) -> String {
    let (builder, response) = (plan.call.builder.source(), plan.response());
    let id = property_path::place(&start.id, "run");
    let Poll { pollable, state, call, end_statuses, area: _ } = poll;
    let ends = end_attributes(end_statuses);
    let mut text = format!("{ends}    start {builder} => {response}, {pollable}, {state},\n");
    let rest = match &start.inputs {
        Some(inputs) => format!(
            "|call| {}.len(), |core, run, size| sdk_runtime::Batch::new({call}(), &{id}, size)",
            property_path::place(inputs, "call.body")
        ),
        None => format!("|_| 1, |core, run, _| {call}(&{id})"),
    };
    let as_state = if response == *state { "|run| Some(run)" } else { "|_| None" };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "    {rest},\n    {as_state}");
    text
}

fn batch_row(plan: &Plan<'_>, batch: &Batch) -> String {
    let types = &plan.input.api.types;
    let Some(pages) = &plan.operation.pagination else { return String::new() };
    let item = tight(&render_type(types, &pages.item, Scope::Elsewhere));
    let mut fields = format!("{}: Some(batch.to_owned())", batch.filter.source());
    if let Some((parameter, size)) = &batch.page_size {
        let _ = write!(fields, ", {}: Some({size})", parameter.source());
    }
    let status = property_path::place(&batch.status, "run");
    format!("    batch {} => {item}, |batch| {{ {fields} }}, |run| {status}\n", plan.call.builder.source())
}

/// The call that returns the state of a run that another call starts.
struct Poll {
    /// Its builder, or the batch around it.
    pollable: String,
    /// The type it returns.
    state: String,
    /// Its method, without arguments.
    call: String,
    /// The listed statuses that end a run.
    end_statuses: Vec<String>,
    /// The area of its resource, when that of the starting call does not bring it.
    area: Option<String>,
}

impl Poll {
    fn new(plan: &Plan<'_>, operation: usize) -> Option<Self> {
        let (resource, call) = plan.input.api.call(operation)?;
        let polled = Plan::new(plan.input, resource, call);
        let near = if resource.name == plan.resource.name {
            String::new()
        } else {
            format!("super::{}::", resource.module.source())
        };
        let accessor = match &resource.name {
            Some(_) => format!("{near}{}", resource.accessor.source()),
            None => plan.input.root.public("Client"),
        };
        let builder = format!("{near}{}", call.builder.source());
        let (pollable, state) = match (&polled.operation.role, &polled.operation.pagination) {
            (Some(Role::Batch(_)), Some(pagination)) => {
                let item = render_type(&plan.input.api.types, &pagination.item, Scope::Elsewhere);
                (format!("sdk_runtime::Batch<{builder}>"), format!("Vec<{}>", tight(&item)))
            }
            (Some(Role::State(_) | Role::Start(_) | Role::Batch(_)) | None, _) => (builder, polled.response()),
        };
        let call = format!("{accessor} {{ core }}.{}", polled.operation.name.source());
        let end_statuses = match &polled.operation.role {
            Some(Role::State(state)) => state.end_statuses.clone(),
            Some(Role::Batch(batch)) => batch.end_statuses.clone(),
            Some(Role::Start(_)) | None => Vec::new(),
        };
        let area_of =
            |resource: &Resource| resource.name.as_ref().and_then(|name| plan.input.profile.areas.of(name.as_str()));
        let area = area_of(resource).filter(|area| area_of(plan.resource) != Some(*area)).map(str::to_owned);
        Some(Self { pollable, state, call, end_statuses, area })
    }
}
