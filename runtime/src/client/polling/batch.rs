//! Polling of batches that have no endpoint of their own: the state of a batch is the list of its runs.
//!
//! It must not know any operation.

use std::fmt;

use super::{Pollable, Status};
use crate::client::call::CallFuture;
use crate::client::config::Core;
use crate::client::error::Error;
use crate::client::pagination::{Pages, Paginated};
use crate::client::request_options::RequestOptions;
use crate::operation::Operation;

/// A list call that can return the runs of one batch. Generated code implements it with `pollable!`.
pub trait BatchRuns: Paginated + 'static {
    /// Returns the options of the call.
    fn options(&self) -> &RequestOptions;

    /// Returns the same call with other options.
    #[must_use]
    fn with_options(self, options: RequestOptions) -> Self;

    /// Returns the same call for the runs of one batch.
    #[must_use]
    fn for_batch(self, batch: &str) -> Self;

    /// Returns the status of a run.
    fn status(run: &Self::Item) -> &str;
}

/// A call that returns the state of a batch by listing its runs. The batch has ended when all started runs are listed
/// and none of them is pending.
#[derive(Clone)]
pub struct Batch<C: BatchRuns> {
    list: C,
    id: String,
    size: usize,
}

impl<C: BatchRuns> Batch<C> {
    /// Returns the call for the batch with this ID and `size` runs. A size of 0 means that it is unknown and counts as
    /// 1, since no batch is empty.
    #[doc(hidden)]
    pub fn new(list: C, id: impl Into<String>, size: usize) -> Self {
        let id = id.into();
        Self { list: list.for_batch(&id), id, size: size.max(1) }
    }
}

impl<C: BatchRuns> IntoFuture for Batch<C>
where
    C::Item: Send + 'static,
    C::Page: Send,
{
    type Output = Result<Vec<C::Item>, Error>;
    type IntoFuture = CallFuture<Vec<C::Item>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut pages = Pages::new(self.list);
            let mut runs = Vec::new();
            while let Some(page) = pages.next().await {
                let items = C::into_items(page?);
                pages.record_items(items.len());
                runs.extend(items);
            }
            Ok(runs)
        })
    }
}

impl<C: BatchRuns> Pollable for Batch<C>
where
    C::Item: Send + 'static,
    C::Page: Send,
{
    type State = Vec<C::Item>;

    fn operation() -> &'static Operation {
        C::operation()
    }

    fn core(&self) -> &Core {
        self.list.core()
    }

    fn options(&self) -> &RequestOptions {
        self.list.options()
    }

    fn with_options(self, options: RequestOptions) -> Self {
        Self { list: self.list.with_options(options), ..self }
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn status<'s>(&self, state: &'s Self::State, pending: &[&str]) -> Status<'s> {
        let is_pending = |run: &&C::Item| pending.contains(&C::status(run));
        match state.iter().find(is_pending) {
            Some(run) => Status::Pending(C::status(run)),
            // Runs appear in the list one after the other.
            None if state.len() < self.size => Status::Pending("not all runs are listed"),
            None => Status::Terminal,
        }
    }
}

impl<C: BatchRuns> fmt::Debug for Batch<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("id", &self.id).field("size", &self.size).finish_non_exhaustive()
    }
}
