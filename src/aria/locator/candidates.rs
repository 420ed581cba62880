//! The nodes that a page has instead of the one that a locator describes.

use std::collections::HashMap;

use super::super::notation::{NameTest, NodeTest};
use super::{Advance, LocateError, Locator, Node, Step, Tree};

/// A node that the user may have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The node as a locator: `button "Save"`.
    pub node: String,
    /// The nodes around it that have a name or a role other than generic: `main > form "Sign in"`.
    pub inside: String,
    /// The element of the page.
    pub source: Option<crate::aria::tree::Source>,
}

const MOST: usize = 5;
/// Names are compared only up to this many characters.
const COMPARED: usize = 80;

/// Writes role and name as a locator.
fn describe(node: &Node) -> String {
    const LONGEST: usize = 80;
    if node.name.is_empty() {
        return node.role.to_string();
    }
    let cut = node.name.char_indices().nth(LONGEST).map(|(at, _)| at);
    let (name, rest) = match cut {
        Some(at) => (&node.name[..at], "…"),
        None => (node.name.as_str(), ""),
    };
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{} \"{name}{rest}\"", node.role)
}

fn candidate(node: &Node, ancestors: &[&Node]) -> Candidate {
    let inside: Vec<String> = ancestors
        .iter()
        .filter(|node| !node.name.is_empty() || node.role != crate::aria::Role::Generic)
        .map(|node| describe(node))
        .collect();
    Candidate {
        node: describe(node),
        inside: inside.join(" > "),
        source: node.source,
    }
}

/// Describes nodes of the tree, in the same order.
pub(super) fn list(tree: &Tree, nodes: &[&Node]) -> Vec<Candidate> {
    let mut found: HashMap<*const Node, Candidate> = HashMap::new();
    tree.walk(|node, ancestors| {
        if nodes.iter().any(|wanted| std::ptr::eq(*wanted, node)) {
            found.insert(std::ptr::from_ref(node), candidate(node, ancestors));
        }
    });
    nodes
        .iter()
        .filter_map(|node| found.remove(&std::ptr::from_ref(*node)))
        .collect()
}

/// Makes the error for a locator that finds nothing, with the step that failed and similar nodes.
pub(super) fn not_found(locator: &Locator, tree: &Tree) -> LocateError {
    let mut reached = 0;
    locator.walk(tree, |_, _, (_, advance)| {
        if let Advance::Steps(steps) = advance {
            reached = reached.max(steps);
        }
    });
    let Some(Step::Node(test)) = locator.steps().get(reached) else {
        return LocateError::Css {
            locator: locator.to_string(),
        };
    };
    let mut scored: Vec<(u32, Candidate)> = Vec::new();
    locator.walk(tree, |node, ancestors, (outside, _)| {
        if outside != reached {
            return;
        }
        let score = score(test, node);
        let least = scored.last().map_or(0, |(least, _)| *least);
        if score > 0 && (scored.len() < MOST || score > least) {
            let at = scored.partition_point(|(other, _)| *other >= score);
            scored.insert(at, (score, candidate(node, ancestors)));
            scored.truncate(MOST);
        }
    });
    LocateError::NotFound {
        locator: locator.to_string(),
        step: (locator.steps().len() > 1).then(|| describe_test(test)),
        nearest: scored.into_iter().map(|(_, candidate)| candidate).collect(),
    }
}

fn describe_test(test: &NodeTest) -> String {
    let name = match &test.name {
        None => String::new(),
        Some(NameTest::Text(name)) => format!(" \"{name}\""),
        Some(NameTest::Pattern(pattern)) => format!(" /{}/", pattern.source()),
    };
    let text = match &test.text {
        None => String::new(),
        Some(NameTest::Text(text)) => format!(": {text}"),
        Some(NameTest::Pattern(pattern)) => format!(": /{}/", pattern.source()),
    };
    format!("{}{name}{text}", test.role)
}

/// Returns how similar a node is. The name counts more than the role.
fn score(test: &NodeTest, node: &Node) -> u32 {
    let role = if test.role == node.role { 40 } else { 0 };
    let name = match &test.name {
        None => 0,
        Some(NameTest::Pattern(pattern)) => match pattern.is_found_in(&node.name) {
            Ok(true) if !node.name.is_empty() => 100,
            _ => 0,
        },
        Some(NameTest::Text(name)) => likeness(name, &node.name),
    };
    match (role, name) {
        (0, ..60) => 0,
        (role, name) => role + name,
    }
}

/// Returns how similar two names are, from 0 to 100.
fn likeness(wanted: &str, name: &str) -> u32 {
    let (wanted, name) = (cut(wanted).to_lowercase(), cut(name).to_lowercase());
    if name.is_empty() {
        return 0;
    }
    if wanted == name {
        return 100;
    }
    if name.contains(&wanted) || wanted.contains(&name) {
        return 80;
    }
    let ratio = similar::TextDiff::from_chars(wanted.as_str(), name.as_str()).ratio();
    // Below a half, the names share letters but no words.
    if ratio < 0.5 {
        0
    } else {
        (ratio * 75.0) as u32
    }
}

fn cut(text: &str) -> &str {
    match text.char_indices().nth(COMPARED) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}
