//! What the merged tree is made of: each entry of the template and each node of the page that is
//! in it, where it is, and which of its parts are the page's.

use std::collections::{HashMap, HashSet};

use super::super::arena::{Id, ROOT, What};
use super::super::change::Kind;
use super::super::diff::{Diff, Edit};
use crate::aria::tree::PropertyName;
use crate::compare::Match;

/// An entry of the merged tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Entity {
    /// One of the template's, with or without partner.
    Old(Id),
    /// One of the page's, without partner.
    New(Id),
}

pub(super) struct Plan<'a> {
    pub(super) diff: &'a Diff<'a>,
    taken: Taken,
    kept_old: Vec<bool>,
    kept_new: Vec<bool>,
    children_old: Vec<Vec<Entity>>,
    children_new: Vec<Vec<Entity>>,
}

#[derive(Default)]
struct Taken {
    keys: HashMap<Id, Vec<Kind>>,
    texts: HashSet<Id>,
    properties: HashSet<(Id, PropertyName)>,
    added: HashSet<Id>,
    removed: HashSet<Id>,
    moved: HashSet<Id>,
    wrapped: HashSet<Id>,
    unwrapped: HashSet<Id>,
}

impl Taken {
    fn take(&mut self, edit: &Edit) {
        match edit {
            Edit::Key {
                old, kinds, text, ..
            } => {
                self.keys.entry(*old).or_default().extend(kinds);
                if let Some(text) = text {
                    self.texts.extend(text.old);
                    self.removed.extend(text.old);
                    self.added.extend(text.new);
                }
            }
            Edit::Text { old, .. } => {
                self.texts.insert(*old);
            }
            Edit::Property { old, name, .. } => {
                self.properties.insert((*old, *name));
            }
            Edit::Added { new } => {
                self.added.insert(*new);
            }
            Edit::Removed { old } => {
                self.removed.insert(*old);
            }
            Edit::Moved { old, .. } => {
                self.moved.insert(*old);
            }
            Edit::Wrapped { new } => {
                self.wrapped.insert(*new);
            }
            Edit::Unwrapped { old } => {
                self.unwrapped.insert(*old);
            }
        }
    }
}

impl<'a> Plan<'a> {
    pub(super) fn new<'e>(diff: &'a Diff<'a>, edits: impl Iterator<Item = &'e Edit>) -> Plan<'a> {
        let mut taken = Taken::default();
        for edit in edits {
            taken.take(edit);
        }
        let mut plan = Plan {
            diff,
            taken,
            kept_old: Vec::new(),
            kept_new: Vec::new(),
            children_old: Vec::new(),
            children_new: Vec::new(),
        };
        plan.keep();
        plan.arrange();
        // A node and one inside it can have changed places, and only one of the moves be taken.
        let lost = plan.unreachable();
        if !lost.is_empty() {
            plan.taken.moved.extend(lost);
            plan.keep();
            plan.arrange();
        }
        if !plan.unreachable().is_empty() {
            let all = (1..diff.old.entries.len()).filter(|old| diff.moved[*old]);
            plan.taken.moved.extend(all);
            plan.keep();
            plan.arrange();
        }
        plan
    }

    /// The entries inside of one, in order.
    pub(super) fn children(&self, of: Entity) -> &[Entity] {
        match of {
            Entity::Old(old) => &self.children_old[old],
            Entity::New(new) => &self.children_new[new],
        }
    }

    /// Which parts of the key come from the page.
    pub(super) fn key(&self, old: Id) -> &[Kind] {
        self.taken.keys.get(&old).map_or(&[], Vec::as_slice)
    }

    /// Whether the text comes from the page.
    pub(super) fn takes_text(&self, old: Id) -> bool {
        self.taken.texts.contains(&old)
    }

    /// Whether the property comes from the page, or goes.
    pub(super) fn takes_property(&self, old: Id, name: PropertyName) -> bool {
        self.taken.properties.contains(&(old, name))
    }

    pub(super) fn takes_any_property(&self, old: Id) -> bool {
        PropertyName::ALL
            .iter()
            .any(|name| self.takes_property(old, *name))
    }

    fn is_paired_old(&self, old: Id) -> bool {
        self.diff.pairing.new_of(old).is_some()
    }

    fn is_paired_new(&self, new: Id) -> bool {
        self.diff.pairing.old_of(new).is_some()
    }

    fn keep(&mut self) {
        let diff = self.diff;
        self.kept_old = vec![true; diff.old.entries.len()];
        for old in 1..diff.old.entries.len() {
            self.kept_old[old] = if self.is_paired_old(old) {
                true
            } else if diff.unwrapped[old] {
                !self.taken.unwrapped.contains(&old)
            } else {
                match self.removed_around(old) {
                    Some(around) => self.kept_old[around],
                    None => !self.taken.removed.contains(&old),
                }
            };
        }
        let bare = self.keep_surroundings();
        self.kept_new = vec![false; diff.new.entries.len()];
        for new in 1..diff.new.entries.len() {
            self.kept_new[new] = if self.is_paired_new(new) {
                true
            } else if diff.wrapper[new] {
                self.taken.wrapped.contains(&new)
            } else {
                match self.added_around(new) {
                    Some(around) => self.kept_new[around] && !bare.contains(&around),
                    None => self.taken.added.contains(&new),
                }
            } || bare.contains(&new);
        }
    }

    /// The entry without partner that an entry goes with, because no edit names the entry itself: its
    /// nearest ancestor that was not unwrapped, unless that has a partner.
    fn removed_around(&self, old: Id) -> Option<Id> {
        let mut at = self.diff.old.get(old).parent;
        while self.diff.unwrapped[at] {
            at = self.diff.old.get(at).parent;
        }
        (!self.is_paired_old(at)).then_some(at)
    }

    /// As [`Plan::removed_around`], of the page's nodes and those that wrap others.
    fn added_around(&self, new: Id) -> Option<Id> {
        let mut at = self.diff.new.get(new).parent;
        while self.diff.wrapper[at] {
            at = self.diff.new.get(at).parent;
        }
        (at != ROOT && !self.is_paired_new(at)).then_some(at)
    }

    /// What moved into a part of the page that the template leaves open takes along what is around
    /// it: in a partial template its bare lines, otherwise all of it.
    fn keep_surroundings(&mut self) -> HashSet<Id> {
        let diff = self.diff;
        let mut bare = HashSet::new();
        for &old in &self.taken.moved {
            let Some(new) = diff.pairing.new_of(old) else {
                continue;
            };
            let mut around = Vec::new();
            let mut at = diff.new.get(new).parent;
            while at != ROOT && !self.is_paired_new(at) {
                around.push(at);
                at = diff.new.get(at).parent;
            }
            let is_open = diff
                .pairing
                .old_of(at)
                .is_some_and(|home| diff.old.get(home).takes_more);
            if !is_open {
                continue;
            }
            match diff.matcher.mode {
                Match::Contain => bare.extend(around),
                Match::Exact => self.taken.added.extend(around.last()),
            }
        }
        bare
    }

    fn arrange(&mut self) {
        let diff = self.diff;
        let (old_count, new_count) = (diff.old.entries.len(), diff.new.entries.len());
        // For each parent, which nodes are there in the order of the page, and which in that of the template.
        let mut by_new: HashMap<Entity, Vec<Entity>> = HashMap::new();
        let mut by_old: HashMap<Entity, Vec<Entity>> = HashMap::new();
        for new in 1..new_count {
            let entity = match diff.pairing.old_of(new) {
                Some(old)
                    if old != ROOT && (!diff.moved[old] || self.taken.moved.contains(&old)) =>
                {
                    Entity::Old(old)
                }
                Some(_) => continue,
                None if self.kept_new[new] => Entity::New(new),
                None => continue,
            };
            by_new
                .entry(self.parent_of(entity))
                .or_default()
                .push(entity);
        }
        for old in 1..old_count {
            let by_template = match diff.pairing.new_of(old) {
                Some(_) => !diff.moved[old] || !self.taken.moved.contains(&old),
                None => self.kept_old[old],
            };
            if by_template {
                let entity = Entity::Old(old);
                by_old
                    .entry(self.parent_of(entity))
                    .or_default()
                    .push(entity);
            }
        }
        self.children_old = vec![Vec::new(); old_count];
        self.children_new = vec![Vec::new(); new_count];
        let parents: HashSet<Entity> = by_new.keys().chain(by_old.keys()).copied().collect();
        for parent in parents {
            let from_new = by_new.remove(&parent).unwrap_or_default();
            let from_old = by_old.remove(&parent).unwrap_or_default();
            let children = interleave(&from_old, &from_new);
            match parent {
                Entity::Old(old) => self.children_old[old] = children,
                Entity::New(new) => self.children_new[new] = children,
            }
        }
    }

    fn parent_of(&self, entity: Entity) -> Entity {
        let diff = self.diff;
        match entity {
            Entity::New(new) => self.above_new(new),
            Entity::Old(old) => match diff.pairing.new_of(old) {
                None => self.above_old(old),
                Some(new) if diff.moved[old] => {
                    if self.taken.moved.contains(&old) {
                        self.above_new(new)
                    } else {
                        self.above_old(old)
                    }
                }
                Some(new) => match self.above_new(new) {
                    wrapper @ Entity::New(_) => wrapper,
                    Entity::Old(_) => self.above_old(old),
                },
            },
        }
    }

    /// The nearest ancestor on the page that is in the merged tree.
    fn above_new(&self, new: Id) -> Entity {
        let mut at = self.diff.new.get(new).parent;
        loop {
            if let Some(old) = self.diff.pairing.old_of(at) {
                return Entity::Old(old);
            }
            if at == ROOT {
                return Entity::Old(ROOT);
            }
            if self.kept_new[at] {
                return Entity::New(at);
            }
            at = self.diff.new.get(at).parent;
        }
    }

    /// The nearest ancestor in the template that is in the merged tree.
    fn above_old(&self, old: Id) -> Entity {
        let mut at = self.diff.old.get(old).parent;
        while !self.kept_old[at] {
            at = self.diff.old.get(at).parent;
        }
        Entity::Old(at)
    }

    /// Entries that moved and are in the merged tree, but not below its root.
    fn unreachable(&self) -> Vec<Id> {
        let mut seen = vec![false; self.kept_old.len()];
        let mut open = vec![Entity::Old(ROOT)];
        while let Some(entity) = open.pop() {
            if let Entity::Old(old) = entity {
                seen[old] = true;
            }
            open.extend(self.children(entity));
        }
        (1..seen.len())
            .filter(|old| self.kept_old[*old] && !seen[*old] && self.diff.moved[*old])
            .collect()
    }

    /// Whether an entry of the template is in the merged tree.
    pub(super) fn is_in(&self, old: Id) -> bool {
        self.kept_old[old]
    }

    /// The page's node that an entity's changed parts come from.
    pub(super) fn new_of(&self, entity: Entity) -> Option<Id> {
        match entity {
            Entity::Old(old) => self.diff.pairing.new_of(old),
            Entity::New(new) => Some(new),
        }
    }

    /// The text of an entity that is a text of the page.
    pub(super) fn new_text(&self, entity: Entity) -> Option<&'a str> {
        match self.diff.new.get(self.new_of(entity)?).what {
            What::Text(text, _) => Some(text),
            _ => None,
        }
    }
}

/// One order of two that agree on what they share; what the template has comes first.
fn interleave(from_old: &[Entity], from_new: &[Entity]) -> Vec<Entity> {
    let shared: HashSet<Entity> = {
        let old: HashSet<Entity> = from_old.iter().copied().collect();
        from_new
            .iter()
            .copied()
            .filter(|entity| old.contains(entity))
            .collect()
    };
    let mut order = Vec::with_capacity(from_old.len() + from_new.len());
    let mut old = from_old.iter().copied().peekable();
    for entity in from_new.iter().copied() {
        if shared.contains(&entity) {
            while let Some(before) = old.next_if(|before| *before != entity) {
                if !shared.contains(&before) {
                    order.push(before);
                }
            }
            old.next();
        }
        order.push(entity);
    }
    order.extend(old.filter(|entity| !shared.contains(entity)));
    order
}
