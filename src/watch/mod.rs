//! Which cases a changed file asks to run again, and notices of changed files.

mod project;
mod watcher;

pub use project::Project;
pub use watcher::{Changed, WatchError, Watcher};
