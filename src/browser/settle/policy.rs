//! The durations and counts of waiting, all in one place.

use std::time::Duration;

use serde_json::{Value, json};

/// How long, and for what, a page is waited for. Durations are of the page's own time (see
/// [`super::clock`]) unless their description says otherwise.
#[derive(Debug, Clone, Copy)]
pub(in crate::browser) struct Policy {
    /// How often in a row a page is found idle, with no effect in between, before it counts as settled.
    pub(super) looks: u32,
    /// The same for a capture that differs from its baseline or has none.
    pub(super) looks_in_doubt: u32,
    /// Work that may never end (polling, loops, open streams, a worker that computes) is waited for as
    /// long as the tree changes with it, and for this time after the last change.
    pub(super) endless: Duration,
    /// How often the tree is looked at while such work goes on.
    pub(super) mark: Duration,
    /// A page whose tree changes all the time is given up after this time.
    pub(super) restless: Duration,
    /// When the page's clock starts: most pages are finished by then. In wall-clock time.
    pub(super) clock: Duration,
    /// How far apart two ticks of the page's clock are, in wall-clock time.
    pub(super) tick: Duration,
    /// What a tick counts for at most, in wall-clock time.
    pub(super) longest_tick: Duration,
    /// How long a request may stay without an answer, in wall-clock time. No one can see whether one is
    /// slow or stays open.
    pub(super) request: Duration,
    /// How long an image may take, in wall-clock time: it changes boxes, but hardly ever the tree.
    pub(super) image: Duration,
    /// How long a stream, a websocket or an answer that has begun may say nothing, in wall-clock time.
    pub(super) silent: Duration,
    /// How long the load event may follow the end of the document, in wall-clock time.
    pub(super) load: Duration,
    /// A request for another document that does not start in this wall-clock time leads to a download, or
    /// nowhere.
    pub(super) unstarted: Duration,
    /// How soon something is looked at again that reports nothing by itself, in wall-clock time.
    pub(super) recheck: Duration,
    /// A frame or worker that does not answer in this wall-clock time runs a script.
    pub(super) answer: Duration,
    /// The longest first timer that is waited for.
    pub(super) timer: Duration,
    /// The longest interval that is waited for, and how long a chain of timers is.
    pub(super) pulse: Duration,
    /// The longest animation that is waited for.
    pub(super) animation: Duration,
    /// How soon a document or worker is looked at again while it has something outstanding.
    pub(super) poll: Duration,
    /// After how many polls without a frame a frame element counts as not drawn.
    pub(super) missed_frames: u32,
    /// How long an idle callback may take before another way is tried, in wall-clock time.
    pub(super) idle: Duration,
    /// How many windows of a page are scrolled through.
    pub(super) windows: u32,
    /// How many outstanding things, and how many errors, a document or worker names.
    pub(super) named: u32,
}

pub(in crate::browser) const POLICY: Policy = Policy {
    looks: 2,
    looks_in_doubt: 8,
    endless: Duration::from_millis(1100),
    mark: Duration::from_millis(100),
    restless: Duration::from_secs(5),
    clock: Duration::from_millis(100),
    tick: Duration::from_millis(50),
    longest_tick: Duration::from_millis(150),
    request: Duration::from_secs(5),
    image: Duration::from_secs(3),
    silent: Duration::from_secs(1),
    load: Duration::from_secs(3),
    unstarted: Duration::from_millis(500),
    recheck: Duration::from_millis(100),
    answer: Duration::from_millis(250),
    timer: Duration::from_secs(2),
    pulse: Duration::from_secs(1),
    animation: Duration::from_secs(3),
    poll: Duration::from_millis(15),
    missed_frames: 40,
    idle: Duration::from_millis(100),
    windows: 50,
    named: 20,
};

impl Policy {
    /// What the scripts in the page need of it, in milliseconds.
    pub(in crate::browser) fn limits(&self) -> Value {
        let milliseconds = |duration: Duration| duration.as_millis();
        json!({
            "timer": milliseconds(self.timer),
            "pulse": milliseconds(self.pulse),
            "animation": milliseconds(self.animation),
            "poll": milliseconds(self.poll),
            "idle": milliseconds(self.idle),
            "missedFrames": self.missed_frames,
            "named": self.named,
            "errors": self.named,
        })
    }
}
