//! The same edit in many places is one change: a column of a table, a child of every list item, the
//! order of rows.

use std::collections::HashMap;

use super::arena::{Arena, End, Id, ROOT};
use super::bundle::Bundle;
use super::diff::{Diff, Edit};
use super::place::label;
use crate::aria::Role;

/// Siblings that changed places are reported one by one below this number.
const SORTED: usize = 3;

/// Which edits are parts of one change.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// A cell added to, removed from or moved in the rows of a table, at that place.
    Column(End, Id, Option<usize>, Option<usize>),
    /// A child added to or removed from siblings of that role.
    Child(End, Id, Role, Option<Role>),
    /// Siblings of that role in another order.
    Order(Id, Role),
}

pub(super) fn join(diff: &Diff<'_>, bundles: &mut Vec<Bundle>) {
    let mut series: HashMap<Key, Vec<usize>> = HashMap::new();
    let mut order: Vec<Key> = Vec::new();
    for (index, bundle) in bundles.iter().enumerate() {
        if let [edit] = bundle.edits.as_slice()
            && let Some(key) = key_of(diff, edit)
        {
            let places = series.entry(key).or_default();
            if places.is_empty() {
                order.push(key);
            }
            places.push(index);
        }
    }
    for key in order {
        let places = series.remove(&key).unwrap_or_default();
        let edits: Vec<&Edit> = places
            .iter()
            .filter_map(|at| bundles[*at].edits.first())
            .collect();
        let Some(about) = about(diff, key, &edits) else {
            continue;
        };
        let Some((first, rest)) = places.split_first() else {
            continue;
        };
        for at in rest {
            let part = std::mem::take(&mut bundles[*at]);
            bundles[*first].edits.extend(part.edits);
            bundles[*first].derived.extend(part.derived);
        }
        bundles[*first].about = Some(about);
        bundles[*first].is_series = true;
    }
    bundles.retain(|bundle| !bundle.edits.is_empty());
}

fn key_of(diff: &Diff<'_>, edit: &Edit) -> Option<Key> {
    let (end, id) = match *edit {
        Edit::Added { new } => (End::New, new),
        Edit::Removed { old } => (End::Old, old),
        Edit::Moved { old, new } => return moved_key(diff, old, new),
        _ => return None,
    };
    let arena = diff.of(end);
    let parent = arena.get(id).parent;
    diff.pairing.other(end, parent)?;
    let role = arena.get(parent).what.role()?;
    if role == Role::Row {
        let (table, at) = (table_of(arena, parent)?, Some(index_of(arena, id)));
        return Some(match end {
            End::Old => Key::Column(end, table, at, None),
            End::New => Key::Column(end, table, None, at),
        });
    }
    let container = arena.get(parent).parent;
    Some(Key::Child(end, container, role, arena.get(id).what.role()))
}

fn moved_key(diff: &Diff<'_>, old: Id, new: Id) -> Option<Key> {
    let (before, after) = (diff.old.get(old).parent, diff.new.get(new).parent);
    if diff.pairing.new_of(before) != Some(after) {
        return None;
    }
    if diff.new.get(after).what.role() == Some(Role::Row) {
        let at = (index_of(diff.old, old), index_of(diff.new, new));
        let table = table_of(diff.new, after)?;
        return Some(Key::Column(End::New, table, Some(at.0), Some(at.1)));
    }
    let role = diff.new.get(new).what.role()?;
    Some(Key::Order(after, role))
}

fn index_of(arena: &Arena<'_>, id: Id) -> usize {
    let siblings = &arena.get(arena.get(id).parent).children;
    siblings
        .iter()
        .take_while(|sibling| **sibling != id)
        .count()
}

/// The table around a row.
pub(super) fn table_of(arena: &Arena<'_>, row: Id) -> Option<Id> {
    let mut at = arena.get(row).parent;
    while at != ROOT {
        match arena.get(at).what.role() {
            Some(Role::Table | Role::Grid | Role::TreeGrid) => return Some(at),
            Some(Role::RowGroup | Role::Generic) => at = arena.get(at).parent,
            _ => return None,
        }
    }
    None
}

/// What the whole series is called; `None` where the edits are not one.
fn about(diff: &Diff<'_>, key: Key, edits: &[&Edit]) -> Option<String> {
    let end = match key {
        Key::Column(end, ..) | Key::Child(end, ..) => end,
        Key::Order(..) => End::New,
    };
    let arena = diff.of(end);
    let ids: Vec<Id> = edits
        .iter()
        .filter_map(|edit| match (end, edit.ends()) {
            (End::Old, (id, _)) | (End::New, (_, id)) => id,
        })
        .collect();
    match key {
        Key::Order(_, role) => {
            (ids.len() >= SORTED).then(|| format!("the order of {} {role}s", ids.len()))
        }
        Key::Column(_, table, ..) => {
            let rows = paired(diff, end, table..table + arena.get(table).size, Role::Row);
            if ids.len() < 2 || ids.len() * 2 <= rows {
                return None;
            }
            let header = ids.iter().map(|id| arena.get(*id).what).find(|what| {
                what.role() == Some(Role::ColumnHeader) && !what.shown_name().is_empty()
            });
            Some(match header {
                Some(what) => format!("column \"{}\"", what.shown_name()),
                None => format!("column {}", index_of(arena, *ids.first()?) + 1),
            })
        }
        Key::Child(_, container, role, _) => {
            let siblings = &arena.get(container).children;
            let all = siblings
                .iter()
                .filter(|id| diff.pairing.other(end, **id).is_some())
                .filter(|id| arena.get(**id).what.role() == Some(role))
                .count();
            if ids.len() < 2 || ids.len() != all {
                return None;
            }
            let first = label(arena, *ids.first()?);
            let child = match ids.iter().all(|id| label(arena, *id) == first) {
                true => first,
                false => match arena.get(*ids.first()?).what.role() {
                    Some(role) => format!("a {role}"),
                    None => "a text".to_owned(),
                },
            };
            Some(format!("{child} in every {role}"))
        }
    }
}

/// How many nodes of a role in that range have a partner.
fn paired(diff: &Diff<'_>, end: End, range: std::ops::Range<Id>, role: Role) -> usize {
    range
        .filter(|id| diff.of(end).get(*id).what.role() == Some(role))
        .filter(|id| diff.pairing.other(end, *id).is_some())
        .count()
}
