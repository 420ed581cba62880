//! Which row of the table a change comes under.

use std::collections::{HashMap, HashSet};

use super::Rule;
use super::roles::{Use, is_field, is_named_by_content, use_of};
use super::script;
use crate::aria::notation::StateTests;
use crate::aria::tree::PropertyName;
use crate::aria::{Node, Role};
use crate::compare::arena::{Arena, Id, What};
use crate::compare::change::Kind;
use crate::compare::diff::{Diff, Edit};
use crate::snapshot::template::NodeItem;

/// Knows what only the whole of both sides shows.
pub(in crate::compare) struct Judge<'a> {
    diff: &'a Diff<'a>,
    before: Overview<'a>,
    after: Overview<'a>,
}

/// What one side has.
#[derive(Default)]
struct Overview<'a> {
    /// Names of links, and where they lead.
    links: HashMap<&'a str, HashSet<&'a str>>,
    /// Landmarks: how many of a role there are, and how many of them have no name.
    landmarks: HashMap<Role, (usize, usize)>,
    /// For each heading, the level of the one before it, 0 for the first.
    level_before: HashMap<Id, u32>,
    last_level: u32,
    /// Texts, and names of what is plain.
    texts: HashSet<&'a str>,
}

impl<'a> Overview<'a> {
    fn node(
        &mut self,
        id: Id,
        role: Role,
        name: &'a str,
        level: Option<u32>,
        url: Option<&'a str>,
    ) {
        match use_of(role) {
            Use::Landmark => {
                let (count, unnamed) = self.landmarks.entry(role).or_default();
                *count += 1;
                *unnamed += usize::from(name.is_empty());
            }
            Use::Heading => {
                self.level_before.insert(id, self.last_level);
                self.last_level = level.unwrap_or(0);
            }
            Use::Plain if !name.is_empty() => {
                self.texts.insert(name);
            }
            _ => {}
        }
        if let (Role::Link, Some(url), false) = (role, url, name.is_empty()) {
            self.links.entry(name).or_default().insert(url);
        }
    }

    fn is_doubled_link(&self, name: &str) -> bool {
        self.links
            .get(name)
            .is_some_and(|targets| targets.len() > 1)
    }

    fn is_doubled_landmark(&self, role: Role) -> bool {
        self.landmarks
            .get(&role)
            .is_some_and(|(count, unnamed)| *count > 1 && *unnamed > 0)
    }

    /// Whether a heading of that level would leave a hole in the outline.
    fn skips(&self, id: Id, level: Option<u32>) -> bool {
        let before = self.level_before.get(&id).copied().unwrap_or(0);
        before > 0 && level.is_some_and(|level| level > before + 1)
    }
}

fn overview<'a>(arena: &Arena<'a>) -> Overview<'a> {
    let mut overview = Overview::default();
    for (id, entry) in arena.entries.iter().enumerate() {
        let what = entry.what;
        if let Some(role) = what.role() {
            let url = what.property(PropertyName::Url);
            overview.node(id, role, what.name(), what.level(), url);
        } else if what.is_text() {
            overview.texts.insert(what.text());
        }
    }
    overview
}

impl<'a> Judge<'a> {
    pub(in crate::compare) fn new(diff: &'a Diff<'a>) -> Judge<'a> {
        Judge {
            diff,
            before: overview(diff.old),
            after: overview(diff.new),
        }
    }

    pub(in crate::compare) fn rule(&self, edit: &Edit) -> Rule {
        match edit {
            Edit::Key {
                old, new, kinds, ..
            } => self.key(*old, *new, kinds),
            Edit::Text { .. } => Rule::TextChanged,
            Edit::Property { old, new, name } => self.property(*old, *new, *name),
            Edit::Added { new } | Edit::Wrapped { new } => self.come(*new),
            Edit::Removed { old } | Edit::Unwrapped { old } => self.gone(*old),
            Edit::Moved { .. } => Rule::Moved,
        }
    }

    fn pair(&self, old: Id, new: Id) -> Option<(&'a NodeItem, &'a Node)> {
        let item = self.diff.old.get(old).what.item()?;
        Some((item, self.diff.new.get(new).what.node()?))
    }

    /// Of several kinds on one line, the gravest impact counts. What became something else has other
    /// states by that alone.
    fn key(&self, old: Id, new: Id, kinds: &[Kind]) -> Rule {
        let Some((item, node)) = self.pair(old, new) else {
            return Rule::TextChanged;
        };
        let became_another = kinds.contains(&Kind::Role);
        kinds
            .iter()
            .filter(|kind| **kind != Kind::State || !became_another)
            .map(|kind| match kind {
                Kind::Role => self.role(item, node),
                Kind::Name => self.name(item, node),
                _ => self.state((old, item), (new, node)),
            })
            .min_by_key(|rule| rule.impact())
            .unwrap_or(Rule::TextChanged)
    }

    fn role(&self, item: &NodeItem, node: &Node) -> Rule {
        let (before, after) = (use_of(item.test.role), use_of(node.role));
        match (before, after) {
            (before, after) if before == after && before != Use::Structure => Rule::RoleChanged,
            (Use::HeaderCell, _) => Rule::HeaderCellLost,
            (_, Use::HeaderCell) => Rule::HeaderCellGained,
            (_, Use::Plain) => Rule::RoleDemoted,
            (Use::Plain, _) => Rule::RolePromoted,
            (Use::Live, _) => Rule::LiveRegionLost,
            (_, Use::Live) => Rule::LiveRegionGained,
            (Use::Landmark, _) => Rule::LandmarkLost,
            (_, Use::Landmark) => Rule::LandmarkGained,
            _ => Rule::RoleChanged,
        }
    }

    fn name(&self, item: &NodeItem, node: &Node) -> Rule {
        let name = What::NodeItem(item).name();
        let had = item.test.name.is_some();
        let role = node.role;
        match (had, !node.name.is_empty()) {
            (true, false) => match use_of(role) {
                _ if is_field(role) && self.after.texts.contains(name) => Rule::LabelUnbound,
                Use::Control => Rule::ControlNameLost,
                Use::Image => Rule::ImageNameLost,
                _ if is_named_by_content(role) => Rule::NameChanged,
                Use::Plain => Rule::NameChanged,
                _ => Rule::NameLost,
            },
            (false, true) => match use_of(role) {
                _ if is_field(role) && self.before.texts.contains(node.name.as_str()) => {
                    Rule::LabelBound
                }
                Use::Control => Rule::ControlNameGained,
                Use::Image => Rule::ImageNameGained,
                _ if is_named_by_content(role) => Rule::NameChanged,
                Use::Plain => Rule::NameChanged,
                _ => Rule::NameGained,
            },
            _ => self.other_name(role, name, &node.name),
        }
    }

    fn other_name(&self, role: Role, before: &str, after: &str) -> Rule {
        if role == Role::Link {
            if self.after.is_doubled_link(after) && !self.before.is_doubled_link(after) {
                return Rule::LinkNameDoubled;
            }
            if self.before.is_doubled_link(before) && !self.after.is_doubled_link(before) {
                return Rule::LinkNameDistinct;
            }
        }
        match (script::of(before), script::of(after)) {
            (Some(before), Some(after)) if before != after => Rule::NameScriptChanged,
            _ => Rule::NameChanged,
        }
    }

    fn state(&self, (old, item): (Id, &NodeItem), (new, node): (Id, &Node)) -> Rule {
        let (test, states) = (&item.test.states, &node.states);
        let hidden = test.aria_hidden.unwrap_or(false);
        let disabled = (test.disabled == Some(true), states.disabled == Some(true));
        if hidden != node.aria_hidden {
            return if node.aria_hidden {
                Rule::HiddenFromAt
            } else {
                Rule::ShownToAt
            };
        }
        if disabled.0 != disabled.1 {
            return if disabled.1 {
                Rule::Disabled
            } else {
                Rule::Enabled
            };
        }
        if node.role == Role::Heading && test.level != states.level.filter(|level| *level > 0) {
            return match (
                self.before.skips(old, test.level),
                self.after.skips(new, states.level),
            ) {
                (false, true) => Rule::LevelSkipped,
                (true, false) => Rule::LevelRepaired,
                _ => Rule::LevelChanged,
            };
        }
        let lost = [
            test.checked.is_some() && states.checked.is_none(),
            test.expanded.is_some() && states.expanded.is_none(),
            test.pressed.is_some() && states.pressed.is_none(),
            test.selected.is_some() && states.selected.is_none(),
            test.tokens
                .iter()
                .any(|token| !node.tokens.iter().any(|has| has.name == token.name)),
        ];
        if lost.contains(&true) {
            return Rule::StateLost;
        }
        // Where the role has the state by nature, it was there and false; `expanded` and `pressed`
        // are there only if their author wants them.
        let gained = [
            test.expanded.is_none() && states.expanded == Some(true),
            test.pressed.is_none()
                && states
                    .pressed
                    .is_some_and(|pressed| pressed != crate::aria::tree::Tristate::False),
            StateTests::written_for(node).says_false_beyond(test),
            node.tokens
                .iter()
                .any(|token| !test.tokens.iter().any(|had| had.name == token.name)),
        ];
        if gained.contains(&true) {
            return Rule::StateGained;
        }
        if test.active.unwrap_or(false) != node.active {
            return Rule::FocusMoved;
        }
        if test.cursor_pointer != node.cursor_pointer && self.only_pointer(item, node) {
            return Rule::PointerChanged;
        }
        Rule::StateChanged
    }

    fn only_pointer(&self, item: &NodeItem, node: &Node) -> bool {
        let mut test = item.test.clone();
        test.states.cursor_pointer = node.cursor_pointer;
        self.diff.matcher.states(&test, node)
    }

    fn property(&self, old: Id, new: Id, name: PropertyName) -> Rule {
        let Some((item, node)) = self.pair(old, new) else {
            return Rule::TextChanged;
        };
        let had = item.properties.iter().any(|property| property.name == name);
        let has = node.property(name).is_some();
        match (name, had, has) {
            (PropertyName::Url, ..) => {}
            (PropertyName::Placeholder, ..) => return Rule::PlaceholderChanged,
            (PropertyName::Live, true, false) => return Rule::LiveRegionLost,
            (PropertyName::Live, false, true) => return Rule::LiveRegionGained,
            (_, true, false) => return Rule::PropertyLost,
            (_, false, true) => return Rule::PropertyGained,
            _ => return Rule::PropertyChanged,
        }
        match (had, node.property(name).is_some()) {
            (true, false) => Rule::LinkTargetLost,
            (false, true) => Rule::LinkTargetGained,
            _ if self.after.is_doubled_link(&node.name)
                && !self.before.is_doubled_link(&node.name) =>
            {
                Rule::LinkNameDoubled
            }
            _ if self.before.is_doubled_link(&node.name)
                && !self.after.is_doubled_link(&node.name) =>
            {
                Rule::LinkNameDistinct
            }
            _ => Rule::LinkTargetChanged,
        }
    }

    /// A subtree, or a wrapper, that was added: the gravest thing in it counts.
    fn come(&self, new: Id) -> Rule {
        let size = if self.diff.wrapper[new] {
            1
        } else {
            self.diff.new.get(new).size
        };
        let is_new = |id: &Id| *id == new || self.diff.pairing.old_of(*id).is_none();
        (new..new + size)
            .filter(is_new)
            .filter_map(|id| self.node_come(id, self.diff.new.get(id).what.node()?, id == new))
            .min_by_key(|rule| rule.impact())
            .unwrap_or_else(|| match self.diff.new.get(new).what.node() {
                Some(node) if is_bare(node) && self.diff.wrapper[new] => Rule::WrapperAdded,
                Some(node) if is_bare(node) && node.children.is_empty() => Rule::WrapperAdded,
                _ => Rule::Added,
            })
    }

    fn node_come(&self, id: Id, node: &Node, is_top: bool) -> Option<Rule> {
        let doubled_link = || {
            node.role == Role::Link
                && self.after.is_doubled_link(&node.name)
                && !self.before.is_doubled_link(&node.name)
        };
        let was_text = || {
            !node.name.is_empty()
                && self.before.texts.contains(node.name.as_str())
                && !self.after.texts.contains(node.name.as_str())
        };
        match use_of(node.role) {
            Use::Landmark
                if self.after.is_doubled_landmark(node.role)
                    && !self.before.is_doubled_landmark(node.role) =>
            {
                Some(Rule::LandmarkDoubled)
            }
            Use::Landmark => Some(Rule::LandmarkGained),
            Use::Control if node.name.is_empty() => Some(Rule::UnnamedControlAdded),
            Use::Control if doubled_link() => Some(Rule::LinkNameDoubled),
            Use::Image if node.name.is_empty() => Some(Rule::UnnamedImageAdded),
            Use::Heading if self.after.skips(id, node.states.level) => Some(Rule::LevelSkipped),
            Use::Heading if was_text() => Some(Rule::RolePromoted),
            Use::Heading => Some(Rule::HeadingGained),
            Use::Live => Some(Rule::LiveRegionGained),
            Use::HeaderCell if is_top => Some(Rule::HeaderCellGained),
            Use::Control if is_top && was_text() => Some(Rule::RolePromoted),
            Use::Structure if is_top && self.diff.wrapper[id] => Some(Rule::RolePromoted),
            _ => None,
        }
    }

    fn gone(&self, old: Id) -> Rule {
        let size = if self.diff.unwrapped[old] {
            1
        } else {
            self.diff.old.get(old).size
        };
        let is_gone = |id: &Id| *id == old || self.diff.pairing.new_of(*id).is_none();
        let item_of = |id: Id| self.diff.old.get(id).what.item();
        (old..old + size)
            .filter(is_gone)
            .filter_map(|id| self.node_gone(id, item_of(id)?, id == old))
            .min_by_key(|rule| rule.impact())
            .unwrap_or_else(|| match item_of(old) {
                Some(item)
                    if item.test.role == Role::Generic
                        && item.test.name.is_none()
                        && (self.diff.unwrapped[old] || item.children.is_empty()) =>
                {
                    Rule::WrapperRemoved
                }
                _ => Rule::Removed,
            })
    }

    fn node_gone(&self, id: Id, item: &NodeItem, is_top: bool) -> Option<Rule> {
        let (role, name) = (item.test.role, What::NodeItem(item).name());
        let named = item.test.name.is_some();
        let stays = !name.is_empty()
            && self.after.texts.contains(name)
            && !self.before.texts.contains(name);
        let distinct_link = || {
            role == Role::Link
                && self.before.is_doubled_link(name)
                && !self.after.is_doubled_link(name)
        };
        match use_of(role) {
            Use::Landmark
                if self.before.is_doubled_landmark(role)
                    && !self.after.is_doubled_landmark(role) =>
            {
                Some(Rule::LandmarkDistinct)
            }
            Use::Landmark => Some(Rule::LandmarkLost),
            Use::Control | Use::Heading if stays => Some(Rule::RoleDemoted),
            Use::Control if !named && !is_partial(self.diff) => Some(Rule::UnnamedControlRemoved),
            Use::Control if distinct_link() => Some(Rule::LinkNameDistinct),
            Use::Image if !named && !is_partial(self.diff) => Some(Rule::UnnamedImageRemoved),
            Use::Heading if self.before.skips(id, item.test.states.level) => {
                Some(Rule::LevelRepaired)
            }
            Use::Heading => Some(Rule::HeadingLost),
            Use::Live => Some(Rule::LiveRegionLost),
            Use::HeaderCell if is_top => Some(Rule::HeaderCellLost),
            Use::Structure if is_top && self.diff.unwrapped[id] => Some(Rule::RoleDemoted),
            _ => None,
        }
    }
}

/// In a partial template, a name that is not written may be any.
fn is_partial(diff: &Diff<'_>) -> bool {
    diff.matcher.mode == crate::compare::Match::Contain
}

fn is_bare(node: &Node) -> bool {
    node.role == Role::Generic && node.name.is_empty()
}
