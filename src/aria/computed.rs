//! What is computed once per element, in one pass each, and which skipped layouts the names so far
//! have made the browser do: nodes are asked about in the order in which the reference asks.

use std::cell::RefCell;
use std::collections::HashSet;

use super::{Role, computed_role, state, visibility};
use crate::dom::{Document, ElementFlags, NodeId};

/// A document with the roles and the visibility of its elements.
pub(super) struct Computed<'d> {
    pub(super) document: &'d Document,
    roles: Vec<Option<Role>>,
    hidden: Vec<bool>,
    boxes: Vec<visibility::Box>,
    aria_disabled: Vec<bool>,
    has_late_boxes: bool,
    /// Of the elements that the browser lays out late, those that something asked it to.
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

    /// The computed role; `None` where the element has none.
    pub(super) fn role(&self, element: NodeId) -> Option<Role> {
        self.roles[element.index()]
    }

    /// Whether assistive technology does not get to know of the element.
    pub(super) fn is_hidden(&self, element: NodeId) -> bool {
        self.hidden[element.index()]
    }

    /// The same when the browser is asked for the first time.
    pub(super) fn is_hidden_at_first(&self, element: NodeId) -> bool {
        self.is_hidden(element) || visibility::is_shown_late(self.document, element, &self.hidden)
    }

    /// The element's box, as it is after the names that were computed up to now.
    pub(super) fn layout_box(&self, element: NodeId) -> visibility::Box {
        let laid_out = self.has_late_boxes && self.laid_out.borrow().contains(&element);
        let known = self.boxes[element.index()];
        visibility::Box {
            visible: known.visible || laid_out,
            ..known
        }
    }

    /// A name is computed from the element: that makes the browser lay out what is around it.
    pub(super) fn look_at(&self, element: NodeId) {
        if !self.has_late_boxes {
            return;
        }
        let around = self.document.inclusive_ancestors(element).skip(1);
        let late = around.filter(|around| is_late(self.document, *around));
        self.laid_out.borrow_mut().extend(late);
    }

    /// Whether `aria-disabled` on the element or around it disables it.
    pub(super) fn is_aria_disabled(&self, element: NodeId) -> bool {
        self.aria_disabled[element.index()]
    }
}

fn is_late(document: &Document, node: NodeId) -> bool {
    document.is_element(node) && document.flags(node).has(ElementFlags::HAS_AREA_LATE)
}
