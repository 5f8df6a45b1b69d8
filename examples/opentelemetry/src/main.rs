//! Prints the spans of a call as OpenTelemetry sees them.
//!
//! Run it with `EXTEND_API_KEY=… cargo run`. For a collector, put the exporter of `opentelemetry-otlp` in place of the one that
//! prints; nothing else changes.

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let provider =
        SdkTracerProvider::builder().with_simple_exporter(opentelemetry_stdout::SpanExporter::default()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("opentelemetry-example"));
    // `extend_ai` is the target of all spans and events of the client. The libraries below it have spans of their own.
    let ours = tracing_subscriber::filter::Targets::new()
        .with_target("extend_ai", tracing_subscriber::filter::LevelFilter::INFO);
    tracing_subscriber::registry().with(layer).with(ours).init();

    let listed = extend_ai::Client::from_env()?.files().list().await;
    // Spans are exported when they end; what is still on its way is exported here.
    provider.shutdown()?;
    println!("{} files", listed?.data.len());
    Ok(())
}
