//! Arguments of a function that came, went, moved or became setters. Knows nothing of types and operations.

use std::collections::BTreeMap;

use crate::surface::split_signature;

use super::migration::{CallChange, NewArgument};

/// What an argument is, whatever it is called in Rust.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// A parameter, by its wire name.
    Parameter(String),
    /// A property, by its wire name.
    Property(String),
    /// The body.
    Body,
}

/// A function of the new client.
pub(super) struct Signature<'a> {
    /// Its arguments.
    pub(super) parts: Vec<Part>,
    /// Its arguments as text: `(a: A, b: B) -> C`.
    pub(super) text: Option<&'a str>,
    /// Setters of what it returns.
    pub(super) setters: BTreeMap<Part, String>,
}

/// Returns what becomes of the arguments of a call; `None` if they are the same.
pub(super) fn change_of(old: &[Part], new: &Signature<'_>) -> Option<CallChange> {
    if old == new.parts.as_slice() {
        return None;
    }
    let texts = new.text.and_then(split_signature).map(|(arguments, _)| arguments).unwrap_or_default();
    let named = |index: usize| {
        let (name, ty) = texts.get(index).copied().unwrap_or(("", ""));
        NewArgument::Added { name: name.to_owned(), ty: ty.to_owned() }
    };
    let place = |part: &Part| old.iter().position(|known| known == part);
    let all = new.parts.iter().enumerate();
    let arguments = all.map(|(index, part)| place(part).map_or_else(|| named(index), NewArgument::Kept)).collect();
    let mut change = CallChange { arguments, ..CallChange::default() };
    for (index, part) in old.iter().enumerate().filter(|(_, part)| !new.parts.contains(part)) {
        match new.setters.get(part) {
            Some(setter) => change.setters.push((index, setter.clone())),
            None => change.dropped.push(index),
        }
    }
    Some(change)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_followed_by_what_they_are() {
        let part = |name: &str| Part::Property(name.to_owned());
        let new = Signature {
            parts: vec![part("c"), part("a")],
            text: Some("(c: impl Into<C>, a: A) -> Self"),
            setters: BTreeMap::from([(part("b"), "with_b".to_owned())]),
        };
        let change = change_of(&[part("a"), part("b"), part("d")], &new).unwrap();
        let added = NewArgument::Added { name: "c".to_owned(), ty: "impl Into<C>".to_owned() };
        assert_eq!(change.arguments, [added, NewArgument::Kept(0)]);
        assert_eq!(change.setters, [(1, "with_b".to_owned())]);
        assert_eq!(change.dropped, [2]);
        assert_eq!(change_of(&[part("c"), part("a")], &new), None);
    }
}
