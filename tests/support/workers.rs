//! Many small jobs on all processors, each with its panic caught.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The results of all jobs in their order. A job that panics gives the message of the panic.
pub fn on_all_processors<Job: Sync, Result: Send>(
    jobs: &[Job],
    work: impl Fn(&Job) -> Result + Sync,
) -> Vec<std::result::Result<Result, String>> {
    let processors = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(|| {
                while let Some((index, job)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    jobs.get(index).map(|job| (index, job))
                } {
                    let result = catch_unwind(AssertUnwindSafe(|| work(job)))
                        .map_err(|panic| format!("panic: {}", message(panic.as_ref())));
                    results.lock().unwrap().push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_default()
}
