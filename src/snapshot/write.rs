//! From a tree to its text, the shape of Playwright's page snapshots.

use super::quote;
use crate::aria::notation::StateTests;
use crate::aria::{Child, Node, Tree};

/// YAML readers refuse keys of more than 1,024 characters, so Playwright leaves out longer names. In
/// UTF-16 units.
const LONGEST_NAME: usize = 900;

/// What the text shows in addition to the tree.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rendering {
    /// `[ref=e1]`
    pub refs: bool,
    /// `[box=x,y,width,height]`
    pub boxes: bool,
}

/// Writes the snapshot's text, with a newline at the end.
pub fn write(tree: &Tree, rendering: Rendering) -> String {
    let mut text = String::new();
    let mut open: Vec<(&Child, usize)> = Vec::new();
    open.extend(tree.children.iter().rev().map(|child| (child, 0)));
    while let Some((child, depth)) = open.pop() {
        match child {
            Child::Text(value) => push_property(&mut text, "text", value, depth),
            Child::Node(node) => {
                let inside = push_node(&mut text, node, depth, rendering);
                open.extend(inside.iter().rev().map(|child| (child, depth + 1)));
            }
        }
    }
    if text.is_empty() {
        text.push('\n');
    }
    text
}

/// Writes a node's own lines, and returns the children that go on lines of their own.
fn push_node<'a>(
    text: &mut String,
    node: &'a Node,
    depth: usize,
    rendering: Rendering,
) -> &'a [Child] {
    push_indent(text, depth);
    text.push_str(&quote::key(&key(node, rendering)));
    if node.properties.is_empty() {
        if let Some(only) = node.only_text() {
            text.push_str(": ");
            text.push_str(&quote::value(only));
            text.push('\n');
            return &[];
        }
        if node.children.is_empty() {
            text.push('\n');
            return &[];
        }
    }
    text.push_str(":\n");
    for property in &node.properties {
        let name = format!("/{}", property.name.as_str());
        push_property(text, &name, &property.value, depth + 1);
    }
    &node.children
}

fn push_property(text: &mut String, name: &str, value: &str, depth: usize) {
    push_indent(text, depth);
    text.push_str(name);
    text.push_str(": ");
    text.push_str(&quote::value(value));
    text.push('\n');
}

fn push_indent(text: &mut String, depth: usize) {
    for _ in 0..depth {
        text.push_str("  ");
    }
    text.push_str("- ");
}

fn key(node: &Node, rendering: Rendering) -> String {
    let mut key = node.role.as_str().to_owned();
    if is_written_name(&node.name) {
        key.push(' ');
        key.push_str(&quote::json_string(&node.name));
    }
    let reference = node.reference.as_ref().filter(|_| rendering.refs);
    let states = StateTests {
        reference: reference.cloned(),
        ..StateTests::written_for(node)
    };
    let brackets = states.to_string();
    if !brackets.is_empty() {
        key.push(' ');
        key.push_str(&brackets);
    }
    if rendering.boxes
        && let Some(rect) = node.rect
    {
        let (x, y, width, height) = (rect.x, rect.y, rect.width, rect.height);
        key.push_str(&format!(" [box={x},{y},{width},{height}]"));
    }
    key
}

/// Returns role, name and states of a node as its line shows them, without quotes around the key.
pub(crate) fn key_text(node: &Node) -> String {
    key(node, Rendering::default())
}

/// Whether a node's line shows this name.
pub(crate) fn is_written_name(name: &str) -> bool {
    !name.is_empty() && (name.len() <= LONGEST_NAME || name.encode_utf16().count() <= LONGEST_NAME)
}
