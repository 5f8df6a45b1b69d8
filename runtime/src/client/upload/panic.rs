//! Carries a panic of the user's code that runs while a request is sent to the caller that awaits the call.
//!
//! The HTTP library runs such code in a separate task, where a panic would only break the connection. This module must
//! not know what code it runs.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};

/// Stores the panic of a call until it is resumed in the task of the caller.
#[derive(Clone, Default)]
pub(crate) struct PanicSlot(Arc<Mutex<Option<Box<dyn Any + Send>>>>);

/// The error that says that a panic was stored in the slot.
#[derive(Debug)]
pub(crate) struct Panicked;

impl PanicSlot {
    /// Runs code of the user and catches a panic.
    pub(super) fn catch<T>(&self, run: impl FnOnce() -> T) -> Result<T, Panicked> {
        // State that the panic left inconsistent is not used again: the body ends here.
        catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
            Panicked
        })
    }

    /// Resumes the stored panic, if there is one, in the task of the caller.
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
