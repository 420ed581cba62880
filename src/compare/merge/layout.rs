//! Where the entries of a template have their lines.

use std::ops::Range;

use crate::snapshot::template::{Item, NodeItem, Place, Template};
use crate::source::Span;

/// The lines of one entry that has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lines {
    /// Where the comments and empty lines before it begin: behind the entry before.
    pub(super) lead: usize,
    /// Where its first line begins.
    pub(super) start: usize,
    /// Behind its last line.
    pub(super) end: usize,
    /// Column of its dash, from 0.
    pub(super) dash: usize,
}

impl Lines {
    pub(super) fn lead_range(self) -> Range<usize> {
        self.lead..self.start
    }
}

/// One entry inside a node or at the top level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    Property(usize),
    Directive,
    /// Which of the children.
    Child(usize),
}

/// The entries inside, in the order of the file; `None` where some of them share lines with others.
pub(super) type Inside = Option<Vec<(Inner, Lines)>>;

/// What is inside a node.
pub(super) fn of_node(source: &str, item: &NodeItem) -> Inside {
    if item.inline.is_some() {
        return Some(Vec::new());
    }
    let mut places: Vec<(Inner, Place)> = Vec::new();
    for (index, property) in item.properties.iter().enumerate() {
        places.push((Inner::Property(index), property.place));
    }
    places.extend(
        item.mode
            .map(|directive| (Inner::Directive, directive.place)),
    );
    places.extend(children(&item.children));
    // The key's own line ends what belongs to the node itself.
    inside(source, places, line_end(source, item.key.end))
}

/// What is at the top level.
pub(super) fn of_template(template: &Template) -> Inside {
    let mut places: Vec<(Inner, Place)> = Vec::new();
    places.extend(
        template
            .mode
            .map(|directive| (Inner::Directive, directive.place)),
    );
    places.extend(children(&template.children));
    inside(&template.source, places, template.yaml.start)
}

fn children(items: &[Item]) -> impl Iterator<Item = (Inner, Place)> {
    items
        .iter()
        .enumerate()
        .map(|(index, item)| (Inner::Child(index), *item.place()))
}

fn inside(source: &str, mut places: Vec<(Inner, Place)>, mut floor: usize) -> Inside {
    places.sort_by_key(|(_, place)| place.span.start);
    let mut inside = Vec::with_capacity(places.len());
    let mut dash = None;
    for (inner, place) in places {
        let lines = lines(source, place, floor)?;
        if *dash.get_or_insert(lines.dash) != lines.dash {
            return None;
        }
        floor = lines.end;
        inside.push((inner, lines));
    }
    Some(inside)
}

fn lines(source: &str, place: Place, floor: usize) -> Option<Lines> {
    let Span { start, end, .. } = place.span;
    let line = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = if source[line..].starts_with('\u{feff}') {
        line + '\u{feff}'.len_utf8()
    } else {
        line
    };
    let before = &source[line..start];
    let dash = before.len() - before.trim_start_matches(' ').len();
    let is_dash = before[dash..]
        .strip_prefix('-')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte == b' '));
    let is_alone = place.own_lines && is_dash && line >= floor;
    is_alone.then(|| Lines {
        lead: floor,
        start: line,
        end: line_end(source, end),
        dash,
    })
}

/// Behind the line break of the line of `at`.
pub(super) fn line_end(source: &str, at: usize) -> usize {
    source[at..]
        .find('\n')
        .map_or(source.len(), |offset| at + offset + 1)
}
