//! What the rules compute once per element.
//!
//! Chromium lays out the content of `content-visibility: hidden` only when something asks for a style
//! inside. So the results depend on the order of questions, and these types follow Playwright's order.

use std::cell::RefCell;
use std::collections::HashSet;

use super::{Role, computed_role, state, visibility};
use crate::dom::{Document, ElementFlags, NodeId};

pub(super) struct Computed<'d> {
    pub(super) document: &'d Document,
    roles: Vec<Option<Role>>,
    hidden: Vec<bool>,
    boxes: Vec<visibility::Box>,
    aria_disabled: Vec<bool>,
    has_late_boxes: bool,
    /// The elements that the browser has laid out by now, of those that it lays out late.
    laid_out: RefCell<HashSet<NodeId>>,
}

impl<'d> Computed<'d> {
    pub(super) fn new(document: &'d Document) -> Computed<'d> {
        Computed {
            document,
            roles: computed_role::roles(document),
            hidden: visibility::hidden_for_aria(document),
            boxes: visibility::boxes(document),
            aria_disabled: state::aria_disabled(document),
            has_late_boxes: document.ids().any(|node| is_late(document, node)),
            laid_out: RefCell::default(),
        }
    }

    pub(super) fn role(&self, element: NodeId) -> Option<Role> {
        self.roles[element.index()]
    }

    /// Whether the element is hidden from assistive technology.
    pub(super) fn is_hidden(&self, element: NodeId) -> bool {
        self.hidden[element.index()]
    }

    /// As [`is_hidden`](Self::is_hidden), for the first question about the element.
    pub(super) fn is_hidden_at_first(&self, element: NodeId) -> bool {
        self.is_hidden(element) || visibility::is_shown_late(self.document, element, &self.hidden)
    }

    /// Returns the element's box after the names that were computed so far.
    pub(super) fn layout_box(&self, element: NodeId) -> visibility::Box {
        let laid_out = self.has_late_boxes && self.laid_out.borrow().contains(&element);
        let known = self.boxes[element.index()];
        visibility::Box {
            visible: known.visible || laid_out,
            ..known
        }
    }

    /// Records that a name uses the element, which makes the browser lay out its ancestors.
    pub(super) fn look_at(&self, element: NodeId) {
        if !self.has_late_boxes {
            return;
        }
        let ancestors = self.document.inclusive_ancestors(element).skip(1);
        let late = ancestors.filter(|ancestor| is_late(self.document, *ancestor));
        self.laid_out.borrow_mut().extend(late);
    }

    pub(super) fn is_aria_disabled(&self, element: NodeId) -> bool {
        self.aria_disabled[element.index()]
    }
}

fn is_late(document: &Document, node: NodeId) -> bool {
    document.is_element(node) && document.flags(node).has(ElementFlags::HAS_AREA_LATE)
}
