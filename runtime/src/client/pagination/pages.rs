//! From page to page.
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

/// Longest page token that is shown, in characters.
const LONGEST_TOKEN: usize = 200;
/// Consecutive pages without items that end a list: a server that always names another one would be asked for ever.
const MAX_EMPTY_PAGES: u32 = 1000;

/// The pages of a list, one request each, sent when the page is request for.
///
/// An error is the last thing it gives; [`page_token`](Self::page_token) then says where another walk has to begin. A server
/// that gives a token for the second time would be walked through for ever: that is an error too.
///
/// Dropping the future of [`next`](Self::next) loses nothing: the next one waits for the same request.
pub struct Pages<C: Paginated> {
    /// Asks for the page that comes next.
    call: C,
    request: Option<CallFuture<C::Page>>,
    progress: Progress,
    used: HashSet<String>,
    /// Consecutive pages without items.
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
    /// An error ended the walk.
    Failed,
    /// There are no more pages.
    Complete,
}

impl<C: Paginated> Pages<C> {
    /// A walk that begins with the page the call asks for.
    pub fn new(call: C) -> Self {
        let used = call.page_token().map(str::to_owned).into_iter().collect();
        Self { call, request: None, progress: Progress::More, used, empty: 0 }
    }

    /// The next page; none after the last one and after an error.
    pub async fn next(&mut self) -> Option<Result<C::Page, Error>> {
        std::future::poll_fn(|context| self.poll_page(context)).await
    }

    /// The token of the page that comes next; after an error, of the page that could not be had. A call with this token and
    /// the same filters begins there. None for the first page, and after the last one.
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

    /// Whether a request is on its way.
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

    /// Records how many items the last page had, for those who take them off the pages.
    pub(in crate::client) fn record_items(&mut self, count: usize) {
        self.empty = if count == 0 { self.empty + 1 } else { 0 };
        if self.empty >= MAX_EMPTY_PAGES && self.progress == Progress::More {
            self.progress = Progress::Empty;
        }
    }

    fn turn(&mut self, page: &C::Page) {
        // Some servers write an empty token on the last page.
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
        let message = format!("{MAX_EMPTY_PAGES} pages in a row have no items, and each names another one");
        Error::plain(ErrorKind::RepeatedToken, Some(C::operation()), message)
    }

    fn repeated(&self) -> Error {
        let token = self.call.page_token().unwrap_or_default();
        let message = format!("the server gave the page token {token:?} for the second time: the list would never end");
        Error::plain(ErrorKind::RepeatedToken, Some(C::operation()), message).conceal(self.call.core().confidential())
    }
}

// Nothing in it is pinned: requests on their way are boxed.
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
