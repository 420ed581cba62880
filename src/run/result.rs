//! The result of a run: plain data, the source of all reports.

use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shard::Part;
use super::{Problem, Try};
use crate::baseline::BaselinePath;
use crate::compare::Change;
use crate::compare::lines::DiffLine;
use crate::compare::recurring::{self, Group};
use crate::store::evidence::Evidence;

/// A whole run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RunResult {
    /// The cases, in the order of the specs.
    pub cases: Vec<CaseReport>,
    /// Name and version of the browser.
    pub browser: String,
    /// The duration in seconds.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub elapsed: Duration,
    /// Whether it was interrupted.
    pub interrupted: bool,
    /// The snapshots that were not tested: the run was interrupted, or enough had failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untested: Vec<Untested>,
    /// The part, if it is one part of a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
}

fn is_empty(path: &Path) -> bool {
    path.as_os_str().is_empty()
}

/// A snapshot that was not tested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Untested {
    /// The name of its case.
    pub case: String,
    /// The path of its baseline.
    pub path: BaselinePath,
}

/// The result of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CaseReport {
    /// `spec path` or `spec path/case name`.
    pub name: String,
    /// The file of the spec; empty if it is unknown.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub spec: PathBuf,
    /// The address of the page; empty for a case with `html`.
    pub url: String,
    /// The snapshots of the case.
    pub snapshots: Vec<SnapshotReport>,
    /// Remarks, such as work that was not waited for.
    pub notes: Vec<String>,
    /// Problems of the loaded page, such as a failed script.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// How long the page was waited for beyond its first tenth of a second, in seconds of its own time:
    /// a page on a busy machine or a slow processor has less of it than the wall clock shows.
    #[serde(default, with = "seconds", skip_serializing_if = "Duration::is_zero")]
    #[schemars(with = "f64")]
    pub waited: Duration,
    /// The duration in seconds.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub elapsed: Duration,
}

/// The result of a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SnapshotReport {
    /// The path of its baseline.
    pub path: BaselinePath,
    /// The outcome.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The outcome of a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// It matches its baseline.
    Matched,
    /// It matched its baseline only in a later try.
    Flaky {
        /// The failed tries, in order.
        tries: Vec<Try>,
    },
    /// There is no baseline; the snapshot is pending.
    New {
        /// The future file of the baseline.
        baseline: PathBuf,
        /// The pending file.
        pending: PathBuf,
        /// The pending text.
        text: String,
        /// Its origin.
        evidence: Option<Box<Evidence>>,
    },
    /// It differs from its baseline; the snapshot is pending.
    Changed {
        /// The changes.
        changes: Vec<Change>,
        /// The baseline's file.
        baseline: PathBuf,
        /// The pending file.
        pending: PathBuf,
        /// Whether a change fails the run, by `fail-on`.
        fails: bool,
        /// The lines that differ, with a few around them.
        diff: Vec<DiffLine>,
        /// The changed nodes and the picture of the page.
        evidence: Option<Box<Evidence>>,
    },
    /// It was written as the new baseline, because of `--update`.
    Updated {
        /// The baseline's file.
        baseline: PathBuf,
    },
    /// It could not be tested.
    Failed(Failure),
}

/// Why a snapshot could not be tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Failure {
    /// The message, possibly several lines.
    pub message: String,
    /// The cause.
    pub fault: Fault,
}

/// The cause of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// The page, or the browser.
    Page,
    /// The project's own files.
    Files,
    /// The page was tested and is not as expected.
    Difference,
}

/// Times as seconds, to the millisecond.
mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Duration, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_f64((time.as_secs_f64() * 1000.0).round() / 1000.0)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        let seconds = f64::deserialize(from)?;
        Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
    }
}

/// The number of snapshots with each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// They match.
    pub matched: usize,
    /// They matched in a later try.
    pub flaky: usize,
    /// They have no baseline.
    pub new: usize,
    /// They differ and fail the run.
    pub changed: usize,
    /// They differ in ways that `fail-on` allows.
    pub tolerated: usize,
    /// Their baselines were written.
    pub updated: usize,
    /// They could not be tested.
    pub failed: usize,
}

impl Tally {
    /// Returns the number of all snapshots.
    pub fn total(&self) -> usize {
        self.matched
            + self.flaky
            + self.new
            + self.changed
            + self.tolerated
            + self.updated
            + self.failed
    }
}

impl RunResult {
    /// Lists all snapshots, each with its case.
    pub fn snapshots(&self) -> impl Iterator<Item = (&CaseReport, &SnapshotReport)> {
        self.cases
            .iter()
            .flat_map(|case| case.snapshots.iter().map(move |snapshot| (case, snapshot)))
    }

    /// Returns the changes of all snapshots, each once. The indexes are those of [`RunResult::snapshots`].
    pub fn groups(&self) -> Vec<Group> {
        recurring::groups(self.snapshots().map(|(_, snapshot)| snapshot.changes()))
    }

    /// Makes paths relative to a folder if they are inside, for reports that are read elsewhere.
    #[must_use]
    pub fn relative_to(mut self, folder: &Path) -> RunResult {
        self.each_path(|path| {
            if let Ok(relative) = path.strip_prefix(folder) {
                *path = relative.to_owned();
            }
        });
        // Messages name files too.
        let prefix = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
        if folder.file_name().is_some() {
            self.each_failure(|failure| failure.message = failure.message.replace(&prefix, ""));
        }
        self
    }

    /// Makes relative paths those of files below a folder, such as a project's folder in its repository.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> RunResult {
        self.each_path(|path| {
            // An unknown path stays empty.
            if path.is_relative() && !path.as_os_str().is_empty() {
                *path = folder.join(&*path);
            }
        });
        self
    }

    fn each_path(&mut self, mut change: impl FnMut(&mut PathBuf)) {
        for case in &mut self.cases {
            change(&mut case.spec);
            for snapshot in &mut case.snapshots {
                if let Outcome::Updated { baseline } = &mut snapshot.outcome {
                    change(baseline);
                }
                if let Some(files) = snapshot.outcome.pending_files() {
                    change(files.baseline);
                    change(files.pending);
                    files.screenshot.into_iter().for_each(&mut change);
                }
            }
        }
    }

    fn each_failure(&mut self, mut change: impl FnMut(&mut Failure)) {
        let snapshots = self.cases.iter_mut().flat_map(|case| &mut case.snapshots);
        for snapshot in snapshots {
            match &mut snapshot.outcome {
                Outcome::Failed(failure) => change(failure),
                Outcome::Flaky { tries } => {
                    for one in tries {
                        if let Try::Failed(failure) = one {
                            change(failure);
                        }
                    }
                }
                Outcome::Matched
                | Outcome::New { .. }
                | Outcome::Changed { .. }
                | Outcome::Updated { .. } => {}
            }
        }
    }

    /// Counts the outcomes.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (_, snapshot) in self.snapshots() {
            match &snapshot.outcome {
                Outcome::Matched => tally.matched += 1,
                Outcome::Flaky { .. } => tally.flaky += 1,
                Outcome::New { .. } => tally.new += 1,
                Outcome::Changed { fails: true, .. } => tally.changed += 1,
                Outcome::Changed { fails: false, .. } => tally.tolerated += 1,
                Outcome::Updated { .. } => tally.updated += 1,
                Outcome::Failed(_) => tally.failed += 1,
            }
        }
        tally
    }
}

impl Outcome {
    /// Whether it fails the run.
    pub fn fails(&self) -> bool {
        match self {
            Outcome::New { .. } | Outcome::Failed(_) => true,
            Outcome::Changed { fails, .. } => *fails,
            Outcome::Matched | Outcome::Flaky { .. } | Outcome::Updated { .. } => false,
        }
    }

    /// Returns the files of a pending snapshot.
    pub(crate) fn pending_files(&mut self) -> Option<PendingFiles<'_>> {
        match self {
            Outcome::New {
                baseline,
                pending,
                evidence,
                ..
            }
            | Outcome::Changed {
                baseline,
                pending,
                evidence,
                ..
            } => {
                let screenshot = evidence.as_mut().and_then(|one| one.screenshot.as_mut());
                Some(PendingFiles {
                    baseline,
                    pending,
                    screenshot: screenshot.map(|one| &mut one.file),
                })
            }
            Outcome::Matched
            | Outcome::Flaky { .. }
            | Outcome::Updated { .. }
            | Outcome::Failed(_) => None,
        }
    }
}

/// The files of a pending snapshot, to be renamed.
#[derive(Debug)]
pub(crate) struct PendingFiles<'o> {
    pub(crate) baseline: &'o mut PathBuf,
    pub(crate) pending: &'o mut PathBuf,
    pub(crate) screenshot: Option<&'o mut PathBuf>,
}

impl SnapshotReport {
    /// Returns the changes; none if it matches or is new.
    pub fn changes(&self) -> &[Change] {
        match &self.outcome {
            Outcome::Changed { changes, .. } => changes,
            Outcome::Matched
            | Outcome::New { .. }
            | Outcome::Updated { .. }
            | Outcome::Flaky { .. }
            | Outcome::Failed(_) => &[],
        }
    }

    /// Returns the evidence of the pending snapshot.
    pub fn evidence(&self) -> Option<&Evidence> {
        match &self.outcome {
            Outcome::New { evidence, .. } | Outcome::Changed { evidence, .. } => {
                evidence.as_deref()
            }
            Outcome::Matched
            | Outcome::Flaky { .. }
            | Outcome::Updated { .. }
            | Outcome::Failed(_) => None,
        }
    }
}
