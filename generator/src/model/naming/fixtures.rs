//! Fixtures: one sample value for each type of a response or an event.

use std::collections::HashSet;

use crate::ir::{Api, Fixture, Operation, Response, Type};
use crate::model::samples::{Preferences, sample};
use crate::names::{Lock, RustIdent};
use crate::profile::Profile;

use super::claims::{Claims, Wanted};

/// Name of the static that holds the table of fixtures.
const TABLE: &str = "fixtures";

/// Creates and names a fixture for each type of responses, error responses and events.
pub(super) fn name_fixtures(api: &mut Api, profile: &Profile, lock: &Lock, published: &mut Lock) {
    let mut seen: HashSet<&Type> = HashSet::new();
    let mut found: Vec<(RustIdent, Fixture)> = Vec::new();
    for (name, ty, preferred) in candidates(api) {
        if !seen.insert(ty) {
            continue;
        }
        let preferences = Preferences { avoided: &profile.polling.pending, preferred };
        if let Some(value) = sample(&api.types, ty, preferences) {
            found.push((with_cases(name.clone()), Fixture { name, ty: ty.clone(), value }));
        }
    }
    let wanted: Vec<Wanted> =
        found.iter().map(|(name, fixture)| Wanted::new(key(api, fixture), name.clone())).collect();
    let names = Claims::new(lock, TABLE, &[TABLE]).claim(&wanted, published);
    let mut fixtures: Vec<Fixture> =
        found.into_iter().zip(names).map(|((_, fixture), name)| Fixture { name, ..fixture }).collect();
    fixtures.sort_by(|one, other| one.name.cmp(&other.name));
    api.fixtures = fixtures;
}

/// Returns the key of a fixture in the lock: the name of its type, which is locked itself, or else its own name.
fn key(api: &Api, fixture: &Fixture) -> String {
    fixture.ty.named().map_or_else(|| fixture.name.to_string(), |id| api.types.get(id).name.to_string())
}

/// A type with the preferred name of its fixture and the preferred value of enumerations.
type Candidate<'a> = (RustIdent, &'a Type, Option<&'a str>);

fn candidates(api: &Api) -> Vec<Candidate<'_>> {
    let mut found: Vec<Candidate<'_>> = Vec::new();
    for operation in &api.operations {
        let errors = operation.errors.iter().filter_map(|(_, ty)| ty.as_ref());
        let streamed = operation.stream.iter().flat_map(response_types);
        for ty in response_types(&operation.response).chain(streamed).chain(errors) {
            found.push((operation_name(api, ty, operation), ty, None));
        }
    }
    found.extend(api.webhooks.iter().map(|event| {
        // The name of an event ends with the state that it reports, as in `run.failed`.
        let state = event.event.rsplit('.').next();
        (type_name(api, &event.ty, &event.event), &event.ty, state)
    }));
    found.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    found
}

fn response_types(response: &Response) -> Box<dyn Iterator<Item = &Type> + '_> {
    match response {
        Response::Json(ty) | Response::Events(ty) | Response::Lines(ty) => Box::new(std::iter::once(ty)),
        Response::Text | Response::Bytes | Response::Empty => Box::new(std::iter::empty()),
        Response::ByStatus(several) => Box::new(several.iter().flat_map(|(_, response)| response_types(response))),
    }
}

/// Returns the name of a fixture: that of its type or, if the type has none, of the operation that returns it.
fn operation_name(api: &Api, ty: &Type, operation: &Operation) -> RustIdent {
    type_name(api, ty, &format!("{} response", operation.flat_name()))
}

fn type_name(api: &Api, ty: &Type, otherwise: &str) -> RustIdent {
    RustIdent::snake(ty.named().map_or(otherwise, |id| api.types.get(id).name.as_str()))
}

/// The function and the constant of a fixture differ in case only, and some letters have no case.
fn with_cases(name: RustIdent) -> RustIdent {
    if name.constant_case() == name.as_str() { name.with_suffix("_value") } else { name }
}
