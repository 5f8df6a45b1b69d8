//! What code of users has to change, as far as a program can know: plain data, by the paths of the old client.

use std::collections::BTreeMap;

/// What code of users has to change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// Items and members that have another path: `types::Thing::a` to `types::Thing::first`.
    pub renamed: BTreeMap<String, String>,
    /// Functions with other arguments.
    pub calls: BTreeMap<String, CallChange>,
    /// Items and members that are gone, and what to write instead.
    pub lost: BTreeMap<String, String>,
    /// What is known of the values of the old client.
    pub values: Values,
}

/// Other arguments of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallChange {
    /// The arguments of the new function.
    pub arguments: Vec<NewArgument>,
    /// Arguments of the old function that are setters now: their index, and the setter.
    pub setters: Vec<(usize, String)>,
    /// Arguments of the old function that nothing takes any more.
    pub dropped: Vec<usize>,
}

/// An argument of a function of the new client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewArgument {
    /// The argument of the old function with this index.
    Kept(usize),
    /// One that is new.
    Added {
        /// Its name.
        name: String,
        /// Its type.
        ty: String,
    },
}

/// Which values the functions of a client return, by the paths of their types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Values {
    /// Type and method to the type that the method returns.
    pub methods: BTreeMap<(String, String), String>,
    /// Builder to the type of its response.
    pub responses: BTreeMap<String, String>,
    /// Type and field to the type of the field.
    pub fields: BTreeMap<(String, String), String>,
}

impl Migration {
    /// Returns whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.renamed.is_empty() && self.calls.is_empty() && self.lost.is_empty()
    }
}
