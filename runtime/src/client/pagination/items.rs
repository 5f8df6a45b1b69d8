//! From item to item, over all pages.

use std::fmt;
use std::task::{Context, Poll, ready};

use super::{Pages, Paginated};
#[cfg(feature = "blocking")]
use crate::client::config::Core;
use crate::client::error::Error;

/// The items of a list, in the order of its pages. A page is request for when the items before it are used up.
///
/// An error is the last thing it gives; [`page_token`](Self::page_token) then says where another walk has to begin. The rest is
/// as with [`Pages`].
pub struct Items<C: Paginated> {
    pages: Pages<C>,
    /// Token of the page whose items are at hand.
    here: Option<String>,
    buffered: std::vec::IntoIter<C::Item>,
}

impl<C: Paginated> Items<C> {
    /// A walk that begins with the page the call asks for.
    pub fn new(call: C) -> Self {
        Self { pages: Pages::new(call), here: None, buffered: Vec::new().into_iter() }
    }

    /// The next item; none after the last one and after an error.
    pub async fn next(&mut self) -> Option<Result<C::Item, Error>> {
        std::future::poll_fn(|context| self.poll_item(context)).await
    }

    /// The token of the page to begin with so that no item is missed. A call with this token and the same filters begins
    /// there; in the middle of a page it is the token of that page, so its first items come again. None for the first page, and
    /// after the last item.
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
                // A page may be empty and not the last one.
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

// Nothing in it is pinned: requests on their way are boxed.
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
