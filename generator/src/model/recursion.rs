//! Boxes where a type would contain itself, and structs where an alias would.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Report};

use super::{Kind, Storage, Type, TypeId, Types};

/// Puts fields of self-containing types into boxes and turns self-containing aliases into wrappers. An alias that stands
/// for nothing but itself is plain JSON, and reported.
pub(super) fn recursion(types: &mut Types) -> Report {
    let mut report = Report::default();
    for id in types.ids() {
        if stands_for_itself(types, id)
            && let Some(def) = types.0.get_mut(id.0)
        {
            def.kind = Kind::Alias(Type::Any);
            let found = format!("`{}` stands for nothing but itself; it becomes plain JSON", def.identity);
            report.push(
                Diagnostic::new(Code::Untyped, def.origin.clone(), found)
                    .expected("a reference that ends at a definition")
                    .help("break the cycle upstream, or with an overlay action"),
            );
        }
    }
    for id in types.ids() {
        if matches!(types.get(id).kind, Kind::Alias(_))
            && reaches(types, id, id, Through::Aliases)
            && let Some(def) = types.0.get_mut(id.0)
            && let Kind::Alias(target) = &def.kind
        {
            def.kind = Kind::Wrapper(target.clone());
        }
    }
    box_variants(types);
    box_fields(types);
    report
}

/// Objects in a union stand in boxes whatever their size, so that an object may grow without changing the union.
fn box_variants(types: &mut Types) {
    for id in types.ids() {
        let Kind::Union(union) = &types.get(id).kind else { continue };
        let named = |ty: &Type| match types.resolve(ty) {
            Type::Named(id) => !matches!(types.get(*id).kind, Kind::Enumeration(_)),
            _ => false,
        };
        let boxed: Vec<bool> = union.variants.iter().map(|variant| named(&variant.ty)).collect();
        if let Some(Kind::Union(union)) = types.0.get_mut(id.0).map(|def| &mut def.kind) {
            for (variant, _) in union.variants.iter_mut().zip(boxed).filter(|(_, boxed)| *boxed) {
                variant.storage = Storage::Boxed;
            }
        }
    }
}

fn box_fields(types: &mut Types) {
    for id in types.ids() {
        let Kind::Struct(structure) = &types.get(id).kind else { continue };
        let targets: Vec<Option<TypeId>> = structure.fields.iter().map(|field| in_place(types, &field.ty)).collect();
        let boxed: Vec<bool> = targets
            .iter()
            .map(|target| target.is_some_and(|target| target == id || reaches(types, target, id, Through::Storage)))
            .collect();
        if let Some(Kind::Struct(structure)) = types.0.get_mut(id.0).map(|def| &mut def.kind) {
            for (field, boxed) in structure.fields.iter_mut().zip(boxed) {
                if boxed {
                    field.storage = Storage::Boxed;
                }
            }
        }
    }
}

/// Whether an alias leads back to itself with no list, map, struct or union in between.
fn stands_for_itself(types: &Types, id: TypeId) -> bool {
    let mut seen = BTreeSet::new();
    let mut at = id;
    while seen.insert(at) {
        let Kind::Alias(target) = &types.get(at).kind else { return false };
        let mut target = target;
        while let Type::Nullable(inner) = target {
            target = inner;
        }
        let Type::Named(next) = target else { return false };
        if *next == id {
            return true;
        }
        at = *next;
    }
    false
}

/// What counts as containing.
#[derive(Clone, Copy)]
enum Through {
    /// An alias mentions another anywhere in its type.
    Aliases,
    /// A value holds another without a list, map or box in between.
    Storage,
}

fn reaches(types: &Types, from: TypeId, goal: TypeId, through: Through) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        for next in neighbours(types, id, through) {
            if next == goal {
                return true;
            }
            open.push(next);
        }
    }
    false
}

fn neighbours(types: &Types, id: TypeId, through: Through) -> Vec<TypeId> {
    match (&types.get(id).kind, through) {
        (Kind::Alias(target), Through::Aliases) => mentioned(target).into_iter().collect(),
        (Kind::Alias(target) | Kind::Wrapper(target), Through::Storage) => {
            in_place(types, target).into_iter().collect()
        }
        // Variants stand in boxes already.
        (Kind::Struct(structure), Through::Storage) => structure
            .fields
            .iter()
            .filter(|field| field.storage == Storage::Inline)
            .filter_map(|field| in_place(types, &field.ty))
            .collect(),
        (Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) | Kind::Wrapper(_), _) => Vec::new(),
    }
}

fn mentioned(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Named(id) => Some(*id),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => mentioned(inner),
        Type::String
        | Type::Boolean
        | Type::Integer(_)
        | Type::Number
        | Type::Timestamp
        | Type::Binary
        | Type::Any
        | Type::Constant(_) => None,
    }
}

fn in_place(types: &Types, ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Named(id) => match &types.get(*id).kind {
            Kind::Alias(target) => in_place(types, target),
            Kind::Struct(_) | Kind::Wrapper(_) => Some(*id),
            Kind::Enumeration(_) | Kind::Union(_) => None,
        },
        Type::Nullable(inner) => in_place(types, inner),
        Type::List(_)
        | Type::Map(_)
        | Type::String
        | Type::Boolean
        | Type::Integer(_)
        | Type::Number
        | Type::Timestamp
        | Type::Binary
        | Type::Any
        | Type::Constant(_) => None,
    }
}
