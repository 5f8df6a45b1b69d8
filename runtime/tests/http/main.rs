//! The HTTP side of the runtime against a real server: what is sent, and how responses are read.
//!
//! It must not know any vendor; the API used here is made up.

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod client;
mod clock;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod links;
#[cfg(test)]
#[cfg(feature = "test-util")]
mod mocks;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod responses;
#[cfg(test)]
mod retries;
#[cfg(test)]
mod secrets;
mod server;
#[cfg(test)]
mod stalls;
#[cfg(test)]
mod streams;
#[cfg(test)]
#[cfg(feature = "tracing")]
mod traces;
#[cfg(test)]
mod uploads;
#[cfg(test)]
mod waits;

use std::time::Duration;

use sdk_runtime::codegen::{BuildError, Context};
use sdk_runtime::codegen::{
    Core, CoreBuilder, Credential, Hint, InjectedHeader, Placement, Profile, Requirement, Retrying,
};
use sdk_runtime::{Deprecation, Environment, Error, Operation, RawResponse, RequestOptions, Security};

use clock::FakeClock;
use server::Server;

const KEY: &str = "sk_hunter2";

static PROFILE: Profile = Profile {
    name: "demo-sdk",
    version: "0.1.0",
    credential: Credential {
        variable: Some("DEMO_KEY"),
        placement: Placement::Header { name: "Authorization", prefix: "Bearer " },
        required: Requirement::Required,
    },
    further_credentials: &[],
    environments: &[
        Environment { name: "production", region: "us", url: "https://api.example.com", title: "US" },
        Environment { name: "production_eu", region: "eu", url: "https://eu.example.com/base/", title: "EU" },
    ],
    region_variable: Some("DEMO_REGION"),
    base_url_variable: Some("DEMO_URL"),
    headers: &[
        InjectedHeader { name: "x-demo-version", default: Some("2026-01-01"), variable: Some("DEMO_VERSION") },
        InjectedHeader { name: "x-demo-workspace", default: None, variable: Some("DEMO_WORKSPACE") },
    ],
    request_id_headers: &["x-demo-request-id", "x-request-id"],
    hints: &[Hint { status: 401, text: "check DEMO_KEY" }],
    pending_statuses: &["PENDING", "PROCESSING"],
    timeout: Duration::from_secs(30),
    connect_timeout: Duration::from_secs(10),
    max_response_bytes: 1000,
    retrying: Retrying {
        max_retries: 2,
        first_delay: Duration::from_secs(1),
        max_delay: Duration::from_secs(60),
        reset_header: Some("x-ratelimit-reset"),
        parity_statuses: &[408, 429],
    },
    telemetry: sdk_runtime::codegen::telemetry!(),
};

static OPERATION: Operation = operation("things.create", "POST");
static GET: Operation = operation("things.get", "GET");

const fn operation(id: &'static str, method: &'static str) -> Operation {
    let deprecated = Deprecation::Current;
    let accept = "application/json";
    Operation {
        id,
        method,
        path: "/things",
        summary: "A thing",
        deprecated,
        accept,
        started: &[],
        security: Security::Default,
    }
}

/// Sends a request the way generated code does.
async fn send(core: &Core, options: RequestOptions) -> Result<RawResponse, Error> {
    send_with(core, options, |request| request.body("{}")).await
}

async fn send_with(
    core: &Core,
    options: RequestOptions,
    fill: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
) -> Result<RawResponse, Error> {
    call(core, options, &OPERATION, fill).await
}

/// Sends a request without a body.
async fn get(core: &Core, options: RequestOptions) -> Result<RawResponse, Error> {
    call(core, options, &GET, |request| request).await
}

async fn call(
    core: &Core,
    options: RequestOptions,
    operation: &'static Operation,
    fill: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
) -> Result<RawResponse, Error> {
    let context = Context::new(core.clone(), options, operation);
    let request = built(&context, fill);
    context.send(request, Context::prepare).await
}

/// What a generated function builds.
fn built(
    context: &Context,
    fill: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
) -> Result<reqwest::Request, BuildError> {
    let method = context.operation().method.parse().unwrap_or(reqwest::Method::GET);
    let url = context.url(format_args!("/things"))?;
    Ok(fill(context.http().request(method, url)).build()?)
}

#[cfg(test)]
fn builder(server: &Server) -> CoreBuilder {
    Core::builder(&PROFILE).api_key(KEY).base_url(server.url()).clock(FakeClock::new())
}

/// Everything an error shows.
#[cfg(test)]
fn shown(error: &Error) -> String {
    let source = std::error::Error::source(error);
    format!("{error} {error:?} {error:#?} {} {source:?}", error.to_json())
}
