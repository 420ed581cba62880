//! The facts of a document, without any rule about them.
//!
//! A [`Document`] is an arena in document order, decoded from [`Facts`], which can be written to
//! and read from a file: so rules are tested without a browser.

pub mod accessibility;
mod attribute;
mod decode;
pub mod ecmascript;
pub mod facts;
mod scope;
mod shadow;
pub mod tag;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use attribute::Attribute;
pub use facts::{ElementFlags, Facts, FactsError};
pub use shadow::Shadow;
pub use tag::Tag;

/// A node of a [`Document`]: its index in document order, 0 the document itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The document itself.
    pub const DOCUMENT: NodeId = NodeId(0);

    /// As an index of an array over all nodes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What was captured of one page: its document and those of its frames.
#[derive(Debug, Default)]
pub struct Capture {
    /// The page's own document first, then the frames' in the order in which they were met.
    pub documents: Vec<FrameDocument>,
}

/// A document and where it stands.
#[derive(Debug)]
pub struct FrameDocument {
    /// The facts, ready to be walked.
    pub document: Document,
    /// Its place in the page.
    pub place: FramePlace,
}

/// Where a document stands in a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FramePlace {
    /// The frame's number: how many frames the page had had before it. 0 for the page itself.
    pub sequence: u32,
    /// The document (index in [`Capture::documents`]) and the element that hold the frame.
    pub owner: Option<(usize, NodeId)>,
}

/// A capture as it is sent, stored and read back.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct CaptureFacts {
    /// As [`Capture::documents`].
    pub documents: Vec<(FramePlace, Facts)>,
}

impl Capture {
    /// Builds the documents.
    ///
    /// # Errors
    /// As [`Document::from_facts`].
    pub fn from_facts(facts: CaptureFacts) -> Result<Capture, FactsError> {
        let document = |(place, facts)| {
            let document = Document::from_facts(facts)?;
            Ok(FrameDocument { document, place })
        };
        let documents = facts.documents.into_iter().map(document);
        Ok(Capture {
            documents: documents.collect::<Result<_, _>>()?,
        })
    }
}

/// The namespace of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namespace {
    /// <http://www.w3.org/1999/xhtml>
    Html,
    /// <http://www.w3.org/2000/svg>
    Svg,
    /// <http://www.w3.org/1998/Math/MathML>
    MathMl,
    /// Another one, or none.
    Other,
}

/// The computed `display`, as far as rules tell values apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// `none`
    None,
    /// `contents`
    Contents,
    /// `inline`
    Inline,
    /// Any other.
    Other,
}

impl Display {
    fn from_css(value: &str) -> Display {
        match value {
            "none" => Display::None,
            "contents" => Display::Contents,
            "inline" => Display::Inline,
            _ => Display::Other,
        }
    }
}

/// Computed style, as far as rules ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// `display`; an element that is not rendered has an empty one, which is [`Display::Inline`].
    pub display: Display,
    /// `visibility` is `visible`.
    pub visible: bool,
    /// `visibility` is `collapse`.
    pub collapsed: bool,
    /// `cursor` is `pointer`.
    pub pointer: bool,
    /// `pointer-events` is not `none`.
    pub pointer_events: bool,
}

/// `::before` or `::after`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pseudo {
    /// <https://drafts.csswg.org/css-pseudo/#selectordef-before>
    Before,
    /// <https://drafts.csswg.org/css-pseudo/#selectordef-after>
    After,
}

/// A generated pseudo-element.
#[derive(Debug, Clone)]
pub struct PseudoElement {
    /// Computed `content`.
    pub content: String,
    /// Computed `display`.
    pub display: Display,
    /// `visibility` is `hidden`.
    pub hidden: bool,
}

/// One document with the state of its controls, as data.
#[derive(Debug, Default)]
pub struct Document {
    /// `location.href`
    pub url: String,
    /// `document.hasFocus()`
    pub has_focus: bool,
    /// Selectors match identifiers in any case.
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
    /// The name is in upper case as it stands, so `nodeName` comparisons with such names hold.
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

/// Whether the box of a text has an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextArea {
    /// None, or nobody asks: only texts directly under `display: contents` are measured.
    None,
    /// It has.
    AtOnce,
    /// The browser laid it out only after the first question, which it answered with no.
    Late,
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

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The document.
    Document,
    /// A shadow root.
    ShadowRoot,
    /// A text node.
    Text,
    /// An element.
    Element,
}

/// Reading nodes.
impl Document {
    /// How many nodes there are, the document included.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing but the document.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// All nodes, in document order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// What the node is.
    pub fn kind(&self, node: NodeId) -> Kind {
        match self.nodes[node.index()].data {
            NodeData::Document => Kind::Document,
            NodeData::ShadowRoot => Kind::ShadowRoot,
            NodeData::Text { .. } => Kind::Text,
            NodeData::Element { .. } => Kind::Element,
        }
    }

    /// Whether the node is an element.
    pub fn is_element(&self, node: NodeId) -> bool {
        matches!(self.nodes[node.index()].data, NodeData::Element { .. })
    }

    /// The text of a text node, empty for others.
    pub fn text(&self, node: NodeId) -> &str {
        match self.nodes[node.index()].data {
            NodeData::Text { string, .. } => self.string(string),
            _ => "",
        }
    }

    /// How the box of a text directly under `display: contents` has an area; `None` for every other
    /// node.
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

    /// The element's name, whatever its case and namespace.
    pub fn tag(&self, node: NodeId) -> Tag {
        self.tag_name(node).map_or(Tag::Other, |name| name.tag)
    }

    /// Whether `nodeName` is that name in upper case, as it is for HTML elements in HTML documents.
    pub fn is_html_named(&self, node: NodeId, tag: Tag) -> bool {
        self.tag_name(node)
            .is_some_and(|name| name.tag == tag && name.is_upper)
    }

    /// The element's namespace.
    pub fn namespace(&self, node: NodeId) -> Namespace {
        self.tag_name(node)
            .map_or(Namespace::Other, |name| name.namespace)
    }

    /// The element's flags.
    pub fn flags(&self, node: NodeId) -> ElementFlags {
        self.element(node)
            .map_or(ElementFlags::default(), |element| element.flags)
    }

    /// The element's computed style.
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

    /// The value of an attribute.
    pub fn attribute(&self, node: NodeId, attribute: Attribute) -> Option<&str> {
        let element = self.element(node)?;
        let range = element.attributes.start as usize..element.attributes.end as usize;
        self.attributes[range]
            .iter()
            .find(|(name, _)| *name == AttributeName::Known(attribute))
            .map(|(_, value)| self.string(*value))
    }

    /// Whether the attribute is there.
    pub fn has_attribute(&self, node: NodeId, attribute: Attribute) -> bool {
        self.attribute(node, attribute).is_some()
    }

    /// Whether the attribute is `true` in any case.
    pub(crate) fn is_true(&self, node: NodeId, attribute: Attribute) -> bool {
        self.attribute(node, attribute)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The value of an attribute of any name; all are known only where CSS content asks for one.
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

    /// The live value of an `input` or `textarea`.
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

    /// `element.ariaLabelledByElements`, `None` where the attribute is missing.
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

    /// The element's own computed `content`, where it is neither `normal` nor `none`.
    pub fn content(&self, node: NodeId) -> Option<&str> {
        self.contents.get(&node).map(|string| self.string(*string))
    }

    /// A pseudo-element that has content.
    pub fn pseudo(&self, node: NodeId, pseudo: Pseudo) -> Option<&PseudoElement> {
        self.pseudos.get(&(node, pseudo))
    }

    /// Rounded x, y, width and height of the bounding rectangle, where boxes were asked for.
    pub fn rect(&self, node: NodeId) -> Option<[i32; 4]> {
        self.rects.get(&node).copied()
    }
}
