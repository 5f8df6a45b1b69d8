//! Claims of names in one scope: published names first, then new ones.
//!
//! It must not know what the names are for.

use std::collections::BTreeMap;

use crate::names::{Lock, RustIdent, Scope};

/// A name that a member of a scope asks for.
pub(super) struct Wanted {
    /// What the lock calls the member.
    pub key: String,
    /// The name without any collision.
    pub name: RustIdent,
    /// The name when that one is taken.
    pub fallback: RustIdent,
    /// Whether the name is written to the lock.
    pub record: Record,
}

/// When a name is written to the lock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Record {
    /// When it would be another without its neighbors.
    Collision,
    /// Always: an item of another kind may ask for the same name later.
    Always,
}

impl Wanted {
    /// A member that gets a number when its name is taken.
    pub(crate) fn new(key: impl Into<String>, name: RustIdent) -> Self {
        Self { key: key.into(), fallback: name.clone(), name, record: Record::Collision }
    }

    /// A member that gets another name when its own is taken.
    #[must_use]
    pub(crate) fn or(self, fallback: RustIdent) -> Self {
        Self { fallback, ..self }
    }

    /// A member whose name is always written to the lock.
    #[must_use]
    pub(crate) fn recorded(self) -> Self {
        Self { record: Record::Always, ..self }
    }
}

/// A scope in which members claim names.
pub(super) struct Claims<'a> {
    /// What the lock calls the scope.
    owner: String,
    fixed: Scope,
    scope: Scope,
    locked: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Claims<'a> {
    /// Opens a scope in which some names are never given out.
    pub(crate) fn new(lock: &'a Lock, owner: impl Into<String>, fixed: &[&str]) -> Self {
        let owner = owner.into();
        let locked = lock.members.get(&owner);
        let fixed = Scope::reserving(fixed);
        Self { owner, scope: fixed.clone(), fixed, locked }
    }

    /// Gives each member a name, in the order of `wanted`: published names first. Names that the neighbors of a member have
    /// influenced are added to `published`.
    pub(crate) fn claim(&mut self, wanted: &[Wanted], published: &mut Lock) -> Vec<RustIdent> {
        let locked: Vec<Option<RustIdent>> = wanted.iter().map(|member| self.claim_locked(&member.key)).collect();
        let names =
            wanted.iter().zip(locked).map(|(member, locked)| locked.unwrap_or_else(|| pick(&mut self.scope, member)));
        let names: Vec<RustIdent> = names.collect();
        for (member, name) in wanted.iter().zip(&names) {
            if member.record == Record::Always || *name != pick(&mut self.fixed.clone(), member) {
                let members = published.members.entry(self.owner.clone()).or_default();
                members.insert(member.key.clone(), name.to_string());
            }
        }
        names
    }

    /// Claims the published name of a member, unless a line of the lock that was changed by hand gives it to two.
    fn claim_locked(&mut self, key: &str) -> Option<RustIdent> {
        let name = RustIdent::verbatim(self.locked?.get(key)?)?;
        (!self.scope.contains(name.as_str())).then(|| self.scope.claim(name))
    }
}

fn pick(scope: &mut Scope, member: &Wanted) -> RustIdent {
    let free = !scope.contains(member.name.as_str());
    scope.claim(if free { member.name.clone() } else { member.fallback.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(keys: &[&str]) -> Vec<Wanted> {
        keys.iter()
            .map(|key| Wanted::new(*key, RustIdent::snake(key)).or(RustIdent::snake(&format!("other {key}"))))
            .collect()
    }

    #[test]
    fn a_published_name_survives_members_that_come_and_go() {
        let mut published = Lock::default();
        let rows = [
            (vec!["run", "a b", "a_b"], vec!["other_run", "a_b", "other_a_b"]),
            (vec!["a_b"], vec!["other_a_b"]),
            (vec!["other a b", "a_b", "a b"], vec!["other_other_a_b", "other_a_b", "a_b"]),
        ];
        for (keys, expected) in rows {
            let lock = published.clone();
            let names = Claims::new(&lock, "scope", &["run"]).claim(&wanted(&keys), &mut published);
            assert_eq!(names.iter().map(RustIdent::as_str).collect::<Vec<_>>(), expected, "{keys:?}");
        }
        let recorded: Vec<&String> = published.members["scope"].keys().collect();
        assert_eq!(recorded, ["a_b", "other a b"]);
    }
}
