//! Nodes of a tree as lines of text, for the sides of changes.

use crate::aria::{Child, Node, Tree};
use crate::snapshot::{Rendering, key_text, write};

/// The first line of a node: role, name and states.
pub(super) fn key(node: &Node) -> String {
    key_text(node)
}

/// The brackets of a node's line.
pub(super) fn states(node: &Node) -> String {
    let key = key_text(&Node {
        name: String::new(),
        properties: Vec::new(),
        children: Vec::new(),
        reference: None,
        ..bare(node)
    });
    key[node.role.as_str().len()..].trim_start().to_owned()
}

/// The node without what is inside.
fn bare(node: &Node) -> Node {
    Node {
        name: node.name.clone(),
        states: node.states,
        false_states: node.false_states.clone(),
        tokens: node.tokens.clone(),
        active: node.active,
        aria_hidden: node.aria_hidden,
        cursor_pointer: node.cursor_pointer,
        source: node.source,
        ..Node::new(node.role)
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
