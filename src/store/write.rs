//! Every change of the folder. A file is written beside its place under a name of its own, brought
//! to the disk, and then takes its place in one step. One that stays behind after a crash is ignored by
//! git and listed apart, and the next run removes it where no other process holds it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{EVIDENCE_SUFFIX, PENDING_SUFFIX, Store, StoreError};
use crate::baseline::{BaselinePath, stays_within};
use crate::new_file::new_file_in;

const GITIGNORE: &str = "\
# Written by ariasnap when it was missing: what waits for review is not committed.
*.aria.yml.new
*.aria.yml.evidence/
.ariasnap-*
";

impl Store {
    /// Puts a text in place of what is there, if anything.
    pub(super) fn replace(&self, relative: &Path, text: &str) -> Result<PathBuf, StoreError> {
        self.replace_bytes(relative, text.as_bytes())
    }

    pub(super) fn replace_bytes(
        &self,
        relative: &Path,
        bytes: &[u8],
    ) -> Result<PathBuf, StoreError> {
        let file = self.replace_passing(relative, bytes)?;
        sync_folder(&file);
        Ok(file)
    }

    /// The same with what another run makes again: a power failure leaves all of it or nothing, and
    /// nobody waits for the folder.
    pub(super) fn replace_passing(
        &self,
        relative: &Path,
        bytes: &[u8],
    ) -> Result<PathBuf, StoreError> {
        let file = self.root.join(relative);
        self.temporary(relative, bytes)?
            .persist(&file)
            .map_err(|error| failed(&file, error.error))?;
        Ok(file)
    }

    /// Puts a text where nothing is, even if something came there in this moment.
    pub(super) fn create(&self, relative: &Path, text: &str) -> Result<(), StoreError> {
        let file = self.root.join(relative);
        self.temporary(relative, text.as_bytes())?
            .persist_noclobber(&file)
            .map_err(|error| failed(&file, error.error))?;
        sync_folder(&file);
        Ok(())
    }

    fn temporary(&self, relative: &Path, bytes: &[u8]) -> Result<NamedTempFile, StoreError> {
        stays_within(&self.root, relative)?;
        let file = self.root.join(relative);
        let folder = file.parent().unwrap_or(&self.root);
        let write = || -> io::Result<NamedTempFile> {
            let mut temporary = temporary_in(folder)?;
            temporary.write_all(bytes)?;
            temporary.as_file().sync_all()?;
            Ok(temporary)
        };
        write().map_err(|error| failed(&file, error))
    }

    /// Removes a pending snapshot, its evidence, and folders that are empty then.
    pub(super) fn discard(&self, path: &BaselinePath) -> Result<bool, StoreError> {
        let relative = path.file(PENDING_SUFFIX);
        stays_within(&self.root, &relative)?;
        let file = self.root.join(&relative);
        let evidence = self.root.join(path.file(EVIDENCE_SUFFIX));
        let removed_evidence = removed(fs_err::remove_dir_all(evidence))?;
        let removed_pending = removed(fs_err::remove_file(&file))?;
        self.remove_empty_folders(&file);
        Ok(removed_pending || removed_evidence)
    }

    /// Removes a pending snapshot and leaves its evidence; `false` where there was none.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn discard_pending(&self, path: &BaselinePath) -> Result<bool, StoreError> {
        let relative = path.file(PENDING_SUFFIX);
        stays_within(&self.root, &relative)?;
        removed(fs_err::remove_file(self.root.join(&relative)))
    }

    /// Removes a baseline that no case has any more; `false` where there was none.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn remove_baseline(&self, path: &BaselinePath) -> Result<bool, StoreError> {
        let relative = path.file(crate::baseline::SUFFIX);
        stays_within(&self.root, &relative)?;
        let file = self.root.join(&relative);
        let was_there = removed(fs_err::remove_file(&file))?;
        self.remove_empty_folders(&file);
        Ok(was_there)
    }

    pub(super) fn remove_empty_folders(&self, file: &Path) {
        let below_root = file
            .ancestors()
            .skip(1)
            .take_while(|folder| *folder != self.root);
        for folder in below_root {
            // Only empty folders can be removed this way.
            if std::fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }

    pub(super) fn ignore_pending_in_git(&self) -> Result<(), StoreError> {
        let relative = Path::new(".gitignore");
        if self.root.join(relative).symlink_metadata().is_ok() {
            return Ok(());
        }
        match self.create(relative, GITIGNORE) {
            // Another worker was faster.
            Err(StoreError::Write { source }) if source.kind() == io::ErrorKind::AlreadyExists => {
                Ok(())
            }
            other => other,
        }
    }
}

/// An empty file in a folder that is made when it is missing.
fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    /// Another worker may remove the folder as an empty one before there is a file in it.
    const ATTEMPTS: usize = 20;
    let make = || {
        fs_err::create_dir_all(folder)?;
        new_file_in(folder)
    };
    let mut made = make();
    for _ in 1..ATTEMPTS {
        match &made {
            Err(error) if error.kind() == io::ErrorKind::NotFound => made = make(),
            Ok(_) | Err(_) => break,
        }
    }
    made
}

pub(super) fn failed(file: &Path, error: io::Error) -> StoreError {
    let message = format!("{}: {error}", file.display());
    StoreError::Write {
        source: io::Error::new(error.kind(), message),
    }
}

fn removed(result: io::Result<()>) -> Result<bool, StoreError> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(StoreError::Write { source }),
    }
}

/// Brings the new name itself to the disk. Not every system can, and the file is whole either way.
fn sync_folder(file: &Path) {
    if let Some(folder) = file.parent()
        && let Ok(folder) = std::fs::File::open(folder)
    {
        let _ = folder.sync_all();
    }
}
