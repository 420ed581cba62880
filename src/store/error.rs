//! Errors of the snapshots folder.

use std::io;
use std::path::PathBuf;

use crate::baseline::{BaselinePath, Escape};
use crate::source::Diagnostic;

/// Why a baseline or a pending snapshot could not be read, written or accepted.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The source names the path.
    #[error("cannot read the snapshots folder")]
    Read { source: io::Error },
    /// The source names the path.
    #[error("cannot write to the snapshots folder")]
    Write { source: io::Error },
    /// The content of a file is wrong.
    #[error(transparent)]
    Content(#[from] Box<Diagnostic>),
    /// A link leads out of the folder.
    #[error("{} is a symbolic link that leads out of the snapshots folder; replace it with a folder or file", .0.display())]
    Escape(PathBuf),
    /// There is no pending snapshot.
    #[error("{path} has no pending snapshot")]
    NothingPending { path: BaselinePath },
    /// The pending snapshot is not the one that was shown.
    #[error("{path} was tested again after it was shown, so nothing was decided; review it again")]
    PendingChanged { path: BaselinePath },
    /// The review page did not show this pending snapshot.
    #[error("{path} changed after the page was loaded, so nothing was decided; reload the page")]
    NotShown { path: BaselinePath },
    /// The evidence is invalid.
    #[error("{} is invalid: {reason}; run `ariasnap test` again to replace it", file.display())]
    Evidence { file: PathBuf, reason: String },
    /// The pending snapshot cannot be read as a baseline.
    #[error("the pending snapshot {path} cannot be read ({problem}), so nothing was written")]
    Unreadable { path: BaselinePath, problem: String },
    /// The baseline is not the one that the pending snapshot was compared with.
    #[error(
        "the baseline {path} changed after the test, so it was not replaced; run `ariasnap test` \
         again to compare with the new one"
    )]
    BaselineChanged { path: BaselinePath },
}

impl From<Escape> for StoreError {
    fn from(escape: Escape) -> StoreError {
        match escape {
            Escape::Link { link, .. } => StoreError::Escape(link),
            Escape::Io(source) => StoreError::Read { source },
        }
    }
}
