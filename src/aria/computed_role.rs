//! The computed role: the author's if it is valid, otherwise the host language's.
//!
//! <https://www.w3.org/TR/wai-aria-1.2/#host_general_role>

use super::Role;
use super::focus::is_focusable;
use super::implicit_role::implicit_role;
use crate::dom::{Attribute, Document, NodeId, Tag, ecmascript};

/// Returns the computed role of every node.
pub(super) fn roles(document: &Document) -> Vec<Option<Role>> {
    document
        .ids()
        .map(|node| document.is_element(node).then(|| role(document, node))?)
        .collect()
}

fn role(document: &Document, element: NodeId) -> Option<Role> {
    let Some(explicit) = explicit_role(document, element) else {
        return implicit_or_inherited_role(document, element);
    };
    if explicit.is_presentational() {
        let implicit = implicit_or_inherited_role(document, element);
        if has_presentation_conflict(document, element, implicit) {
            return implicit;
        }
    }
    Some(explicit)
}

/// Returns the first token of the `role` attribute that is a role.
pub(super) fn explicit_role(document: &Document, element: NodeId) -> Option<Role> {
    let value = document.attribute(element, Attribute::Role)?;
    value
        .split(' ')
        .find_map(|token| Role::from_attribute_token(&ecmascript::trim(token).to_lowercase()))
}

/// Returns the implicit role. Where the element belongs to a presentational parent, as a row to its
/// table, it inherits the parent's role: <https://www.w3.org/TR/wai-aria-1.2/#presentation>
fn implicit_or_inherited_role(document: &Document, element: NodeId) -> Option<Role> {
    let implicit = implicit_role(document, element)?;
    let mut ancestor = element;
    while let Some(parent) = document.parent_element_or_host(ancestor) {
        if !inherits_presentation(document.tag(ancestor), document.tag(parent)) {
            break;
        }
        if let Some(role) = explicit_role(document, parent)
            && role.is_presentational()
            && !has_presentation_conflict(document, parent, Some(role))
        {
            return Some(role);
        }
        ancestor = parent;
    }
    Some(implicit)
}

fn inherits_presentation(child: Tag, parent: Tag) -> bool {
    matches!(
        (child, parent),
        (Tag::Dd | Tag::Dt, Tag::Dl | Tag::Div)
            | (Tag::Div, Tag::Dl)
            | (Tag::Li, Tag::Ol | Tag::Ul)
            | (Tag::TBody | Tag::TFoot | Tag::THead, Tag::Table)
            | (Tag::Td | Tag::Th, Tag::Tr)
            | (Tag::Tr, Tag::THead | Tag::TBody | Tag::TFoot | Tag::Table)
    )
}

/// <https://www.w3.org/TR/wai-aria-1.2/#conflict_resolution_presentation_none>
fn has_presentation_conflict(document: &Document, element: NodeId, role: Option<Role>) -> bool {
    has_global_attribute(document, element, role) || is_focusable(document, element)
}

/// Whether the element has a global attribute that the role does not prohibit.
/// <https://www.w3.org/TR/wai-aria-1.2/#global_states>
pub(super) fn has_global_attribute(
    document: &Document,
    element: NodeId,
    role: Option<Role>,
) -> bool {
    const ALWAYS: [Attribute; 14] = [
        Attribute::AriaAtomic,
        Attribute::AriaBusy,
        Attribute::AriaControls,
        Attribute::AriaCurrent,
        Attribute::AriaDescribedby,
        Attribute::AriaDetails,
        Attribute::AriaDropeffect,
        Attribute::AriaFlowto,
        Attribute::AriaGrabbed,
        Attribute::AriaHidden,
        Attribute::AriaKeyshortcuts,
        Attribute::AriaLive,
        Attribute::AriaOwns,
        Attribute::AriaRelevant,
    ];
    let has = |attribute| document.has_attribute(element, attribute);
    ALWAYS.into_iter().any(has)
        || !role.is_some_and(Role::prohibits_label)
            && (has(Attribute::AriaLabel) || has(Attribute::AriaLabelledby))
        || role != Some(Role::Generic) && has(Attribute::AriaRoledescription)
}
