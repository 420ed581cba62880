//! The facts of a document, without any rule.
//!
//! A [`Document`] is an arena in document order. It is decoded from [`Facts`], which can be stored in a file,
//! so tests of rules need no browser.

pub mod accessibility;
mod attribute;
mod capture;
mod decode;
pub mod ecmascript;
pub mod facts;
mod style;
mod tag;
mod tree;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use attribute::Attribute;
pub use capture::{Capture, CaptureFacts, FrameDocument, FramePlace, Shadow};
pub use facts::{ElementFlags, Facts, FactsError};
pub use style::{Display, Namespace, Pseudo, PseudoElement, Style, TextArea};
pub use tag::Tag;

/// A node of a [`Document`]: its index in document order, 0 the document itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The document itself.
    pub const DOCUMENT: NodeId = NodeId(0);

    /// Returns the index in an array of all nodes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A document with the state of its controls.
#[derive(Debug, Default)]
pub struct Document {
    /// `location.href`
    pub url: String,
    /// `document.hasFocus()`
    pub has_focus: bool,
    /// Whether selectors match identifiers in any case.
    pub is_quirky: bool,
    /// `document.activeElement`
    pub active: Option<NodeId>,
    strings: Vec<String>,
    tags: Vec<TagName>,
    styles: Vec<Style>,
    nodes: Vec<Node>,
    elements: Vec<Element>,
    attributes: Vec<(AttributeName, u32)>,
    input_types: HashMap<NodeId, u32>,
    values: HashMap<NodeId, u32>,
    select_sizes: HashMap<NodeId, u32>,
    labels: HashMap<NodeId, Vec<NodeId>>,
    assigned: HashMap<NodeId, Vec<NodeId>>,
    assigned_slot: HashMap<NodeId, NodeId>,
    labelled_by: HashMap<NodeId, Vec<NodeId>>,
    contents: HashMap<NodeId, u32>,
    pseudos: HashMap<(NodeId, Pseudo), PseudoElement>,
    rects: HashMap<NodeId, [i32; 4]>,
    ids: HashMap<(NodeId, u32), NodeId>,
    string_ids: HashMap<String, u32>,
    quirky_ids: HashMap<(NodeId, String), NodeId>,
}

#[derive(Debug)]
struct TagName {
    tag: Tag,
    namespace: Namespace,
    /// Whether `nodeName` is in upper case.
    is_upper: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AttributeName {
    Known(Attribute),
    Other(u32),
}

#[derive(Debug)]
struct Node {
    parent: NodeId,
    first_child: Option<NodeId>,
    next_sibling: Option<NodeId>,
    data: NodeData,
}

#[derive(Debug)]
enum NodeData {
    Document,
    ShadowRoot,
    Text { string: u32, area: TextArea },
    Element { element: u32 },
}

#[derive(Debug)]
struct Element {
    tag: u32,
    style: u32,
    flags: ElementFlags,
    attributes: std::ops::Range<u32>,
    shadow_root: Option<NodeId>,
    /// The root of the element's tree: the document or a shadow root.
    scope: NodeId,
}

/// The kind of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the DOM's")]
pub enum NodeKind {
    Document,
    ShadowRoot,
    Text,
    Element,
}

/// Reading nodes.
impl Document {
    /// Returns the number of nodes, including the document.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns whether there is no node except the document.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// Returns all nodes in document order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// Returns the kind of a node.
    pub fn kind(&self, node: NodeId) -> NodeKind {
        match self.nodes[node.index()].data {
            NodeData::Document => NodeKind::Document,
            NodeData::ShadowRoot => NodeKind::ShadowRoot,
            NodeData::Text { .. } => NodeKind::Text,
            NodeData::Element { .. } => NodeKind::Element,
        }
    }

    /// Returns whether the node is an element.
    pub fn is_element(&self, node: NodeId) -> bool {
        matches!(self.nodes[node.index()].data, NodeData::Element { .. })
    }

    /// Returns the text of a text node; empty for others.
    pub fn text(&self, node: NodeId) -> &str {
        match self.nodes[node.index()].data {
            NodeData::Text { string, .. } => self.string(string),
            _ => "",
        }
    }

    /// Returns whether the box of a text has an area; [`TextArea::None`] for other nodes.
    pub fn text_area(&self, node: NodeId) -> TextArea {
        match self.nodes[node.index()].data {
            NodeData::Text { area, .. } => area,
            _ => TextArea::None,
        }
    }

    fn string(&self, index: u32) -> &str {
        self.strings.get(index as usize).map_or("", String::as_str)
    }

    fn element(&self, node: NodeId) -> Option<&Element> {
        match self.nodes[node.index()].data {
            NodeData::Element { element } => self.elements.get(element as usize),
            _ => None,
        }
    }

    fn tag_name(&self, node: NodeId) -> Option<&TagName> {
        self.tags.get(self.element(node)?.tag as usize)
    }

    /// Returns the element's name, of any case and namespace.
    pub fn tag(&self, node: NodeId) -> Tag {
        self.tag_name(node).map_or(Tag::Other, |name| name.tag)
    }

    /// Returns whether `nodeName` is that name in upper case, as for HTML elements in HTML documents.
    pub fn is_html_named(&self, node: NodeId, tag: Tag) -> bool {
        self.tag_name(node)
            .is_some_and(|name| name.tag == tag && name.is_upper)
    }

    /// Returns the element's namespace.
    pub fn namespace(&self, node: NodeId) -> Namespace {
        self.tag_name(node)
            .map_or(Namespace::Other, |name| name.namespace)
    }

    /// Returns the element's flags.
    pub fn flags(&self, node: NodeId) -> ElementFlags {
        self.element(node)
            .map_or(ElementFlags::default(), |element| element.flags)
    }

    /// Returns the element's computed style.
    pub fn style(&self, node: NodeId) -> Style {
        self.element(node)
            .and_then(|element| self.styles.get(element.style as usize))
            .copied()
            .unwrap_or(Style {
                display: Display::Inline,
                visible: true,
                collapsed: false,
                pointer: false,
                pointer_events: true,
            })
    }

    /// Returns the value of an attribute.
    pub fn attribute(&self, node: NodeId, attribute: Attribute) -> Option<&str> {
        let element = self.element(node)?;
        let range = element.attributes.start as usize..element.attributes.end as usize;
        self.attributes[range]
            .iter()
            .find(|(name, _)| *name == AttributeName::Known(attribute))
            .map(|(_, value)| self.string(*value))
    }

    /// Returns whether the element has the attribute.
    pub fn has_attribute(&self, node: NodeId, attribute: Attribute) -> bool {
        self.attribute(node, attribute).is_some()
    }

    /// Returns whether the attribute is `true` in any case.
    pub(crate) fn is_true(&self, node: NodeId, attribute: Attribute) -> bool {
        self.attribute(node, attribute)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Returns the value of an attribute of any name. Unknown names are captured only where CSS content uses
    /// them.
    pub fn attribute_named(&self, node: NodeId, name: &str) -> Option<&str> {
        if let Some(known) = Attribute::from_name(name) {
            return self.attribute(node, known);
        }
        let element = self.element(node)?;
        let range = element.attributes.start as usize..element.attributes.end as usize;
        self.attributes[range]
            .iter()
            .find(|(key, _)| matches!(key, AttributeName::Other(key) if self.string(*key) == name))
            .map(|(_, value)| self.string(*value))
    }

    /// `input.type`
    pub fn input_type(&self, node: NodeId) -> &str {
        self.input_types.get(&node).map_or("", |s| self.string(*s))
    }

    /// Returns the live value of an `input` or `textarea`.
    pub fn value(&self, node: NodeId) -> Option<&str> {
        self.values.get(&node).map(|string| self.string(*string))
    }

    /// `select.size`
    pub fn select_size(&self, node: NodeId) -> u32 {
        self.select_sizes.get(&node).copied().unwrap_or(0)
    }

    /// `element.labels`
    pub fn labels(&self, node: NodeId) -> &[NodeId] {
        self.labels.get(&node).map_or(&[], Vec::as_slice)
    }

    /// `element.ariaLabelledByElements`; `None` without the attribute.
    pub fn labelled_by_elements(&self, node: NodeId) -> Option<&[NodeId]> {
        self.labelled_by.get(&node).map(Vec::as_slice)
    }

    /// `slot.assignedNodes()`
    pub fn assigned_nodes(&self, slot: NodeId) -> &[NodeId] {
        self.assigned.get(&slot).map_or(&[], Vec::as_slice)
    }

    /// `node.assignedSlot`
    pub fn assigned_slot(&self, node: NodeId) -> Option<NodeId> {
        self.assigned_slot.get(&node).copied()
    }

    /// Returns the element's computed `content`; `None` for `normal` and `none`.
    pub fn content(&self, node: NodeId) -> Option<&str> {
        self.contents.get(&node).map(|string| self.string(*string))
    }

    /// Returns a pseudo-element that has content.
    pub fn pseudo(&self, node: NodeId, pseudo: Pseudo) -> Option<&PseudoElement> {
        self.pseudos.get(&(node, pseudo))
    }

    /// Returns x, y, width and height of the bounding rectangle, rounded, where rectangles were captured.
    pub fn rect(&self, node: NodeId) -> Option<[i32; 4]> {
        self.rects.get(&node).copied()
    }
}
