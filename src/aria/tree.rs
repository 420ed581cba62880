//! The accessibility tree as data: a snapshot's text is written from it, templates are compared with it.

use serde::{Deserialize, Serialize};

use super::Role;
use crate::dom::NodeId;

pub use super::vocabulary::{PropertyName, StateName, Token, TokenName};

/// How many levels a tree can have. Nothing reads deeper snapshots, and the indentation alone would make
/// their text huge.
pub(crate) const DEEPEST: usize = 1_000;

/// The accessible content of a page or of a part of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// The top level.
    pub children: Vec<Child>,
}

/// A child of a node: a run of text, or a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Child {
    /// Text with its white space normalised.
    Text(String),
    /// A node of the tree.
    Node(Box<Node>),
}

/// A node of the accessibility tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// The computed role.
    pub role: Role,
    /// The computed name, normalised; empty without a name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The states that the role supports.
    #[serde(flatten)]
    pub states: States,
    /// With [`Additions::attributes`](super::Additions::attributes): the states for which the author
    /// wrote `false`, in the order of [`StateName`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub false_states: Vec<StateName>,
    /// With [`Additions::attributes`](super::Additions::attributes): other attributes in brackets, in
    /// the order of [`TokenName`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<Token>,
    /// Whether the element has the focus.
    #[serde(default, skip_serializing_if = "is_false")]
    pub active: bool,
    /// Whether the element is shown although its own `aria-hidden` hides it from assistive technology.
    #[serde(default, skip_serializing_if = "is_false")]
    pub aria_hidden: bool,
    /// The ref number, such as `e12` or `f1e3`.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Whether the pointer over the element is a hand. Only the outermost of several such nodes has it,
    /// because the others inherit it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cursor_pointer: bool,
    /// Position and size, if requested.
    #[serde(rename = "box", default, skip_serializing_if = "Option::is_none")]
    pub rect: Option<Rect>,
    /// Properties on lines of their own (`/url: ...`), in the order of writing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// The content, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Child>,
    /// The element that the node was made from.
    #[serde(skip)]
    pub source: Option<Source>,
}

/// An element of a captured page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source {
    /// The index of the document among the captured frames. The page's own document is 0.
    pub frame: u32,
    /// The element in that document.
    pub element: NodeId,
}

/// The states and the level of a node, each under the name of its attribute.
///
/// `None`: the role does not support the state, or the author left `aria-expanded` undefined, the only
/// state that can be undefined. `Some(false)` is not written either, but it is a different value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of WAI-ARIA")]
pub struct States {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Tristate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expanded: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid: Option<Invalid>,
    /// `aria-level`, from 1; 0 where the role supports a level but the element has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressed: Option<Tristate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected: Option<bool>,
}

impl States {
    /// Returns a state as it is written: `true`, `false`, `mixed`.
    pub(crate) fn get(&self, state: StateName) -> Option<&'static str> {
        fn boolean(value: bool) -> &'static str {
            if value { "true" } else { "false" }
        }
        match state {
            StateName::Checked => self.checked.map(Tristate::as_str),
            StateName::Disabled => self.disabled.map(boolean),
            StateName::Expanded => self.expanded.map(boolean),
            StateName::Invalid => self.invalid.map(Invalid::as_str),
            StateName::Pressed => self.pressed.map(Tristate::as_str),
            StateName::Selected => self.selected.map(boolean),
        }
    }

    pub(crate) fn is_false(&self, state: StateName) -> bool {
        self.get(state) == Some("false")
    }

    pub(crate) fn clear(&mut self, state: StateName) {
        match state {
            StateName::Checked => self.checked = None,
            StateName::Disabled => self.disabled = None,
            StateName::Expanded => self.expanded = None,
            StateName::Invalid => self.invalid = None,
            StateName::Pressed => self.pressed = None,
            StateName::Selected => self.selected = None,
        }
    }
}

/// A state of three values: <https://www.w3.org/TR/wai-aria-1.2/#valuetype_tristate>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are those of WAI-ARIA")]
pub enum Tristate {
    False,
    True,
    Mixed,
}

impl Tristate {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Tristate::False => "false",
            Tristate::True => "true",
            Tristate::Mixed => "mixed",
        }
    }
}

/// The value of `aria-invalid`: <https://www.w3.org/TR/wai-aria-1.2/#aria-invalid>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are those of WAI-ARIA")]
pub enum Invalid {
    False,
    True,
    Grammar,
    Spelling,
}

impl Invalid {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Invalid::False => "false",
            Invalid::True => "true",
            Invalid::Grammar => "grammar",
            Invalid::Spelling => "spelling",
        }
    }
}

/// A property with its value, written as `/name: value`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// The name.
    pub name: PropertyName,
    /// The value.
    pub value: String,
}

/// A rectangle in CSS pixels, relative to the viewport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

impl Tree {
    /// Returns every node, parents before their children.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        let mut open: Vec<&Child> = self.children.iter().rev().collect();
        std::iter::from_fn(move || {
            loop {
                if let Child::Node(node) = open.pop()? {
                    open.extend(node.children.iter().rev());
                    return Some(node.as_ref());
                }
            }
        })
    }

    /// Calls `visit` with every node, parents before their children, and with its ancestors, the
    /// outermost first.
    pub(crate) fn walk<'a>(&'a self, mut visit: impl FnMut(&'a Node, &[&'a Node])) {
        let mut ancestors: Vec<&Node> = Vec::new();
        let mut open: Vec<(&Child, usize)> = vec![];
        open.extend(self.children.iter().rev().map(|child| (child, 0)));
        while let Some((child, depth)) = open.pop() {
            let Child::Node(node) = child else { continue };
            ancestors.truncate(depth);
            visit(node, &ancestors);
            ancestors.push(node);
            open.extend(node.children.iter().rev().map(|child| (child, depth + 1)));
        }
    }

    /// Calls `edit` with every text and every node, in no particular order.
    pub(crate) fn edit(&mut self, mut edit: impl FnMut(&mut Child)) {
        let mut open: Vec<&mut Child> = self.children.iter_mut().collect();
        while let Some(child) = open.pop() {
            edit(child);
            if let Child::Node(node) = child {
                open.extend(&mut node.children);
            }
        }
    }
}

impl Node {
    /// Returns a node with nothing but a role.
    pub fn new(role: Role) -> Node {
        Node {
            role,
            name: String::new(),
            states: States::default(),
            false_states: Vec::new(),
            tokens: Vec::new(),
            active: false,
            aria_hidden: false,
            reference: None,
            cursor_pointer: false,
            rect: None,
            properties: Vec::new(),
            children: Vec::new(),
            source: None,
        }
    }

    /// Returns the value of a property.
    pub fn property(&self, name: PropertyName) -> Option<&str> {
        self.properties
            .iter()
            .find(|property| property.name == name)
            .map(|property| property.value.as_str())
    }

    /// Whether the author wrote that the state is false. Never so without
    /// [`Additions::attributes`](super::Additions::attributes).
    pub fn is_written_false(&self, state: StateName) -> bool {
        self.false_states.contains(&state)
    }

    /// Returns the text of a node that contains only text.
    pub fn only_text(&self) -> Option<&str> {
        match self.children.as_slice() {
            [Child::Text(text)] => Some(text),
            _ => None,
        }
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde calls"
)]
fn is_false(value: &bool) -> bool {
    !value
}
