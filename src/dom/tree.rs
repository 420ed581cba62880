//! The tree: children, parents across shadow roots, identifiers.

use super::{Attribute, Document, NodeId, NodeKind, Tag};

impl Document {
    /// Returns the child nodes, without the shadow root.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.nodes[node.index()].first_child, |child| {
            self.nodes[child.index()].next_sibling
        })
    }

    /// Returns the child elements.
    pub fn child_elements(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.children(node).filter(|child| self.is_element(*child))
    }

    /// Returns all elements below a node within the same tree, in order.
    pub fn descendant_elements(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut pending: Vec<NodeId> = Vec::new();
        self.push_children_reversed(node, &mut pending);
        std::iter::from_fn(move || {
            let next = pending.pop()?;
            self.push_children_reversed(next, &mut pending);
            Some(next)
        })
    }

    fn push_children_reversed(&self, node: NodeId, pending: &mut Vec<NodeId>) {
        let at = pending.len();
        pending.extend(self.child_elements(node));
        pending[at..].reverse();
    }

    /// Returns the parent node: an element, the document or a shadow root.
    pub fn parent(&self, node: NodeId) -> NodeId {
        self.nodes[node.index()].parent
    }

    /// `node.parentElement`
    pub fn parent_element(&self, node: NodeId) -> Option<NodeId> {
        Some(self.parent(node)).filter(|parent| self.is_element(*parent))
    }

    /// Returns the parent element, or the host where the parent is a shadow root.
    pub fn parent_element_or_host(&self, node: NodeId) -> Option<NodeId> {
        let parent = self.parent(node);
        match self.kind(parent) {
            NodeKind::Element => Some(parent),
            NodeKind::ShadowRoot => Some(self.parent(parent)),
            NodeKind::Document | NodeKind::Text => None,
        }
    }

    /// Returns the element and its ancestors, innermost first, across shadow roots.
    pub fn inclusive_ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(node), |element| self.parent_element_or_host(*element))
    }

    /// Returns the element and its ancestors within the same tree.
    pub fn inclusive_ancestors_in_tree(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(node), |element| self.parent_element(*element))
    }

    /// Returns whether `ancestor` is the element or an ancestor within the same tree.
    pub fn contains(&self, ancestor: NodeId, node: NodeId) -> bool {
        self.inclusive_ancestors_in_tree(node)
            .any(|element| element == ancestor)
    }

    /// Returns the shadow root of an element.
    pub fn shadow_root(&self, node: NodeId) -> Option<NodeId> {
        self.element(node)?.shadow_root
    }

    /// Returns the root of the element's tree: the document or a shadow root.
    pub fn scope(&self, node: NodeId) -> NodeId {
        self.element(node)
            .map_or(NodeId::DOCUMENT, |element| element.scope)
    }

    /// Returns the first element with that identifier in a tree.
    pub fn element_by_id(&self, scope: NodeId, id: &str) -> Option<NodeId> {
        let string = *self.string_ids.get(id)?;
        self.ids.get(&(scope, string)).copied()
    }

    /// Returns the first element in a tree that an identifier's selector matches.
    /// <https://drafts.csswg.org/selectors-4/#id-selectors>
    fn element_by_id_selector(&self, scope: NodeId, id: &str) -> Option<NodeId> {
        if self.is_quirky {
            let key = (scope, id.to_ascii_lowercase());
            return self.quirky_ids.get(&key).copied();
        }
        self.element_by_id(scope, id)
    }

    /// Returns the elements that an attribute refers to by IDREFs in the element's own tree, each once.
    /// <https://www.w3.org/TR/wai-aria-1.2/#valuetype_idref_list>
    pub fn id_references(&self, node: NodeId, attribute: Attribute) -> Vec<NodeId> {
        let mut found = Vec::new();
        let scope = self.scope(node);
        let value = self.attribute(node, attribute).unwrap_or_default();
        for id in value.split([' ', '\t', '\n', '\u{c}', '\r']) {
            if let Some(element) = self.element_by_id_selector(scope, id)
                && !found.contains(&element)
            {
                found.push(element);
            }
        }
        found
    }

    /// `node.textContent`
    pub fn text_content(&self, node: NodeId) -> String {
        let mut text = String::new();
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            text.push_str(self.text(node));
            let at = pending.len();
            pending.extend(self.children(node));
            pending[at..].reverse();
        }
        text
    }

    /// Returns the first `body` or `frameset` in document order.
    /// <https://html.spec.whatwg.org/multipage/dom.html#the-body-element-2>
    pub fn body(&self) -> Option<NodeId> {
        self.descendant_elements(NodeId::DOCUMENT)
            .find(|element| matches!(self.tag(*element), Tag::Body | Tag::FrameSet))
    }
}
