//! Tower layers around the sending of each attempt.
//!
//! Retries, the time limits of the call and spans stay outside the layers. It must not know operations.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use reqwest::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::operation::Operation;

/// The error of a layer.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The request of an attempt. Clones share the same request, so a layer can send it more than once unless its body is a
/// stream.
#[derive(Clone)]
pub struct RequestFactory {
    request: Arc<Mutex<Option<Request>>>,
    operation: &'static Operation,
    attempt: u32,
}

impl RequestFactory {
    pub(crate) fn new(request: Request, operation: &'static Operation, attempt: u32) -> Self {
        Self { request: Arc::new(Mutex::new(Some(request))), operation, attempt }
    }

    /// Returns the operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the number of the attempt within the call, counted from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the request, including the credential. Returns `None` if its body is a stream and the request has
    /// already been taken.
    pub fn build(&self) -> Option<Request> {
        let mut request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
        let copy = request.as_ref().and_then(Request::try_clone);
        copy.or_else(|| request.take())
    }

    /// Returns the request with a change applied. Earlier clones remain unchanged, unless the body is a stream: then
    /// they are empty.
    #[must_use]
    pub fn with(self, change: impl FnOnce(&mut Request)) -> Self {
        let request = self.build().map(|mut request| {
            change(&mut request);
            request
        });
        Self { request: Arc::new(Mutex::new(request)), ..self }
    }
}

impl fmt::Debug for RequestFactory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestFactory")
            .field("operation", &self.operation.id)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// A service that sends requests: the HTTP client with the layers around it.
pub struct HttpService(Box<dyn DynService>);

type ResponseFuture = Pin<Box<dyn Future<Output = Result<Response, BoxError>> + Send>>;

/// An object-safe service with a boxed future and a boxed error.
trait DynService: Send {
    fn ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>>;
    fn send(&mut self, request: RequestFactory) -> ResponseFuture;
    fn clone_box(&self) -> Box<dyn DynService>;
}

/// The HTTP client without layers.
#[derive(Clone)]
struct Plain(reqwest::Client);

impl DynService for Plain {
    fn ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn send(&mut self, request: RequestFactory) -> ResponseFuture {
        let http = self.0.clone();
        Box::pin(async move {
            match request.build() {
                Some(request) => Ok(http.execute(request).await?),
                None => Err("the body of the request can be sent only once".into()),
            }
        })
    }

    fn clone_box(&self) -> Box<dyn DynService> {
        Box::new(self.clone())
    }
}

/// A service that a layer of the user returns.
#[derive(Clone)]
struct Layered<S>(S);

impl<S> DynService for Layered<S>
where
    S: Service<RequestFactory, Response = Response> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    fn ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn send(&mut self, request: RequestFactory) -> ResponseFuture {
        let response = self.0.call(request);
        Box::pin(async move { response.await.map_err(Into::into) })
    }

    fn clone_box(&self) -> Box<dyn DynService> {
        Box::new(self.clone())
    }
}

impl HttpService {
    pub(crate) fn new(http: reqwest::Client) -> Self {
        Self(Box::new(Plain(http)))
    }

    /// Waits until the service is ready and sends a request.
    pub(crate) async fn run(mut self, request: RequestFactory) -> Result<Response, BoxError> {
        std::future::poll_fn(|context| self.0.ready(context)).await?;
        self.0.send(request).await
    }
}

impl Service<RequestFactory> for HttpService {
    type Response = Response;
    type Error = BoxError;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.ready(context)
    }

    fn call(&mut self, request: RequestFactory) -> ResponseFuture {
        self.0.send(request)
    }
}

impl Clone for HttpService {
    fn clone(&self) -> Self {
        Self(self.0.clone_box())
    }
}

impl fmt::Debug for HttpService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpService").finish_non_exhaustive()
    }
}

/// A layer around the sending of attempts. It is implemented for every [`tower_layer::Layer`] whose service can be
/// cloned, takes a [`RequestFactory`] and returns a [`reqwest::Response`].
pub trait AttemptLayer: Send + Sync + 'static {
    /// Wraps the service in the layer.
    fn around(&self, inner: HttpService) -> HttpService;
}

impl<L> AttemptLayer for L
where
    L: Layer<HttpService> + Send + Sync + 'static,
    L::Service: Service<RequestFactory, Response = Response> + Clone + Send + 'static,
    <L::Service as Service<RequestFactory>>::Error: Into<BoxError>,
    <L::Service as Service<RequestFactory>>::Future: Send + 'static,
{
    fn around(&self, inner: HttpService) -> HttpService {
        HttpService(Box::new(Layered(self.layer(inner))))
    }
}

/// The layers of a client, innermost first.
#[derive(Clone, Default)]
pub(crate) struct Layers(Vec<Arc<dyn AttemptLayer>>);

impl Layers {
    pub(crate) fn add(&mut self, layer: impl AttemptLayer) {
        self.0.push(Arc::new(layer));
    }

    /// Wraps the HTTP client in all layers; returns `None` if there are no layers.
    pub(crate) fn around(&self, http: &reqwest::Client) -> Option<HttpService> {
        let plain = HttpService::new(http.clone());
        (!self.0.is_empty()).then(|| self.0.iter().fold(plain, |inner, layer| layer.around(inner)))
    }
}
