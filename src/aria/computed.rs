//! What is computed once per element, in one pass each.

use super::{Role, computed_role, state, visibility};
use crate::dom::{Document, NodeId};

/// A document with the roles and the visibility of its elements.
pub(super) struct Computed<'d> {
    pub(super) document: &'d Document,
    roles: Vec<Option<Role>>,
    hidden: Vec<bool>,
    boxes: Vec<visibility::Box>,
    aria_disabled: Vec<bool>,
}

impl<'d> Computed<'d> {
    pub(super) fn new(document: &'d Document) -> Computed<'d> {
        Computed {
            document,
            roles: computed_role::roles(document),
            hidden: visibility::hidden_for_aria(document),
            boxes: visibility::boxes(document),
            aria_disabled: state::aria_disabled(document),
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

    /// The element's box.
    pub(super) fn layout_box(&self, element: NodeId) -> visibility::Box {
        self.boxes[element.index()]
    }

    /// Whether `aria-disabled` on the element or around it disables it.
    pub(super) fn is_aria_disabled(&self, element: NodeId) -> bool {
        self.aria_disabled[element.index()]
    }
}
