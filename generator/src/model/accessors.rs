//! Accessors of unions: properties that every variant has. Knows nothing about how they are emitted.

use crate::ir::{Accessor, Kind, Property, Secrecy, Struct, Type, Types, Union};
use crate::names::RustIdent;

/// Method names that every type already has.
const TAKEN: [&str; 8] = ["borrow", "clone", "clone_into", "eq", "fmt", "from", "into", "to_owned"];

/// Decides the accessors of every union.
pub(super) fn add_accessors(types: &mut Types) {
    for id in types.ids() {
        let Kind::Union(union) = &types.get(id).kind else { continue };
        let accessors = shared_properties(types, union);
        if let Kind::Union(union) = &mut types.0[id.0].kind {
            union.accessors = accessors;
        }
    }
}

fn shared_properties(types: &Types, union: &Union) -> Vec<Accessor> {
    let structures: Option<Vec<&Struct>> = union.variants.iter().map(|variant| types.structure(&variant.ty)).collect();
    let Some([first, others @ ..]) = structures.as_deref() else { return Vec::new() };
    if others.is_empty() {
        return Vec::new();
    }
    let shared = first.fields.iter().filter(|field| {
        let same = |other: &Struct| other.fields.iter().any(|other| matches(types, field, other));
        field.secrecy == Secrecy::Public
            && !TAKEN.contains(&field.name.as_str())
            && others.iter().all(|other| same(other))
    });
    shared.map(|field| accessor(types, field)).collect()
}

/// Returns whether one accessor can read both properties. Optional and required properties are read alike.
fn matches(types: &Types, one: &Property, other: &Property) -> bool {
    one.wire == other.wire
        && one.name == other.name
        && other.secrecy == Secrecy::Public
        && read_as(types, one) == read_as(types, other)
}

/// Returns the type that an accessor returns a reference to; constants are read as strings.
fn read_as(types: &Types, field: &Property) -> Type {
    let ty = types.compiled(&field.ty);
    if let Type::Constant(_) = ty { Type::String } else { ty }
}

fn accessor(types: &Types, field: &Property) -> Accessor {
    let ty = if read_as(types, field) == Type::String { Type::String } else { field.ty.clone() };
    Accessor {
        name: RustIdent::snake(field.name.as_str()),
        wire: field.wire.clone(),
        docs: field.docs.clone(),
        lifecycle: field.lifecycle,
        ty,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::ir::Kind;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn union_has_the_properties_that_all_its_variants_have() {
        let object = |kind: &str, own: &str| {
            let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
            let size = if own == "a" { text.clone() } else { number.clone() };
            let properties = json!({"kind": {"enum": [kind]}, "id": text, own: number, "size": size, "clone": text});
            json!({"type": "object", "required": ["kind"], "properties": properties})
        };
        let document = json!({"openapi": "3.0.3", "components": {"schemas": {
            "Both": {"oneOf": [object("one", "a"), object("two", "b")]},
            "Mixed": {"oneOf": [object("one", "a"), {"type": "string"}]},
        }}});
        let types = build(&normalize_document(document), &Profile::default(), &Lock::default()).api.types;
        let names = |name: &str| {
            let def = types.0.iter().find(|def| def.name.as_str() == name);
            let accessors = match def.map(|def| &def.kind) {
                Some(Kind::Union(union)) => union.accessors.as_slice(),
                _ => &[],
            };
            accessors.iter().map(|accessor| accessor.name.to_string()).collect::<Vec<String>>()
        };
        assert_eq!(names("Both"), ["kind", "id"]);
        assert!(names("Mixed").is_empty());
    }
}
