//! Which types requests and responses contain: only types that are sent need constructors and setters.

use std::collections::BTreeSet;

use crate::ir::{Api, Direction, Kind, Operation, Response, Rest, Type, TypeId, Types, Webhook};

/// The types that requests and responses contain.
pub(super) struct Used {
    pub requested: BTreeSet<TypeId>,
    pub returned: BTreeSet<TypeId>,
    /// Those of requests, but not the types of what only responses contain.
    pub sent: BTreeSet<TypeId>,
    /// Those of responses, but not the types of what only requests contain.
    pub received: BTreeSet<TypeId>,
}

/// Marks every type that a request or a response can contain.
pub(super) fn mark_usage(api: &mut Api) {
    let used = find_usage(&api.operations, &api.webhooks, &api.types);
    used.requested.into_iter().for_each(|id| api.types.0[id.0].usage.request = true);
    used.returned.into_iter().for_each(|id| api.types.0[id.0].usage.response = true);
}

/// Returns the types that requests and responses can contain.
pub(super) fn find_usage(operations: &[Operation], webhooks: &[Webhook], types: &Types) -> Used {
    let mut requests: Vec<TypeId> = Vec::new();
    let mut responses: Vec<TypeId> = Vec::new();
    for operation in operations {
        collect_sent_types(operation, &mut requests);
        collect_received_types(operation, &mut responses);
    }
    webhooks.iter().for_each(|webhook| collect_types(&webhook.ty, &mut responses));
    let all = |open: &[TypeId], but: Option<Direction>| closure(types, open.to_vec(), but).into_iter().collect();
    Used {
        requested: all(&requests, None),
        returned: all(&responses, None),
        sent: all(&requests, Some(Direction::Response)),
        received: all(&responses, Some(Direction::Request)),
    }
}

/// Adds the types of the parameters and the body of an operation.
pub(super) fn collect_sent_types(operation: &Operation, into: &mut Vec<TypeId>) {
    operation.parameters.iter().for_each(|parameter| collect_types(&parameter.ty, into));
    if let Some(body) = &operation.body {
        collect_types(&body.ty, into);
    }
}

/// Adds the types of the responses and errors of an operation.
pub(super) fn collect_received_types(operation: &Operation, into: &mut Vec<TypeId>) {
    operation.errors.iter().filter_map(|(_, ty)| ty.as_ref()).for_each(|ty| collect_types(ty, into));
    collect_response_types(&operation.response, into);
    operation.stream.iter().for_each(|stream| collect_response_types(stream, into));
}

/// Adds the types in a response.
pub(super) fn collect_response_types(success: &Response, into: &mut Vec<TypeId>) {
    match success {
        Response::Json(ty) | Response::Events(ty) | Response::Lines(ty) => collect_types(ty, into),
        Response::ByStatus(responses) => {
            responses.iter().for_each(|(_, success)| collect_response_types(success, into))
        }
        Response::Text | Response::Bytes | Response::Empty => {}
    }
}

/// Returns the types that some types contain, except in properties of one direction.
fn closure(types: &Types, mut open: Vec<TypeId>, but: Option<Direction>) -> Vec<TypeId> {
    let mut seen = vec![false; types.0.len()];
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut seen[id.0], true) {
            continue;
        }
        found.push(id);
        collect_types_except(&types.get(id).kind, but, &mut open);
    }
    found
}

/// Adds the types that a type of this kind contains directly.
pub(super) fn collect_contained_types(kind: &Kind, into: &mut Vec<TypeId>) {
    collect_types_except(kind, None, into);
}

fn collect_types_except(kind: &Kind, but: Option<Direction>, into: &mut Vec<TypeId>) {
    match kind {
        Kind::Struct(structure) => {
            let fields = structure.fields.iter().filter(|field| Some(field.direction) != but);
            fields.for_each(|field| collect_types(&field.ty, into));
            match &structure.rest {
                Rest::Typed(_, ty) => collect_types(ty, into),
                Rest::Ignored | Rest::Kept(_) => {}
            }
        }
        Kind::Union(union) => union.variants.iter().for_each(|variant| collect_types(&variant.ty, into)),
        Kind::Alias(ty) | Kind::Wrapper(ty) => collect_types(ty, into),
        Kind::Enumeration(_) => {}
    }
}

/// Adds the named types in a type.
pub(super) fn collect_types(ty: &Type, into: &mut Vec<TypeId>) {
    into.extend(ty.named_types());
}
