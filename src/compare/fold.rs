//! Edits as they are told: one a change, or several where the lines of the text tell it shorter.

use std::collections::HashMap;

use super::arena::{Id, ROOT};
use super::diff::{Diff, Edit};
use crate::aria::Tree;
use crate::snapshot::{Rendering, write};

/// The edits of each change, the one that gives the change its kind first.
pub(super) fn groups(diff: &Diff<'_>, tree: &Tree) -> Vec<Vec<Edit>> {
    let mut groups: Vec<Vec<Edit>> = diff.edits().into_iter().map(|edit| vec![edit]).collect();
    if groups.len() < 2 {
        return groups;
    }
    let text = write(tree, Rendering::default());
    let (old, new): (Vec<&str>, Vec<&str>) =
        (diff.source().lines().collect(), text.lines().collect());
    if groups.len() <= least_distance(&old, &new) {
        return groups;
    }
    // Where a line diff is shorter, nodes went from one parent to another while their lines stayed.
    let Some(lines) = distance(&old, &new, groups.len() - 1) else {
        return groups;
    };
    fold_moves(diff, &mut groups, lines.max(1));
    while groups.len() > lines.max(1) {
        let last = groups.pop().unwrap_or_default();
        if let Some(before) = groups.last_mut() {
            before.extend(last);
        }
    }
    groups
}

/// A move into what was added is told with it.
fn fold_moves(diff: &Diff<'_>, groups: &mut Vec<Vec<Edit>>, most: usize) {
    let mut index = 0;
    while index < groups.len() && groups.len() > most {
        let target = match groups[index].as_slice() {
            [Edit::Moved { new, .. }] => enclosing(diff, *new).and_then(|added| {
                groups
                    .iter()
                    .position(|group| group.first() == Some(&Edit::Added { new: added }))
            }),
            _ => None,
        };
        match target {
            Some(target) => {
                let moved = groups.remove(index);
                let target = if target > index { target - 1 } else { target };
                groups[target].extend(moved);
            }
            None => index += 1,
        }
    }
}

/// The topmost node without partner around another.
fn enclosing(diff: &Diff<'_>, new: Id) -> Option<Id> {
    let mut found = None;
    let mut at = diff.new.get(new).parent;
    while at != ROOT && diff.pairing.old_of(at).is_none() {
        if !diff.wrapper[at] {
            found = Some(at);
        }
        at = diff.new.get(at).parent;
    }
    found
}

/// At least so many lines differ: those that one side has more often than the other.
fn least_distance(old: &[&str], new: &[&str]) -> usize {
    let mut counts: HashMap<&str, isize> = HashMap::new();
    for line in old {
        *counts.entry(line).or_default() += 1;
    }
    for line in new {
        *counts.entry(line).or_default() -= 1;
    }
    counts.values().map(|count| count.unsigned_abs()).sum()
}

/// How many lines a line diff shows; `None` where there are more than `most`.
///
/// Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), without the way back: the
/// work is bounded by the number of edits that it is asked about.
fn distance(old: &[&str], new: &[&str], most: usize) -> Option<usize> {
    let (old_len, new_len) = (old.len().cast_signed(), new.len().cast_signed());
    let limit = most.min(old.len() + new.len()).cast_signed();
    let offset = limit + 1;
    let at = |diagonal: isize| (diagonal + offset).cast_unsigned();
    let mut furthest = vec![0isize; at(limit) + 2];
    for edits in 0..=limit {
        for diagonal in (-edits..=edits).step_by(2) {
            let down = diagonal == -edits
                || (diagonal != edits && furthest[at(diagonal - 1)] < furthest[at(diagonal + 1)]);
            let mut x = if down {
                furthest[at(diagonal + 1)]
            } else {
                furthest[at(diagonal - 1)] + 1
            };
            let mut y = x - diagonal;
            while x < old_len
                && y < new_len
                && x >= 0
                && y >= 0
                && old[x.cast_unsigned()] == new[y.cast_unsigned()]
            {
                x += 1;
                y += 1;
            }
            furthest[at(diagonal)] = x;
            if x >= old_len && y >= new_len {
                return Some(edits.cast_unsigned());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn counts_the_lines_of_a_line_diff() {
        let lines = |text: &'static str| text.split(' ').collect::<Vec<_>>();
        for (old, new, expected) in [
            ("a b c", "a b c", 0),
            ("a b c", "a c", 1),
            ("a b c a b b a", "c b a b a c", 5),
            ("a", "b", 2),
            ("a b", "b a", 2),
        ] {
            assert_eq!(
                distance(&lines(old), &lines(new), 10),
                Some(expected),
                "{old} / {new}"
            );
            assert_eq!(distance(&lines(old), &lines(new), expected), Some(expected));
            if expected > 0 {
                assert_eq!(distance(&lines(old), &lines(new), expected - 1), None);
            }
        }
    }
}
