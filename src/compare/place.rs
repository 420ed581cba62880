//! Where a node is, in words: `before link "Products"`, `in list "Main"`.

use std::borrow::Cow;

use super::Match;
use super::arena::{Arena, End, Id, ROOT};
use super::diff::Diff;
use super::pairing::likeness;
use crate::aria::Role;
use crate::snapshot::quote;

/// Longer names are cut.
const LONGEST: usize = 60;
/// How many nodes of the page the most similar one is looked for among, in a whole comparison.
const MOST: usize = 200_000;

/// What a node is called: its role and name; a node without a name, by the first thing inside that
/// says something.
pub(super) fn label(arena: &Arena<'_>, id: Id) -> String {
    let entry = arena.get(id);
    let inside = || {
        (id + 1..id + entry.size).find(|at| {
            let what = arena.get(*at).what;
            what.is_text() || !what.shown_name().is_empty()
        })
    };
    let Some(role) = entry.what.role() else {
        return format!("text \"{}\"", cut(entry.what.text()));
    };
    let name = entry.what.shown_name();
    if !name.is_empty() {
        return named(role, &name, entry.what.name().is_empty());
    }
    match inside().map(|at| arena.get(at).what) {
        Some(what) if what.is_text() => format!("{role}: {}", cut(what.text())),
        Some(what) => match what.role() {
            Some(role) => named(role, &what.shown_name(), what.name().is_empty()),
            None => role.to_string(),
        },
        None => role.to_string(),
    }
}

fn named(role: Role, name: &str, is_expression: bool) -> String {
    match is_expression {
        true => format!("{role} {name}"),
        false => format!("{role} {}", quote::json_string(&cut(name))),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Where a moved node was and where it is. Of a partial template, only where it is, as seen from
/// what the template has before or behind it.
pub(super) fn of_move(diff: &Diff<'_>, old: Id, new: Id) -> (Option<String>, Option<String>) {
    let (before, after) = (diff.old.get(old).parent, diff.new.get(new).parent);
    let is_same_parent = diff.pairing.new_of(before) == Some(after);
    if diff.matcher.mode == Match::Contain {
        let to = is_same_parent
            .then(|| out_of_order(diff, old, new))
            .flatten();
        return (
            None,
            to.or_else(|| Some(format!("inside {}", parent(diff.new, new)))),
        );
    }
    let from = among_siblings(diff, End::Old, old);
    let to = among_siblings(diff, End::New, new);
    let (from, to) = match (from, to) {
        (Some(from), Some(to)) if is_same_parent && from != to => (from, to),
        (from, to) => {
            let with_parent = |place: Option<String>, arena: &Arena<'_>, id: Id| match place {
                Some(place) => format!("{place} in {}", parent(arena, id)),
                None => format!("inside {}", parent(arena, id)),
            };
            (
                with_parent(from, diff.old, old),
                with_parent(to, diff.new, new),
            )
        }
    };
    (Some(from), Some(to))
}

/// The nearest node around that has a name or is more than a wrapper.
fn parent(arena: &Arena<'_>, id: Id) -> String {
    let mut at = arena.get(id).parent;
    while at != ROOT {
        let what = arena.get(at).what;
        match what.role() {
            Some(Role::Generic) if what.shown_name().is_empty() => {}
            Some(role) if what.shown_name().is_empty() => return role.to_string(),
            _ => return label(arena, at),
        }
        at = arena.get(at).parent;
    }
    "the page".to_owned()
}

/// Before the next sibling that stays, or behind the one before.
fn among_siblings(diff: &Diff<'_>, end: End, id: Id) -> Option<String> {
    let arena = diff.of(end);
    let siblings = &arena.get(arena.get(id).parent).children;
    let at = siblings.iter().position(|sibling| *sibling == id)?;
    let stays = |id: &&Id| match end {
        End::Old => diff.pairing.new_of(**id).is_some() && !diff.moved[**id],
        End::New => diff
            .pairing
            .old_of(**id)
            .is_some_and(|old| !diff.moved[old]),
    };
    let next = siblings[at + 1..].iter().find(stays);
    let last = siblings[..at].iter().rev().find(stays);
    match (next, last) {
        (Some(next), _) => Some(format!("before {}", label(arena, *next))),
        (None, Some(last)) => Some(format!("after {}", label(arena, *last))),
        (None, None) => None,
    }
}

/// Of a partial template: `before heading "T"`, where the template has it behind that.
fn out_of_order(diff: &Diff<'_>, old: Id, new: Id) -> Option<String> {
    let siblings = &diff.old.get(diff.old.get(old).parent).children;
    let at = siblings.iter().position(|sibling| *sibling == old)?;
    let partner = |id: &Id| diff.pairing.new_of(*id);
    let mut behind = siblings[..at].iter().rev().filter_map(partner);
    let mut ahead = siblings[at + 1..].iter().filter_map(partner);
    if let Some(late) = behind.rfind(|other| *other > new) {
        return Some(format!("before {}", label(diff.new, late)));
    }
    let early = ahead.rfind(|other| *other < new)?;
    Some(format!("after {}", label(diff.new, early)))
}

/// The page's node that is most similar to one of the template that was not found.
pub(super) fn nearest(diff: &Diff<'_>, old: Id) -> Option<String> {
    let what = diff.old.get(old).what;
    let name: Cow<'_, str> = match what.is_text() {
        true => what.text().into(),
        false => what.shown_name(),
    };
    if name.is_empty() || diff.new.entries.len() > MOST {
        return None;
    }
    let similar = |id: Id| {
        let there = diff.new.get(id).what;
        if there.is_text() != what.is_text() {
            return None;
        }
        let value = if there.is_text() {
            there.text()
        } else {
            there.name()
        };
        let same_role = there.role() == what.role();
        let is_close = same_role || value.eq_ignore_ascii_case(&name);
        let likeness = likeness(&name.to_lowercase(), &value.to_lowercase());
        let is_like = !there.is_text() || likeness >= 20;
        (!value.is_empty() && is_close && is_like)
            .then_some((likeness + 10 * u32::from(same_role), std::cmp::Reverse(id)))
    };
    let (_, std::cmp::Reverse(id)) = (1..diff.new.entries.len()).filter_map(similar).max()?;
    Some(label(diff.new, id))
}
