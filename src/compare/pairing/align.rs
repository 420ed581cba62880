//! Two lists of siblings, laid side by side without crossings.

use std::collections::HashMap;
use std::ops::Range;

use super::similarity::{is_same, similarity};
use super::{Roles, Sides};
use crate::compare::arena::{Entry, Id};

/// How many pairs of siblings are weighed against each other in a whole comparison. Beyond it,
/// only neighbours are. A bound of size: the answer is the same on every machine.
pub(super) const BUDGET: usize = 4_000_000;
/// How many in one stretch.
const TABLE: usize = 250_000;
/// How far ahead a neighbour is looked for beyond the budget.
const WINDOW: usize = 8;

/// The pairs, in order.
pub(super) fn align(
    sides: &Sides<'_>,
    roles: Roles,
    old: &[Id],
    new: &[Id],
    budget: &mut usize,
) -> Vec<(Id, Id)> {
    let mut aligner = Aligner {
        sides,
        roles,
        old,
        new,
        budget,
        pairs: Vec::new(),
    };
    aligner.stretch(0..old.len(), 0..new.len(), Key::Subtree);
    aligner.pairs.sort_unstable();
    aligner.pairs
}

/// By what anchors are found, the surest first.
#[derive(Clone, Copy)]
enum Key {
    Subtree,
    Identity,
    None,
}

struct Aligner<'a, 'b> {
    sides: &'a Sides<'a>,
    roles: Roles,
    old: &'b [Id],
    new: &'b [Id],
    budget: &'b mut usize,
    pairs: Vec<(Id, Id)>,
}

impl Aligner<'_, '_> {
    fn stretch(&mut self, mut old: Range<usize>, mut new: Range<usize>, key: Key) {
        while !old.is_empty() && !new.is_empty() && self.is_same(old.start, new.start) {
            self.join(old.start, new.start);
            old.start += 1;
            new.start += 1;
        }
        while !old.is_empty() && !new.is_empty() && self.is_same(old.end - 1, new.end - 1) {
            self.join(old.end - 1, new.end - 1);
            old.end -= 1;
            new.end -= 1;
        }
        if old.is_empty() || new.is_empty() {
            return;
        }
        let anchors = self.anchors(old.clone(), new.clone(), key);
        if anchors.is_empty() {
            return match key {
                Key::Subtree => self.stretch(old, new, Key::Identity),
                Key::Identity => self.stretch(old, new, Key::None),
                Key::None => self.weigh(old, new),
            };
        }
        let (mut old_from, mut new_from) = (old.start, new.start);
        for (old_at, new_at) in anchors {
            self.stretch(old_from..old_at, new_from..new_at, key);
            self.join(old_at, new_at);
            old_from = old_at + 1;
            new_from = new_at + 1;
        }
        self.stretch(old_from..old.end, new_from..new.end, key);
    }

    fn is_same(&self, old: usize, new: usize) -> bool {
        is_same(self.sides, self.old[old], self.new[new])
    }

    fn join(&mut self, old: usize, new: usize) {
        self.pairs.push((self.old[old], self.new[new]));
    }

    /// What occurs once on each side, in the longest order that both have.
    fn anchors(&self, old: Range<usize>, new: Range<usize>, key: Key) -> Vec<(usize, usize)> {
        let key_of = |entry: &Entry<'_>| match key {
            Key::Subtree => Some(entry.hash),
            Key::Identity => entry.identity,
            Key::None => None,
        };
        let mut seen: HashMap<u64, [Option<usize>; 4]> = HashMap::new();
        let mut order = Vec::new();
        for at in old {
            let Some(key) = key_of(self.sides.old.get(self.old[at])) else {
                continue;
            };
            let slot = seen.entry(key).or_default();
            slot[usize::from(slot[0].is_some())] = Some(at);
            order.push(key);
        }
        for at in new {
            let key = key_of(self.sides.new.get(self.new[at]));
            if let Some(slot) = key.and_then(|key| seen.get_mut(&key)) {
                slot[2 + usize::from(slot[2].is_some())] = Some(at);
            }
        }
        let candidates: Vec<(usize, usize)> = order
            .into_iter()
            .filter_map(|key| match seen.get(&key) {
                Some([Some(old), None, Some(new), None]) => Some((*old, *new)),
                _ => None,
            })
            .collect();
        longest_rising(&candidates)
    }

    /// The stretch that nothing else divides: the alignment of the greatest likeness.
    fn weigh(&mut self, old: Range<usize>, new: Range<usize>) {
        let cells = old.len().saturating_mul(new.len());
        if cells > TABLE || cells > *self.budget {
            return self.neighbours(old, new);
        }
        *self.budget -= cells;
        let width = new.len() + 1;
        let mut best = vec![0u32; (old.len() + 1) * width];
        let mut weights = vec![0u32; cells];
        for row in (0..old.len()).rev() {
            for column in (0..new.len()).rev() {
                let weight = similarity(
                    self.sides,
                    self.roles,
                    self.old[old.start + row],
                    self.new[new.start + column],
                );
                weights[row * new.len() + column] = weight;
                let skip = best[(row + 1) * width + column].max(best[row * width + column + 1]);
                let take = match weight {
                    0 => 0,
                    weight => weight + best[(row + 1) * width + column + 1],
                };
                best[row * width + column] = skip.max(take);
            }
        }
        let (mut row, mut column) = (0, 0);
        while row < old.len() && column < new.len() {
            let weight = weights[row * new.len() + column];
            let here = best[row * width + column];
            if weight > 0 && here == weight + best[(row + 1) * width + column + 1] {
                self.join(old.start + row, new.start + column);
                row += 1;
                column += 1;
            } else if here == best[(row + 1) * width + column] {
                row += 1;
            } else {
                column += 1;
            }
        }
    }

    /// For stretches too large to weigh: each takes the best of the next few.
    fn neighbours(&mut self, old: Range<usize>, new: Range<usize>) {
        let mut from = new.start;
        for at in old {
            let ahead = from..new.end.min(from + WINDOW);
            let best = ahead
                .map(|to| {
                    (
                        similarity(self.sides, self.roles, self.old[at], self.new[to]),
                        to,
                    )
                })
                .filter(|(weight, _)| *weight > 0)
                .max_by_key(|(weight, to)| (*weight, std::cmp::Reverse(*to)));
            if let Some((_, to)) = best {
                self.join(at, to);
                from = to + 1;
            }
        }
    }
}

/// The longest subsequence whose second parts rise; the first parts rise already.
/// Patience sorting: <https://en.wikipedia.org/wiki/Patience_sorting>
pub(in crate::compare) fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (index, (_, value)) in pairs.iter().enumerate() {
        let pile = tops.partition_point(|top| pairs[*top].1 < *value);
        before[index] = pile.checked_sub(1).map(|below| tops[below]);
        if pile == tops.len() {
            tops.push(index);
        } else {
            tops[pile] = index;
        }
    }
    let mut rising = Vec::with_capacity(tops.len());
    let mut at = tops.last().copied();
    while let Some(index) = at {
        rising.push(pairs[index]);
        at = before[index];
    }
    rising.reverse();
    rising
}
