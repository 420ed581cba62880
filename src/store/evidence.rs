//! The evidence of a pending snapshot: the changed nodes and a screenshot. It is a folder beside the pending file
//! with `evidence.json`, `tree.json` and the screenshot.

mod schema;

use std::io;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::write::failed;
use super::{EVIDENCE_SUFFIX, Fingerprint, Store, StoreError};
use crate::aria::Tree;
use crate::aria::tree::Rect;
use crate::baseline::{BaselinePath, stays_within};
use crate::compare::recurring::GroupId;
use crate::compare::{Change, Match};
use crate::new_file;
use crate::regular_file::{self, Links};

pub use schema::is_web_address;

pub(super) const RECORD: &str = "evidence.json";
pub(super) const TREE: &str = "tree.json";
/// The files of a failed step.
pub(super) const FILES: [&str; 2] = ["failure.jpg", "failure.aria.yml"];

/// Size limits in bytes.
const LONGEST_RECORD: u64 = 64 << 20;
const LONGEST_TREE: u64 = 256 << 20;
const LONGEST_PICTURE: u64 = 64 << 20;

/// The origin of a pending snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// The case: `spec path` or `spec path/case name`.
    pub case: String,
    /// The address of the page; empty for a case with `html`.
    pub url: String,
    /// The browser's name and version.
    pub browser: String,
    /// Width and height in CSS pixels.
    pub viewport: (u32, u32),
    /// How the baseline was compared with the page.
    pub matching: Match,
    /// For each change its element, if it is known.
    pub nodes: Vec<Option<ChangedNode>>,
    /// The screenshot, if one could be taken.
    pub screenshot: Option<Screenshot>,
}

/// The element of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedNode {
    /// A CSS selector; ` >>> ` enters a shadow root.
    pub selector: String,
    /// Its HTML, shortened if it is long.
    pub html: String,
    /// Its box in CSS pixels from the top left corner of the page; `None` if it has no area.
    #[serde(rename = "box")]
    pub rect: Option<Rect>,
}

/// A screenshot of the whole page, or of the part with the changes, at full width.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Screenshot {
    /// The file; in `evidence.json`, relative to its folder.
    pub file: PathBuf,
    /// Its distance from the top of the page in CSS pixels.
    #[serde(default)]
    pub top: u32,
    /// Its width in CSS pixels.
    pub width: u32,
    /// Its height in CSS pixels.
    pub height: u32,
    /// The height of the whole page in CSS pixels.
    pub page_height: u32,
}

/// The content of `evidence.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The version of this format: 1.
    pub version: u32,
    /// The fingerprint of its pending text.
    pub pending: String,
    /// The baseline of the case, if it is a variant without its own baseline.
    #[serde(default)]
    pub shared: Option<BaselinePath>,
    pub evidence: Evidence,
    /// The undecided changes.
    pub changes: Vec<Change>,
    /// The rejected changes, which must not get into the baseline with the others.
    #[serde(default)]
    pub rejected: Vec<GroupId>,
}

/// The current version of [`Record`].
pub const RECORD_VERSION: u32 = 1;

/// A screenshot to write.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

impl Store {
    /// Returns the evidence folder of a pending snapshot, whether it exists or not.
    pub fn evidence_folder(&self, path: &BaselinePath) -> PathBuf {
        self.root.join(path.file(EVIDENCE_SUFFIX))
    }

    /// Replaces the evidence atomically.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write_evidence(
        &self,
        path: &BaselinePath,
        record: &Record,
        tree: &Tree,
        picture: Option<Picture<'_>>,
    ) -> Result<(), StoreError> {
        self.ignore_pending_in_git()?;
        let relative = path.file(EVIDENCE_SUFFIX);
        stays_within(&self.root, &relative)?;
        let target = self.root.join(relative);
        let write = || -> io::Result<()> {
            let parent = target.parent().unwrap_or(&self.root);
            fs_err::create_dir_all(parent)?;
            let folder = new_file::new_folder_in(parent, new_file::PREFIX)?;
            fs_err::write(folder.path().join(RECORD), serde_json::to_vec(record)?)?;
            fs_err::write(folder.path().join(TREE), serde_json::to_vec(tree)?)?;
            if let Some(picture) = picture {
                fs_err::write(folder.path().join(picture.name), picture.bytes)?;
            }
            remove_folder(&target)?;
            fs_err::rename(folder.path(), &target)
        };
        write().map_err(|error| failed(&target, error))
    }

    /// Replaces only `evidence.json`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_record(&self, path: &BaselinePath, record: &Record) -> Result<(), StoreError> {
        let file = path.file(EVIDENCE_SUFFIX).join(RECORD);
        let text = serde_json::to_string(record)
            .map_err(|error| failed(&self.root.join(&file), error.into()))?;
        self.replace(&file, &text).map(|_| ())
    }

    /// Reads the evidence of a pending snapshot; `None` if it does not exist, if it has another version, or if it
    /// belongs to another pending text.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn record(&self, path: &BaselinePath, pending: &str) -> Result<Option<Record>, StoreError> {
        let file = path.file(EVIDENCE_SUFFIX).join(RECORD);
        let record: Option<Record> = self.read_json(&file, LONGEST_RECORD)?;
        if let Some(reason) = record.as_ref().and_then(Record::problem) {
            let file = self.root.join(file);
            return Err(StoreError::Evidence { file, reason });
        }
        let belongs = |record: &Record| {
            record.version == RECORD_VERSION && record.pending == fingerprint(pending)
        };
        Ok(record.filter(belongs))
    }

    /// Reads the tree of the page; `None` if there is no evidence.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn tree(&self, path: &BaselinePath) -> Result<Option<Tree>, StoreError> {
        self.read_json(&path.file(EVIDENCE_SUFFIX).join(TREE), LONGEST_TREE)
    }

    /// Reads a screenshot, if any.
    ///
    /// # Errors
    /// The file cannot be read, or is not a JPEG file in the evidence folder.
    pub fn picture(
        &self,
        path: &BaselinePath,
        screenshot: &Screenshot,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(name) = screenshot.file.file_name() else {
            return Ok(None);
        };
        let file = path.file(EVIDENCE_SUFFIX).join(name);
        let bytes = self.read_evidence(&file, LONGEST_PICTURE)?;
        if bytes
            .as_deref()
            .is_some_and(|bytes| !schema::is_jpeg(bytes))
        {
            let (file, reason) = (self.root.join(file), "it is not a JPEG picture".to_owned());
            return Err(StoreError::Evidence { file, reason });
        }
        Ok(bytes)
    }

    /// Reads a file of the evidence folder, but not through a link.
    pub(super) fn read_evidence(
        &self,
        relative: &Path,
        longest: u64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        stays_within(&self.root, relative)?;
        let folder = self.root.join(relative.parent().unwrap_or(relative));
        if folder
            .symlink_metadata()
            .is_ok_and(|found| found.is_symlink())
        {
            let reason = "its folder is a symbolic link".to_owned();
            let file = self.root.join(relative);
            return Err(StoreError::Evidence { file, reason });
        }
        match regular_file::read(&self.root.join(relative), longest, Links::Refused) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Read { source }),
        }
    }

    fn read_json<T: DeserializeOwned>(
        &self,
        relative: &Path,
        longest: u64,
    ) -> Result<Option<T>, StoreError> {
        let bytes = self.read_evidence(relative, longest)?;
        // Invalid evidence counts as missing, because it is only an aid.
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Deletes the evidence of a snapshot.
    ///
    /// # Errors
    /// It cannot be deleted.
    pub fn remove_evidence(&self, path: &BaselinePath) -> Result<(), StoreError> {
        let folder = self.evidence_folder(path);
        remove_folder(&folder).map_err(|error| failed(&folder, error))?;
        self.remove_empty_folders(&folder);
        Ok(())
    }
}

/// Returns the fingerprint of a pending text.
pub fn fingerprint(pending: &str) -> String {
    Fingerprint::of(pending.as_bytes()).to_string()
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs_err::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
