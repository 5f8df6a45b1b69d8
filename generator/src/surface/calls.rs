//! One line per operation: what it takes, what it returns, and how it is paged and polled.

use crate::emit::signatures::type_text;
use crate::ir::{Api, Operation, Presence, Response, Role, Types};

/// Returns the lines, in the order of the document.
pub(super) fn summaries(api: &Api) -> Vec<String> {
    let mut lines = Vec::new();
    for operation in &api.operations {
        let group = operation.group.as_ref().map_or(String::new(), |group| format!("{group}()."));
        let parameters: Vec<String> = operation
            .parameters
            .iter()
            .map(|parameter| {
                let mark = if parameter.presence == Presence::Required { "" } else { "?" };
                format!("{}{mark}: {}", parameter.name, type_text(&api.types, &parameter.ty))
            })
            .chain(operation.body.iter().map(|body| format!("body: {}", type_text(&api.types, &body.ty))))
            .collect();
        let response = response(&api.types, &operation.response);
        let (errors, extras) = (errors(&api.types, operation), extras(api, operation));
        lines.push(format!("{group}{}({}) -> {response}{errors}{extras}", operation.name, parameters.join(", ")));
        if let Some((method, state)) = attached(api, operation) {
            lines.push(format!("{group}{method}(id: String) -> poller of {state}"));
        }
    }
    lines
}

/// What a builder does besides sending one request.
fn extras(api: &Api, operation: &Operation) -> String {
    let pages = operation
        .pagination
        .as_ref()
        .map(|pages| format!("; pages(), items() of {}", type_text(&api.types, &pages.item)));
    let state = match &operation.role {
        Some(Role::State(_)) => Some(run_state(api, operation)),
        Some(Role::Start(start)) => api.operations.get(start.polled_by).map(|polled| run_state(api, polled)),
        Some(Role::Batch(_)) | None => None,
    };
    let waits = state.map(|state| format!("; wait(), poller() of {state}"));
    pages.into_iter().chain(waits).collect()
}

/// The method that waits for a run by its ID, and what it gives.
fn attached(api: &Api, operation: &Operation) -> Option<(String, String)> {
    Some((operation.attach()?.to_string(), run_state(api, operation)))
}

/// What is known of a run in the end.
fn run_state(api: &Api, polled: &Operation) -> String {
    match (&polled.role, &polled.pagination) {
        (Some(Role::Batch(_)), Some(pages)) => format!("Vec<{}>", type_text(&api.types, &pages.item)),
        (Some(Role::State(_) | Role::Start(_) | Role::Batch(_)) | None, _) => response(&api.types, &polled.response),
    }
}

/// The bodies of errors, where they have a type of their own.
fn errors(types: &Types, operation: &Operation) -> String {
    if operation.error_bodies(types).len() < 2 {
        return String::new();
    }
    let typed = operation.errors.iter().filter_map(|(status, ty)| Some((status, ty.as_ref()?)));
    let errors: Vec<String> = typed.map(|(status, ty)| format!("{status}: {}", type_text(types, ty))).collect();
    format!(" or [{}]", errors.join(", "))
}

fn response(types: &Types, one: &Response) -> String {
    match one {
        Response::Json(ty) => type_text(types, ty),
        Response::Text => "String".to_owned(),
        Response::Bytes => "bytes".to_owned(),
        Response::Empty => "()".to_owned(),
        Response::Events(ty) => format!("events of {}", type_text(types, ty)),
        Response::Lines(ty) => format!("lines of {}", type_text(types, ty)),
        Response::ByStatus(several) => {
            let several: Vec<String> =
                several.iter().map(|(status, one)| format!("{status}: {}", response(types, one))).collect();
            format!("[{}]", several.join(", "))
        }
    }
}
