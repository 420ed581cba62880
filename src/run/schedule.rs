//! The scheduler: tasks that take cases from a queue, as many for each browser as it opens pages at a time.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;

use super::browsers::{MOST_DEATHS, Place};
use super::queue::{Queue, Work};
use super::session::Sessions;
use super::{
    BrowserLost, CaseReport, Progress, RunContext, RunError, RunResult, Setting, Untested, case,
    groups,
};
use crate::spec::{Case, SnapshotRequest};

/// Runs all cases, and sends each that ends to `progress`. If `stop` comes first, the result has the
/// cases that have ended by then.
pub async fn run(
    cases: Vec<Case>,
    context: RunContext,
    progress: UnboundedSender<Progress>,
    stop: impl Future<Output = ()>,
) -> RunResult {
    let started = Instant::now();
    let run = Arc::new(Run::new(cases, context, progress));
    let mut tasks = JoinSet::new();
    for place in &run.places {
        for _ in 0..run.jobs() {
            tasks.spawn(Arc::clone(&run).work(Arc::clone(place)));
        }
    }
    let interrupted = tokio::select! {
        biased;
        () = all(&mut tasks) => false,
        () = stop => true,
    };
    tasks.shutdown().await;
    for place in &run.places {
        place.close().await;
    }
    run.result(started, interrupted)
}

async fn all(tasks: &mut JoinSet<()>) {
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended
            && let Ok(panic) = error.try_into_panic()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

/// What the tasks of a run share.
struct Run {
    cases: Vec<Case>,
    /// Each case with its variants, as a range of `cases`.
    groups: Vec<Range<usize>>,
    context: RunContext,
    places: Vec<Arc<Place>>,
    sessions: Sessions,
    queue: Queue,
    progress: UnboundedSender<Progress>,
    /// By the places of their groups.
    reports: Mutex<Vec<(usize, CaseReport)>>,
    done: AtomicUsize,
    failures: AtomicUsize,
}

impl Run {
    fn new(cases: Vec<Case>, context: RunContext, progress: UnboundedSender<Progress>) -> Run {
        let mut end = 0;
        let groups: Vec<Range<usize>> = groups(&cases)
            .into_iter()
            .map(|group| {
                let start = end;
                end += group.len();
                start..end
            })
            .collect();
        let browsers = 0..context.browsers.len();
        Run {
            places: browsers
                .map(|at| Arc::new(Place::of(Arc::clone(&context.browsers), at)))
                .collect(),
            sessions: Sessions::new(context.sessions.keys()),
            queue: Queue::of(groups.len()),
            progress,
            reports: Mutex::new(Vec::with_capacity(cases.len())),
            done: AtomicUsize::new(0),
            failures: AtomicUsize::new(0),
            cases,
            groups,
            context,
        }
    }

    fn jobs(&self) -> usize {
        self.context.jobs.clamp(1, self.groups.len().max(1))
    }

    fn group(&self, at: usize) -> &[Case] {
        &self.cases[self.groups[at].clone()]
    }

    /// Takes cases until none is left, or until the browser is lost while others are there.
    async fn work(self: Arc<Run>, place: Arc<Place>) {
        while let Some(mut work) = self.queue.take().await {
            let browser = place.current().await;
            let setting = self.context.with(&browser);
            let ended = |report| self.ended(work.at, report);
            let group = self.group(work.at);
            let done = case::run_group(group, &mut work.progress, &setting, &self.sessions, ended);
            match done.await {
                Ok(()) => {
                    place.works();
                    self.queue.done();
                }
                Err(BrowserLost) if !self.lost(work, &place, &setting).await => return,
                Err(BrowserLost) => {}
            }
        }
    }

    /// Gives back the work of a lost browser, or reports that there is no verdict. Returns whether the
    /// task goes on.
    async fn lost(&self, mut work: Work, place: &Place, setting: &Setting<'_>) -> bool {
        work.deaths += 1;
        let is_back = place.restart().await;
        let mut others = setting.browsers.iter();
        let has_others = others.any(|one| !one.connection.is_gone());
        let times = work.deaths;
        if times >= MOST_DEATHS || !(is_back || has_others) {
            for case in self.group(work.at).iter().skip(work.progress.done) {
                let error = RunError::BrowserDied { times };
                self.ended(work.at, case::without_verdict(case, &error, setting));
            }
            self.queue.done();
        } else {
            self.queue.give_back(work);
        }
        is_back || !has_others
    }

    fn ended(&self, at: usize, report: CaseReport) {
        let ended = Progress {
            done: self.done.fetch_add(1, Ordering::Relaxed) + 1,
            total: self.cases.len(),
            case: report.name.clone(),
        };
        // The receiver may be gone.
        let _ = self.progress.send(ended);
        let failed = report.snapshots.iter().filter(|one| one.outcome.fails());
        let failed = failed.count();
        let failures = self.failures.fetch_add(failed, Ordering::Relaxed) + failed;
        let most = self.context.patience.max_failures;
        if most.is_some_and(|most| failures >= most.get()) {
            self.queue.close();
        }
        self.reports().push((at, report));
    }

    fn reports(&self) -> MutexGuard<'_, Vec<(usize, CaseReport)>> {
        // A push that panics leaves nothing half-done.
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn result(&self, started: Instant, interrupted: bool) -> RunResult {
        let mut reports = std::mem::take(&mut *self.reports());
        // Stable: the variants of a case stay behind it.
        reports.sort_by_key(|(at, _)| *at);
        let mut cases = self.sessions.take_failed();
        cases.extend(reports.into_iter().map(|(_, report)| report));
        let untested = self.untested(&cases);
        RunResult {
            cases,
            browser: self.versions(),
            elapsed: started.elapsed(),
            interrupted,
            untested,
            part: None,
        }
    }

    fn versions(&self) -> String {
        let browsers = self.context.browsers.iter();
        let versions: BTreeSet<&str> = browsers.map(|browser| browser.version.as_str()).collect();
        versions.into_iter().collect::<Vec<_>>().join(", ")
    }

    /// Returns the snapshots of the cases that have no report.
    fn untested(&self, reports: &[CaseReport]) -> Vec<Untested> {
        let tested: HashSet<&str> = reports.iter().map(|report| report.name.as_str()).collect();
        // A variant may look like its case, and is counted where it does not.
        let own = self.cases.iter().filter(|case| case.variant.is_none());
        own.map(|case| (case.title(), case))
            .filter(|(title, _)| !tested.contains(title.as_str()))
            .flat_map(|(title, case)| {
                let untested = move |request: &SnapshotRequest| Untested {
                    case: title.clone(),
                    path: request.baseline.clone(),
                };
                case.snapshots.iter().map(untested)
            })
            .collect()
    }
}
