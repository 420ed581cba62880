//! The lines inside a node of the baseline, and what follows its key.

use std::collections::{HashMap, HashSet};

use super::super::arena::{Id, ROOT};
use super::header::Property;
use super::layout::{self, Inner, Lines};
use super::plan::{Entity, Plan};
use crate::snapshot::template::NodeItem;

/// A line among the children of a node that is not a child.
#[derive(Clone, Copy)]
pub(super) enum Between {
    /// A `/children` line.
    Kept,
    /// A property that the merged node has: which.
    Property(usize),
    /// The comments over an entry that is gone: no hand-written line is lost.
    Comments,
}

/// The lines inside a node: those of the children, and what is between them.
pub(super) struct Places {
    pub(super) of_child: HashMap<Id, Lines>,
    /// Behind which child; what comes first is under the root's id.
    pub(super) between: HashMap<Id, Vec<(Lines, Between)>>,
}

impl Places {
    pub(super) fn new(
        plan: &Plan<'_>,
        old: Id,
        inside: &[(Inner, Lines)],
        properties: &[Property<'_>],
        children: &[Entity],
    ) -> Places {
        let originals = &plan.diff.old.get(old).children;
        let here: HashSet<Entity> = children.iter().copied().collect();
        let mut places = Places {
            of_child: HashMap::new(),
            between: HashMap::new(),
        };
        let mut last = ROOT;
        for (inner, lines) in inside {
            let between = match inner {
                Inner::Directive => Some(Between::Kept),
                Inner::Property(index) => {
                    let kept = properties.iter().position(|property| {
                        matches!(property, Property::Kept(of, _) | Property::Changed(of, ..) if of == index)
                    });
                    Some(kept.map_or(Between::Comments, Between::Property))
                }
                Inner::Child(index) => {
                    let id = originals[*index];
                    places.of_child.insert(id, *lines);
                    if here.contains(&Entity::Old(id)) {
                        last = id;
                        None
                    } else {
                        // What moved takes its comments along.
                        (!plan.is_in(id)).then_some(Between::Comments)
                    }
                }
            };
            if let Some(between) = between {
                let has_comment = plan.diff.source()[lines.lead_range()].contains('#');
                if has_comment || !matches!(between, Between::Comments) {
                    places
                        .between
                        .entry(last)
                        .or_default()
                        .push((*lines, between));
                }
            }
        }
        places
    }
}

/// What follows a key, and its text where there is one, on the same line: a comment and the
/// line break.
pub(super) struct KeyLine<'a> {
    pub(super) rest: &'a str,
}

impl<'a> KeyLine<'a> {
    pub(super) fn of(source: &'a str, item: &NodeItem) -> KeyLine<'a> {
        let from = match item.inline {
            Some(inline) => inline.end,
            None => item.key.end,
        };
        let rest = &source[from..layout::line_end(source, from)];
        let has_colon = item.inline.is_none() && rest.trim_start_matches(' ').starts_with(':');
        let rest = if has_colon {
            &rest[rest.find(':').map_or(0, |at| at + 1)..]
        } else {
            rest
        };
        KeyLine { rest }
    }
}
