//! Types of the API, by family.

use std::collections::BTreeMap;

use crate::emit::signatures::{StructSignatures, conversion_texts, payload_text, type_text};
use crate::ir::{Api, Enumeration, Kind, Struct, TypeDef, TypeId, Union};

use super::{Item, ItemKind, MemberKind};

const MODULE: &str = "types";

/// Returns the items of each family of types.
pub(super) fn families(api: &Api) -> BTreeMap<String, Vec<Item>> {
    let signatures = StructSignatures::new(api);
    let families = crate::emit::families(api, api.types.by_name()).into_iter();
    let of_type = |id: TypeId| {
        let former = api.former.types.iter().filter(move |former| former.now == id);
        let alias = format!(" = {}", api.types.get(id).name);
        let aliases = former.map(move |former| Item::new(ItemKind::Alias, MODULE, &former.name).with_signature(&alias));
        std::iter::once(type_item(api, &signatures, id)).chain(aliases)
    };
    families.map(|(family, ids)| (family, ids.into_iter().flat_map(of_type).collect())).collect()
}

fn type_item(api: &Api, signatures: &StructSignatures<'_>, id: TypeId) -> Item {
    let def = api.types.get(id);
    let mut item = item_without_conversions(api, signatures, id);
    item.features.clone_from(&def.features);
    for source in conversion_texts(&api.types, def) {
        item.add(MemberKind::Conversion, source, "");
    }
    item
}

fn item_without_conversions(api: &Api, signatures: &StructSignatures<'_>, id: TypeId) -> Item {
    let def = api.types.get(id);
    match &def.kind {
        Kind::Struct(structure) => struct_item(api, signatures, id, structure),
        Kind::Enumeration(enumeration) => enumeration_item(api, id, enumeration),
        Kind::Union(union) => union_item(api, def, union),
        Kind::Alias(ty) => {
            Item::new(ItemKind::Alias, MODULE, &def.name).with_signature(format!(" = {}", type_text(&api.types, ty)))
        }
        Kind::Wrapper(ty) => {
            let mut item = Item::new(ItemKind::Struct, MODULE, &def.name);
            item.add(MemberKind::Field, "0", format!(": {}", type_text(&api.types, ty)));
            item
        }
    }
}

fn struct_item(api: &Api, signatures: &StructSignatures<'_>, id: TypeId, structure: &Struct) -> Item {
    let def = api.types.get(id);
    let mut item = Item::new(ItemKind::Struct, MODULE, &def.name);
    item.traits = signatures.traits(id, structure);
    for field in &structure.fields {
        item.add(MemberKind::Field, &field.name, format!(": {}", signatures.field(id, field)));
    }
    if let Some((name, ty)) = signatures.rest(id, structure) {
        item.add(MemberKind::Field, name, format!(": {ty}"));
    }
    if !def.usage.request {
        return item;
    }
    let arguments = structure.arguments.iter().filter_map(|index| structure.fields.get(*index));
    let arguments: Vec<String> = arguments.map(|field| signatures.argument(id, field)).collect();
    item.add(MemberKind::Method, "new", format!("({}) -> Self", arguments.join(", ")));
    for setter in &structure.setters {
        let Some(field) = structure.fields.get(setter.field) else { continue };
        item.add(MemberKind::Method, &setter.name, format!("({})", signatures.setter(id, field)));
        setter.null.iter().for_each(|null| item.add(MemberKind::Method, null, "()"));
        for former in api.former.members_of(id).filter(|former| former.index == setter.field) {
            let old = former.name.with_prefix("with_");
            item.add(MemberKind::Method, &old, format!("({})", signatures.setter(id, field)));
            if setter.null.is_some() {
                item.add(MemberKind::Method, format!("{old}_null"), "()");
            }
        }
    }
    item
}

fn enumeration_item(api: &Api, id: TypeId, enumeration: &Enumeration) -> Item {
    let def = api.types.get(id);
    let mut item = Item::new(ItemKind::Enumeration, MODULE, &def.name);
    for value in &enumeration.values {
        item.add(MemberKind::Variant, &value.name, "");
    }
    // A constant stands for the variant, in patterns too.
    for former in api.former.members_of(id) {
        item.add(MemberKind::Variant, &former.name, "");
    }
    item
}

fn union_item(api: &Api, def: &TypeDef, union: &Union) -> Item {
    let mut item = Item::new(ItemKind::Union, MODULE, &def.name);
    for variant in &union.variants {
        item.add(MemberKind::Variant, &variant.name, format!("({})", payload_text(api, variant)));
    }
    item.add(MemberKind::Variant, "Unknown", "(Value)");
    for accessor in &union.accessors {
        item.add(MemberKind::Method, &accessor.name, format!("() of {}", type_text(&api.types, &accessor.ty)));
    }
    item
}
