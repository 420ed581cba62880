//! Accessibility-tree snapshots of web pages: capture, text, comparison, review.
//!
//! The way of a page through the code, one arrow a layer:
//!
//! ```text
//! specs/*.yml      spec      parse, validate, expand     -> Case
//! Case             browser   open, settle, capture       -> dom::Document (plain facts)
//! Document         aria      roles, names, states, boxes -> aria::Tree
//! Tree             snapshot  write                       -> YAML text
//! snapshots/*.yml  store     read -> snapshot::parse     -> snapshot::Template
//! Template + Tree  compare   pair, classify              -> Vec<Change>
//! Vec<Change>      run       one plain RunResult         -> report, store (pending), exit code
//! ```
//!
//! `dom`, `aria`, `snapshot` and `compare` are pure: no browser, file system, clock or terminal.
//! `browser` collects facts and knows no ARIA rule. Nothing in the library prints or exits.

pub mod aria;
mod assertion;
pub mod baseline;
pub mod browser;
pub mod compare;
pub mod dom;
pub mod error;
pub mod filter;
pub mod init;
pub mod keyboard;
pub mod new_file;
pub mod regular_file;
pub mod report;
pub mod review;
pub mod run;
pub mod site;
pub mod snapshot;
pub mod source;
pub mod spec;
pub mod store;
#[cfg(feature = "headless_chrome")]
mod tab;
pub mod text;
pub mod watch;

pub use aria::Shape;
pub use assertion::{Mismatch, check_snapshot, snapshot_of};
pub use compare::Match;
#[cfg(feature = "headless_chrome")]
pub use tab::{CaptureError, capture};
