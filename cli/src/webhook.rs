//! Reads the arguments of `extend-ai webhook verify` and verifies the delivery on stdin.
//!
//! Must not know how deliveries are signed, nor what is printed.

use std::io::{self, Read};
use std::time::{Duration, SystemTime};

use clap::{Args, Subcommand};
use extend_ai::dispatch::UsageError;
use extend_ai::webhooks::WebhookError;
use extend_ai::{v2025_04_21, v2026_02_09};
use sdk_runtime::webhooks::{VersionedEvents, Webhooks};

use crate::versions::Version;

/// Commands about webhooks.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Verify the delivery whose body is on stdin, and print the ID and the type of its event
    Verify(Verify),
}

/// Arguments of `extend-ai webhook verify`.
#[derive(Args)]
pub(crate) struct Verify {
    /// Secret of the webhook endpoint [default: EXTEND_WEBHOOK_SECRET, which other users of the machine cannot see]
    #[arg(long, value_name = "SECRET", allow_hyphen_values = true)]
    secret: Option<String>,
    /// Value of the header x-extend-request-timestamp
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    timestamp: String,
    /// Value of the header x-extend-request-signature
    #[arg(long, value_name = "HEX", allow_hyphen_values = true)]
    signature: String,
    /// Version of the API that the endpoint is pinned to
    #[arg(long, value_enum, value_name = "VERSION", default_value_t = Version::V20260209)]
    api_version: Version,
    /// Maximum age of the delivery; 0 disables the check of its time
    #[arg(long, value_name = "SECONDS")]
    max_age: Option<u64>,
    /// Current time, in seconds since 1970, instead of that of the clock
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
}

/// Why a delivery was rejected.
pub(crate) enum Rejection {
    /// The command line is not valid.
    Usage(UsageError),
    /// The delivery is not genuine, or it is not an event.
    Delivery(WebhookError),
}

/// A genuine delivery.
pub(crate) struct Delivered {
    /// ID of the event.
    pub(crate) event_id: String,
    /// Name of the event.
    pub(crate) event_type: String,
    /// The version that the event fits, if it is not the expected one.
    pub(crate) fitting_version: Option<&'static str>,
}

/// Verifies a delivery. A payload that was sent as a link is accepted and not fetched.
pub(crate) fn verify(arguments: Verify) -> Result<Delivered, Rejection> {
    match arguments.api_version {
        Version::V20250421 => verify_as::<v2025_04_21::webhooks::WebhookEvent>(arguments),
        Version::V20260209 => verify_as::<v2026_02_09::webhooks::WebhookEvent>(arguments),
    }
}

/// Verifies a delivery of one version.
fn verify_as<E: VersionedEvents>(arguments: Verify) -> Result<Delivered, Rejection> {
    let usage = |message: String| Rejection::Usage(UsageError::new(message));
    let Verify { secret, timestamp, signature, max_age, now, api_version: _ } = arguments;
    let mut webhooks = match secret {
        Some(secret) => Webhooks::<E>::new(secret),
        None => Webhooks::<E>::from_env().map_err(|error| usage(format!("{error}, or pass --secret")))?,
    };
    webhooks = webhooks.allow_signed_url();
    if let Some(seconds) = max_age {
        webhooks = webhooks.max_age(Duration::from_secs(seconds));
    }
    if let Some(seconds) = now {
        let now = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        webhooks = webhooks.now(now.ok_or_else(|| usage(format!("{seconds} is too late for a time")))?);
    }
    let mut body = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut body);
    read.map_err(|error| usage(format!("the body cannot be read from stdin: {error}")))?;
    let scheme = E::SCHEME;
    let headers = [(scheme.timestamp_header, timestamp), (scheme.signature_header, signature)];
    let event = webhooks.verify_and_parse(&headers, &body).map_err(Rejection::Delivery)?;
    let fitting_version = event.fitting_version();
    Ok(Delivered { event_id: event.event_id, event_type: event.event_type, fitting_version })
}
