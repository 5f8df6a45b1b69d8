//! Blocking calls, for synchronous code.
//!
//! A blocking client has a worker thread with its own Tokio runtime, so blocking calls can be made on any thread,
//! including the threads of another runtime. This module must not know operations; the macro `call!` implements
//! [`Call`] for every request builder.

mod download;

pub use download::Download;

use crate::client::config::Core;
use crate::client::worker::Worker;
use crate::client::{Error, Items, Pages, Paginated, Pollable, Poller, Wait};

/// A request builder or poller that a blocking client can run.
pub trait Call: IntoFuture<Output = Result<Self::Response, Error>, IntoFuture: Send + 'static> + Sized {
    /// The value that a successful call returns.
    type Response: Send + 'static;

    #[doc(hidden)]
    fn client(&self) -> &Core;

    /// Sends the request, with retries, and blocks the current thread until the response has arrived.
    ///
    /// # Errors
    ///
    /// Returns the errors of the awaited call, and an error of the kind
    /// [`Configuration`](crate::ErrorKind::Configuration) if the client is not a blocking client, or if the call is
    /// made within a function that another blocking call runs, such as a progress listener.
    ///
    /// # Panics
    ///
    /// Panics if a function that the call runs panics: the panic is propagated to the caller.
    fn call(self) -> Result<Self::Response, Error> {
        let worker = worker_of(self.client())?;
        worker.run(self.into_future())?
    }
}

impl<P: Pollable> Call for Poller<P> {
    type Response = P::State;

    fn client(&self) -> &Core {
        self.core()
    }
}

impl<P: Pollable> Call for Wait<P> {
    type Response = P::State;

    fn client(&self) -> &Core {
        self.core()
    }
}

/// An iterator over pages, items or states that blocks until the next one has arrived.
///
/// If the client is not a blocking client, the iterator yields a single error.
#[derive(Debug)]
pub struct Iter<S>(Option<S>);

/// An asynchronous sequence that [`Iter`] iterates over.
trait Sequence: Send + Sized + 'static {
    type Item: Send + 'static;

    fn client(&self) -> &Core;

    /// Returns the next element and the rest of the sequence.
    fn step(self) -> impl Future<Output = (Option<Result<Self::Item, Error>>, Self)> + Send + 'static;
}

/// Implements [`Sequence`] and a blocking iterator for an asynchronous sequence.
macro_rules! iterable {
    ($sequence:ident<$of:ident: $bound:path> => $item:ty) => {
        impl<$of: $bound + 'static> Sequence for $sequence<$of>
        where
            $item: Send + 'static,
        {
            type Item = $item;

            fn client(&self) -> &Core {
                self.core()
            }

            async fn step(mut self) -> (Option<Result<$item, Error>>, Self) {
                let next = self.next().await;
                (next, self)
            }
        }

        impl<$of: $bound + 'static> $sequence<$of>
        where
            $item: Send + 'static,
        {
            /// Converts this into a blocking iterator over the same elements. It requires a blocking client.
            pub fn blocking(self) -> Iter<Self> {
                Iter(Some(self))
            }
        }

        impl<$of: $bound + 'static> Iterator for Iter<$sequence<$of>>
        where
            $item: Send + 'static,
        {
            type Item = Result<$item, Error>;

            fn next(&mut self) -> Option<Self::Item> {
                advance(self)
            }
        }
    };
}

iterable!(Pages<C: Paginated> => C::Page);
iterable!(Items<C: Paginated> => C::Item);
iterable!(Poller<P: Pollable> => P::State);

fn advance<S: Sequence>(iter: &mut Iter<S>) -> Option<Result<S::Item, Error>> {
    let sequence = iter.0.take()?;
    let stepped = worker_of(sequence.client()).and_then(|worker| worker.run(sequence.step()));
    match stepped {
        Ok((next, rest)) => {
            iter.0 = Some(rest);
            next
        }
        Err(error) => Some(Err(error)),
    }
}

/// Returns the worker of a blocking client.
fn worker_of(core: &Core) -> Result<Worker, Error> {
    let asynchronous =
        || Error::configuration("this client is asynchronous: await the call, or build a blocking client");
    core.worker().cloned().ok_or_else(asynchronous)
}

impl Core {
    /// Runs a future that is not a [`Call`] on the worker thread of a blocking client and waits for its result.
    ///
    /// # Errors
    ///
    /// Returns a [`Configuration`](crate::ErrorKind::Configuration) error, as [`Call::call`] does.
    ///
    /// # Panics
    ///
    /// Panics if the future panics: the panic is propagated to the caller.
    pub fn wait_for<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> Result<T, Error> {
        worker_of(self)?.run(future)
    }
}
