//! What a page has instead of the node that was asked for.

use std::collections::HashMap;

use super::super::notation::{NameTest, NodeTest};
use super::{Advance, Child, LocateError, Locator, Node, Step, Tree};

/// A node, told to somebody who looks for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The node as a locator: `button "Save"`.
    pub node: String,
    /// The named and landmark-like nodes around it, outermost first: `main > form "Sign in"`.
    pub inside: String,
    /// The element.
    pub source: Option<crate::aria::tree::Source>,
}

const MOST: usize = 5;
/// Names are weighed by their beginnings.
const WEIGHED: usize = 80;

/// Role and name, as a locator.
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

/// Goes through the tree with each node's ancestors at hand.
fn walk<'a>(tree: &'a Tree, mut visit: impl FnMut(&'a Node, &[&'a Node])) {
    let mut ancestors: Vec<&Node> = Vec::new();
    let mut open: Vec<(&Child, usize)> =
        tree.children.iter().rev().map(|child| (child, 0)).collect();
    while let Some((child, depth)) = open.pop() {
        let Child::Node(node) = child else { continue };
        ancestors.truncate(depth);
        visit(node, &ancestors);
        ancestors.push(node);
        open.extend(node.children.iter().rev().map(|child| (child, depth + 1)));
    }
}

/// Nodes of the tree, told, in the same order.
pub(super) fn list(tree: &Tree, nodes: &[&Node]) -> Vec<Candidate> {
    let mut told: HashMap<*const Node, Candidate> = HashMap::new();
    walk(tree, |node, ancestors| {
        if nodes.iter().any(|wanted| std::ptr::eq(*wanted, node)) {
            told.insert(std::ptr::from_ref(node), candidate(node, ancestors));
        }
    });
    nodes
        .iter()
        .filter_map(|node| told.remove(&std::ptr::from_ref(*node)))
        .collect()
}

/// The error for a locator that finds nothing: at which step, and what comes near it there.
pub(super) fn not_found(locator: &Locator, tree: &Tree) -> LocateError {
    let mut reached = 0;
    let mut taken_of: Vec<usize> = Vec::new();
    walk(tree, |node, ancestors| {
        taken_of.truncate(ancestors.len());
        let taken = taken_of.last().copied().unwrap_or(0);
        let taken = match locator.advance(taken, node) {
            Advance::Found => taken,
            Advance::Steps(taken) => taken,
        };
        reached = reached.max(taken);
        taken_of.push(taken);
    });
    let Some(Step::Node(test)) = locator.steps().get(reached) else {
        return LocateError::Css {
            locator: locator.to_string(),
        };
    };
    let mut scored: Vec<(u32, Candidate)> = Vec::new();
    let mut taken_of: Vec<usize> = Vec::new();
    walk(tree, |node, ancestors| {
        taken_of.truncate(ancestors.len());
        let outside = taken_of.last().copied().unwrap_or(0);
        let inside = match locator.advance(outside, node) {
            Advance::Found => outside,
            Advance::Steps(taken) => taken,
        };
        taken_of.push(inside);
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
    match &test.name {
        None => test.role.to_string(),
        Some(NameTest::Text(name)) => format!("{} \"{name}\"", test.role),
        Some(NameTest::Pattern(pattern)) => format!("{} /{}/", test.role, pattern.source()),
    }
}

/// How near a node comes: the role counts, and the name counts more.
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

/// From 0 to 100.
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
    // Under a half, what two names share is letters, not words.
    if ratio < 0.5 {
        0
    } else {
        (ratio * 75.0) as u32
    }
}

fn cut(text: &str) -> &str {
    match text.char_indices().nth(WEIGHED) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}
