//! Nodes of a tree as lines of text, for the sides of changes.

use crate::aria::{Child, Node, Tree};
use crate::snapshot::{Rendering, write};

/// The first line of a node: its key, and its text where that stands behind it.
pub(super) fn key(node: &Node) -> String {
    let shallow = Node {
        properties: Vec::new(),
        children: Vec::new(),
        ..shallow(node)
    };
    let text = text(&Child::Node(Box::new(shallow)));
    text.strip_suffix('\n').map(str::to_owned).unwrap_or(text)
}

fn shallow(node: &Node) -> Node {
    Node {
        role: node.role,
        name: node.name.clone(),
        states: node.states,
        active: node.active,
        aria_hidden: node.aria_hidden,
        reference: None,
        cursor_pointer: node.cursor_pointer,
        rect: None,
        properties: Vec::new(),
        children: Vec::new(),
        source: node.source,
    }
}

/// All lines of a child, without the first one's `- `.
pub(super) fn text(child: &Child) -> String {
    let tree = Tree {
        children: vec![child.clone()],
    };
    lines(&write(&tree, Rendering::default()))
}

/// Lines without `- ` and what it indents.
fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let dedented = line.strip_prefix(if index == 0 { "- " } else { "  " });
        out.push_str(dedented.unwrap_or(line));
    }
    out
}
