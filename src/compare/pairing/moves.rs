//! Entries without a partner among their siblings: moved, wrapped or unwrapped.
//!
//! An entry is "at home" where its nearest paired ancestor is paired with that of its partner: moved
//! among siblings, or with a node put around it or taken away. At home any match is taken; further
//! away only one that cannot be confused with another.

use std::collections::HashMap;
use std::hash::Hash;

use super::similarity::{is_same, similarity};
use super::{Id, Work};
use crate::aria::Role;
use crate::compare::Match;
use crate::compare::arena::{End, ROOT};

/// How alike two entries have to be to count as the same although there is something between them
/// and their common parent.
const ALIKE: u32 = 120;

impl Work<'_> {
    pub(super) fn find_moves(&mut self) {
        self.equal_subtrees();
        self.matching_subtrees();
        self.equal_names();
        // A partial template leaves out what is around a node: a similar one there is another one.
        if self.sides.matcher.mode == Match::Exact {
            self.alike_inside_wrappers();
        }
    }

    /// For each entry of a side, the page's node that is its home.
    fn homes(&self, end: End) -> Vec<Id> {
        let arena = self.sides.of(end);
        let homes = arena.homes(|id| self.pairing.other(end, id).is_some());
        match end {
            End::New => homes,
            End::Old => homes
                .into_iter()
                .map(|home| self.pairing.new_of(home).unwrap_or(ROOT))
                .collect(),
        }
    }

    /// The same subtree at another place, the largest first.
    fn equal_subtrees(&mut self) {
        let (homes_old, homes_new) = (self.homes(End::Old), self.homes(End::New));
        let mut anywhere: HashMap<u64, Slot> = HashMap::new();
        let mut at_home: HashMap<(u64, Id), Vec<Id>> = HashMap::new();
        for id in (1..homes_old.len()).rev() {
            if self.pairing.new_of(id).is_none() {
                let hash = self.sides.old.get(id).hash;
                slot(&mut anywhere, hash).old.add(id);
                at_home.entry((hash, homes_old[id])).or_default().push(id);
            }
        }
        for id in 1..homes_new.len() {
            if self.pairing.old_of(id).is_none()
                && let Some(slot) = anywhere.get_mut(&self.sides.new.get(id).hash)
            {
                slot.new.add(id);
            }
        }
        for (new, home) in homes_new.iter().enumerate().skip(1) {
            if self.pairing.old_of(new).is_some() {
                continue;
            }
            let hash = self.sides.new.get(new).hash;
            let near = at_home.get_mut(&(hash, *home));
            // The lists are filled from the end, so the last is the first of the template.
            let found = near.is_some_and(|near| {
                while let Some(old) = near.pop() {
                    if self.join_equal(old, new) {
                        return true;
                    }
                }
                false
            });
            if !found
                && let Some(old) = anywhere.get(&hash).and_then(Slot::only_pair)
                && self.is_distinctive(old)
            {
                self.join_equal(old, new);
            }
        }
    }

    /// Whether the subtree is hardly confused with another: it has a name, several nodes, or an
    /// expression that someone wrote for this place.
    fn is_distinctive(&self, old: Id) -> bool {
        let entry = self.sides.old.get(old);
        entry.flexible || (!entry.what.is_text() && (entry.identity.is_some() || entry.size > 2))
    }

    /// Subtrees of the template that match others without being equal: those with expressions or
    /// `/children`, and all of a partial template.
    fn matching_subtrees(&mut self) {
        let (homes_old, homes_new) = (self.homes(End::Old), self.homes(End::New));
        let mut free: HashMap<Option<Role>, Vec<Id>> = HashMap::new();
        for new in 1..homes_new.len() {
            if self.pairing.old_of(new).is_none() {
                let role = self.sides.new.get(new).what.role();
                free.entry(role).or_default().push(new);
            }
        }
        for (old, home) in homes_old.iter().enumerate().skip(1) {
            let entry = self.sides.old.get(old);
            if !entry.flexible || self.pairing.new_of(old).is_some() {
                continue;
            }
            let Some(free) = free.get(&entry.what.role()) else {
                continue;
            };
            if free.len() > self.budget {
                return;
            }
            self.budget -= free.len();
            let mut matching = free.iter().copied().filter(|new| {
                self.pairing.old_of(*new).is_none() && is_same(&self.sides, old, *new)
            });
            let first = matching.next();
            let near = first
                .into_iter()
                .chain(matching.by_ref())
                .find(|new| homes_new[*new] == *home);
            let only = match near {
                Some(_) => near,
                None => first.filter(|first| {
                    self.is_distinctive(old)
                        && !free.iter().any(|new| {
                            new != first
                                && self.pairing.old_of(*new).is_none()
                                && is_same(&self.sides, old, *new)
                        })
                }),
            };
            if let Some(new) = only {
                self.descend(old, new);
            }
        }
    }

    /// The same role and name at another place.
    fn equal_names(&mut self) {
        let homes = [End::Old, End::New].map(|end| (end, self.homes(end)));
        let mut anywhere: HashMap<u64, Slot> = HashMap::new();
        let mut at_home: HashMap<(u64, Id), Slot> = HashMap::new();
        for (end, homes) in &homes {
            for (id, home) in homes.iter().enumerate().skip(1) {
                let entry = self.sides.of(*end).get(id);
                if let (None, false, Some(identity)) = (
                    self.pairing.other(*end, id),
                    entry.what.is_text(),
                    entry.identity,
                ) {
                    slot(&mut anywhere, identity).of(*end).add(id);
                    slot(&mut at_home, (identity, *home)).of(*end).add(id);
                }
            }
        }
        let [_, (_, homes_new)] = &homes;
        for (new, home) in homes_new.iter().enumerate().skip(1) {
            let Some(identity) = self.sides.new.get(new).identity else {
                continue;
            };
            let near = at_home.get(&(identity, *home)).and_then(Slot::only_pair);
            let old = near.or_else(|| anywhere.get(&identity).and_then(Slot::only_pair));
            if let Some(old) = old
                && self.is_free(old, new)
            {
                self.descend(old, new);
            }
        }
    }

    fn is_free(&self, old: Id, new: Id) -> bool {
        self.pairing.new_of(old).is_none() && self.pairing.old_of(new).is_none()
    }

    /// Entries that were put inside a new node, or taken out of one, and changed as well.
    fn alike_inside_wrappers(&mut self) {
        let homes = self.homes(End::New);
        for (wrapper, home) in homes.iter().enumerate().skip(1) {
            if self.pairing.old_of(wrapper).is_none()
                && let Some(old_home) = self.pairing.old_of(*home)
            {
                self.join_alike(old_home, wrapper);
            }
        }
        let homes = self.homes(End::Old);
        for (wrapper, home) in homes.iter().enumerate().skip(1) {
            if self.pairing.new_of(wrapper).is_none() {
                self.join_alike(wrapper, *home);
            }
        }
    }

    fn join_alike(&mut self, old: Id, new: Id) {
        let before = &self.sides.old.get(old).children;
        let after = &self.sides.new.get(new).children;
        // Looking at them is work as well.
        let cost = before.len() + after.len();
        if before.is_empty() || after.is_empty() || cost > self.budget {
            return;
        }
        self.budget -= cost;
        let (before, after) = (self.free(End::Old, before), self.free(End::New, after));
        if before.is_empty() || after.is_empty() {
            return;
        }
        for (old, new) in self.align(&before, &after) {
            let is_alike = similarity(&self.sides, self.roles, old, new) >= ALIKE
                || self.is_only_one(End::Old, old, &before)
                    && self.is_only_one(End::New, new, &after);
            if is_alike && self.is_free(old, new) {
                self.descend(old, new);
            }
        }
    }

    /// Whether no other entry there has its role, and the role says which one it is: the only text
    /// box of a row is the same text box, whatever its name.
    fn is_only_one(&self, end: End, id: Id, among: &[Id]) -> bool {
        let role = |id: Id| self.sides.of(end).get(id).what.role();
        role(id).is_some_and(is_distinctive)
            && among
                .iter()
                .all(|other| *other == id || role(*other) != role(id))
    }
}

fn is_distinctive(role: Role) -> bool {
    !matches!(
        role,
        Role::Generic | Role::Paragraph | Role::ListItem | Role::Row | Role::Cell | Role::RowGroup
    )
}

fn slot<K: Hash + Eq>(slots: &mut HashMap<K, Slot>, key: K) -> &mut Slot {
    slots.entry(key).or_default()
}

/// The entries with a key, on both sides.
#[derive(Default)]
struct Slot {
    old: Count,
    new: Count,
}

#[derive(Default, Clone, Copy)]
enum Count {
    #[default]
    None,
    One(Id),
    Several,
}

impl Count {
    fn add(&mut self, id: Id) {
        *self = match self {
            Count::None => Count::One(id),
            Count::One(_) | Count::Several => Count::Several,
        };
    }
}

impl Slot {
    fn of(&mut self, end: End) -> &mut Count {
        match end {
            End::Old => &mut self.old,
            End::New => &mut self.new,
        }
    }

    fn only_pair(&self) -> Option<Id> {
        match (self.old, self.new) {
            (Count::One(old), Count::One(_)) => Some(old),
            _ => None,
        }
    }
}
