//! What shows why a snapshot is pending: the changed nodes, how to find them, and a picture.
//!
//! A folder beside the pending file, with `evidence.json`, `tree.json` and the screenshot.

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
/// What a step that failed leaves.
pub(super) const FILES: [&str; 2] = ["failure.jpg", "failure.aria.yml"];

/// In bytes: what a record, a tree and a picture take at most.
const LONGEST_RECORD: u64 = 64 << 20;
const LONGEST_TREE: u64 = 256 << 20;
const LONGEST_PICTURE: u64 = 64 << 20;

/// Where a pending snapshot comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// The case: `spec path` or `spec path/case name`.
    pub case: String,
    /// The page's address; empty for markup.
    pub url: String,
    /// The browser's name and version.
    pub browser: String,
    /// The window's width and height in CSS pixels.
    pub viewport: (u32, u32),
    /// How the baseline was held against the page.
    pub matching: Match,
    /// For each change the element to look at, as far as it is known.
    pub nodes: Vec<Option<ChangedNode>>,
    /// The picture, where one could be taken.
    pub screenshot: Option<Screenshot>,
}

/// An element that a change is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedNode {
    /// A CSS selector that finds it; ` >>> ` goes into a shadow root.
    pub selector: String,
    /// Its markup, cut when it is long.
    pub html: String,
    /// Where it is, in CSS pixels from the page's upper left corner; `None`
    /// where it takes no room.
    #[serde(rename = "box")]
    pub rect: Option<Rect>,
}

/// A picture of the page, over its whole width: of the part that its changes are in, or of all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Screenshot {
    /// Its file; relative to the evidence folder in the folder's own files.
    pub file: PathBuf,
    /// Where it begins below the page's top, in CSS pixels.
    #[serde(default)]
    pub top: u32,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height of the picture.
    pub height: u32,
    /// Height of the page, of which the picture may show a part.
    pub page_height: u32,
}

/// All that is kept of a pending snapshot beside its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The version of this format: 1.
    pub version: u32,
    /// The pending text that it belongs to, as a fingerprint.
    pub pending: String,
    /// The baseline that it was held against, where that is another's: that of the case, for a
    /// variant which has none of its own.
    #[serde(default)]
    pub shared: Option<BaselinePath>,
    /// Where it comes from.
    pub evidence: Evidence,
    /// The changes that are not yet decided.
    pub changes: Vec<Change>,
    /// The changes that were rejected, and are not to come into the baseline with the others.
    #[serde(default)]
    pub rejected: Vec<GroupId>,
}

/// The version of [`Record`] that this program writes.
pub const RECORD_VERSION: u32 = 1;

/// A screenshot's bytes with the file name to give them.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// The file name.
    pub name: &'a str,
    /// The file's content.
    pub bytes: &'a [u8],
}

impl Store {
    /// The folder of a pending snapshot's evidence, whether it exists or not.
    pub fn evidence_folder(&self, path: &BaselinePath) -> PathBuf {
        self.root.join(path.file(EVIDENCE_SUFFIX))
    }

    /// Puts evidence in place of what is there. It becomes visible as a whole.
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

    /// Replaces the record of evidence that is there; the tree and the picture stay.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_record(&self, path: &BaselinePath, record: &Record) -> Result<(), StoreError> {
        let file = path.file(EVIDENCE_SUFFIX).join(RECORD);
        let text = serde_json::to_string(record)
            .map_err(|error| failed(&self.root.join(&file), error.into()))?;
        self.replace(&file, &text).map(|_| ())
    }

    /// The evidence of a pending snapshot; `None` where there is none, where another version of the
    /// program wrote it, and where it belongs to another pending text.
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

    /// The tree that the page had; `None` where there is no evidence.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn tree(&self, path: &BaselinePath) -> Result<Option<Tree>, StoreError> {
        self.read_json(&path.file(EVIDENCE_SUFFIX).join(TREE), LONGEST_TREE)
    }

    /// Returns the bytes of a picture; `None` where there is none.
    ///
    /// # Errors
    /// The file cannot be read, or is no JPEG in the evidence folder.
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
            let (file, reason) = (self.root.join(file), "it is no JPEG picture".to_owned());
            return Err(StoreError::Evidence { file, reason });
        }
        Ok(bytes)
    }

    /// Reads a file of evidence, in a folder of its own, not through a link.
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
        // What cannot be understood is as good as nothing: evidence is an aid, not the snapshot.
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Removes the evidence of a snapshot, if there is any.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove_evidence(&self, path: &BaselinePath) -> Result<(), StoreError> {
        let folder = self.evidence_folder(path);
        remove_folder(&folder).map_err(|error| failed(&folder, error))?;
        self.remove_empty_folders(&folder);
        Ok(())
    }
}

/// The fingerprint by which evidence knows its pending text.
pub fn fingerprint(pending: &str) -> String {
    Fingerprint::of(pending.as_bytes()).to_string()
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs_err::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
