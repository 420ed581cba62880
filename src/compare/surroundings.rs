//! Where a change is, for people: the nearest landmark or named node around it, the line of the
//! baseline that it belongs to, and the element on the page to look at.

use super::arena::{End, Id, ROOT, What};
use super::diff::{Diff, Edit};
use super::impact::is_landmark;
use crate::aria::Role;
use crate::aria::tree::Source;
use crate::source::Span;

/// The surroundings of an edit.
pub(super) struct Surroundings {
    pub(super) within: Option<String>,
    pub(super) anchor: Option<Span>,
    pub(super) element: Option<Source>,
}

impl Surroundings {
    /// `is_series`: the same edit in several places; what is around one of them says little.
    pub(super) fn of(edit: &Edit, diff: &Diff<'_>, is_series: bool) -> Surroundings {
        let (old, new) = edit.ends();
        let end = match (old, new) {
            (_, Some(new)) => (End::New, new),
            (Some(old), None) => (End::Old, old),
            (None, None) => (End::New, ROOT),
        };
        // The node itself is what a property changes in; all else changes in what is around it.
        let end = match (edit, end) {
            (Edit::Property { .. }, end) => Some(end),
            (_, end) if is_series => parent(diff, end).and_then(|end| match edit {
                Edit::Moved { .. } if !is_cell(diff, end) => Some(end),
                _ => parent(diff, end),
            }),
            (_, end) => parent(diff, end),
        };
        Surroundings {
            within: end.and_then(|end| landmark(diff, end)),
            anchor: anchor(diff, old, new),
            element: element(diff, old, new),
        }
    }
}

/// Whether a node is inside a row.
fn is_cell(diff: &Diff<'_>, (end, parent): (End, Id)) -> bool {
    diff.of(end).get(parent).what.role() == Some(Role::Row)
}

fn parent(diff: &Diff<'_>, (end, id): (End, Id)) -> Option<(End, Id)> {
    (id != ROOT).then(|| (end, diff.of(end).get(id).parent))
}

/// The nearest node outwards that has a name or is a landmark. Lists and their like do not say
/// where on a page one is.
fn landmark(diff: &Diff<'_>, from: (End, Id)) -> Option<String> {
    let mut at = Some(from);
    while let Some((end, id)) = at {
        let what = diff.of(end).get(id).what;
        if let Some(role) = what.role() {
            let name = what.shown_name();
            if !name.is_empty() {
                return Some(format!("{role} \"{name}\""));
            }
            if is_landmark(role) {
                return Some(role.to_string());
            }
        }
        at = parent(diff, (end, id));
    }
    None
}

/// The line of the baseline: of the node itself, else of the node before or around its place.
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
        What::NodeItem(item) => Some(item.key),
        What::TextItem(item) => Some(item.place.span),
        _ => None,
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
        if let What::Node(node, _) = diff.new.get(at).what
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
