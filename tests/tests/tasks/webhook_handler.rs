//! Handles webhook deliveries: verifies them, notes which runs have ended, and returns the status of the response.

use extend_ai::webhooks::{WebhookEvent, Webhooks};
use extend_ai::{HeaderMap, StatusCode};

pub(crate) fn run(webhooks: &Webhooks, headers: &HeaderMap, body: &[u8], ended: &mut Vec<String>) -> StatusCode {
    let event = match webhooks.verify_and_parse(headers, body) {
        Ok(event) => event,
        Err(error) => return error.status(),
    };
    match event.event {
        WebhookEvent::ExtractRunProcessed(event) => ended.push(event.payload.id),
        WebhookEvent::ExtractRunFailed(event) => {
            eprintln!("{} failed: {:?}", event.payload.id, event.payload.failure_message);
            ended.push(event.payload.id);
        }
        _ => println!("ignored: {}", event.event_type),
    }
    StatusCode::OK
}
