//! Types that are used both as multipart forms and elsewhere: each is split into two types, because a file is a file in
//! a form but a string in JSON.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Api, BodyForm, Kind, Operation, Type, TypeDef, TypeId};
use crate::names::{Lock, RustIdent, Scope};

use super::RESERVED;
use super::usage::{collect_contained_types, collect_response_types, collect_types};

/// Creates a separate type for each form body whose type is also used elsewhere. New names are added to `published`.
pub(super) fn split_form_types(api: &mut Api, lock: &Lock, published: &mut BTreeMap<String, String>) {
    let elsewhere = elsewhere(api);
    let names = api.types.0.iter().map(|def| def.name.as_str());
    let taken: Vec<&str> =
        names.chain(lock.types.values().map(String::as_str)).chain(RESERVED.iter().copied()).collect();
    let mut scope = Scope::reserving(&taken);
    let mut made: BTreeMap<TypeId, TypeId> = BTreeMap::new();
    let Api { operations, types, .. } = api;
    for body in operations.iter_mut().filter_map(|operation| operation.body.as_mut()) {
        let Type::Named(id) = *types.resolve(&body.ty) else { continue };
        if body.form != BodyForm::Multipart || !elsewhere.contains(&id) {
            continue;
        }
        let form = made.get(&id).copied().or_else(|| {
            let form = copy(types.get(id), lock, &mut scope, published)?;
            types.0.push(form);
            Some(TypeId(types.0.len() - 1))
        });
        if let Some(form) = form {
            made.insert(id, form);
            body.ty = Type::Named(form);
        }
    }
}

/// Copies a struct under another name.
fn copy(def: &TypeDef, lock: &Lock, scope: &mut Scope, published: &mut BTreeMap<String, String>) -> Option<TypeDef> {
    matches!(def.kind, Kind::Struct(_)).then(|| {
        let identity = format!("{} (form)", def.identity);
        let name = match lock.types.get(&identity) {
            Some(locked) => RustIdent::pascal(locked),
            None => scope.claim(def.name.with_suffix("Form")),
        };
        published.insert(identity.clone(), name.to_string());
        TypeDef { name, identity, other_identities: Vec::new(), ..def.clone() }
    })
}

/// Returns every type that is used by anything other than a form.
fn elsewhere(api: &Api) -> BTreeSet<TypeId> {
    let mut open: Vec<TypeId> = Vec::new();
    for def in &api.types.0 {
        match &def.kind {
            // An alias by itself does not count as a use of its target.
            Kind::Alias(target) if target.named().is_some() => {}
            kind @ (Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_)) => {
                collect_contained_types(kind, &mut open);
            }
        }
    }
    api.operations.iter().for_each(|operation| outside_the_form(operation, &mut open));
    api.webhooks.iter().for_each(|webhook| collect_types(&webhook.ty, &mut open));
    open.into_iter().filter_map(|id| api.types.resolve(&Type::Named(id)).named()).collect()
}

fn outside_the_form(operation: &Operation, into: &mut Vec<TypeId>) {
    operation.parameters.iter().for_each(|parameter| collect_types(&parameter.ty, into));
    if let Some(body) = operation.body.as_ref().filter(|body| body.form != BodyForm::Multipart) {
        collect_types(&body.ty, into);
    }
    operation.errors.iter().filter_map(|(_, ty)| ty.as_ref()).for_each(|ty| collect_types(ty, into));
    collect_response_types(&operation.response, into);
    operation.stream.iter().for_each(|stream| collect_response_types(stream, into));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn form_has_a_type_of_its_own_when_its_type_is_needed_for_json_too() {
        let file = json!({"$ref": "#/components/schemas/File"});
        let sent = |media: &str| json!({"requestBody": {"required": true, "content": {media: {"schema": file}}}});
        let schemas =
            json!({"File": {"type": "object", "properties": {"data": {"type": "string", "format": "binary"}}}});
        let form = || sent("multipart/form-data");
        let rows = [
            (json!({"/a": {"post": form(), "put": form()}}), vec!["File", "File"]),
            (json!({"/a": {"post": form(), "put": sent("application/json")}}), vec!["File", "FileForm"]),
            (
                json!({"/a": {"post": form(), "put": form(), "patch": sent("application/json")}}),
                vec!["File", "FileForm", "FileForm"],
            ),
        ];
        for (paths, expected) in rows {
            let document = json!({"openapi": "3.0.3", "paths": paths, "components": {"schemas": schemas}});
            let modelled = build(&normalize_document(document), &Profile::default(), &Lock::default());
            let bodies = modelled.api.operations.iter().filter_map(|operation| operation.body.as_ref());
            let mut names: Vec<String> = bodies
                .filter_map(|body| body.ty.named())
                .map(|id| modelled.api.types.get(id).name.to_string())
                .collect();
            names.sort();
            assert_eq!(names, expected, "{paths}");
            assert_eq!(modelled.lock.types.values().any(|name| name == "FileForm"), expected.contains(&"FileForm"));
        }
    }
}
