//! The signature of a delivery of 1 MB: checked by the client, and by hmac alone.
//!
//! It must not know how it is measured.

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use extend_ai::webhooks::Webhooks;
use hmac::{Hmac, KeyInit, Mac};
use overhead::meter::measure;
use sha2::Sha256;

const SECRET: &str = "wss_bench";
const SENT: u64 = 1_767_225_600;

/// Runs the scenario in one way; `None` if there is no such way.
pub fn run(way: &str, rounds: u32) -> Option<bool> {
    let body = vec![b'x'; 1 << 20];
    let timestamp = SENT.to_string();
    let given = compute(&timestamp, &body).finalize().into_bytes();
    let hex: String = given.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(match way {
        "client" => {
            let webhooks: Webhooks = Webhooks::new(SECRET).now(SystemTime::UNIX_EPOCH + Duration::from_secs(SENT));
            let headers =
                [("x-extend-request-timestamp", timestamp.as_str()), ("x-extend-request-signature", hex.as_str())];
            measure(rounds, body.len(), || webhooks.verify(&headers, black_box(&body)).is_ok())
        }
        "hmac" => measure(rounds, body.len(), || compute(&timestamp, black_box(&body)).verify_slice(&given).is_ok()),
        _ => return None,
    })
}

fn compute(timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key may have any length");
    mac.update(format!("v0:{timestamp}:").as_bytes());
    mac.update(body);
    mac
}
