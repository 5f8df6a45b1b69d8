//! Webhook events.

use crate::emit::signatures::type_text;
use crate::ir::Api;

use super::{Item, ItemKind, MemberKind};

/// Returns the enum over the events; nothing when there are none.
pub(super) fn event_items(api: &Api) -> Vec<Item> {
    if api.webhooks.is_empty() {
        return Vec::new();
    }
    let mut events = Item::new(ItemKind::Union, "webhooks", "WebhookEvent");
    for webhook in &api.webhooks {
        let payload = type_text(&api.types, &webhook.ty);
        events.add(MemberKind::Variant, &webhook.variant, format!("({payload}) for `{}`", webhook.event));
    }
    events.add(MemberKind::Variant, "Unknown", "(Value)");
    events.add(MemberKind::Method, "event_type", "() -> Option<&str>");
    vec![events]
}
