//! A baseline's entries with the lines that belong to each: comments, key, properties, directive.

use super::layout::{self, Inner, Lines};
use super::places::KeyLine;
use crate::snapshot::template::{Item, NodeItem, Template};

/// The entries in document order; the first is the file.
pub(super) struct Blocks {
    pub(super) all: Vec<Block>,
}

/// An entry of a baseline.
#[derive(Default)]
pub(super) struct Block {
    pub(super) parent: usize,
    pub(super) children: Vec<usize>,
    /// The comments and empty lines over it, without their indentation.
    pub(super) lead: String,
    /// `role "name" [state]` or `text: value`, as it is written. Empty for the file.
    pub(super) key: String,
    /// The comment behind the key; for the file, all that is behind its last entry.
    pub(super) tail: String,
    /// The properties and the directive.
    pub(super) parts: Vec<Part>,
    /// A text behind the key of its parent.
    pub(super) is_inline: bool,
}

/// A line that belongs to an entry.
#[derive(PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    /// With its comments and line break.
    pub(super) text: String,
}

impl Block {
    /// Whether its own lines are those of another.
    pub(super) fn same_as(&self, other: &Block) -> bool {
        (&self.key, &self.tail, &self.lead, &self.parts)
            == (&other.key, &other.tail, &other.lead, &other.parts)
    }
}

impl Blocks {
    /// `None` where entries share lines.
    pub(super) fn of(template: &Template) -> Option<Blocks> {
        let source = template.source.as_str();
        if !template.is_whole_file() || source.contains('\r') {
            return None;
        }
        let inside = layout::of_template(template)?;
        let end = inside.last().map_or(0, |(_, lines)| lines.end);
        let mut blocks = Blocks {
            all: vec![Block {
                tail: source[end..].to_owned(),
                ..Block::default()
            }],
        };
        // Children are numbered when their parent is read, and read in document order.
        let mut open: Vec<(usize, &Item, Lines)> = Vec::new();
        blocks.read_inside(0, source, &inside, &template.children, &mut open);
        while let Some((parent, item, lines)) = open.pop() {
            let at = blocks.all.len();
            let lead = undented(&source[lines.lead_range()]);
            match item {
                Item::Text(text) => {
                    let value = text.test.span.slice(source);
                    let tail = source[text.test.span.end..lines.end].trim_end();
                    if value.contains('\n') || tail.contains('\n') {
                        return None;
                    }
                    blocks.push(parent, lead, format!("text: {value}"), tail.to_owned());
                }
                Item::Node(node) => {
                    let inside = layout::of_node(source, node)?;
                    let key = node.key.slice(source);
                    let tail = KeyLine::of(source, node).rest.trim_end();
                    if key.contains('\n') || tail.contains('\n') {
                        return None;
                    }
                    blocks.push(parent, lead, key.to_owned(), tail.to_owned());
                    blocks.inline(at, source, node)?;
                    blocks.read_inside(at, source, &inside, &node.children, &mut open);
                }
            }
        }
        Some(blocks)
    }

    fn push(&mut self, parent: usize, lead: String, key: String, tail: String) {
        let at = self.all.len();
        self.all[parent].children.push(at);
        self.all.push(Block {
            parent,
            lead,
            key,
            tail,
            ..Block::default()
        });
    }

    /// The text behind the key of a node.
    fn inline(&mut self, at: usize, source: &str, node: &NodeItem) -> Option<()> {
        let Some(span) = node.inline else {
            return Some(());
        };
        let value = span.slice(source);
        if value.contains('\n') {
            return None;
        }
        self.push(at, String::new(), format!("text: {value}"), String::new());
        if let Some(text) = self.all.last_mut() {
            text.is_inline = true;
        }
        Some(())
    }

    fn read_inside<'a>(
        &mut self,
        at: usize,
        source: &str,
        inside: &[(Inner, Lines)],
        children: &'a [Item],
        open: &mut Vec<(usize, &'a Item, Lines)>,
    ) {
        let mut found = Vec::new();
        for (inner, lines) in inside {
            let text = || undented(&source[lines.lead..lines.end]);
            match inner {
                Inner::Child(index) => {
                    found.extend(children.get(*index).map(|item| (at, item, *lines)))
                }
                Inner::Property(_) | Inner::Directive => {
                    let line = &source[lines.start..lines.end];
                    let name = line.trim_start().trim_start_matches("- ");
                    let name = name.split(':').next().unwrap_or_default().to_owned();
                    self.all[at].parts.push(Part { name, text: text() });
                }
            }
        }
        open.extend(found.into_iter().rev());
    }
}

/// The lines without their indentation, each with its line break.
fn undented(text: &str) -> String {
    text.lines()
        .map(|line| format!("{}\n", line.trim_start_matches(' ')))
        .collect()
}
