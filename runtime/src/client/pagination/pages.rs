//! Iteration over the pages of a list.
//!
//! It must not know what is on a page.

use std::fmt;
use std::task::{Context, Poll, ready};

use super::Paginated;
use super::course::{Course, Step};
use crate::client::call::CallFuture;
#[cfg(feature = "blocking")]
use crate::client::config::Core;
use crate::client::error::Error;

/// The pages of a list. Each page is one request, which is sent when the page is requested.
///
/// Iteration ends after an error; [`page_token`](Self::page_token) then returns the token to resume from. A page token
/// that the server returns for the second time is an error too, since the list would never end.
///
/// The future of [`next`](Self::next) is cancel-safe: after it is dropped, the following one waits for the same
/// request.
pub struct Pages<C: Paginated> {
    /// The call that requests the next page.
    call: C,
    request: Option<CallFuture<C::Page>>,
    course: Course,
}

impl<C: Paginated> Pages<C> {
    /// Returns the pages from the one that the call requests onwards.
    pub fn new(call: C) -> Self {
        let course = Course::starting_at(C::operation(), call.page_token());
        Self { call, request: None, course }
    }

    /// Returns the next page, or `None` after the last page and after an error.
    ///
    /// # Errors
    ///
    /// Returns an error if the page cannot be fetched, or if the list would never end.
    pub async fn next(&mut self) -> Option<Result<C::Page, Error>> {
        std::future::poll_fn(|context| self.poll_page(context)).await
    }

    /// Returns the token of the next page, or after an error, of the page that could not be fetched. A call with this
    /// token and the same filters starts there. Returns `None` for the first page and after the last page.
    pub fn page_token(&self) -> Option<&str> {
        self.call.page_token().filter(|_| !self.course.is_complete())
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn core(&self) -> &Core {
        self.call.core()
    }

    /// Returns whether a request is in flight.
    pub(super) fn is_requesting(&self) -> bool {
        self.request.is_some()
    }

    pub(super) fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<C::Page, Error>>> {
        match self.course.next_step(self.call.page_token(), self.call.core()) {
            Step::Request => {}
            Step::Fail(error) => return Poll::Ready(Some(Err(error))),
            Step::Stop => return Poll::Ready(None),
        }
        let request = self.request.get_or_insert_with(|| self.call.clone().into_future());
        let response = ready!(request.as_mut().poll(context));
        self.request = None;
        match &response {
            Ok(page) => {
                if let Some(token) = self.course.turn(C::next_token(page)) {
                    self.call = self.call.clone().with_page_token(token);
                }
            }
            Err(_) => self.course.fail(),
        }
        Poll::Ready(Some(response))
    }

    /// Records the number of items of the last page. Callers that extract the items call it to detect endless lists.
    pub(in crate::client) fn record_items(&mut self, count: usize) {
        self.course.record_items(count);
    }
}

// Nothing in it is pinned: requests in flight are boxed.
impl<C: Paginated> Unpin for Pages<C> {}

impl<C: Paginated> fmt::Debug for Pages<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.course.describe(self.page_token(), self.call.core(), f)
    }
}

#[cfg(feature = "stream")]
impl<C: Paginated> futures_core::Stream for Pages<C> {
    type Item = Result<C::Page, Error>;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}
