//! Which entry of the template is which node of the tree.
//!
//! From the top down: the children of a pair are aligned, and the pairs that come out of that are
//! the next to have their children aligned.

mod align;
mod host;
mod similarity;

use super::arena::{Arena, Id, New, Old, ROOT};
use super::matching::Matcher;

pub(super) struct Pairing {
    new_of: Vec<Option<Id>>,
    old_of: Vec<Option<Id>>,
}

impl Pairing {
    /// The tree's side of an entry of the template.
    pub(super) fn new_of(&self, old: Id) -> Option<Id> {
        self.new_of[old]
    }

    /// The template's side of a node.
    pub(super) fn old_of(&self, new: Id) -> Option<Id> {
        self.old_of[new]
    }

    fn join(&mut self, old: Id, new: Id) {
        self.new_of[old] = Some(new);
        self.old_of[new] = Some(old);
    }
}

/// Both sides, and what holds between them.
pub(super) struct Sides<'a> {
    pub(super) old: &'a Arena<Old<'a>>,
    pub(super) new: &'a Arena<New<'a>>,
    pub(super) matcher: &'a Matcher,
}

pub(super) fn pair<'a>(
    old: &'a Arena<Old<'a>>,
    new: &'a Arena<New<'a>>,
    matcher: &'a Matcher,
) -> Pairing {
    let sides = Sides { old, new, matcher };
    let mut pairing = Pairing {
        new_of: vec![None; old.entries.len()],
        old_of: vec![None; new.entries.len()],
    };
    let host = host::of(&sides);
    pairing.join(ROOT, host);
    let mut budget = align::BUDGET;
    descend(&sides, &mut pairing, ROOT, host, &mut budget);
    pairing
}

/// Aligns the children of a pair, and theirs, and so on.
fn descend(sides: &Sides<'_>, pairing: &mut Pairing, old: Id, new: Id, budget: &mut usize) {
    let mut open = vec![(old, new)];
    while let Some((old, new)) = open.pop() {
        let (before, after) = (&sides.old.get(old).children, &sides.new.get(new).children);
        for (old, new) in align::align(sides, before, after, budget) {
            pairing.join(old, new);
            open.push((old, new));
        }
    }
}
