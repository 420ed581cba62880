//! The exact bytes of a snapshot's files before a decision, to bring them back.

use super::evidence::Record;
use super::{EVIDENCE_SUFFIX, Fingerprint, PENDING_SUFFIX, Store, StoreError};
use crate::baseline::{BaselinePath, SUFFIX};

/// The files of one place as they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    path: BaselinePath,
    baseline: Option<Vec<u8>>,
    pending: Option<Vec<u8>>,
    record: Option<Vec<u8>>,
    /// What the decision made of the baseline.
    after: Fingerprint,
    /// What the decision made of the pending snapshot.
    pending_after: Fingerprint,
}

impl Saved {
    /// The place.
    pub fn path(&self) -> &BaselinePath {
        &self.path
    }

    /// Returns what the decision left of the pending snapshot.
    pub fn pending_after(&self) -> Fingerprint {
        self.pending_after
    }
}

impl Store {
    /// Reads what a decision may change.
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

    /// Notes what the decision made of the files.
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

    /// Brings the files back, byte by byte: the pending snapshot first, so that nothing is lost
    /// where it is cut short.
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
