//! What is left, added, moved, wrapped: the pairs of two trees, read as edits.

use super::arena::{Arena, Id, New, Old, ROOT};
use super::change::Kind;
use super::matching::Matcher;
use super::pairing::{Pairing, Sides, longest_rising, pair};
use crate::aria::tree::PropertyName;

/// Both sides, paired, with the edits between them.
pub(super) struct Diff<'a> {
    pub(super) old: &'a Arena<Old<'a>>,
    pub(super) new: &'a Arena<New<'a>>,
    pub(super) matcher: &'a Matcher,
    pub(super) pairing: Pairing,
    /// Nodes of the tree without partner that stand around what was there before.
    pub(super) wrapper: Vec<bool>,
    /// Nodes of the template without partner whose content is still there.
    pub(super) unwrapped: Vec<bool>,
    /// Entries of the template whose partners stand elsewhere.
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

/// A text behind a key on both sides, or on one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineText {
    pub(super) old: Option<Id>,
    pub(super) new: Option<Id>,
}

impl<'a> Diff<'a> {
    pub(super) fn new(
        old: &'a Arena<Old<'a>>,
        new: &'a Arena<New<'a>>,
        matcher: &'a Matcher,
    ) -> Diff<'a> {
        let pairing = pair(&Sides { old, new, matcher });
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

    /// A node without partner is a wrapper where at least half of its children were in the same
    /// place before, or are wrappers of such.
    fn find_wrappers(&mut self) {
        let homes_old = homes(
            self.old.entries.len(),
            |id| self.old.get(id).parent,
            |id| self.pairing.new_of(id).is_some(),
        );
        let homes_new = homes(
            self.new.entries.len(),
            |id| self.new.get(id).parent,
            |id| self.pairing.old_of(id).is_some(),
        );
        for id in (1..self.new.entries.len()).rev() {
            if self.pairing.old_of(id).is_some() || matches!(self.new.get(id).what, New::Text(..)) {
                continue;
            }
            let home = self.pairing.old_of(homes_new[id]);
            let children = &self.new.get(id).children;
            let kept = children
                .iter()
                .filter(|child| match self.pairing.old_of(**child) {
                    Some(old) => Some(homes_old[old]) == home,
                    None => self.wrapper[**child],
                })
                .count();
            self.wrapper[id] = kept > 0 && kept * 2 >= children.len();
        }
        for id in (1..self.old.entries.len()).rev() {
            if self.pairing.new_of(id).is_some() || matches!(self.old.get(id).what, Old::Text(_)) {
                continue;
            }
            let home = self.pairing.new_of(homes_old[id]);
            let children = &self.old.get(id).children;
            let kept = children
                .iter()
                .filter(|child| match self.pairing.new_of(**child) {
                    Some(new) => Some(homes_new[new]) == home,
                    None => self.unwrapped[**child],
                })
                .count();
            self.unwrapped[id] = kept > 0 && kept * 2 >= children.len();
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

    /// All edits, in the order of the page; what is gone stands where it was.
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
            (Old::Text(item), New::Text(text, _)) => {
                let parents = (self.old.get(old).parent, self.new.get(new).parent);
                if !self.matcher.text(&item.test, text) && !self.is_folded(parents.0, parents.1) {
                    edits.push(Edit::Text { old, new });
                }
            }
            (Old::Node(item), New::Node(node, _)) => {
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

    /// A line diff tells a changed line as two lines; so what stands on one line is never told as
    /// more than two changes. What became something else is one change: the name and the states go with the role.
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
        let (Old::Node(item), New::Node(node, _)) =
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
        let (Old::Node(item), New::Node(node, _)) =
            (self.old.get(old).what, self.new.get(new).what)
        else {
            return None;
        };
        let told = self.key_kinds(old, new).len() + usize::from(self.moved[old]);
        if told < 2 || self.old.get(old).takes_more || !node.properties.is_empty() {
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
            (Old::Text(item), New::Text(text, _)) => self.matcher.text(&item.test, text),
            _ => false,
        }
    }

    /// Whether the pair that a text is in has an edit that tells of the text too.
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
        let told = self
            .pairing
            .new_of(parent)
            .is_some_and(|new| self.is_folded(parent, new));
        (!told).then_some(Edit::Removed { old })
    }

    fn come(&self, new: Id) -> Option<Edit> {
        if self.wrapper[new] {
            return Some(Edit::Wrapped { new });
        }
        let mut at = self.new.get(new).parent;
        while self.pairing.old_of(at).is_none() {
            // Outside of the place of a partial template, or inside of what is told already.
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
            Old::Root(template) => &template.source,
            Old::Text(_) | Old::Node(_) => "",
        }
    }
}

fn homes(count: usize, parent: impl Fn(Id) -> Id, is_paired: impl Fn(Id) -> bool) -> Vec<Id> {
    let mut homes = vec![ROOT; count];
    for id in 1..count {
        let above = parent(id);
        homes[id] = if above == ROOT || is_paired(above) {
            above
        } else {
            homes[above]
        };
    }
    homes
}
