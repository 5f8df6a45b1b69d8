//! Calls: per resource an accessor and one builder per operation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::diagnostic::Report;
use crate::ir::{Body, BodyForm, Operation, Presence, Property, Role, Type};
use crate::names::{RustIdent, Scope as NameScope};
use crate::parallel;
use crate::wire::Signature;

use super::Input;
use super::doc::{self, Described};
use super::groups::{accessor, builder_names, groups, module};
use super::module_files::{declaration, file_name};
use super::pagination;
use super::plan::{BodyPlan, Plan};
use super::polling::{self, attach_method};
use super::rust_type::{Scope, rust_type, taken};
use super::sending;
use super::source::SourceFile;
use super::structs::{Transport, field_taken, preset};
use super::tasks::Task;

/// Setters that every builder has.
const BUILDER_METHODS: &[&str] = &[
    "body",
    "call",
    "clone",
    "core",
    "header",
    "into_future",
    "max_retries",
    "options",
    "query_parameter",
    "retry",
    "send",
    "send_raw",
    "send_stream",
    "send_with_parts",
    "timeout",
    "total_timeout",
];

/// In a resource of fewer calls another thread would not pay.
const CALLS_PER_THREAD: usize = 50;

/// The files of all calls.
pub(super) fn tasks<'a>(input: &'a Input<'a>, signatures: &'a BTreeMap<String, Signature>) -> Vec<Task<'a>> {
    let groups = groups(input.api);
    let names: Vec<Option<RustIdent>> = groups.keys().cloned().collect();
    let resource = |(group, operations): (Option<RustIdent>, Vec<&'a Operation>)| {
        let file = file_name(&module(group.as_ref()));
        Task::new(format!("resources/{file}"), move || resource(input, signatures, group.as_ref(), &operations))
    };
    let mut tasks: Vec<Task<'a>> = groups.into_iter().map(resource).collect();
    tasks.push(Task::new("resources/mod.rs", move || index(input, &names)));
    tasks
}

/// What the documentation of a resource says first.
fn purpose(group: &RustIdent) -> String {
    format!("Methods of the `{group}` resource.")
}

fn index(input: &Input<'_>, groups: &[Option<RustIdent>]) -> Result<String, Report> {
    let mut file = SourceFile::new(
        input.preamble,
        "Resources of the API. Each method returns a request builder: set what is optional, then `.await` it.",
    );
    let mut modules = String::new();
    let mut accessors = Vec::new();
    for group in groups {
        let declaration = declaration("pub ", &module(group.as_ref()));
        let title = group.as_ref().map_or("Methods of [`Client`](crate::Client).".to_owned(), purpose);
        let area = group.as_ref().and_then(|group| input.profile.areas.of(group.as_str()));
        let gate = area.map_or_else(String::new, |area| format!("#[cfg(feature = {area:?})]\n"));
        let _ = writeln!(modules, "/// {title}\n{gate}{}", declaration.trim_end());
        if let Some(group) = group {
            let gate = area.map(|area| quote! { #[cfg(feature = #area)] });
            let method = group.token();
            let module = module(Some(group)).token();
            let accessor = accessor(group).token();
            let docs = format!(" Returns the methods of the `{group}` resource.");
            accessors.push(quote! {
                #[doc = #docs]
                #gate
                #[must_use]
                pub fn #method(&self) -> #module::#accessor {
                    #module::#accessor { core: self.core.clone() }
                }
            });
        }
    }
    if !accessors.is_empty() {
        file.items(quote! { use crate::Client; })?;
    }
    file.text(&modules);
    if !accessors.is_empty() {
        file.items(quote! { impl Client { #(#accessors)* } })?;
    }
    Ok(file.finish())
}

/// The methods of the client itself; those of an area can be left out.
fn root_methods(input: &Input<'_>, methods: &[(&str, TokenStream, Option<TokenStream>)]) -> TokenStream {
    let areas = &input.profile.areas;
    if areas.is_empty() {
        let methods = methods.iter().map(|(_, methods, attach)| quote! { #methods #attach });
        return quote! { impl Client { #(#methods)* } };
    }
    let blocks = methods.iter().map(|(name, methods, attach)| {
        let gate = areas.of(name).map(|area| quote! { #[cfg(feature = #area)] });
        quote! { #gate impl Client { #methods #attach } }
    });
    quote! { #(#blocks)* }
}

fn resource<'a>(
    input: &'a Input<'a>,
    signatures: &'a BTreeMap<String, Signature>,
    group: Option<&RustIdent>,
    operations: &[&'a Operation],
) -> Result<String, Report> {
    let purpose = group.map_or("Methods of [`Client`](crate::Client).".to_owned(), purpose);
    let mut file = SourceFile::new(input.preamble, &purpose);
    let accessor = group.map(accessor);
    let (builders, mut names) = builder_names(group, operations);
    let plan = |(operation, builder): (&&'a Operation, RustIdent)| {
        Plan::new(input, operation, builder).calling(signatures).naming_types(&mut names)
    };
    let plans: Vec<Plan<'a>> = operations.iter().zip(builders).map(plan).collect();
    let methods: Vec<_> =
        plans.iter().map(|plan| (plan.operation.name.as_str(), plan.methods(), attach_method(plan))).collect();
    let mut accessors = SourceFile::new(input.preamble, "");
    match accessor {
        Some(accessor) => {
            let name = accessor.token();
            let docs = format!(" {purpose}");
            let methods = methods.iter().map(|(_, methods, attach)| quote! { #methods #attach });
            accessors.items(quote! {
                #[doc = #docs]
                #[derive(Clone, Debug)]
                pub struct #name { pub(super) core: Core }

                impl #name { #(#methods)* }
            })?;
        }
        None => accessors.items(root_methods(input, &methods))?,
    }
    let threads = parallel::processors().min(1 + plans.len() / CALLS_PER_THREAD);
    for builder in parallel::map(threads, &plans, Plan::builder) {
        accessors.extend(&builder?);
    }
    file.import(
        &accessors,
        &[
            ("crate", ["Client", "types"].map(str::to_owned).into()),
            ("crate::generated", ["operations"].map(str::to_owned).into()),
            ("crate::generated::client", ["call"].map(str::to_owned).into()),
            ("sdk_runtime", ["RequestOptions"].map(str::to_owned).into()),
            ("sdk_runtime::codegen", ["Core"].map(str::to_owned).into()),
        ],
    )?;
    file.append(&accessors);
    Ok(file.finish())
}

impl Plan<'_> {
    /// The methods of the accessor that start this call.
    fn methods(&self) -> TokenStream {
        let types = &self.input.api.types;
        let method = self.operation.name.token();
        let builder = self.builder.token();
        let docs = doc::attributes(&self.method_docs());
        let deprecated = doc::deprecation(self.operation.lifecycle);
        let mut arguments = Vec::new();
        let mut values = Vec::new();
        for parameter in self.required() {
            let name = parameter.name.token();
            let taken = taken(types, &parameter.ty, &quote! { #name }, Scope::Elsewhere);
            let (ty, value) = (taken.ty, taken.value);
            arguments.push(quote! { #name: #ty });
            values.push(assign(&name, &value));
        }
        values.extend(self.optional().map(|parameter| {
            let name = parameter.name.token();
            quote! { #name: None }
        }));
        let shared = values.clone();
        let shared_arguments = arguments.clone();
        let with = self.body_start(&mut arguments, &mut values);
        let with = with.map(|body_type| {
            let method = self.operation.name_with_body.token();
            let docs = format!(
                " Like [`{}`](Self::{}), with a complete request body.",
                self.operation.name,
                self.operation.name.source()
            );
            quote! {
                #[doc = #docs]
                #deprecated
                pub fn #method(&self, #(#shared_arguments,)* body: #body_type) -> #builder {
                    #builder { core: self.core.clone(), options: RequestOptions::default(), #(#shared,)* body }
                }
            }
        });
        quote! {
            #docs
            #deprecated
            pub fn #method(&self, #(#arguments),*) -> #builder {
                #builder { core: self.core.clone(), options: RequestOptions::default(), #(#values),* }
            }

            #with
        }
    }

    /// Adds what the body needs to the arguments of the method; gives its type when it is spread.
    fn body_start(&self, arguments: &mut Vec<TokenStream>, values: &mut Vec<TokenStream>) -> Option<TokenStream> {
        let body = self.operation.body.as_ref()?;
        let ty = body_type(self.input, body);
        match &self.body {
            BodyPlan::None => None,
            BodyPlan::Spread(structure) => {
                let fields: Vec<&Property> =
                    structure.arguments.iter().filter_map(|index| structure.fields.get(*index)).collect();
                let mut passed = Vec::new();
                let names = body_arguments(self.operation, &fields);
                for (field, name) in fields.into_iter().zip(names) {
                    let argument = body_property(self.input, body, field, &quote! { #name });
                    let argument = match field.presence {
                        Presence::Nullable => quote! { Option<#argument> },
                        Presence::Required | Presence::Optional | Presence::OptionalNullable => argument,
                    };
                    arguments.push(quote! { #name: #argument });
                    passed.push(name);
                }
                values.push(quote! { body: #ty::new(#(#passed),*) });
                Some(ty)
            }
            BodyPlan::Argument => {
                let (argument, value) = body_taken(self.input, body);
                arguments.push(quote! { body: #argument });
                values.push(assign(&format_ident!("body"), &value));
                None
            }
            BodyPlan::Setter => {
                values.push(quote! { body: None });
                None
            }
        }
    }

    /// The builder: fields, setters, sending.
    fn builder(&self) -> Result<SourceFile, Report> {
        let mut file = SourceFile::new(self.input.preamble, "");
        let types = &self.input.api.types;
        let name = self.builder.token();
        let docs = doc::attributes(&self.builder_docs());
        let fields = self.operation.parameters.iter().map(|parameter| {
            let name = parameter.name.token();
            let ty = rust_type(types, &parameter.ty, Scope::Elsewhere);
            match parameter.presence {
                Presence::Required => quote! { pub(crate) #name: #ty, },
                Presence::Nullable | Presence::Optional | Presence::OptionalNullable => {
                    quote! { pub(crate) #name: Option<#ty>, }
                }
            }
        });
        let body = self.operation.body.as_ref().map(|body| {
            let ty = body_type(self.input, body);
            match self.body {
                BodyPlan::Setter => quote! { pub(crate) body: Option<#ty>, },
                BodyPlan::None | BodyPlan::Spread(_) | BodyPlan::Argument => quote! { pub(crate) body: #ty, },
            }
        });
        let derives = if self.is_multipart() {
            quote! { Debug }
        } else {
            quote! { Clone, Debug }
        };
        file.items(quote! {
            #docs
            #[derive(#derives)]
            #[must_use = "a call does nothing until it is awaited or sent"]
            pub struct #name {
                core: Core,
                options: RequestOptions,
                #(#fields)*
                #body
            }
        })?;
        let setters = self.setters();
        if !setters.is_empty() {
            file.items(quote! { impl #name { #(#setters)* } })?;
        }
        sending::render_tables(&mut file, self)?;
        pagination::render_table(&mut file, self);
        polling::render_table(&mut file, self);
        Ok(file)
    }

    /// Methods that not every builder has: a setter elsewhere may be called the same.
    fn walking(&self) -> impl Iterator<Item = &str> {
        let pages = self.operation.pagination.iter().flat_map(|_| pagination::METHODS);
        let role = self.operation.role.iter().filter(|role| !matches!(role, Role::Batch(_)));
        pages.chain(role.flat_map(|_| polling::METHODS)).copied()
    }

    /// Names that no setter of the builder can have.
    pub(super) fn reserved_setters(&self) -> NameScope {
        let injected = self.input.profile.headers.iter().map(|header| header.setter.as_str());
        let own = BUILDER_METHODS.iter().copied().chain(self.walking());
        NameScope::reserving(&own.chain(injected).collect::<Vec<_>>())
    }

    fn setters(&self) -> Vec<TokenStream> {
        let types = &self.input.api.types;
        let mut scope = self.reserved_setters();
        let mut setters = Vec::new();
        for parameter in self.optional() {
            let field = parameter.name.token();
            let function = free(&mut scope, &parameter.name, "parameter").token();
            let taken = taken(types, &parameter.ty, &quote! { value }, Scope::Elsewhere);
            let (ty, value) = (taken.ty, taken.value);
            let docs = doc::attributes(&Described::parameter(parameter).lines(types));
            setters.push(quote! {
                #docs
                pub fn #function(mut self, value: #ty) -> Self {
                    self.#field = Some(#value);
                    self
                }
            });
        }
        if let (Some(body), BodyPlan::Spread(structure)) = (&self.operation.body, &self.body) {
            let fields = structure.fields.iter().enumerate().filter(|(index, _)| !structure.arguments.contains(index));
            for (_, field) in fields.filter(|(_, field)| preset(field).is_none()) {
                let function = free(&mut scope, &field.name, "body");
                setters.push(self.body_setter(body, field, &function));
            }
        }
        if let (Some(body), BodyPlan::Setter) = (&self.operation.body, &self.body) {
            let (ty, value) = body_taken(self.input, body);
            setters.push(quote! {
                /// Sets the request body.
                pub fn body(mut self, body: #ty) -> Self {
                    self.body = Some(#value);
                    self
                }
            });
        }
        setters
    }

    fn body_setter(&self, body: &Body, field: &Property, function: &RustIdent) -> TokenStream {
        let name = function.token();
        let setter = format_ident!("with_{}", field.name.as_str());
        let types = &self.input.api.types;
        let docs = doc::attributes(&Described::property(field, None).lines(types));
        if let Type::Constant(_) = field.ty {
            return quote! {
                #docs
                pub fn #name(mut self) -> Self {
                    self.body = self.body.#setter();
                    self
                }
            };
        }
        let ty = body_property(self.input, body, field, &quote! { value });
        quote! {
            #docs
            pub fn #name(mut self, value: #ty) -> Self {
                self.body = self.body.#setter(value);
                self
            }
        }
    }
}

fn assign(name: &proc_macro2::Ident, value: &TokenStream) -> TokenStream {
    if *name == value.to_string() {
        quote! { #name }
    } else {
        quote! { #name: #value }
    }
}

/// The type of a body; bytes are bytes here, not text.
fn body_type(input: &Input<'_>, body: &Body) -> TokenStream {
    match body.form {
        BodyForm::Bytes(_) => quote! { sdk_runtime::Bytes },
        BodyForm::Json | BodyForm::Multipart | BodyForm::UrlEncoded | BodyForm::Text(_) => {
            rust_type(&input.api.types, &body.ty, Scope::Elsewhere)
        }
    }
}

/// What a function takes for a body, and the value made of its argument `body`.
fn body_taken(input: &Input<'_>, body: &Body) -> (TokenStream, TokenStream) {
    match body.form {
        BodyForm::Bytes(_) => (quote! { impl Into<sdk_runtime::Bytes> }, quote! { body.into() }),
        BodyForm::Json | BodyForm::Multipart | BodyForm::UrlEncoded | BodyForm::Text(_) => {
            let taken = taken(&input.api.types, &body.ty, &quote! { body }, Scope::Elsewhere);
            (taken.ty, taken.value)
        }
    }
}

/// Names of the arguments for properties of the body. The parameters of the operation come first, and a property that needs
/// another name because of them comes last.
fn body_arguments(operation: &Operation, fields: &[&Property]) -> Vec<proc_macro2::Ident> {
    let parameters = || operation.parameters.iter().map(|parameter| parameter.name.as_str());
    let clashes = |field: &Property| parameters().any(|name| name == field.name.as_str());
    let own = fields.iter().filter(|field| !clashes(field)).map(|field| field.name.as_str());
    let mut scope = NameScope::reserving(&parameters().chain(own).collect::<Vec<_>>());
    let name = |field: &&Property| match clashes(field) {
        true => scope.claim(RustIdent::snake(&format!("body {}", field.name))).token(),
        false => field.name.token(),
    };
    fields.iter().map(name).collect()
}

fn free(scope: &mut NameScope, name: &RustIdent, prefix: &str) -> RustIdent {
    let candidate =
        if scope.contains(name.as_str()) { RustIdent::snake(&format!("{prefix} {name}")) } else { name.clone() };
    scope.claim(candidate)
}

/// What a call takes for a property of its body.
fn body_property(input: &Input<'_>, body: &Body, field: &Property, argument: &TokenStream) -> TokenStream {
    let transport = match body.form {
        BodyForm::Multipart => Transport::Multipart,
        BodyForm::Json | BodyForm::UrlEncoded | BodyForm::Text(_) | BodyForm::Bytes(_) => Transport::Json,
    };
    field_taken(&input.api.types, field, argument, transport, Scope::Elsewhere).0
}
