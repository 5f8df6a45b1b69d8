//! Runs to wait for: the `pollable!` tables of builders, and the methods that wait for a run by its ID.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Batch, Lifecycle, Operation, Role, RunStart, RunState};
use crate::names::RustIdent;

use super::Input;
use super::doc;
use super::groups::{accessor, builder_names, groups, module};
use super::plan::Plan;
use super::property_path;
use super::rust_type::{Scope, rust_type, tight};
use super::source::SourceFile;

/// Methods that a builder has besides when it starts a run or tells its state.
pub(super) const METHODS: &[&str] = &["poller", "wait"];

/// The method of the accessor that waits for what this operation tells the state of.
pub(super) fn attach_method(plan: &Plan<'_>) -> Option<TokenStream> {
    let (call, builder) = (plan.operation.name.token(), plan.builder.token());
    let deprecated = deprecated(plan.operation.lifecycle);
    match plan.operation.role.as_ref()? {
        Role::State(state) => {
            let method = state.attach.token();
            let docs = format!(
                " Polls a run that was started earlier, with [`{}`](Self::{}).",
                plan.operation.name,
                plan.operation.name.source()
            );
            Some(quote! {
                #[doc = #docs]
                #deprecated
                pub fn #method(&self, id: impl Into<String>) -> sdk_runtime::Poller<#builder> {
                    self.#call(id).poller()
                }
            })
        }
        Role::Batch(members) => {
            let method = members.attach.token();
            let docs = format!(
                " Polls the runs of a batch that was started earlier, with [`{}`](Self::{}).",
                plan.operation.name,
                plan.operation.name.source()
            );
            Some(quote! {
                #[doc = #docs]
                ///
                /// The size of the batch is not known here: the batch counts as finished once at least one run is listed and
                /// all listed runs have finished.
                #deprecated
                pub fn #method(&self, id: impl Into<String>) -> sdk_runtime::Poller<sdk_runtime::Batch<#builder>> {
                    sdk_runtime::Poller::new(sdk_runtime::Batch::new(self.#call(), id, 1))
                }
            })
        }
        Role::Start(_) => None,
    }
}

/// The method is as deprecated as the call it makes.
fn deprecated(lifecycle: Lifecycle) -> TokenStream {
    let attribute = doc::deprecation(lifecycle);
    match lifecycle {
        Lifecycle::Current => attribute,
        Lifecycle::Deprecated => quote! { #attribute #[expect(deprecated, reason = "it stands beside the call")] },
    }
}

/// Emits what waits.
pub(super) fn render_table(file: &mut SourceFile, plan: &Plan<'_>) {
    let text = match &plan.operation.role {
        Some(Role::State(told)) => state(plan, told),
        Some(Role::Start(begun)) => start(plan, begun),
        Some(Role::Batch(listed)) => members(plan, listed),
        None => return,
    };
    file.mention(&quote! { operations::Operation });
    file.text(&format!("sdk_runtime::codegen::pollable! {{\n{text}}}\n"));
}

fn state(plan: &Plan<'_>, state: &RunState) -> String {
    let (builder, answer) = (plan.builder.source(), plan.answer());
    let operation = super::operations::constant(plan.operation);
    let (id, status) = (state.id.source(), property_path::place(&state.status, "run"));
    format!("    state {builder} => {answer}, operations::{operation}, {id}, |run| {status}\n")
}

fn start(plan: &Plan<'_>, start: &RunStart) -> String {
    let Some(teller) = Teller::new(plan, start.polled_by) else { return String::new() };
    let (builder, answer) = (plan.builder.source(), plan.answer());
    let id = property_path::place(&start.id, "run");
    let Teller { watch, state, call } = teller;
    let mut text = format!("    start {builder} => {answer}, {watch}, {state},\n");
    let rest = match &start.inputs {
        Some(inputs) => format!(
            "|call| {}.len(), |core, run, size| sdk_runtime::Batch::new({call}(), {id}, size)",
            property_path::place(inputs, "call.body")
        ),
        None => format!("|_| 1, |core, run, _| {call}({id})"),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "    {rest}");
    text
}

fn members(plan: &Plan<'_>, members: &Batch) -> String {
    let types = &plan.input.api.types;
    let Some(pages) = &plan.operation.pagination else { return String::new() };
    let item = tight(&rust_type(types, &pages.item, Scope::Elsewhere));
    let mut fields = format!("{}: Some(batch.to_owned())", members.filter.source());
    if let Some((parameter, size)) = &members.page_size {
        let _ = write!(fields, ", {}: Some({size})", parameter.source());
    }
    let status = property_path::place(&members.status, "run");
    format!("    batch {} => {item}, |batch| {{ {fields} }}, |run| {status}\n", plan.builder.source())
}

/// The call that tells the state of what another one starts.
struct Teller {
    /// Its builder, or the batch around it.
    watch: String,
    /// What it tells.
    state: String,
    /// Its method, without arguments.
    call: String,
}

impl Teller {
    fn new(plan: &Plan<'_>, place: usize) -> Option<Self> {
        let input = plan.input;
        let operation = input.api.operations.get(place)?;
        let builder = builder(input, operation)?;
        let same_group = operation.group == plan.operation.group;
        let module = module(operation.group.as_ref());
        let near = if same_group { String::new() } else { format!("super::{}::", module.source()) };
        let resource = match &operation.group {
            Some(group) => format!("{near}{}", accessor(group).source()),
            None => "crate::Client".to_owned(),
        };
        let call = format!("{resource} {{ core }}.{}", operation.name.source());
        let builder = format!("{near}{}", builder.source());
        let told = Plan::new(input, operation, operation.builder.clone());
        let (watch, state) = match (&operation.role, &operation.pagination) {
            (Some(Role::Batch(_)), Some(pages)) => {
                let item = rust_type(&input.api.types, &pages.item, Scope::Elsewhere);
                (format!("sdk_runtime::Batch<{builder}>"), format!("Vec<{}>", tight(&item)))
            }
            (Some(Role::State(_) | Role::Start(_) | Role::Batch(_)) | None, _) => (builder, told.answer()),
        };
        Some(Self { watch, state, call })
    }
}

/// Name of the builder of an operation.
fn builder(input: &Input<'_>, operation: &Operation) -> Option<RustIdent> {
    let groups = groups(input.api);
    let siblings = groups.get(&operation.group)?;
    let place = siblings.iter().position(|sibling| sibling.name == operation.name)?;
    builder_names(operation.group.as_ref(), siblings).0.into_iter().nth(place)
}
