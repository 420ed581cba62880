//! Runs cases on pages of a browser, several at a time, and yields one plain result value.

mod browsers;
mod case;
mod doubt;
mod emulation;
mod error;
mod evidence;
mod expand;
mod locate;
mod masking;
mod problems;
mod queue;
mod result;
mod secrecy;
mod session;
pub mod shard;
mod source;
mod steps;
mod tries;
mod verdict;
mod visit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use self::browsers::{MOST_DEATHS, Place};
use self::queue::Queue;
use crate::browser::launch::Browser;
use crate::site::Site;
use crate::spec::{Case, FailOn, Secrets};
use crate::store::Store;

pub use doubt::Doubt;
pub use error::RunError;
pub use expand::{ExpandError, expand};
pub use problems::Problem;
pub use result::{CaseReport, Failure, Fault, Outcome, RunResult, SnapshotReport, Tally};
pub use tries::{Patience, Try};
pub use verdict::{template, warnings};

/// What a run needs beside its cases.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Where pages open; in a run, each of `browsers` in turn.
    pub browser: &'a Browser,
    /// All of them; the others do the work of one that dies.
    pub browsers: &'a [Browser],
    /// Where pages come from; `None` where every case brings its own.
    pub site: Option<&'a Site>,
    /// Where baselines are.
    pub store: &'a Store,
    /// How many pages are open at a time in each browser, at least 1.
    pub jobs: usize,
    /// Which baselines are written at once, without review.
    pub update: Update,
    /// How long it goes on in spite of what fails.
    pub patience: Patience,
    /// Which changes make the run fail.
    pub fail_on: &'a FailOn,
    /// What `${NAME}` stands for, and what is never shown.
    pub secrets: &'a Secrets,
    /// The sessions that cases can start in.
    pub sessions: &'a BTreeMap<String, Case>,
    /// Told before a page is closed, which waits until the pause is over.
    pub pauses: Option<&'a mpsc::UnboundedSender<Pause>>,
}

/// A page that stays open until somebody has looked at it.
#[derive(Debug)]
pub struct Pause {
    /// The case that it belongs to.
    pub case: String,
    /// Ends the pause; so does dropping it.
    pub resume: oneshot::Sender<()>,
}

/// Which baselines a run writes by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Update {
    /// None: what differs is pending.
    #[default]
    Never,
    /// Those that differ from their page.
    Changed,
    /// Those that are not there.
    Missing,
    /// Both.
    All,
}

impl Update {
    fn writes_changed(self) -> bool {
        matches!(self, Update::Changed | Update::All)
    }

    fn writes_missing(self) -> bool {
        matches!(self, Update::Missing | Update::All)
    }
}

/// Told while a run goes on, in the order in which cases end.
#[derive(Debug)]
pub struct Progress {
    /// How many cases have ended.
    pub done: usize,
    /// How many there are.
    pub total: usize,
    /// The place of the case that ended: `spec/case`.
    pub case: String,
}

/// Runs all cases. `progress` is told of every case that ends. When `stop` comes first, the result
/// is of the cases that have ended by then.
pub async fn run(
    cases: &[Case],
    setting: &Setting<'_>,
    progress: &mpsc::UnboundedSender<Progress>,
    stop: impl Future<Output = ()>,
) -> RunResult {
    let started = Instant::now();
    let reports: Mutex<Vec<(usize, CaseReport)>> = Mutex::new(Vec::with_capacity(cases.len()));
    let done = AtomicUsize::new(0);
    let failures = AtomicUsize::new(0);
    let sessions = session::Sessions::new(setting.sessions);
    let groups = groups(cases);
    let queue = Queue::of(groups.len());
    let ended = |at: usize, report: CaseReport| {
        let ended = Progress {
            done: done.fetch_add(1, Ordering::Relaxed) + 1,
            total: cases.len(),
            case: report.name.clone(),
        };
        // Whoever does not listen is not interested.
        let _ = progress.send(ended);
        let failed = report.snapshots.iter().filter(|one| one.outcome.fails());
        let failed = failed.count();
        let failures = failures.fetch_add(failed, Ordering::Relaxed) + failed;
        let most = setting.patience.max_failures;
        if most.is_some_and(|most| failures >= most.get()) {
            queue.close();
        }
        lock(&reports).push((at, report));
    };
    let places: Vec<Place<'_>> = setting.browsers.iter().map(Place::of).collect();
    let jobs = setting.jobs.clamp(1, groups.len().max(1));
    let seats = places
        .iter()
        .flat_map(|place| std::iter::repeat_n(place, jobs));
    let workers = seats.map(|place| {
        let (queue, groups, sessions, ended) = (&queue, &groups, &sessions, &ended);
        async move {
            while let Some(mut work) = queue.take().await {
                let (at, group) = (work.at, groups[work.at]);
                let ended = |report| ended(at, report);
                let browser = place.current().await;
                let setting = Setting {
                    browser: &browser,
                    ..*setting
                };
                match case::run_group(group, &mut work, &setting, sessions, ended).await {
                    Ok(()) => {
                        place.works();
                        queue.done();
                        continue;
                    }
                    Err(BrowserLost) => work.deaths += 1,
                }
                let is_back = place.restart().await;
                let mut others = setting.browsers.iter();
                let has_others = others.any(|one| !one.connection.is_gone());
                let times = work.deaths;
                if times >= MOST_DEATHS || !(is_back || has_others) {
                    for case in group.iter().skip(work.done) {
                        let error = RunError::BrowserDied { times };
                        ended(case::without_verdict(case, &error, &setting));
                    }
                    queue.done();
                } else {
                    queue.give_back(work);
                }
                if !is_back && has_others {
                    return;
                }
            }
        }
    });
    let interrupted = tokio::select! {
        biased;
        _ = join_all(workers) => false,
        () = stop => true,
    };
    for place in places {
        place.close().await;
    }
    let mut reports = std::mem::take(&mut *lock(&reports));
    // Stable: the variants of a case stay behind it.
    reports.sort_by_key(|(at, _)| *at);
    let mut all = sessions.into_failed();
    all.extend(reports.into_iter().map(|(_, report)| report));
    RunResult {
        cases: all,
        browser: versions(setting),
        elapsed: started.elapsed(),
        interrupted,
        skipped: match interrupted {
            true => 0,
            false => skipped(&queue, &groups),
        },
        part: None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Nothing is left half-done by a push that panics.
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The browser died while it did something, and there are others to do it.
struct BrowserLost;

fn versions(setting: &Setting<'_>) -> String {
    let versions: BTreeSet<&str> = setting
        .browsers
        .iter()
        .map(|browser| browser.version.as_str())
        .collect();
    versions.into_iter().collect::<Vec<_>>().join(", ")
}

/// How many snapshots nobody looked at.
fn skipped(queue: &Queue, groups: &[&[Case]]) -> usize {
    let left = queue.left();
    let cases = left.iter().flat_map(|at| groups[*at]);
    // A variant may look like its case, and is counted where it does not.
    let own = cases.filter(|case| case.variant.is_none());
    own.map(|case| case.snapshots.len()).sum()
}

/// Cases with the variants that stand behind them.
pub(crate) fn groups(cases: &[Case]) -> Vec<&[Case]> {
    let is_of_group = |one: &Case, next: &Case| {
        let is_same =
            |one: &Case| (&one.spec, &one.name, &one.page) == (&next.spec, &next.name, &next.page);
        next.variant.is_some() && is_same(one)
    };
    cases.chunk_by(is_of_group).collect()
}

/// Drives all futures on this task; captures are decoded between their waits.
async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.map(|future| Some(Box::pin(future))).collect();
    let mut outputs: Vec<Option<F::Output>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut all_ready = true;
        for (future, output) in pending.iter_mut().zip(&mut outputs) {
            if let Some(running) = future {
                match running.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => {
                        *output = Some(value);
                        *future = None;
                    }
                    std::task::Poll::Pending => all_ready = false,
                }
            }
        }
        if all_ready {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    outputs.into_iter().flatten().collect()
}
