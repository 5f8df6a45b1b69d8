//! Runs the file operations of one transfer on a thread that is never joined.
//!
//! An operation may never return, for example on a mount that does not respond, or on a device without input. A blocked
//! thread of the async runtime would delay the shutdown of the runtime forever; this one is detached. The module must
//! not know the operations.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

type Operation = Box<dyn FnOnce() + Send>;

/// How long a caller that cannot await waits for operations in progress.
const PATIENCE: Duration = Duration::from_millis(100);

/// The thread of one transfer. It ends once this is dropped and the current operation, if any, has returned.
pub(crate) struct DiskThread {
    operations: mpsc::Sender<Operation>,
    unfinished: Arc<AtomicUsize>,
}

/// The future of an operation. If it is dropped, the operation is skipped or its result is dropped.
pub(crate) struct Pending<T>(oneshot::Receiver<io::Result<T>>);

impl DiskThread {
    /// Starts the thread.
    pub(crate) fn start() -> io::Result<Self> {
        let (sender, operations) = mpsc::channel::<Operation>();
        let work = move || operations.into_iter().for_each(|operation| operation());
        thread::Builder::new().name("file transfer".to_owned()).spawn(work)?;
        Ok(Self { operations: sender, unfinished: Arc::default() })
    }

    /// Queues an operation after those that were queued before.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        operation: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Pending<T> {
        let (reply, result) = oneshot::channel();
        self.start_operation(Box::new(move || {
            if !reply.is_closed() {
                // A result that nobody awaits any more is dropped here, on this thread, including its cleanup.
                let _ = reply.send(operation());
            }
        }));
        Pending(result)
    }

    /// Runs the last operation of an aborted transfer: immediately if the disk responds, otherwise as soon as it does.
    pub(crate) fn finish(&self, operation: impl FnOnce() + Send + 'static) {
        if self.unfinished.load(Ordering::Acquire) == 0 {
            return operation();
        }
        let (reply, done) = mpsc::channel::<()>();
        self.start_operation(Box::new(move || {
            operation();
            drop(reply);
        }));
        // The operation has finished when the other end is dropped. After the time limit, the thread continues on its
        // own.
        let _ = done.recv_timeout(PATIENCE);
    }

    fn start_operation(&self, operation: Operation) {
        let unfinished = Arc::clone(&self.unfinished);
        unfinished.fetch_add(1, Ordering::AcqRel);
        // If the thread has ended, the operation is dropped, which its result reports.
        let _ = self.operations.send(Box::new(move || {
            operation();
            unfinished.fetch_sub(1, Ordering::AcqRel);
        }));
    }
}

impl<T> Future for Pending<T> {
    type Output = io::Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let received = ready!(Pin::new(&mut self.0).poll(context));
        Poll::Ready(
            received.unwrap_or_else(|_| Err(io::Error::other("the thread that reads and writes files has ended"))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn operations_run_in_order_and_are_skipped_once_nobody_waits() {
        let disk = DiskThread::start().unwrap();
        let (release, blocked) = mpsc::channel::<()>();
        let (report, reports) = mpsc::channel();
        let first = disk.run(move || blocked.recv().map_err(io::Error::other));
        drop(disk.run({
            let report = report.clone();
            move || report.send("dropped").map_err(io::Error::other)
        }));
        let last = disk.run(move || report.send("last").map_err(io::Error::other));
        release.send(()).unwrap();
        first.await.unwrap();
        last.await.unwrap();
        assert_eq!(reports.iter().collect::<Vec<_>>(), ["last"]);
    }

    #[tokio::test]
    async fn what_is_left_to_do_does_not_wait_for_a_disk_that_does_not_respond() {
        let disk = DiskThread::start().unwrap();
        let (report, reports) = mpsc::channel();
        let finish = |disk: &DiskThread| {
            let report = report.clone();
            disk.finish(move || report.send(()).unwrap());
        };
        disk.run(|| Ok(())).await.unwrap();
        finish(&disk);
        assert!(reports.try_recv().is_ok());
        let (release, blocked) = mpsc::channel::<()>();
        let stuck = disk.run(move || blocked.recv().map_err(io::Error::other));
        finish(&disk);
        assert!(reports.try_recv().is_err());
        release.send(()).unwrap();
        assert!(reports.recv_timeout(Duration::from_secs(10)).is_ok());
        drop(stuck);
    }

    #[tokio::test]
    async fn operation_that_panics_is_an_error() {
        let disk = DiskThread::start().unwrap();
        let error = disk.run::<()>(|| panic!("expected by this test")).await.unwrap_err();
        assert!(error.to_string().contains("has ended"), "{error}");
        assert!(disk.run(|| Ok(())).await.is_err());
    }
}
