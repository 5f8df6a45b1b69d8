//! Events as arguments of handlers of axum: a delivery is read, verified and parsed before the handler runs.
//!
//! It must not know routes, nor what a handler does.

use std::fmt;

use axum_core::body::Body;
use axum_core::extract::rejection::BytesRejection;
use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;

use super::{Event, Events, WebhookError, Webhooks};

/// Why a delivery is refused before its handler runs.
///
/// As a response it has the status that makes the server do the right thing, and no body: 401 if the delivery is not proved to be
/// genuine, 400 if a genuine one is no event, and what axum says of a body that is too large or does not arrive.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// The body is too large, or did not arrive.
    Body(BytesRejection),
    /// The delivery is not genuine, or no event.
    Refused(WebhookError),
}

impl fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(rejection) => rejection.fmt(f),
            Self::Refused(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WebhookRejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Body(rejection) => Some(rejection),
            Self::Refused(error) => Some(error),
        }
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Body(rejection) => rejection.status(),
            Self::Refused(error) => error.status(),
        };
        // Whoever sent it learns nothing more.
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        response
    }
}

/// Verifies and parses a delivery with the [`Webhooks`] in the state. The body may be as large as axum's `DefaultBodyLimit` allows.
impl<E, S> FromRequest<S> for Event<E>
where
    E: Events + Send,
    S: Send + Sync,
    Webhooks<E>: FromRef<S>,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookRejection> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state).await.map_err(WebhookRejection::Body)?;
        Webhooks::<E>::from_ref(state).verify_and_parse(&headers, &body).map_err(WebhookRejection::Refused)
    }
}
