//! Handles webhook deliveries: verifies them, notes which runs have ended, and returns the status of the response.

use extend_ai::webhooks::{WebhookEvent, Webhooks};
use extend_ai::{HeaderMap, StatusCode};

pub(crate) fn run(webhooks: &Webhooks, headers: &HeaderMap, body: &[u8], ended: &mut Vec<String>) -> StatusCode {
    let event = match webhooks.verify_and_parse(headers, body) {
        Ok(event) => event,
        Err(error) => return error.status(),
    };
    if let WebhookEvent::ExtractRunProcessed(event) = event.event {
        ended.push(event.payload.id);
    } else if let WebhookEvent::ExtractRunFailed(event) = event.event {
        eprintln!("{} failed: {:?}", event.payload.id, event.payload.failure_message);
        ended.push(event.payload.id);
    } else {
        println!("ignored: {}", event.event_type);
    }
    StatusCode::OK
}
