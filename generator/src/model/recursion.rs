//! Inserts boxes where a type would contain itself, and wrapper structs where an alias would.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Report};

use crate::ir::{Kind, Presence, Property, Storage, Type, TypeId, Types};

/// Boxes the recursive fields of types and turns recursive aliases into wrappers. An alias that stands for nothing but
/// itself, and a property that requires a value of its own object, become plain JSON and are reported.
pub(super) fn box_recursive_types(types: &mut Types) -> Report {
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
    wrap_aliases(types);
    report.extend(cut_endless_properties(types));
    box_variants(types);
    box_fields(types);
    report
}

/// Replaces a property by plain JSON if every value of its object would have to contain another one. No value is
/// complete then, and reading begins with an empty value of each required property.
fn cut_endless_properties(types: &mut Types) -> Report {
    let mut report = Report::default();
    let required_by = |id| match &types.get(id).kind {
        Kind::Wrapper(target) => required_in_place(types, target),
        Kind::Struct(structure) => {
            let required = |field: &Property| field.presence == Presence::Required;
            let fields = structure.fields.iter().filter(|field| required(field));
            fields.flat_map(|field| required_in_place(types, &field.ty)).collect()
        }
        Kind::Alias(_) | Kind::Enumeration(_) | Kind::Union(_) => Vec::new(),
    };
    let mut requires = Graph::new(types.ids().map(required_by).collect());
    for id in types.ids() {
        let Kind::Struct(structure) = &types.get(id).kind else { continue };
        let targets = structure.fields.iter().enumerate().filter(|(_, field)| field.presence == Presence::Required);
        let targets = targets.flat_map(|(index, field)| {
            required_in_place(types, &field.ty).into_iter().map(move |target| (index, target))
        });
        let endless: Vec<(usize, TypeId)> =
            targets.filter(|(_, target)| *target == id || requires.leads(*target, id)).collect();
        requires.cut(id, |target| endless.iter().any(|(_, endless)| *endless == target));
        let Some(def) = types.0.get_mut(id.0) else { continue };
        let Kind::Struct(structure) = &mut def.kind else { continue };
        for (index, _) in endless {
            let Some(field) = structure.fields.get_mut(index) else { continue };
            field.ty = Type::Any;
            let found = format!("`{}` requires a value that contains another `{}`", field.wire.0, def.identity);
            report.push(
                Diagnostic::new(Code::Untyped, def.origin.clone(), found)
                    .expected("an object that a finite value satisfies")
                    .help(
                        "make the property optional or nullable upstream, or with an overlay action; it is plain JSON",
                    ),
            );
        }
    }
    report
}

/// Boxes all objects in a union regardless of their size, so that an object can grow without changing the union.
fn box_variants(types: &mut Types) {
    for id in types.ids() {
        let Kind::Union(union) = &types.get(id).kind else { continue };
        let named = |ty: &Type| {
            let ty = types.resolve(ty);
            let is_object = ty.named().is_some_and(|id| !matches!(types.get(id).kind, Kind::Enumeration(_)));
            // An item can be the union itself.
            is_object || matches!(ty, Type::Tuple(..))
        };
        let boxed: Vec<bool> = union.variants.iter().map(|variant| named(&variant.ty)).collect();
        if let Some(Kind::Union(union)) = types.0.get_mut(id.0).map(|def| &mut def.kind) {
            for (variant, _) in union.variants.iter_mut().zip(boxed).filter(|(_, boxed)| *boxed) {
                variant.storage = Storage::Boxed;
            }
        }
    }
}

fn wrap_aliases(types: &mut Types) {
    let mentioned_by = |id| match &types.get(id).kind {
        Kind::Alias(target) => target.named_types(),
        Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) | Kind::Wrapper(_) => Vec::new(),
    };
    let mut mentions = Graph::new(types.ids().map(mentioned_by).collect());
    for id in types.ids() {
        if mentions.leads(id, id)
            && let Some(def) = types.0.get_mut(id.0)
            && let Kind::Alias(target) = &def.kind
        {
            def.kind = Kind::Wrapper(target.clone());
            mentions.cut(id, |_| true);
        }
    }
}

fn box_fields(types: &mut Types) {
    let held_by = |id| match &types.get(id).kind {
        Kind::Alias(target) | Kind::Wrapper(target) => in_place(types, target),
        Kind::Struct(structure) => structure.fields.iter().flat_map(|field| in_place(types, &field.ty)).collect(),
        // Variants are boxed already.
        Kind::Enumeration(_) | Kind::Union(_) => Vec::new(),
    };
    let mut holds = Graph::new(types.ids().map(held_by).collect());
    for id in types.ids() {
        let Kind::Struct(structure) = &types.get(id).kind else { continue };
        let targets: Vec<Vec<TypeId>> = structure.fields.iter().map(|field| in_place(types, &field.ty)).collect();
        let boxed: Vec<bool> = targets
            .iter()
            .map(|targets| targets.iter().any(|target| *target == id || holds.leads(*target, id)))
            .collect();
        if let Some(Kind::Struct(structure)) = types.0.get_mut(id.0).map(|def| &mut def.kind) {
            for (field, _) in structure.fields.iter_mut().zip(&boxed).filter(|(_, boxed)| **boxed) {
                field.storage = Storage::Boxed;
            }
        }
        let gone: BTreeSet<TypeId> =
            targets.iter().zip(&boxed).filter(|(_, boxed)| **boxed).flat_map(|(targets, _)| targets.clone()).collect();
        holds.cut(id, |target| gone.contains(&target));
    }
}

/// Returns whether an alias leads back to itself without a list, map, struct or union in between.
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

/// The types that each type contains.
struct Graph {
    edges: Vec<Vec<TypeId>>,
    /// The last search that reached each type.
    seen: Vec<usize>,
    searches: usize,
}

impl Graph {
    /// Builds the graph without types that never lead back, so that searches in deep nesting without cycles end
    /// immediately.
    fn new(mut edges: Vec<Vec<TypeId>>) -> Self {
        let mut owners: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
        for (owner, targets) in edges.iter().enumerate() {
            for target in targets {
                if let Some(owners) = owners.get_mut(target.0) {
                    owners.push(owner);
                }
            }
        }
        let mut left: Vec<usize> = edges.iter().map(Vec::len).collect();
        let mut ends: Vec<usize> = left.iter().enumerate().filter(|(_, left)| **left == 0).map(|(at, _)| at).collect();
        while let Some(end) = ends.pop() {
            for owner in owners.get(end).into_iter().flatten() {
                if let Some(left) = left.get_mut(*owner) {
                    *left -= 1;
                    if *left == 0 {
                        ends.push(*owner);
                    }
                }
            }
        }
        for targets in &mut edges {
            targets.retain(|target| left.get(target.0).is_some_and(|left| *left > 0));
        }
        Self { seen: vec![0; edges.len()], searches: 0, edges }
    }

    /// Returns whether a path leads from one type to another, or back to the start.
    fn leads(&mut self, from: TypeId, goal: TypeId) -> bool {
        self.searches += 1;
        let mut open = vec![from];
        while let Some(id) = open.pop() {
            for next in self.edges.get(id.0).into_iter().flatten() {
                if *next == goal {
                    return true;
                }
                if let Some(seen) = self.seen.get_mut(next.0).filter(|seen| **seen != self.searches) {
                    *seen = self.searches;
                    open.push(*next);
                }
            }
        }
        false
    }

    /// Removes edges from a type to the types it contains.
    fn cut(&mut self, from: TypeId, is_cut: impl Fn(TypeId) -> bool) {
        if let Some(targets) = self.edges.get_mut(from.0) {
            targets.retain(|target| !is_cut(*target));
        }
    }
}

/// Returns the structs and wrappers that each value of a type contains.
fn required_in_place(types: &Types, ty: &Type) -> Vec<TypeId> {
    let ty = types.resolve(ty);
    if matches!(ty, Type::Nullable(_)) { Vec::new() } else { in_place(types, ty) }
}

fn in_place(types: &Types, ty: &Type) -> Vec<TypeId> {
    match ty {
        Type::Named(id) => match &types.get(*id).kind {
            Kind::Alias(target) => in_place(types, target),
            Kind::Struct(_) | Kind::Wrapper(_) => vec![*id],
            Kind::Enumeration(_) | Kind::Union(_) => Vec::new(),
        },
        Type::Tuple(items, _) => items.iter().flat_map(|item| in_place(types, item)).collect(),
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
        | Type::Constant(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn only_a_property_that_no_finite_value_has_becomes_json() {
        let object = |required: Value, properties: Value| json!({"type": "object", "required": required, "properties": properties});
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let nullable = |name: &str| json!({"anyOf": [reference(name), {"type": "null"}]});
        let document = json!({
            "openapi": "3.1.0",
            "info": {},
            "components": {"schemas": {
                "Itself": object(json!(["next"]), json!({"next": reference("Itself")})),
                "First": object(json!(["second"]), json!({"second": reference("Second")})),
                "Second": object(json!(["first"]), json!({"first": reference("First")})),
                "Nullable": object(json!(["next"]), json!({"next": nullable("Nullable")})),
                "Optional": object(json!([]), json!({"next": reference("Optional")})),
                "Listed": object(json!(["next"]), json!({"next": {"type": "array", "items": reference("Listed")}})),
                "Inside": object(json!(["itself"]), json!({"itself": reference("Itself")})),
            }}
        });
        let modelled = build(&normalize_document(document), &Profile::default(), &Lock::default());
        let types = &modelled.api.types;
        let cut: Vec<&str> = types
            .ids()
            .map(|id| types.get(id))
            .filter(|def| matches!(&def.kind, Kind::Struct(structure) if structure.fields.iter().any(|field| field.ty == Type::Any)))
            .map(|def| def.name.as_str())
            .collect();
        assert_eq!(cut, ["First", "Itself"]);
    }
}
