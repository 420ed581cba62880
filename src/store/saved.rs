//! The files of a snapshot before a decision, for undo.

use super::evidence::Record;
use super::{EVIDENCE_SUFFIX, Fingerprint, PENDING_SUFFIX, Store, StoreError};
use crate::baseline::{BaselinePath, SUFFIX};

/// The files of a snapshot as they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    path: BaselinePath,
    baseline: Option<Vec<u8>>,
    pending: Option<Vec<u8>>,
    record: Option<Vec<u8>>,
    /// The baseline after the decision.
    after: Fingerprint,
    /// The pending snapshot after the decision.
    pending_after: Fingerprint,
}

impl Saved {
    /// Returns the path of the snapshot.
    pub fn path(&self) -> &BaselinePath {
        &self.path
    }

    /// Returns the fingerprint of the pending snapshot after the decision.
    pub fn pending_after(&self) -> Fingerprint {
        self.pending_after
    }
}

impl Store {
    /// Reads the files that a decision may change.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn save(&self, path: &BaselinePath) -> Result<Saved, StoreError> {
        let baseline = self.read(&path.file(SUFFIX))?;
        let pending = self.read(&path.file(PENDING_SUFFIX))?;
        Ok(Saved {
            path: path.clone(),
            after: fingerprint_of(baseline.as_deref()),
            pending_after: fingerprint_of(pending.as_deref()),
            baseline,
            pending,
            record: self.read_evidence(
                &path.file(EVIDENCE_SUFFIX).join("evidence.json"),
                crate::regular_file::LONGEST,
            )?,
        })
    }

    /// Records the files after the decision.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn decided(&self, mut saved: Saved) -> Result<Saved, StoreError> {
        let now = |suffix| -> Result<Fingerprint, StoreError> {
            Ok(fingerprint_of(
                self.read(&saved.path.file(suffix))?.as_deref(),
            ))
        };
        let (after, pending_after) = (now(SUFFIX)?, now(PENDING_SUFFIX)?);
        (saved.after, saved.pending_after) = (after, pending_after);
        Ok(saved)
    }

    /// Restores the files, the pending snapshot first, so that an interruption loses nothing.
    ///
    /// # Errors
    /// The baseline or the pending snapshot changed since, or a file cannot be written.
    pub fn restore(&self, saved: &Saved) -> Result<(), StoreError> {
        let path = &saved.path;
        let now = fingerprint_of(self.read(&path.file(SUFFIX))?.as_deref());
        if now != saved.after {
            return Err(StoreError::BaselineChanged { path: path.clone() });
        }
        let now = fingerprint_of(self.read(&path.file(PENDING_SUFFIX))?.as_deref());
        if now != saved.pending_after {
            return Err(StoreError::PendingChanged { path: path.clone() });
        }
        if let Some(record) = &saved.record
            && serde_json::from_slice::<Record>(record).is_ok()
        {
            self.replace_bytes(&path.file(EVIDENCE_SUFFIX).join("evidence.json"), record)?;
        }
        if let Some(pending) = &saved.pending {
            self.replace_bytes(&path.file(PENDING_SUFFIX), pending)?;
        }
        match &saved.baseline {
            Some(baseline) => self.replace_bytes(&path.file(SUFFIX), baseline).map(|_| ()),
            None => self.remove_baseline(path).map(|_| ()),
        }
    }
}

fn fingerprint_of(bytes: Option<&[u8]>) -> Fingerprint {
    bytes.map_or(Fingerprint::None, Fingerprint::of)
}
