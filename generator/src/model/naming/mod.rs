//! Names of everything that a user can type besides types, operations and their parts: builders, setters, events, mocks, ….
//!
//! The one place that claims them. A name that is published stays: see [`claims`]. The passes here must not know how the
//! items are written.

mod builders;
mod claims;
mod environments;
mod fixtures;
mod methods;
mod resources;
mod structs;
mod webhooks;

use crate::ir::Api;
use crate::names::Lock;
use crate::profile::Profile;

pub(crate) use environments::name_environments;
pub(super) use methods::with_body_name;

/// What the lock calls the methods of a resource, after its name.
pub(super) const METHODS: &str = " methods";
/// What the lock calls the client as a resource.
pub(super) const CLIENT: &str = "client itself";
/// Names that a file of calls imports.
const IMPORTED: &[&str] = &["Client", "Core", "RequestOptions"];

/// Names everything. Names in `lock` are kept, new ones are added to `published`.
pub(super) fn name_items(api: &mut Api, profile: &Profile, lock: &Lock, published: &mut Lock) {
    structs::name_setters(&mut api.types, lock, published);
    webhooks::name_events(&mut api.webhooks, lock, published);
    api.environments = name_environments(profile);
    api.resources = resources::group_operations(api, lock, published);
    methods::name_methods(api, lock, published);
    builders::name_builders(api, profile, lock, published);
    fixtures::name_fixtures(api, profile, lock, published);
}
