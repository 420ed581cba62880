//! Taking changes into a baseline's own text: what did not change keeps every byte.

mod blocks;
mod header;
mod layout;
mod places;
mod plan;
mod print;
mod three_way;

use super::arena;
use super::bundle::bundles;
use super::contain;
use super::diff::Diff;
use super::matching::Matcher;
use super::{Match, compare};
use crate::aria::Tree;
use crate::aria::pattern::PatternTooSlow;
use crate::snapshot::{Rendering, Template, read, write};
use plan::Plan;
pub use three_way::{Merged, three_way};

/// Which changes are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept<'a> {
    /// All of them: the result matches the tree.
    All,
    /// Those at these places in the answer of [`compare`].
    Only(&'a [usize]),
}

/// The baseline's text with the changes taken in. Comments, order, quotes, regular expressions
/// that still match and `/children` lines stay; a partial template stays partial.
///
/// # Errors
///
/// As those of [`compare`].
pub fn merge(
    template: &Template,
    tree: &Tree,
    mode: Match,
    accept: Accept<'_>,
) -> Result<String, PatternTooSlow> {
    let matcher = Matcher::new(mode);
    // The search that finds a partial template may take other nodes for each other than pairing does.
    if mode == Match::Contain && contain::matches(template, tree, &matcher) {
        return matcher.finish(template.source.to_string());
    }
    let (old, new) = arena::both(template, tree, &matcher);
    let diff = Diff::new(&old, &new, &matcher);
    let bundles = bundles(&diff, tree);
    let accepted = bundles
        .iter()
        .enumerate()
        .filter(|(index, _)| match accept {
            Accept::All => true,
            Accept::Only(indexes) => indexes.contains(index),
        });
    let plan = Plan::new(&diff, accepted.flat_map(|(_, bundle)| bundle.all()));
    let candidates = [print::keeping(&plan), print::afresh(&plan)];
    drop(plan);
    drop(diff);
    matcher.finish(())?;
    for yaml in candidates {
        let text = with_yaml(template, &yaml);
        if is_good(&text, tree, mode, accept)? {
            return Ok(text);
        }
    }
    Ok(with_yaml(template, &write(tree, Rendering::default())))
}

fn with_yaml(template: &Template, yaml: &str) -> String {
    let (source, part) = (&template.source, template.yaml);
    let (before, after) = (&source[..part.start], &source[part.end..]);
    format!("{before}{yaml}{after}")
}

/// Whether the text can be read and, where all was taken, matches.
fn is_good(
    text: &str,
    tree: &Tree,
    mode: Match,
    accept: Accept<'_>,
) -> Result<bool, PatternTooSlow> {
    let Ok(template) = read(text) else {
        return Ok(false);
    };
    match accept {
        Accept::All => compare(&template, tree, mode).map(|changes| changes.is_empty()),
        Accept::Only(_) => Ok(true),
    }
}
