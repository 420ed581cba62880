//! From a template to a tree, for comparing two files.

use super::template::{Item, NodeItem, Template};
use crate::aria::notation::NameTest;
use crate::aria::tree::{Property, StateName};
use crate::aria::{Child, Node, Tree};

impl Template {
    /// Returns the tree that the file is a snapshot of.
    ///
    /// States that are not written are absent. A regular expression becomes a text with slashes.
    /// `/children` is left out, because it says nothing about a page.
    pub fn to_tree(&self) -> Tree {
        Tree {
            children: self.children.iter().map(child).collect(),
        }
    }
}

fn child(item: &Item) -> Child {
    match item {
        Item::Text(text) => Child::Text(text.test.raw.clone()),
        Item::Node(item) => Child::Node(Box::new(node(item))),
    }
}

fn node(item: &NodeItem) -> Node {
    let tests = &item.test.states;
    let states = tests.values();
    let written_false = StateName::ALL.iter().copied();
    Node {
        name: match &item.test.name {
            None => String::new(),
            Some(NameTest::Text(name)) => name.clone(),
            Some(NameTest::Pattern(pattern)) => format!("/{}/", pattern.source()),
        },
        states,
        false_states: written_false
            .filter(|state| states.is_false(*state))
            .collect(),
        tokens: tests.tokens.clone(),
        active: tests.active.unwrap_or(false),
        aria_hidden: tests.aria_hidden.unwrap_or(false),
        reference: tests.reference.clone(),
        cursor_pointer: tests.cursor_pointer,
        properties: item
            .properties
            .iter()
            .map(|property| Property {
                name: property.name,
                value: property.test.raw.clone(),
            })
            .collect(),
        children: item.children.iter().map(child).collect(),
        ..Node::new(item.test.role)
    }
}
