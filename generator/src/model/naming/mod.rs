//! Names of all public items other than types, operations and their parts: builders, setters, events, mocks and so on.
//!
//! All of these names are claimed here. A published name does not change: see [`claims`]. The passes must not know how
//! the items are emitted.

mod builders;
mod claims;
mod credentials;
mod environments;
mod fixtures;
mod former;
mod methods;
mod properties;
mod resources;
mod structs;
mod webhooks;

use crate::ir::Api;
use crate::names::Lock;
use crate::profile::Profile;

pub(crate) use credentials::BUILDER_METHODS;
pub(crate) use environments::name_environments;
pub(super) use former::find_former_names;
pub(super) use methods::with_body_name;
pub(super) use properties::name_fields_and_values;

/// Suffix of a resource's name that forms the lock key of its methods.
pub(super) const METHODS: &str = " methods";
/// Lock key of the client as a resource.
pub(super) const CLIENT: &str = "client itself";
/// Names that a file of calls imports.
const IMPORTED: &[&str] = &["Client", "Core", "RequestOptions"];

/// Names all items. Names in `lock` are preserved, new ones are added to `published`.
pub(super) fn name_items(api: &mut Api, profile: &Profile, lock: &Lock, published: &mut Lock) {
    structs::name_setters(&mut api.types, lock, published);
    webhooks::name_events(&mut api.webhooks, lock, published);
    api.environments = name_environments(profile);
    api.credentials = credentials::name_credentials(profile, lock, published);
    api.resources = resources::group_operations(api, lock, published);
    methods::name_methods(api, lock, published);
    builders::name_builders(api, profile, lock, published);
    fixtures::name_fixtures(api, profile, lock, published);
}
