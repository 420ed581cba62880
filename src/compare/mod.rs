//! Holding a template against a tree: what differs, and what the difference means.
//!
//! [`compare`] answers with changes, none where the two match. Pure, deterministic, and bounded by
//! the size of its input, never by time.

pub mod against_browser;
mod arena;
mod bundle;
mod change;
pub mod conflict;
mod contain;
mod describe;
mod diff;
mod expressions;
pub mod impact;
mod line;
pub mod lines;
pub mod mask;
mod matching;
pub mod merge;
mod pairing;
mod place;
pub mod recurring;
mod series;
pub mod source;
mod surroundings;
pub mod visible;

pub use change::{Change, Kind, Side};
pub use impact::{Impact, Rule};
pub use merge::{Accept, merge, three_way};

use crate::aria::Tree;
use crate::aria::pattern::PatternTooSlow;
use crate::snapshot::Template;
use diff::Diff;
use matching::Matcher;

/// How much of a page a template describes.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    /// All of it: every node, state and property. Regular expressions and `/children: contain`
    /// still hold where they are written.
    #[default]
    Exact,
    /// A part, as Playwright's `toMatchAriaSnapshot` has it: what is not written is not compared.
    Contain,
}

/// The changes from the template to the tree, in the order of the page; none where they match.
///
/// # Errors
///
/// A regular expression of the template that takes too long on a text of the tree.
pub fn compare(
    template: &Template,
    tree: &Tree,
    mode: Match,
) -> Result<Vec<Change>, PatternTooSlow> {
    let matcher = Matcher::new(mode);
    if mode == Match::Contain && contain::matches(template, tree, &matcher) {
        return matcher.finish(Vec::new());
    }
    let (old, new) = arena::both(template, tree, &matcher);
    let diff = Diff::new(&old, &new, &matcher);
    let mut changes = describe::changes(&diff, &bundle::bundles(&diff, tree));
    if changes.is_empty() && mode == Match::Contain {
        // Nothing in it differs from what is there, and yet it is not found as a whole.
        changes.push(describe::not_found(template));
    }
    drop(diff);
    matcher.finish(changes)
}

/// Whether the template matches the tree.
///
/// # Errors
///
/// As those of [`compare`].
pub fn matches(template: &Template, tree: &Tree, mode: Match) -> Result<bool, PatternTooSlow> {
    compare(template, tree, mode).map(|changes| changes.is_empty())
}

#[cfg(test)]
mod tests;
