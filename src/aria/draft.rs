//! The tree while it is made: with what passes need to know and the finished tree does not tell.

use super::Role;
use super::tree::{Child, Node, Property, Rect, Source, StateName, States, Token, Tree};

/// A node on its way.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) role: Role,
    pub(super) name: String,
    pub(super) states: States,
    pub(super) false_states: Vec<StateName>,
    pub(super) tokens: Vec<Token>,
    pub(super) active: bool,
    pub(super) aria_hidden: bool,
    pub(super) reference: Option<u32>,
    pub(super) pointer: bool,
    pub(super) rect: Option<Rect>,
    pub(super) properties: Vec<Property>,
    pub(super) children: Vec<DraftChild>,
    pub(super) source: Source,
    /// The references of the nodes that lent their text to the name.
    pub(super) name_from: Vec<u32>,
}

/// A child on its way: text is not yet normalised.
#[derive(Debug)]
pub(super) enum DraftChild {
    Text(String),
    Node(Box<Draft>),
}

impl Draft {
    pub(super) fn new(role: Role, source: Source) -> Draft {
        Draft {
            role,
            name: String::new(),
            states: States::default(),
            false_states: Vec::new(),
            tokens: Vec::new(),
            active: false,
            aria_hidden: false,
            reference: None,
            pointer: false,
            rect: None,
            properties: Vec::new(),
            children: Vec::new(),
            source,
            name_from: Vec::new(),
        }
    }

    /// Can be pointed at, and shows a hand then.
    pub(super) fn is_click_target(&self) -> bool {
        self.reference.is_some() && self.pointer
    }

    /// Whether there is anything on lines of the node's own, such as a property.
    pub(super) fn has_properties(&self) -> bool {
        !self.properties.is_empty() || !self.tokens.is_empty() || self.aria_hidden
    }

    pub(super) fn only_text(&self) -> Option<&str> {
        match self.children.as_slice() {
            [DraftChild::Text(text)] => Some(text),
            _ => None,
        }
    }
}

/// Appends text to the run that is being gathered.
pub(super) fn push_text(children: &mut Vec<DraftChild>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(DraftChild::Text(last)) = children.last_mut() {
        last.push_str(text);
    } else {
        children.push(DraftChild::Text(text.to_owned()));
    }
}

/// The finished tree; references get their frame's prefix.
pub(super) fn finish(children: Vec<DraftChild>, prefix: &str) -> Tree {
    Tree {
        children: finish_children(children, prefix, false),
    }
}

fn finish_children(children: Vec<DraftChild>, prefix: &str, in_target: bool) -> Vec<Child> {
    let finish_child = |child| match child {
        DraftChild::Text(text) => Child::Text(text),
        DraftChild::Node(node) => Child::Node(Box::new(finish_node(*node, prefix, in_target))),
    };
    children.into_iter().map(finish_child).collect()
}

fn finish_node(draft: Draft, prefix: &str, in_target: bool) -> Node {
    let is_target = draft.is_click_target();
    Node {
        role: draft.role,
        name: draft.name,
        states: draft.states,
        false_states: draft.false_states,
        tokens: draft.tokens,
        active: draft.active,
        aria_hidden: draft.aria_hidden,
        reference: draft.reference.map(|number| format!("{prefix}e{number}")),
        cursor_pointer: is_target && !in_target,
        rect: draft.rect,
        properties: draft.properties,
        children: finish_children(draft.children, prefix, in_target || is_target),
        source: Some(draft.source),
    }
}
