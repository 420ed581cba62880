//! What can go wrong with the snapshots folder.

use std::io;
use std::path::PathBuf;

use crate::baseline::{BaselinePath, Escape};
use crate::error::Located;

/// Why a baseline or a pending snapshot could not be read, written or accepted.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder cannot be read. The source names it.
    #[error("cannot read the snapshots folder")]
    Read {
        /// Why not, with the path.
        source: io::Error,
    },
    /// A file or folder cannot be written. The source names it.
    #[error("cannot write into the snapshots folder")]
    Write {
        /// Why not, with the path.
        source: io::Error,
    },
    /// The content of a file is wrong.
    #[error(transparent)]
    Content(#[from] Box<Located>),
    /// A link leads out of the folder.
    #[error("{} is a symbolic link that leads out of the snapshots folder; replace it by a folder or a file", .0.display())]
    Escape(PathBuf),
    /// There is no pending snapshot of that place.
    #[error("nothing is pending for {path}")]
    NothingPending {
        /// The place.
        path: BaselinePath,
    },
    /// Another pending snapshot is there than the one that was shown.
    #[error(
        "{path} was tested again after it was shown; nothing was decided, see what it says now"
    )]
    PendingChanged {
        /// The place.
        path: BaselinePath,
    },
    /// The pending snapshot was not on the page that the decision was made on.
    #[error("{path} was not shown as it is now; nothing was decided, reload the page to see it")]
    NotShown {
        /// The place.
        path: BaselinePath,
    },
    /// Evidence does not say what evidence may say.
    #[error("{} is refused: {reason}; run `ariasnap test` again to make it anew", file.display())]
    Evidence {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The pending text would be a baseline that no run can read.
    #[error(
        "the pending snapshot {path} is no snapshot that can be read ({problem}); nothing was written"
    )]
    Unreadable {
        /// The place.
        path: BaselinePath,
        /// What is wrong with it.
        problem: String,
    },
    /// The baseline is not the one that the pending snapshot was compared with.
    #[error(
        "the baseline {path} changed after its pending snapshot was made, and is left as it is; \
         run `ariasnap test` again to compare with the new one"
    )]
    BaselineChanged {
        /// The place.
        path: BaselinePath,
    },
}

impl From<Escape> for StoreError {
    fn from(escape: Escape) -> StoreError {
        match escape {
            Escape::Link { link, .. } => StoreError::Escape(link),
            Escape::Io(source) => StoreError::Read { source },
        }
    }
}
