//! From edits to changes: what both ends look like, and where on the page they are.

use super::arena::{Arena, Id, New, Old, ROOT};
use super::change::{Change, Kind, Side};
use super::diff::{Diff, Edit};
use super::impact::{Judge, Rule};
use super::line;
use super::surroundings::Surroundings;
use crate::aria::notation::NameTest;
use crate::aria::tree::PropertyName;
use crate::aria::{Node, Role};
use crate::snapshot::template::{NodeItem, Template};
use crate::source::Span;

pub(super) fn changes(diff: &Diff<'_>, groups: &[Vec<Edit>]) -> Vec<Change> {
    if groups.is_empty() {
        return Vec::new();
    }
    let describer = Describer {
        old_places: places(diff.old, old_role),
        new_places: places(diff.new, new_role),
        diff,
    };
    let judge = Judge::new(diff);
    groups
        .iter()
        .filter_map(|group| describer.change(&judge, group))
        .collect()
}

/// The one change for a partial template that is nowhere as a whole.
pub(super) fn not_found(template: &Template) -> Change {
    Change {
        kind: Kind::Removed,
        also: Vec::new(),
        impact: Rule::Removed.impact(),
        rule: Rule::Removed,
        path: String::new(),
        within: None,
        anchor: Some(template.yaml),
        element: None,
        old: Some(Side {
            text: template.yaml.slice(&template.source).trim_end().to_owned(),
            value: None,
            span: Some(template.yaml),
            source: None,
        }),
        new: None,
    }
}

fn kinds(edit: &Edit) -> (Kind, Vec<Kind>) {
    match edit {
        Edit::Key { kinds, text, .. } => {
            let mut kinds = kinds.clone();
            if text.is_some() {
                kinds.push(Kind::Text);
            }
            let also = kinds.split_off(1.min(kinds.len()));
            (kinds.pop().unwrap_or(Kind::Name), also)
        }
        Edit::Text { .. } => (Kind::Text, Vec::new()),
        Edit::Property { .. } => (Kind::Property, Vec::new()),
        Edit::Added { .. } => (Kind::Added, Vec::new()),
        Edit::Removed { .. } => (Kind::Removed, Vec::new()),
        Edit::Moved { .. } => (Kind::Moved, Vec::new()),
        Edit::Wrapped { .. } => (Kind::Wrapped, Vec::new()),
        Edit::Unwrapped { .. } => (Kind::Unwrapped, Vec::new()),
    }
}

fn old_role(what: &Old<'_>) -> Option<Role> {
    match what {
        Old::Node(item) => Some(item.test.role),
        Old::Text(_) | Old::Root(_) => None,
    }
}

fn new_role(what: &New<'_>) -> Option<Role> {
    match what {
        New::Node(node, _) => Some(node.role),
        New::Text(..) | New::Root => None,
    }
}

/// For each node, the how-manieth of its role it is among its siblings; 0 where it is the only one.
fn places<E>(arena: &Arena<E>, role: impl Fn(&E) -> Option<Role>) -> Vec<usize> {
    let mut places = vec![0; arena.entries.len()];
    for entry in &arena.entries {
        let mut of_role: Vec<(Role, Vec<Id>)> = Vec::new();
        for &child in &entry.children {
            let Some(role) = role(&arena.get(child).what) else {
                continue;
            };
            match of_role.iter_mut().find(|(known, _)| *known == role) {
                Some((_, ids)) => ids.push(child),
                None => of_role.push((role, vec![child])),
            }
        }
        for (_, ids) in of_role.iter().filter(|(_, ids)| ids.len() > 1) {
            for (index, id) in ids.iter().enumerate() {
                places[*id] = index + 1;
            }
        }
    }
    places
}

struct Describer<'a> {
    diff: &'a Diff<'a>,
    old_places: Vec<usize>,
    new_places: Vec<usize>,
}

type Ends = (String, Option<Side>, Option<Side>);

impl Describer<'_> {
    /// Of several edits, the first tells where, and the gravest what it means.
    fn change(&self, judge: &Judge<'_>, group: &[Edit]) -> Option<Change> {
        let rule = group
            .iter()
            .map(|edit| judge.rule(edit))
            .min_by_key(|rule| rule.impact())?;
        let (kind, mut also) = kinds(group.first()?);
        for edit in &group[1..] {
            let (kind, more) = kinds(edit);
            also.push(kind);
            also.extend(more);
        }
        let (path, old, new) = self.ends(group.first()?);
        let surroundings = Surroundings::of(group.first()?, self.diff);
        Some(Change {
            kind,
            also,
            impact: rule.impact(),
            rule,
            path,
            within: surroundings.within,
            anchor: surroundings.anchor,
            element: surroundings.element,
            old,
            new,
        })
    }

    fn ends(&self, edit: &Edit) -> Ends {
        match edit {
            Edit::Key {
                old, new, kinds, ..
            } => (
                self.new_path(*new),
                self.old_key(*old, kinds),
                self.new_key(*new, kinds),
            ),
            Edit::Property { old, new, name } => self.property(*old, *new, *name),
            Edit::Text { old, new } | Edit::Moved { old, new } => (
                self.new_path(*new),
                Some(self.old_side(*old)),
                Some(self.new_side(*new)),
            ),
            Edit::Added { new } => (self.new_path(*new), None, Some(self.new_side(*new))),
            Edit::Wrapped { new } => (self.new_path(*new), None, self.new_key(*new, &[])),
            Edit::Removed { old } => (self.old_path(*old), Some(self.old_side(*old)), None),
            Edit::Unwrapped { old } => (self.old_path(*old), self.old_key(*old, &[]), None),
        }
    }

    fn property(&self, old: Id, new: Id, name: PropertyName) -> Ends {
        let side = |value: &str| Side {
            text: format!("/{}: {value}", name.as_str()),
            value: Some(value.to_owned()),
            span: None,
            source: None,
        };
        let (before, after) = match (self.diff.old.get(old).what, self.diff.new.get(new).what) {
            (Old::Node(item), New::Node(node, _)) => {
                let test = item.properties.iter().find(|test| test.name == name);
                let before = test.map(|test| Side {
                    span: Some(test.place.span),
                    ..side(&test.test.raw)
                });
                let after = node.property(name).map(|value| Side {
                    source: node.source,
                    ..side(value)
                });
                (before, after)
            }
            _ => (None, None),
        };
        let mut path = self.new_path(new);
        if let New::Node(node, _) = self.diff.new.get(new).what {
            let step = step(node.role, &node.name, self.new_places[new]);
            if !path.is_empty() && !step.is_empty() {
                path.push_str(" > ");
            }
            path.push_str(&step);
        }
        (path, before, after)
    }

    fn old_key(&self, old: Id, kinds: &[Kind]) -> Option<Side> {
        let Old::Node(item) = self.diff.old.get(old).what else {
            return None;
        };
        let value = match kinds {
            [Kind::Role, ..] => Some(item.test.role.to_string()),
            [Kind::Name, ..] => Some(old_name(item)),
            [Kind::State, ..] => Some(item.test.states.to_string()),
            _ => None,
        };
        Some(Side {
            text: item.key.slice(self.diff.source()).to_owned(),
            value,
            span: Some(item.key),
            source: None,
        })
    }

    fn new_key(&self, new: Id, kinds: &[Kind]) -> Option<Side> {
        let New::Node(node, _) = self.diff.new.get(new).what else {
            return None;
        };
        let value = match kinds {
            [Kind::Role, ..] => Some(node.role.to_string()),
            [Kind::Name, ..] => Some(node.name.clone()),
            [Kind::State, ..] => Some(line::states(node)),
            _ => None,
        };
        Some(Side {
            text: line::key(node),
            value,
            span: None,
            source: node.source,
        })
    }

    fn old_side(&self, old: Id) -> Side {
        let (span, value) = match self.diff.old.get(old).what {
            Old::Text(item) => (item.place.span, Some(item.test.raw.clone())),
            Old::Node(item) => (item.place.span, None),
            Old::Root(template) => (template.yaml, None),
        };
        Side {
            text: dedented(span, self.diff.source()),
            value,
            span: Some(span),
            source: None,
        }
    }

    fn new_side(&self, new: Id) -> Side {
        let (text, value, source) = match self.diff.new.get(new).what {
            New::Text(text, child) => (line::text(child), Some(text.to_owned()), None),
            New::Node(node, child) => (line::text(child), None, node.source),
            New::Root => (String::new(), None, None),
        };
        Side {
            text,
            value,
            span: None,
            source: source.or_else(|| self.source_around(new)),
        }
    }

    /// A text has no element of its own but the one that it is in.
    fn source_around(&self, new: Id) -> Option<crate::aria::tree::Source> {
        match self.diff.new.get(self.diff.new.get(new).parent).what {
            New::Node(node, _) => node.source,
            New::Text(..) | New::Root => None,
        }
    }

    fn new_path(&self, of: Id) -> String {
        path(self.diff.new, of, |id, what| match what {
            New::Node(node, _) => step(node.role, &node.name, self.new_places[id]),
            New::Text(..) | New::Root => String::new(),
        })
    }

    fn old_path(&self, of: Id) -> String {
        path(self.diff.old, of, |id, what| match what {
            Old::Node(item) => {
                let name = match &item.test.name {
                    Some(NameTest::Text(name)) => name.as_str(),
                    Some(NameTest::Pattern(_)) | None => "",
                };
                step(item.test.role, name, self.old_places[id])
            }
            Old::Text(_) | Old::Root(_) => String::new(),
        })
    }
}

fn old_name(item: &NodeItem) -> String {
    match &item.test.name {
        Some(NameTest::Text(name)) => name.clone(),
        Some(NameTest::Pattern(pattern)) => format!("/{}/", pattern.source()),
        None => String::new(),
    }
}

/// The lines of a span, as if they stood at the beginning of the line.
fn dedented(span: Span, source: &str) -> String {
    let depth = span.column.saturating_sub(1);
    let mut text = String::new();
    for (index, line) in span.slice(source).lines().enumerate() {
        if index == 0 {
            text.push_str(line);
            continue;
        }
        let indent = line.bytes().take_while(|byte| *byte == b' ').count();
        text.push('\n');
        text.push_str(&line[indent.min(depth)..]);
    }
    text
}

fn path<E>(arena: &Arena<E>, of: Id, step: impl Fn(Id, &E) -> String) -> String {
    let mut steps = Vec::new();
    let mut at = arena.get(of).parent;
    while at != ROOT {
        let entry = arena.get(at);
        steps.push(step(at, &entry.what));
        at = entry.parent;
    }
    steps.reverse();
    steps.retain(|step| !step.is_empty());
    steps.join(" > ")
}

/// One node of a path: `list`, `navigation "Main"`, `listitem 3`; nothing for a bare wrapper.
fn step(role: Role, name: &str, place: usize) -> String {
    const LONGEST: usize = 40;
    if !name.is_empty() {
        return match name.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{role} \"{}…\"", &name[..end]),
            None => format!("{role} \"{name}\""),
        };
    }
    match (role, place) {
        (Role::Generic, _) => String::new(),
        (_, 0) => role.to_string(),
        (_, place) => format!("{role} {place}"),
    }
}

/// Which node of the tree a change is about, for those that look at its surroundings.
pub(super) fn node_of<'a>(diff: &Diff<'a>, new: Id) -> Option<&'a Node> {
    match diff.new.get(new).what {
        New::Node(node, _) => Some(node),
        New::Text(..) | New::Root => None,
    }
}
