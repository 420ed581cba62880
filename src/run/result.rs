//! What a run found: plain data that every report is made from.

use std::path::PathBuf;
use std::time::Duration;

use super::RunError;
use crate::baseline::BaselinePath;
use crate::compare::Change;

/// A whole run.
#[derive(Debug)]
pub struct RunResult {
    /// In the order of the specs.
    pub cases: Vec<CaseReport>,
    /// The browser's name and version.
    pub browser: String,
    /// How long it took.
    pub elapsed: Duration,
}

/// What became of a case.
#[derive(Debug)]
pub struct CaseReport {
    /// `spec path` or `spec path/case name`.
    pub name: String,
    /// The address that was opened; empty for markup.
    pub url: String,
    /// One for each snapshot of the case.
    pub snapshots: Vec<SnapshotReport>,
    /// What is worth knowing beside the verdicts, such as what was not waited for.
    pub notes: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
}

/// What became of a snapshot.
#[derive(Debug)]
pub struct SnapshotReport {
    /// The place of its baseline.
    pub path: BaselinePath,
    /// The verdict.
    pub outcome: Outcome,
}

/// The verdict on a snapshot.
#[derive(Debug)]
pub enum Outcome {
    /// As the baseline says.
    Matched,
    /// There is no baseline; the snapshot is pending.
    New {
        /// The pending file.
        pending: PathBuf,
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
    },
    /// It was written as the new baseline, because the run was told to.
    Updated {
        /// The baseline's file.
        baseline: PathBuf,
    },
    /// There is no verdict.
    Failed(RunError),
}

/// How many snapshots of each verdict there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// As their baselines say.
    pub matched: usize,
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
        self.matched + self.new + self.changed + self.tolerated + self.updated + self.failed
    }
}

impl RunResult {
    /// Every snapshot with its case.
    pub fn snapshots(&self) -> impl Iterator<Item = (&CaseReport, &SnapshotReport)> {
        self.cases
            .iter()
            .flat_map(|case| case.snapshots.iter().map(move |snapshot| (case, snapshot)))
    }

    /// Counts verdicts.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (_, snapshot) in self.snapshots() {
            match &snapshot.outcome {
                Outcome::Matched => tally.matched += 1,
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
