//! Deprecated aliases: what had other names in the last release. Decides no names.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{Argument, FormerCall, FormerMember, Kind, Resource, Target, TypeId};
use crate::names::RustIdent;

use super::Input;
use super::calls::{argument_declaration, body_type, of_both_clients};
use super::features::gate;
use super::plan::Plan;
use super::rust_type::Scope;
use super::source::SourceFile;
use super::structs::{Transport, field_argument_type};

/// What an alias is documented with.
fn docs(new: &str, link: &str) -> TokenStream {
    let doc = format!(" The name that [`{new}`]({link}) had before; the next release does not have it.");
    let note = format!("renamed to `{new}`");
    quote! {
        #[doc = #doc]
        #[deprecated = #note]
    }
}

/// Writes the aliases of a type, and of its values or setters.
pub(super) fn of_type(
    file: &mut SourceFile,
    input: &Input<'_>,
    id: TypeId,
    transport: Transport,
) -> Result<(), Report> {
    let def = input.api.types.get(id);
    let target = def.name.token();
    for former in input.api.former.types.iter().filter(|former| former.now == id) {
        let name = former.name.token();
        let docs = docs(def.name.as_str(), &def.name.source());
        file.items(quote! { #docs pub type #name = #target; })?;
    }
    let parts: Vec<TokenStream> =
        input.api.former.members_of(id).filter_map(|former| member(input, former, transport)).collect();
    if parts.is_empty() {
        return Ok(());
    }
    file.items(quote! { impl #target { #(#parts)* } })
}

fn member(input: &Input<'_>, former: &FormerMember, transport: Transport) -> Option<TokenStream> {
    match &input.api.types.get(former.owner).kind {
        Kind::Enumeration(known) => {
            let value = &known.values.get(former.index)?.name;
            let (name, target) = (former.name.token(), value.token());
            let docs = docs(value.as_str(), &format!("Self::{}", value.source()));
            Some(quote! {
                #docs
                #[allow(non_upper_case_globals, reason = "variants are called like this")]
                pub const #name: Self = Self::#target;
            })
        }
        Kind::Struct(structure) => {
            let setter = structure.setters.iter().find(|setter| setter.field == former.index)?;
            let field = structure.fields.get(former.index)?;
            let (name, target) = (former.name.with_prefix("with_").token(), setter.name.token());
            let value = quote! { value };
            let (ty, _) = field_argument_type(&input.api.types, field, &value, transport, Scope::Types);
            let docs_of = |new: &RustIdent| docs(new.as_str(), &format!("Self::{}", new.source()));
            let (docs, parameters, values) = match field.constant() {
                Some(_) => (docs_of(&setter.name), quote! {}, quote! {}),
                None => (docs_of(&setter.name), quote! { , value: #ty }, value),
            };
            let null = setter.null.as_ref().map(|null| {
                let old = RustIdent::snake(&format!("{} null", former.name)).with_prefix("with_").token();
                let (docs, target) = (docs_of(null), null.token());
                quote! { #docs #[must_use] pub fn #old(self) -> Self { self.#target() } }
            });
            Some(quote! {
                #docs
                #[must_use]
                pub fn #name(self #parameters) -> Self {
                    self.#target(#values)
                }
                #null
            })
        }
        Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
    }
}

/// Returns a setter of a builder by the name that it had before.
pub(crate) struct FormerSetter<'a> {
    pub name: RustIdent,
    pub setter: &'a Argument,
}

/// Returns the setters of a builder that had other names.
pub(crate) fn setters<'a>(plan: &Plan<'a>) -> Vec<FormerSetter<'a>> {
    let former = &plan.input.api.former;
    let of = |target: Target| plan.call.setters.iter().find(move |setter| setter.target == target);
    let body = plan.spread().and_then(|_| plan.input.api.types.resolve(&plan.operation.body.as_ref()?.ty).named());
    let properties = former.members.iter().filter(|member| Some(member.owner) == body);
    let properties = properties.map(|member| (&member.name, Target::Property(member.index)));
    let parameters = former.parameters.iter().filter(|parameter| parameter.operation == plan.call.operation);
    let parameters = parameters.map(|parameter| (&parameter.name, Target::Parameter(parameter.parameter)));
    let is_free = |name: &RustIdent| plan.call.setters.iter().all(|setter| setter.name != *name);
    let found = properties.chain(parameters).filter(|(name, _)| is_free(name));
    found.filter_map(|(name, target)| Some(FormerSetter { name: name.clone(), setter: of(target)? })).collect()
}

/// Writes the setters of a builder that had other names.
pub(super) fn render_setters(plan: &Plan<'_>) -> Vec<TokenStream> {
    let render = |former: FormerSetter<'_>| {
        let (name, target) = (former.name.token(), former.setter.name.token());
        let docs = docs(former.setter.name.as_str(), &format!("Self::{}", former.setter.name.source()));
        let is_constant = match former.setter.target {
            Target::Property(index) => plan.property(index).is_some_and(|field| field.constant().is_some()),
            Target::Parameter(_) | Target::Body => false,
        };
        if is_constant {
            return quote! { #docs pub fn #name(self) -> Self { self.#target() } };
        }
        let value = Argument { name: RustIdent::snake("value"), target: former.setter.target };
        let value = argument_declaration(plan, &value);
        quote! { #docs pub fn #name(self, #value) -> Self { self.#target(value) } }
    };
    setters(plan).into_iter().map(render).collect()
}

/// Writes the methods that a resource had for calls that have others now.
pub(super) fn methods(input: &Input<'_>, resource: &Resource) -> TokenStream {
    let methods = input.api.former.calls_of(resource).filter_map(|former| {
        let (now, call) = input.api.call(former.operation)?;
        let plan = Plan::new(input, now, call);
        let target = match &now.name {
            _ if now.name == resource.name => quote! { self },
            Some(_) => {
                let (module, accessor) = (now.module.token(), now.accessor.token());
                quote! { super::#module::#accessor { core: self.core.clone() } }
            }
            None => quote! { Client { core: self.core.clone() } },
        };
        Some(methods_of(&plan, former, resource, &target))
    });
    let methods = quote! { #(#methods)* };
    match &resource.name {
        _ if methods.is_empty() => methods,
        Some(_) => methods,
        None => of_both_clients(input.root, None, &methods),
    }
}

fn methods_of(plan: &Plan<'_>, former: &FormerCall, resource: &Resource, target: &TokenStream) -> TokenStream {
    let builder = path(plan.resource, resource, &plan.call.builder);
    let area = plan.operation.area(&plan.input.profile.areas).map(gate);
    let whole = plan.operation.body.as_ref().map(|body| body_type(plan.input, body));
    let method = |old: &RustIdent, new: &RustIdent, (arguments, body): (&[&Argument], &Option<TokenStream>)| {
        let parameters = arguments.iter().map(|argument| argument_declaration(plan, argument));
        let body_parameter = body.iter().map(|ty| quote! { body: #ty });
        let parameters = parameters.chain(body_parameter);
        let names = arguments.iter().map(|argument| argument.name.token());
        let names = names.chain(body.iter().map(|_| quote::format_ident!("body")));
        let link = match &plan.resource.name {
            Some(_) => {
                format!("super::{}::{}::{}", plan.resource.module.source(), plan.resource.accessor, new.source())
            }
            None => format!("Client::{}", new.source()),
        };
        let (docs, name, new) = (docs(new.as_str(), &link), old.token(), new.token());
        quote! {
            #docs
            #area
            pub fn #name(&self, #(#parameters),*) -> #builder {
                #target.#new(#(#names),*)
            }
        }
    };
    let all: Vec<&Argument> = plan.call.arguments.iter().collect();
    let plain = method(&former.method, &plan.operation.name, (&all, &None));
    let with_body = former.with_body.as_ref().zip(plan.call.with_body.as_ref()).map(|(old, new)| {
        let parameters = all.iter().filter(|argument| matches!(argument.target, Target::Parameter(_)));
        let arguments: Vec<&Argument> = parameters.copied().collect();
        method(old, new, (&arguments, &whole))
    });
    let attach = former.attach.as_ref().and_then(|old| attach(plan, old, &builder, target));
    quote! { #plain #with_body #attach }
}

fn attach(plan: &Plan<'_>, old: &RustIdent, builder: &TokenStream, target: &TokenStream) -> Option<TokenStream> {
    let (new, result) = super::polling::attach_signature(plan, builder)?;
    let area = plan.operation.area(&plan.input.profile.areas).map(gate);
    let note = format!("renamed to `{new}`");
    let docs = format!(" The name that `{new}` had before; the next release does not have it.");
    let (old, new) = (old.token(), new.token());
    Some(quote! {
        #[doc = #docs]
        #[deprecated = #note]
        #area
        pub fn #old(&self, id: impl Into<String>) -> #result {
            #target.#new(id)
        }
    })
}

/// Returns the path of an item of a resource from the module of another.
fn path(now: &Resource, from: &Resource, item: &RustIdent) -> TokenStream {
    let (module, item) = (now.module.token(), item.token());
    if now.module == from.module {
        quote! { #item }
    } else {
        quote! { super::#module::#item }
    }
}

/// Writes the types that the module of a resource had for calls that have others now.
pub(super) fn aliases(file: &mut SourceFile, input: &Input<'_>, resource: &Resource) -> Result<(), Report> {
    for former in input.api.former.calls_of(resource) {
        let Some((now, call)) = input.api.call(former.operation) else { continue };
        let area = input.api.operations.get(former.operation).and_then(|one| one.area(&input.profile.areas)).map(gate);
        for (old, new) in former.renamed_types(call) {
            let target = path(now, resource, new);
            let link = target.to_string().replace(' ', "");
            let (docs, old) = (docs(new.as_str(), &link), old.token());
            file.items(quote! { #docs #area pub type #old = #target; })?;
        }
    }
    Ok(())
}
