//! Reads the arguments of `extend-ai webhook verify` and verifies the delivery on stdin.
//!
//! Must not know how deliveries are signed, nor what is printed.

use std::io::{self, Read};
use std::time::{Duration, SystemTime};

use clap::{Args, Subcommand};
use extend_ai::dispatch::UsageError;
use extend_ai::webhooks::{Event, WebhookError, WebhookEvent, Webhooks};
use sdk_runtime::webhooks::Events;

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

/// Verifies a delivery. A payload that was sent as a link is accepted and not fetched.
pub(crate) fn verify(arguments: Verify) -> Result<Event, Rejection> {
    let usage = |message: String| Rejection::Usage(UsageError::new(message));
    let Verify { secret, timestamp, signature, max_age, now } = arguments;
    let mut webhooks = match secret {
        Some(secret) => Webhooks::new(secret),
        None => Webhooks::from_env().map_err(|error| usage(format!("{error}, or pass --secret")))?,
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
    let scheme = <WebhookEvent as Events>::SCHEME;
    let headers = [(scheme.timestamp_header, timestamp), (scheme.signature_header, signature)];
    webhooks.verify_and_parse(&headers, &body).map_err(Rejection::Delivery)
}
