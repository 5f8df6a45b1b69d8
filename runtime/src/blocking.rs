//! Calls that wait: for programs, or parts of programs, that are not asynchronous.
//!
//! The work is done by a thread of its own with a Tokio runtime, so it makes no difference whether the waiting thread belongs to
//! another runtime. It must not know operations; `call!` makes every builder a [`Call`].

use std::fmt;
use std::sync::{Arc, mpsc};
use std::thread::{self, ThreadId};

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::core::Core;
use crate::error::Error;
use crate::pages::{Items, Paged, Pages};
use crate::poll::{Poller, Watch};

/// What can be waited for: every call, and every poller, of a blocking client.
pub trait Call: IntoFuture<Output = Result<Self::Answer, Error>, IntoFuture: Send + 'static> + Sized {
    /// What it gives.
    type Answer: Send + 'static;

    /// The client it belongs to.
    fn client(&self) -> &Core;

    /// Sends the request, again if need be, and waits for the answer.
    ///
    /// # Errors
    ///
    /// As of awaiting it, and [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when it belongs to a client that is
    /// not a blocking one, or when it is called by a function that a blocking call runs, such as one that is told of progress.
    ///
    /// # Panics
    ///
    /// A function that the call runs panics: the panic goes on here.
    fn call(self) -> Result<Self::Answer, Error> {
        let engine = Engine::of(self.client())?;
        engine.run(self.into_future())?
    }
}

impl<W: Watch> Call for Poller<W> {
    type Answer = W::State;

    fn client(&self) -> &Core {
        self.core()
    }
}

/// One value after the other, each waited for. A client that is not a blocking one gives an error and ends.
#[derive(Debug)]
pub struct Iter<S>(Option<S>);

/// What can be walked through.
trait Walk: Send + Sized + 'static {
    type Item: Send + 'static;

    fn client(&self) -> &Core;

    /// The next one, and the rest of the walk.
    fn step(self) -> impl Future<Output = (Option<Result<Self::Item, Error>>, Self)> + Send + 'static;
}

/// Lets a walk be walked by an iterator.
macro_rules! walk {
    ($walk:ident<$of:ident: $bound:path> => $item:ty) => {
        impl<$of: $bound + 'static> Walk for $walk<$of>
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

        impl<$of: $bound + 'static> $walk<$of>
        where
            $item: Send + 'static,
        {
            /// The same as an iterator, for a blocking client.
            pub fn blocking(self) -> Iter<Self> {
                Iter(Some(self))
            }
        }

        impl<$of: $bound + 'static> Iterator for Iter<$walk<$of>>
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

walk!(Pages<C: Paged> => C::Page);
walk!(Items<C: Paged> => C::Item);
walk!(Poller<W: Watch> => W::State);

fn advance<S: Walk>(iter: &mut Iter<S>) -> Option<Result<S::Item, Error>> {
    let walk = iter.0.take()?;
    let stepped = Engine::of(walk.client()).and_then(|engine| engine.run(walk.step()));
    match stepped {
        Ok((next, rest)) => {
            iter.0 = Some(rest);
            next
        }
        Err(error) => Some(Err(error)),
    }
}

/// The thread that does the work of a blocking client and its clones. It ends with the last of them.
#[derive(Clone)]
pub(crate) struct Engine(Arc<Thread>);

struct Thread {
    handle: Handle,
    id: ThreadId,
    /// Dropping it ends the thread.
    _alive: oneshot::Sender<()>,
}

impl Engine {
    /// Starts the thread.
    pub(crate) fn start() -> Result<Self, Error> {
        let failed = |source: std::io::Error| {
            Error::configuration("the thread of the blocking client cannot be started").with_source(source)
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (alive, ended) = oneshot::channel::<()>();
        let work = move || {
            // The sender is only ever dropped.
            let _ = runtime.block_on(ended);
            // A name that is still being looked up must not hold this thread.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("blocking client".to_owned()).spawn(work).map_err(failed)?;
        Ok(Self(Arc::new(Thread { handle, id: thread.thread().id(), _alive: alive })))
    }

    /// The thread of a client.
    fn of(core: &Core) -> Result<Self, Error> {
        let none = || Error::configuration("this client is asynchronous: await the call, or make a blocking client");
        core.engine().cloned().ok_or_else(none)
    }

    /// Runs a future to its end.
    fn run<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> Result<T, Error> {
        if thread::current().id() == self.0.id {
            return Err(Error::configuration("a function that a blocking call runs cannot make another blocking call"));
        }
        let (sender, receiver) = mpsc::sync_channel(1);
        let work = self.0.handle.spawn(future);
        self.0.handle.spawn(async move {
            // Nobody is waiting any more only if the waiting thread has ended.
            let _ = sender.send(work.await);
        });
        match receiver.recv() {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(ended)) => match ended.try_into_panic() {
                // As if the function had been called by this thread.
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Self::ended()),
            },
            Err(_) => Err(Self::ended()),
        }
    }

    fn ended() -> Error {
        Error::configuration("the thread of the blocking client has ended")
    }
}

impl Core {
    /// Runs a future on the thread of a blocking client and waits for it, for what is no [`Call`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), as of [`Call::call`].
    ///
    /// # Panics
    ///
    /// The future panics: the panic goes on here.
    pub fn wait_for<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> Result<T, Error> {
        Engine::of(self)?.run(future)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("thread", &self.0.id).finish_non_exhaustive()
    }
}
