//! The HTTP side of the runtime against a real server: what is sent, and what becomes of the answers.
//!
//! It must not know any vendor; the API used here is made up.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod client;
#[cfg(test)]
mod requests;
mod server;

use std::time::Duration;

use progenitor_client::{ByteStream, Error as WireError, ResponseValue};
use sdk_runtime::wire::Context;
use sdk_runtime::{
    Core, CoreBuilder, Credential, Deprecation, Environment, Error, Hint, InjectedHeader, Operation, Placement,
    Profile, RawResponse, RequestOptions, Requirement,
};
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
    timeout: Duration::from_secs(30),
    connect_timeout: Duration::from_secs(10),
    max_response_bytes: 1000,
};

static OPERATION: Operation = Operation {
    id: "things.create",
    method: "POST",
    path: "/things",
    summary: "Create a thing",
    deprecated: Deprecation::Current,
    accept: "application/json",
};

/// Sends a request the way generated code does.
async fn send(core: &Core, options: RequestOptions) -> Result<RawResponse, Error> {
    send_with(core, options, |request| request.body("{}")).await
}

async fn send_with(
    core: &Core,
    options: RequestOptions,
    fill: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
) -> Result<RawResponse, Error> {
    let context = Context::new(core.clone(), options, &OPERATION);
    let url = format!("{}/things", context.base_url());
    let request = context.http().post(url);
    let result = wire(&context, fill(request)).await;
    context.receive(result).await
}

async fn wire(
    context: &Context,
    request: reqwest::RequestBuilder,
) -> Result<ResponseValue<ByteStream>, WireError<ByteStream>> {
    let mut request = request.build()?;
    context.prepare(&mut request).map_err(WireError::Custom)?;
    let response = context.execute(context.http(), request).await?;
    match response.status().as_u16() {
        200..=299 => Ok(ResponseValue::stream(response)),
        _ => Err(WireError::ErrorResponse(ResponseValue::stream(response))),
    }
}

#[cfg(test)]
fn builder(server: &Server) -> CoreBuilder {
    Core::builder(&PROFILE).api_key(KEY).base_url(server.url())
}

/// Everything an error shows.
#[cfg(test)]
fn shown(error: &Error) -> String {
    let source = std::error::Error::source(error);
    format!("{error} {error:?} {error:#?} {} {source:?}", error.to_json())
}
