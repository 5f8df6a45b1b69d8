//! Names of webhook events: the variants of `WebhookEvent`.

use crate::ir::Webhook;
use crate::names::{Lock, RustIdent};

use super::claims::{Claims, Wanted};

/// The variant for unknown events.
const UNKNOWN: &str = "Unknown";

/// Names the variant of each event.
pub(super) fn name_events(webhooks: &mut [Webhook], lock: &Lock, published: &mut Lock) {
    let wanted: Vec<Wanted> =
        webhooks.iter().map(|webhook| Wanted::new(&webhook.event, RustIdent::pascal(&webhook.event))).collect();
    let names = Claims::new(lock, "webhooks", &[UNKNOWN]).claim(&wanted, published);
    for (webhook, name) in webhooks.iter_mut().zip(names) {
        webhook.variant = name;
    }
}
