//! Measures what a thread uses: CPU time and allocations. The totals are one line of JSON, which `cargo xtask bench` reads.
//!
//! It must not know what is measured.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::time::Instant;

/// The allocator of every program that uses this library.
#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The allocator of the system, with a count for each thread.
struct Counting;

fn count() {
    // A thread that is ending has nothing left to count with.
    let _ended = ALLOCATIONS.try_with(|allocations| allocations.set(allocations.get() + 1));
}

// SAFETY: everything is passed on to the allocator of the system.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }
}

/// Runs `work` once to warm up, then `rounds` times, and prints the totals of these. Returns whether every round did what it should.
pub fn measure(rounds: u32, bytes: usize, mut work: impl FnMut() -> bool) -> bool {
    let mut is_done = work();
    let (allocations, start) = (ALLOCATIONS.get(), Clock::start());
    for _ in 0..rounds {
        is_done &= work();
    }
    let (nanoseconds, allocations) = (start.nanoseconds(), ALLOCATIONS.get() - allocations);
    println!(r#"{{"rounds":{rounds},"bytes":{bytes},"nanoseconds":{nanoseconds},"allocations":{allocations}}}"#);
    is_done
}

/// The CPU time of this thread, or the time that goes by where the system does not account for threads.
enum Clock {
    Cpu(u64),
    Wall(Instant),
}

impl Clock {
    fn start() -> Self {
        cpu_time().map_or_else(|| Self::Wall(Instant::now()), Self::Cpu)
    }

    fn nanoseconds(&self) -> u64 {
        match self {
            Self::Cpu(start) => cpu_time().unwrap_or_default().saturating_sub(*start),
            Self::Wall(start) => u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
        }
    }
}

/// Nanoseconds that this thread was on a processor: the first number of Linux' account of it.
fn cpu_time() -> Option<u64> {
    fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}
