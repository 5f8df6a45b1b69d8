//! Unions: the variants, conversions into them, and the table that tells them apart.

use std::fmt::Write as _;

use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{
    ConversionRoute, Decision, JsonType, Kind, Literal, Pattern, Rest, Rule, Storage, Test, Type, TypeDef, Types,
    Union, Variant,
};
use crate::markdown;
use crate::names::{RustIdent, WireName};

use super::accessors::emit_accessors;
use super::conversions::emit_conversions;
use super::doc;
use super::rust_type::{Scope, render_type, tight};
use super::source::SourceFile;

/// Emits a union.
pub(super) fn union(file: &mut SourceFile, types: &Types, def: &TypeDef, union: &Union) -> Result<(), Report> {
    let name = def.name.token();
    let lines = union_docs(types, def, union);
    let docs = doc::attributes(&lines);
    let variants = union.variants.iter().map(|variant| {
        let variant_name = variant.name.token();
        let ty = render_type(types, &variant.ty, Scope::Types);
        let ty = match variant.storage {
            Storage::Inline => ty,
            Storage::Boxed => quote! { Box<#ty> },
        };
        let docs = variant_docs(types, union, &variant.name, &variant.ty);
        quote! { #[doc = #docs] #variant_name(#ty), }
    });
    file.items(quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that matches no known variant, as it was sent.
            Unknown(Value),
        }
    })?;
    emit_conversions(file, types, def)?;
    emit_accessors(file, types, def, union)?;
    union.variants.iter().for_each(|variant| file.mention(&render_type(types, &variant.ty, Scope::Types)));
    file.text(&table(types, def, union));
    Ok(())
}

/// The description of a union, how its variant is selected, and what converts into it.
fn union_docs(types: &Types, def: &TypeDef, union: &Union) -> Vec<String> {
    let mut lines = doc::of_type(def);
    let selection = match &union.decision {
        Decision::Tagged { tag, .. } => format!("The property {} selects the variant.", markdown::format_code(&tag.0)),
        Decision::Shaped(_) => "The shape of the JSON value selects the variant.".to_owned(),
    };
    let unknown =
        "A value that matches no known variant is kept as [`Unknown`](Self::Unknown) and sent back unchanged.";
    lines.push(String::new());
    lines.extend(doc::wrap(&format!("{selection} {unknown}")));
    let convertible = union.variants.iter().enumerate().filter(|(index, _)| has_conversion(def, *index));
    let links: Vec<String> = convertible.filter_map(|(_, variant)| link(types, &variant.ty)).collect();
    if def.usage.request && !links.is_empty() {
        lines.push(String::new());
        lines.extend(doc::wrap(&format!(
            "Converts from {}, which setters accept in its place.",
            doc::enumerate(&links)
        )));
    }
    lines
}

/// A named type as a link to its documentation.
fn link(types: &Types, ty: &Type) -> Option<String> {
    let name = &types.get(ty.named()?).name;
    let source = name.source();
    Some(if source == name.as_str() { format!("[`{name}`]") } else { format!("[`{name}`]({source})") })
}

fn variant_docs(types: &Types, union: &Union, name: &RustIdent, ty: &Type) -> String {
    let index = union.variants.iter().position(|variant| variant.name == *name);
    let texts: Vec<String> = match &union.decision {
        Decision::Tagged { cases, .. } => cases
            .iter()
            .filter(|(_, variant)| Some(*variant) == index)
            .map(|(value, _)| markdown::format_code(value.text()))
            .collect(),
        Decision::Shaped(_) => Vec::new(),
    };
    match (&union.decision, texts.as_slice()) {
        (Decision::Tagged { tag, .. }, [_, ..]) => {
            format!(" When {} is {}.", markdown::format_code(&tag.0), texts.join(" or "))
        }
        (Decision::Tagged { .. } | Decision::Shaped(_), _) => format!(" {}", payload_docs(types, ty)),
    }
}

/// Whether the payload of a variant converts into the union.
pub(super) fn has_conversion(def: &TypeDef, index: usize) -> bool {
    def.conversions.iter().any(|conversion| conversion.route == ConversionRoute::Variant(index))
}

/// What the payload of a variant is, for variants that no tag describes.
fn payload_docs(types: &Types, ty: &Type) -> String {
    doc::first_line(types, ty).unwrap_or_else(|| {
        let payload = link(types, ty);
        format!(
            "Holds {}.",
            payload.unwrap_or_else(|| markdown::format_code(&tight(&render_type(types, ty, Scope::Types))))
        )
    })
}

fn table(types: &Types, def: &TypeDef, union: &Union) -> String {
    let listed: Vec<String> = union
        .variants
        .iter()
        .map(|variant| {
            let kept = kept_properties(types, union, variant);
            let unless = kept.map(|kept| format!(" unless {}", kept.source())).unwrap_or_default();
            let tag = variant.tag.as_ref().map(|tag| format!(" = {}{unless}", literal(tag))).unwrap_or_default();
            format!("{}{tag}", variant.name.source())
        })
        .collect();
    let listed = listed.join(", ");
    let mut text = String::new();
    match &union.decision {
        Decision::Tagged { tag, cases, aliases, otherwise, unlisted } => {
            let all = || cases.iter().chain(aliases);
            let plain = all().any(|(value, _)| matches!(value, Literal::Plain(_)));
            let (name, kind) = (def.name.source(), if plain { " as scalar" } else { "" });
            let _ = writeln!(text, "sdk_runtime::codegen::tagged_union!({name}({listed}) by {:?}{kind} {{", tag.0);
            for (index, variant) in union.variants.iter().enumerate() {
                let own = all().filter(|(_, case)| *case == index);
                let texts: Vec<String> = own.map(|(value, _)| format!("{:?}", value.text())).collect();
                if !texts.is_empty() {
                    let _ = writeln!(text, "    {} => {},", texts.join(" | "), variant.name.source());
                }
            }
            for (name, rules) in [("otherwise", otherwise), ("unlisted", unlisted)] {
                if !rules.is_empty() {
                    let _ = writeln!(text, "    {name} {{");
                    rules.iter().for_each(|item| rule(&mut text, types, union, item, "        "));
                    text.push_str("    }\n");
                }
            }
        }
        Decision::Shaped(rules) => {
            let _ = writeln!(text, "sdk_runtime::codegen::shape_union!({}({listed}) {{", def.name.source());
            rules.iter().for_each(|item| rule(&mut text, types, union, item, "    "));
        }
    }
    text.push_str("});\n");
    text
}

/// Returns the field in which the payload of a variant notes that it was received without its tag, if it can be.
fn kept_properties<'a>(types: &'a Types, union: &Union, variant: &'a Variant) -> Option<&'a RustIdent> {
    let Decision::Tagged { otherwise, .. } = &union.decision else { return None };
    match &types.structure(&variant.ty)?.rest {
        Rest::Kept(field) if !otherwise.is_empty() => Some(field),
        Rest::Kept(_) | Rest::Typed(..) | Rest::Ignored => None,
    }
}

fn rule(text: &mut String, types: &Types, union: &Union, rule: &Rule, indent: &str) {
    let Some(variant) = union.variants.get(rule.variant) else { return };
    let pattern = match &rule.pattern {
        Pattern::Json(json) => json_type(*json).to_owned(),
        // A union or an enumeration decodes whatever there is.
        Pattern::Try if is_open(types, &variant.ty) => "known".to_owned(),
        Pattern::Try => "try".to_owned(),
        Pattern::Properties(tests) => property_tests(tests),
    };
    let _ = writeln!(text, "{indent}{pattern} => {},", variant.name.source());
}

/// Writes what the properties of an object must be.
fn property_tests(tests: &[(WireName, Test)]) -> String {
    let tests: Vec<String> = tests
        .iter()
        .map(|(name, test)| match test {
            Test::Json(json) => format!("{:?}: {}", name.0, json_type(*json)),
            Test::Is(Literal::Text(text)) => format!("{:?}: {text:?}", name.0),
            Test::Is(Literal::Plain(text)) => format!("{:?}: ({text})", name.0),
            Test::Holds(inner) => format!("{:?}: {}", name.0, property_tests(inner)),
        })
        .collect();
    format!("{{ {} }}", tests.join(", "))
}

/// A tag as a Rust literal.
fn literal(tag: &Literal) -> String {
    match tag {
        Literal::Text(text) => format!("{text:?}"),
        // An integer literal without a suffix has 32 bits.
        Literal::Plain(text) if text.parse::<i64>().is_ok() && text.parse::<i32>().is_err() => format!("{text}_i64"),
        Literal::Plain(text) => text.clone(),
    }
}

fn is_open(types: &Types, ty: &Type) -> bool {
    matches!(types.resolve(ty), Type::Named(id) if matches!(types.get(*id).kind, Kind::Union(_) | Kind::Enumeration(_)))
}

fn json_type(json: JsonType) -> &'static str {
    match json {
        JsonType::Any => "any",
        JsonType::Boolean => "boolean",
        JsonType::Integer => "integer",
        JsonType::Number => "number",
        JsonType::String => "string",
        JsonType::Array => "array",
        JsonType::Object => "object",
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
    fn union_says_how_its_variant_is_selected_and_what_becomes_of_others() {
        let kind =
            |name: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": name}}});
        let pet = json!({"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "description": "A pet", "discriminator": {"propertyName": "kind"}});
        let document = json!({
            "openapi": "3.1.0",
            "info": {},
            "paths": {"/pets": {"post": {"operationId": "create", "responses": {"204": {}}, "requestBody": {"required": true,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}}}},
            "components": {"schemas": {"Cat": kind("cat"), "Dog": kind("dog"), "Pet": pet}}
        });
        let types = build(&normalize_document(document), &Profile::default(), &Lock::default()).api.types;
        let def = types.ids().map(|id| types.get(id)).find(|def| def.name.as_str() == "Pet").unwrap();
        let Kind::Union(union) = &def.kind else { panic!("{:?}", def.kind) };
        let expected = [
            "A pet.",
            "",
            "The property `kind` selects the variant. A value that matches no known variant is kept as",
            "[`Unknown`](Self::Unknown) and sent back unchanged.",
            "",
            "Converts from [`Cat`] and [`Dog`], which setters accept in its place.",
        ];
        assert_eq!(union_docs(&types, def, union), expected);
        assert_eq!(
            variant_docs(&types, union, &union.variants[0].name, &union.variants[0].ty),
            " When `kind` is `cat`."
        );
    }

    #[test]
    fn values_that_are_fixed_inside_tell_objects_apart_that_are_alike_otherwise() {
        let owner = |kind: &str| {
            let kind = json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}});
            json!({"type": "object", "required": ["owner"], "properties": {"owner": kind}})
        };
        let plain = json!({"type": "object", "required": ["owner"], "properties": {"owner": {"type": "object"}}});
        let rows = [
            (
                json!({"oneOf": [owner("user"), owner("team")]}),
                vec!["{ \"owner\": { \"kind\": \"team\" } } 1", "{ \"owner\": { \"kind\": \"user\" } } 0"],
            ),
            (json!({"oneOf": [owner("user"), plain]}), vec!["{ \"owner\": { \"kind\": \"user\" } } 0", "try 1"]),
        ];
        for (union, expected) in rows {
            let document = json!({"openapi": "3.1.0", "components": {"schemas": {"Union": union}}});
            let types = build(&normalize_document(document), &Profile::default(), &Lock::default()).api.types;
            let found = types.0.iter().find_map(|def| match &def.kind {
                Kind::Union(union) => Some(&union.decision),
                Kind::Struct(_) | Kind::Enumeration(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
            });
            let Some(Decision::Shaped(rules)) = found else { panic!("{found:?}") };
            let text = |rule: &Rule| match &rule.pattern {
                Pattern::Properties(tests) => property_tests(tests),
                Pattern::Try => "try".to_owned(),
                Pattern::Json(json) => format!("{json:?}"),
            };
            let rules: Vec<String> = rules.iter().map(|rule| format!("{} {}", text(rule), rule.variant)).collect();
            assert_eq!(rules, expected);
        }
    }
}
