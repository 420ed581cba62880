//! Where in the tree a partial template has its place, when it does not match as a whole.

use std::collections::HashMap;

use super::align::BUDGET;
use super::similarity::similarity;
use super::{Roles, Sides};
use crate::compare::Match;
use crate::compare::arena::{Id, ROOT};

/// The node whose children the template's top level is held against: the one with the children
/// that are most like it, the first where there are several.
pub(super) fn of(sides: &Sides<'_>) -> Id {
    let top = &sides.old.get(ROOT).children;
    if sides.matcher.mode == Match::Exact || top.len() * sides.new.entries.len() > BUDGET {
        return ROOT;
    }
    // For each node, how well each entry of the top level is found among its children.
    let mut found: HashMap<Id, Vec<u32>> = HashMap::new();
    for new in 1..sides.new.entries.len() {
        let parent = sides.new.get(new).parent;
        for (index, old) in top.iter().enumerate() {
            let weight = similarity(sides, Roles::Same, *old, new);
            if weight > 0 {
                let best = &mut found.entry(parent).or_insert_with(|| vec![0; top.len()])[index];
                *best = weight.max(*best);
            }
        }
    }
    found
        .into_iter()
        .map(|(parent, weights)| (weights.iter().sum::<u32>(), std::cmp::Reverse(parent)))
        .max()
        .map_or(ROOT, |(_, std::cmp::Reverse(parent))| parent)
}
