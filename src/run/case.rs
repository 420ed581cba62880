//! One case: its page is opened, brought into its state, captured once for all snapshots of a
//! moment, and every snapshot judged.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::browsers::MOST_DEATHS;
use super::evidence::{self, Origin, part_of};
use super::locate::{Moment, locate, tree};
use super::masking;
use super::problems::{Problem, problems};
use super::queue::GroupProgress;
use super::session::Sessions;
use super::tries::{Tries, may_pass};
use super::verdict::Verdict;
use super::visit::{Purpose, Visit};
use super::{
    BrowserLost, CaseReport, Doubt, Failure, Outcome, Pause, RunError, Setting, SnapshotReport,
    Update,
};
use crate::aria::{Locator, Tree};
use crate::baseline::BaselinePath;
use crate::browser::devtools::CallError;
use crate::browser::launch::Browser;
use crate::browser::page::PageError;
use crate::browser::settle::Certainty;
use crate::source::Spanned;
use crate::spec::steps::Action;
use crate::spec::{Allowed, Case, SnapshotRequest};

/// What the snapshots of a case say that differ from their baselines, for its variants: those that
/// say the same follow them.
pub(super) type Differing = HashMap<BaselinePath, String>;

/// A case with its variants, of which those follow the case that look like it.
pub(super) async fn run_group(
    cases: &[Case],
    progress: &mut GroupProgress,
    setting: &Setting<'_>,
    sessions: &Sessions,
    ended: impl Fn(CaseReport),
) -> Result<(), BrowserLost> {
    while let Some(case) = cases.get(progress.done) {
        ended(run_case(case, setting, sessions, &mut progress.differing).await?);
        progress.done += 1;
    }
    Ok(())
}

async fn run_case(
    case: &Case,
    setting: &Setting<'_>,
    sessions: &Sessions,
    differing: &mut Differing,
) -> Result<CaseReport, BrowserLost> {
    let started = Instant::now();
    let mut tries = Tries::default();
    let mut left = setting.patience.retries;
    let mut crashes = 0;
    let (mut seen, error) = loop {
        let mut seen = Seen::default();
        let mut error = visit(case, setting, sessions, &mut seen).await.err();
        if matches!(
            error,
            Some(RunError::Page(PageError::Call(CallError::Crashed)))
        ) {
            crashes += 1;
            if crashes < MOST_DEATHS {
                continue;
            }
            error = Some(RunError::PageCrashed { times: crashes });
        }
        if error.is_some() && is_lost(setting).await {
            return Err(BrowserLost);
        }
        if left == 0 || !may_pass(&seen, error.as_ref(), setting) {
            break (seen, error);
        }
        left -= 1;
        tries.note(&seen, error.as_ref(), case.snapshots.len(), setting);
    };
    let mut snapshots = Vec::with_capacity(case.snapshots.len());
    let reached: HashSet<usize> = seen.verdicts.iter().map(|(at, _)| *at).collect();
    for (at, verdict) in std::mem::take(&mut seen.verdicts) {
        let request = &case.snapshots[at];
        if let Some(text) = verdict.differing() {
            match &request.shared {
                None => drop(differing.insert(request.baseline.clone(), text)),
                // The variant looks like its case, which waits to be decided upon. A pending file
                // of an earlier run would be of no use.
                Some(shared)
                    if !verdict.differs_from_own()
                        && differing.get(shared) == Some(&text)
                        && setting.store.reject(&request.baseline).is_ok() =>
                {
                    continue;
                }
                Some(_) => {}
            }
        }
        snapshots.push(SnapshotReport {
            path: request.baseline.clone(),
            outcome: tries.judge(at, verdict.keep(&request.baseline, setting)),
        });
    }
    // Reported once: what is wrong with a page is not wrong with each of its snapshots again.
    if let Some(error) = error {
        let fault = error.fault();
        let is_reported = |path: &BaselinePath| snapshots.iter().any(|one| one.path == *path);
        let next = case
            .snapshots
            .iter()
            .find(|request| !is_reported(&request.baseline));
        if let Some(request) = next.or(case.snapshots.first()) {
            let path = request.baseline.clone();
            let kept = error.kept(setting.store, &path);
            let outcome = Outcome::Failed(masking::failure(&kept, setting));
            let matched = snapshots
                .iter_mut()
                .find(|one| one.path == path && one.outcome == Outcome::Matched);
            match matched {
                // A snapshot of a case that failed is reported as failed.
                Some(report) => report.outcome = outcome,
                // Another verdict is in files by now, and stays beside it.
                None => snapshots.push(SnapshotReport { path, outcome }),
            }
        }
        for (at, request) in case.snapshots.iter().enumerate() {
            let path = &request.baseline;
            if !reached.contains(&at) && !snapshots.iter().any(|one| one.path == *path) {
                snapshots.push(SnapshotReport {
                    path: path.clone(),
                    outcome: Outcome::Failed(Failure {
                        message: "not reached: the case failed before it".to_owned(),
                        fault,
                    }),
                });
            }
        }
    }
    let mask = |text: &String| setting.secrets.mask(text);
    seen.notes.extend(baseline_warnings(case, setting));
    Ok(CaseReport {
        name: case.title(),
        spec: case.place.file.path.to_path_buf(),
        url: mask(&seen.url),
        snapshots,
        notes: seen.notes.iter().map(mask).collect(),
        problems: seen.problems,
        waited: seen.waited,
        elapsed: started.elapsed(),
    })
}

/// The warnings about the baselines of a case.
fn baseline_warnings(case: &Case, setting: &Setting<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for request in &case.snapshots {
        // A baseline that cannot be read is an error of its own.
        if let Ok(Some(baseline)) = setting.store.baseline(&request.baseline)
            && let Ok(template) = super::verdict::template(&baseline.file)
        {
            found.extend(super::verdict::warnings(&baseline.file, &template));
        }
    }
    found
}

/// Whether the browser is gone, and others or the same one started again can do its work. One that hangs
/// counts as gone even where there are no others: its other cases need not wait for it one by one.
pub(super) async fn is_lost(setting: &Setting<'_>) -> bool {
    const BESIDE_OTHERS: Duration = Duration::from_secs(5);
    const ALONE: Duration = Duration::from_secs(15);
    let is_other = |one: &&Browser| !std::ptr::eq(*one, setting.browser);
    let mut others = setting.browsers.iter().filter(is_other);
    let has_others = others.any(|one| !one.connection.is_gone());
    let can_go_on = has_others || setting.browser.can_start_again();
    let patience = if has_others { BESIDE_OTHERS } else { ALONE };
    !setting.browser.answers(patience).await && can_go_on
}

/// Reports a case that the browser did not survive.
pub(super) fn without_verdict(case: &Case, error: &RunError, setting: &Setting<'_>) -> CaseReport {
    let failure = masking::failure(error, setting);
    let snapshots = case.snapshots.iter().take(1).map(|request| SnapshotReport {
        path: request.baseline.clone(),
        outcome: Outcome::Failed(failure.clone()),
    });
    CaseReport {
        name: case.title(),
        spec: case.place.file.path.to_path_buf(),
        url: String::new(),
        snapshots: snapshots.collect(),
        notes: Vec::new(),
        problems: Vec::new(),
        waited: Duration::ZERO,
        elapsed: Duration::ZERO,
    }
}

/// What a visit brought, whether or not it came to its end.
#[derive(Default)]
pub(super) struct Seen {
    url: String,
    /// The index of the snapshot, and what there is to say of it.
    pub(super) verdicts: Vec<(usize, Verdict)>,
    notes: Vec<String>,
    problems: Vec<Problem>,
    waited: Duration,
}

async fn visit(
    case: &Case,
    setting: &Setting<'_>,
    sessions: &Sessions,
    seen: &mut Seen,
) -> Result<(), RunError> {
    let session = match &case.session {
        Some(name) => Some(sessions.state(&name.value, setting).await?),
        None => None,
    };
    let mut visit = Visit::open(case, setting, session.as_deref(), Purpose::Look).await?;
    seen.url.clone_from(&visit.url);
    let done = visit.all_moments(seen).await;
    seen.notes.append(&mut visit.notes);
    seen.waited = visit.waited;
    if let Some(pauses) = setting.pauses {
        let (resume, resumed) = tokio::sync::oneshot::channel();
        let case = case.title();
        if pauses.send(Pause { case, resume }).is_ok() {
            // Whoever stopped listening wants to go on.
            let _ = resumed.await;
        }
    }
    match done {
        Ok(()) => visit.leave().await,
        Err(_) => visit.close().await,
    }
    done
}

impl Visit<'_> {
    async fn all_moments(&mut self, seen: &mut Seen) -> Result<(), RunError> {
        let case = self.case;
        for (at, step) in case.steps.iter().enumerate() {
            self.step(at).await?;
            if matches!(step.action, Action::Snapshot(_)) {
                self.moment(Some(at), seen).await?;
            }
        }
        self.moment(None, seen).await
    }

    /// Judges the snapshots of a moment. What differs is looked at again as long as the page changes.
    async fn moment(&mut self, step: Option<usize>, seen: &mut Seen) -> Result<(), RunError> {
        let requests: Vec<(usize, &SnapshotRequest)> = self
            .case
            .snapshots
            .iter()
            .enumerate()
            .filter(|(_, request)| request.step == step)
            .collect();
        if requests.is_empty() {
            return Ok(());
        }
        let deadline = Instant::now() + self.case.timeout.0;
        let mut last: Option<Vec<Option<String>>> = None;
        loop {
            let (moment, mut verdicts) = self.judge_shown(&requests, deadline).await?;
            if !verdicts.iter().any(|(_, verdict)| verdict.may_change()) {
                seen.problems = problems(&self.page, self.setting.secrets).await;
                seen.verdicts.extend(verdicts);
                return Ok(());
            }
            let text = |(_, verdict): &(usize, Verdict)| verdict.differing();
            let now: Vec<Option<String>> = verdicts.iter().map(text).collect();
            // A difference is doubted first: where the page did nothing more, it is as it was captured.
            let before = self.evidence.clone();
            self.settle(Certainty::Doubt).await?;
            let is_final = last.as_ref() == Some(&now) || self.evidence == before;
            if is_final || Instant::now() >= deadline {
                seen.problems = problems(&self.page, self.setting.secrets).await;
                refuse_broken(&mut verdicts, &seen.problems, &self.case.allow);
                if self.setting.update == Update::Never {
                    self.see(&moment, &mut verdicts).await;
                }
                seen.verdicts.extend(verdicts);
                return Ok(());
            }
            last = Some(now);
        }
    }

    /// Judges the page once it shows something. A page may be blank for a while, such as one that
    /// throws away the server's HTML.
    async fn judge_shown(
        &mut self,
        requests: &[(usize, &SnapshotRequest)],
        deadline: Instant,
    ) -> Result<(Moment, Vec<(usize, Verdict)>), RunError> {
        loop {
            match self.judge(requests).await {
                Err(RunError::Doubt(Doubt::NoContent { .. })) if Instant::now() < deadline => {
                    self.page.next_change().await?;
                    self.settle(Certainty::Usual).await?;
                }
                judged => return judged,
            }
        }
    }

    /// Looks at the changed nodes while the page shows them.
    async fn see(&self, moment: &Moment, verdicts: &mut [(usize, Verdict)]) {
        let viewport = self.case.emulation.viewport;
        let origin = Origin {
            case: self.case.title(),
            url: self.setting.secrets.mask(&self.url),
            browser: self.setting.browser.version.clone(),
            viewport: (viewport.width, viewport.height),
            matching: self.case.matching,
        };
        let verdicts = verdicts.iter_mut();
        let shown: Vec<_> = verdicts
            .filter_map(|(_, verdict)| verdict.shown_mut())
            .collect();
        if shown.is_empty() {
            return;
        }
        let mut nodes = Vec::with_capacity(shown.len());
        for (_, changes, _) in &shown {
            nodes.push(self.changed_nodes(moment, changes).await);
        }
        // One picture, whatever the snapshots of the moment are.
        let shot = self.picture(moment, part_of(&nodes)).await.map(Arc::new);
        for ((tree, _, seen), nodes) in shown.into_iter().zip(nodes) {
            *seen = Some(evidence::Seen::new(
                &origin,
                tree.clone(),
                nodes,
                shot.clone(),
            ));
        }
    }

    async fn judge(
        &self,
        requests: &[(usize, &SnapshotRequest)],
    ) -> Result<(Moment, Vec<(usize, Verdict)>), RunError> {
        let moment = self.look().await?;
        self.check_moment(&moment)?;
        let mut verdicts = Vec::with_capacity(requests.len());
        for (at, request) in requests {
            let tree = match request.locator.as_ref().or(self.case.root.as_ref()) {
                None => Ok(moment.whole.clone()),
                Some(locator) => part(locator, &moment).await?,
            };
            let masked = tree.map(|mut tree: Tree| {
                self.mask(&mut tree);
                tree
            });
            let verdict = Verdict::of(masked, request, self.case.matching, self.setting);
            verdicts.push((*at, verdict));
        }
        Ok((moment, verdicts))
    }
}

/// Refuses first baselines of a page with problems that are not allowed.
fn refuse_broken(verdicts: &mut [(usize, Verdict)], problems: &[Problem], allowed: &[Allowed]) {
    let refused = problems
        .iter()
        .filter(|one| !allowed.contains(&one.allowed_by()));
    let refused: Vec<Problem> = refused.cloned().collect();
    if refused.is_empty() {
        return;
    }
    for (_, verdict) in verdicts.iter_mut().filter(|(_, verdict)| verdict.is_new()) {
        *verdict = Verdict::None(RunError::Broken(refused.clone()));
    }
}

/// Returns the tree of the one node that a locator finds.
async fn part(
    locator: &Spanned<Locator>,
    moment: &Moment,
) -> Result<Result<Tree, RunError>, RunError> {
    let found = locate(&locator.value, moment).await?;
    Ok(found
        .map(|source| tree(moment, Some(source)))
        .map_err(|error| RunError::Locate {
            place: locator.place.to_string(),
            error,
        }))
}
