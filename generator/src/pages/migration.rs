//! The page for those who move from one version of an API to another: what became of each operation and of each field. Knows no
//! version by name.

use std::fmt::Write as _;

use super::fields::{Field, renamed_fields};
use super::{DescribedVersion, Endpoint, NOTICE};
use crate::path_template::remove_names;

/// Renders the page about moving from an older version to a newer one. `guide` is a page of the crate's documentation, whose
/// code is compiled; the calls below its heading `Moving from …` become a part of this page.
pub fn render_migration(old: &DescribedVersion<'_>, new: &DescribedVersion<'_>, guide: Option<&str>) -> String {
    let (from, to) = (old.name, new.name);
    let (old_library, new_library) = (old.library(), new.library());
    let mut text = format!(
        "{NOTICE}# Moving from {from} to {to}\n\nThe client of {from} is `{old_library}::Client`, that of {to} `{new_library}::Client`. \
         A program can use both at once, and move call by call: `Client::from_core` makes one from the other's `core()`.\n\n\
         {}## Operations\n\nOne row for each operation of {from}. `client` is that of the version.\n\n\
         | {from} | Rust | {to} | Rust |\n|---|---|---|---|\n",
        guide.map(|guide| calls(guide, from)).unwrap_or_default()
    );
    for endpoint in old.operations() {
        let label = label(&endpoint);
        let (new_label, new_rust) = match successor(&endpoint, old, new) {
            Some(found) => (self::label(&found), format!("`client.{}`", found.rust())),
            None => ("none".to_owned(), String::new()),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {label} | `client.{}` | {new_label} | {new_rust} |", endpoint.rust());
    }
    let _ = write!(
        text,
        "\n## Fields\n\nFields of {from} that have another name or no counterpart in {to}, by the operation of {to}. A path leads \
         into objects, `[]` into lists. Responses of {from} are envelopes with the flag `success`, which {to} has only for the operations \
         that it inherited.\n\n| operation | where | {from} | {to} |\n|---|---|---|---|\n"
    );
    for Field { operation, place, old, new: target } in fields(old, new) {
        let operation = new.find(&operation).map_or(operation, |endpoint| endpoint.operation.key());
        let new = match target {
            Some(new) if new.contains(' ') => new,
            Some(new) => format!("`{new}`"),
            None => "none".to_owned(),
        };
        let _ = writeln!(text, "| `{operation}` | {place} | `{old}` | {new} |");
    }
    text
}

/// Returns the calls of a guide in both versions, without the lines that rustdoc hides.
fn calls(guide: &str, from: &str) -> String {
    let Some((_, part)) = guide.split_once(&format!("\n# Moving from {from}\n")) else { return String::new() };
    let mut text = "## Calls\n\nThe calls that are used most: `old` is the client of the older version, `new` that of the newer one.\n\n"
        .to_owned();
    let mut is_code = false;
    for line in part.lines().skip_while(|line| !line.starts_with("## ")) {
        if line.starts_with("```") {
            is_code = !is_code;
            text.push_str(if is_code { "```rust\n" } else { "```\n" });
        } else if is_code {
            let is_hidden = line == "#" || line.starts_with("# ");
            if !is_hidden {
                let _ = writeln!(text, "{line}");
            }
        } else if line.starts_with("# ") {
            break;
        } else if let Some(heading) = line.strip_prefix("## ") {
            let _ = writeln!(text, "### {heading}");
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
    text.truncate(text.trim_end().len());
    text.push_str("\n\n");
    text
}

fn label(endpoint: &Endpoint<'_>) -> String {
    format!("`{}`", endpoint.operation.key())
}

/// Returns the operation of the newer version that takes the place of one.
fn successor<'a>(
    endpoint: &Endpoint<'_>,
    old: &DescribedVersion<'_>,
    new: &'a DescribedVersion<'_>,
) -> Option<Endpoint<'a>> {
    let named = old.generated.profile.migration.operations.get(&endpoint.operation.key());
    match named {
        Some(key) => new.find(&anonymous_key(key)),
        None => new.find(&endpoint.key()),
    }
}

fn anonymous_key(key: &str) -> String {
    key.split_once(' ').map_or_else(|| key.to_owned(), |(method, path)| format!("{method} {}", remove_names(path)))
}

fn fields(old: &DescribedVersion<'_>, new: &DescribedVersion<'_>) -> Vec<Field> {
    let profile = &old.generated.profile;
    let headers: Vec<&str> = profile.headers.iter().map(|header| header.name.as_str()).collect();
    renamed_fields([&old.document, &new.document], &profile.migration.operations, &profile.migration.fields, &headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_those_below_the_heading_of_the_version_without_hidden_lines() {
        let guide = "Text.\n\n# Moving from 1\n\nAbout.\n\n## Run\n\n```no_run\n# use x;\n#\n#[a]\nold.run();\n```\n\n# Else\n\n## No\n";
        let expected = "## Calls\n\nThe calls that are used most: `old` is the client of the older version, `new` that of the newer one.\n\n\
                        ### Run\n\n```rust\n#[a]\nold.run();\n```\n\n";
        assert_eq!(calls(guide, "1"), expected);
        assert_eq!(calls(guide, "2"), "");
    }
}
