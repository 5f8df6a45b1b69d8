//! The page with every endpoint of every version, in the order of the vendor's navigation. Knows no version by name.

use std::fmt::Write as _;

use super::{DescribedVersion, NOTICE};

/// Renders the page. The newest version comes first.
pub fn render_endpoints(versions: &[DescribedVersion<'_>]) -> String {
    let mut text = format!(
        "{NOTICE}# Endpoints\n\nEvery operation of every version of the API in the order of its navigation, with the call in each \
         version that has it. `client` is that of the version.\n"
    );
    for version in versions.iter().rev() {
        write_version(&mut text, version, versions);
    }
    text
}

fn write_version(text: &mut String, version: &DescribedVersion<'_>, all: &[DescribedVersion<'_>]) {
    // Writing to a string cannot fail.
    let count = version.operations().count();
    let _ = write!(text, "\n## {}\n\n{count} operations, in `{}`.\n", version.name, version.library());
    let mut sections: Vec<&str> = Vec::new();
    for tag in version.document.get("tags").and_then(serde_json::Value::as_array).into_iter().flatten() {
        sections.extend(tag.get("name").and_then(serde_json::Value::as_str));
    }
    for endpoint in version.operations() {
        let section = version.section(endpoint.operation);
        if !sections.contains(&section) {
            sections.push(section);
        }
    }
    for section in sections {
        write_section(text, version, section, all);
    }
}

fn write_section(text: &mut String, version: &DescribedVersion<'_>, section: &str, all: &[DescribedVersion<'_>]) {
    let of_section = version.operations().filter(|endpoint| version.section(endpoint.operation) == section);
    let endpoints: Vec<_> = of_section.collect();
    if endpoints.is_empty() {
        return;
    }
    let columns: String = all.iter().map(|version| format!(" {} |", version.name)).collect();
    let rules = "---|".repeat(all.len());
    // Writing to a string cannot fail.
    let _ = write!(text, "\n### {section} ({})\n\n| method | path |{columns}\n|---|---|{rules}\n", endpoints.len());
    for endpoint in endpoints {
        let key = endpoint.key();
        let calls = all.iter().map(|version| match version.find(&key) {
            Some(found) => format!(" `client.{}` |", found.rust()),
            None => " |".to_owned(),
        });
        let calls: String = calls.collect();
        let _ = writeln!(text, "| {} | `{}` |{calls}", endpoint.operation.method, endpoint.operation.path);
    }
}
