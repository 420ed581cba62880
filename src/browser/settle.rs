//! Waiting until a page is at rest, on evidence: what is on its way, what changes, what its timers
//! still hold.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::activity::{Awaited, LONG};
use super::devtools::CallError;
use super::frames::Frame;
use super::page::{Page, PageError};
use super::world::World;

/// Waits inside a document.
const REST: &str = include_str!("settle/rest.js");

/// Tells of the timers of the page's scripts; a function of [`SIGNAL`].
pub(super) const HOOK: &str = include_str!("settle/hook.js");

/// The name of the event by which the two worlds of a document speak.
pub(super) const SIGNAL: &str = "ariasnap-timers";

/// Nothing may happen for so long, behind what happened last, in a document with scripts.
const QUIET: Duration = Duration::from_millis(50);

/// What changes without pause for longer may go on for ever.
const GRACE: Duration = Duration::from_secs(1);

/// A frame that does not answer in this time has a script that runs for ever.
const HUNG: Duration = Duration::from_secs(2);

/// What changes in a page that never stays.
const REPLACED: &str = "the document, which makes way for another again and again";

/// How a page is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Settling {
    /// How long at most.
    pub patience: Duration,
    /// How long it may change all the time. What it asks for all the time does not prolong that.
    pub restless: Duration,
    /// Whether something was just done to the page, so that something may come of it.
    pub is_fresh: bool,
    /// Whether animations are skipped.
    pub stops_animations: bool,
}

/// How the waiting ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rest {
    /// Nothing more is to come, except from these, which were no longer waited for.
    Settled {
        /// Requests that stay open, animations that take long, parts that say that they are busy.
        except: Vec<String>,
    },
    /// It changes all the time: here, elements as in a selector.
    Restless(Vec<String>),
    /// It says of itself that it is not ready, with `aria-busy`.
    Busy(String),
}

#[derive(Deserialize)]
struct Told {
    state: State,
    what: Vec<String>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum State {
    Settled,
    Restless,
    Busy,
}

/// How many changes a page has had: another number is another page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    requests: u64,
    mutations: u64,
}

/// What a page does to itself again and again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Habits {
    /// The longest time from one timer to the next, in milliseconds; 0 where none is set again.
    pub period: u32,
    /// What changed most while the page was taken to be at rest, as in selectors.
    pub changed: Vec<String>,
}

impl Page {
    /// Waits until nothing changes any more; `false` where it never does.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn settle(&self, patience: Duration) -> Result<bool, PageError> {
        let rest = self
            .rest(Settling {
                patience,
                restless: patience,
                is_fresh: false,
                stops_animations: false,
            })
            .await?;
        Ok(matches!(rest, Rest::Settled { .. }))
    }

    /// Waits until the page and its frames are at rest.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn rest(&self, settling: Settling) -> Result<Rest, PageError> {
        let started = Instant::now();
        let deadline = started + settling.patience;
        let mut is_fresh = settling.is_fresh;
        let mut is_left = false;
        loop {
            is_fresh |= self.arrivals(deadline).await?;
            let before = self.state.borrow().activity.count;
            let left = deadline.saturating_duration_since(Instant::now());
            let told = self.documents_rest(settling, is_fresh, left).await;
            let (is_gone, awaited, count) = {
                let state = self.state.borrow();
                let awaited = state.activity.awaited(Instant::now());
                (state.ended.clone(), awaited, state.activity.count)
            };
            if let Some(ended) = is_gone {
                return Err(ended.into());
            }
            let is_past = Instant::now() >= deadline;
            let is_moving = awaited != Awaited::Nothing || count != before;
            match told {
                // The document is left for another in the middle.
                Err(error) if !(is_moving || error.is_of_document()) => return Err(error.into()),
                Err(_) if !is_past => (is_fresh, is_left) = (true, true),
                Ok(_) if !is_past && awaited == Awaited::Document => is_left = true,
                // Where no time is left, nothing tells that this document stays.
                Err(_) | Ok(_) if is_past && is_left => {
                    return Ok(Rest::Restless(vec![REPLACED.to_owned()]));
                }
                Err(error) => return Err(error.into()),
                Ok(Rest::Restless(what)) if started.elapsed() >= settling.restless => {
                    return Ok(Rest::Restless(what));
                }
                Ok(rest) if is_past || !is_moving => return Ok(self.except_requests(rest)),
                Ok(_) => (is_fresh, is_left) = (count != before, false),
            }
        }
    }

    fn except_requests(&self, rest: Rest) -> Rest {
        match rest {
            Rest::Settled { mut except } => {
                let state = self.state.borrow();
                except.extend(state.activity.stayed_open.iter().cloned());
                Rest::Settled { except }
            }
            rest @ (Rest::Restless(_) | Rest::Busy(_)) => rest,
        }
    }

    /// Waits for what is on its way, as far as that may come to an end; whether there was any.
    pub(super) async fn arrivals(&self, deadline: Instant) -> Result<bool, PageError> {
        let mut state = self.state.clone();
        let mut has_waited = false;
        let limit = deadline.min(Instant::now() + LONG);
        loop {
            let awaited = {
                let state = state.borrow_and_update();
                if let Some(ended) = &state.ended {
                    return Err(ended.clone().into());
                }
                state.activity.awaited(Instant::now())
            };
            // What changes all the time must not hide that the time is over.
            if Instant::now() >= deadline {
                break;
            }
            let until = match awaited {
                Awaited::Nothing => break,
                Awaited::Document => deadline,
                // What is asked for meanwhile is the next round's.
                Awaited::Until(_) if Instant::now() >= limit => break,
                Awaited::Until(end) => end.min(limit),
            };
            has_waited = true;
            let changed = tokio::time::timeout_at(until.into(), state.changed()).await;
            match changed {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err(CallError::BrowserGone.into()),
                Err(_) => {}
            }
        }
        self.state_sender.send_if_modified(|state| {
            state.activity.give_up(Instant::now());
            false
        });
        Ok(has_waited)
    }

    /// Asks the page's document and those of its frames, all at once.
    async fn documents_rest(
        &self,
        settling: Settling,
        is_fresh: bool,
        left: Duration,
    ) -> Result<Rest, CallError> {
        let (main_frame, frames) = {
            let state = self.state.borrow();
            let frames: Vec<Frame> = state.frames.iter().cloned().collect();
            (state.main_frame.clone(), frames)
        };
        let options = json!([{"value": {
            "quiet": QUIET.as_millis(), "grace": GRACE.as_millis(), "patience": left.as_millis(),
            "isFresh": is_fresh, "stopsAnimations": settling.stops_animations, "signal": SIGNAL,
        }}]);
        let deadline = left + Duration::from_secs(5);
        let session = self.session.with_deadline(deadline);
        let mut others = Vec::new();
        for frame in frames {
            let (session, options) = (frame.session.with_deadline(deadline), options.clone());
            others.push(tokio::spawn(async move {
                let world = World::of_frame(&session, &frame.id);
                let world = tokio::time::timeout(HUNG, world).await.ok()?.ok()?;
                world.evaluate::<Told>(REST, options).await.ok()
            }));
        }
        let world = World::of_frame(&session, &main_frame).await?;
        let mut told: Told = world.evaluate(REST, options).await?;
        for other in others {
            // A frame can go away at any moment, and then shows nothing.
            let Ok(Some(other)) = other.await else {
                continue;
            };
            if told.state == State::Settled {
                told.state = other.state;
            }
            told.what.extend(other.what);
        }
        Ok(match told.state {
            State::Settled => Rest::Settled { except: told.what },
            State::Restless => Rest::Restless(told.what),
            State::Busy => Rest::Busy(told.what.into_iter().next().unwrap_or_default()),
        })
    }

    /// What the page's changes amount to by now.
    ///
    /// # Errors
    /// Where the document is gone, or the browser.
    pub async fn changes(&self) -> Result<Changes, PageError> {
        let main_frame = self.state.borrow().main_frame.clone();
        let count = async {
            let world = World::of_frame(&self.session, &main_frame).await?;
            world.evaluate(COUNT, Value::Array(Vec::new())).await
        };
        let mutations = match count.await {
            // The requests tell that there is another.
            Err(error) if error.is_of_document() => 0,
            count => count?,
        };
        Ok(Changes {
            requests: self.state.borrow().activity.count,
            mutations,
        })
    }

    /// What the page does again and again, as far as it was seen when it was last waited for.
    ///
    /// # Errors
    /// Where the document is gone, or the browser.
    pub async fn habits(&self) -> Result<Habits, PageError> {
        let main_frame = self.state.borrow().main_frame.clone();
        let world = World::of_frame(&self.session, &main_frame).await?;
        Ok(world.evaluate(HABITS, Value::Array(Vec::new())).await?)
    }

    /// Waits until something changes in the page's document, for a tenth of a second at most.
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn next_change(&self) -> Result<(), PageError> {
        let main_frame = self.state.borrow().main_frame.clone();
        let told = match World::of_frame(&self.session, &main_frame).await {
            Ok(world) => {
                world
                    .evaluate::<Value>(NEXT, Value::Array(Vec::new()))
                    .await
            }
            Err(error) => Err(error),
        };
        match told {
            // The document is being replaced.
            Ok(_) | Err(CallError::Refused { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Mutations so far, those not yet delivered too.
const COUNT: &str = "() => {
  const watch = globalThis[Symbol.for('ariasnap.watch')];
  return watch ? watch.count + (watch.observer.takeRecords().length ? 1 : 0) : 0;
}";

const HABITS: &str = "() => {
  const { period, later } = globalThis[Symbol.for('ariasnap.watch')] ?? { period: 0, later: [] };
  const most = [...later].sort((one, other) => other[1] - one[1]).slice(0, 3);
  return { period, changed: most.map(([name]) => name) };
}";

const NEXT: &str = "() => new Promise(done => {
  const observer = new MutationObserver(() => end());
  const end = () => { observer.disconnect(); requestAnimationFrame(() => done(true)); setTimeout(done, 50, true); };
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  setTimeout(end, 100);
})";
