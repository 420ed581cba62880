//! From edits to changes: what both ends look like, and where on the page they are.

use super::Match;
use super::arena::{Arena, Id, ROOT, What};
use super::bundle::Bundle;
use super::change::{Change, Kind, Side};
use super::diff::{Diff, Edit};
use super::impact::{Judge, Rule};
use super::line;
use super::place;
use super::surroundings::Surroundings;
use crate::aria::Role;
use crate::aria::tree::PropertyName;
use crate::snapshot::template::Template;
use crate::source::Span;

/// For how many nodes that were not found the most similar one is looked for.
const NEAREST: usize = 20;

pub(super) fn changes(diff: &Diff<'_>, bundles: &[Bundle]) -> Vec<Change> {
    if bundles.is_empty() {
        return Vec::new();
    }
    let describer = Describer {
        old_places: places(diff.old),
        new_places: places(diff.new),
        diff,
    };
    let judge = Judge::new(diff);
    let mut searches = NEAREST;
    bundles
        .iter()
        .filter_map(|bundle| {
            let change = describer.change(&judge, bundle)?;
            Some(describer.located(change, bundle, &mut searches))
        })
        .collect()
}

/// The one change for a partial template that is nowhere as a whole.
pub(super) fn not_found(template: &Template) -> Change {
    Change {
        kind: Kind::Removed,
        also: Vec::new(),
        impact: Rule::Removed.impact(),
        rule: Rule::Removed,
        path: String::new(),
        within: None,
        anchor: Some(template.yaml),
        element: None,
        about: None,
        from: None,
        to: None,
        missing: true,
        nearest: None,
        old: Some(Side {
            text: template.yaml.slice(&template.source).trim_end().to_owned(),
            value: None,
            span: Some(template.yaml),
            source: None,
        }),
        new: None,
    }
}

fn kinds(edit: &Edit) -> (Kind, Vec<Kind>) {
    match edit {
        Edit::Key { kinds, text, .. } => {
            let mut kinds = kinds.clone();
            if text.is_some() {
                kinds.push(Kind::Text);
            }
            let also = kinds.split_off(1.min(kinds.len()));
            (kinds.pop().unwrap_or(Kind::Name), also)
        }
        Edit::Text { .. } => (Kind::Text, Vec::new()),
        Edit::Property { .. } => (Kind::Property, Vec::new()),
        Edit::Added { .. } => (Kind::Added, Vec::new()),
        Edit::Removed { .. } => (Kind::Removed, Vec::new()),
        Edit::Moved { .. } => (Kind::Moved, Vec::new()),
        Edit::Wrapped { .. } => (Kind::Wrapped, Vec::new()),
        Edit::Unwrapped { .. } => (Kind::Unwrapped, Vec::new()),
    }
}

/// For each node, its number among its siblings of the same role; 0 where it is the only one.
fn places(arena: &Arena<'_>) -> Vec<usize> {
    let mut places = vec![0; arena.entries.len()];
    for entry in &arena.entries {
        let mut of_role: Vec<(Role, Vec<Id>)> = Vec::new();
        for &child in &entry.children {
            let Some(role) = arena.get(child).what.role() else {
                continue;
            };
            match of_role.iter_mut().find(|(known, _)| *known == role) {
                Some((_, ids)) => ids.push(child),
                None => of_role.push((role, vec![child])),
            }
        }
        for (_, ids) in of_role.iter().filter(|(_, ids)| ids.len() > 1) {
            for (index, id) in ids.iter().enumerate() {
                places[*id] = index + 1;
            }
        }
    }
    places
}

struct Describer<'a> {
    diff: &'a Diff<'a>,
    old_places: Vec<usize>,
    new_places: Vec<usize>,
}

type Ends = (String, Option<Side>, Option<Side>);

impl Describer<'_> {
    /// Of several edits, the first gives the place, and the gravest the meaning.
    fn change(&self, judge: &Judge<'_>, bundle: &Bundle) -> Option<Change> {
        let (first, rest) = bundle.edits.split_first()?;
        let rule = bundle
            .all()
            .map(|edit| judge.rule(edit))
            .min_by_key(|rule| rule.impact())?;
        let (kind, mut also) = kinds(first);
        for edit in rest.iter().filter(|_| !bundle.is_series) {
            let (kind, more) = kinds(edit);
            also.push(kind);
            also.extend(more);
        }
        let (path, old, new) = self.ends(first);
        let surroundings = Surroundings::of(first, self.diff, bundle.is_series);
        Some(Change {
            kind,
            also,
            impact: rule.impact(),
            rule,
            path,
            within: surroundings.within,
            anchor: surroundings.anchor,
            element: surroundings.element,
            about: bundle.about.clone(),
            from: None,
            to: None,
            missing: false,
            nearest: None,
            old,
            new,
        })
    }

    /// The change with the words that say where: of a move both places, of what a partial template
    /// has and the page has not the most similar node.
    fn located(&self, mut change: Change, bundle: &Bundle, searches: &mut usize) -> Change {
        let diff = self.diff;
        let is_partial = diff.matcher.mode == Match::Contain;
        match bundle.edits.first() {
            Some(Edit::Moved { old, new }) => {
                (change.from, change.to) = place::of_move(diff, *old, *new);
                if is_partial && bundle.edits.len() > 1 {
                    let label = place::label(diff.old, *old);
                    let more = bundle.edits.len() - 1;
                    change.about = Some(format!("{label} and {more} more"));
                }
            }
            Some(Edit::Removed { old } | Edit::Unwrapped { old }) if is_partial => {
                change.missing = true;
                if *searches > 0 {
                    *searches -= 1;
                    change.nearest = place::nearest(diff, *old);
                }
            }
            Some(Edit::Key { new, .. }) if is_partial && change.kind != Kind::State => {
                change.missing = true;
                change.nearest = Some(place::label(diff.new, *new));
            }
            Some(Edit::Text { new, .. }) if is_partial => {
                change.missing = true;
                change.nearest = Some(place::label(diff.new, *new));
            }
            _ => {}
        }
        change
    }

    fn ends(&self, edit: &Edit) -> Ends {
        match edit {
            Edit::Key {
                old, new, kinds, ..
            } => (
                self.new_path(*new),
                self.old_key(*old, kinds),
                self.new_key(*new, kinds),
            ),
            Edit::Property { old, new, name } => self.property(*old, *new, *name),
            Edit::Text { old, new } | Edit::Moved { old, new } => (
                self.new_path(*new),
                Some(self.old_side(*old)),
                Some(self.new_side(*new)),
            ),
            Edit::Added { new } => (self.new_path(*new), None, Some(self.new_side(*new))),
            Edit::Wrapped { new } => (self.new_path(*new), None, self.new_key(*new, &[])),
            Edit::Removed { old } => (self.old_path(*old), Some(self.old_side(*old)), None),
            Edit::Unwrapped { old } => (self.old_path(*old), self.old_key(*old, &[]), None),
        }
    }

    fn property(&self, old: Id, new: Id, name: PropertyName) -> Ends {
        let side = |value: &str| Side {
            text: format!("/{}: {value}", name.as_str()),
            value: Some(value.to_owned()),
            span: None,
            source: None,
        };
        let (before, after) = match (self.diff.old.get(old).what, self.diff.new.get(new).what) {
            (What::NodeItem(item), What::Node(node, _)) => {
                let test = item.properties.iter().find(|test| test.name == name);
                let before = test.map(|test| Side {
                    span: Some(test.place.span),
                    ..side(&test.test.raw)
                });
                let after = node.property(name).map(|value| Side {
                    source: node.source,
                    ..side(value)
                });
                (before, after)
            }
            _ => (None, None),
        };
        let mut path = self.new_path(new);
        let step = step(self.diff.new.get(new).what, self.new_places[new]);
        if !path.is_empty() && !step.is_empty() {
            path.push_str(" > ");
        }
        path.push_str(&step);
        (path, before, after)
    }

    fn old_key(&self, old: Id, kinds: &[Kind]) -> Option<Side> {
        let what = self.diff.old.get(old).what;
        let item = what.item()?;
        let value = match kinds {
            [Kind::Role, ..] => Some(item.test.role.to_string()),
            [Kind::Name, ..] => Some(what.shown_name().into_owned()),
            [Kind::State, ..] => Some(item.test.states.to_string()),
            _ => None,
        };
        Some(Side {
            text: item.key.slice(self.diff.source()).to_owned(),
            value,
            span: Some(item.key),
            source: None,
        })
    }

    fn new_key(&self, new: Id, kinds: &[Kind]) -> Option<Side> {
        let node = self.diff.new.get(new).what.node()?;
        let value = match kinds {
            [Kind::Role, ..] => Some(node.role.to_string()),
            [Kind::Name, ..] => Some(node.name.clone()),
            [Kind::State, ..] => Some(line::states(node)),
            _ => None,
        };
        Some(Side {
            text: line::key(node),
            value,
            span: None,
            source: node.source,
        })
    }

    fn old_side(&self, old: Id) -> Side {
        let (span, value) = match self.diff.old.get(old).what {
            What::TextItem(item) => (item.place.span, Some(item.test.raw.clone())),
            What::NodeItem(item) => (item.place.span, None),
            What::Template(template) => (template.yaml, None),
            What::Page | What::Text(..) | What::Node(..) => (Span::default(), None),
        };
        Side {
            text: dedented(span, self.diff.source()),
            value,
            span: Some(span),
            source: None,
        }
    }

    fn new_side(&self, new: Id) -> Side {
        let (text, value, source) = match self.diff.new.get(new).what {
            What::Text(text, child) => (line::text(child), Some(text.to_owned()), None),
            What::Node(node, child) => (line::text(child), None, node.source),
            _ => (String::new(), None, None),
        };
        Side {
            text,
            value,
            span: None,
            source: source.or_else(|| self.source_around(new)),
        }
    }

    /// A text has no element of its own but the one that it is in.
    fn source_around(&self, new: Id) -> Option<crate::aria::tree::Source> {
        let parent = self.diff.new.get(new).parent;
        self.diff.new.get(parent).what.node()?.source
    }

    fn new_path(&self, of: Id) -> String {
        path(self.diff.new, of, &self.new_places)
    }

    fn old_path(&self, of: Id) -> String {
        path(self.diff.old, of, &self.old_places)
    }
}

/// The lines of a span, moved to the beginning of the line.
fn dedented(span: Span, source: &str) -> String {
    let depth = span.column.saturating_sub(1);
    let mut text = String::new();
    for (index, line) in span.slice(source).lines().enumerate() {
        if index == 0 {
            text.push_str(line);
            continue;
        }
        let indent = line.bytes().take_while(|byte| *byte == b' ').count();
        text.push('\n');
        text.push_str(&line[indent.min(depth)..]);
    }
    text
}

fn path(arena: &Arena<'_>, of: Id, places: &[usize]) -> String {
    let mut steps = Vec::new();
    let mut at = arena.get(of).parent;
    while at != ROOT {
        let entry = arena.get(at);
        steps.push(step(entry.what, places[at]));
        at = entry.parent;
    }
    steps.reverse();
    steps.retain(|step| !step.is_empty());
    steps.join(" > ")
}

/// One node of a path: `list`, `navigation "Main"`, `listitem 3`; nothing for a bare wrapper.
fn step(what: What<'_>, place: usize) -> String {
    const LONGEST: usize = 40;
    let Some(role) = what.role() else {
        return String::new();
    };
    let name = what.name();
    if !name.is_empty() {
        return match name.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{role} \"{}…\"", &name[..end]),
            None => format!("{role} \"{name}\""),
        };
    }
    match (role, place) {
        (Role::Generic, _) => String::new(),
        (_, 0) => role.to_string(),
        (_, place) => format!("{role} {place}"),
    }
}
