//! From the pairs to the changes, in the order of the page.

use super::arena::{Arena, Id, New, Old, ROOT};
use super::change::{Change, Kind, Side};
use super::impact::Impact;
use super::line;
use super::matching::Matcher;
use super::pairing::Pairing;
use crate::aria::Node;
use crate::snapshot::template::NodeItem;

pub(super) fn changes<'a>(
    old: &'a Arena<Old<'a>>,
    new: &'a Arena<New<'a>>,
    pairing: &'a Pairing,
    matcher: &'a Matcher,
) -> Vec<Change> {
    let mut emitter = Emitter {
        old,
        new,
        pairing,
        matcher,
        changes: Vec::new(),
    };
    if let Some(host) = pairing.new_of(ROOT) {
        emitter.children(ROOT, host);
    }
    emitter.changes
}

struct Emitter<'a> {
    old: &'a Arena<Old<'a>>,
    new: &'a Arena<New<'a>>,
    pairing: &'a Pairing,
    matcher: &'a Matcher,
    changes: Vec<Change>,
}

impl Emitter<'_> {
    fn children(&mut self, old: Id, new: Id) {
        let mut removed = self.old.get(old).children.iter().copied().peekable();
        for &child in &self.new.get(new).children {
            match self.pairing.old_of(child) {
                Some(partner) => {
                    while let Some(gone) = removed.next_if(|gone| *gone != partner) {
                        self.removed(gone);
                    }
                    removed.next();
                    self.pair(partner, child);
                }
                None => self.added(old, child),
            }
        }
        for gone in removed {
            self.removed(gone);
        }
    }

    fn pair(&mut self, old: Id, new: Id) {
        match (self.old.get(old).what, self.new.get(new).what) {
            (Old::Text(item), New::Text(text, _)) if !self.matcher.text(&item.test, text) => {
                let before = self.old_side(old, Some(item.test.raw.clone()));
                let after = self.new_side(new, Some(text.to_owned()));
                self.push(Kind::Text, Impact::Content, new, Some(before), Some(after));
            }
            (Old::Node(item), New::Node(node, _)) => {
                if self.old.get(old).hash == self.new.get(new).hash {
                    return;
                }
                self.key(old, new, item, node);
                self.children(old, new);
            }
            _ => {}
        }
    }

    fn key(&mut self, old: Id, new: Id, item: &NodeItem, node: &Node) {
        let before = || self.old_key(old, item);
        let after = || self.new_key(node);
        let mut found = Vec::new();
        if item.test.role != node.role {
            found.push(Kind::Role);
        }
        if !self.matcher.name(&item.test, node) {
            found.push(Kind::Name);
        }
        if !self.matcher.states(&item.test, node) {
            found.push(Kind::State);
        }
        let sides: Vec<_> = found
            .into_iter()
            .map(|kind| (kind, before(), after()))
            .collect();
        for (kind, before, after) in sides {
            self.push(kind, Impact::Content, new, Some(before), Some(after));
        }
        for (name, test, value) in self.matcher.different_properties(item, node) {
            let side = |value: &str| Side {
                text: format!("/{}: {value}", name.as_str()),
                value: Some(value.to_owned()),
                span: None,
                source: None,
            };
            let before = test.map(|test| Side {
                span: Some(test.place.span),
                ..side(&test.test.raw)
            });
            let after = value.map(|value| Side {
                source: node.source,
                ..side(value)
            });
            self.push(Kind::Property, Impact::Content, new, before, after);
        }
    }

    fn removed(&mut self, old: Id) {
        let side = self.old_side(old, None);
        let path = self.old_path(old);
        self.changes.push(Change {
            kind: Kind::Removed,
            impact: Impact::Content,
            path,
            old: Some(side),
            new: None,
        });
    }

    fn added(&mut self, parent: Id, new: Id) {
        let takes_more = match self.old.get(parent).what {
            Old::Root(template) => self.matcher.takes_more(template.mode),
            Old::Node(item) => self.matcher.takes_more(item.mode),
            Old::Text(_) => false,
        };
        if !takes_more {
            let side = self.new_side(new, None);
            self.push(Kind::Added, Impact::Content, new, None, Some(side));
        }
    }

    fn push(&mut self, kind: Kind, impact: Impact, at: Id, old: Option<Side>, new: Option<Side>) {
        let path = self.new_path(at);
        self.changes.push(Change {
            kind,
            impact,
            path,
            old,
            new,
        });
    }

    fn old_key(&self, old: Id, item: &NodeItem) -> Side {
        Side {
            text: item.key.slice(self.source()).to_owned(),
            ..self.old_side(old, None)
        }
    }

    fn new_key(&self, node: &Node) -> Side {
        Side {
            text: line::key(node),
            value: None,
            span: None,
            source: node.source,
        }
    }

    fn source(&self) -> &str {
        match self.old.get(ROOT).what {
            Old::Root(template) => &template.source,
            Old::Text(_) | Old::Node(_) => "",
        }
    }

    fn old_side(&self, old: Id, value: Option<String>) -> Side {
        let span = match self.old.get(old).what {
            Old::Text(item) => item.place.span,
            Old::Node(item) => item.place.span,
            Old::Root(template) => template.yaml,
        };
        let dedent = span.column.saturating_sub(1);
        let mut text = String::new();
        for (index, line) in span.slice(self.source()).lines().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            let indent = line.bytes().take_while(|byte| *byte == b' ').count();
            let from = if index == 0 { 0 } else { indent.min(dedent) };
            text.push_str(&line[from..]);
        }
        Side {
            text,
            value,
            span: Some(span),
            source: None,
        }
    }

    fn new_side(&self, new: Id, value: Option<String>) -> Side {
        let (text, source) = match self.new.get(new).what {
            New::Text(_, child) => (line::text(child), None),
            New::Node(node, child) => (line::text(child), node.source),
            New::Root => (String::new(), None),
        };
        Side {
            text,
            value,
            span: None,
            source,
        }
    }

    fn new_path(&self, at: Id) -> String {
        let mut steps = Vec::new();
        let mut at = self.new.get(at).parent;
        while at != ROOT {
            if let New::Node(node, _) = self.new.get(at).what {
                let same_role = |id: &&Id| matches!(self.new.get(**id).what, New::Node(other, _) if other.role == node.role);
                let siblings = &self.new.get(self.new.get(at).parent).children;
                steps.push(step(
                    node.role.as_str(),
                    &node.name,
                    at,
                    siblings.iter().filter(same_role),
                ));
            }
            at = self.new.get(at).parent;
        }
        steps.reverse();
        steps.retain(|step| !step.is_empty());
        steps.join(" > ")
    }

    fn old_path(&self, at: Id) -> String {
        let mut steps = Vec::new();
        let mut at = self.old.get(at).parent;
        while at != ROOT {
            if let Old::Node(item) = self.old.get(at).what {
                let same_role = |id: &&Id| matches!(self.old.get(**id).what, Old::Node(other) if other.test.role == item.test.role);
                let siblings = &self.old.get(self.old.get(at).parent).children;
                let name = match &item.test.name {
                    Some(crate::aria::notation::NameTest::Text(name)) => name.as_str(),
                    _ => "",
                };
                steps.push(step(
                    item.test.role.as_str(),
                    name,
                    at,
                    siblings.iter().filter(same_role),
                ));
            }
            at = self.old.get(at).parent;
        }
        steps.reverse();
        steps.retain(|step| !step.is_empty());
        steps.join(" > ")
    }
}

/// One node of a path: `list`, `navigation "Main"`, `listitem 3`; nothing for a bare wrapper.
fn step<'a>(role: &str, name: &str, at: Id, siblings: impl Iterator<Item = &'a Id>) -> String {
    const LONGEST: usize = 40;
    if !name.is_empty() {
        return match name.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{role} \"{}…\"", &name[..end]),
            None => format!("{role} \"{name}\""),
        };
    }
    if role == "generic" {
        return String::new();
    }
    let (mut count, mut position) = (0, 0);
    for id in siblings {
        count += 1;
        if *id == at {
            position = count;
        }
    }
    if count > 1 {
        format!("{role} {position}")
    } else {
        role.to_owned()
    }
}
