//! The cases that wait for a free place.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::case::Differing;

/// A case with its variants, or what is left of them.
#[derive(Default)]
pub(super) struct Work {
    /// Its place in the order of the specs.
    pub(super) at: usize,
    /// How often the browser died with it.
    pub(super) deaths: u32,
    pub(super) progress: GroupProgress,
}

/// How far a group is.
#[derive(Default)]
pub(super) struct GroupProgress {
    /// How many of its cases are done.
    pub(super) done: usize,
    /// The texts of those that differ.
    pub(super) differing: Differing,
}

/// Work comes back when its browser dies, so that every browser waits until all work is done.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Work>,
    under_way: usize,
    is_closed: bool,
}

impl Queue {
    pub(super) fn of(count: usize) -> Queue {
        let work = |at| Work {
            at,
            ..Work::default()
        };
        Queue {
            state: Mutex::new(State {
                waiting: (0..count).map(work).collect(),
                ..State::default()
            }),
            changed: Notify::new(),
        }
    }

    /// The next; `None` when no work is left and none can come back.
    pub(super) async fn take(&self) -> Option<Work> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // From here on, no change is missed.
            changed.as_mut().enable();
            {
                let mut state = self.lock();
                if state.is_closed {
                    return None;
                }
                if let Some(work) = state.waiting.pop_front() {
                    state.under_way += 1;
                    return Some(work);
                }
                if state.under_way == 0 {
                    return None;
                }
            }
            changed.await;
        }
    }

    /// What was taken is done.
    pub(super) fn done(&self) {
        self.lock().under_way -= 1;
        self.changed.notify_waiters();
    }

    /// What was taken is for somebody else, and before all others.
    pub(super) fn give_back(&self, work: Work) {
        {
            let mut state = self.lock();
            state.under_way -= 1;
            state.waiting.push_front(work);
        }
        self.changed.notify_waiters();
    }

    /// Ends the queue: no more work is taken.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[tokio::test]
    async fn whoever_has_nothing_to_do_waits_for_what_may_come_back() {
        let queue = Queue::of(1);
        let work = queue.take().await.expect("one");
        let other = async { queue.take().await.map(|work| work.at) };
        let this = async {
            tokio::task::yield_now().await;
            queue.give_back(work);
        };
        let (taken, ()) = tokio::join!(other, this);
        assert_eq!(taken, Some(0));
        queue.done();
        assert!(queue.take().await.is_none());
    }

    #[tokio::test]
    async fn nothing_is_taken_from_a_closed_queue() {
        let queue = Queue::of(3);
        let _work = queue.take().await.expect("one");
        queue.close();
        assert!(queue.take().await.is_none());
    }
}
