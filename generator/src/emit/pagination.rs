//! Pagination: the `paginated!` table of a list builder.

use std::fmt::Write as _;

use quote::quote;

use super::plan::Plan;
use super::property_path;
use super::rust_type::{Scope, render_type, tight};
use super::source::SourceFile;

/// Emits the table that enables pagination for a list.
pub(super) fn render_table(file: &mut SourceFile, plan: &Plan<'_>) {
    let Some(pages) = &plan.operation.pagination else { return };
    let item = render_type(&plan.input.api.types, &pages.item, Scope::Elsewhere);
    file.mention(&quote! { operations::Operation });
    file.mention(&item);
    let item = tight(&item);
    let (builder, page) = (plan.call.builder.source(), plan.response());
    let operation = super::operations::constant(plan.operation);
    let whole = if pages.cursor.is_none() { "whole " } else { "" };
    let mut text = String::from("sdk_runtime::codegen::paginated! {\n");
    // Writing to a string cannot fail.
    let _ = writeln!(text, "    {whole}{builder} => {page}, {item}, operations::{operation},");
    text.push_str("    ");
    if let Some(cursor) = &pages.cursor {
        let _ = write!(text, "{} = |page| {}, ", cursor.parameter.source(), property_path::text(&cursor.token, "page"));
    }
    let _ = write!(text, "|page| {}\n}}\n", property_path::list(&pages.items, "page"));
    file.text(&text);
}
