//! What a run found: plain data that every report is made from.

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
    /// In the order of the specs.
    pub cases: Vec<CaseReport>,
    /// The browser's name and version.
    pub browser: String,
    /// How long it took, in seconds.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub elapsed: Duration,
    /// Whether it was stopped before its end: what is not here has no verdict.
    pub interrupted: bool,
    /// How many snapshots were not looked at because enough had failed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skipped: usize,
    /// What it is a part of, where it is not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn is_empty(path: &Path) -> bool {
    path.as_os_str().is_empty()
}

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CaseReport {
    /// `spec path` or `spec path/case name`.
    pub name: String,
    /// The file of the spec; empty where it is not known.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub spec: PathBuf,
    /// The address that was opened; empty for markup.
    pub url: String,
    /// One for each snapshot of the case.
    pub snapshots: Vec<SnapshotReport>,
    /// What is worth knowing beside the verdicts, such as what was not waited for.
    pub notes: Vec<String>,
    /// What is wrong with the page although it loaded, such as a script that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// How long it took, in seconds.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub elapsed: Duration,
}

/// What became of a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SnapshotReport {
    /// The place of its baseline.
    pub path: BaselinePath,
    /// The verdict.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The verdict on a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// As the baseline says.
    Matched,
    /// As the baseline says, but only when it was tried again.
    Flaky {
        /// What the tries before brought, in their order.
        tries: Vec<Try>,
    },
    /// There is no baseline; the snapshot is pending.
    New {
        /// The file that the baseline would be.
        baseline: PathBuf,
        /// The pending file.
        pending: PathBuf,
        /// Its text.
        text: String,
        /// What it comes from.
        evidence: Option<Box<Evidence>>,
    },
    /// It differs; the snapshot is pending.
    Changed {
        /// How.
        changes: Vec<Change>,
        /// The baseline's file.
        baseline: PathBuf,
        /// The pending file.
        pending: PathBuf,
        /// Whether one of the changes makes the run fail.
        fails: bool,
        /// The lines that differ, with a few around them.
        diff: Vec<DiffLine>,
        /// The changed nodes and the picture of the page.
        evidence: Option<Box<Evidence>>,
    },
    /// It was written as the new baseline, because the run was told to.
    Updated {
        /// The baseline's file.
        baseline: PathBuf,
    },
    /// There is no verdict.
    Failed(Failure),
}

/// Why there is no verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Failure {
    /// For people, over several lines where there is more to say.
    pub message: String,
    /// What is at fault.
    pub fault: Fault,
}

/// What is at fault where there is no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// The page, or the browser.
    Page,
    /// The project's own files.
    Files,
    /// Nothing: the page was seen, and is not what it is to be.
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

/// How many snapshots of each verdict there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// As their baselines say.
    pub matched: usize,
    /// As their baselines say, when tried again.
    pub flaky: usize,
    /// Without baseline.
    pub new: usize,
    /// Different, in a way that makes the run fail.
    pub changed: usize,
    /// Different, in ways that do not.
    pub tolerated: usize,
    /// Written.
    pub updated: usize,
    /// Without verdict.
    pub failed: usize,
}

impl Tally {
    /// All of them.
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
    /// Every snapshot with its case.
    pub fn snapshots(&self) -> impl Iterator<Item = (&CaseReport, &SnapshotReport)> {
        self.cases
            .iter()
            .flat_map(|case| case.snapshots.iter().map(move |snapshot| (case, snapshot)))
    }

    /// The changes of all snapshots, each told once. The indexes are those of
    /// [`RunResult::snapshots`].
    pub fn groups(&self) -> Vec<Group> {
        recurring::groups(self.snapshots().map(|(_, snapshot)| snapshot.changes()))
    }

    /// The same with paths relative to a folder where they are below it, for reports that are read
    /// elsewhere.
    #[must_use]
    pub fn relative_to(mut self, folder: &Path) -> RunResult {
        let cut = |path: &mut PathBuf| {
            if let Ok(relative) = path.strip_prefix(folder) {
                *path = relative.to_owned();
            }
        };
        // Messages name files too.
        let prefix = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
        let is_below_root = folder.file_name().is_some();
        self.cases.iter_mut().for_each(|case| cut(&mut case.spec));
        let snapshots = self.cases.iter_mut().flat_map(|case| &mut case.snapshots);
        for snapshot in snapshots {
            match &mut snapshot.outcome {
                Outcome::New {
                    baseline, pending, ..
                }
                | Outcome::Changed {
                    baseline, pending, ..
                } => {
                    cut(baseline);
                    cut(pending);
                }
                Outcome::Updated { baseline } => cut(baseline),
                Outcome::Failed(failure) if is_below_root => {
                    failure.message = failure.message.replace(&prefix, "");
                }
                Outcome::Flaky { tries } if is_below_root => {
                    for one in tries {
                        if let Try::Failed(failure) = one {
                            failure.message = failure.message.replace(&prefix, "");
                        }
                    }
                }
                Outcome::Matched | Outcome::Flaky { .. } | Outcome::Failed(_) => {}
            }
            if let Outcome::New { evidence, .. } | Outcome::Changed { evidence, .. } =
                &mut snapshot.outcome
                && let Some(screenshot) = evidence.as_mut().and_then(|one| one.screenshot.as_mut())
            {
                cut(&mut screenshot.file);
            }
        }
        self
    }

    /// Counts verdicts.
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
    /// Whether it makes the run fail.
    pub fn fails(&self) -> bool {
        match self {
            Outcome::New { .. } | Outcome::Failed(_) => true,
            Outcome::Changed { fails, .. } => *fails,
            Outcome::Matched | Outcome::Flaky { .. } | Outcome::Updated { .. } => false,
        }
    }
}

impl SnapshotReport {
    /// What differs from the baseline; nothing where it matches or there is none.
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

    /// Where the pending snapshot comes from.
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
