//! The lock of names already published: `names.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;

use super::Former;

/// The names already published: an upstream rename never silently renames a Rust item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lock {
    /// The path of the first server, which belongs to the URL of every operation; unknown in older locks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// `METHOD /path` to `group.method`.
    pub operations: BTreeMap<String, String>,
    /// Name of a schema to name of its Rust type.
    pub types: BTreeMap<String, String>,
    /// Place of an inline schema with a title to the name under which `types` has it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, String>,
    /// Name of a union to names of its variants, where they are not those of their tag or type.
    pub variants: BTreeMap<String, BTreeMap<String, String>>,
    /// Name of a schema to the order of its constructor's arguments, where there are several.
    pub arguments: BTreeMap<String, Vec<String>>,
    /// `METHOD /path` to the optional parameters of an operation whose body is spread over the builder.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Vec<String>>,
    /// Scope to the names in it that would be others without their neighbors.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<String, BTreeMap<String, String>>,
    /// Name of a schema to the name that its type had before, which stays as a deprecated alias for one release.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub former: BTreeMap<String, Former>,
    /// The same of other items: `operations` with `METHOD /path`, `NAME values`, `NAME fields` and `METHOD /path parameters` with
    /// what they are called on the wire.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub former_members: BTreeMap<String, BTreeMap<String, Former>>,
}

const HEADER: &str =
    "# The Rust names already published. Written by `cargo xtask regen`; a line changed by hand is kept, so an
# item can be renamed here on purpose. A name the document stopped using is kept too, and reported.
";

impl Lock {
    /// Scope of operations in [`former_members`](Self::former_members).
    pub const OPERATIONS: &str = "operations";

    /// Reads `names.toml`; an empty text is an empty lock.
    ///
    /// # Errors
    ///
    /// The text is no TOML of this form.
    pub fn read(text: &str) -> Result<Self, Report> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let line = error.span().map(|span| 1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count());
            let diagnostic = Diagnostic::new(Code::Names, Pointer::root(), error.message())
                .in_source("names.toml")
                .at_line(line)
                .expected("`prefix`, and tables `operations`, `types`, `places`, `variants`, `arguments`, `parameters`, `members`, `former` and `former_members`")
                .help("restore the file from version control, or delete it to start anew");
            Report::of(diagnostic)
        })
    }

    /// Adds the names of another lock, which take precedence.
    pub(crate) fn prefer(&mut self, other: &Self) {
        let names = |table: &BTreeMap<String, String>| table.clone();
        self.operations.extend(names(&other.operations));
        self.types.extend(names(&other.types));
        for (mine, others) in [(&mut self.variants, &other.variants), (&mut self.members, &other.members)] {
            for (scope, table) in others {
                mine.entry(scope.clone()).or_default().extend(names(table));
            }
        }
        self.former.clone_from(&other.former);
        self.former_members.clone_from(&other.former_members);
    }

    /// Moves what belongs to an operation to the key that it has now.
    pub(crate) fn move_operation(&mut self, from: &str, to: &str) {
        move_key(&mut self.operations, from, to);
        move_key(&mut self.parameters, from, to);
        move_key(&mut self.members, from, to);
        if let Some(former) = self.former_members.get_mut(Self::OPERATIONS) {
            move_key(former, from, to);
        }
        move_key(&mut self.former_members, &format!("{from} parameters"), &format!("{to} parameters"));
        for names in self.members.values_mut() {
            let keys: Vec<String> = names.keys().cloned().collect();
            for key in keys {
                match key.strip_prefix(from) {
                    Some(rest) if rest.is_empty() || rest.starts_with(' ') => {
                        move_key(names, &key, &format!("{to}{rest}"));
                    }
                    Some(_) | None => {}
                }
            }
        }
    }

    /// Moves what belongs to the type of a schema to the identity that it has now.
    pub(crate) fn move_type(&mut self, from: &str, to: &str) {
        move_key(&mut self.types, from, to);
        move_key(&mut self.variants, from, to);
        move_key(&mut self.arguments, from, to);
        move_key(&mut self.former, from, to);
        for scope in ["fields", "setters", "values"] {
            let (from, to) = (format!("{from} {scope}"), format!("{to} {scope}"));
            move_key(&mut self.members, &from, &to);
            move_key(&mut self.former_members, &from, &to);
        }
    }

    /// The text of `names.toml`.
    pub fn write(&self) -> String {
        let body = toml::to_string(self).unwrap_or_default();
        format!("{HEADER}\n{body}")
    }
}

fn move_key<T>(table: &mut BTreeMap<String, T>, from: &str, to: &str) {
    if let Some(value) = table.remove(from) {
        table.entry(to.to_owned()).or_insert(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_survives_writing_and_reading() {
        let mut lock = Lock::default();
        lock.operations.insert("POST /extract_runs".to_owned(), "extract_runs.create".to_owned());
        lock.arguments.insert("A".to_owned(), vec!["x".to_owned(), "y".to_owned()]);
        assert_eq!(Lock::read(&lock.write()), Ok(lock));
        assert_eq!(Lock::read(""), Ok(Lock::default()));
        assert!(Lock::read("types = 1").is_err());
    }
}
