//! Ends the establishment of a connection shortly before the time limit of the attempt that needs it. Such an attempt is
//! known not to have been sent, whereas one that the limit itself ends may have been.
//!
//! It must not know what is sent, nor what the limit of an attempt is.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;
use tower_layer::Layer;
use tower_service::Service;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How long before the limit a connection must be ready, as a part of the limit and in the bounds below. On a busy machine,
/// both timers may have expired when they are looked at, and then the attempt counts as sent.
const PART: u32 = 10;
const LEAST_MARGIN: Duration = Duration::from_millis(3);
const MOST_MARGIN: Duration = Duration::from_millis(200);

tokio::task_local! {
    /// When a connection of the attempt that the current task sends must be ready.
    static READY: Instant;
}

/// Runs the sending of an attempt that must end within a limit: connections that it opens must be ready before.
pub(crate) fn limit_connecting<F: Future>(limit: Duration, sending: F) -> impl Future<Output = F::Output> {
    let margin = (limit / PART).clamp(LEAST_MARGIN, MOST_MARGIN);
    READY.scope(Instant::now() + limit.saturating_sub(margin), sending)
}

/// The layer around the connector of an HTTP client.
#[derive(Clone)]
pub(super) struct ConnectLimit;

impl<S> Layer<S> for ConnectLimit {
    type Service = Limited<S>;

    fn layer(&self, connector: S) -> Limited<S> {
        Limited(connector)
    }
}

/// A connector whose connections must be ready in time. One that is opened for an attempt whose request takes another
/// connection in the meantime belongs to nobody, and its end is not the end of an attempt.
#[derive(Clone)]
pub(super) struct Limited<S>(S);

impl<S, R> Service<R> for Limited<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
    S::Response: 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let connecting = self.0.call(target);
        match READY.try_with(|ready| *ready) {
            Ok(ready) => Box::pin(async move {
                let connected = tokio::time::timeout_at(ready, connecting).await;
                connected.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
            }),
            Err(_) => Box::pin(connecting),
        }
    }
}
