//! Rounds through everything in which scripts of a page run: its document, those of its frames, and its
//! workers.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::network::Awaited;
use super::policy::POLICY;
use super::{Evidence, SIGNAL, Settling};
use crate::browser::devtools::{CallError, Session};
use crate::browser::page::{Page, PageError};
use crate::browser::world::{Evaluated, World};

const WATCH: &str = include_str!("watch.js");

/// How a round ended.
#[derive(Debug)]
pub(super) enum Round {
    /// Nothing is outstanding.
    Idle {
        evidence: Evidence,
        /// What takes longer than it is waited for.
        long: Vec<String>,
        /// Whether the round alone shows that nothing comes of what was done before.
        is_stable: bool,
    },
    /// Something is outstanding, or happened meanwhile.
    Active,
    /// The document was left for another.
    Replaced,
}

/// Something that scripts wait for.
#[derive(Debug, Clone)]
pub(super) struct Outstanding {
    /// What it is, for a person.
    pub(super) kind: String,
    /// Whether it surely ends.
    pub(super) ends: bool,
    /// Identifies it among others of its kind.
    pub(super) token: String,
    /// Whether it is a script that runs, of which nothing more is known.
    pub(super) is_unanswered: bool,
}

/// An exception that no handler caught.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ScriptError {
    /// Such as `Uncaught TypeError: x is not a function`.
    pub text: String,
    /// Address, line and column, with colons; empty where they are not known.
    pub place: String,
}

/// What a document or worker reports.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Report {
    effects: u64,
    changes: u64,
    workers: u64,
    outstanding: Vec<Pending>,
    long: Vec<String>,
    errors: Vec<ScriptError>,
    changed: Vec<String>,
    has_scripts: bool,
    is_stable: bool,
    is_idle: bool,
    found_storage: bool,
}

#[derive(Debug, Clone, Deserialize)]
struct Pending {
    kind: String,
    ends: bool,
    token: Value,
}

/// Something in which scripts run.
#[derive(Debug, Clone)]
struct Realm {
    session: Session,
    kind: RealmKind,
}

#[derive(Debug, Clone)]
enum RealmKind {
    /// The document of a frame, by the frame's id.
    Document(String),
    /// A worker, by the address of its script.
    Worker(String),
}

impl Realm {
    /// Tells realms apart from each other in evidence.
    fn key(&self) -> String {
        match &self.kind {
            RealmKind::Document(frame) => frame.clone(),
            RealmKind::Worker(_) => self.session.id().unwrap_or_default().to_owned(),
        }
    }

    /// What it is, for a person.
    fn called(&self) -> String {
        match &self.kind {
            RealmKind::Document(_) => "a script that does not end".to_owned(),
            RealmKind::Worker(url) => format!("the worker {url}, which computes"),
        }
    }

    /// With no looks, what is outstanding now; otherwise as soon as it is idle in as many looks.
    async fn watch(
        self,
        looks: u32,
        generation: u32,
        stops_animations: bool,
    ) -> Result<Report, CallError> {
        match &self.kind {
            RealmKind::Document(frame) => {
                let world = World::of_frame(&self.session, frame).await?;
                let options = json!([{"value": {
                    "looks": looks, "generation": generation, "stopsAnimations": stops_animations,
                    "signal": SIGNAL, "limits": POLICY.limits(),
                }}]);
                world.evaluate(WATCH, options).await
            }
            RealmKind::Worker(_) => {
                let work = "self[Symbol.for('ariasnap.work')]";
                let expression = match looks {
                    0 => format!("{work}?.report()"),
                    looks => format!("{work}?.watch({looks}, {generation})"),
                };
                let evaluated: Evaluated<Option<Report>> = self
                    .session
                    .call(
                        "Runtime.evaluate",
                        json!({"expression": expression, "awaitPromise": true, "returnByValue": true}),
                    )
                    .await?;
                let report = evaluated.into_value().unwrap_or_default();
                // A worker without the hook has nothing that could be waited for.
                let report = report.unwrap_or(Report {
                    is_idle: true,
                    ..Report::default()
                });
                Ok(Report {
                    is_stable: report.is_idle,
                    has_scripts: true,
                    ..report
                })
            }
        }
    }
}

impl Page {
    /// The realms of the page; its own document is the first.
    fn realms(&self, deadline: Duration) -> Vec<Realm> {
        let state = self.state.borrow();
        let document = |session: &Session, frame: &str| Realm {
            session: session.with_deadline(deadline),
            kind: RealmKind::Document(frame.to_owned()),
        };
        let mut realms = vec![document(&self.session, &state.main_frame)];
        realms.extend(
            state
                .frames
                .iter()
                .map(|frame| document(&frame.session, &frame.id)),
        );
        realms.extend(state.workers.iter().map(|worker| Realm {
            session: worker.session.with_deadline(deadline),
            kind: RealmKind::Worker(worker.url.clone()),
        }));
        realms
    }

    /// Waits until requests have arrived and every realm is idle, and reports whether that is evidence.
    pub(super) async fn round(
        &self,
        settling: Settling,
        generation: u32,
    ) -> Result<Round, PageError> {
        self.arrivals(settling.deadline).await?;
        let before = self.state.borrow().activity.count;
        // A call ends with the waiting, not by itself.
        let left = settling.deadline.saturating_duration_since(Instant::now());
        let realms = self.realms(left + POLICY.request);
        let is_alone = realms.len() == 1;
        let looks = match (settling.certainty, is_alone) {
            (certainty, true) => certainty.looks(),
            // Two rounds have to agree.
            (certainty, false) => certainty.looks() / 2,
        };
        let stops = settling.stops_animations;
        let keys: Vec<String> = realms.iter().map(Realm::key).collect();
        let watching: Vec<_> = realms
            .into_iter()
            .map(|realm| tokio::spawn(realm.watch(looks, generation, stops)))
            .collect();
        let mut reports = Vec::with_capacity(keys.len());
        for (at, watching) in watching.into_iter().enumerate() {
            match watching.await {
                Ok(Ok(report)) => reports.push(report),
                Ok(Err(error)) if at == 0 => return self.left_or(error),
                // A frame or worker can go away at any moment, and then shows nothing.
                Ok(Err(_)) | Err(_) => reports.push(Report {
                    is_stable: true,
                    ..Report::default()
                }),
            }
        }
        if reports.iter().any(|report| report.found_storage) {
            self.found_storage.store(true, Ordering::Relaxed);
        }
        Ok(self.judge(keys, &reports, before, is_alone))
    }

    /// An error of the page's document, which may have been left for another.
    fn left_or(&self, error: CallError) -> Result<Round, PageError> {
        let state = self.state.borrow();
        if let Some(ended) = &state.ended {
            return Err(ended.clone().into());
        }
        let is_moving = state.activity.awaited(Instant::now()) != Awaited::Nothing;
        if is_moving || error.is_of_document() {
            Ok(Round::Replaced)
        } else {
            Err(error.into())
        }
    }

    fn judge(&self, keys: Vec<String>, reports: &[Report], before: u64, is_alone: bool) -> Round {
        let state = self.state.borrow();
        let now = Instant::now();
        let is_loading = state.activity.awaited(now) != Awaited::Nothing
            || !state.activity.repeated(now).is_empty();
        let made: u64 = reports.iter().map(|report| report.workers).sum();
        let is_starting = made > state.workers.started;
        let is_stable = reports.iter().all(|report| report.is_stable);
        if is_loading || is_starting || !is_stable || state.activity.count != before {
            return Round::Active;
        }
        let effects = reports.iter().map(|report| report.effects + report.changes);
        Round::Idle {
            evidence: Evidence {
                requests: state.activity.count,
                effects: keys.into_iter().zip(effects).collect(),
            },
            long: reports
                .iter()
                .flat_map(|report| report.long.clone())
                .collect(),
            is_stable: is_alone && state.frames.iter().next().is_none()
                || reports.iter().all(|report| !report.has_scripts),
        }
    }

    /// What is outstanding now, and what changed most in the page's document, as in selectors.
    pub(super) async fn outstanding(&self) -> Result<(Vec<Outstanding>, Vec<String>), PageError> {
        let mut outstanding = Vec::new();
        let mut changed = Vec::new();
        for (realm, report) in self.reports().await {
            let key = realm.key();
            let Some(report) = report else {
                outstanding.push(Outstanding {
                    kind: realm.called(),
                    ends: false,
                    token: key,
                    is_unanswered: true,
                });
                continue;
            };
            changed.extend(report.changed);
            outstanding.extend(report.outstanding.into_iter().map(|one| Outstanding {
                kind: one.kind,
                ends: one.ends,
                token: format!("{key} {}", one.token),
                is_unanswered: false,
            }));
        }
        changed.truncate(3);
        Ok((outstanding, changed))
    }

    /// The exceptions that no handler caught, in the page, its frames and its workers.
    pub async fn script_errors(&self) -> Vec<ScriptError> {
        let mut errors: Vec<ScriptError> = Vec::new();
        for (_, report) in self.reports().await {
            for error in report.map(|report| report.errors).unwrap_or_default() {
                if !errors.contains(&error) {
                    errors.push(error);
                }
            }
        }
        errors
    }

    /// What each realm reports now; `None` where it runs a script.
    async fn reports(&self) -> Vec<(Realm, Option<Report>)> {
        let asking: Vec<_> = self
            .realms(self.session.deadline())
            .into_iter()
            .enumerate()
            .map(|(at, realm)| {
                let asked = realm.clone().watch(0, 0, false);
                // The page's own document answers the clock, too.
                let patience = if at == 0 {
                    self.session.deadline()
                } else {
                    POLICY.answer
                };
                (realm, tokio::spawn(tokio::time::timeout(patience, asked)))
            })
            .collect();
        let mut reports = Vec::with_capacity(asking.len());
        for (realm, asked) in asking {
            match asked.await {
                Ok(Ok(Ok(report))) => reports.push((realm, Some(report))),
                Ok(Err(_)) => reports.push((realm, None)),
                // It is gone.
                Ok(Ok(Err(_))) | Err(_) => {}
            }
        }
        reports
    }
}
