//! Names that others take over from: each stays as a deprecated alias for one release.

use serde::{Deserialize, Serialize};

use super::{Lock, RustIdent};

/// A name that another one took over from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// The name.
    pub name: String,
    /// The first version of the crate that has both names; unknown before its release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<String>,
}

/// A name in the document that may take over from a published one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renaming {
    /// Of a schema.
    Type {
        /// Its name in the document.
        schema: String,
    },
    /// Of an operation.
    Operation {
        /// `METHOD /path`.
        key: String,
        /// `group.method`, as the document suggests it.
        name: String,
    },
    /// Of a value, a property or a parameter, whose name in Rust follows the one on the wire.
    Member {
        /// Its scope in [`Lock::former_members`].
        scope: String,
        /// What it is called on the wire.
        key: String,
        /// The name that it had in Rust.
        old: String,
        /// The name that it has.
        new: String,
    },
}

/// A deprecated alias, as the lock has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormerAlias {
    /// Its scope in [`Lock::former_members`]; `None` for the type of a schema.
    pub scope: Option<String>,
    /// Its key there.
    pub key: String,
    /// The alias, as users write it.
    pub old: String,
    /// What it stands for.
    pub new: String,
    /// The first version of the crate that has both; unknown before its release.
    pub released: Option<String>,
}

impl Lock {
    /// Lets a name of the document take over, and keeps the name that was there before as a deprecated alias. Returns both names,
    /// the new one last; `None` if they are one, or if something else has the new one.
    pub fn take_over(&mut self, renaming: &Renaming) -> Option<(String, String)> {
        match renaming {
            Renaming::Type { schema } => self.take_over_type(schema),
            Renaming::Operation { key, name } => {
                let is_taken = self.operations.iter().any(|(other, known)| known == name && other != key);
                let old = self.operations.get(key).filter(|old| *old != name && !is_taken)?.clone();
                self.operations.insert(key.clone(), name.clone());
                self.keep_former(Self::OPERATIONS, key, &old);
                Some((old, name.clone()))
            }
            Renaming::Member { scope, key, old, new } => {
                self.keep_former(scope, key, old);
                Some((old.clone(), new.clone()))
            }
        }
    }

    fn keep_former(&mut self, scope: &str, key: &str, name: &str) {
        let former = Former { name: name.to_owned(), released: None };
        self.former_members.entry(scope.to_owned()).or_default().insert(key.to_owned(), former);
    }

    /// Lets the type of a schema have the name that the document suggests, and keeps the name that it had as a deprecated alias.
    fn take_over_type(&mut self, schema: &str) -> Option<(String, String)> {
        let new = RustIdent::pascal(schema).to_string();
        let is_taken = self.types.iter().any(|(identity, name)| *name == new && identity != schema);
        let old = self.types.get(schema).filter(|old| **old != new && !is_taken)?.clone();
        self.types.insert(schema.to_owned(), new.clone());
        // What is called after the type stays.
        let fixtures = self.members.entry("fixtures".to_owned()).or_default();
        let fixture = fixtures.get(&old).cloned().unwrap_or_else(|| RustIdent::snake(&old).to_string());
        fixtures.entry(new.clone()).or_insert(fixture);
        self.former.insert(schema.to_owned(), Former { name: old.clone(), released: None });
        Some((old, new))
    }

    /// Returns the aliases in the lock.
    pub fn former_aliases(&self) -> Vec<FormerAlias> {
        let types = self.former.iter().map(|(schema, former)| FormerAlias {
            scope: None,
            key: schema.clone(),
            old: format!("types::{}", former.name),
            new: format!("types::{}", self.types.get(schema).cloned().unwrap_or_default()),
            released: former.released.clone(),
        });
        let members = self.former_members.iter().flat_map(|(scope, names)| {
            names.iter().map(move |(key, former)| {
                let (old, new) = self.shown(scope, key, &former.name);
                let (scope, released) = (Some(scope.clone()), former.released.clone());
                FormerAlias { scope, key: key.clone(), old, new, released }
            })
        });
        types.chain(members).collect()
    }

    /// Returns an alias and what it stands for as users write them.
    fn shown(&self, scope: &str, key: &str, old: &str) -> (String, String) {
        if scope == Self::OPERATIONS {
            let new = self.operations.get(key).map_or("", String::as_str);
            return (called(old), called(new));
        }
        let (owner, kind) = scope.rsplit_once(' ').unwrap_or((scope, ""));
        let locked = self.members.get(scope).and_then(|names| names.get(key)).cloned();
        let owner_name = self.types.get(owner).map_or(owner, String::as_str);
        match kind {
            "values" => {
                let new = locked.unwrap_or_else(|| RustIdent::pascal(key).to_string());
                (format!("types::{owner_name}::{old}"), format!("types::{owner_name}::{new}"))
            }
            "fields" => {
                let new = locked.unwrap_or_else(|| RustIdent::snake(key).to_string());
                (format!("types::{owner_name}::with_{old}"), format!("types::{owner_name}::with_{new}"))
            }
            _ => {
                let call = called(self.operations.get(owner).map_or(owner, String::as_str));
                (format!("{call}.{old}(…)"), format!("{call}.{}(…)", RustIdent::snake(key)))
            }
        }
    }

    /// Drops an alias.
    pub fn drop_former(&mut self, alias: &FormerAlias) {
        let Some(scope) = &alias.scope else {
            self.former.remove(&alias.key);
            return;
        };
        if let Some(names) = self.former_members.get_mut(scope) {
            names.remove(&alias.key);
        }
        self.former_members.retain(|_, names| !names.is_empty());
    }

    /// Notes the version that is the first with the aliases of the lock.
    pub fn release_former(&mut self, version: &str) {
        let members = self.former_members.values_mut().flat_map(std::collections::BTreeMap::values_mut);
        self.former.values_mut().chain(members).for_each(|former| former.released = Some(version.to_owned()));
    }
}

/// Returns a call as users write it: `files().list(…)`.
fn called(name: &str) -> String {
    match name.split_once('.') {
        Some((group, method)) => format!("{group}().{method}(…)"),
        None => format!("{name}(…)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_name_takes_over_and_the_old_one_is_kept_beside_it() {
        let types = [("Item", "Thing"), ("Same", "Same"), ("Other", "Taken"), ("Taken", "Free")];
        let mut lock = Lock::default();
        lock.types.extend(types.map(|(schema, name)| (schema.to_owned(), name.to_owned())));
        let mut take_over = |schema: &str| lock.take_over(&Renaming::Type { schema: schema.to_owned() });
        assert_eq!(take_over("Item"), Some(("Thing".to_owned(), "Item".to_owned())));
        assert_eq!([take_over("Same"), take_over("Taken"), take_over("None")], [None, None, None]);
        assert_eq!(lock.former["Item"], Former { name: "Thing".to_owned(), released: None });
        assert_eq!(Lock::read(&lock.write()), Ok(lock));
    }
}
