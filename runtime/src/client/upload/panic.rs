//! A panic of a user's code that runs while a request is sent, on its way to who waits for the call.
//!
//! The HTTP library runs it in a task of its own, where a panic would only break the connection. It must not know what ran.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the panic of one call is kept until the caller takes it.
#[derive(Clone, Default)]
pub(crate) struct PanicSlot(Arc<Mutex<Option<Box<dyn Any + Send>>>>);

/// A panic was put into the slot.
#[derive(Debug)]
pub(crate) struct Panicked;

impl PanicSlot {
    /// Runs code of a user.
    pub(super) fn catch<T>(&self, run: impl FnOnce() -> T) -> Result<T, Panicked> {
        // What it has left in disorder is not used again: the body ends here.
        catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
            Panicked
        })
    }

    /// Continues a panic, if there was one, in the task of the caller.
    pub(crate) fn resume(&self) {
        let panic = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
    }
}

impl fmt::Debug for PanicSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PanicSlot")
    }
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a function or a stream of the program panicked")
    }
}

impl std::error::Error for Panicked {}
