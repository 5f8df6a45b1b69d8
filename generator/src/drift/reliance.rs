//! What the loops of a client rely on: the statuses that end a run, and the tokens that lead to the next page. A change of these is
//! no error of any single call. Compares nothing itself.

use std::collections::HashSet;

use serde_json::Value;

use crate::contract::{Contract, SchemaId};
use crate::ir::{Api, Kind, PropertyPath, Response, Role, RunProperty, Type};

use super::aspect::{Aspect, Plain};
use super::finding::{Finding, Key};
use super::level::Wire;

/// Properties of the old document that loops read.
pub(super) struct Reliance {
    /// Schemas of statuses.
    statuses: HashSet<SchemaId>,
    /// Statuses that ended some run so far.
    ends: HashSet<String>,
    /// Properties with a token, by the schemas that have them.
    tokens: HashSet<(SchemaId, String)>,
}

impl Reliance {
    /// Reads what the loops of a client rely on.
    pub(super) fn of(api: &Api, contract: &Contract) -> Self {
        let ends = api.operations.iter().filter_map(|operation| operation.role.as_ref()).flat_map(end_statuses);
        let mut found = Self { statuses: HashSet::new(), tokens: HashSet::new(), ends: ends.cloned().collect() };
        for operation in &api.operations {
            let Response::Json(ty) = &operation.response else { continue };
            for path in operation.role.iter().flat_map(status_paths) {
                found.add_status(api, contract, (ty, path));
            }
            if let Some(Role::State(state)) = &operation.role
                && let RunProperty::OfVariants { id, variants, .. } = &state.status
                && let Kind::Union(union) = &api.types.get(*id).kind
            {
                for (variant, path) in union.variants.iter().zip(variants) {
                    found.add_status(api, contract, (&variant.ty, path));
                }
            }
            let cursor = operation.pagination.as_ref().and_then(|pagination| pagination.cursor.as_ref());
            found.tokens.extend(cursor.and_then(|cursor| property_at(api, contract, (ty, &cursor.token))));
        }
        found
    }

    fn add_status(&mut self, api: &Api, contract: &Contract, at: (&Type, &PropertyPath)) {
        if let Some((owner, name)) = property_at(api, contract, at)
            && let Some(property) = contract.schema(owner).properties.get(&name)
        {
            self.statuses.insert(property.value.schema);
        }
    }

    /// Returns whether one of some statuses may end no run.
    fn goes_on(&self, statuses: &Value) -> bool {
        let mut statuses = statuses.as_array().into_iter().flatten().filter_map(Value::as_str);
        statuses.any(|status| !self.ends.contains(status))
    }

    /// Raises the level of a finding that ends a loop too early, and says so in it.
    pub(super) fn explain(&self, finding: &mut Finding) {
        let is_status = |key: &Key| matches!(key, Key::OldSchema(id) if self.statuses.contains(id));
        let is_token =
            |key: &Key| matches!(key, Key::OldProperty(id, name) if self.tokens.contains(&(*id, name.clone())));
        let detail = match finding.aspect {
            Aspect::Plain(Plain::EnumValueAdded)
                if finding.keys.iter().any(is_status) && self.goes_on(&finding.after) =>
            {
                "a client that waits for a run takes a status that it does not know for the end"
            }
            Aspect::PropertyRemoved(_) | Aspect::PropertyRenamed | Aspect::PropertiesMoved
                if finding.keys.iter().any(is_token) =>
            {
                "lists end after their first page"
            }
            Aspect::Plain(_)
            | Aspect::Bound(_, _)
            | Aspect::PropertyAdded(_)
            | Aspect::PropertyRemoved(_)
            | Aspect::PropertyRenamed
            | Aspect::PropertiesMoved
            | Aspect::ParameterAdded(_)
            | Aspect::Whole(_) => return,
        };
        finding.response = finding.response.max(Wire::Risky);
        let known = std::mem::take(&mut finding.detail);
        finding.detail = if known.is_empty() { detail.to_owned() } else { format!("{known}; {detail}") };
    }
}

/// Returns the statuses that end a run.
fn end_statuses(role: &Role) -> &[String] {
    match role {
        Role::State(state) => &state.end_statuses,
        Role::Batch(batch) => &batch.end_statuses,
        Role::Start(_) => &[],
    }
}

/// Returns where a response has a status, if that is one place.
fn status_paths(role: &Role) -> Option<&PropertyPath> {
    match role {
        Role::State(state) => match &state.status {
            RunProperty::Direct(path) => Some(path),
            RunProperty::OfVariants { .. } => None,
        },
        Role::Batch(batch) => Some(&batch.status),
        Role::Start(_) => None,
    }
}

/// Returns the schema that has the property at the end of a path, and its name.
fn property_at(api: &Api, contract: &Contract, (ty, path): (&Type, &PropertyPath)) -> Option<(SchemaId, String)> {
    let (mut ty, mut found) = (ty, None);
    for step in &path.0 {
        let structure = api.types.structure(ty)?;
        let field = structure.fields.iter().find(|field| field.wire == step.wire)?;
        let owner = api.types.resolve(ty).named()?;
        let schema = contract.at(&api.types.get(owner).origin.to_string())?;
        found = Some((schema, field.wire.0.clone()));
        ty = &field.ty;
    }
    found
}
