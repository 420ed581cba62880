//! The accessibility tree as data: what a snapshot's text is written from and templates are held against.

use serde::{Deserialize, Serialize};

use super::Role;

pub use super::vocabulary::{PropertyName, StateName, Token, TokenName};

/// The accessible content of a page, or of the part of it that was asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// What stands at the top level, in order.
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
    /// The computed name, normalised; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The states that the role supports.
    #[serde(flatten)]
    pub states: States,
    /// With [`Additions::attributes`](super::Additions::attributes): those of the states that are false
    /// because the author wrote so, in the order of [`StateName`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub false_states: Vec<StateName>,
    /// With [`Additions::attributes`](super::Additions::attributes): what else stands in brackets, in
    /// the order of [`TokenName`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<Token>,
    /// Whether the element has the focus.
    #[serde(default, skip_serializing_if = "is_false")]
    pub active: bool,
    /// Shown although hidden from assistive technology by its own `aria-hidden`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub aria_hidden: bool,
    /// The number by which the element can be referred to, such as `e12` or `f1e3`.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The pointer shows a hand over the element; only on the outermost of the nodes that can be
    /// pointed at, since those inside inherit it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cursor_pointer: bool,
    /// Position and size in CSS pixels, rounded, where it was asked for.
    #[serde(rename = "box", default, skip_serializing_if = "Option::is_none")]
    pub rect: Option<Rect>,
    /// Properties that stand on lines of their own (`/url: ...`), in the order of writing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// What the node contains, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Child>,
    /// The element that gave the node.
    #[serde(skip)]
    pub source: Option<Source>,
}

/// Where a node comes from: which document, and which element of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source {
    /// Index of the document among the captured frames, 0 the page's own.
    pub frame: u32,
    /// The element.
    pub element: crate::dom::NodeId,
}

/// The states and the level of a node.
///
/// `None`: the role does not support the state, or the author left it undefined
/// (`aria-expanded` alone has that third way). `Some(false)` writes nothing, and is not the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct States {
    /// `aria-checked`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Tristate>,
    /// `aria-disabled`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// `aria-expanded`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expanded: Option<bool>,
    /// `aria-invalid`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid: Option<Invalid>,
    /// `aria-level`: 1 and up; 0 where the role supports a level and there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u32>,
    /// `aria-pressed`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressed: Option<Tristate>,
    /// `aria-selected`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected: Option<bool>,
}

/// A state of three values: <https://www.w3.org/TR/wai-aria-1.2/#valuetype_tristate>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tristate {
    /// Off.
    False,
    /// On.
    True,
    /// In part.
    Mixed,
}

/// The value of `aria-invalid`: <https://www.w3.org/TR/wai-aria-1.2/#aria-invalid>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Invalid {
    /// The value is valid.
    False,
    /// The value is invalid.
    True,
    /// A grammatical error.
    Grammar,
    /// A spelling error.
    Spelling,
}

/// A property with its value, written as `/name: value`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// Which one.
    pub name: PropertyName,
    /// Its text.
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

impl Node {
    /// A node of that role without name, states or content.
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

    /// The value of a property.
    pub fn property(&self, name: PropertyName) -> Option<&str> {
        self.properties
            .iter()
            .find(|property| property.name == name)
            .map(|property| property.value.as_str())
    }

    /// Whether the author wrote that the state is false, as far as it was asked.
    pub fn is_written_false(&self, state: StateName) -> bool {
        self.false_states.contains(&state)
    }

    /// The text of a node that contains nothing but one run of text.
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
