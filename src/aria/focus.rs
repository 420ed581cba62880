//! Native disabling and focusability: <https://html.spec.whatwg.org/multipage/interaction.html#focusable-area>

use crate::dom::{Attribute, Document, NodeId, Tag, ecmascript};

/// <https://html.spec.whatwg.org/multipage/semantics-other.html#disabled-elements>
pub(super) fn is_natively_disabled(document: &Document, element: NodeId) -> bool {
    let tag = document.tag(element);
    matches!(
        tag,
        Tag::Button | Tag::Input | Tag::Select | Tag::TextArea | Tag::Option | Tag::OptGroup
    ) && (document.has_attribute(element, Attribute::Disabled)
        || tag == Tag::Option && closest_disabled(document, element, Tag::OptGroup).is_some()
        || is_in_disabled_fieldset(document, element))
}

fn closest_disabled(document: &Document, element: NodeId, tag: Tag) -> Option<NodeId> {
    document
        .inclusive_ancestors_in_tree(element)
        .find(|ancestor| {
            document.tag(*ancestor) == tag && document.has_attribute(*ancestor, Attribute::Disabled)
        })
}

/// The first legend of a disabled field set stays enabled.
/// <https://html.spec.whatwg.org/multipage/form-elements.html#concept-fieldset-disabled>
fn is_in_disabled_fieldset(document: &Document, element: NodeId) -> bool {
    let Some(fieldset) = closest_disabled(document, element, Tag::FieldSet) else {
        return false;
    };
    document
        .child_elements(fieldset)
        .find(|child| document.tag(*child) == Tag::Legend)
        .is_none_or(|legend| !document.contains(legend, element))
}

/// Whether the element can have the focus, which conflicts with `role=none`.
pub(super) fn is_focusable(document: &Document, element: NodeId) -> bool {
    !is_natively_disabled(document, element)
        && (is_natively_focusable(document, element) || has_tab_index(document, element))
}

fn is_natively_focusable(document: &Document, element: NodeId) -> bool {
    match document.tag(element) {
        Tag::Button | Tag::Details | Tag::Select | Tag::TextArea => true,
        Tag::A | Tag::Area => document.has_attribute(element, Attribute::Href),
        Tag::Input => !document.has_attribute(element, Attribute::Hidden),
        _ => false,
    }
}

/// As in Playwright, an empty `tabindex` is the number 0.
pub(super) fn has_tab_index(document: &Document, element: NodeId) -> bool {
    document
        .attribute(element, Attribute::Tabindex)
        .is_some_and(|value| ecmascript::number(value).is_some())
}
