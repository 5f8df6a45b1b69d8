//! Compares definitions of types and describes them for diagnostics. Knows nothing about documents.

use crate::ir::{Kind, Presence, Property, Struct, Type, TypeId, Union, Width};

/// Returns whether two definitions can be one type, that is, have the same properties or variants. Enumerations always
/// can; the type then has the values of both.
pub(super) fn agree(one: &Kind, other: &Kind) -> bool {
    match (one, other) {
        (Kind::Struct(one), Kind::Struct(other)) => same_struct(one, other),
        (Kind::Enumeration(_), Kind::Enumeration(_)) => true,
        (Kind::Union(one), Kind::Union(other)) => same_union(one, other),
        (Kind::Alias(one) | Kind::Wrapper(one), Kind::Alias(other) | Kind::Wrapper(other)) => one == other,
        (Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_), _) => false,
    }
}

fn same_union(one: &Union, other: &Union) -> bool {
    let types = |union: &Union| -> Vec<Type> { union.variants.iter().map(|variant| variant.ty.clone()).collect() };
    one.decision == other.decision && types(one) == types(other)
}

fn same_struct(one: &Struct, other: &Struct) -> bool {
    let same = |one: &Property| {
        let other = other.fields.iter().find(|other| other.wire == one.wire);
        other.is_some_and(|other| one.presence == other.presence && one.ty == other.ty && one.secrecy == other.secrecy)
    };
    one.fields.len() == other.fields.len() && one.rest == other.rest && one.fields.iter().all(same)
}

/// Describes a definition in a few words; `name` returns the names of types.
pub(super) fn describe(kind: &Kind, name: &dyn Fn(TypeId) -> String) -> String {
    match kind {
        Kind::Struct(structure) => {
            let fields = structure.fields.iter().map(|field| {
                let mark = match field.presence {
                    Presence::Required => "",
                    Presence::Nullable => " or null",
                    Presence::Optional => "?",
                    Presence::OptionalNullable => "? or null",
                };
                format!("{}: {}{mark}", field.wire, spelled(&field.ty, name))
            });
            format!("{{{}}}", fields.collect::<Vec<String>>().join(", "))
        }
        Kind::Enumeration(enumeration) => {
            let values: Vec<&str> = enumeration.values.iter().map(|value| value.wire.as_str()).collect();
            values.join(" | ")
        }
        Kind::Union(union) => {
            let types: Vec<String> = union.variants.iter().map(|variant| spelled(&variant.ty, name)).collect();
            types.join(" | ")
        }
        Kind::Alias(ty) | Kind::Wrapper(ty) => spelled(ty, name),
    }
}

fn spelled(ty: &Type, name: &dyn Fn(TypeId) -> String) -> String {
    match ty {
        Type::String => "string".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Integer(Width::I32 | Width::I64 | Width::U32 | Width::U64 | Width::I128) => "integer".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Timestamp => "timestamp".to_owned(),
        Type::Binary => "bytes".to_owned(),
        Type::Any => "any".to_owned(),
        Type::Constant(value) => format!("{value:?}"),
        Type::List(item) => format!("[{}]", spelled(item, name)),
        Type::Tuple(items, _) => {
            let items: Vec<String> = items.iter().map(|item| spelled(item, name)).collect();
            format!("[{}]", items.join(", "))
        }
        Type::Map(value) => format!("{{any: {}}}", spelled(value, name)),
        Type::Nullable(value) => format!("{} or null", spelled(value, name)),
        Type::Named(id) => name(*id),
    }
}
