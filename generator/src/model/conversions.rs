//! Conversions into types that requests contain: from strings, from payloads, and from the types that the profile
//! names.
//!
//! Knows nothing about how conversions are emitted.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::{
    Api, Conversion, ConversionRoute, ConversionSource, Kind, Presence, Property, Struct, Type, TypeId, Types, Union,
};
use crate::names::RustIdent;
use crate::pointer::Pointer;
use crate::profile::ConversionRule;

use super::usage::{collect_contained_types, collect_types};

/// Decides the conversions into every type. The order of constructor arguments must already be known.
pub(super) fn add_conversions(api: &mut Api, rules: &[ConversionRule]) -> Report {
    let parts = parts(api);
    let types = &api.types;
    let mut report = Report::default();
    let mut into_structs: Vec<Vec<Conversion>> = vec![Vec::new(); types.0.len()];
    for id in types.ids().filter(|id| parts.contains(id) && types.get(*id).usage.request) {
        let Kind::Struct(structure) = &types.get(id).kind else { continue };
        if only_string(types, structure).is_some() {
            let conversion = Conversion { source: ConversionSource::String, route: ConversionRoute::Constructor };
            into_structs[id.0].push(conversion);
        }
    }
    for rule in rules {
        match by_rule(types, rule) {
            Ok((into, conversion)) => into_structs[into.0].push(conversion),
            Err(found) => report.push(unusable(rule, &found)),
        }
    }
    let into_unions: Vec<(TypeId, Vec<Conversion>)> = types
        .ids()
        .filter_map(|id| match &types.get(id).kind {
            Kind::Union(union) => Some((id, of_union(types, id, union, &into_structs))),
            Kind::Struct(_) | Kind::Enumeration(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        })
        .collect();
    for (def, conversions) in api.types.0.iter_mut().zip(into_structs) {
        def.conversions = conversions;
    }
    for (id, conversions) in into_unions {
        api.types.0[id.0].conversions = conversions;
    }
    report
}

/// Returns the types that occur inside other types or in parameters, since complete bodies need no conversions.
fn parts(api: &Api) -> BTreeSet<TypeId> {
    let mut found = Vec::new();
    api.types.0.iter().for_each(|def| collect_contained_types(&def.kind, &mut found));
    let parameters = api.operations.iter().flat_map(|operation| &operation.parameters);
    parameters.for_each(|parameter| collect_types(&parameter.ty, &mut found));
    found.into_iter().collect()
}

/// Returns the only constructor argument, if there is exactly one and it is a string.
fn only_string<'a>(types: &Types, structure: &'a Struct) -> Option<&'a Property> {
    let [only] = structure.arguments.as_slice() else { return None };
    structure.fields.get(*only).filter(|field| is_string(types, field))
}

fn is_string(types: &Types, field: &Property) -> bool {
    field.presence == Presence::Required && *types.resolve(&field.ty) == Type::String
}

fn by_rule(types: &Types, rule: &ConversionRule) -> Result<(TypeId, Conversion), String> {
    let find = |identity: &str| {
        let known = types.ids().find(|id| types.get(*id).identities().any(|own| own == identity));
        // A schema with another name may have kept the name of its type.
        let name = RustIdent::pascal(identity);
        let found = known.or_else(|| types.ids().find(|id| types.get(*id).name == name));
        let id = found.ok_or_else(|| format!("no schema is called `{identity}`"))?;
        match &types.get(id).kind {
            Kind::Struct(structure) => Ok((id, structure)),
            Kind::Enumeration(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => {
                Err(format!("`{identity}` is not an object"))
            }
        }
    };
    let ((from, given), (into, made)) = (find(&rule.from)?, find(&rule.into)?);
    let property = given.fields.iter().find(|field| field.wire.0 == rule.property && is_string(types, field));
    let property = property.ok_or_else(|| format!("`{}` has no string `{}`", rule.from, rule.property))?;
    only_string(types, made).ok_or_else(|| format!("`{}` is not made of one string", rule.into))?;
    let route = ConversionRoute::Property(property.name.clone());
    Ok((into, Conversion { source: ConversionSource::Value(from), route }))
}

fn unusable(rule: &ConversionRule, found: &str) -> Diagnostic {
    let place = Pointer::root().join("types").join("conversions");
    Diagnostic::new(Code::ProfileUnused, place, found)
        .in_source("profile.toml")
        .expected("two objects, and a string that the first always has and the second is made of")
        .help(format!("correct the conversion from `{}`, or take it out", rule.from))
}

/// Returns the conversions into a union: from its payloads, and from the sources of conversions into exactly one
/// payload.
fn of_union(types: &Types, own: TypeId, union: &Union, into_structs: &[Vec<Conversion>]) -> Vec<Conversion> {
    let mut conversions: Vec<Conversion> = Vec::new();
    let mut payloads = BTreeSet::new();
    for (index, variant) in union.variants.iter().enumerate() {
        let plain = types.compiled(&variant.ty);
        // A member can refer to the union under another name.
        if plain == Type::Any || plain == Type::Named(own) || !payloads.insert(format!("{plain:?}")) {
            continue;
        }
        let source = if plain == Type::String {
            ConversionSource::String
        } else {
            ConversionSource::Payload(variant.ty.clone())
        };
        conversions.push(Conversion { source, route: ConversionRoute::Variant(index) });
    }
    let made_of = |variant: usize| {
        let id = types.resolve(&union.variants[variant].ty).named();
        id.and_then(|id| into_structs.get(id.0)).into_iter().flatten().map(|conversion| &conversion.source)
    };
    let mut sources: Vec<&ConversionSource> = Vec::new();
    for source in (0..union.variants.len()).flat_map(made_of) {
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    for source in sources {
        let takers: Vec<usize> = (0..union.variants.len())
            .filter(|variant| {
                made_of(*variant).any(|other| other == source) || is_read_from(types, union, *variant, source)
            })
            .collect();
        let known = conversions.iter().any(|known| same_source(types, &known.source, source));
        if let [only] = takers.as_slice()
            && !known
        {
            conversions.push(Conversion { source: source.clone(), route: ConversionRoute::Through(*only) });
        }
    }
    conversions
}

/// Returns whether a variant that is not an object also accepts a string.
fn is_read_from(types: &Types, union: &Union, variant: usize, source: &ConversionSource) -> bool {
    *source == ConversionSource::String
        && match types.resolve(&union.variants[variant].ty) {
            Type::String | Type::Timestamp | Type::Binary | Type::Constant(_) => true,
            Type::Named(id) => matches!(types.get(*id).kind, Kind::Enumeration(_)),
            Type::Boolean
            | Type::Integer(_)
            | Type::Number
            | Type::Any
            | Type::List(_)
            | Type::Tuple(..)
            | Type::Map(_)
            | Type::Nullable(_) => false,
        }
}

fn same_source(types: &Types, known: &ConversionSource, source: &ConversionSource) -> bool {
    match (known, source) {
        (ConversionSource::Payload(ty), ConversionSource::Value(id)) => *types.resolve(ty) == Type::Named(*id),
        (known, source) => known == source,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn what_one_string_or_one_property_makes_is_converted() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let one = |name: &str| json!({"type": "object", "required": [name], "properties": {name: {"type": "string"}, "note": {"type": "string"}}});
        let schemas = json!({
            "Body": {"type": "object", "required": ["file"], "properties": {
                "file": {"oneOf": [reference("ByUrl"), reference("ById")]},
                "run": {"oneOf": [reference("ById"), {"type": "number"}]},
            }},
            "ByUrl": one("url"),
            "ById": one("id"),
            "Uploaded": one("id"),
        });
        let json = |schema| json!({"content": {"application/json": {"schema": schema}}});
        let operation =
            json!({"requestBody": json(reference("Body")), "responses": {"200": json(reference("Uploaded"))}});
        let document =
            json!({"openapi": "3.0.3", "paths": {"/a": {"post": operation}}, "components": {"schemas": schemas}});
        let mut profile = Profile::default();
        let rule = |property: &str| ConversionRule {
            from: "Uploaded".to_owned(),
            property: property.to_owned(),
            into: "ById".to_owned(),
        };
        profile.types.conversions = vec![rule("id"), rule("gone")];
        let modelled = build(&normalize_document(document), &profile, &Lock::default());
        let types = &modelled.api.types;
        let list = |name: &str| {
            let def = types.0.iter().find(|def| def.name.as_str() == name).map(|def| &def.conversions);
            let source = |conversion: &Conversion| match &conversion.source {
                ConversionSource::String => "string".to_owned(),
                ConversionSource::Payload(ty) => ty_name(types, ty),
                ConversionSource::Value(id) => types.get(*id).name.to_string(),
            };
            def.into_iter().flatten().map(source).collect::<Vec<String>>()
        };
        let rows = [
            ("ByUrl", vec!["string"]),
            ("ById", vec!["string", "Uploaded"]),
            ("Uploaded", vec![]),
            ("Body", vec![]),
            ("BodyFile", vec!["ByUrl", "ById", "Uploaded"]),
            ("BodyRun", vec!["ById", "number", "string", "Uploaded"]),
        ];
        for (name, expected) in rows {
            assert_eq!(list(name), expected, "{name}");
        }
        let unused = modelled.report.diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::ProfileUnused);
        assert_eq!(unused.count(), 1);
    }

    fn ty_name(types: &Types, ty: &Type) -> String {
        ty.named().map_or_else(|| "number".to_owned(), |id| types.get(id).name.to_string())
    }
}
