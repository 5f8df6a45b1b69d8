//! The module `environments`: a static for each deployment, a function for each URL with variables.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::markdown;
use crate::names::{RustIdent, Scope};
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
pub(super) fn render(profile: &Profile) -> Environments {
    let mut scope = Scope::default();
    let mut constants = Vec::new();
    let mut statics = Vec::new();
    for environment in &profile.environments {
        let constant = format_ident!("{}", scope.claim(RustIdent::snake(&environment.name)).shouting());
        let (name, region, url, title) = (&environment.name, &environment.region, &environment.url, &environment.title);
        let docs = format!(" {}.", markdown::sanitize_inline(&format!("{title}: {url}")));
        statics.push(quote! {
            #[doc = #docs]
            pub static #constant: Environment = Environment { name: #name, region: #region, url: #url, title: #title };
        });
        constants.push(constant);
    }
    let functions =
        function_names(profile).into_iter().zip(&profile.servers).map(|(name, server)| function(&name, server));
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

/// The functions that make URLs, as a user writes them, and what they make.
pub(crate) fn url_functions(profile: &Profile) -> Vec<(String, &Server)> {
    let call = |(name, server)| {
        let name: RustIdent = name;
        let arguments: Vec<String> = variables(server).iter().map(|(name, _)| name.to_string()).collect();
        (format!("{name}({})", arguments.join(", ")), server)
    };
    function_names(profile).into_iter().zip(&profile.servers).map(call).collect()
}

/// The names of the functions that make URLs, in the order of the servers.
fn function_names(profile: &Profile) -> Vec<RustIdent> {
    let mut scope = Scope::default();
    let name = |server: &Server| RustIdent::snake(server.name.trim_end_matches("url").trim_end_matches("Url"));
    profile.servers.iter().map(|server| scope.claim(RustIdent::snake(&format!("{} url", name(server))))).collect()
}

/// The variables in the URL of a server, in order, each once; those nobody described may be anything.
fn variables(server: &Server) -> Vec<(RustIdent, ServerVariable)> {
    let mut scope = Scope::default();
    let mut found: Vec<(RustIdent, ServerVariable)> = Vec::new();
    for name in server.url.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)) {
        if found.iter().all(|(_, known)| known.name != name) {
            let described = server.variables.iter().find(|variable| variable.name == name);
            let variable = described.cloned().unwrap_or_else(|| ServerVariable::any(name));
            found.push((scope.claim(RustIdent::snake(name)), variable));
        }
    }
    found
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

fn function(name: &RustIdent, server: &Server) -> TokenStream {
    let variables = variables(server);
    let docs = doc::attributes(&docs(server, &variables));
    let function = name.token();
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
    lines.extend([String::new(), format!("Base URL {}, for `ClientBuilder::base_url`:", markdown::code(&server.url))]);
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
    let doc = markdown::sanitize_inline(doc.trim_end_matches('.'));
    let default = (!variable.default.is_empty()).then(|| format!("usually {}", markdown::code(&variable.default)));
    let listed: Vec<String> = variable.values.iter().map(|value| markdown::code(value)).collect();
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
        let module = render(&profile).module.to_string();
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
