//! What reading a text may cost: the memory of the value beyond that of its text, and time.
//!
//! It must not know where a limit comes from.

use std::mem::size_of;
use std::time::Instant;

use super::problem::Class;
use super::{Read, Reader};

/// The memory that any value may take, however short its text.
#[cfg(any(feature = "client", feature = "webhooks"))]
const FLOOR: usize = 16 * 1024 * 1024;
/// How many steps pass between two looks at the time; a power of two.
const STEPS: u32 = 4096;
/// The first room of a list or map, in entries, and the factor by which it grows.
const FIRST_ROOM: usize = 4;
const GROWTH: usize = 2;

/// The limits of reading one text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadLimits {
    /// Memory of lists, maps and boxes, in bytes. Strings are not counted, since they are no longer than their text.
    memory: usize,
    until: Option<Instant>,
}

impl ReadLimits {
    /// No limits, for text that comes from the program itself.
    pub(crate) const NONE: Self = Self { memory: usize::MAX, until: None };

    /// Returns limits for a text of at most `text` bytes: it may take `times` as much memory.
    #[cfg(any(feature = "client", feature = "webhooks"))]
    pub(crate) fn of_text(text: usize, times: usize) -> Self {
        Self { memory: text.saturating_mul(times).saturating_add(FLOOR), until: None }
    }

    /// Adds a time at which reading ends.
    #[cfg(feature = "client")]
    pub(crate) fn until(self, until: Option<Instant>) -> Self {
        Self { until, ..self }
    }

    /// Returns the limit of memory in bytes.
    #[cfg(feature = "client")]
    pub(crate) fn memory(&self) -> usize {
        self.memory
    }
}

/// What is left of the limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remaining {
    memory: usize,
    until: Option<Instant>,
    steps: u32,
}

impl Remaining {
    pub(super) fn new(limits: ReadLimits) -> Self {
        Self { memory: limits.memory, until: limits.until, steps: 0 }
    }

    /// Returns how much memory may still be taken.
    pub(super) fn memory(&self) -> usize {
        self.memory
    }

    /// Returns to an earlier state of the memory.
    pub(super) fn refund(&mut self, memory: usize) {
        self.memory = memory;
    }
}

impl Reader<'_> {
    /// Records the room of a list of `T` that grew from one capacity to another.
    ///
    /// # Errors
    ///
    /// Returns an error if the value takes too much memory.
    #[inline]
    pub(super) fn grow<T>(&mut self, before: usize, after: usize) -> Read<()> {
        if before == after { Ok(()) } else { self.take((after - before).saturating_mul(size_of::<T>())) }
    }

    /// Records an entry that is added to a map with so many of them.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    #[inline]
    pub(in crate::json) fn entry<T>(&mut self, before: usize) -> Read<()> {
        let entry = size_of::<(u64, String, T)>() + GROWTH * size_of::<usize>();
        match before {
            0 => self.take(entry * FIRST_ROOM),
            before if before < FIRST_ROOM => Ok(()),
            _ => self.take(entry * GROWTH),
        }
    }

    /// Records memory that the value takes.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    #[inline]
    pub(in crate::json) fn take(&mut self, bytes: usize) -> Read<()> {
        match self.remaining.memory.checked_sub(bytes) {
            Some(left) => {
                self.remaining.memory = left;
                Ok(())
            }
            None => self.exceed(Class::Memory),
        }
    }

    /// Counts a step, and looks at the time now and then.
    ///
    /// # Errors
    ///
    /// Returns an error if no time is left.
    #[inline]
    pub(super) fn step(&mut self) -> Read<()> {
        self.remaining.steps = self.remaining.steps.wrapping_add(1);
        if self.remaining.steps & (STEPS - 1) == 0 { self.look_at_time() } else { Ok(()) }
    }

    #[cold]
    fn look_at_time(&mut self) -> Read<()> {
        match self.remaining.until {
            Some(until) if Instant::now() >= until => self.exceed(Class::Time),
            Some(_) | None => Ok(()),
        }
    }

    /// Fails for good: no other reading of the value is tried within a limit that is exceeded.
    #[cold]
    fn exceed<T>(&mut self, class: Class) -> Read<T> {
        self.remaining.memory = 0;
        self.exceeded = Some(class);
        self.fail(class.message().to_owned(), class, self.at, self.at)
    }
}
