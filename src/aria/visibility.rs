//! What is hidden from assistive technology, and what has a box to be seen.
//!
//! <https://www.w3.org/TR/wai-aria-1.2/#tree_exclusion>

use crate::dom::{Attribute, Display, Document, ElementFlags, NodeId, NodeKind, Tag, TextArea};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Box {
    /// Has an area and is not made invisible.
    pub(super) visible: bool,
    /// Flows inside a line.
    pub(super) inline: bool,
}

impl Box {
    fn visible(inline: bool) -> Box {
        let visible = true;
        Box { visible, inline }
    }
}

/// Whether the element never has content: <https://www.w3.org/TR/html-aam-1.0/#el-script>
pub(super) fn is_ignored(document: &Document, element: NodeId) -> bool {
    matches!(
        document.tag(element),
        Tag::Style | Tag::Script | Tag::NoScript | Tag::Template
    )
}

/// Whether a text is in the document but not on the page.
pub(super) fn is_text_not_rendered(document: &Document, text: NodeId) -> bool {
    let Some(parent) = document.parent_element(text) else {
        return false;
    };
    let not_slotted =
        document.shadow_root(parent).is_some() && document.assigned_slot(text).is_none();
    let in_closed_details =
        document.tag(parent) == Tag::Details && !document.flags(parent).has(ElementFlags::OPEN);
    not_slotted || in_closed_details
}

/// Returns for every node whether it is an element that is hidden from assistive technology.
pub(super) fn hidden_for_aria(document: &Document) -> Vec<bool> {
    let inherited = inherited_hidden(document);
    let mut hidden = vec![false; document.len()];
    // In reverse, because `display: contents` depends on the children.
    for element in document.ids().rev() {
        if document.is_element(element) {
            hidden[element.index()] = is_hidden(document, element, &inherited, &hidden);
        }
    }
    hidden
}

fn is_hidden(document: &Document, element: NodeId, inherited: &[bool], hidden: &[bool]) -> bool {
    if is_ignored(document, element) {
        return true;
    }
    let is_slot = document.is_html_named(element, Tag::Slot);
    if document.style(element).display == Display::Contents && !is_slot {
        return !document
            .children(element)
            .any(|child| match document.kind(child) {
                NodeKind::Element => !hidden[child.index()],
                NodeKind::Text => document.text_area(child) != TextArea::None,
                NodeKind::Document | NodeKind::ShadowRoot => false,
            });
    }
    // The options of a closed list have no boxes, but they are content.
    let is_option = document.is_html_named(element, Tag::Option)
        && document
            .inclusive_ancestors_in_tree(element)
            .any(|ancestor| document.tag(ancestor) == Tag::Select);
    if !is_option && !is_slot && !is_style_visible(document, element) {
        return true;
    }
    inherited[element.index()]
}

/// Whether an element with `display: contents` is shown only because of a text that the browser lays
/// out late.
///
/// Playwright finds such an element hidden when it asks for the first time, which it does for the
/// element itself, and shown later, when it asks for names and boxes.
pub(super) fn is_shown_late(document: &Document, element: NodeId, hidden: &[bool]) -> bool {
    let takes_part = |element| {
        document.style(element).display == Display::Contents
            && !document.is_html_named(element, Tag::Slot)
    };
    takes_part(element)
        // Playwright has asked about the parent before.
        && !document.parent_element(element).is_some_and(takes_part)
        && !document
            .children(element)
            .any(|child| match document.kind(child) {
                NodeKind::Element => !hidden[child.index()],
                NodeKind::Text => document.text_area(child) == TextArea::AtOnce,
                NodeKind::Document | NodeKind::ShadowRoot => false,
            })
}

/// Returns for every node whether it is hidden together with its subtree: by `display: none`, by
/// `aria-hidden`, or because a host with a shadow tree has no slot for it.
fn inherited_hidden(document: &Document) -> Vec<bool> {
    let mut hidden = vec![false; document.len()];
    for element in document.ids() {
        if !document.is_element(element) {
            continue;
        }
        let not_slotted = document
            .parent_element(element)
            .is_some_and(|parent| document.shadow_root(parent).is_some())
            && document.assigned_slot(element).is_none();
        hidden[element.index()] = not_slotted
            || document.style(element).display == Display::None
            || document.is_true(element, Attribute::AriaHidden)
            || document
                .parent_element_or_host(element)
                .is_some_and(|parent| hidden[parent.index()]);
    }
    hidden
}

fn is_style_visible(document: &Document, element: NodeId) -> bool {
    document.flags(element).has(ElementFlags::CHECK_VISIBILITY) && document.style(element).visible
}

/// Returns the box of every node.
pub(super) fn boxes(document: &Document) -> Vec<Box> {
    let mut boxes = vec![Box::default(); document.len()];
    for element in document.ids().rev() {
        if document.is_element(element) {
            boxes[element.index()] = layout_box(document, element, &boxes);
        }
    }
    boxes
}

fn layout_box(document: &Document, element: NodeId, boxes: &[Box]) -> Box {
    let style = document.style(element);
    if style.display == Display::Contents {
        // Playwright has asked before whether the element is hidden, but not for a slot.
        let is_first = document.is_html_named(element, Tag::Slot);
        let has_area = |text| match document.text_area(text) {
            TextArea::None => false,
            TextArea::AtOnce => true,
            TextArea::Late => !is_first,
        };
        for child in document.children(element) {
            match document.kind(child) {
                NodeKind::Element if boxes[child.index()].visible => return Box::visible(false),
                NodeKind::Text if has_area(child) => return Box::visible(true),
                _ => {}
            }
        }
        return Box::default();
    }
    if !is_style_visible(document, element) {
        return Box::default();
    }
    Box {
        visible: document.flags(element).has(ElementFlags::HAS_AREA),
        inline: style.display == Display::Inline,
    }
}
