//! The cells of two rows by the columns of their table: a cell is the same cell where its header is.

use std::collections::HashMap;

use super::{Pairing, Sides};
use crate::aria::Role;
use crate::compare::arena::{Arena, Id};
use crate::compare::series::table_of;

/// The pairs of cells, where the header rows of both tables say which columns are the same and all
/// cells of both rows are free; `None` where they do not.
pub(super) fn pairs(
    sides: &Sides<'_>,
    pairing: &Pairing,
    old: Id,
    new: Id,
) -> Option<Vec<(Id, Id)>> {
    let (before, after) = (sides.old.get(old), sides.new.get(new));
    if before.what.role() != Some(Role::Row) || after.what.role() != Some(Role::Row) {
        return None;
    }
    let tables = (table_of(sides.old, old)?, table_of(sides.new, new)?);
    if pairing.new_of(tables.0) != Some(tables.1) {
        return None;
    }
    let headers = (header(sides.old, tables.0)?, header(sides.new, tables.1)?);
    let (cells_old, cells_new) = (&before.children, &after.children);
    let is_whole = cells_old.len() == headers.0.len()
        && cells_new.len() == headers.1.len()
        && cells_old.iter().all(|id| pairing.new_of(*id).is_none())
        && cells_new.iter().all(|id| pairing.old_of(*id).is_none());
    if !is_whole {
        return None;
    }
    let columns = same_columns(
        &identities(sides.old, headers.0),
        &identities(sides.new, headers.1),
    );
    let pairs = columns
        .into_iter()
        .map(|(old, new)| (cells_old[old], cells_new[new]));
    // Cells that are headers in one row and not in the other are still the same cells.
    let pairs: Vec<(Id, Id)> = pairs
        .filter(|(old, new)| {
            sides.old.get(*old).what.is_text() == sides.new.get(*new).what.is_text()
        })
        .collect();
    Some(pairs)
}

/// The cells of the first row, where they are headers.
fn header<'a>(arena: &'a Arena<'_>, table: Id) -> Option<&'a [Id]> {
    let row = (table + 1..table + arena.get(table).size)
        .find(|id| arena.get(*id).what.role() == Some(Role::Row))?;
    let cells = &arena.get(row).children;
    let headers = cells
        .iter()
        .filter(|id| arena.get(**id).what.role() == Some(Role::ColumnHeader));
    (headers.count() * 2 > cells.len() && cells.len() > 1).then_some(cells)
}

fn identities(arena: &Arena<'_>, cells: &[Id]) -> Vec<Option<u64>> {
    cells.iter().map(|id| arena.get(*id).identity).collect()
}

/// The columns of equal headers; between two of these, others in order where their number is the
/// same: they were renamed.
fn same_columns(old: &[Option<u64>], new: &[Option<u64>]) -> Vec<(usize, usize)> {
    let once = |headers: &[Option<u64>]| {
        let mut places: HashMap<u64, Option<usize>> = HashMap::new();
        for (at, header) in headers.iter().enumerate() {
            if let Some(header) = header {
                places
                    .entry(*header)
                    .and_modify(|place| *place = None)
                    .or_insert(Some(at));
            }
        }
        places
    };
    let (places_old, places_new) = (once(old), once(new));
    let mut columns: Vec<(usize, usize)> = places_old
        .iter()
        .filter_map(|(header, at)| Some(((*at)?, (*places_new.get(header)?)?)))
        .collect();
    columns.sort_unstable();
    let is_left = |(at, taken): (usize, bool)| (!taken).then_some(at);
    let left_old: Vec<usize> = (0..old.len())
        .map(|at| (at, columns.iter().any(|column| column.0 == at)))
        .filter_map(is_left)
        .collect();
    let left_new: Vec<usize> = (0..new.len())
        .map(|at| (at, columns.iter().any(|column| column.1 == at)))
        .filter_map(is_left)
        .collect();
    if left_old.len() == left_new.len() {
        let is_in_place = |(old, new): &(usize, usize)| {
            columns
                .iter()
                .all(|(before, after)| (before < old) == (after < new))
        };
        let renamed: Vec<_> = left_old
            .into_iter()
            .zip(left_new)
            .filter(is_in_place)
            .collect();
        columns.extend(renamed);
        columns.sort_unstable();
    }
    columns
}
