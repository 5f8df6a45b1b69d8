//! The module `testing`: fixtures and mocks.

use crate::emit::signatures::type_text;
use crate::ir::Api;

use super::{Item, ItemKind, MemberKind};

/// Returns the fixtures.
pub(super) fn fixture_items(api: &Api) -> Vec<Item> {
    let function =
        |name, ty: &str| Item::new(ItemKind::Function, "testing::fixtures", name).with_signature(format!("() -> {ty}"));
    api.fixtures.iter().map(|fixture| function(&fixture.name, &type_text(&api.types, &fixture.ty))).collect()
}

/// Returns the methods of the mock server, and the structs that they return.
pub(super) fn mock_items(api: &Api) -> Vec<Item> {
    let mut server = Item::new(ItemKind::Extension, "testing", "MockServer");
    let mut items = Vec::new();
    for resource in api.resources.iter().chain(&api.former.resources) {
        let former = api.former.calls_of(resource).map(|former| &former.method);
        let names = resource.calls.iter().map(|call| &call.mock).chain(former);
        let Some(mock) = &resource.mock else {
            names.for_each(|name| server.add(MemberKind::Method, name, "()"));
            continue;
        };
        server.add(MemberKind::Method, &mock.method, format!("() -> {}", mock.accessor));
        let mut accessor = Item::new(ItemKind::Struct, "testing::mocks", &mock.accessor);
        names.for_each(|name| accessor.add(MemberKind::Method, name, "()"));
        items.push(accessor);
    }
    items.insert(0, server);
    items
}
