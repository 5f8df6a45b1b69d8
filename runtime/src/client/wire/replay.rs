//! What another attempt can be made from, kept before the first one is sent.
//!
//! It must not know when there is another attempt.

use http::header;
use reqwest::{Client, Request, RequestBuilder};

use super::error_context::cannot_build;
use crate::client::error::Error;
use crate::client::upload::OpenForm;
use crate::multipart::Form;
use crate::operation::Operation;

/// The request once more.
pub(super) enum Replay {
    /// As it is: no body, or one in memory.
    Request(Box<Request>),
    /// Everything but the body, and the form the body is written from. The parts of a form are read while they are sent.
    Form(Box<Request>, Form),
    /// Nothing: the body can be read once.
    None,
}

impl Replay {
    /// Keeps what is needed to send a request again.
    pub(super) fn new(request: &Request, form: Option<Form>) -> Self {
        if request.body().is_none() {
            return Self::Request(head(request));
        }
        match (request.try_clone(), form) {
            (Some(copy), _) => Self::Request(Box::new(copy)),
            (None, Some(form)) => {
                let mut head = head(request);
                // They belong to the body, and are written with it.
                head.headers_mut().remove(header::CONTENT_TYPE);
                head.headers_mut().remove(header::CONTENT_LENGTH);
                Self::Form(head, form)
            }
            (None, None) => Self::None,
        }
    }

    /// The request for another attempt; none when its body can be read once. `open` opens the files of a form.
    ///
    /// # Errors
    ///
    /// A file of the form cannot be read any more.
    pub(super) async fn request<F: Future<Output = Result<OpenForm, Error>>>(
        &self,
        http: &Client,
        operation: &'static Operation,
        open: impl FnOnce(Form) -> F,
    ) -> Option<Result<Request, Error>> {
        match self {
            Self::Request(request) => request.try_clone().map(Ok),
            Self::Form(head, form) => {
                let (head, form) = (head.try_clone()?, form.copy()?);
                Some(open(form).await.and_then(|opened| {
                    RequestBuilder::from_parts(http.clone(), head)
                        .multipart(opened.form)
                        .build()
                        .map_err(|source| cannot_build(operation, &source))
                }))
            }
            Self::None => None,
        }
    }
}

/// A request without its body. What reqwest keeps beside a request is not copied: nothing is set there yet, and an empty map costs
/// time too.
fn head(request: &Request) -> Box<Request> {
    let mut head = Box::new(Request::new(request.method().clone(), request.url().clone()));
    head.headers_mut().clone_from(request.headers());
    head
}
