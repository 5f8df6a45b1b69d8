//! The file `resources/mod.rs`: the modules of the resources, and the methods of the client that return them.

use std::fmt::Write as _;

use quote::quote;

use crate::diagnostic::Report;
use crate::emit::Input;
use crate::emit::features::{gate, gate_line};
use crate::emit::module_files::declaration;
use crate::emit::source::SourceFile;

use super::{of_both_clients, purpose};

/// Writes the file.
pub(super) fn render_index(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(
        input.preamble,
        "Resources of the API. Each method returns a request builder: set what is optional, then `.await` it.",
    );
    let mut modules = String::new();
    let mut accessors = Vec::new();
    let former = &input.api.former.resources;
    for resource in input.api.resources.iter().chain(former) {
        let is_former = former.iter().any(|one| one.name == resource.name);
        let deprecated = is_former.then(|| quote! { #[deprecated = "its methods belong to other resources"] });
        let declaration = declaration("pub ", &resource.module);
        let title = purpose(input, resource);
        let area = resource.name.as_ref().and_then(|name| input.profile.areas.of(name.as_str()));
        // Writing to a string cannot fail.
        let _ = writeln!(modules, "/// {title}\n{}{}", gate_line(area), declaration.trim_end());
        let area = area.filter(|_| !is_former);
        if let Some(name) = &resource.name {
            let gate = area.map(gate);
            let method = name.token();
            let module = resource.module.token();
            let accessor = resource.accessor.token();
            let docs = format!(" Returns the methods of the `{name}` resource.");
            accessors.push(quote! {
                #[doc = #docs]
                #gate
                #deprecated
                #[must_use]
                pub fn #method(&self) -> #module::#accessor {
                    #module::#accessor { core: self.core.clone() }
                }
            });
        }
    }
    if !accessors.is_empty() {
        let client = input.root.public_tokens("Client");
        file.items(quote! { use #client; })?;
    }
    file.text(&modules);
    if !accessors.is_empty() {
        file.items(of_both_clients(input.root, None, &quote! { #(#accessors)* }))?;
    }
    Ok(file.finish())
}
