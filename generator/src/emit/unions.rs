//! Unions: the variants, conversions into them, and the table that tells them apart.

use std::fmt::Write as _;

use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{Decision, JsonType, Kind, Pattern, Rule, Storage, Test, Type, TypeDef, Types, Union};
use crate::markdown;
use crate::names::RustIdent;

use super::accessors::accessors;
use super::conversions::conversions;
use super::doc;
use super::rust_type::{Scope, is_numeric, rust_type, tight};
use super::source::SourceFile;

/// Emits a union.
pub(super) fn union(file: &mut SourceFile, types: &Types, def: &TypeDef, union: &Union) -> Result<(), Report> {
    let name = def.name.token();
    let mut lines = doc::of_type(def);
    lines.push(String::new());
    lines.push(match &union.decision {
        Decision::Tagged { tag, .. } => format!("The property `{tag}` tells the variant."),
        Decision::Shaped(_) => "The shape of the value tells the variant.".to_owned(),
    });
    let docs = doc::attributes(&lines);
    let variants = union.variants.iter().map(|variant| {
        let variant_name = variant.name.token();
        let ty = rust_type(types, &variant.ty, Scope::Types);
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
            #[doc = " A form this version does not know, as it was sent."]
            Unknown(Value),
        }
    })?;
    conversions(file, types, def)?;
    accessors(file, types, def, union)?;
    union.variants.iter().for_each(|variant| file.mention(&rust_type(types, &variant.ty, Scope::Types)));
    file.text(&table(types, def, union));
    Ok(())
}

fn variant_docs(types: &Types, union: &Union, name: &RustIdent, ty: &Type) -> String {
    let index = union.variants.iter().position(|variant| variant.name == *name);
    let texts: Vec<String> = match &union.decision {
        Decision::Tagged { cases, .. } => cases
            .iter()
            .filter(|(_, variant)| Some(*variant) == index)
            .map(|(text, _)| markdown::format_code(text))
            .collect(),
        Decision::Shaped(_) => Vec::new(),
    };
    if !texts.is_empty() {
        return format!(" {}.", texts.join(" or "));
    }
    match ty.named() {
        Some(id) => format!(" A `{}`.", types.get(id).name),
        None => format!(" A `{}`.", tight(&rust_type(types, ty, Scope::Types))),
    }
}

fn table(types: &Types, def: &TypeDef, union: &Union) -> String {
    let listed: Vec<String> = union
        .variants
        .iter()
        .map(|variant| {
            let number = if is_numeric(types, &variant.ty) { " as number" } else { "" };
            format!("{}{number}", variant.name.source())
        })
        .collect();
    let listed = listed.join(", ");
    let mut text = String::new();
    match &union.decision {
        Decision::Tagged { tag, cases, otherwise } => {
            let _ =
                writeln!(text, "sdk_runtime::codegen::tagged_union!({}({listed}) by {:?} {{", def.name.source(), tag.0);
            for (index, variant) in union.variants.iter().enumerate() {
                let texts: Vec<String> =
                    cases.iter().filter(|(_, case)| *case == index).map(|(text, _)| format!("{text:?}")).collect();
                if !texts.is_empty() {
                    let payload = tight(&rust_type(types, &variant.ty, Scope::Types));
                    let _ = writeln!(text, "    {} => {}({payload}),", texts.join(" | "), variant.name.source());
                }
            }
            if !otherwise.is_empty() {
                text.push_str("    otherwise {\n");
                otherwise.iter().for_each(|item| rule(&mut text, types, union, item, "        "));
                text.push_str("    }\n");
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

fn rule(text: &mut String, types: &Types, union: &Union, rule: &Rule, indent: &str) {
    let Some(variant) = union.variants.get(rule.variant) else { return };
    let pattern = match &rule.pattern {
        Pattern::Json(json) => json_type(*json).to_owned(),
        // A union decodes whatever there is.
        Pattern::Try if is_union(types, &variant.ty) => "known".to_owned(),
        Pattern::Try => "try".to_owned(),
        Pattern::Properties(tests) => {
            let tests: Vec<String> = tests
                .iter()
                .map(|(name, test)| match test {
                    Test::Json(json) => format!("{:?}: {}", name.0, json_type(*json)),
                    Test::Text(text) => format!("{:?}: {text:?}", name.0),
                })
                .collect();
            format!("{{ {} }}", tests.join(", "))
        }
    };
    let payload = tight(&rust_type(types, &variant.ty, Scope::Types));
    let _ = writeln!(text, "{indent}{pattern} => {}({payload}),", variant.name.source());
}

fn is_union(types: &Types, ty: &Type) -> bool {
    matches!(types.resolve(ty), Type::Named(id) if matches!(types.get(*id).kind, Kind::Union(_)))
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
