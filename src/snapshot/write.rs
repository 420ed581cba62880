//! From a tree to its text: section by section the shape of Playwright's page snapshots.

use std::fmt::Write as _;

use super::quote;
use crate::aria::notation::StateTests;
use crate::aria::{Child, Node, Tree};

/// A key over 1,024 characters is refused by YAML readers, so the reference leaves out names
/// longer than this. In UTF-16 units.
const LONGEST_NAME: usize = 900;

/// What the text shows beside the tree itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rendering {
    /// `[ref=e1]`
    pub refs: bool,
    /// `[box=x,y,width,height]`
    pub boxes: bool,
}

/// The snapshot's text, with a newline at the end.
pub fn write(tree: &Tree, rendering: Rendering) -> String {
    let mut writer = Writer {
        rendering,
        text: String::new(),
    };
    for child in &tree.children {
        writer.child(child, 0);
    }
    if writer.text.is_empty() {
        writer.text.push('\n');
    }
    writer.text
}

struct Writer {
    rendering: Rendering,
    text: String,
}

impl Writer {
    fn child(&mut self, child: &Child, depth: u32) {
        match child {
            Child::Text(text) => self.property("text", text, depth),
            Child::Node(node) => self.node(node, depth),
        }
    }

    fn node(&mut self, node: &Node, depth: u32) {
        let key = self.key(node);
        self.indent(depth);
        self.text.push_str(&quote::key(&key));

        let only_text = node.only_text();
        match only_text {
            Some(text) if node.properties.is_empty() => {
                self.text.push_str(": ");
                self.text.push_str(&quote::value(text));
                self.text.push('\n');
                return;
            }
            None if node.properties.is_empty() && node.children.is_empty() => {
                self.text.push('\n');
                return;
            }
            _ => self.text.push_str(":\n"),
        }
        for property in &node.properties {
            let name = format!("/{}", property.name.as_str());
            self.property(&name, &property.value, depth + 1);
        }
        if let Some(text) = only_text {
            self.property("text", text, depth + 1);
        } else {
            for child in &node.children {
                self.child(child, depth + 1);
            }
        }
    }

    fn property(&mut self, name: &str, value: &str, depth: u32) {
        self.indent(depth);
        self.text.push_str(name);
        self.text.push_str(": ");
        self.text.push_str(&quote::value(value));
        self.text.push('\n');
    }

    fn indent(&mut self, depth: u32) {
        for _ in 0..depth {
            self.text.push_str("  ");
        }
        self.text.push_str("- ");
    }

    fn key(&self, node: &Node) -> String {
        let mut key = node.role.as_str().to_owned();
        if is_written_name(&node.name) {
            key.push(' ');
            key.push_str(&quote::json_string(&node.name));
        }
        let reference = node.reference.as_ref().filter(|_| self.rendering.refs);
        let states = StateTests {
            reference: reference.cloned(),
            ..StateTests::written_for(node)
        };
        let start = key.len();
        // Writing into a `String` cannot fail.
        let _ = write!(key, " {states}");
        if key.len() == start + 1 {
            key.pop();
        }
        if self.rendering.boxes
            && let Some(rect) = node.rect
        {
            let crate::aria::tree::Rect {
                x,
                y,
                width,
                height,
            } = rect;
            key.push_str(&format!(" [box={x},{y},{width},{height}]"));
        }
        key
    }
}

/// Role, name and states of a node as its line shows them, without quotes around the key.
pub(crate) fn key_text(node: &Node) -> String {
    let writer = Writer {
        rendering: Rendering::default(),
        text: String::new(),
    };
    writer.key(node)
}

/// Whether a node's line shows this name.
pub(crate) fn is_written_name(name: &str) -> bool {
    !name.is_empty() && (name.len() <= LONGEST_NAME || name.encode_utf16().count() <= LONGEST_NAME)
}
