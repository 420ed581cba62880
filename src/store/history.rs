//! What is remembered of runs: how long cases took, and what failed last.
//!
//! A file that git ignores. Whatever cannot be understood of it is as good as forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use crate::baseline::BaselinePath;
use crate::new_file;

/// The folder of a project that holds what is remembered.
pub const FOLDER: &str = ".ariasnap";

const FILE: &str = "history.json";

const VERSION: u32 = 1;

/// What earlier runs left.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    version: u32,
    /// How long cases took, by their titles, in milliseconds.
    took: BTreeMap<String, u64>,
    failed: BTreeSet<BaselinePath>,
}

/// What a run tells of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its title.
    pub case: String,
    /// How long it took.
    pub took: Duration,
    /// Its snapshots, and whether each makes a run fail.
    pub snapshots: Vec<(BaselinePath, bool)>,
}

impl History {
    /// How long a case took when it was last run.
    pub fn took(&self, case: &str) -> Option<Duration> {
        self.took.get(case).copied().map(Duration::from_millis)
    }

    /// The snapshots that failed when they were last looked at.
    pub fn failed(&self) -> &BTreeSet<BaselinePath> {
        &self.failed
    }

    /// Adds what a run tells. Cases that it did not have stay as they are remembered.
    pub fn learn(&mut self, told: impl IntoIterator<Item = Told>) {
        for Told {
            case,
            took,
            snapshots,
        } in told
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

    /// Forgets what is in no spec any more.
    pub fn keep_only(&mut self, cases: &BTreeSet<String>, snapshots: &BTreeSet<BaselinePath>) {
        self.took.retain(|case, _| cases.contains(case));
        self.failed.retain(|path| snapshots.contains(path));
    }
}

impl History {
    /// What earlier runs left in the folder [`FOLDER`] of a project; nothing where there is no file,
    /// or one that cannot be understood.
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

    /// Keeps it for the next run, and git away from it.
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
