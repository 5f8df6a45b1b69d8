//! A batch that cannot be fetched itself: its state is the list of its runs.
//!
//! It must not know any operation.

use std::fmt;

use super::{Status, Watch};
use crate::call::Sending;
use crate::core::Core;
use crate::error::Error;
use crate::pages::{Paged, Pages};
use crate::profile::Operation;
use crate::request::RequestOptions;

/// A list call that can give the runs of one batch. Generated code implements it, by `poll!`.
pub trait Members: Paged + 'static {
    /// What it changes about its requests.
    fn options(&self) -> &RequestOptions;

    /// The same call with other options.
    #[must_use]
    fn with_options(self, options: RequestOptions) -> Self;

    /// The same call for the runs of one batch.
    #[must_use]
    fn of(self, batch: &str) -> Self;

    /// The status of a run.
    fn status(run: &Self::Item) -> &str;
}

/// Tells the state of a batch by listing its runs. It is over when there are as many as were started and none goes on.
#[derive(Clone)]
pub struct Batch<C: Members> {
    list: C,
    id: String,
    size: usize,
}

impl<C: Members> Batch<C> {
    /// The batch with this ID, of `size` runs; with an unknown size it counts as one, since no batch is empty.
    pub fn new(list: C, id: impl Into<String>, size: usize) -> Self {
        let id = id.into();
        Self { list: list.of(&id), id, size: size.max(1) }
    }
}

impl<C: Members> IntoFuture for Batch<C>
where
    C::Item: Send + 'static,
    C::Page: Send,
{
    type Output = Result<Vec<C::Item>, Error>;
    type IntoFuture = Sending<Vec<C::Item>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut pages = Pages::new(self.list);
            let mut runs = Vec::new();
            while let Some(page) = pages.next().await {
                runs.extend(C::into_items(page?));
            }
            Ok(runs)
        })
    }
}

impl<C: Members> Watch for Batch<C>
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
        let going_on = |run: &&C::Item| pending.contains(&C::status(run));
        match state.iter().find(going_on) {
            Some(run) => Status::Pending(C::status(run)),
            // Runs show up in the list one after the other.
            None if state.len() < self.size => Status::Pending("not all runs are listed"),
            None => Status::Over,
        }
    }
}

impl<C: Members> fmt::Debug for Batch<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("id", &self.id).field("size", &self.size).finish_non_exhaustive()
    }
}
