//! Whether names of an API have letters that the compiler warns of: of more than one script, easy to confuse, or without upper
//! and lower case.

use crate::model::{Api, Kind, TypeDef};

/// Whether any name in Rust has other letters than those of ASCII.
pub(super) fn foreign_letters(api: &Api) -> bool {
    let foreign = |name: &str| !name.is_ascii();
    let calls = api.operations.iter().any(|operation| {
        foreign(operation.flat_name().as_str()) || operation.parameters.iter().any(|item| foreign(item.name.as_str()))
    });
    let events = api.webhooks.iter().any(|webhook| foreign(&webhook.event));
    calls || events || api.types.0.iter().any(|def| foreign(def.name.as_str()) || within(def))
}

fn within(def: &TypeDef) -> bool {
    let foreign = |name: &crate::names::RustIdent| !name.as_str().is_ascii();
    match &def.kind {
        Kind::Struct(structure) => structure.fields.iter().any(|field| foreign(&field.name)),
        Kind::Enumeration(enumeration) => enumeration.values.iter().any(|value| foreign(&value.name)),
        Kind::Union(union) => union.variants.iter().any(|variant| foreign(&variant.name)),
        Kind::Alias(_) | Kind::Wrapper(_) => false,
    }
}
