//! Two edited versions of a baseline merged by nodes, for git: both sides' edits of different nodes
//! are taken, with their expressions, comments and directives.

mod print;

use std::collections::{HashMap, HashSet};

use super::blocks::{Block, Blocks};
use crate::compare::Match;
use crate::compare::arena;
use crate::compare::matching::Matcher;
use crate::compare::pairing::{Sides, pair};
use crate::snapshot::{Template, read};
use crate::source::{Diagnostic, SourceText};

/// A merged baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Its text, with git's markers around conflicts.
    pub text: String,
    /// How many places both sides changed differently.
    pub conflicts: usize,
}

/// Merges `ours` and `theirs`, two versions of `base`.
///
/// # Errors
///
/// The first problem of a version that cannot be read, with its name: `base`, `ours` or `theirs`.
pub fn three_way(
    base: &str,
    ours: &str,
    theirs: &str,
) -> Result<Merged, (&'static str, Box<Diagnostic>)> {
    let clean = |text: &str| Merged {
        text: text.to_owned(),
        conflicts: 0,
    };
    if ours == theirs || base == theirs {
        return Ok(clean(ours));
    }
    if base == ours {
        return Ok(clean(theirs));
    }
    let parsed = [("base", base), ("ours", ours), ("theirs", theirs)].map(|(name, text)| {
        read(text).map_err(|errors| {
            let first = errors.into_iter().next();
            (name, Box::new(first.unwrap_or_else(|| unreadable(text))))
        })
    });
    let [base, ours, theirs] = parsed;
    let templates = [base?, ours?, theirs?];
    Ok(by_nodes(&templates).unwrap_or_else(|| Merged {
        text: print::conflict(&templates[1].source, &templates[2].source),
        conflicts: 1,
    }))
}

fn unreadable(text: &str) -> Diagnostic {
    Diagnostic::new("it cannot be read", SourceText::from(text).part(0..0))
}

/// `None` where the versions cannot be merged node by node.
fn by_nodes(templates: &[Template; 3]) -> Option<Merged> {
    let [base, ours, theirs] = templates;
    let blocks = [Blocks::of(base)?, Blocks::of(ours)?, Blocks::of(theirs)?];
    let of_base = [partners(base, ours)?, partners(base, theirs)?];
    let mut merge = Merge {
        blocks: &blocks,
        partners: &of_base,
        ids: Vec::new(),
        parents: HashMap::new(),
        children: HashMap::new(),
        conflicts: 0,
        out: String::new(),
    };
    merge.identify(&partners(ours, theirs)?);
    merge.find_parents()?;
    merge.arrange()?;
    merge.print()?;
    Some(Merged {
        text: merge.out,
        conflicts: merge.conflicts,
    })
}

/// For each entry of the base, its partner in a version, by their places in document order.
fn partners(base: &Template, other: &Template) -> Option<Vec<Option<usize>>> {
    let tree = other.to_tree();
    let matcher = Matcher::new(Match::Exact);
    let (old, new) = arena::both(base, &tree, &matcher);
    let pairing = pair(Sides {
        old: &old,
        new: &new,
        matcher: &matcher,
    });
    let partners = (0..old.entries.len())
        .map(|id| pairing.new_of(id))
        .collect();
    matcher.finish(partners).ok()
}

/// An entry of the merged baseline: its places in the base and both versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Id {
    base: Option<usize>,
    sides: [Option<usize>; 2],
}

const OURS: usize = 0;
const THEIRS: usize = 1;

struct Merge<'a> {
    blocks: &'a [Blocks; 3],
    partners: &'a [Vec<Option<usize>>; 2],
    ids: Vec<Id>,
    parents: HashMap<Id, Id>,
    children: HashMap<Id, Vec<Id>>,
    conflicts: usize,
    out: String,
}

impl<'a> Merge<'a> {
    fn block(&self, side: usize, at: usize) -> &'a Block {
        &self.blocks[side + 1].all[at]
    }

    fn base(&self, at: usize) -> &'a Block {
        &self.blocks[0].all[at]
    }

    /// Every entry of any of the three, once. `between`: the partners in theirs of ours, for what
    /// both sides added.
    fn identify(&mut self, between: &[Option<usize>]) {
        let mut known: [HashMap<usize, Id>; 2] = Default::default();
        for base in 0..self.blocks[0].all.len() {
            let id = Id {
                base: Some(base),
                sides: [OURS, THEIRS].map(|side| self.partners[side][base]),
            };
            for (known, at) in known.iter_mut().zip(id.sides) {
                known.extend(at.map(|at| (at, id)));
            }
            self.ids.push(id);
        }
        for at in 0..self.blocks[OURS + 1].all.len() {
            if known[OURS].contains_key(&at) {
                continue;
            }
            let is_same = |there: &usize| {
                let (here, there_block) = (self.block(OURS, at), self.block(THEIRS, *there));
                let parents = (
                    known[OURS].get(&here.parent),
                    known[THEIRS].get(&there_block.parent),
                );
                !known[THEIRS].contains_key(there)
                    && here.key == there_block.key
                    && parents.0.is_some()
                    && parents.0 == parents.1
            };
            let there = between.get(at).copied().flatten().filter(is_same);
            let id = Id {
                base: None,
                sides: [Some(at), there],
            };
            known[OURS].insert(at, id);
            known[THEIRS].extend(there.map(|there| (there, id)));
            self.ids.push(id);
        }
        for at in 0..self.blocks[THEIRS + 1].all.len() {
            if !known[THEIRS].contains_key(&at) {
                self.ids.push(Id {
                    base: None,
                    sides: [None, Some(at)],
                });
            }
        }
    }

    /// Each entry that stays, with the entry that it is in.
    fn find_parents(&mut self) -> Option<()> {
        let of_side: [HashMap<usize, Id>; 2] = [OURS, THEIRS].map(|side| {
            self.ids
                .iter()
                .filter_map(|id| Some((id.sides[side]?, *id)))
                .collect()
        });
        let of_base: HashMap<usize, Id> = self
            .ids
            .iter()
            .filter_map(|id| Some((id.base?, *id)))
            .collect();
        for id in self.ids.clone() {
            if id.base == Some(0) {
                continue;
            }
            let parent = |side: usize| {
                let at = id.sides[side]?;
                of_side[side].get(&self.block(side, at).parent).copied()
            };
            let before = id.base.and_then(|at| of_base.get(&self.base(at).parent));
            let parent = match (id.base, parent(OURS), parent(THEIRS)) {
                (None, Some(parent), _) | (None, None, Some(parent)) => parent,
                (Some(_), Some(ours), Some(theirs)) => match before {
                    Some(before) if *before == ours => theirs,
                    Some(before) if *before == theirs => ours,
                    _ if ours == theirs => ours,
                    _ => return None,
                },
                (Some(at), Some(parent), None) => {
                    self.unchanged(OURS, id.sides[OURS]?, at, parent, before)?;
                    continue;
                }
                (Some(at), None, Some(parent)) => {
                    self.unchanged(THEIRS, id.sides[THEIRS]?, at, parent, before)?;
                    continue;
                }
                (_, None, None) => continue,
            };
            self.parents.insert(id, parent);
        }
        // What one side put into something that the other removed.
        let is_lost = |parent: &Id| parent.base != Some(0) && !self.parents.contains_key(parent);
        if self.parents.values().any(is_lost) {
            return None;
        }
        Some(())
    }

    /// `None` where the side that kept an entry changed it, and the other removed it.
    fn unchanged(
        &self,
        side: usize,
        at: usize,
        base: usize,
        parent: Id,
        before: Option<&Id>,
    ) -> Option<()> {
        let is_same = self.block(side, at).same_as(self.base(base)) && before == Some(&parent);
        is_same.then_some(())
    }

    /// The children of each entry, in an order that both sides agree with.
    fn arrange(&mut self) -> Option<()> {
        let mut by_parent: HashMap<Id, HashSet<Id>> = HashMap::new();
        for (id, parent) in &self.parents {
            by_parent.entry(*parent).or_default().insert(*id);
        }
        let mut at_home: [HashMap<usize, Id>; 3] = Default::default();
        for id in &self.ids {
            let places = [id.base, id.sides[OURS], id.sides[THEIRS]];
            for (known, place) in at_home.iter_mut().zip(places) {
                known.extend(place.map(|place| (place, *id)));
            }
        }
        for (parent, members) in by_parent {
            let places = [parent.base, parent.sides[OURS], parent.sides[THEIRS]];
            let lists: Vec<Vec<Id>> = (0..3)
                .map(|version| {
                    let at = places[version];
                    let children = at.map(|at| &self.blocks[version].all[at].children);
                    children
                        .into_iter()
                        .flatten()
                        .filter_map(|child| at_home[version].get(child))
                        .filter(|id| members.contains(*id))
                        .copied()
                        .collect()
                })
                .collect();
            let [base, ours, theirs] = lists.as_slice() else {
                return None;
            };
            let children = ordered(base, ours, theirs)?;
            if children.len() != members.len() {
                return None;
            }
            self.children.insert(parent, children);
        }
        Some(())
    }
}

/// The changed one of two versions; `None` where both changed, and differently.
fn three<T: PartialEq>(base: Option<T>, ours: Option<T>, theirs: Option<T>) -> Option<Option<T>> {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => {
            if ours == theirs || base.as_ref() == Some(&theirs) {
                Some(Some(ours))
            } else if base.as_ref() == Some(&ours) {
                Some(Some(theirs))
            } else {
                None
            }
        }
        (one, other) => Some(one.or(other)),
    }
}

/// One order for the children of both sides; `None` where both changed the order, and differently.
fn ordered(base: &[Id], ours: &[Id], theirs: &[Id]) -> Option<Vec<Id>> {
    let (in_ours, in_theirs): (HashSet<&Id>, HashSet<&Id>) =
        (ours.iter().collect(), theirs.iter().collect());
    let common = |list: &[Id]| -> Vec<Id> {
        list.iter()
            .filter(|id| in_ours.contains(id) && in_theirs.contains(id))
            .copied()
            .collect()
    };
    let (order_ours, order_theirs) = (common(ours), common(theirs));
    let order_base: Vec<Id> = common(base);
    let is_base = |order: &[Id]| order.len() == order_base.len() && order == order_base;
    let (first, second) = if order_ours == order_theirs || is_base(&order_theirs) {
        (ours, theirs)
    } else if is_base(&order_ours) {
        (theirs, ours)
    } else {
        return None;
    };
    let in_second: HashSet<&Id> = second.iter().collect();
    let mut order = first.to_vec();
    let mut known: HashSet<Id> = order.iter().copied().collect();
    let mut behind = 0;
    for id in second {
        if known.insert(*id) {
            // Ours come first where both added something at the same place.
            if in_second == in_theirs {
                while order
                    .get(behind)
                    .is_some_and(|next| next.base.is_none() && !in_second.contains(&next))
                {
                    behind += 1;
                }
            }
            order.insert(behind, *id);
            behind += 1;
        } else if let Some(at) = order.iter().position(|other| other == id) {
            behind = at + 1;
        }
    }
    Some(order)
}
