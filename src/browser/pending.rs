//! What is on its way into the frames of a page, and will change it when it arrives.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Nobody knows whether a document is slow or never comes to its end. Past this time it is taken for
/// the second.
const LONGEST: Duration = Duration::from_secs(3);

/// Things under way, each since when.
#[derive(Debug, Clone, Default)]
pub(super) struct Pending(HashMap<String, Instant>);

impl Pending {
    pub(super) fn begin(&mut self, id: String) {
        self.0.insert(id, Instant::now());
    }

    pub(super) fn end(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// When nothing is worth waiting for any more; `None` where nothing is now.
    pub(super) fn worth_waiting_until(&self, now: Instant) -> Option<Instant> {
        let ends = self.0.values().map(|since| *since + LONGEST);
        ends.filter(|end| *end > now).max()
    }
}
