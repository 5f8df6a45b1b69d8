//! Keeps what is needed to send a request again, before it is sent for the first time.
//!
//! This module must not know when there is another attempt.

use http::header;
use reqwest::{Client, Request, RequestBuilder};

use super::error_context::cannot_build;
use crate::client::error::Error;
use crate::client::upload::OpenForm;
use crate::multipart::Form;
use crate::operation::Operation;

/// What is needed to send a request again.
pub(super) enum Replay {
    /// The request itself: it has no body, or one in memory.
    Request(Box<Request>),
    /// The request without its body, and the form that the body is built from. The parts of a form are read while they
    /// are sent.
    Form(Box<Request>, Form),
    /// Nothing: the body can be read only once.
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
                // These headers belong to the body, and are set together with it.
                head.headers_mut().remove(header::CONTENT_TYPE);
                head.headers_mut().remove(header::CONTENT_LENGTH);
                Self::Form(head, form)
            }
            (None, None) => Self::None,
        }
    }

    /// Returns the request for another attempt; `None` if its body can be read only once. `open` opens the files of a
    /// form.
    ///
    /// # Errors
    ///
    /// Returns an error if a file of the form can no longer be read.
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

/// Copies a request without its body. The extensions of the request are not copied: none are set yet, and copying an
/// empty map costs time.
fn head(request: &Request) -> Box<Request> {
    let mut head = Box::new(Request::new(request.method().clone(), request.url().clone()));
    head.headers_mut().clone_from(request.headers());
    head
}
