//! Iteration over the pages of a list.
//!
//! It must not know what is on a page.

use std::collections::HashSet;
use std::fmt;
use std::task::{Context, Poll, ready};

use super::Paginated;
use crate::client::call::CallFuture;
#[cfg(feature = "blocking")]
use crate::client::config::Core;
use crate::client::error::{Error, ErrorKind};

/// The maximum length of a page token that is shown, in characters.
const LONGEST_TOKEN: usize = 200;
/// The number of consecutive pages without items that ends a list. Otherwise a server that always returns another token
/// would cause an endless loop.
const MAX_EMPTY_PAGES: u32 = 1000;

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
    progress: Progress,
    used: HashSet<String>,
    /// The number of consecutive pages without items.
    empty: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// There is another page.
    More,
    /// The token of the next page was used before.
    Repeated,
    /// Too many pages in a row had no items.
    Empty,
    /// An error ended the iteration.
    Failed,
    /// There are no more pages.
    Complete,
}

impl<C: Paginated> Pages<C> {
    /// Returns the pages from the one that the call requests onwards.
    pub fn new(call: C) -> Self {
        let used = call.page_token().map(str::to_owned).into_iter().collect();
        Self { call, request: None, progress: Progress::More, used, empty: 0 }
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
        match self.progress {
            Progress::More | Progress::Repeated | Progress::Empty | Progress::Failed => self.call.page_token(),
            Progress::Complete => None,
        }
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
        match self.progress {
            Progress::More => {}
            Progress::Repeated => {
                self.progress = Progress::Failed;
                return Poll::Ready(Some(Err(self.repeated())));
            }
            Progress::Empty => {
                self.progress = Progress::Failed;
                return Poll::Ready(Some(Err(Self::endless())));
            }
            Progress::Failed | Progress::Complete => return Poll::Ready(None),
        }
        let request = self.request.get_or_insert_with(|| self.call.clone().into_future());
        let response = ready!(request.as_mut().poll(context));
        self.request = None;
        match &response {
            Ok(page) => self.turn(page),
            Err(_) => self.progress = Progress::Failed,
        }
        Poll::Ready(Some(response))
    }

    /// Records the number of items of the last page. Callers that extract the items call it to detect endless lists.
    pub(in crate::client) fn record_items(&mut self, count: usize) {
        self.empty = if count == 0 { self.empty + 1 } else { 0 };
        if self.empty >= MAX_EMPTY_PAGES && self.progress == Progress::More {
            self.progress = Progress::Empty;
        }
    }

    fn turn(&mut self, page: &C::Page) {
        // Some servers send an empty token with the last page.
        let Some(token) = C::next_token(page).filter(|token| !token.is_empty()) else {
            self.progress = Progress::Complete;
            return;
        };
        if !self.used.insert(token.to_owned()) {
            self.progress = Progress::Repeated;
        }
        self.call = self.call.clone().with_page_token(token.to_owned());
    }

    fn endless() -> Error {
        let message = format!("{MAX_EMPTY_PAGES} pages in a row have no items, and each has a token of a next page");
        Error::plain(ErrorKind::RepeatedToken, Some(C::operation()), message)
    }

    fn repeated(&self) -> Error {
        let token = self.call.page_token().unwrap_or_default();
        let message = format!("the server gave the page token {token:?} for the second time: the list would never end");
        Error::plain(ErrorKind::RepeatedToken, Some(C::operation()), message).conceal(self.call.core().confidential())
    }
}

// Nothing in it is pinned: requests in flight are boxed.
impl<C: Paginated> Unpin for Pages<C> {}

impl<C: Paginated> fmt::Debug for Pages<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let confidential = self.call.core().confidential();
        let token = self.page_token().map(|token| confidential.shown(token, LONGEST_TOKEN));
        f.debug_struct("Pages")
            .field("operation", &C::operation().id)
            .field("page_token", &token)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "stream")]
impl<C: Paginated> futures_core::Stream for Pages<C> {
    type Item = Result<C::Page, Error>;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}
