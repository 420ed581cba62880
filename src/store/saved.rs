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
}

impl Saved {
    /// The place.
    pub fn path(&self) -> &BaselinePath {
        &self.path
    }
}

impl Store {
    /// Reads what a decision may change.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn save(&self, path: &BaselinePath) -> Result<Saved, StoreError> {
        let baseline = self.read(&path.file(SUFFIX))?;
        Ok(Saved {
            path: path.clone(),
            after: fingerprint_of(baseline.as_deref()),
            baseline,
            pending: self.read(&path.file(PENDING_SUFFIX))?,
            record: self.read(&path.file(EVIDENCE_SUFFIX).join("evidence.json"))?,
        })
    }

    /// Notes what the decision made of the baseline.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn decided(&self, mut saved: Saved) -> Result<Saved, StoreError> {
        saved.after = fingerprint_of(self.read(&saved.path.file(SUFFIX))?.as_deref());
        Ok(saved)
    }

    /// Brings the files back, byte by byte: the pending snapshot first, so that nothing is lost
    /// where it is cut short.
    ///
    /// # Errors
    /// The baseline changed since, or a file cannot be written.
    pub fn restore(&self, saved: &Saved) -> Result<(), StoreError> {
        let path = &saved.path;
        let now = fingerprint_of(self.read(&path.file(SUFFIX))?.as_deref());
        if now != saved.after {
            return Err(StoreError::BaselineChanged { path: path.clone() });
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
