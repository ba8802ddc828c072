//! The same work for many things, on several threads.
//!
//! Owns threads and the order of results. It must not know what the work is.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Front ends walk nested code by recursion of bounded depth; this is room for all of it. It is only reserved.
pub const STACK: usize = 512 * 1024 * 1024;

/// Does the work for each item on at most so many threads, this one among them; results in the order of the items.
/// A panic of the work is passed on.
pub fn map<I: Sync, R: Send>(items: &[I], threads: usize, work: impl Fn(&I) -> R + Sync) -> Vec<R> {
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let share = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else {
                return done;
            };
            done.push((index, work(item)));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads.min(items.len()))
            .filter_map(|_| {
                let thread = std::thread::Builder::new().stack_size(STACK);
                thread.spawn_scoped(scope, share).ok()
            })
            .collect();
        let mut done = share();
        for helper in helpers {
            match helper.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..1_000).collect();
        for threads in [0, 1, 2, 7, 5_000] {
            let doubled = map(&items, threads.min(64), |item| item * 2);
            assert!(
                doubled
                    .iter()
                    .zip(&items)
                    .all(|(result, item)| *result == item * 2)
            );
            assert_eq!(doubled.len(), items.len());
        }
        assert!(map(&[] as &[u64], 4, |item| *item).is_empty());
    }

    #[test]
    #[should_panic(expected = "not this one")]
    fn a_panic_of_the_work_is_passed_on() {
        map(&[1, 2, 3], 3, |item| assert!(*item != 2, "not this one"));
    }
}
