//! A snapshot file taken for the page itself: for comparing two files.

use super::template::{Item, NodeItem, Template};
use crate::aria::notation::{NameTest, StateTests};
use crate::aria::tree::{Invalid, Property, StateName, States, Tristate};
use crate::aria::{Child, Node, Tree};

impl Template {
    /// The tree that the file is a snapshot of.
    ///
    /// States that are not written are absent. A regular expression stands for itself, slashes
    /// and all; `/children` says nothing about a page and is left out.
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
    let states = &item.test.states;
    Node {
        name: match &item.test.name {
            None => String::new(),
            Some(NameTest::Text(name)) => name.clone(),
            Some(NameTest::Pattern(pattern)) => format!("/{}/", pattern.source()),
        },
        states: States {
            checked: states.checked,
            disabled: states.disabled,
            expanded: states.expanded,
            invalid: states.invalid,
            level: states.level,
            pressed: states.pressed,
            selected: states.selected,
        },
        false_states: written_false(states),
        tokens: states.tokens.clone(),
        active: states.active.unwrap_or(false),
        aria_hidden: states.aria_hidden.unwrap_or(false),
        reference: states.reference.clone(),
        cursor_pointer: states.cursor_pointer,
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

fn written_false(states: &StateTests) -> Vec<StateName> {
    let is_false = |name: &StateName| match name {
        StateName::Checked => states.checked == Some(Tristate::False),
        StateName::Disabled => states.disabled == Some(false),
        StateName::Expanded => states.expanded == Some(false),
        StateName::Invalid => states.invalid == Some(Invalid::False),
        StateName::Pressed => states.pressed == Some(Tristate::False),
        StateName::Selected => states.selected == Some(false),
    };
    StateName::ALL.iter().copied().filter(is_false).collect()
}
