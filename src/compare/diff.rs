//! What is left, added, moved, wrapped: the pairs of two trees, read as edits.

use super::Match;
use super::arena::{Arena, End, Id, ROOT, What};
use super::change::Kind;
use super::matching::Matcher;
use super::pairing::{Pairing, Sides, longest_rising, pair};
use crate::aria::tree::PropertyName;

/// Both sides, paired, with the edits between them.
pub(super) struct Diff<'a> {
    pub(super) old: &'a Arena<'a>,
    pub(super) new: &'a Arena<'a>,
    pub(super) matcher: &'a Matcher,
    pub(super) pairing: Pairing,
    /// Nodes of the tree without partner that wrap what was there before.
    pub(super) wrapper: Vec<bool>,
    /// Nodes of the template without partner whose content is still there.
    pub(super) unwrapped: Vec<bool>,
    /// Entries of the template whose partners moved.
    pub(super) moved: Vec<bool>,
}

/// One edit: what one change is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edit {
    /// Role, name or states, one or several of them; `text` where the text on the same line is
    /// part of it.
    Key {
        old: Id,
        new: Id,
        kinds: Vec<Kind>,
        text: Option<LineText>,
    },
    Text {
        old: Id,
        new: Id,
    },
    Property {
        old: Id,
        new: Id,
        name: PropertyName,
    },
    Added {
        new: Id,
    },
    Removed {
        old: Id,
    },
    Moved {
        old: Id,
        new: Id,
    },
    Wrapped {
        new: Id,
    },
    Unwrapped {
        old: Id,
    },
}

impl Edit {
    /// The entries that it is about, on both sides.
    pub(super) fn ends(&self) -> (Option<Id>, Option<Id>) {
        match *self {
            Edit::Key { old, new, .. }
            | Edit::Text { old, new }
            | Edit::Moved { old, new }
            | Edit::Property { old, new, .. } => (Some(old), Some(new)),
            Edit::Added { new } | Edit::Wrapped { new } => (None, Some(new)),
            Edit::Removed { old } | Edit::Unwrapped { old } => (Some(old), None),
        }
    }
}

/// A text behind a key on both sides, or on one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineText {
    pub(super) old: Option<Id>,
    pub(super) new: Option<Id>,
}

impl<'a> Diff<'a> {
    pub(super) fn new(old: &'a Arena<'a>, new: &'a Arena<'a>, matcher: &'a Matcher) -> Diff<'a> {
        let pairing = pair(Sides { old, new, matcher });
        let mut diff = Diff {
            old,
            new,
            matcher,
            pairing,
            wrapper: vec![false; new.entries.len()],
            unwrapped: vec![false; old.entries.len()],
            moved: vec![false; old.entries.len()],
        };
        diff.find_wrappers();
        diff.find_moves();
        diff
    }

    /// A node without partner is a wrapper where children of it were in the same place before, or are
    /// wrappers of such: the reading order is the same. With a name, it is one only where these
    /// are at least half of its children: otherwise it is something new that took them in.
    fn find_wrappers(&mut self) {
        let homes = [End::Old, End::New].map(|end| {
            self.of(end)
                .homes(|id| self.pairing.other(end, id).is_some())
        });
        let [homes_old, homes_new] = homes;
        // What a partial template leaves out is no change, nor what is around what it lists.
        if self.matcher.mode == Match::Exact {
            self.wrapper = self.wrappers(End::New, &homes_new, &homes_old);
        }
        self.unwrapped = self.wrappers(End::Old, &homes_old, &homes_new);
    }

    fn wrappers(&self, end: End, homes: &[Id], homes_there: &[Id]) -> Vec<bool> {
        let arena = self.of(end);
        let mut wrappers = vec![false; arena.entries.len()];
        for id in (1..wrappers.len()).rev() {
            let entry = arena.get(id);
            if self.pairing.other(end, id).is_some() || entry.what.is_text() {
                continue;
            }
            let home = self.pairing.other(end, homes[id]);
            let is_kept = |child: &&Id| match self.pairing.other(end, **child) {
                Some(there) => Some(homes_there[there]) == home,
                None => wrappers[**child],
            };
            let kept = entry.children.iter().filter(is_kept).count();
            wrappers[id] =
                kept > 0 && (entry.identity.is_none() || kept * 2 >= entry.children.len());
        }
        wrappers
    }

    pub(super) fn of(&self, end: End) -> &'a Arena<'a> {
        match end {
            End::Old => self.old,
            End::New => self.new,
        }
    }

    /// Pairs at home stay where they are as far as their order allows; all others have moved.
    fn find_moves(&mut self) {
        let mut at_home: Vec<Vec<(Id, Id)>> = vec![Vec::new(); self.new.entries.len()];
        for new in 1..self.new.entries.len() {
            let Some(old) = self.pairing.old_of(new) else {
                continue;
            };
            if old == ROOT {
                continue;
            }
            match self.common_home(old, new) {
                Some(home) => at_home[home].push((new, old)),
                None => self.moved[old] = true,
            }
        }
        for pairs in at_home {
            let mut staying = longest_rising(&pairs).into_iter().peekable();
            for pair in pairs {
                if staying.next_if_eq(&pair).is_none() {
                    self.moved[pair.1] = true;
                }
            }
        }
    }

    /// The node that both sides of a pair are directly in, but for wrappers.
    fn common_home(&self, old: Id, new: Id) -> Option<Id> {
        let mut before = self.old.get(old).parent;
        while self.pairing.new_of(before).is_none() {
            if !self.unwrapped[before] {
                return None;
            }
            before = self.old.get(before).parent;
        }
        let mut after = self.new.get(new).parent;
        while self.pairing.old_of(after).is_none() {
            if !self.wrapper[after] {
                return None;
            }
            after = self.new.get(after).parent;
        }
        (self.pairing.new_of(before) == Some(after)).then_some(after)
    }

    /// All edits, in the order of the page; a removed node is where it was.
    pub(super) fn edits(&self) -> Vec<Edit> {
        let mut edits: Vec<((Id, bool, Id), Edit)> = Vec::new();
        let mut last_new = 0;
        for old in 1..self.old.entries.len() {
            match self.pairing.new_of(old) {
                Some(new) => {
                    last_new = new;
                    let mut found = Vec::new();
                    self.pair(old, new, &mut found);
                    edits.extend(found.into_iter().map(|edit| ((new, false, old), edit)));
                }
                None => {
                    if let Some(edit) = self.gone(old) {
                        edits.push(((last_new, true, old), edit));
                    }
                }
            }
        }
        for new in 1..self.new.entries.len() {
            if self.pairing.old_of(new).is_none()
                && let Some(edit) = self.come(new)
            {
                edits.push(((new, false, 0), edit));
            }
        }
        edits.sort_by_key(|(order, _)| *order);
        edits.into_iter().map(|(_, edit)| edit).collect()
    }

    fn pair(&self, old: Id, new: Id, edits: &mut Vec<Edit>) {
        if self.moved[old] {
            edits.push(Edit::Moved { old, new });
        }
        if self.old.get(old).hash == self.new.get(new).hash {
            return;
        }
        match (self.old.get(old).what, self.new.get(new).what) {
            (What::TextItem(item), What::Text(text, _)) => {
                let parents = (self.old.get(old).parent, self.new.get(new).parent);
                if !self.matcher.text(&item.test, text) && !self.is_folded(parents.0, parents.1) {
                    edits.push(Edit::Text { old, new });
                }
            }
            (What::NodeItem(item), What::Node(node, _)) => {
                self.keys(old, new, edits);
                edits.extend(
                    self.matcher
                        .different_properties(item, node)
                        .into_iter()
                        .map(|(name, ..)| Edit::Property { old, new, name }),
                );
            }
            _ => {}
        }
    }

    /// A line diff shows a changed line as two lines; so one line never gives more than two changes.
    /// A node with another role is one change: the name and the states go with the role.
    fn keys(&self, old: Id, new: Id, edits: &mut Vec<Edit>) {
        let mut kinds = self.key_kinds(old, new);
        let alone = match kinds.first() {
            None | Some(Kind::Role) => 0,
            Some(_) => usize::from(!self.moved[old]),
        };
        let rest = kinds.split_off(alone);
        for kind in kinds {
            edits.push(Edit::Key {
                old,
                new,
                kinds: vec![kind],
                text: None,
            });
        }
        if !rest.is_empty() {
            edits.push(Edit::Key {
                old,
                new,
                kinds: rest,
                text: self.folded_text(old, new),
            });
        }
    }

    fn key_kinds(&self, old: Id, new: Id) -> Vec<Kind> {
        let (What::NodeItem(item), What::Node(node, _)) =
            (self.old.get(old).what, self.new.get(new).what)
        else {
            return Vec::new();
        };
        let mut kinds = Vec::new();
        if item.test.role != node.role {
            kinds.push(Kind::Role);
        }
        if !self.matcher.name(&item.test, node) {
            kinds.push(Kind::Name);
        }
        if !self.matcher.states(&item.test, node) {
            kinds.push(Kind::State);
        }
        kinds
    }

    /// The text behind the key, changed, come or gone, where it has no room of its own among the
    /// edits of the line.
    fn folded_text(&self, old: Id, new: Id) -> Option<LineText> {
        let (What::NodeItem(item), What::Node(node, _)) =
            (self.old.get(old).what, self.new.get(new).what)
        else {
            return None;
        };
        let edits = self.key_kinds(old, new).len() + usize::from(self.moved[old]);
        if edits < 2 || self.old.get(old).takes_more || !node.properties.is_empty() {
            return None;
        }
        let before = match self.old.get(old).children.as_slice() {
            [] if item.properties.is_empty() && item.mode.is_none() => None,
            [text] if item.inline.is_some() => Some(*text),
            _ => return None,
        };
        let after = match self.new.get(new).children.as_slice() {
            [] => None,
            [text] if node.only_text().is_some() => Some(*text),
            _ => return None,
        };
        let differs = match (before, after) {
            (None, None) => false,
            (Some(before), Some(after)) if self.pairing.new_of(before) == Some(after) => {
                !self.same_text(before, after)
            }
            _ => {
                before.is_none_or(|before| self.pairing.new_of(before).is_none())
                    && after.is_none_or(|after| self.pairing.old_of(after).is_none())
            }
        };
        differs.then_some(LineText {
            old: before,
            new: after,
        })
    }

    fn same_text(&self, old: Id, new: Id) -> bool {
        match (self.old.get(old).what, self.new.get(new).what) {
            (What::TextItem(item), What::Text(text, _)) => self.matcher.text(&item.test, text),
            _ => false,
        }
    }

    /// Whether the pair around a text has an edit that shows the text too.
    fn is_folded(&self, old_parent: Id, new_parent: Id) -> bool {
        self.pairing.new_of(old_parent) == Some(new_parent)
            && !self.key_kinds(old_parent, new_parent).is_empty()
            && self.folded_text(old_parent, new_parent).is_some()
    }

    fn gone(&self, old: Id) -> Option<Edit> {
        if self.unwrapped[old] {
            return Some(Edit::Unwrapped { old });
        }
        let mut at = self.old.get(old).parent;
        while self.pairing.new_of(at).is_none() {
            if !self.unwrapped[at] {
                return None;
            }
            at = self.old.get(at).parent;
        }
        let parent = self.old.get(old).parent;
        let is_shown = self
            .pairing
            .new_of(parent)
            .is_some_and(|new| self.is_folded(parent, new));
        (!is_shown).then_some(Edit::Removed { old })
    }

    fn come(&self, new: Id) -> Option<Edit> {
        if self.wrapper[new] {
            return Some(Edit::Wrapped { new });
        }
        let mut at = self.new.get(new).parent;
        while self.pairing.old_of(at).is_none() {
            // Outside of the place of a partial template, or inside of another edit.
            if at == ROOT || !self.wrapper[at] {
                return None;
            }
            at = self.new.get(at).parent;
        }
        let untold = self.pairing.old_of(at).is_some_and(|old| {
            self.old.get(old).takes_more
                || (at == self.new.get(new).parent && self.is_folded(old, at))
        });
        (!untold).then_some(Edit::Added { new })
    }

    /// The file's whole text.
    pub(super) fn source(&self) -> &'a str {
        match self.old.get(ROOT).what {
            What::Template(template) => &template.source,
            _ => "",
        }
    }
}
