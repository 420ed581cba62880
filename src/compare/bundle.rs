//! Edits as they are reported: one a change, or several where one sentence says them all.

use std::collections::HashMap;

use super::Match;
use super::arena::{End, Id, ROOT, What};
use super::change::Kind;
use super::diff::{Diff, Edit};
use super::series;
use crate::aria::Tree;
use crate::aria::notation::NameTest;
use crate::snapshot::{Rendering, write};

/// The edits of one change.
#[derive(Default)]
pub(super) struct Bundle {
    /// The first gives the change its kind.
    pub(super) edits: Vec<Edit>,
    /// Names that changed because the content that they are made of did.
    pub(super) derived: Vec<Edit>,
    /// What the change is about where it is more than one node.
    pub(super) about: Option<String>,
    /// The same edit in several places: the other kinds on their lines are not reported.
    pub(super) is_series: bool,
}

impl Bundle {
    fn of(edit: Edit) -> Bundle {
        Bundle {
            edits: vec![edit],
            ..Bundle::default()
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Edit> {
        self.edits.iter().chain(&self.derived)
    }
}

/// The changes, in the order of the page.
pub(super) fn bundles(diff: &Diff<'_>, tree: &Tree) -> Vec<Bundle> {
    let mut bundles: Vec<Bundle> = diff.edits().into_iter().map(Bundle::of).collect();
    if bundles.len() < 2 {
        return bundles;
    }
    take_derived_names(diff, &mut bundles);
    series::join(diff, &mut bundles);
    if diff.matcher.mode == Match::Contain {
        join_moves_together(diff, &mut bundles);
    }
    let text = write(tree, Rendering::default());
    let (old, new): (Vec<&str>, Vec<&str>) =
        (diff.source().lines().collect(), text.lines().collect());
    if bundles.len() <= least_distance(&old, &new) {
        return bundles;
    }
    // Where a line diff is shorter, nodes went from one parent to another while their lines stayed.
    let Some(lines) = distance(&old, &new, bundles.len() - 1) else {
        return bundles;
    };
    join_moves_to_additions(diff, &mut bundles, lines.max(1));
    while bundles.len() > lines.max(1) {
        let last = bundles.pop().unwrap_or_default();
        if let Some(before) = bundles.last_mut() {
            before.edits.extend(last.edits);
            before.derived.extend(last.derived);
        }
    }
    bundles
}

/// A name that is made of a node's content is no change of its own where the content's change is
/// reported.
fn take_derived_names(diff: &Diff<'_>, bundles: &mut Vec<Bundle>) {
    let is_derived: Vec<bool> = bundles
        .iter()
        .map(|bundle| match bundle.edits.as_slice() {
            [
                Edit::Key {
                    old,
                    new,
                    kinds,
                    text: None,
                },
            ] if kinds.as_slice() == [Kind::Name] => is_name_of_content(diff, *old, *new),
            _ => false,
        })
        .collect();
    let mut takers: Vec<Option<usize>> = vec![None; bundles.len()];
    for (index, bundle) in bundles.iter().enumerate() {
        let [Edit::Key { old, new, .. }] = bundle.edits.as_slice() else {
            continue;
        };
        if !is_derived[index] {
            continue;
        }
        let (old_size, new_size) = (diff.old.get(*old).size, diff.new.get(*new).size);
        let is_inside = |edit: &Edit| {
            let (before, after) = edit.ends();
            before.is_some_and(|id| (*old..*old + old_size).contains(&id))
                || after.is_some_and(|id| (*new..*new + new_size).contains(&id))
        };
        takers[index] = (index + 1..bundles.len())
            .take_while(|at| bundles[*at].edits.first().is_some_and(is_inside))
            .find(|at| !is_derived[*at]);
    }
    for (index, taker) in takers.iter().enumerate().rev() {
        if let Some(taker) = taker {
            let edits = std::mem::take(&mut bundles[index].edits);
            bundles[*taker].derived.extend(edits);
        }
    }
    bundles.retain(|bundle| !bundle.edits.is_empty());
}

fn is_name_of_content(diff: &Diff<'_>, old: Id, new: Id) -> bool {
    let is_made = |end: End, id: Id| {
        let entry = diff.of(end).get(id);
        let name: String = entry.what.name().split_whitespace().collect();
        !entry.children.is_empty() && !name.is_empty() && name == content(diff, end, id)
    };
    let is_expression = diff
        .old
        .get(old)
        .what
        .item()
        .is_some_and(|item| matches!(item.test.name, Some(NameTest::Pattern(_))));
    is_made(End::New, new) && (is_expression || is_made(End::Old, old))
}

/// The names and texts of the leaves, without white space.
fn content(diff: &Diff<'_>, end: End, id: Id) -> String {
    let arena = diff.of(end);
    let mut content = String::new();
    for at in id + 1..id + arena.get(id).size {
        let entry = arena.get(at);
        match entry.what {
            What::TextItem(_) | What::Text(..) => {
                content.extend(entry.what.text().split_whitespace());
            }
            _ if entry.children.is_empty() => {
                content.extend(entry.what.name().split_whitespace());
            }
            _ => {}
        }
    }
    content
}

/// Of a partial template: nodes that are together in something that it leaves out are one change.
fn join_moves_together(diff: &Diff<'_>, bundles: &mut Vec<Bundle>) {
    let mut first: HashMap<(Id, Id), usize> = HashMap::new();
    for index in 0..bundles.len() {
        let [Edit::Moved { old, new }] = bundles[index].edits[..] else {
            continue;
        };
        let Some(around) = enclosing(diff, new) else {
            continue;
        };
        let key = (diff.old.get(old).parent, around);
        match first.get(&key) {
            Some(first) => {
                let edits = std::mem::take(&mut bundles[index].edits);
                bundles[*first].edits.extend(edits);
                bundles[*first].is_series = true;
            }
            None => {
                first.insert(key, index);
            }
        }
    }
    bundles.retain(|bundle| !bundle.edits.is_empty());
}

/// A move into an added node is reported with it.
fn join_moves_to_additions(diff: &Diff<'_>, bundles: &mut Vec<Bundle>, most: usize) {
    let mut index = 0;
    while index < bundles.len() && bundles.len() > most {
        let target = match bundles[index].edits.as_slice() {
            [Edit::Moved { new, .. }] => enclosing(diff, *new).and_then(|added| {
                bundles
                    .iter()
                    .position(|bundle| bundle.edits.first() == Some(&Edit::Added { new: added }))
            }),
            _ => None,
        };
        match target {
            Some(target) => {
                let moved = bundles.remove(index);
                let target = if target > index { target - 1 } else { target };
                bundles[target].edits.extend(moved.edits);
                bundles[target].derived.extend(moved.derived);
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
