//! Work shared out among threads, where a piece of work may bring more work. Knows nothing of files.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Runs `step` on every task of `first` and on every task that a step adds, on `threads` threads (the calling one
/// among them). Each thread makes a worker of its own and keeps it to the end; all workers are returned, in no order.
pub(super) fn run<Task, Worker>(
    threads: usize,
    first: Vec<Task>,
    worker: impl Fn() -> Worker + Sync,
    step: impl Fn(&mut Worker, Task, &mut Vec<Task>) + Sync,
) -> Vec<Worker>
where
    Task: Send,
    Worker: Send,
{
    let queue = Queue {
        state: Mutex::new(State {
            waiting: first,
            busy: 0,
            asleep: 0,
        }),
        changed: Condvar::new(),
    };
    let work = || {
        let mut worker = worker();
        let mut added = Vec::new();
        while let Some(task) = queue.take() {
            let _busy = Busy(&queue);
            step(&mut worker, task, &mut added);
            queue.add(&mut added);
        }
        worker
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut workers = vec![work()];
        for other in others {
            match other.join() {
                Ok(worker) => workers.push(worker),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        workers
    })
}

struct Queue<Task> {
    state: Mutex<State<Task>>,
    changed: Condvar,
}

struct State<Task> {
    /// Taken from the end: depth first, which keeps the list short.
    waiting: Vec<Task>,
    busy: usize,
    asleep: usize,
}

impl<Task> Queue<Task> {
    fn lock(&self) -> MutexGuard<'_, State<Task>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next task; waits while others may still add one. `None` when all is done.
    fn take(&self) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if let Some(task) = state.waiting.pop() {
                state.busy += 1;
                return Some(task);
            }
            if state.busy == 0 {
                return None;
            }
            state.asleep += 1;
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.asleep -= 1;
        }
    }

    fn add(&self, added: &mut Vec<Task>) {
        if added.is_empty() {
            return;
        }
        let mut state = self.lock();
        state.waiting.append(added);
        if state.asleep > 0 {
            self.changed.notify_all();
        }
    }
}

/// A thread at work. Given back on drop, so that a panic in one thread cannot leave the others waiting for ever.
struct Busy<'a, Task>(&'a Queue<Task>);

impl<Task> Drop for Busy<'_, Task> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.busy -= 1;
        if state.busy == 0 && state.asleep > 0 {
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_and_every_task_that_it_adds_is_done_once() {
        for threads in [1, 2, 7] {
            let sums = run(
                threads,
                vec![12_u32],
                || 0_u64,
                |sum, depth, added| {
                    *sum += 1;
                    if depth > 0 {
                        added.extend([depth - 1, depth - 1]);
                    }
                },
            );
            assert_eq!(sums.len(), threads);
            assert_eq!(sums.iter().sum::<u64>(), (1 << 13) - 1);
        }
    }

    #[test]
    fn nothing_to_do_ends_at_once() {
        let workers = run(3, Vec::<u8>::new(), || (), |(), _, _| ());
        assert_eq!(workers.len(), 3);
    }

    #[test]
    fn a_panic_reaches_the_caller_and_no_thread_hangs() {
        let outcome = std::panic::catch_unwind(|| {
            run(
                4,
                vec![1, 2, 3, 4, 5],
                || (),
                |(), task, _| assert_ne!(task, 3, "a task that fails"),
            );
        });
        assert!(outcome.is_err());
    }
}
