//! The merged tree as text: lines of the baseline where they still hold, new ones elsewhere.

use std::collections::{HashMap, HashSet};

use super::super::arena::{Id, New, Old, ROOT};
use super::super::change::Kind;
use super::layout::{self, Inner, Lines};
use super::plan::{Entity, Plan};
use crate::aria::Node;
use crate::aria::notation::{NameTest, NodeTest, StateTests};
use crate::aria::tree::PropertyName;
use crate::compare::Match;
use crate::snapshot::template::{ChildrenMode, NodeItem, PropertyTest, TextItem};
use crate::snapshot::{is_written_name, key_text, quote};

/// The YAML, with every line of the baseline that can stay.
pub(super) fn keeping(plan: &Plan<'_>) -> String {
    Printer::new(plan, true).root()
}

/// The YAML, each line written anew.
pub(super) fn afresh(plan: &Plan<'_>) -> String {
    Printer::new(plan, false).root()
}

struct Printer<'a> {
    plan: &'a Plan<'a>,
    source: &'a str,
    keeps: bool,
    eol: &'static str,
    out: String,
    /// For each entry of the template, whether nothing in it has changed.
    untouched: Vec<bool>,
}

/// A node of the merged tree, ready to be written.
struct Header<'a> {
    /// `Some` where the key is written anew, without YAML's quotes.
    key: Option<String>,
    item: Option<&'a NodeItem>,
    properties: Vec<Property<'a>>,
}

/// A property of the merged tree.
enum Property<'a> {
    /// As the baseline has it; which of the node's.
    Kept(usize, &'a PropertyTest),
    /// The baseline's line with another value.
    Changed(usize, &'a PropertyTest, &'a str),
    Added(PropertyName, &'a str),
}

impl<'a> Printer<'a> {
    fn new(plan: &'a Plan<'a>, keeps: bool) -> Printer<'a> {
        let source = plan.diff.source();
        let mut printer = Printer {
            plan,
            source,
            keeps,
            eol: if source.contains("\r\n") {
                "\r\n"
            } else {
                "\n"
            },
            out: String::new(),
            untouched: vec![false; plan.diff.old.entries.len()],
        };
        for old in (0..printer.untouched.len()).rev() {
            printer.untouched[old] = printer.is_untouched(old);
        }
        printer
    }

    fn is_untouched(&self, old: Id) -> bool {
        let children = &self.plan.diff.old.get(old).children;
        let now = self.plan.children(Entity::Old(old));
        !self.plan.takes_text(old)
            && self.plan.key(old).is_empty()
            && !self.plan.takes_any_property(old)
            && now.len() == children.len()
            && now
                .iter()
                .zip(children)
                .all(|(entity, child)| *entity == Entity::Old(*child) && self.untouched[*child])
    }

    fn root(mut self) -> String {
        let Old::Root(template) = self.plan.diff.old.get(ROOT).what else {
            return String::new();
        };
        let yaml = template.yaml;
        if self.untouched[ROOT] && self.keeps {
            return yaml.slice(self.source).to_owned();
        }
        let inside = layout::of_template(template).filter(|_| self.keeps);
        let children = self.plan.children(Entity::Old(ROOT)).to_vec();
        match inside {
            Some(inside) => {
                let indent = inside.first().map_or(0, |(_, lines)| lines.dash);
                let end = inside.last().map_or(yaml.start, |(_, lines)| lines.end);
                self.entries(ROOT, &inside, &[], &children, indent);
                // Comments at the end of the file, and all of a file that has nothing else.
                let rest = self.source[end.max(yaml.start)..yaml.end].to_owned();
                if !rest.is_empty() {
                    self.finish_line();
                    self.out.push_str(&rest);
                }
            }
            None => {
                self.comments_before_first(yaml.start);
                if let Some(directive) = template.mode {
                    self.directive(directive.mode, 0);
                }
                for child in children {
                    self.fresh(child, 0);
                }
            }
        }
        if self.out.trim().is_empty() {
            self.finish_line();
            self.out.push_str(self.eol);
        }
        self.out
    }

    /// The comments that a file begins with.
    fn comments_before_first(&mut self, from: usize) {
        for line in self.source[from..].split_inclusive('\n') {
            let content = line.trim();
            if !(content.is_empty() || content.starts_with('#')) {
                break;
            }
            self.finish_line();
            self.out.push_str(line);
        }
    }

    /// What is inside a node whose entries have their own lines.
    fn entries(
        &mut self,
        old: Id,
        inside: &[(Inner, Lines)],
        properties: &[Property<'_>],
        children: &[Entity],
        indent: usize,
    ) {
        let mut places = Places::new(self, old, inside, properties, children);
        for (lines, what) in places.between.remove(&ROOT).unwrap_or_default() {
            self.between(lines, what, properties, indent);
        }
        for property in properties {
            if let Property::Added(name, value) = property {
                self.line(indent, &property_line(*name, value));
            }
        }
        for child in children {
            let Entity::Old(id) = child else {
                self.fresh(*child, indent);
                continue;
            };
            match places.of_child.get(id) {
                Some(lines) => self.item(*child, *lines, indent),
                None => self.stranger(*child, indent),
            }
            for (lines, what) in places.between.remove(id).unwrap_or_default() {
                self.between(lines, what, properties, indent);
            }
        }
    }

    /// What stands between the children.
    fn between(&mut self, lines: Lines, what: Between, properties: &[Property<'_>], indent: usize) {
        let property = match what {
            Between::Kept => return self.kept(lines, indent),
            Between::Comments => {
                let text = &self.source[lines.lead_range()];
                return self.shifted(text, lines.dash, indent);
            }
            Between::Property(index) => properties.get(index),
        };
        match property {
            Some(Property::Changed(_, test, value)) => {
                let span = test.test.span;
                self.with_value(lines, span.start..span.end, value, indent);
            }
            Some(Property::Kept(..) | Property::Added(..)) | None => self.kept(lines, indent),
        }
    }

    /// An entry as it stands.
    fn kept(&mut self, lines: Lines, indent: usize) {
        let text = &self.source[lines.lead..lines.end];
        self.shifted(text, lines.dash, indent);
    }

    /// An entry's lines with another value at some place.
    fn with_value(
        &mut self,
        lines: Lines,
        value: std::ops::Range<usize>,
        new: &str,
        indent: usize,
    ) {
        let text = format!(
            "{}{}{}",
            &self.source[lines.lead..value.start],
            quote::value(new),
            &self.source[value.end..lines.end]
        );
        self.shifted(&text, lines.dash, indent);
    }

    /// An entry that comes from elsewhere: with its lines, where it has its own.
    fn stranger(&mut self, entity: Entity, indent: usize) {
        let lines = match entity {
            Entity::Old(old) if self.keeps => self.lines_of(old),
            Entity::Old(_) | Entity::New(_) => None,
        };
        match lines {
            Some(lines) => self.item(entity, lines, indent),
            None => self.fresh(entity, indent),
        }
    }

    fn lines_of(&self, old: Id) -> Option<Lines> {
        let parent = self.plan.diff.old.get(old).parent;
        let inside = match self.plan.diff.old.get(parent).what {
            Old::Root(template) => layout::of_template(template),
            Old::Node(item) => layout::of_node(self.source, item),
            Old::Text(_) => None,
        }?;
        let index = self
            .plan
            .diff
            .old
            .get(parent)
            .children
            .iter()
            .position(|child| *child == old)?;
        inside
            .iter()
            .find(|(inner, _)| *inner == Inner::Child(index))
            .map(|(_, lines)| *lines)
    }

    /// An entry of the template that has its own lines.
    fn item(&mut self, entity: Entity, lines: Lines, indent: usize) {
        let Entity::Old(old) = entity else {
            return self.fresh(entity, indent);
        };
        if self.untouched[old] {
            return self.kept(lines, indent);
        }
        match self.plan.diff.old.get(old).what {
            Old::Text(item) => match self.plan.new_text(entity) {
                Some(text) => self.with_value(
                    lines,
                    item.test.span.start..item.test.span.end,
                    text,
                    indent,
                ),
                None => self.kept(lines, indent),
            },
            Old::Node(item) => self.node(old, item, lines, indent),
            Old::Root(_) => {}
        }
    }

    fn node(&mut self, old: Id, item: &'a NodeItem, lines: Lines, indent: usize) {
        let entity = Entity::Old(old);
        let header = self.header(entity);
        let children = self.plan.children(entity).to_vec();
        let Some(inside) = layout::of_node(self.source, item) else {
            let lead = &self.source[lines.lead_range()];
            self.shifted(lead, lines.dash, indent);
            return self.fresh(entity, indent);
        };
        let key_line = KeyLine::of(self.source, item);
        let key = match &header.key {
            Some(key) => quote::key(key).into_owned(),
            None => item.key.slice(self.source).to_owned(),
        };
        let before = &self.source[lines.lead..item.key.start];
        let has_block = item.mode.is_some() || !header.properties.is_empty();
        let only_text = match children.as_slice() {
            [text] if !has_block && (item.inline.is_some() || inside.is_empty()) => {
                self.text_value(*text)
            }
            _ => None,
        };
        if let Some(value) = only_text {
            let text = format!("{before}{key}: {value}{}", key_line.rest);
            return self.shifted(&text, lines.dash, indent);
        }
        if !has_block && children.is_empty() {
            let text = format!("{before}{key}{}", key_line.rest);
            return self.shifted(&text, lines.dash, indent);
        }
        let text = format!("{before}{key}:{}", key_line.rest);
        self.shifted(&text, lines.dash, indent);
        let deeper = inside.first().map_or(indent + 2, |(_, inner)| {
            indent + inner.dash.saturating_sub(lines.dash)
        });
        self.entries(
            old,
            &inside,
            &header.properties,
            &children,
            deeper.max(indent + 1),
        );
    }

    /// A text as it is written behind a key; `None` for a node.
    fn text_value(&self, entity: Entity) -> Option<String> {
        if let Entity::Old(old) = entity {
            let Old::Text(item) = self.plan.diff.old.get(old).what else {
                return None;
            };
            if !self.plan.takes_text(old) {
                return Some(self.written(item));
            }
        }
        self.plan
            .new_text(entity)
            .map(|text| quote::value(text).into_owned())
    }

    /// A text of the baseline as it stands there, if that fits on any line.
    fn written(&self, item: &TextItem) -> String {
        let written = item.test.span.slice(self.source);
        if self.keeps && !written.contains('\n') && !written.is_empty() {
            written.to_owned()
        } else {
            quote::value(&item.test.raw).into_owned()
        }
    }

    fn header(&self, entity: Entity) -> Header<'a> {
        let node =
            self.plan
                .new_of(entity)
                .and_then(|new| match self.plan.diff.new.get(new).what {
                    New::Node(node, _) => Some(node),
                    New::Text(..) | New::Root => None,
                });
        let item = match entity {
            Entity::Old(old) => match self.plan.diff.old.get(old).what {
                Old::Node(item) => Some((old, item)),
                Old::Text(_) | Old::Root(_) => None,
            },
            Entity::New(_) => None,
        };
        match (item, node) {
            (Some((old, item)), node) => Header {
                key: node.filter(|_| !self.plan.key(old).is_empty()).map(|node| {
                    merged_key(item, node, self.plan.key(old), self.plan.diff.matcher.mode)
                }),
                item: Some(item),
                properties: self.properties(old, item, node),
            },
            (None, node) => Header {
                key: node.map(key_text),
                item: None,
                properties: node
                    .into_iter()
                    .flat_map(|node| &node.properties)
                    .map(|property| Property::Added(property.name, &property.value))
                    .collect(),
            },
        }
    }

    fn properties(&self, old: Id, item: &'a NodeItem, node: Option<&'a Node>) -> Vec<Property<'a>> {
        let mut properties = Vec::new();
        for (index, test) in item.properties.iter().enumerate() {
            if !self.plan.takes_property(old, test.name) {
                properties.push(Property::Kept(index, test));
            } else if let Some(value) = node.and_then(|node| node.property(test.name)) {
                properties.push(Property::Changed(index, test, value));
            }
        }
        for property in node.into_iter().flat_map(|node| &node.properties) {
            let is_new = !item
                .properties
                .iter()
                .any(|test| test.name == property.name);
            if is_new && self.plan.takes_property(old, property.name) {
                properties.push(Property::Added(property.name, &property.value));
            }
        }
        properties
    }

    /// An entry in lines of its own, whatever it looked like before.
    fn fresh(&mut self, entity: Entity, indent: usize) {
        if let Some(value) = self.text_value(entity) {
            return self.line(indent, &format!("text: {value}"));
        }
        let header = self.header(entity);
        let key = match (header.key, header.item) {
            (Some(key), _) => key,
            (None, Some(item)) => test_text(&item.test),
            (None, None) => return,
        };
        let key = quote::key(&key);
        let children = self.plan.children(entity).to_vec();
        let mode = header.item.and_then(|item| item.mode);
        let has_block = mode.is_some() || !header.properties.is_empty();
        if let [text] = children.as_slice()
            && !has_block
            && let Some(value) = self.text_value(*text)
        {
            return self.line(indent, &format!("{key}: {value}"));
        }
        let colon = if has_block || !children.is_empty() {
            ":"
        } else {
            ""
        };
        self.line(indent, &format!("{key}{colon}"));
        for property in &header.properties {
            let line = match property {
                Property::Kept(_, test) => property_line(test.name, &test.test.raw),
                Property::Changed(_, test, value) => property_line(test.name, value),
                Property::Added(name, value) => property_line(*name, value),
            };
            self.line(indent + 2, &line);
        }
        if let Some(directive) = mode {
            self.directive(directive.mode, indent + 2);
        }
        for child in children {
            self.stranger(child, indent + 2);
        }
    }

    fn directive(&mut self, mode: ChildrenMode, indent: usize) {
        let value = match mode {
            ChildrenMode::Contain => "contain",
            ChildrenMode::Equal => "equal",
            ChildrenMode::DeepEqual => "deep-equal",
        };
        self.line(indent, &format!("/children: {value}"));
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.finish_line();
        self.out.push_str(&" ".repeat(indent));
        self.out.push_str("- ");
        self.out.push_str(text);
        self.out.push_str(self.eol);
    }

    /// Lines of the baseline, as much further in or out as they stand now.
    fn shifted(&mut self, text: &str, from: usize, to: usize) {
        if text.is_empty() {
            return;
        }
        self.finish_line();
        if from == to {
            self.out.push_str(text);
            return;
        }
        for line in text.split_inclusive('\n') {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            if line.trim().is_empty() {
                self.out.push_str(line);
            } else if to > from {
                self.out.push_str(&" ".repeat(to - from));
                self.out.push_str(line);
            } else {
                self.out.push_str(&line[spaces.min(from - to)..]);
            }
        }
    }

    /// The last line of a file may have no line break.
    fn finish_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push_str(self.eol);
        }
    }
}

/// What stands among the children of a node and is none of them.
#[derive(Clone, Copy)]
enum Between {
    /// A `/children` line.
    Kept,
    /// A property that the merged node has: which.
    Property(usize),
    /// The comments over an entry that is gone: no hand-written line is lost.
    Comments,
}

/// The lines inside a node: those of the children, and what stands between them.
struct Places {
    of_child: HashMap<Id, Lines>,
    /// Behind which child; what comes first is under the root's id.
    between: HashMap<Id, Vec<(Lines, Between)>>,
}

impl Places {
    fn new(
        printer: &Printer<'_>,
        old: Id,
        inside: &[(Inner, Lines)],
        properties: &[Property<'_>],
        children: &[Entity],
    ) -> Places {
        let originals = &printer.plan.diff.old.get(old).children;
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
                        (!printer.plan.is_in(id)).then_some(Between::Comments)
                    }
                }
            };
            if let Some(between) = between {
                let has_comment = printer.source[lines.lead_range()].contains('#');
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

/// What stands behind a key, and its text where there is one, on the same line: a comment and the
/// line break.
struct KeyLine<'a> {
    rest: &'a str,
}

impl<'a> KeyLine<'a> {
    fn of(source: &'a str, item: &NodeItem) -> KeyLine<'a> {
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

fn property_line(name: PropertyName, value: &str) -> String {
    format!("/{}: {}", name.as_str(), quote::value(value))
}

/// The key with the parts that were taken from the page.
fn merged_key(item: &NodeItem, node: &Node, kinds: &[Kind], mode: Match) -> String {
    let mut test = item.test.clone();
    for kind in kinds {
        match kind {
            Kind::Role => test.role = node.role,
            Kind::Name => {
                test.name = is_written_name(&node.name).then(|| NameTest::Text(node.name.clone()));
            }
            Kind::State => {
                test.states = match mode {
                    Match::Exact => StateTests {
                        reference: test.states.reference.take(),
                        ..StateTests::written_for(node)
                    },
                    Match::Contain => test.states.updated_to(node),
                }
            }
            _ => {}
        }
    }
    test_text(&test)
}

fn test_text(test: &NodeTest) -> String {
    let mut text = test.role.to_string();
    match &test.name {
        None => {}
        Some(NameTest::Text(name)) => {
            text.push(' ');
            text.push_str(&quote::json_string(name));
        }
        Some(NameTest::Pattern(pattern)) => {
            text.push_str(&format!(" /{}/", pattern.source()));
        }
    }
    let states = test.states.to_string();
    if !states.is_empty() {
        text.push(' ');
        text.push_str(&states);
    }
    text
}
