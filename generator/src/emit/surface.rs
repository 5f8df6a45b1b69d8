//! The public Rust surface of the client as text: what a user can name, one line each. Made for snapshots, not for rustc.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::ir::{Api, Kind, Operation, Presence, Response, Rest, Role, Type, Types};

use super::rust_type::{Scope, field_type, rust_type, tight};
use super::types::families;

/// The surface in sections small enough to review: `calls`, `events` and one per family of types.
pub fn surface(api: &Api) -> BTreeMap<String, String> {
    let mut sections = BTreeMap::new();
    sections.insert("calls".to_owned(), calls(api));
    let events = api.webhooks.iter().map(|webhook| format!("{}: {}\n", webhook.event, shown(&api.types, &webhook.ty)));
    sections.insert("events".to_owned(), events.collect());
    for (family, ids) in families(api) {
        let mut text = String::new();
        for id in ids {
            definition(&mut text, api, &api.types.get(id).kind, api.types.get(id).name.as_str());
        }
        sections.insert(format!("types {family}"), text);
    }
    sections
}

fn calls(api: &Api) -> String {
    let mut text = String::new();
    for operation in &api.operations {
        let group = operation.group.as_ref().map_or(String::new(), |group| format!("{group}()."));
        let parameters: Vec<String> = operation
            .parameters
            .iter()
            .map(|parameter| {
                let mark = if parameter.presence == Presence::Required { "" } else { "?" };
                format!("{}{mark}: {}", parameter.name, shown(&api.types, &parameter.ty))
            })
            .chain(operation.body.iter().map(|body| format!("body: {}", shown(&api.types, &body.ty))))
            .collect();
        let answer = answer(&api.types, &operation.response);
        let walks = walks(api, operation);
        let errors = errors(&api.types, operation);
        let _ = writeln!(text, "{group}{}({}) -> {answer}{errors}{walks}", operation.name, parameters.join(", "));
        if let Some((method, told)) = attached(api, operation) {
            let _ = writeln!(text, "{group}{method}(id: String) -> poller of {told}");
        }
    }
    text
}

/// What a builder does besides sending one request.
fn walks(api: &Api, operation: &Operation) -> String {
    let pages =
        operation.pagination.as_ref().map(|pages| format!("; pages(), items() of {}", shown(&api.types, &pages.item)));
    let told = match &operation.role {
        Some(Role::State(_)) => Some(state(api, operation)),
        Some(Role::Start(start)) => api.operations.get(start.polled_by).map(|teller| state(api, teller)),
        Some(Role::Batch(_)) | None => None,
    };
    let waits = told.map(|told| format!("; wait(), poller() of {told}"));
    pages.into_iter().chain(waits).collect()
}

/// The method that waits for a run by its ID, and what it gives.
fn attached(api: &Api, operation: &Operation) -> Option<(String, String)> {
    let method = match operation.role.as_ref()? {
        Role::State(told) => &told.attach,
        Role::Batch(members) => &members.attach,
        Role::Start(_) => return None,
    };
    Some((method.to_string(), state(api, operation)))
}

/// What is known of a run in the end.
fn state(api: &Api, teller: &Operation) -> String {
    match (&teller.role, &teller.pagination) {
        (Some(Role::Batch(_)), Some(pages)) => format!("Vec<{}>", shown(&api.types, &pages.item)),
        (Some(Role::State(_) | Role::Start(_) | Role::Batch(_)) | None, _) => answer(&api.types, &teller.response),
    }
}

/// The bodies of errors, where they have a type of their own.
fn errors(types: &Types, operation: &Operation) -> String {
    if operation.error_bodies(types).len() < 2 {
        return String::new();
    }
    let typed = operation.errors.iter().filter_map(|(status, ty)| Some((status, ty.as_ref()?)));
    let errors: Vec<String> = typed.map(|(status, ty)| format!("{status}: {}", shown(types, ty))).collect();
    format!(" or [{}]", errors.join(", "))
}

fn answer(types: &Types, success: &Response) -> String {
    match success {
        Response::Json(ty) => shown(types, ty),
        Response::Text => "String".to_owned(),
        Response::Bytes => "bytes".to_owned(),
        Response::Empty => "()".to_owned(),
        Response::Events(ty) => format!("events of {}", shown(types, ty)),
        Response::Lines(ty) => format!("lines of {}", shown(types, ty)),
        Response::ByStatus(answers) => {
            let answers: Vec<String> =
                answers.iter().map(|(status, success)| format!("{status}: {}", answer(types, success))).collect();
            format!("[{}]", answers.join(", "))
        }
    }
}

fn definition(text: &mut String, api: &Api, kind: &Kind, name: &str) {
    let types = &api.types;
    let _ = match kind {
        Kind::Alias(ty) => writeln!(text, "type {name} = {}", shown(types, ty)),
        Kind::Wrapper(ty) => writeln!(text, "struct {name}({})", shown(types, ty)),
        Kind::Struct(structure) => {
            let _ = writeln!(text, "struct {name}");
            for field in &structure.fields {
                let ty = field_type(field, rust_type(types, &field.ty, Scope::Types));
                let _ = writeln!(text, "    {}: {}", field.name, tight(&ty));
            }
            match &structure.rest {
                Rest::Typed(name, ty) => writeln!(text, "    ..{name}: {}", shown(types, ty)),
                Rest::Ignored | Rest::Kept(_) => Ok(()),
            }
        }
        Kind::Enumeration(values) => {
            let values: Vec<&str> = values.values.iter().map(|value| value.name.as_str()).collect();
            writeln!(text, "enum {name} {{ {} }}", values.join(", "))
        }
        Kind::Union(union) => {
            let _ = writeln!(text, "union {name}");
            union
                .variants
                .iter()
                .try_for_each(|variant| writeln!(text, "    {}({})", variant.name, shown(types, &variant.ty)))
        }
    };
}

fn shown(types: &Types, ty: &Type) -> String {
    tight(&rust_type(types, ty, Scope::Types))
}
