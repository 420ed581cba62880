//! Two snapshot texts line by line, with the change that each line belongs to.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

use super::{Change, Kind};

/// A line of a diff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiffLine {
    /// Its side.
    pub sign: Sign,
    /// Its number in the old text, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<usize>,
    /// Its number in the new text, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<usize>,
    /// The line with its indentation.
    pub text: String,
    /// The place among the snapshot's changes of the one that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<usize>,
}

/// The side of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// In both texts.
    Same,
    /// In the old text alone.
    Removed,
    /// In the new text alone.
    Added,
    /// Equal lines that are left out; `text` says how many.
    Gap,
}

/// Both texts as one list of lines. Of equal lines, `context` are kept before and after each
/// difference, and all of them where it is `None`.
pub fn diff(old: &str, new: &str, changes: &[Change], context: Option<usize>) -> Vec<DiffLine> {
    let text_diff = TextDiff::from_lines(old, new);
    let mut lines: Vec<DiffLine> = text_diff
        .iter_all_changes()
        .map(|line| DiffLine {
            sign: match line.tag() {
                ChangeTag::Equal => Sign::Same,
                ChangeTag::Delete => Sign::Removed,
                ChangeTag::Insert => Sign::Added,
            },
            old: line.old_index().map(|index| index + 1),
            new: line.new_index().map(|index| index + 1),
            text: line.value().trim_end_matches(['\n', '\r']).to_owned(),
            change: None,
        })
        .collect();
    attribute(&mut lines, changes);
    match context {
        Some(context) => folded(lines, context),
        None => lines,
    }
}

/// Removed lines belong to the change whose place they are; added ones to a change that has such
/// a line on its new side, the nearest to its place first.
fn attribute(lines: &mut [DiffLine], changes: &[Change]) {
    let mut of_old: HashMap<usize, usize> = HashMap::new();
    let mut of_new: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, change) in changes.iter().enumerate() {
        if let Some(old) = &change.old
            && let Some(span) = old.span
        {
            let count = old.text.lines().count().max(1);
            for line in span.line..span.line + count {
                of_old.entry(line).or_insert(index);
            }
        }
        for line in change.new.iter().flat_map(|new| new.text.lines()) {
            of_new.entry(content(line)).or_default().push(index);
        }
    }
    let mut last_old = 0;
    for line in lines {
        last_old = line.old.unwrap_or(last_old);
        line.change = match line.sign {
            Sign::Removed => line.old.and_then(|old| of_old.get(&old).copied()),
            Sign::Added if !of_new.contains_key(content(&line.text)) => {
                text_on(&line.text, changes, last_old)
            }
            Sign::Added => of_new.get_mut(content(&line.text)).and_then(|found| {
                let distance = |index: usize| {
                    let anchor = changes[index].anchor.map_or(0, |span| span.line);
                    anchor.abs_diff(last_old)
                };
                let best = (0..found.len()).min_by_key(|at| distance(found[*at]))?;
                Some(if found.len() > 1 {
                    found.remove(best)
                } else {
                    found[best]
                })
            }),
            Sign::Same | Sign::Gap => None,
        };
    }
}

/// The change of a text behind a key: its side is the text alone.
fn text_on(line: &str, changes: &[Change], near: usize) -> Option<usize> {
    let is_on = |change: &Change| {
        let value = change.new.as_ref().and_then(|new| new.value.as_deref());
        change.kind == Kind::Text && value.is_some_and(|value| line.contains(value))
    };
    (0..changes.len())
        .filter(|at| is_on(&changes[*at]))
        .min_by_key(|at| {
            changes[*at]
                .anchor
                .map_or(0, |span| span.line)
                .abs_diff(near)
        })
}

/// A line without indentation, dash and the colon that goes before what is inside.
fn content(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix("- ").unwrap_or(line);
    line.strip_suffix(':').unwrap_or(line)
}

fn folded(lines: Vec<DiffLine>, context: usize) -> Vec<DiffLine> {
    let mut is_kept = vec![false; lines.len()];
    for (index, line) in lines.iter().enumerate() {
        if line.sign != Sign::Same {
            let end = (index + context + 1).min(lines.len());
            is_kept[index.saturating_sub(context)..end].fill(true);
        }
    }
    let mut out = Vec::new();
    let mut left_out = 0;
    let gap = |count: usize| DiffLine {
        sign: Sign::Gap,
        old: None,
        new: None,
        text: match count {
            1 => "1 equal line".to_owned(),
            count => format!("{count} equal lines"),
        },
        change: None,
    };
    for (line, is_kept) in lines.into_iter().zip(is_kept) {
        if !is_kept {
            left_out += 1;
            continue;
        }
        if left_out > 0 {
            out.push(gap(left_out));
            left_out = 0;
        }
        out.push(line);
    }
    if left_out > 0 && !out.is_empty() {
        out.push(gap(left_out));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Sign, diff};
    use crate::compare::{Match, compare};
    use crate::snapshot::read;

    #[test]
    fn every_differing_line_knows_its_change() {
        let old = "- main:\n  - heading \"A\" [level=1]\n  - list:\n    - listitem: x\n    - listitem: y\n    - listitem: z\n  - button \"Go\"\n";
        let new = "- main:\n  - heading \"B\" [level=1]\n  - list:\n    - listitem: x\n    - listitem: y\n    - listitem: z\n    - listitem: new\n  - button \"Go\"\n";
        let read = |text: &str| read(text).unwrap_or_else(|errors| panic!("{errors:?}"));
        let changes = compare(&read(old), &read(new).to_tree(), Match::Exact)
            .unwrap_or_else(|error| panic!("{error}"));
        let shown: Vec<String> = diff(old, new, &changes, Some(1))
            .iter()
            .map(|line| {
                let sign = match line.sign {
                    Sign::Same => ' ',
                    Sign::Removed => '-',
                    Sign::Added => '+',
                    Sign::Gap => '~',
                };
                let change = line.change.map_or(String::new(), |index| index.to_string());
                format!("{sign}{change}|{}", line.text)
            })
            .collect();
        assert_eq!(
            shown,
            [
                " |- main:",
                "-0|  - heading \"A\" [level=1]",
                "+0|  - heading \"B\" [level=1]",
                " |  - list:",
                "~|2 equal lines",
                " |    - listitem: z",
                "+1|    - listitem: new",
                " |  - button \"Go\"",
            ]
        );
    }
}
