//! How much an entry of the template looks like a node.

use super::{Roles, Sides};
use crate::aria::Node;
use crate::aria::notation::NameTest;
use crate::compare::arena::{Entry, Id, What};
use crate::snapshot::template::NodeItem;

/// Of what is the same all through.
pub(super) const SAME: u32 = 1_000;

/// Whether everything in the subtrees matches.
pub(super) fn is_same(sides: &Sides<'_>, old: Id, new: Id) -> bool {
    let (before, after) = (sides.old.get(old), sides.new.get(new));
    before.hash == after.hash || (before.flexible && matches(sides, old, new))
}

fn matches(sides: &Sides<'_>, old: Id, new: Id) -> bool {
    let (before, after) = (sides.old.get(old), sides.new.get(new));
    match (before.what, after.what) {
        (What::TextItem(item), What::Text(text, _)) => sides.matcher.text(&item.test, text),
        (What::NodeItem(item), What::Node(node, _)) => {
            sides.matcher.key(&item.test, node)
                && sides.matcher.different_properties(item, node).is_empty()
                && if before.takes_more {
                    let mut rest = after.children.iter();
                    before
                        .children
                        .iter()
                        .all(|old| rest.any(|new| is_same(sides, *old, *new)))
                } else {
                    before.children.len() == after.children.len()
                        && before
                            .children
                            .iter()
                            .zip(&after.children)
                            .all(|(old, new)| is_same(sides, *old, *new))
                }
        }
        _ => false,
    }
}

/// From 0, cannot be the same node, to [`SAME`].
pub(super) fn similarity(sides: &Sides<'_>, roles: Roles, old: Id, new: Id) -> u32 {
    let (before, after) = (sides.old.get(old), sides.new.get(new));
    match (before.what, after.what) {
        (What::TextItem(item), What::Text(text, _)) => {
            if before.hash == after.hash
                || (before.flexible && sides.matcher.text(&item.test, text))
            {
                200
            } else {
                10 + likeness(&item.test.normalized, text)
            }
        }
        (What::NodeItem(item), What::Node(node, _)) => {
            if before.hash == after.hash {
                return SAME;
            }
            if item.test.role != node.role && roles == Roles::Same {
                return 0;
            }
            nodes(sides, (before, item), (after, node))
        }
        _ => 0,
    }
}

fn nodes(
    sides: &Sides<'_>,
    (before, item): (&Entry<'_>, &NodeItem),
    (after, node): (&Entry<'_>, &Node),
) -> u32 {
    let overlap = overlap(&before.content, &after.content);
    let named = !node.name.is_empty() && item.test.name.is_some();
    let same_name = named && sides.matcher.name(&item.test, node);
    if item.test.role != node.role {
        // Another role: only what says the same is the same node.
        return match overlap {
            Some(overlap) if same_name || overlap >= 30 => {
                20 + overlap + u32::from(same_name) * 100
            }
            None if same_name => 120,
            _ => 0,
        };
    }
    let name = match &item.test.name {
        _ if same_name => 200,
        None if node.name.is_empty() => 40,
        Some(NameTest::Text(name)) => likeness(name, &node.name),
        _ => 0,
    };
    let states = if sides.matcher.states(&item.test, node) {
        20
    } else {
        0
    };
    let properties = if sides.matcher.different_properties(item, node).is_empty() {
        30
    } else {
        0
    };
    let shape = if before.children.len() == after.children.len() {
        10
    } else {
        0
    };
    30 + name + states + properties + shape + overlap.unwrap_or(0)
}

/// How much of the names and texts both sides share, in percent; `None` where neither has any.
fn overlap(a: &[u64; 4], b: &[u64; 4]) -> Option<u32> {
    let (mut both, mut any) = (0, 0);
    for (a, b) in a.iter().zip(b) {
        both += (a & b).count_ones();
        any += (a | b).count_ones();
    }
    (any > 0).then(|| both * 100 / any)
}

/// Up to 60 by what two texts have in common at their beginnings and ends.
pub(in crate::compare) fn likeness(a: &str, b: &str) -> u32 {
    // Long texts that differ do so early or late enough; the rest is not read.
    const LIMIT: usize = 200;
    let longest = a.len().max(b.len()).min(LIMIT);
    if longest == 0 {
        return 0;
    }
    let front = a
        .bytes()
        .zip(b.bytes())
        .take(LIMIT)
        .take_while(|(a, b)| a == b)
        .count();
    let most = a.len().min(b.len()) - front.min(a.len().min(b.len()));
    let back = a
        .bytes()
        .rev()
        .zip(b.bytes().rev())
        .take(most.min(LIMIT))
        .take_while(|(a, b)| a == b)
        .count();
    let common = (front + back).min(longest);
    u32::try_from(common * 60 / longest).unwrap_or(60)
}
