//! Where a change is, for people: the nearest landmark or named node around it, the line of the
//! baseline that it belongs to, and the element on the page to look at.

use super::arena::{Id, New, Old, ROOT};
use super::diff::{Diff, Edit};
use super::impact::is_landmark;
use crate::aria::Role;
use crate::aria::notation::NameTest;
use crate::aria::tree::Source;
use crate::source::Span;

/// The surroundings of an edit.
pub(super) struct Surroundings {
    pub(super) within: Option<String>,
    pub(super) anchor: Option<Span>,
    pub(super) element: Option<Source>,
}

/// One end of an edit: where it is, or would be.
#[derive(Clone, Copy)]
enum End {
    Old(Id),
    New(Id),
}

impl Surroundings {
    pub(super) fn of(edit: &Edit, diff: &Diff<'_>) -> Surroundings {
        let (old, new) = match *edit {
            Edit::Key { old, new, .. }
            | Edit::Text { old, new }
            | Edit::Moved { old, new }
            | Edit::Property { old, new, .. } => (Some(old), Some(new)),
            Edit::Added { new } | Edit::Wrapped { new } => (None, Some(new)),
            Edit::Removed { old } | Edit::Unwrapped { old } => (Some(old), None),
        };
        let end = match (old, new) {
            (_, Some(new)) => End::New(new),
            (Some(old), None) => End::Old(old),
            (None, None) => End::New(ROOT),
        };
        // The node itself is what a property changes in; all else changes in what is around it.
        let end = match (edit, end) {
            (Edit::Property { .. }, end) => Some(end),
            (_, end) => parent(diff, end),
        };
        Surroundings {
            within: end.and_then(|end| landmark(diff, end)),
            anchor: anchor(diff, old, new),
            element: element(diff, old, new),
        }
    }
}

fn parent(diff: &Diff<'_>, end: End) -> Option<End> {
    match end {
        End::Old(id) => (id != ROOT).then(|| End::Old(diff.old.get(id).parent)),
        End::New(id) => (id != ROOT).then(|| End::New(diff.new.get(id).parent)),
    }
}

/// The nearest node outwards that has a name or is a landmark. Lists and their like do not say
/// where on a page one is.
fn landmark(diff: &Diff<'_>, from: End) -> Option<String> {
    let mut at = Some(from);
    while let Some(end) = at {
        if let Some((role, name)) = named(diff, end) {
            if !name.is_empty() {
                return Some(format!("{role} \"{name}\""));
            }
            if is_landmark(role) {
                return Some(role.to_string());
            }
        }
        at = parent(diff, end);
    }
    None
}

fn named(diff: &Diff<'_>, end: End) -> Option<(Role, String)> {
    match end {
        End::Old(id) => match diff.old.get(id).what {
            Old::Node(item) => {
                let name = match &item.test.name {
                    Some(NameTest::Text(name)) => name.clone(),
                    Some(NameTest::Pattern(pattern)) => format!("/{}/", pattern.source()),
                    None => String::new(),
                };
                Some((item.test.role, name))
            }
            Old::Text(_) | Old::Root(_) => None,
        },
        End::New(id) => match diff.new.get(id).what {
            New::Node(node, _) => Some((node.role, node.name.clone())),
            New::Text(..) | New::Root => None,
        },
    }
}

/// The line of the baseline: of the node itself, else of what stands before or around its place.
fn anchor(diff: &Diff<'_>, old: Option<Id>, new: Option<Id>) -> Option<Span> {
    if let Some(old) = old {
        return span(diff, old);
    }
    let mut at = new?;
    while at != ROOT {
        let parent = diff.new.get(at).parent;
        let siblings = &diff.new.get(parent).children;
        let before = siblings.iter().take_while(|child| **child != at);
        let partner = before
            .filter_map(|child| diff.pairing.old_of(*child))
            .last()
            .or_else(|| diff.pairing.old_of(parent));
        if let Some(span) = partner.and_then(|old| span(diff, old)) {
            return Some(span);
        }
        at = parent;
    }
    None
}

fn span(diff: &Diff<'_>, old: Id) -> Option<Span> {
    match diff.old.get(old).what {
        Old::Node(item) => Some(item.key),
        Old::Text(item) => Some(item.place.span),
        Old::Root(_) => None,
    }
}

/// The element itself; of what is gone, the nearest around it that is still there.
fn element(diff: &Diff<'_>, old: Option<Id>, new: Option<Id>) -> Option<Source> {
    let mut at = match (old, new) {
        (_, Some(new)) => new,
        (Some(mut old), None) => loop {
            if old == ROOT {
                return None;
            }
            old = diff.old.get(old).parent;
            if let Some(new) = diff.pairing.new_of(old) {
                break new;
            }
        },
        (None, None) => return None,
    };
    loop {
        if let New::Node(node, _) = diff.new.get(at).what
            && node.source.is_some()
        {
            return node.source;
        }
        if at == ROOT {
            return None;
        }
        at = diff.new.get(at).parent;
    }
}
