//! Independent pieces of work side by side, on threads. Knows nothing of what the work is.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{panic, thread};

/// Stack of a thread, in bytes: what a main thread has on most systems, for types that are nested deeply.
const STACK: usize = 8 << 20;

/// How many threads the machine runs at once.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// The results of work on items, in their order. Work is begun in that order too, so the longest should come first.
pub fn map<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    map_beside(threads, items, work, || ()).0
}

/// As [`map`], while this thread first does something that no other one can.
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
            // A machine that has no more threads does the work with fewer.
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
    fn results_are_in_the_order_of_the_items_whatever_the_threads() {
        let items: Vec<usize> = (0..100).collect();
        let doubled: Vec<usize> = items.iter().map(|item| 2 * item).collect();
        for threads in [0, 1, 2, 7, 1000] {
            assert_eq!(map(threads, &items, |item| 2 * item), doubled, "{threads}");
        }
        assert!(map(4, &[0_usize; 0], |item| 2 * item).is_empty());
    }

    #[test]
    fn each_item_is_worked_on_once_and_this_thread_does_its_own_work_too() {
        let runs = AtomicUsize::new(0);
        let (results, here) =
            map_beside(3, &[(); 50], |()| runs.fetch_add(1, Ordering::Relaxed), || thread::current().id());
        assert_eq!((results.len(), runs.into_inner(), here), (50, 50, thread::current().id()));
    }

    #[test]
    fn a_panic_of_a_thread_is_a_panic_of_the_caller() {
        let result = panic::catch_unwind(|| map(4, &[1, 2, 3], |item| assert_ne!(*item, 2)));
        assert!(result.is_err());
    }
}
