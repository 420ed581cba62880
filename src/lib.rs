//! Accessibility-tree snapshots of web pages, for tests in Rust. The program of the same name
//! renders pages itself; its manual is `ariasnap --help` and the README.
//!
//! A test that drives its own browser captures a page with [`capture`] (feature `headless_chrome`)
//! and asserts with [`assert_aria_snapshot!`] or [`check_snapshot`]:
//!
//! ```no_run
//! use ariasnap::{Match, Shape};
//!
//! # fn main() -> Result<(), ariasnap::Mismatch> {
//! # let captured = ariasnap::Capture::default();
//! let expected = r#"
//! - main:
//!   - heading "Sign in" [level=1]
//!   - button /Sign in|Log in/
//! "#;
//! ariasnap::check_snapshot(&captured, expected, Shape::Test, Match::Contain)?;
//! # Ok(())
//! # }
//! ```
//!
//! The steps are also functions of their own: [`snapshot()`] makes a [`Tree`] of a capture,
//! [`write()`] makes text of a tree, [`read`] reads text as a [`Template`], [`compare()`] lists the
//! changes from template to tree with their [`Impact`], and [`merge`] writes accepted changes into
//! the template's text:
//!
//! ```
//! use ariasnap::{Accept, Child, Impact, Match, Node, Rendering, Role, Tree};
//!
//! let mut button = Node::new(Role::Button);
//! button.name = "Save all".to_owned();
//! let tree = Tree { children: vec![Child::Node(Box::new(button))] };
//! assert_eq!(ariasnap::write(&tree, Rendering::default()), "- button \"Save all\"\n");
//!
//! let template = ariasnap::read("# The form\n- button \"Save\"\n").expect("a snapshot");
//! let changes = ariasnap::compare(&template, &tree, Match::Exact)?;
//! assert_eq!(changes[0].impact, Impact::Content);
//!
//! let merged = ariasnap::merge(&template, &tree, Match::Exact, Accept::All)?;
//! assert_eq!(merged, "# The form\n- button \"Save all\"\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`json`] has the value of the report that `ariasnap test --report json=FILE` writes.

#[macro_use]
mod text;

mod aria;
mod assertion;
mod baseline;
mod browser;
#[doc(hidden)]
pub mod cli;
mod compare;
mod dom;
mod emulation;
mod filter;
mod init;
#[doc(hidden)]
pub mod internals;
mod keyboard;
mod new_file;
mod regular_file;
mod report;
mod review;
mod run;
mod site;
mod snapshot;
mod source;
mod spec;
mod store;
#[cfg(feature = "headless_chrome")]
mod tab;
mod watch;
mod yaml;

pub use aria::pattern::PatternTooSlow;
pub use aria::tree::{Invalid, Property, PropertyName, Rect, States, Tristate};
pub use aria::{Child, Node, Request, Role, Shape, Tree, snapshot};
pub use assertion::{Mismatch, check_snapshot, snapshot_of};
pub use compare::merge::{Accept, merge};
pub use compare::{Change, Impact, Kind as ChangeKind, Match, Rule, Side, compare};
pub use dom::Capture;
pub use snapshot::{Rendering, Template, read, write};
pub use source::{Diagnostic, Place, SourceText, Span};
#[cfg(feature = "headless_chrome")]
pub use tab::{CaptureError, capture};

/// The JSON report of a run, whose form is `schemas/report.schema.json`.
///
/// ```
/// let text = r#"{
///     "schema": 1, "ariasnap": "0.1.0", "browser": "Chromium 156", "elapsed": 1.5,
///     "interrupted": false, "cases": [], "groups": []
/// }"#;
/// let report: ariasnap::json::Report = serde_json::from_str(text)?;
/// assert!(report.result.snapshots().all(|(_, snapshot)| !snapshot.outcome.fails()));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub mod json {
    pub use crate::baseline::BaselinePath;
    pub use crate::compare::lines::{DiffLine, Sign};
    pub use crate::compare::recurring::{Group, GroupId};
    pub use crate::report::json::Report;
    pub use crate::run::shard::Part;
    pub use crate::run::{
        CaseReport, Failure, Fault, Outcome, Problem, RunResult, SnapshotReport, Tally, Try,
    };
    pub use crate::store::evidence::{ChangedNode, Evidence, Screenshot};
}
