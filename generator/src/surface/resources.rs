//! Resources: their accessors, request builders, and enums by status.

use crate::emit::Input;
use crate::emit::former::setters;
use crate::emit::plan::Plan;
use crate::emit::signatures::{argument_text, builder_traits, response_text, setter_text, tokens_text, type_text};
use crate::ir::{FormerCall, Resource, Response, Role, Status, Type};
use crate::names::RustIdent;

use super::{Item, ItemKind, Member, MemberKind};

/// Module of the blocking client.
const BLOCKING: &str = "blocking";

/// Returns the methods of the client that return resources.
pub(super) fn client_items(input: &Input<'_>) -> Vec<Item> {
    let mut client = Item::new(ItemKind::Extension, "", "Client");
    for resource in input.api.resources.iter().chain(&input.api.former.resources) {
        if let Some(name) = &resource.name {
            client.add(MemberKind::Method, name, format!("() -> {}::{}", resource.module, resource.accessor));
        }
    }
    let blocking = Item { module: BLOCKING.to_owned(), ..client.clone() };
    [client, blocking].into_iter().filter(|item| !item.members.is_empty()).collect()
}

/// Returns the accessor of a resource, and what belongs to its calls.
pub(super) fn resource_items(input: &Input<'_>, resource: &Resource) -> Vec<Item> {
    let module = format!("resources::{}", resource.module);
    let mut accessor = match resource.name {
        Some(_) => Item::new(ItemKind::Struct, &module, &resource.accessor),
        None => Item::new(ItemKind::Extension, "", &resource.accessor),
    };
    let plans: Vec<Plan<'_>> = resource.calls.iter().map(|call| Plan::new(input, resource, call)).collect();
    plans.iter().for_each(|plan| accessor.members.extend(methods(plan)));
    let former: Vec<(&FormerCall, Plan<'_>)> = former_plans(input, resource).collect();
    former.iter().for_each(|(names, plan)| accessor.members.extend(former_methods(names, plan)));
    // The blocking client has the methods of the client itself, too.
    let blocking = accessor.module.is_empty().then(|| Item { module: BLOCKING.to_owned(), ..accessor.clone() });
    let mut items = vec![accessor];
    items.extend(blocking);
    for plan in &plans {
        items.push(builder(plan, &module));
        items.extend(response_enum(plan, &module));
        items.extend(error_enum(plan, &module));
    }
    for (names, plan) in &former {
        let alias = |(old, now)| Item::new(ItemKind::Alias, &module, old).with_signature(format!(" = {now}"));
        items.extend(names.renamed_types(plan.call).map(alias));
    }
    items
}

/// Returns the calls that a resource had, with their former names.
fn former_plans<'a>(
    input: &'a Input<'a>,
    resource: &'a Resource,
) -> impl Iterator<Item = (&'a FormerCall, Plan<'a>)> + use<'a> {
    input.api.former.calls_of(resource).filter_map(|former| {
        let (now, call) = input.api.call(former.operation)?;
        Some((former, Plan::new(input, now, call)))
    })
}

/// The methods of a call under the names that it had.
fn former_methods(former: &FormerCall, plan: &Plan<'_>) -> Vec<Member> {
    let of = |member: Member| {
        let mut renamed = former.renamed_methods(plan.operation, plan.call);
        let (old, _) = renamed.find(|(_, now)| now.as_str() == member.name)?;
        Some(Member { name: old.to_string(), ..member })
    };
    methods(plan).into_iter().filter_map(of).collect()
}

/// The methods of an accessor that belong to a call.
fn methods(plan: &Plan<'_>) -> Vec<Member> {
    let method = |name: &RustIdent, arguments: Vec<String>, result: &str| Member {
        kind: MemberKind::Method,
        name: name.to_string(),
        signature: format!("({}) -> {result}", arguments.join(", ")),
    };
    let builder = plan.call.builder.as_str();
    let arguments = plan.call.arguments.iter().map(|argument| argument_text(plan, argument)).collect();
    let mut methods = vec![method(&plan.operation.name, arguments, builder)];
    if let (Some(name), Some(body)) = (&plan.call.with_body, &plan.operation.body) {
        let parameters =
            plan.call.arguments.iter().filter(|argument| matches!(argument.target, crate::ir::Target::Parameter(_)));
        let mut arguments: Vec<String> = parameters.map(|argument| argument_text(plan, argument)).collect();
        arguments.push(format!("body: {}", type_text(&plan.input.api.types, &body.ty)));
        methods.push(method(name, arguments, builder));
    }
    let attach = match &plan.operation.role {
        Some(Role::State(state)) => Some((&state.attach, format!("Poller<{builder}>"))),
        Some(Role::Batch(batch)) => Some((&batch.attach, format!("Poller<Batch<{builder}>>"))),
        Some(Role::Start(_)) | None => None,
    };
    methods.extend(attach.map(|(name, result)| method(name, vec!["id: impl Into<String>".to_owned()], &result)));
    methods
}

/// The builder of a call: its setters, and what the runtime provides for it alone.
fn builder(plan: &Plan<'_>, module: &str) -> Item {
    let mut item = Item::new(ItemKind::Builder, module, &plan.call.builder);
    item.signature = format!(" -> {}", response_text(plan));
    item.traits = builder_traits(plan);
    for setter in &plan.call.setters {
        item.add(MemberKind::Method, &setter.name, format!("({})", setter_text(plan, setter)));
    }
    for former in setters(plan) {
        item.add(MemberKind::Method, &former.name, format!("({})", setter_text(plan, former.setter)));
    }
    if let Some(pagination) = &plan.operation.pagination {
        let listed = type_text(&plan.input.api.types, &pagination.item);
        item.add(MemberKind::Provided, "pages", format!("() -> Pages<{}>", plan.call.builder));
        item.add(MemberKind::Provided, "items", format!("() -> Items<{listed}>"));
    }
    match plan.operation.role {
        Some(Role::State(_) | Role::Start(_)) => {
            item.add(MemberKind::Provided, "wait", "()");
            item.add(MemberKind::Provided, "poller", "()");
        }
        Some(Role::Batch(_)) | None => {}
    }
    if plan.operation.stream.is_some() {
        item.add(MemberKind::Provided, "send_stream", "()");
    }
    item
}

/// The enum over the responses of a call.
fn response_enum(plan: &Plan<'_>, module: &str) -> Option<Item> {
    let Response::ByStatus(responses) = &plan.operation.response else { return None };
    let mut item = Item::new(ItemKind::Union, module, plan.call.response.as_ref()?);
    for (status, response) in responses {
        let payload = match response {
            Response::Json(_) => format!("(Box<{}>)", tokens_text(&plan.output(response).1)),
            Response::Text => "(String)".to_owned(),
            Response::Empty => String::new(),
            Response::Bytes | Response::Events(_) | Response::Lines(_) | Response::ByStatus(_) => "(Bytes)".to_owned(),
        };
        item.add(MemberKind::Variant, status.variant(), payload);
    }
    if responses.iter().all(|(status, _)| *status != Status::Default) {
        item.add(MemberKind::Variant, "Other", "(RawResponse)");
    }
    Some(item)
}

/// The enum over the error bodies of a call.
fn error_enum(plan: &Plan<'_>, module: &str) -> Option<Item> {
    let mut item = Item::new(ItemKind::Union, module, plan.call.error_body.as_ref()?);
    for (status, ty) in plan.operation.errors.iter().filter_map(|(status, ty)| Some((status, ty.as_ref()?))) {
        let payload = type_text(&plan.input.api.types, ty);
        let payload = if matches!(ty, Type::Named(_)) { format!("(Box<{payload}>)") } else { format!("({payload})") };
        item.add(MemberKind::Variant, status.variant(), payload);
    }
    item.add(MemberKind::Method, "of", "(error: &Error) -> Option<Self>");
    Some(item)
}
