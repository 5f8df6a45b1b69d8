//! Iteration over the items of all pages.
//!
//! It must not know what an item is.

use std::fmt;
use std::task::{Context, Poll, ready};

use super::{Pages, Paginated};
#[cfg(feature = "blocking")]
use crate::client::config::Core;
use crate::client::error::Error;

/// The items of a list, in the order of its pages. A page is requested when the items before it have been consumed.
///
/// Iteration ends after an error; [`page_token`](Self::page_token) then returns the token to resume from. Otherwise it
/// behaves like [`Pages`].
pub struct Items<C: Paginated> {
    pages: Pages<C>,
    /// The token of the page whose items are buffered.
    here: Option<String>,
    buffered: std::vec::IntoIter<C::Item>,
}

impl<C: Paginated> Items<C> {
    /// Returns the items from the page that the call requests onwards.
    pub fn new(call: C) -> Self {
        Self { pages: Pages::new(call), here: None, buffered: Vec::new().into_iter() }
    }

    /// Returns the next item, or `None` after the last item and after an error.
    ///
    /// # Errors
    ///
    /// Returns an error if a page cannot be fetched, or if the list would never end.
    pub async fn next(&mut self) -> Option<Result<C::Item, Error>> {
        std::future::poll_fn(|context| self.poll_item(context)).await
    }

    /// Returns the token of the page to resume from without missing an item: a call with this token and the same
    /// filters starts there. In the middle of a page it is the token of that page, whose first items are then returned
    /// again. Returns `None` for the first page and after the last item.
    pub fn page_token(&self) -> Option<&str> {
        if self.buffered.len() > 0 { self.here.as_deref() } else { self.pages.page_token() }
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn core(&self) -> &Core {
        self.pages.core()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<C::Item, Error>>> {
        loop {
            if let Some(item) = self.buffered.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            if !self.pages.is_requesting() {
                self.here = self.pages.page_token().map(str::to_owned);
            }
            match ready!(self.pages.poll_page(context)) {
                // An empty page is not necessarily the last page.
                Some(Ok(page)) => {
                    self.buffered = C::into_items(page).into_iter();
                    self.pages.record_items(self.buffered.len());
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

// Nothing in it is pinned: requests in flight are boxed.
impl<C: Paginated> Unpin for Items<C> {}

impl<C: Paginated> fmt::Debug for Items<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("buffered", &self.buffered.len())
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "stream")]
impl<C: Paginated> futures_core::Stream for Items<C> {
    type Item = Result<C::Item, Error>;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}
