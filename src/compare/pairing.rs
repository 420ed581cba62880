//! Which entry of the template is which node of the tree.
//!
//! From the top down: the children of a pair are aligned, and the pairs that come out of that are
//! the next to have their children aligned. What is left over is looked for elsewhere.

mod align;
mod columns;
mod host;
mod moves;
mod similarity;

pub(super) use align::longest_rising;
pub(super) use similarity::likeness;

use std::collections::HashMap;

use super::arena::{Arena, End, Id, ROOT};
use super::matching::Matcher;

pub(super) struct Pairing {
    new_of: Vec<Option<Id>>,
    old_of: Vec<Option<Id>>,
}

impl Pairing {
    /// The page's side of an entry of the template.
    pub(super) fn new_of(&self, old: Id) -> Option<Id> {
        self.new_of[old]
    }

    /// The template's side of a node.
    pub(super) fn old_of(&self, new: Id) -> Option<Id> {
        self.old_of[new]
    }

    /// The other side of an entry of either.
    pub(super) fn other(&self, end: End, id: Id) -> Option<Id> {
        match end {
            End::Old => self.new_of[id],
            End::New => self.old_of[id],
        }
    }

    fn join(&mut self, old: Id, new: Id) {
        self.new_of[old] = Some(new);
        self.old_of[new] = Some(old);
    }
}

/// Both sides, and how their entries match.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) old: &'a Arena<'a>,
    pub(super) new: &'a Arena<'a>,
    pub(super) matcher: &'a Matcher,
}

impl<'a> Sides<'a> {
    pub(super) fn of(&self, end: End) -> &'a Arena<'a> {
        match end {
            End::Old => self.old,
            End::New => self.new,
        }
    }
}

pub(super) fn pair(sides: Sides<'_>) -> Pairing {
    let mut work = Work {
        sides,
        pairing: Pairing {
            new_of: vec![None; sides.old.entries.len()],
            old_of: vec![None; sides.new.entries.len()],
        },
        budget: align::BUDGET,
        roles: Roles::Same,
    };
    work.descend(ROOT, host::of(&work.sides));
    work.find_moves();
    // A node around another has the other's content too: what is found elsewhere with its own role
    // has not changed it.
    work.roles = Roles::Any;
    work.align_rest();
    work.pairing
}

struct Work<'a> {
    sides: Sides<'a>,
    pairing: Pairing,
    budget: usize,
    roles: Roles,
}

/// Whether nodes of different roles can be a pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Roles {
    Same,
    Any,
}

impl Work<'_> {
    /// Joins a pair, aligns its children, and theirs, and so on. Existing pairs stay.
    fn descend(&mut self, old: Id, new: Id) {
        let mut open = vec![(old, new)];
        while let Some((old, new)) = open.pop() {
            if self.join_equal(old, new) {
                continue;
            }
            self.pairing.join(old, new);
            let before = self.free(End::Old, &self.sides.old.get(old).children);
            let after = self.free(End::New, &self.sides.new.get(new).children);
            let pairs = match columns::pairs(&self.sides, &self.pairing, old, new) {
                Some(pairs) => pairs,
                None => self.align(&before, &after),
            };
            open.extend(pairs);
        }
    }

    /// Aligns what is still free among the children of each pair, between those that have partners.
    fn align_rest(&mut self) {
        for old in 0..self.sides.old.entries.len() {
            let Some(new) = self.pairing.new_of(old) else {
                continue;
            };
            let sides = self.sides;
            let (before, after) = (&sides.old.get(old).children, &sides.new.get(new).children);
            if before.iter().all(|id| self.pairing.new_of(*id).is_some()) {
                continue;
            }
            let places: HashMap<Id, usize> =
                after.iter().enumerate().map(|(at, id)| (*id, at)).collect();
            let together: Vec<(usize, usize)> = before
                .iter()
                .enumerate()
                .filter_map(|(at, id)| Some((at, *places.get(&self.pairing.new_of(*id)?)?)))
                .collect();
            let mut bounds = longest_rising(&together);
            bounds.push((before.len(), after.len()));
            let (mut old_from, mut new_from) = (0, 0);
            for (old_to, new_to) in bounds {
                let before = self.free(End::Old, &before[old_from..old_to]);
                let after = self.free(End::New, &after[new_from..new_to]);
                if !before.is_empty() && !after.is_empty() {
                    for (old, new) in self.align(&before, &after) {
                        self.descend(old, new);
                    }
                }
                (old_from, new_from) = (old_to + 1, new_to + 1);
            }
        }
    }

    fn align(&mut self, before: &[Id], after: &[Id]) -> Vec<(Id, Id)> {
        align::align(&self.sides, self.roles, before, after, &mut self.budget)
    }

    /// Joins two equal subtrees entry by entry; `false` where they are not equal, or not free.
    fn join_equal(&mut self, old: Id, new: Id) -> bool {
        let (before, after) = (self.sides.old.get(old), self.sides.new.get(new));
        let size = before.size;
        let is_free = before.hash == after.hash
            && size == after.size
            && (old..old + size).all(|id| self.pairing.new_of(id).is_none())
            && (new..new + size).all(|id| self.pairing.old_of(id).is_none());
        if is_free {
            for offset in 0..size {
                self.pairing.join(old + offset, new + offset);
            }
        }
        is_free
    }

    fn free(&self, end: End, ids: &[Id]) -> Vec<Id> {
        let is_free = |id: &Id| self.pairing.other(end, *id).is_none();
        ids.iter().copied().filter(is_free).collect()
    }
}
