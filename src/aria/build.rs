//! From elements to nodes: depth first, each DOM node at most once.
//!
//! The walk keeps its own stack of tasks, because pages can be nested deeper than the program's stack.

use std::collections::HashMap;

use super::Role;
use super::computed::Computed;
use super::css_content::pseudo_text;
use super::name::Namer;
use super::shape::{Additions, Shape};
use super::tree::{Child, Invalid, Node, Property, PropertyName, Rect, Source};
use super::visibility::is_text_not_rendered;
use crate::dom::{
    Attribute, Display, Document, ElementFlags, NodeId, NodeKind, Pseudo, Tag, ecmascript,
};

/// The nodes of a document before they are normalised. [`Node::cursor_pointer`] is not yet limited to
/// the outermost nodes.
pub(super) struct Built {
    pub(super) children: Vec<Child>,
    /// For shape [`Shape::Compact`]: the elements with a ref that gave an element's name its text.
    pub(super) name_sources: HashMap<NodeId, Vec<NodeId>>,
}

pub(super) fn build(
    document: &Document,
    place: Place<'_>,
    root: NodeId,
    (shape, additions): (Shape, Additions),
) -> Built {
    let computed = Computed::new(document);
    let mut builder = Builder {
        document,
        computed: &computed,
        namer: Namer::new(&computed),
        place,
        shape,
        additions,
        visited: vec![false; document.len()],
        has_reference: vec![false; document.len()],
        last_reference: 0,
        name_sources: HashMap::new(),
    };
    let children = builder.run(root);
    let name_sources = builder.name_sources;
    Built {
        children,
        name_sources,
    }
}

/// The frame that a document is in.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) frame: u32,
    /// What refs begin with.
    pub(super) prefix: &'a str,
}

struct Builder<'c, 'd> {
    document: &'d Document,
    computed: &'c Computed<'d>,
    namer: Namer<'c, 'd>,
    place: Place<'c>,
    shape: Shape,
    additions: Additions,
    visited: Vec<bool>,
    has_reference: Vec<bool>,
    last_reference: u32,
    name_sources: HashMap<NodeId, Vec<NodeId>>,
}

enum Task {
    Visit {
        node: NodeId,
        is_parent_shown: bool,
    },
    EndContent(NodeId),
    /// The current node is complete; the elements gave its name.
    EndNode(Vec<NodeId>),
}

impl Builder<'_, '_> {
    fn run(&mut self, root: NodeId) -> Vec<Child> {
        let mut current = Node::new(Role::None);
        let mut around: Vec<Node> = Vec::new();
        let mut tasks = vec![Task::Visit {
            node: root,
            is_parent_shown: true,
        }];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Visit { node, .. } if self.visited[node.index()] => {}
                Task::Visit {
                    node,
                    is_parent_shown,
                } => {
                    self.visited[node.index()] = true;
                    match self.document.kind(node) {
                        NodeKind::Text if is_parent_shown => self.add_text(&mut current, node),
                        NodeKind::Element => {
                            self.visit_element(node, &mut current, &mut around, &mut tasks);
                        }
                        NodeKind::Text | NodeKind::Document | NodeKind::ShadowRoot => {}
                    }
                }
                Task::EndContent(element) => self.end_content(&mut current, element),
                Task::EndNode(contributors) => {
                    self.add_name_sources(&current, &contributors);
                    let parent = around.pop().unwrap_or_else(|| Node::new(Role::None));
                    let node = std::mem::replace(&mut current, parent);
                    current.children.push(Child::Node(Box::new(node)));
                }
            }
        }
        current.children
    }

    fn add_text(&self, parent: &mut Node, text: NodeId) {
        // A text field shows its value, which is not the text inside.
        if parent.role != Role::TextBox && !is_text_not_rendered(self.document, text) {
            push_text(&mut parent.children, self.document.text(text));
        }
    }

    fn visit_element(
        &mut self,
        element: NodeId,
        current: &mut Node,
        around: &mut Vec<Node>,
        tasks: &mut Vec<Task>,
    ) {
        let is_exposed = !self.computed.is_hidden_at_first(element);
        let is_shown = match self.shape {
            Shape::Test if !is_exposed => return,
            Shape::Test => true,
            Shape::Page | Shape::Compact => is_exposed || self.computed.layout_box(element).visible,
        };
        let own = if is_shown { self.node(element) } else { None };
        if let Some((node, contributors)) = own {
            around.push(std::mem::replace(current, node));
            tasks.push(Task::EndNode(contributors));
        }
        push_text(&mut current.children, self.space_around(element));
        self.push_pseudo(current, element, Pseudo::Before);
        tasks.push(Task::EndContent(element));
        let inside = self.content(element);
        tasks.extend(inside.into_iter().rev().map(|node| Task::Visit {
            node,
            is_parent_shown: is_shown,
        }));
    }

    fn end_content(&self, node: &mut Node, element: NodeId) {
        self.push_pseudo(node, element, Pseudo::After);
        push_text(&mut node.children, self.space_around(element));
        self.set_properties(node, element);
    }

    fn space_around(&self, element: NodeId) -> &'static str {
        let document = self.document;
        let is_inline = document.style(element).display == Display::Inline
            && !document.is_html_named(element, Tag::Br);
        if is_inline { "" } else { " " }
    }

    fn push_pseudo(&self, node: &mut Node, element: NodeId, pseudo: Pseudo) {
        if let Some(text) = pseudo_text(self.document, element, pseudo) {
            push_text(&mut node.children, &text);
        }
    }

    /// Returns the nodes inside the element, in reading order, and those that it owns.
    fn content(&self, element: NodeId) -> Vec<NodeId> {
        let document = self.document;
        let assigned = document.assigned_nodes(element);
        let mut inside = Vec::new();
        if !assigned.is_empty() && document.is_html_named(element, Tag::Slot) {
            inside.extend_from_slice(assigned);
        } else {
            let children = document.children(element);
            inside.extend(children.filter(|child| document.assigned_slot(*child).is_none()));
            if let Some(root) = document.shadow_root(element) {
                inside.extend(document.children(root));
            }
        }
        // https://www.w3.org/TR/wai-aria-1.2/#aria-owns. As in Playwright, identifiers are those of the
        // document even inside a shadow tree.
        if let Some(owned) = document.attribute(element, Attribute::AriaOwns) {
            let ids = owned.split(ecmascript::is_white_space);
            inside.extend(ids.filter_map(|id| document.element_by_id(NodeId::DOCUMENT, id)));
        }
        inside
    }

    /// An element without a node of its own sets the properties of the node around it.
    fn set_properties(&self, node: &mut Node, element: NodeId) {
        if node.role == Role::Link
            && let Some(href) = self.document.attribute(element, Attribute::Href)
        {
            set_property(node, PropertyName::Url, cut_data_url(href));
        }
        if node.role == Role::TextBox
            && let Some(placeholder) = self.document.attribute(element, Attribute::Placeholder)
            && placeholder != node.name
        {
            set_property(node, PropertyName::Placeholder, placeholder.to_owned());
        }
        node.properties.sort_by_key(|property| property.name);
    }

    /// Returns the node of a shown element, if it has one, and the elements that gave its name.
    fn node(&mut self, element: NodeId) -> Option<(Node, Vec<NodeId>)> {
        let document = self.document;
        let is_frame = document.is_html_named(element, Tag::IFrame)
            || document.is_html_named(element, Tag::Frame);
        if is_frame {
            let mut node = self.bare_node(element, Role::Iframe);
            self.set_reference(&mut node, element, true);
            return Some((node, Vec::new()));
        }
        let role = self.computed.role(element);
        let shown_role = match self.shape {
            Shape::Page | Shape::Compact => role.unwrap_or(Role::Generic),
            Shape::Test => role?,
        };
        if shown_role.is_presentational() {
            return None;
        }
        let name = self.namer.name(element, role);
        if shown_role == Role::Generic && self.is_plain_text_run(element) {
            return None;
        }
        let mut node = self.bare_node(element, shown_role);
        node.name = name.text;
        node.states = self.computed.states(element, shown_role);
        if self.additions.attributes {
            self.add_attributes(&mut node, element);
        }
        let receives_pointer = document.style(element).pointer_events;
        self.set_reference(&mut node, element, receives_pointer);
        if let Some(value) = self.shown_value(element) {
            push_text(&mut node.children, value);
        }
        Some((node, name.contributors))
    }

    fn add_attributes(&mut self, node: &mut Node, element: NodeId) {
        node.false_states = self.computed.false_states(element, &node.states);
        node.tokens = self.computed.tokens(element, node.role);
        node.properties = self.computed.values(element, node.role);
        let description = self.namer.description(element, &node.name);
        let error = match node.states.invalid {
            None | Some(Invalid::False) => String::new(),
            Some(_) => self.namer.referred(element, Attribute::AriaErrormessage),
        };
        for (name, value) in [
            (PropertyName::Description, description),
            (PropertyName::ErrorMessage, error),
        ] {
            if !value.is_empty() {
                set_property(node, name, value);
            }
        }
        node.properties.sort_by_key(|property| property.name);
    }

    fn bare_node(&self, element: NodeId, role: Role) -> Node {
        let document = self.document;
        let mut node = Node::new(role);
        node.source = Some(Source {
            frame: self.place.frame,
            element,
        });
        node.active =
            self.shape != Shape::Test && document.has_focus && document.active == Some(element);
        node.aria_hidden =
            self.shape != Shape::Page && document.is_true(element, Attribute::AriaHidden);
        node.cursor_pointer = self.shape != Shape::Test && document.style(element).pointer;
        node.rect = document.rect(element).map(|[x, y, width, height]| Rect {
            x,
            y,
            width,
            height,
        });
        node
    }

    fn set_reference(&mut self, node: &mut Node, element: NodeId, receives_pointer: bool) {
        let is_visible = self.computed.layout_box(element).visible;
        if self.shape == Shape::Test || !is_visible || !receives_pointer {
            return;
        }
        self.last_reference += 1;
        node.reference = Some(format!("{}e{}", self.place.prefix, self.last_reference));
        self.has_reference[element.index()] = true;
    }

    /// Only the elements that have a ref by now count.
    fn add_name_sources(&mut self, node: &Node, contributors: &[NodeId]) {
        let Some(source) = node.source.filter(|_| self.shape == Shape::Compact) else {
            return;
        };
        let sources: Vec<NodeId> = contributors
            .iter()
            .copied()
            .filter(|element| *element != source.element && self.has_reference[element.index()])
            .collect();
        if !sources.is_empty() {
            self.name_sources.insert(source.element, sources);
        }
    }

    /// Whether the element is inline and contains only text, so that its node would add nothing.
    fn is_plain_text_run(&self, element: NodeId) -> bool {
        let document = self.document;
        let mut children = document.children(element);
        self.computed.layout_box(element).inline
            && children
                .next()
                .is_some_and(|child| document.kind(child) == NodeKind::Text)
            && children.next().is_none()
            && !document.flags(element).has(ElementFlags::OTHER_CHILDREN)
    }

    fn shown_value(&self, element: NodeId) -> Option<&str> {
        let document = self.document;
        let shows_value = match document.tag(element) {
            Tag::Input => !matches!(document.input_type(element), "checkbox" | "radio" | "file"),
            Tag::TextArea => true,
            _ => false,
        };
        shows_value.then(|| document.value(element)).flatten()
    }
}

/// Appends to the last run of text.
fn push_text(children: &mut Vec<Child>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Child::Text(last)) = children.last_mut() {
        last.push_str(text);
    } else {
        children.push(Child::Text(text.to_owned()));
    }
}

fn set_property(node: &mut Node, name: PropertyName, value: String) {
    match node.properties.iter_mut().find(|one| one.name == name) {
        Some(property) => property.value = value,
        None => node.properties.push(Property { name, value }),
    }
}

/// Cuts the payload of a `data:` URL.
fn cut_data_url(url: &str) -> String {
    match url.strip_prefix("data:").and_then(|rest| rest.find(',')) {
        Some(comma) => format!("{}…", &url[.."data:".len() + comma + 1]),
        None => url.to_owned(),
    }
}
