//! The history of runs: the duration of each case, and the snapshots that failed. Git ignores its file, and a
//! file that cannot be parsed counts as empty.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use crate::baseline::BaselinePath;
use crate::new_file;

/// The folder of the history in a project.
pub const FOLDER: &str = ".ariasnap";

const FILE: &str = "history.json";

const VERSION: u32 = 1;

/// The history.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    version: u32,
    /// Durations in milliseconds, by the titles of cases.
    took: BTreeMap<String, u64>,
    failed: BTreeSet<BaselinePath>,
}

/// The run of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRun {
    pub case: String,
    pub took: Duration,
    /// Its snapshots, and whether each failed.
    pub snapshots: Vec<(BaselinePath, bool)>,
}

impl History {
    /// Returns the duration of the last run of a case.
    pub fn took(&self, case: &str) -> Option<Duration> {
        self.took.get(case).copied().map(Duration::from_millis)
    }

    /// Returns the snapshots that failed in their last test.
    pub fn failed(&self) -> &BTreeSet<BaselinePath> {
        &self.failed
    }

    /// Adds the cases of a run, and keeps those of other cases.
    pub fn learn(&mut self, runs: impl IntoIterator<Item = CaseRun>) {
        for CaseRun {
            case,
            took,
            snapshots,
        } in runs
        {
            let took = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            self.took.insert(case, took);
            for (path, is_failed) in snapshots {
                if is_failed {
                    self.failed.insert(path);
                } else {
                    self.failed.remove(&path);
                }
            }
        }
    }

    /// Removes cases and snapshots that no longer exist.
    pub fn keep_only(&mut self, cases: &BTreeSet<String>, snapshots: &BTreeSet<BaselinePath>) {
        self.took.retain(|case, _| cases.contains(case));
        self.failed.retain(|path| snapshots.contains(path));
    }
}

impl History {
    /// Reads the history of a project; empty if there is no file or it cannot be parsed.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(project: &Path) -> Result<History, StoreError> {
        let bytes = Store::new(project.join(FOLDER)).read(Path::new(FILE))?;
        let history: Option<History> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(history
            .filter(|history| history.version == VERSION)
            .unwrap_or(History {
                version: VERSION,
                ..History::default()
            }))
    }

    /// Writes the history, and a `.gitignore` beside it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, project: &Path) -> Result<PathBuf, StoreError> {
        let store = Store::new(project.join(FOLDER));
        new_file::remove_abandoned_in(store.root());
        let ignore = Path::new(".gitignore");
        if !store.root().join(ignore).exists() {
            store.replace(ignore, "*\n")?;
        }
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| super::write::failed(&store.root().join(FILE), error.into()))?;
        store.replace(Path::new(FILE), &(text + "\n"))
    }
}
