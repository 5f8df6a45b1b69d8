//! Renders the manifests of a crate and of its runtime, with the dependency versions of this workspace. Knows the manifest format,
//! no source code.

use std::fmt::Write as _;

use toml::{Table, Value};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::facts::Facts;
use crate::pointer::Pointer;

use super::{Packaging, Standing, prose};
use crate::package_name::PackageName;

/// The package name of the runtime.
const RUNTIME: &str = "sdk-runtime";
/// The optional dependency that generated code needs for sending. Others belong to our command.
const SENDING: [&str; 1] = ["reqwest"];

/// The manifests that determine the dependencies of generated code.
#[derive(Clone, Copy, Debug)]
pub struct Manifests<'a> {
    /// The manifest of the workspace.
    pub workspace: &'a str,
    /// The manifest of a crate around generated code.
    pub client: &'a str,
    /// The manifest of the runtime.
    pub runtime: &'a str,
}

/// What members of the workspace inherit.
struct Workspace {
    package: Table,
    dependencies: Table,
}

impl Workspace {
    fn parse(manifest: &str) -> Result<Self, Report> {
        let workspace = table(parse(manifest, "Cargo.toml")?, "workspace");
        Ok(Self { package: table(workspace.clone(), "package"), dependencies: table(workspace, "dependencies") })
    }

    /// Returns a dependency of a member with everything that it inherits.
    fn resolved(&self, name: &str, own: &Value) -> Value {
        let Value::Table(own) = own else { return own.clone() };
        if own.get("workspace").and_then(Value::as_bool) != Some(true) {
            return Value::Table(own.clone());
        }
        let mut whole = match self.dependencies.get(name) {
            Some(Value::Table(shared)) => shared.clone(),
            Some(version) => Table::from_iter([("version".to_owned(), version.clone())]),
            None => Table::new(),
        };
        for (key, value) in own.iter().filter(|(key, _)| *key != "workspace") {
            match (whole.get_mut(key), value) {
                (Some(Value::Array(known)), Value::Array(more)) => known.extend(more.iter().cloned()),
                _ => {
                    whole.insert(key.clone(), value.clone());
                }
            }
        }
        Value::Table(whole)
    }

    fn render_key(&self, key: &str) -> String {
        self.package.get(key).map_or_else(String::new, |value| format!("{key} = {value}\n"))
    }
}

/// Returns the licence of the code of the workspace.
///
/// # Errors
///
/// Fails if the manifest cannot be parsed.
pub(super) fn license_of(manifests: &Manifests<'_>) -> Result<String, Report> {
    let workspace = Workspace::parse(manifests.workspace)?;
    let license = workspace.package.get("license").and_then(Value::as_str);
    Ok(license.unwrap_or("the licence of the generator").to_owned())
}

/// Renders the manifest of the runtime, independent of its workspace.
///
/// # Errors
///
/// Fails if a manifest cannot be parsed.
pub fn render_runtime_manifest(manifests: &Manifests<'_>) -> Result<String, Report> {
    let workspace = Workspace::parse(manifests.workspace)?;
    let runtime = parse(manifests.runtime, "runtime/Cargo.toml")?;
    let package = table(runtime.clone(), "package");
    let mut text = String::from("# The code that all generated clients share.\n\n[package]\n");
    for (key, value) in &package {
        let inherits = value.get("workspace").is_some();
        let value = if inherits { workspace.package.get(key) } else { Some(value) };
        // Writing to a string cannot fail.
        let _ = value.map(|value| writeln!(text, "{key} = {value}"));
    }
    text.push_str("\n[features]\n");
    for (feature, parts) in &table(runtime.clone(), "features") {
        let _ = writeln!(text, "{feature} = {parts}");
    }
    text.push_str("\n[dependencies]\n");
    for (name, own) in &table(runtime, "dependencies") {
        let _ = writeln!(text, "{name} = {}", workspace.resolved(name, own));
    }
    Ok(text)
}

/// Renders the manifest of a crate around generated code.
pub(super) fn render_manifest(packaging: &Packaging<'_>, name: &PackageName) -> Result<String, Report> {
    let Packaging { generated, manifests, standing, .. } = packaging;
    let checks = generated.files.contains_key(super::VERIFICATION);
    let features = Features { dispatch: generated.profile.client.dispatch_feature.as_str(), webhooks: checks };
    render(&generated.facts, &features, name, manifests, standing)
}

/// The features that differ between crates.
struct Features<'a> {
    /// The name of the feature that enables calls by name.
    dispatch: &'a str,
    /// Whether there are webhook deliveries to verify.
    webhooks: bool,
}

impl Features<'_> {
    fn render(&self) -> String {
        let mut default = vec!["rustls", "stream", "tracing"];
        let mut enabling = vec![
            ("rustls", "rustls"),
            ("rustls-no-provider", "rustls-no-provider"),
            ("native-tls", "native-tls"),
            ("native-tls-vendored", "native-tls-vendored"),
            ("tracing", "tracing"),
            ("stream", "stream"),
            ("blocking", "blocking"),
            ("tower", "tower"),
            ("test-util", "test-util"),
            (self.dispatch, "dispatch"),
        ];
        if self.webhooks {
            default.push("webhooks");
        }
        let mut text = format!(
            "default = {default:?}\n# Types only, without sending requests: the same as no feature at all.\ntypes = []\n\
             # Sends requests.\nclient = [\"{RUNTIME}/client\", \"dep:reqwest\"]\n"
        );
        enabling.sort_unstable();
        for (feature, of_runtime) in enabling {
            let _ = writeln!(text, "{feature} = [\"client\", \"{RUNTIME}/{of_runtime}\"]");
        }
        let webhooks = if self.webhooks { format!("[\"{RUNTIME}/webhooks\"]") } else { "[]".to_owned() };
        let _ = writeln!(text, "webhooks = {webhooks}");
        text
    }
}

fn render(
    facts: &Facts,
    features: &Features<'_>,
    name: &PackageName,
    manifests: &Manifests<'_>,
    standing: &Standing,
) -> Result<String, Report> {
    let workspace = Workspace::parse(manifests.workspace)?;
    let client = parse(manifests.client, "generated-client/Cargo.toml")?;
    let runtime = match standing {
        Standing::Alone => "runtime",
        Standing::Member { runtime } => runtime,
    };
    let quoted = |text: &str| Value::String(text.to_owned()).to_string();
    let description = format!("Rust client for {}", prose::single_line(prose::title(facts)));
    let mut text = format!(
        "# Generated by `cargo xtask generate`; the next run overwrites it.\n\n[package]\nname = {}\n\
         version = \"0.1.0\"\ndescription = {}\n{}{}\n[package.metadata.docs.rs]\n\
         features = [\"blocking\", {}, \"test-util\", \"tower\"]\n\n[features]\n{}\n[dependencies]\n",
        quoted(name.as_str()),
        quoted(&description),
        workspace.render_key("edition"),
        workspace.render_key("rust-version"),
        quoted(features.dispatch),
        features.render(),
    );
    for (dependency, own) in &table(client.clone(), "dependencies") {
        let optional = own.get("optional").and_then(Value::as_bool) == Some(true);
        if dependency == RUNTIME {
            // What generated code uses of the runtime is exempt from semantic versioning.
            let version = workspace.package.get("version").and_then(Value::as_str).unwrap_or("0.1.0");
            let pinned = quoted(&format!("={version}"));
            let _ = writeln!(
                text,
                "{RUNTIME} = {{ path = {}, version = {pinned}, default-features = false }}",
                quoted(runtime)
            );
        } else if !optional || SENDING.contains(&dependency.as_str()) {
            let _ = writeln!(text, "{dependency} = {}", workspace.resolved(dependency, own));
        }
    }
    text.push_str("\n[dev-dependencies]\n");
    for (dependency, own) in &table(client, "dev-dependencies") {
        let _ = writeln!(text, "{dependency} = {}", workspace.resolved(dependency, own));
    }
    match standing {
        Standing::Alone => text.push_str("\n[workspace]\n"),
        Standing::Member { .. } => {}
    }
    Ok(text)
}

fn parse(text: &str, name: &str) -> Result<Table, Report> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        Report::of(Diagnostic::new(Code::Internal, Pointer::root(), error.message()).in_source(name))
    })
}

fn table(mut whole: Table, key: &str) -> Table {
    match whole.remove(key) {
        Some(Value::Table(table)) => table,
        Some(_) | None => Table::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFESTS: Manifests<'_> = Manifests {
        workspace: "[workspace.package]\nversion = \"1.2.3\"\nedition = \"2024\"\n\
                    [workspace.dependencies]\nbytes = \"1.12\"\n\
                    tokio = { version = \"1.54\", default-features = false, features = [\"net\"] }\n",
        client: "[dependencies]\nbytes.workspace = true\nclap = { version = \"4\", optional = true }\n\
                 sdk-runtime.workspace = true\n[dev-dependencies]\ntokio = { workspace = true, features = [\"rt\"] }\n",
        runtime: "[package]\nname = \"sdk-runtime\"\nversion.workspace = true\n[features]\nrustls = [\"reqwest/rustls\"]\n\
                  [dependencies]\nbytes.workspace = true\nhttpdate = \"1.0.3\"\n[lints]\nworkspace = true\n",
    };

    #[test]
    fn inherited_entries_of_a_manifest_are_expanded() {
        let facts = Facts { title: "Pets \"R\" Us".to_owned(), ..Facts::default() };
        let name = PackageName::from_title(&facts.title);
        let features = Features { dispatch: "dispatch", webhooks: true };
        let alone = render(&facts, &features, &name, &MANIFESTS, &Standing::Alone).unwrap();
        let read: Table = toml::from_str(&alone).unwrap();
        assert_eq!(read["dependencies"]["bytes"]["version"].as_str(), Some("1.12"), "{alone}");
        assert_eq!(read["dependencies"]["sdk-runtime"]["path"].as_str(), Some("runtime"), "{alone}");
        assert_eq!(read["features"]["dispatch"][1].as_str(), Some("sdk-runtime/dispatch"), "{alone}");
        assert_eq!(read["features"]["webhooks"][0].as_str(), Some("sdk-runtime/webhooks"), "{alone}");
        assert_eq!(read["features"]["default"].as_array().map(Vec::len), Some(4), "{alone}");
        assert!(read["dependencies"].get("clap").is_none() && read.contains_key("workspace"), "{alone}");
        let dev = read["dev-dependencies"]["tokio"]["features"].as_array().unwrap();
        assert_eq!(dev.len(), 2, "{alone}");

        let standing = Standing::Member { runtime: "../runtime".to_owned() };
        let member = render(&facts, &features, &name, &MANIFESTS, &standing).unwrap();
        assert!(member.contains("\"../runtime\"") && !member.contains("[workspace]"), "{member}");
    }

    #[test]
    fn runtime_manifest_does_not_depend_on_its_workspace() {
        let text = render_runtime_manifest(&MANIFESTS).unwrap();
        assert!(!text.contains("workspace") && !text.contains("lints"), "{text}");
        let read: Table = toml::from_str(&text).unwrap();
        assert_eq!(read["package"]["version"].as_str(), Some("1.2.3"), "{text}");
        assert_eq!(read["dependencies"]["bytes"]["version"].as_str(), Some("1.12"), "{text}");
    }
}
