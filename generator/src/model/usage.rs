//! Which types requests contain and which responses: only what is sent needs constructors and setters.

use super::{Api, Kind, Rest, Success, Type, TypeId, Types};

/// Marks every type that a request or a response can contain.
pub(super) fn usage(api: &mut Api) {
    let mut requests: Vec<TypeId> = Vec::new();
    let mut responses: Vec<TypeId> = Vec::new();
    for operation in &api.operations {
        operation.parameters.iter().for_each(|parameter| mentioned(&parameter.ty, &mut requests));
        if let Some(body) = &operation.body {
            mentioned(&body.ty, &mut requests);
        }
        operation.errors.iter().filter_map(|(_, ty)| ty.as_ref()).for_each(|ty| mentioned(ty, &mut responses));
        answered(&operation.success, &mut responses);
        operation.stream.iter().for_each(|stream| answered(stream, &mut responses));
    }
    api.webhooks.iter().for_each(|webhook| mentioned(&webhook.ty, &mut responses));
    for id in closure(&api.types, requests) {
        api.types.0[id.0].usage.request = true;
    }
    for id in closure(&api.types, responses) {
        api.types.0[id.0].usage.response = true;
    }
}

/// Adds the types of an answer.
pub(super) fn answered(success: &Success, into: &mut Vec<TypeId>) {
    match success {
        Success::Json(ty) | Success::Events(ty) | Success::Lines(ty) => mentioned(ty, into),
        Success::ByStatus(answers) => answers.iter().for_each(|(_, success)| answered(success, into)),
        Success::Text | Success::Bytes | Success::Empty => {}
    }
}

fn closure(types: &Types, mut open: Vec<TypeId>) -> Vec<TypeId> {
    let mut seen = vec![false; types.0.len()];
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut seen[id.0], true) {
            continue;
        }
        found.push(id);
        within(&types.get(id).kind, &mut open);
    }
    found
}

/// Types that a type of this form contains directly.
pub(super) fn within(kind: &Kind, into: &mut Vec<TypeId>) {
    match kind {
        Kind::Struct(structure) => {
            structure.fields.iter().for_each(|field| mentioned(&field.ty, into));
            match &structure.rest {
                Rest::Typed(_, ty) => mentioned(ty, into),
                Rest::Ignored | Rest::Kept(_) => {}
            }
        }
        Kind::Union(union) => union.variants.iter().for_each(|variant| mentioned(&variant.ty, into)),
        Kind::Alias(ty) | Kind::Wrapper(ty) => mentioned(ty, into),
        Kind::Enumeration(_) => {}
    }
}

/// Adds the named types in a type.
pub(super) fn mentioned(ty: &Type, into: &mut Vec<TypeId>) {
    match ty {
        Type::Named(id) => into.push(*id),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => mentioned(inner, into),
        Type::String
        | Type::Boolean
        | Type::Integer(_)
        | Type::Number
        | Type::Timestamp
        | Type::Binary
        | Type::Any
        | Type::Constant(_) => {}
    }
}
