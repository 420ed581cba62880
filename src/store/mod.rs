//! Baselines and pending snapshots in the snapshots folder.
//!
//! A baseline is replaced atomically, and only by a pending snapshot that was compared with the
//! baseline that is there now. No symbolic link is followed out of the folder.

mod adopt;
mod error;
pub mod evidence;
mod failure;
mod fingerprint;
pub mod history;
mod list;
mod lock;
mod pending;
mod saved;
mod write;

use std::io;
use std::path::{Path, PathBuf};

use crate::baseline::{BaselinePath, SUFFIX, stays_within};
use crate::regular_file::{self, LONGEST, Links};
use crate::snapshot;
use crate::source::SourceText;

pub use error::StoreError;
pub use fingerprint::Fingerprint;
pub use history::History;
pub use list::Listing;
pub use lock::Lock;
pub use pending::Pending;
pub use saved::Saved;

/// The suffix of pending snapshots.
pub const PENDING_SUFFIX: &str = ".aria.yml.new";

/// The suffix of the evidence folder of a pending snapshot.
pub const EVIDENCE_SUFFIX: &str = ".aria.yml.evidence";

/// The suffix of a Markdown file used as a baseline, such as Playwright's error context.
const MARKDOWN_SUFFIX: &str = ".md";

/// The snapshots folder.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

/// A baseline file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// A snapshot, or Markdown with a snapshot in a `yaml` fence.
    pub file: SourceText,
    pub fingerprint: Fingerprint,
}

/// The result of accepting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// There was no baseline before.
    Created,
    /// The baseline had another text.
    Replaced,
    /// The baseline had the same text, because an earlier acceptance was interrupted.
    AlreadyThere,
}

impl Store {
    /// Returns the store of a folder, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Store {
        Store { root: root.into() }
    }

    /// Returns the folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the file of a baseline, whether it exists or not.
    pub fn baseline_file(&self, path: &BaselinePath) -> PathBuf {
        self.root.join(path.file(SUFFIX))
    }

    /// Returns the file of a pending snapshot, whether it exists or not.
    pub fn pending_file(&self, path: &BaselinePath) -> PathBuf {
        self.root.join(path.file(PENDING_SUFFIX))
    }

    /// Reads a baseline: `<name>.aria.yml` or, if it does not exist, `<name>.md`.
    ///
    /// # Errors
    /// The file cannot be read, is not UTF-8, or is behind a link out of the folder.
    pub fn baseline(&self, path: &BaselinePath) -> Result<Option<Baseline>, StoreError> {
        for suffix in [SUFFIX, MARKDOWN_SUFFIX] {
            let file = path.file(suffix);
            if let Some(bytes) = self.read(&file)? {
                return Ok(Some(Baseline {
                    file: SourceText::from_bytes(self.root.join(file), &bytes).map_err(Box::new)?,
                    fingerprint: Fingerprint::of(&bytes),
                }));
            }
        }
        Ok(None)
    }

    /// Reads a pending snapshot.
    ///
    /// # Errors
    /// The file cannot be read, or was not written by [`Store::write_pending`].
    pub fn pending(&self, path: &BaselinePath) -> Result<Option<Pending>, StoreError> {
        let file = path.file(PENDING_SUFFIX);
        let Some(bytes) = self.read(&file)? else {
            return Ok(None);
        };
        let source = SourceText::from_bytes(self.root.join(file), &bytes).map_err(Box::new)?;
        let pending = Pending::parse(path.clone(), &source).map_err(Box::new)?;
        Ok(Some(pending))
    }

    /// Writes a pending snapshot. `against` is the baseline that it was compared with.
    ///
    /// # Errors
    /// The file cannot be written; the file that was there before is unchanged then.
    pub fn write_pending(
        &self,
        path: &BaselinePath,
        text: &str,
        against: Fingerprint,
    ) -> Result<PathBuf, StoreError> {
        self.ignore_pending_in_git()?;
        let pending = Pending {
            path: path.clone(),
            against,
            text: text.to_owned(),
        };
        self.replace_passing(&path.file(PENDING_SUFFIX), pending.to_text().as_bytes())
    }

    /// Makes the pending snapshot the baseline, then removes it. In this order an interruption loses
    /// nothing.
    ///
    /// # Errors
    /// There is no pending snapshot, the baseline is no longer the one that it was compared with, or a file
    /// cannot be written. Nothing changes then.
    pub fn accept(&self, path: &BaselinePath) -> Result<Accepted, StoreError> {
        let pending = self
            .pending(path)?
            .ok_or_else(|| StoreError::NothingPending { path: path.clone() })?;
        let accepted = self.take(&pending)?;
        self.discard(path)?;
        Ok(accepted)
    }

    fn take(&self, pending: &Pending) -> Result<Accepted, StoreError> {
        let path = &pending.path;
        let file = path.file(SUFFIX);
        if let Err(mut problems) = snapshot::read(&pending.text) {
            let problem = problems.swap_remove(0).message;
            return Err(StoreError::Unreadable {
                path: path.clone(),
                problem,
            });
        }
        let accepted = match self.baseline(path)? {
            Some(baseline) if baseline.fingerprint == Fingerprint::of(pending.text.as_bytes()) => {
                Accepted::AlreadyThere
            }
            Some(baseline) if baseline.fingerprint == pending.against => {
                self.replace(&file, &pending.text)?;
                Accepted::Replaced
            }
            None if pending.against == Fingerprint::None => {
                self.create(&file, &pending.text)?;
                Accepted::Created
            }
            Some(_) | None => return Err(StoreError::BaselineChanged { path: path.clone() }),
        };
        Ok(accepted)
    }

    /// Accepts a pending snapshot that was read before, even if another process has replaced it since.
    /// Keeps the evidence, which undo needs.
    ///
    /// # Errors
    /// The same as [`Store::accept`].
    pub fn accept_for_now(&self, pending: &Pending) -> Result<Accepted, StoreError> {
        let accepted = self.take(pending)?;
        // A newer pending snapshot was not shown, so it stays.
        if self
            .pending_as_shown(&pending.path, pending.fingerprint())
            .is_ok()
        {
            self.discard_pending(&pending.path)?;
        }
        Ok(accepted)
    }

    /// Replaces the baseline if it still has that fingerprint.
    ///
    /// # Errors
    /// It has another one, or the file cannot be written.
    pub fn write_baseline(
        &self,
        path: &BaselinePath,
        text: &str,
        against: Fingerprint,
    ) -> Result<(), StoreError> {
        let now = self
            .baseline(path)?
            .map_or(Fingerprint::None, |baseline| baseline.fingerprint);
        if now != against {
            return Err(StoreError::BaselineChanged { path: path.clone() });
        }
        self.replace(&path.file(SUFFIX), text).map(|_| ())
    }

    /// Reads the pending snapshot if it is still the one that was shown.
    ///
    /// # Errors
    /// It does not exist, is another one, or cannot be read.
    pub fn pending_as_shown(
        &self,
        path: &BaselinePath,
        shown: Fingerprint,
    ) -> Result<Pending, StoreError> {
        match self.pending(path)? {
            None => Err(StoreError::NothingPending { path: path.clone() }),
            Some(pending) if pending.fingerprint() == shown => Ok(pending),
            Some(_) => Err(StoreError::PendingChanged { path: path.clone() }),
        }
    }

    /// Waits until no other process decides, and holds the lock until the result is dropped.
    ///
    /// # Errors
    /// The lock file cannot be written.
    pub fn lock(&self) -> Result<Lock, StoreError> {
        self.ignore_pending_in_git()?;
        Lock::wait(&self.root)
    }

    /// Removes the pending snapshot and its evidence; `false` if there was none.
    ///
    /// # Errors
    /// The files cannot be removed.
    pub fn reject(&self, path: &BaselinePath) -> Result<bool, StoreError> {
        self.discard(path)
    }

    /// Reads a file of the folder; `None` if it does not exist.
    fn read(&self, relative: &Path) -> Result<Option<Vec<u8>>, StoreError> {
        stays_within(&self.root, relative)?;
        match regular_file::read(&self.root.join(relative), LONGEST, Links::Followed) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Read { source }),
        }
    }
}
