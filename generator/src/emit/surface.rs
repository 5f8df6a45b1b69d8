//! The public Rust surface of the client as text: what a user can name, one line each. Made for snapshots, not for rustc.

use std::fmt::Write as _;

use crate::model::{Api, Kind, Presence, Rest, Success, Type, Types};

use super::rust_type::{Scope, field_type, rust_type};

/// The surface: types with their fields, variants and values, and calls with their arguments.
pub fn surface(api: &Api) -> String {
    let mut text = String::new();
    for operation in &api.operations {
        let group = operation.group.as_ref().map_or(String::new(), |group| format!(".{group}()"));
        let parameters: Vec<String> = operation
            .parameters
            .iter()
            .map(|parameter| {
                let mark = if parameter.presence == Presence::Required { "" } else { "?" };
                format!("{}{mark}: {}", parameter.name, shown(&api.types, &parameter.ty))
            })
            .chain(operation.body.iter().map(|body| format!("body: {}", shown(&api.types, &body.ty))))
            .collect();
        let answer = match &operation.success {
            Success::Json(ty) => shown(&api.types, ty),
            Success::Bytes => "bytes".to_owned(),
            Success::Empty => "()".to_owned(),
        };
        let _ = writeln!(text, "call client{group}.{}({}) -> {answer}", operation.name, parameters.join(", "));
    }
    for id in api.types.by_name() {
        definition(&mut text, api, &api.types.get(id).kind, api.types.get(id).name.as_str());
    }
    for webhook in &api.webhooks {
        let _ = writeln!(text, "event {}: {}", webhook.event, shown(&api.types, &webhook.ty));
    }
    text
}

fn definition(text: &mut String, api: &Api, kind: &Kind, name: &str) {
    let types = &api.types;
    let _ = match kind {
        Kind::Alias(ty) => writeln!(text, "type {name} = {}", shown(types, ty)),
        Kind::Wrapper(ty) => writeln!(text, "struct {name}({})", shown(types, ty)),
        Kind::Struct(structure) => {
            let _ = writeln!(text, "struct {name}");
            for field in &structure.fields {
                let ty = field_type(types, field, rust_type(types, &field.ty, Scope::Types));
                let _ = writeln!(text, "    {}: {}", field.name, ty.to_string().replace(' ', ""));
            }
            match &structure.rest {
                Rest::Typed(name, ty) => writeln!(text, "    ..{name}: {}", shown(types, ty)),
                Rest::Ignored | Rest::Kept(_) => Ok(()),
            }
        }
        Kind::Enumeration(values) => {
            let values: Vec<&str> = values.values.iter().map(|value| value.name.as_str()).collect();
            writeln!(text, "enum {name} {{ {} }}", values.join(", "))
        }
        Kind::Union(union) => {
            let _ = writeln!(text, "union {name}");
            union
                .variants
                .iter()
                .try_for_each(|variant| writeln!(text, "    {}({})", variant.name, shown(types, &variant.ty)))
        }
    };
}

fn shown(types: &Types, ty: &Type) -> String {
    rust_type(types, ty, Scope::Types).to_string().replace(' ', "")
}
