//! What found no partner among its siblings: moved, wrapped or unwrapped.
//!
//! "At home" is an entry whose nearest paired ancestor is paired with that of its partner: moved
//! among siblings, or with a node put around it or taken away. At home anything may be found
//! again; further away only what can be told from everything else.

use std::collections::HashMap;
use std::hash::Hash;

use super::similarity::similarity;
use super::{Id, Work};
use crate::aria::Role;
use crate::compare::arena::{New, Old, ROOT};

/// How alike two entries are that are taken for the same although something stands between them
/// and their common parent.
const ALIKE: u32 = 120;

impl Work<'_> {
    pub(super) fn look_elsewhere(&mut self) {
        self.equal_subtrees();
        self.equal_names();
        self.alike_inside_wrappers();
    }

    /// For each entry of the template without partner, the partner of its nearest ancestor that has one.
    fn homes_old(&self) -> Vec<Id> {
        let mut homes = vec![ROOT; self.sides.old.entries.len()];
        homes[ROOT] = self.pairing.new_of(ROOT).unwrap_or(ROOT);
        for id in 1..homes.len() {
            let parent = self.sides.old.get(id).parent;
            homes[id] = self.pairing.new_of(parent).unwrap_or(homes[parent]);
        }
        homes
    }

    /// For each node, its nearest ancestor that has a partner.
    fn homes_new(&self) -> Vec<Id> {
        let mut homes = vec![ROOT; self.sides.new.entries.len()];
        for id in 1..homes.len() {
            let parent = self.sides.new.get(id).parent;
            homes[id] = match self.pairing.old_of(parent) {
                Some(_) => parent,
                None => homes[parent],
            };
        }
        homes
    }

    /// The same subtree at another place, the largest first.
    fn equal_subtrees(&mut self) {
        let (homes_old, homes_new) = (self.homes_old(), self.homes_new());
        let mut anywhere: HashMap<u64, Slot> = HashMap::new();
        let mut at_home: HashMap<(u64, Id), Vec<Id>> = HashMap::new();
        for id in (1..homes_old.len()).rev() {
            if self.pairing.new_of(id).is_none() {
                let hash = self.sides.old.get(id).hash;
                anywhere.entry(hash).or_default().add_old(id);
                at_home.entry((hash, homes_old[id])).or_default().push(id);
            }
        }
        for id in 1..homes_new.len() {
            if self.pairing.old_of(id).is_none()
                && let Some(slot) = anywhere.get_mut(&self.sides.new.get(id).hash)
            {
                slot.add_new(id);
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
                && self.is_telling(new)
            {
                self.join_equal(old, new);
            }
        }
    }

    /// Whether nobody would take the subtree for another: it has a name, or several nodes.
    fn is_telling(&self, new: Id) -> bool {
        let entry = self.sides.new.get(new);
        match entry.what {
            New::Node(..) => entry.identity.is_some() || entry.size > 2,
            New::Text(..) | New::Root => false,
        }
    }

    /// The same role and name at another place.
    fn equal_names(&mut self) {
        let (homes_old, homes_new) = (self.homes_old(), self.homes_new());
        let mut anywhere: HashMap<u64, Slot> = HashMap::new();
        let mut at_home: HashMap<(u64, Id), Slot> = HashMap::new();
        for (id, home) in homes_old.iter().enumerate().skip(1) {
            let entry = self.sides.old.get(id);
            if let (None, Old::Node(_), Some(identity)) =
                (self.pairing.new_of(id), entry.what, entry.identity)
            {
                slot(&mut anywhere, identity).add_old(id);
                slot(&mut at_home, (identity, *home)).add_old(id);
            }
        }
        for (id, home) in homes_new.iter().enumerate().skip(1) {
            let entry = self.sides.new.get(id);
            if let (None, New::Node(..), Some(identity)) =
                (self.pairing.old_of(id), entry.what, entry.identity)
            {
                slot(&mut anywhere, identity).add_new(id);
                slot(&mut at_home, (identity, *home)).add_new(id);
            }
        }
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

    /// What was put inside a new node, or taken out of one, and changed as well.
    fn alike_inside_wrappers(&mut self) {
        let homes = self.homes_new();
        for (wrapper, home) in homes.iter().enumerate().skip(1) {
            if self.pairing.old_of(wrapper).is_none()
                && let Some(old_home) = self.pairing.old_of(*home)
            {
                self.join_alike(old_home, wrapper);
            }
        }
        let homes = self.homes_old();
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
        let (before, after) = (self.free_old(before.iter()), self.free_new(after.iter()));
        if before.is_empty() || after.is_empty() {
            return;
        }
        for (old, new) in self.align(&before, &after) {
            let is_alike = similarity(self.sides, self.roles, old, new) >= ALIKE
                || self.is_only_one(old, &before) && self.is_only_one_new(new, &after);
            if is_alike && self.is_free(old, new) {
                self.descend(old, new);
            }
        }
    }

    /// Whether nothing else there is of its role, and the role is one that is told from others: the
    /// only text box of a row is the same text box, whatever its name.
    fn is_only_one(&self, old: Id, among: &[Id]) -> bool {
        only(old, among, |id| match self.sides.old.get(id).what {
            Old::Node(item) => Some(item.test.role).filter(|role| is_telling(*role)),
            Old::Text(_) | Old::Root(_) => None,
        })
    }

    fn is_only_one_new(&self, new: Id, among: &[Id]) -> bool {
        only(new, among, |id| match self.sides.new.get(id).what {
            New::Node(node, _) => Some(node.role).filter(|role| is_telling(*role)),
            New::Text(..) | New::Root => None,
        })
    }
}

fn is_telling(role: Role) -> bool {
    !matches!(
        role,
        Role::Generic | Role::Paragraph | Role::ListItem | Role::Row | Role::Cell | Role::RowGroup
    )
}

fn only<T: PartialEq>(id: Id, among: &[Id], role: impl Fn(Id) -> Option<T>) -> bool {
    role(id).is_some()
        && among
            .iter()
            .all(|other| *other == id || role(*other) != role(id))
}

fn slot<K: Hash + Eq>(slots: &mut HashMap<K, Slot>, key: K) -> &mut Slot {
    slots.entry(key).or_default()
}

/// Who has a key, on both sides.
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
    fn add_old(&mut self, id: Id) {
        self.old.add(id);
    }

    fn add_new(&mut self, id: Id) {
        self.new.add(id);
    }

    fn only_pair(&self) -> Option<Id> {
        match (self.old, self.new) {
            (Count::One(old), Count::One(_)) => Some(old),
            _ => None,
        }
    }
}
