//! The worker thread that runs the calls of a blocking client.
//!
//! It has its own Tokio runtime, so blocking calls can be made on any thread. It must not know calls or clients.

use std::fmt;
use std::sync::{Arc, mpsc};
use std::thread::{self, ThreadId};

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use super::error::Error;

/// A handle to the worker thread of a blocking client and its clones. The thread ends when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Worker(Arc<Thread>);

struct Thread {
    handle: Handle,
    id: ThreadId,
    /// The thread ends when this sender is dropped.
    _alive: oneshot::Sender<()>,
}

impl Worker {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread or its runtime cannot be started.
    pub(crate) fn start() -> Result<Self, Error> {
        let failed = |source: std::io::Error| {
            Error::configuration("the thread of the blocking client cannot be started").with_source(source)
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (alive, ended) = oneshot::channel::<()>();
        let work = move || {
            // Nothing is ever sent: the receiver completes when the sender is dropped.
            let _ = runtime.block_on(ended);
            // A pending DNS lookup must not keep this thread alive.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("blocking client".to_owned()).spawn(work).map_err(failed)?;
        Ok(Self(Arc::new(Thread { handle, id: thread.thread().id(), _alive: alive })))
    }

    /// Runs a future on the worker thread and waits for its result.
    ///
    /// # Errors
    ///
    /// Returns an error if it is called on the worker thread, or if that thread has ended.
    pub(crate) fn run<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> Result<T, Error> {
        if thread::current().id() == self.0.id {
            return Err(Error::configuration("a function that a blocking call runs cannot make another blocking call"));
        }
        let (sender, receiver) = mpsc::sync_channel(1);
        let work = self.0.handle.spawn(future);
        self.0.handle.spawn(async move {
            // Sending fails only if the waiting thread has ended.
            let _ = sender.send(work.await);
        });
        match receiver.recv() {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(ended)) => match ended.try_into_panic() {
                // Propagates the panic as if this thread had run the future.
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

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("thread", &self.0.id).finish_non_exhaustive()
    }
}
