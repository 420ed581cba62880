//! What a change of a project's files asks to be run again: which cases a file touches, and the
//! system's word that it changed.

mod ground;
mod touch;
mod watcher;

pub use ground::Ground;
pub use touch::Touch;
pub use watcher::{Changed, WatchError, Watcher};
