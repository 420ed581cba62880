//! Where in the tree a partial template has its place, when it does not match as a whole.

use std::collections::HashSet;

use super::Sides;
use crate::compare::Match;
use crate::compare::arena::{Id, New, Old, ROOT};

/// The node whose children the template's top level is held against.
///
/// The deepest one that holds all nodes which the template knows by role and name.
pub(super) fn of(sides: &Sides<'_>) -> Id {
    if sides.matcher.mode == Match::Exact {
        return ROOT;
    }
    let known: HashSet<u64> = sides
        .old
        .entries
        .iter()
        .filter_map(|entry| entry.identity)
        .collect();
    let top_roles: HashSet<_> = sides
        .old
        .get(ROOT)
        .children
        .iter()
        .filter_map(|id| match sides.old.get(*id).what {
            Old::Node(item) => Some(item.test.role),
            Old::Text(_) | Old::Root(_) => None,
        })
        .collect();
    let mut hits: Vec<usize> = sides
        .new
        .entries
        .iter()
        .map(|entry| {
            usize::from(
                entry
                    .identity
                    .is_some_and(|identity| known.contains(&identity)),
            )
        })
        .collect();
    for id in (1..hits.len()).rev() {
        hits[sides.new.get(id).parent] += hits[id];
    }
    let mut host = ROOT;
    if hits[ROOT] == 0 {
        return host;
    }
    loop {
        let children = &sides.new.get(host).children;
        let Some(inner) = children.iter().copied().find(|id| hits[*id] == hits[ROOT]) else {
            return host;
        };
        match sides.new.get(inner).what {
            New::Node(node, _) if !top_roles.contains(&node.role) => host = inner,
            New::Node(..) | New::Text(..) | New::Root => return host,
        }
    }
}
