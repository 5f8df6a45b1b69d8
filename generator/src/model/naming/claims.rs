//! Claims names in a scope: published names first, then new ones.
//!
//! It must not know what the names are used for.

use std::collections::BTreeMap;

use crate::names::{Lock, RustIdent, Scope};

/// A name that a member of a scope requests.
pub(super) struct Wanted {
    /// Key of the member in the lock.
    pub key: String,
    /// The preferred name.
    pub name: RustIdent,
    /// The name to use if the preferred one is taken.
    pub fallback: RustIdent,
    /// When the name is written to the lock.
    pub record: Record,
}

/// When a name is written to the lock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Record {
    /// Only if the name was changed by a collision.
    Collision,
    /// Always, because an item of another kind may request the same name later.
    Always,
}

impl Wanted {
    /// Creates a request whose name gets a number if it is taken.
    pub(crate) fn new(key: impl Into<String>, name: RustIdent) -> Self {
        Self { key: key.into(), fallback: name.clone(), name, record: Record::Collision }
    }

    /// Sets the name to use if the preferred one is taken.
    #[must_use]
    pub(crate) fn or(self, fallback: RustIdent) -> Self {
        Self { fallback, ..self }
    }

    /// Requests that the name always be written to the lock.
    #[must_use]
    pub(crate) fn recorded(self) -> Self {
        Self { record: Record::Always, ..self }
    }
}

/// A scope in which members claim names.
pub(super) struct Claims<'a> {
    /// Key of the scope in the lock.
    owner: String,
    fixed: Scope,
    scope: Scope,
    locked: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Claims<'a> {
    /// Opens a scope in which the `fixed` names are reserved.
    pub(crate) fn new(lock: &'a Lock, owner: impl Into<String>, fixed: &[&str]) -> Self {
        let owner = owner.into();
        let locked = lock.members.get(&owner);
        let fixed = Scope::reserving(fixed);
        Self { owner, scope: fixed.clone(), fixed, locked }
    }

    /// Assigns a name to each member, in the order of `wanted`, starting with published names. Names that depend on
    /// other members are added to `published`.
    pub(crate) fn claim(&mut self, wanted: &[Wanted], published: &mut Lock) -> Vec<RustIdent> {
        let locked: Vec<Option<RustIdent>> = wanted.iter().map(|member| self.claim_locked(&member.key)).collect();
        let names =
            wanted.iter().zip(locked).map(|(member, locked)| locked.unwrap_or_else(|| pick(&mut self.scope, member)));
        let names: Vec<RustIdent> = names.collect();
        for (member, name) in wanted.iter().zip(&names) {
            if member.record == Record::Always || *name != alone(&self.fixed, member) {
                let members = published.members.entry(self.owner.clone()).or_default();
                members.insert(member.key.clone(), name.to_string());
            }
        }
        names
    }

    /// Claims the published name of a member, unless a manually edited lock assigns that name twice.
    fn claim_locked(&mut self, key: &str) -> Option<RustIdent> {
        let name = RustIdent::verbatim(self.locked?.get(key)?)?;
        (!self.scope.contains(name.as_str())).then(|| self.scope.claim(name))
    }
}

fn pick(scope: &mut Scope, member: &Wanted) -> RustIdent {
    let free = !scope.contains(member.name.as_str());
    scope.claim(if free { member.name.clone() } else { member.fallback.clone() })
}

/// Returns the name that a member has where no other member claims one.
fn alone(fixed: &Scope, member: &Wanted) -> RustIdent {
    let mut names = [&member.name, &member.fallback].into_iter();
    match names.find(|name| !fixed.contains(name.as_str())) {
        Some(free) => free.clone(),
        None => pick(&mut fixed.clone(), member),
    }
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
    fn published_name_survives_members_that_come_and_go() {
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
