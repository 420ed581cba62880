//! Waiting until a page is finished. This module is the only place that waits for pages.
//!
//! A snapshot is worth something only if it shows the page that the author meant: the one with nothing
//! left to do. Time does not show that: a page may pause for longer than any fixed time, above all on a
//! busy machine. So the evidence is the page's work:
//!
//! 1. **Requests and documents** on their way are seen through the DevTools protocol ([`network`]).
//! 2. **Everything that scripts have outstanding** (timers, frames, reads, databases, cryptography, ...)
//!    is counted by a hook that runs before them, in every document and every worker (`hook.js`).
//! 3. **Nothing runs and nothing is queued**: an idle callback without a time limit runs only once the
//!    document's thread has nothing else to do (`watch.js`); a worker answers a call behind its queue.
//! 4. One look is not enough, for work may be on its way from one place to another. The page is finished
//!    when several looks in a row find nothing outstanding, and nothing that scripts did, no change and no
//!    request came in between. A capture that differs from its baseline is doubted with more looks.
//!
//! Some work never ends: polling, loops, open streams, a worker that computes. It is waited for as long
//! as the tree changes with it, and for a bounded time after that, which [`clock`] measures in time that
//! the page got. The result names what was not waited for. A tree that changes all the time is an error.
//!
//! All durations and counts are in [`policy`].

mod clock;
pub(super) mod network;
pub(super) mod policy;
mod realm;
mod scroll;

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::clock::PageClock;
use self::network::Awaited;
use self::policy::POLICY;
use self::realm::{Outstanding, Round};
use super::devtools::CallError;
use super::emulate::function;
use super::page::{Page, PageError};
use super::world::World;

pub use self::network::{FailedRequest, FailureReason, RequestKind};
pub use self::realm::ScriptError;
pub use self::scroll::{ScrollStep, most_windows};

const HOOK: &str = include_str!("settle/hook.js");

/// The name of the event by which the two worlds of a document speak.
const SIGNAL: &str = "ariasnap-work";

/// What changes in a page that leaves its document again and again.
const REPLACED: &str = "the document, which is replaced again and again";

/// The script that counts what scripts have outstanding. It runs before those of a document or worker.
pub(super) fn hook(looks_for_storage: bool) -> String {
    format!(
        "({})({}, {}, {looks_for_storage})",
        function(HOOK),
        json!(SIGNAL),
        POLICY.limits()
    )
}

/// The text of a page's tree, once it is captured. A future with a type of its own: of a nested one, the
/// compiler cannot see that it may change threads, <https://github.com/rust-lang/rust/issues/110338>.
pub type TreeText<'t> = Pin<Box<dyn Future<Output = Option<String>> + Send + 't>>;

/// How certain it has to be that a page is finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// As for any look at the page.
    Usual,
    /// As for a capture that differs from its baseline, or has none.
    Doubt,
}

impl Certainty {
    fn looks(self) -> u32 {
        match self {
            Certainty::Usual => POLICY.looks,
            Certainty::Doubt => POLICY.looks_in_doubt,
        }
    }
}

/// How a page is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Settling {
    /// When the time is over, whatever is outstanding.
    pub deadline: Instant,
    /// How certain it has to be.
    pub certainty: Certainty,
    /// Whether animations are skipped.
    pub stops_animations: bool,
}

/// What a page has done so far. Where two are equal, nothing happened in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    requests: u64,
    /// The effects in each document and worker.
    effects: Vec<(String, u64)>,
}

/// How the waiting ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Nothing is outstanding, except what was not waited for.
    Finished {
        /// What the page had done by then.
        evidence: Evidence,
        /// Work that may never end, such as polling and open streams.
        not_waited_for: Vec<String>,
        /// How long that took, in the page's own time (see [`clock`]).
        waited: Duration,
    },
    /// The tree changes all the time: here, elements as in a selector.
    Changing(Vec<String>),
    /// The time was over while this was outstanding.
    Unfinished(Vec<String>),
}

/// What is known of work that goes on.
#[derive(Debug, Default)]
struct Progress {
    /// When the tree last changed, or when something that surely ends was last outstanding.
    at: Duration,
    tree: Option<String>,
    /// What surely ends and was outstanding at the last mark.
    ending: HashSet<String>,
    /// The pictures that were on their way at the last mark.
    pictures: HashSet<(Arc<str>, String)>,
    marks: u32,
}

enum Verdict {
    Wait,
    GiveUp(Vec<String>),
    Changing(Vec<String>),
}

impl Page {
    /// Waits until the page is finished. `tree` returns the text of the page's tree, for work that goes
    /// on: whether the tree changes with it.
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn settle<'t>(
        &self,
        settling: Settling,
        tree: impl Fn() -> TreeText<'t>,
    ) -> Result<Settled, PageError> {
        let (main_frame, ended) = {
            let state = self.state.borrow();
            (state.main_frame.clone(), state.ended.clone())
        };
        if let Some(ended) = ended {
            return Err(ended.into());
        }
        let clock = PageClock::start(self.session.clone(), main_frame);
        let mut progress = Progress::default();
        let mut before: Option<Evidence> = None;
        let mut is_replaced = false;
        loop {
            let generation = self.generation.fetch_add(1, Ordering::Relaxed) + 1;
            let round = self.round(settling, generation);
            tokio::pin!(round);
            let round = loop {
                let mark = POLICY.mark * (progress.marks + 1);
                tokio::select! {
                    biased;
                    round = &mut round => break round?,
                    () = tokio::time::sleep_until(settling.deadline.into()) => {
                        return self.unfinished(is_replaced).await;
                    }
                    () = clock.reaches(mark) => {
                        progress.marks += 1;
                        match self.assess(&mut progress, &clock, &tree).await? {
                            Verdict::Wait => {}
                            Verdict::GiveUp(what) => return Ok(self.finished_except(what, before, clock.now())),
                            Verdict::Changing(what) => return Ok(Settled::Changing(what)),
                        }
                    }
                }
            };
            is_replaced = matches!(round, Round::Replaced);
            match round {
                Round::Idle {
                    evidence,
                    long,
                    is_stable,
                } if is_stable || before.as_ref() == Some(&evidence) => {
                    return Ok(self.finished_except(long, Some(evidence), clock.now()));
                }
                Round::Idle { evidence, .. } => before = Some(evidence),
                Round::Active | Round::Replaced => before = None,
            }
            if Instant::now() >= settling.deadline {
                return self.unfinished(is_replaced).await;
            }
        }
    }

    /// The evidence of a page that is given up is never equal to a later one.
    fn finished_except(
        &self,
        mut what: Vec<String>,
        evidence: Option<Evidence>,
        waited: Duration,
    ) -> Settled {
        let state = self.state.borrow();
        what.extend(state.activity.stayed_open.iter().cloned());
        what.dedup();
        Settled::Finished {
            evidence: evidence.unwrap_or(Evidence {
                requests: state.activity.count,
                effects: Vec::new(),
            }),
            not_waited_for: what,
            waited,
        }
    }

    async fn unfinished(&self, is_replaced: bool) -> Result<Settled, PageError> {
        let is_loading = self.state.borrow().activity.awaited(Instant::now()) == Awaited::Document;
        if is_replaced || is_loading {
            return Ok(Settled::Changing(vec![REPLACED.to_owned()]));
        }
        let (outstanding, changed) = self.outstanding().await?;
        let mut kinds = kinds(&outstanding);
        if !changed.is_empty() && !outstanding.iter().any(|one| one.ends) {
            return Ok(Settled::Changing(changed));
        }
        kinds.extend(self.state.borrow().activity.open(Instant::now()));
        if kinds.is_empty() {
            kinds.push("a script that does not end".to_owned());
        }
        Ok(Settled::Unfinished(kinds))
    }

    /// Judges work that still goes on at a mark of the page's clock.
    async fn assess<'t>(
        &self,
        progress: &mut Progress,
        clock: &PageClock,
        tree: &impl Fn() -> TreeText<'t>,
    ) -> Result<Verdict, PageError> {
        let (outstanding, changed) = self.outstanding().await?;
        let text = tree().await;
        let now = clock.now();
        let has_changed = progress.tree.is_some() && text.is_some() && text != progress.tree;
        let is_awaited = self.still_awaits(progress);
        let ending: HashSet<String> = outstanding
            .iter()
            .filter(|one| one.ends)
            .map(|one| one.token.clone())
            .collect();
        // What does not answer is taken to be where it was.
        let is_unknown =
            outstanding.iter().any(|one| one.is_unanswered) && !progress.ending.is_empty();
        let still_ends = is_unknown || !ending.is_disjoint(&progress.ending);
        if !is_unknown {
            progress.ending = ending;
        }
        progress.tree = text.or_else(|| progress.tree.take());
        if has_changed && !is_awaited && now >= POLICY.restless {
            return Ok(Verdict::Changing(changed));
        }
        if has_changed || is_awaited || still_ends {
            progress.at = now;
        }
        if now.saturating_sub(progress.at) < POLICY.endless {
            return Ok(Verdict::Wait);
        }
        let mut what = kinds(&outstanding);
        what.extend(self.state.borrow().activity.repeated(Instant::now()));
        Ok(Verdict::GiveUp(what))
    }

    /// Whether something is on its way that surely ends. Of pictures, which hardly ever change the tree,
    /// only those count that were on their way at the last mark, too: others may be a heartbeat.
    fn still_awaits(&self, progress: &mut Progress) -> bool {
        let state = self.state.borrow();
        let pictures = state.activity.pictures(Instant::now());
        let is_slow = !pictures.is_disjoint(&progress.pictures);
        progress.pictures = pictures;
        is_slow || state.activity.awaits_content(Instant::now())
    }

    /// Waits for requests and documents on their way, as far as they surely end.
    pub(super) async fn arrivals(&self, deadline: Instant) -> Result<(), PageError> {
        let mut state = self.state.clone();
        loop {
            let awaited = {
                let state = state.borrow_and_update();
                if let Some(ended) = &state.ended {
                    return Err(ended.clone().into());
                }
                state.activity.awaited(Instant::now())
            };
            if Instant::now() >= deadline {
                break;
            }
            let until = match awaited {
                Awaited::Nothing => break,
                Awaited::Document => deadline,
                Awaited::Until(end) => end.min(deadline),
            };
            let changed = tokio::time::timeout_at(until.into(), state.changed()).await;
            if let Ok(Err(_)) = changed {
                return Err(CallError::BrowserGone.into());
            }
        }
        self.state_sender.send_if_modified(|state| {
            state.activity.give_up(Instant::now());
            false
        });
        Ok(())
    }

    /// Waits until something changes in the page's document, for a tenth of a second at most.
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn next_change(&self) -> Result<(), PageError> {
        let main_frame = self.state.borrow().main_frame.clone();
        let changed = match World::of_frame(&self.session, &main_frame).await {
            Ok(world) => {
                let nothing = Value::Array(Vec::new());
                world.evaluate::<Value>(NEXT, nothing).await
            }
            Err(error) => Err(error),
        };
        match changed {
            // The document is being replaced.
            Ok(_) | Err(CallError::Refused { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn kinds(outstanding: &[Outstanding]) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for one in outstanding {
        if !kinds.contains(&one.kind) {
            kinds.push(one.kind.clone());
        }
    }
    kinds
}

const NEXT: &str = "() => new Promise(done => {
  const observer = new MutationObserver(() => end());
  const end = () => { observer.disconnect(); requestAnimationFrame(() => done(true)); setTimeout(done, 50, true); };
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  setTimeout(end, 100);
})";
