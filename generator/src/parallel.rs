//! Runs independent pieces of work in parallel on threads. Knows nothing of what the work is.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{panic, thread};

/// Stack size of a thread, in bytes. Deeply nested types need what the main thread has on most systems.
const STACK: usize = 8 << 20;

/// Returns the number of threads that the machine runs at once.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Applies `work` to every item and returns the results in the order of the items. Work also starts in that order, so the most
/// expensive items should come first.
pub fn map<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    map_beside(threads, items, work, || ()).0
}

/// Runs two pieces of work at once, `first` on another thread. `second` may wait for what `first` does, never the other way round:
/// if the system cannot start another thread, `first` runs before `second`.
pub fn run_both<A: Send, B>(first: impl Fn() -> A + Sync, second: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &first) {
        Ok(helper) => {
            let second = second();
            (helper.join().unwrap_or_else(|cause| panic::resume_unwind(cause)), second)
        }
        Err(_) => {
            let first = first();
            (first, second())
        }
    })
}

/// Frees two values at once: large ones take as long as much other work.
pub fn drop_both<A: Send, B>(one: A, other: B) {
    thread::scope(|scope| {
        // If the system cannot start another thread, it is freed here.
        let _freed = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || drop(one));
        drop(other);
    });
}

/// Like [`map`], but the calling thread first runs `here`, for work that cannot move to another thread.
pub fn map_beside<T: Sync, R: Send, H>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    here: impl FnOnce() -> H,
) -> (Vec<R>, H) {
    let next = AtomicUsize::new(0);
    let take = || {
        let index = next.fetch_add(1, Ordering::Relaxed);
        items.get(index).map(|item| (index, work(item)))
    };
    let (mut done, here) = thread::scope(|scope| {
        let helper = |_| {
            let all = || std::iter::from_fn(take).collect::<Vec<_>>();
            // If the system cannot start another thread, fewer threads do the work.
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, all).ok()
        };
        let helpers: Vec<_> = (1..threads.min(items.len() + 1)).map_while(helper).collect();
        let here = here();
        let mut done: Vec<_> = std::iter::from_fn(take).collect();
        for helper in helpers {
            done.extend(helper.join().unwrap_or_else(|cause| panic::resume_unwind(cause)));
        }
        (done, here)
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    (done.into_iter().map(|(_, result)| result).collect(), here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items_for_any_number_of_threads() {
        let items: Vec<usize> = (0..100).collect();
        let doubled: Vec<usize> = items.iter().map(|item| 2 * item).collect();
        for threads in [0, 1, 2, 7, 1000] {
            assert_eq!(map(threads, &items, |item| 2 * item), doubled, "{threads}");
        }
        assert!(map(4, &[0_usize; 0], |item| 2 * item).is_empty());
    }

    #[test]
    fn second_piece_of_work_may_wait_for_the_first() {
        let (sender, receiver) = std::sync::mpsc::channel();
        let found = run_both(|| sender.send(1).is_ok(), || receiver.recv());
        assert_eq!(found, (true, Ok(1)));
    }

    #[test]
    fn each_item_is_processed_once_and_the_calling_thread_runs_its_own_work() {
        let runs = AtomicUsize::new(0);
        let (results, here) =
            map_beside(3, &[(); 50], |()| runs.fetch_add(1, Ordering::Relaxed), || thread::current().id());
        assert_eq!((results.len(), runs.into_inner(), here), (50, 50, thread::current().id()));
    }

    #[test]
    fn panic_in_a_thread_is_propagated_to_the_caller() {
        let result = panic::catch_unwind(|| map(4, &[1, 2, 3], |item| assert_ne!(*item, 2)));
        assert!(result.is_err());
    }
}
