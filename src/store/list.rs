//! The content of the snapshots folder.

use std::collections::BTreeSet;
use std::path::PathBuf;

use walkdir::{DirEntry, WalkDir};

use super::lock::LOCK_NAME;
use super::{EVIDENCE_SUFFIX, PENDING_SUFFIX, Store, StoreError};
use crate::baseline::{BaselinePath, SUFFIX};
use crate::new_file;

/// The files of the snapshots folder, sorted. Symbolic links are not followed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Without Markdown files, which may be something other than baselines.
    pub baselines: BTreeSet<BaselinePath>,
    pub pending: BTreeSet<BaselinePath>,
    /// Temporary files of a crash or of another process.
    pub leftovers: Vec<PathBuf>,
}

impl Listing {
    /// Returns baselines that are not in `known`, the baselines of all cases.
    pub fn obsolete<'a>(
        &'a self,
        known: &'a BTreeSet<BaselinePath>,
    ) -> impl Iterator<Item = &'a BaselinePath> {
        self.baselines.difference(known)
    }
}

impl Store {
    /// Deletes the temporary files of crashed runs, but not those of a running process.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn remove_leftovers(&self) -> Result<(), StoreError> {
        for path in self.list()?.leftovers {
            new_file::remove_abandoned(&path);
        }
        Ok(())
    }

    /// Lists the folder; the listing is empty if there is no folder.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn list(&self) -> Result<Listing, StoreError> {
        let mut listing = Listing::default();
        if !self.root.exists() {
            return Ok(listing);
        }
        let entries = WalkDir::new(&self.root)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| !is_evidence(entry) && !is_inside_new(entry));
        for entry in entries {
            let entry = entry.map_err(|error| StoreError::Read {
                source: error.into(),
            })?;
            let Ok(relative) = entry.path().strip_prefix(&self.root) else {
                continue;
            };
            let is_new = entry.file_name().to_str().is_some_and(new_file::is_new);
            if entry.file_type().is_dir() && is_new {
                listing.leftovers.push(entry.into_path());
                continue;
            }
            if !entry.file_type().is_file() {
                continue;
            }
            let name = entry.file_name().to_string_lossy();
            if name == LOCK_NAME {
                continue;
            }
            if name.starts_with(new_file::PREFIX) {
                listing.leftovers.push(entry.into_path());
            } else if let Some(path) = BaselinePath::of_file(relative, PENDING_SUFFIX) {
                listing.pending.insert(path);
            } else if let Some(path) = BaselinePath::of_file(relative, SUFFIX) {
                listing.baselines.insert(path);
            }
        }
        Ok(listing)
    }
}

/// Whether the entry is inside a temporary evidence folder.
fn is_inside_new(entry: &DirEntry) -> bool {
    let parent = entry.path().parent().and_then(|parent| parent.file_name());
    let is_new = parent
        .and_then(|name| name.to_str())
        .is_some_and(new_file::is_new);
    entry.depth() > 1 && is_new
}

fn is_evidence(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.file_type().is_dir() && entry.depth() > 0 && name.ends_with(EVIDENCE_SUFFIX)
}
