//! A call whose response is a stream of events, which no operation of the API has. Must not know how the server responds.

use std::time::Duration;

use extend_ai::Error;
use sdk_runtime::codegen::{Context, Core, Credential, Framing, Placement, Profile, Requirement, Retrying};
use sdk_runtime::{Deprecation, Environment, Operation, RequestOptions, Security, Values};
use serde_json::Value;

static PROFILE: Profile = Profile {
    name: "soak-sdk",
    version: "0.1.0",
    credential: Credential {
        variable: None,
        placement: Placement::Header { name: "Authorization", prefix: "Bearer " },
        required: Requirement::Required,
    },
    further_credentials: &[],
    environments: &[Environment { name: "production", region: "us", url: "http://127.0.0.1:9", title: "US" }],
    region_variable: None,
    base_url_variable: None,
    headers: &[],
    request_id_headers: &["x-request-id"],
    hints: &[],
    pending_statuses: &[],
    timeout: Duration::from_millis(500),
    connect_timeout: Duration::from_secs(10),
    max_response_bytes: 1 << 20,
    retrying: Retrying {
        max_retries: 0,
        first_delay: Duration::from_secs(1),
        max_delay: Duration::from_secs(60),
        reset_header: None,
        parity_statuses: &[],
    },
    telemetry: sdk_runtime::codegen::telemetry!(),
};

static STREAM: Operation = Operation {
    id: "things.stream",
    method: "GET",
    path: "/things",
    summary: "A stream",
    deprecated: Deprecation::Current,
    accept: "text/event-stream",
    started: &[],
    security: Security::Default,
};

/// Builds the client of the stream.
pub(crate) fn core(key: &str, url: &str) -> Core {
    Core::builder(&PROFILE).api_key(key).base_url(url).build().unwrap()
}

/// Reads a stream to its end or to its first error.
pub(crate) async fn read(core: &Core) -> Result<(), Error> {
    let context = Context::new(core.clone(), RequestOptions::new(), &STREAM);
    let url = context.url(format_args!("/things")).unwrap();
    let request = context.http().get(url).build().map_err(Into::into);
    let opened = context.open(request, Context::prepare).await?;
    let mut values: Values<Value> = Values::open(opened, Framing::Events).await?;
    while let Some(value) = values.next().await {
        value?;
    }
    Ok(())
}
