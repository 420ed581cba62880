//! Step 2F: the name from content, with generated text.

use super::{Namer, Step, Target, Traversal};
use crate::aria::{Role, css_content, visibility};
use crate::dom::{Attribute, Display, NodeId, NodeKind, Pseudo, Tag, ecmascript};

impl Namer<'_, '_> {
    pub(super) fn name_from_content(&mut self, element: NodeId, traversal: Traversal) -> Step {
        if !self.allows_content(element, traversal) {
            return Step::Open;
        }
        self.visit(element);
        let start = self.mark();
        self.accumulate(element, traversal.inside());
        let text = &self.text[start.text..];
        let is_blank = ecmascript::trim(text).is_empty();
        let is_settled = match traversal.target {
            Some(Target::Itself) => !is_blank,
            Some(Target::Descendant) | None => !text.is_empty(),
        };
        if !is_settled {
            self.take_back(start);
            return Step::Open;
        }
        if !is_blank {
            self.contributors.push(element);
        }
        Step::Settled
    }

    fn allows_content(&self, element: NodeId, traversal: Traversal) -> bool {
        let role = self.computed.role(element);
        let is_descendant = traversal.target == Some(Target::Descendant);
        let is_summary = self.computed.document.tag(element) == Tag::Summary
            && !role.is_some_and(Role::is_presentational);
        role.is_some_and(Role::is_named_by_content)
            || is_descendant && role.is_none_or(Role::lends_content)
            || is_summary
            || traversal.labelled_by.is_some()
            || traversal.label.is_some()
            || traversal.native.is_some()
    }

    /// Appends everything that the element contains, in reading order.
    fn accumulate(&mut self, element: NodeId, traversal: Traversal) {
        let document = self.computed.document;
        self.push_pseudo(element, Pseudo::Before);
        if let Some(text) = css_content::replaced_text(document, element) {
            self.text.push_str(&text);
        } else {
            self.accumulate_children(element, traversal);
        }
        self.push_pseudo(element, Pseudo::After);
    }

    fn push_pseudo(&mut self, element: NodeId, pseudo: Pseudo) {
        if let Some(text) = css_content::pseudo_text(self.computed.document, element, pseudo) {
            self.text.push_str(&text);
        }
    }

    fn accumulate_children(&mut self, element: NodeId, traversal: Traversal) {
        let document = self.computed.document;
        let assigned = if document.is_html_named(element, Tag::Slot) {
            document.assigned_nodes(element)
        } else {
            &[]
        };
        if !assigned.is_empty() {
            for node in assigned {
                self.accumulate_node(*node, traversal);
            }
            return;
        }
        for child in document.children(element) {
            self.accumulate_unslotted(child, traversal);
        }
        if let Some(root) = document.shadow_root(element) {
            for child in document.children(root) {
                self.accumulate_unslotted(child, traversal);
            }
        }
        for owned in document.id_references(element, Attribute::AriaOwns) {
            self.accumulate_unslotted(owned, traversal);
        }
    }

    fn accumulate_unslotted(&mut self, node: NodeId, traversal: Traversal) {
        if self.computed.document.assigned_slot(node).is_none() {
            self.accumulate_node(node, traversal);
        }
    }

    fn accumulate_node(&mut self, node: NodeId, traversal: Traversal) {
        let document = self.computed.document;
        match document.kind(node) {
            NodeKind::Element => {
                let on_own_line = document.style(node).display != Display::Inline
                    || document.is_html_named(node, Tag::Br);
                if on_own_line {
                    self.text.push(' ');
                }
                self.text_alternative(node, traversal);
                if on_own_line {
                    self.text.push(' ');
                }
            }
            NodeKind::Text => {
                let is_skipped = !traversal.is_in_hidden_reference()
                    && visibility::is_text_not_rendered(document, node);
                if !is_skipped {
                    self.text.push_str(document.text(node));
                }
            }
            NodeKind::Document | NodeKind::ShadowRoot => {}
        }
    }
}
