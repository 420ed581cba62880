//! The merged tree as text: lines of the baseline where they still hold, new ones elsewhere.

mod fresh;
mod lines;

use std::collections::HashMap;

use super::super::arena::{Id, ROOT, What};
use super::header::{self, Property, property_line};
use super::layout::{self, Inner, Lines};
use super::places::{Between, KeyLine, Places};
use super::plan::{Entity, Plan};
use crate::snapshot::quote;
use crate::snapshot::template::{NodeItem, PropertyTest, TextItem};

/// The YAML, with every line of the baseline that can stay.
pub(super) fn keeping(plan: &Plan<'_>) -> String {
    Printer::new(plan, true).root()
}

/// The YAML, each line written anew.
pub(super) fn afresh(plan: &Plan<'_>) -> String {
    Printer::new(plan, false).root()
}

/// Something to write, with the column of its dash.
enum Task<'a> {
    /// An entry of the merged tree, wherever it was before.
    Entry(Entity, usize),
    /// One that has these lines in the baseline.
    Item(Entity, Lines, usize),
    /// Unchanged lines of the baseline.
    Kept(Lines, usize),
    /// Only the comments over them.
    Comments(Lines, usize),
    /// The lines of a property with another value.
    Property(Lines, &'a PropertyTest, &'a str, usize),
    Line(String, usize),
}

struct Printer<'a> {
    plan: &'a Plan<'a>,
    source: &'a str,
    keeps: bool,
    eol: &'static str,
    out: String,
    tasks: Vec<Task<'a>>,
    /// Of the parents that were asked for, the lines of their children.
    lines: HashMap<Id, HashMap<Id, Lines>>,
    /// For each entry of the template, whether nothing in it has changed.
    untouched: Vec<bool>,
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
            tasks: Vec::new(),
            lines: HashMap::new(),
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
        let What::Template(template) = self.plan.diff.old.get(ROOT).what else {
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
                self.run();
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
                let tasks = children.into_iter().map(|child| Task::Entry(child, 0));
                self.then(tasks.collect());
                self.run();
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

    /// Writes all that is to be written. What is inside a node comes next as soon as its own line is
    /// written: no tree is too deep for the stack.
    fn run(&mut self) {
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Entry(entity, indent) => self.stranger(entity, indent),
                Task::Item(entity, lines, indent) => self.item(entity, lines, indent),
                Task::Kept(lines, indent) => self.kept(lines, indent),
                Task::Comments(lines, indent) => {
                    let text = &self.source[lines.lead_range()];
                    self.shifted(text, lines.dash, indent);
                }
                Task::Property(lines, test, value, indent) => {
                    let span = test.test.span;
                    self.with_value(lines, span.start..span.end, value, indent);
                }
                Task::Line(line, indent) => self.line(indent, &line),
            }
        }
    }

    /// What is to be written next, in order.
    fn then(&mut self, tasks: Vec<Task<'a>>) {
        self.tasks.extend(tasks.into_iter().rev());
    }

    /// What is inside a node whose entries have their own lines.
    fn entries(
        &mut self,
        old: Id,
        inside: &[(Inner, Lines)],
        properties: &[Property<'a>],
        children: &[Entity],
        indent: usize,
    ) {
        let mut places = Places::new(self.plan, old, inside, properties, children);
        let between = |(lines, what): (Lines, Between)| match what {
            Between::Kept => Task::Kept(lines, indent),
            Between::Comments => Task::Comments(lines, indent),
            Between::Property(index) => match properties.get(index) {
                Some(Property::Changed(_, test, value)) => {
                    Task::Property(lines, test, value, indent)
                }
                Some(Property::Kept(..) | Property::Added(..)) | None => Task::Kept(lines, indent),
            },
        };
        let mut tasks: Vec<Task<'a>> = Vec::new();
        let added = properties
            .iter()
            .enumerate()
            .filter_map(|(place, property)| match property {
                Property::Added(name, value) => {
                    Some((place, Task::Line(property_line(*name, value), indent)))
                }
                Property::Kept(..) | Property::Changed(..) => None,
            });
        let mut added = added.peekable();
        for entry in places.between.remove(&ROOT).into_iter().flatten() {
            if let (_, Between::Property(behind)) = entry {
                while let Some((_, line)) = added.next_if(|(place, _)| *place < behind) {
                    tasks.push(line);
                }
            }
            tasks.push(between(entry));
        }
        tasks.extend(added.map(|(_, line)| line));
        for child in children {
            let Entity::Old(id) = child else {
                tasks.push(Task::Entry(*child, indent));
                continue;
            };
            tasks.push(match places.of_child.get(id) {
                Some(lines) => Task::Item(*child, *lines, indent),
                None => Task::Entry(*child, indent),
            });
            tasks.extend(places.between.remove(id).into_iter().flatten().map(between));
        }
        self.then(tasks);
    }

    /// An unchanged entry.
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

    /// The lines of an entry; those of its siblings are found with them, once.
    fn lines_of(&mut self, old: Id) -> Option<Lines> {
        let diff = self.plan.diff;
        let parent = diff.old.get(old).parent;
        let source = self.source;
        let siblings = self.lines.entry(parent).or_insert_with(|| {
            let inside = match diff.old.get(parent).what {
                What::Template(template) => layout::of_template(template),
                What::NodeItem(item) => layout::of_node(source, item),
                _ => None,
            };
            let children = &diff.old.get(parent).children;
            inside
                .into_iter()
                .flatten()
                .filter_map(|(inner, lines)| match inner {
                    Inner::Child(index) => Some((children[index], lines)),
                    Inner::Property(_) | Inner::Directive => None,
                })
                .collect()
        });
        siblings.get(&old).copied()
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
            What::TextItem(item) => match self.plan.new_text(entity) {
                Some(text) => self.with_value(
                    lines,
                    item.test.span.start..item.test.span.end,
                    text,
                    indent,
                ),
                None => self.kept(lines, indent),
            },
            What::NodeItem(item) => self.node(old, item, lines, indent),
            _ => {}
        }
    }

    fn node(&mut self, old: Id, item: &'a NodeItem, lines: Lines, indent: usize) {
        let entity = Entity::Old(old);
        let header = header::of(self.plan, entity);
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
            let What::TextItem(item) = self.plan.diff.old.get(old).what else {
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

    /// A text of the baseline as it is written there, if that fits on any line.
    fn written(&self, item: &TextItem) -> String {
        let written = item.test.span.slice(self.source);
        if self.keeps && !written.contains('\n') && !written.is_empty() {
            written.to_owned()
        } else {
            quote::value(&item.test.raw).into_owned()
        }
    }
}
