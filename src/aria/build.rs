//! From elements to nodes: depth first, every DOM node at most once.

use super::Role;
use super::computed::Computed;
use super::css_content::pseudo_text;
use super::draft::{Draft, DraftChild, push_text};
use super::name::Namer;
use super::shape::{Additions, Shape};
use super::tree::{Invalid, Property, PropertyName, Rect, Source};
use super::visibility::is_text_not_rendered;
use crate::dom::{Attribute, Display, Document, Kind, NodeId, Pseudo, Tag, ecmascript};

/// What stands under the root, before any normalising.
pub(super) fn build(
    document: &Document,
    frame: u32,
    root: NodeId,
    (shape, additions): (Shape, Additions),
) -> Vec<DraftChild> {
    let computed = Computed::new(document);
    let mut builder = Builder {
        document,
        computed: &computed,
        namer: Namer::new(&computed),
        frame,
        shape,
        additions,
        visited: vec![false; document.len()],
        references: vec![None; document.len()],
        last_reference: 0,
    };
    let mut top = Draft::new(Role::None, builder.source(root));
    builder.visit(&mut top, root, true);
    top.children
}

struct Builder<'c, 'd> {
    document: &'d Document,
    computed: &'c Computed<'d>,
    namer: Namer<'c, 'd>,
    frame: u32,
    shape: Shape,
    additions: Additions,
    visited: Vec<bool>,
    references: Vec<Option<u32>>,
    last_reference: u32,
}

impl Builder<'_, '_> {
    fn source(&self, element: NodeId) -> Source {
        Source {
            frame: self.frame,
            element,
        }
    }

    fn visit(&mut self, parent: &mut Draft, node: NodeId, is_parent_shown: bool) {
        if std::mem::replace(&mut self.visited[node.index()], true) {
            return;
        }
        match self.document.kind(node) {
            Kind::Text => self.visit_text(parent, node, is_parent_shown),
            Kind::Element => self.visit_element(parent, node),
            Kind::Document | Kind::ShadowRoot => {}
        }
    }

    fn visit_text(&self, parent: &mut Draft, text: NodeId, is_parent_shown: bool) {
        // A text field shows its value, which is not the text in it.
        if is_parent_shown
            && parent.role != Role::TextBox
            && !is_text_not_rendered(self.document, text)
        {
            push_text(&mut parent.children, self.document.text(text));
        }
    }

    fn visit_element(&mut self, parent: &mut Draft, element: NodeId) {
        let is_exposed = !self.computed.is_hidden_at_first(element);
        let is_shown = match self.shape {
            Shape::Test if !is_exposed => return,
            Shape::Test => true,
            Shape::Page | Shape::Compact => is_exposed || self.computed.layout_box(element).visible,
        };
        let own = if is_shown { self.node(element) } else { None };
        match own {
            None => self.visit_content(parent, element, is_shown),
            Some((mut node, name_from)) => {
                self.visit_content(&mut node, element, is_shown);
                node.name_from = self.references_of(&name_from, node.reference);
                parent.children.push(DraftChild::Node(Box::new(node)));
            }
        }
    }

    /// Everything in an element, whether or not the element gave a node of its own.
    fn visit_content(&mut self, node: &mut Draft, element: NodeId, is_shown: bool) {
        let document = self.document;
        let on_own_line = document.style(element).display != Display::Inline
            || document.is_html_named(element, Tag::Br);
        let space = if on_own_line { " " } else { "" };
        push_text(&mut node.children, space);
        self.push_pseudo(node, element, Pseudo::Before);
        self.visit_children(node, element, is_shown);
        for owned in self.owned(element) {
            self.visit(node, owned, is_shown);
        }
        self.push_pseudo(node, element, Pseudo::After);
        push_text(&mut node.children, space);
        self.set_properties(node, element);
    }

    fn push_pseudo(&self, node: &mut Draft, element: NodeId, pseudo: Pseudo) {
        if let Some(text) = pseudo_text(self.document, element, pseudo) {
            push_text(&mut node.children, &text);
        }
    }

    fn visit_children(&mut self, node: &mut Draft, element: NodeId, is_shown: bool) {
        let document = self.document;
        let assigned = document.assigned_nodes(element);
        if !assigned.is_empty() && document.is_html_named(element, Tag::Slot) {
            for child in assigned {
                self.visit(node, *child, is_shown);
            }
            return;
        }
        for child in document.children(element) {
            if document.assigned_slot(child).is_none() {
                self.visit(node, child, is_shown);
            }
        }
        if let Some(root) = document.shadow_root(element) {
            for child in document.children(root) {
                self.visit(node, child, is_shown);
            }
        }
    }

    /// <https://www.w3.org/TR/wai-aria-1.2/#aria-owns>, looked up in the document even from within a
    /// shadow tree, as the reference does.
    fn owned(&self, element: NodeId) -> Vec<NodeId> {
        let Some(value) = self.document.attribute(element, Attribute::AriaOwns) else {
            return Vec::new();
        };
        value
            .split(ecmascript::is_white_space)
            .filter_map(|id| self.document.element_by_id(NodeId::DOCUMENT, id))
            .collect()
    }

    fn set_properties(&self, node: &mut Draft, element: NodeId) {
        // An element without a node of its own adds its properties to the node around it, which it
        // can only do as what that node already is.
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

    /// The node of an element that is shown, if it gives one, and the elements that its name is from.
    fn node(&mut self, element: NodeId) -> Option<(Draft, Vec<NodeId>)> {
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

    fn add_attributes(&mut self, node: &mut Draft, element: NodeId) {
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

    /// The references of elements that have one by now, less the node's own.
    fn references_of(&self, elements: &[NodeId], own: Option<u32>) -> Vec<u32> {
        if self.shape != Shape::Compact {
            return Vec::new();
        }
        elements
            .iter()
            .filter_map(|element| self.references[element.index()])
            .filter(|reference| Some(*reference) != own)
            .collect()
    }

    fn bare_node(&self, element: NodeId, role: Role) -> Draft {
        let document = self.document;
        let mut node = Draft::new(role, self.source(element));
        node.active =
            self.shape != Shape::Test && document.has_focus && document.active == Some(element);
        node.aria_hidden = self.shape != Shape::Page && document.is_true(element, Attribute::AriaHidden);
        node.pointer = self.shape != Shape::Test && document.style(element).pointer;
        node.rect = document.rect(element).map(|[x, y, width, height]| Rect {
            x,
            y,
            width,
            height,
        });
        node
    }

    fn set_reference(&mut self, node: &mut Draft, element: NodeId, receives_pointer: bool) {
        let is_visible = self.computed.layout_box(element).visible;
        if self.shape == Shape::Test || !is_visible || !receives_pointer {
            return;
        }
        self.last_reference += 1;
        node.reference = Some(self.last_reference);
        self.references[element.index()] = Some(self.last_reference);
    }

    /// An inline element around nothing but text says no more than the text.
    fn is_plain_text_run(&self, element: NodeId) -> bool {
        let document = self.document;
        let mut children = document.children(element);
        self.computed.layout_box(element).inline
            && children
                .next()
                .is_some_and(|child| document.kind(child) == Kind::Text)
            && children.next().is_none()
            && !document
                .flags(element)
                .has(crate::dom::ElementFlags::OTHER_CHILDREN)
    }

    fn shown_value(&self, element: NodeId) -> Option<&str> {
        match self.document.tag(element) {
            Tag::Input
                if matches!(
                    self.document.input_type(element),
                    "checkbox" | "radio" | "file"
                ) =>
            {
                None
            }
            Tag::Input | Tag::TextArea => self.document.value(element),
            _ => None,
        }
    }
}

fn set_property(node: &mut Draft, name: PropertyName, value: String) {
    match node.properties.iter_mut().find(|one| one.name == name) {
        Some(property) => property.value = value,
        None => node.properties.push(Property { name, value }),
    }
}

/// The payload of a `data:` URL would fill the page.
fn cut_data_url(url: &str) -> String {
    match url.strip_prefix("data:").and_then(|rest| rest.find(',')) {
        Some(comma) => format!("{}…", &url[.."data:".len() + comma + 1]),
        None => url.to_owned(),
    }
}
