//! The module `environments`: a static for each deployment, a function for each URL with variables.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::ir::{self, Api, UrlFunction};
use crate::markdown;
use crate::names::RustIdent;
use crate::profile::{Profile, Server, ServerVariable};

use super::doc;

/// The module, and the names of its statics in order.
pub(super) struct Environments {
    /// The module.
    pub module: TokenStream,
    /// Its statics.
    pub constants: Vec<Ident>,
}

/// Writes the module.
pub(super) fn render(names: &ir::Environments, profile: &Profile) -> Environments {
    let mut constants = Vec::new();
    let mut statics = Vec::new();
    for (environment, constant) in profile.environments.iter().zip(&names.constants) {
        let constant = format_ident!("{constant}");
        let (name, region, url, title) = (&environment.name, &environment.region, &environment.url, &environment.title);
        let docs = format!(" {}.", markdown::escape_inline(&format!("{title}: {url}")));
        statics.push(quote! {
            #[doc = #docs]
            pub static #constant: Environment = Environment { name: #name, region: #region, url: #url, title: #title };
        });
        constants.push(constant);
    }
    let functions = names.functions.iter().zip(&profile.servers).map(|(names, server)| function(names, server));
    let imports = imports(profile);
    let module = quote! {
        /// Named deployments of the API.
        pub mod environments {
            #imports

            #(#statics)*

            #(#functions)*
        }
    };
    Environments { module, constants }
}

/// Returns the calls of the functions that build base URLs, as a user writes them, and the servers that they build.
pub(crate) fn url_functions<'a>(api: &'a Api, profile: &'a Profile) -> impl Iterator<Item = (String, &'a Server)> {
    let call = |(function, server): (&UrlFunction, &'a Server)| {
        let arguments: Vec<&str> = function.variables.iter().map(|(name, _)| name.as_str()).collect();
        (format!("{}({})", function.name, arguments.join(", ")), server)
    };
    api.environments.functions.iter().zip(&profile.servers).map(call)
}

fn imports(profile: &Profile) -> TokenStream {
    let mut names = Vec::new();
    if !profile.environments.is_empty() {
        names.push(format_ident!("Environment"));
    }
    if !profile.servers.is_empty() {
        names.extend([format_ident!("Error"), format_ident!("ServerTemplate"), format_ident!("ServerVariable")]);
    }
    match names.as_slice() {
        [] => quote! {},
        [only] => quote! { use sdk_runtime::codegen::#only; },
        several => quote! { use sdk_runtime::codegen::{#(#several),*}; },
    }
}

fn function(names: &UrlFunction, server: &Server) -> TokenStream {
    let variables = &names.variables;
    let docs = doc::attributes(&docs(server, variables));
    let function = names.name.token();
    let url = &server.url;
    let rows = variables.iter().map(|(_, variable)| {
        let (name, values) = (&variable.name, &variable.values);
        quote! { ServerVariable { name: #name, values: &[#(#values),*] } }
    });
    let arguments: Vec<Ident> = variables.iter().map(|(name, _)| name.token()).collect();
    quote! {
        #docs
        pub fn #function(#(#arguments: &str),*) -> Result<String, Error> {
            const SERVER: ServerTemplate = ServerTemplate { url: #url, variables: &[#(#rows),*] };
            SERVER.fill(&[#(#arguments),*])
        }
    }
}

fn docs(server: &Server, variables: &[(RustIdent, ServerVariable)]) -> Vec<String> {
    let mut lines = doc::sentences(&server.title);
    lines.extend([
        String::new(),
        format!("Base URL {}, for `ClientBuilder::base_url`:", markdown::format_code(&server.url)),
    ]);
    lines.push(String::new());
    lines.extend(variables.iter().map(|(name, variable)| described(name, variable)));
    lines.push(String::new());
    lines.push("# Errors".to_owned());
    lines.push(String::new());
    lines.push("A value is none of those that are possible, or could lead to another host.".to_owned());
    lines
}

/// A line about a variable.
fn described(name: &RustIdent, variable: &ServerVariable) -> String {
    let doc = variable.doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let doc = markdown::escape_inline(doc.trim_end_matches('.'));
    let default =
        (!variable.default.is_empty()).then(|| format!("usually {}", markdown::format_code(&variable.default)));
    let listed: Vec<String> = variable.values.iter().map(|value| markdown::format_code(value)).collect();
    let values = (listed.len() > 1).then(|| format!("one of {}", listed.join(", ")));
    let parts: Vec<String> = [Some(doc).filter(|doc| !doc.is_empty()), values, default].into_iter().flatten().collect();
    match parts.as_slice() {
        [] => format!("- `{name}`"),
        parts => format!("- `{name}`: {}", parts.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_with_variables_become_functions() {
        let text = r#"
            [[servers]]
            name = "tenant"
            url = "https://{tenant}.example.com:{port}/{type}/{tenant}"
            title = "Of your own"
            [[servers.variables]]
            name = "tenant"
            default = "demo"
            doc = "Your [name](x)."
            [[servers.variables]]
            name = "port"
            values = ["443", "8443"]
        "#;
        let profile = Profile::parse(text).unwrap();
        let module = render(&crate::model::name_environments(&profile), &profile).module.to_string();
        let file: syn::File = syn::parse_str(&module).unwrap();
        let text = prettyplease::unparse(&file);
        for part in [
            "use sdk_runtime::codegen::{Error, ServerTemplate, ServerVariable};",
            "/// Of your own.",
            "/// - `tenant`: Your name; usually `demo`",
            "/// - `port`: one of `443`, `8443`",
            "/// - `type`\n",
            "pub fn tenant_url(",
            "r#type: &str",
            "SERVER.fill(&[tenant, port, r#type])",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
