//! What is hidden from assistive technology, and what has a box to be seen.
//!
//! <https://www.w3.org/TR/wai-aria-1.2/#tree_exclusion>

use crate::dom::{Attribute, Display, Document, ElementFlags, Kind, NodeId, Tag, TextArea};

/// An element's box, as far as the shapes of a snapshot ask for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Box {
    /// It covers an area and is not made invisible.
    pub(super) visible: bool,
    /// It flows inside a line.
    pub(super) inline: bool,
}

/// Elements that never stand for content: <https://www.w3.org/TR/html-aam-1.0/#el-script>
pub(super) fn is_ignored(document: &Document, element: NodeId) -> bool {
    matches!(
        document.tag(element),
        Tag::Style | Tag::Script | Tag::NoScript | Tag::Template
    )
}

/// Whether a text is in the document but nowhere on the page.
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

/// For every node, whether it is an element that assistive technology does not get.
pub(super) fn hidden_for_aria(document: &Document) -> Vec<bool> {
    let inherited = inherited_hidden(document);
    let mut hidden = vec![false; document.len()];
    // Backwards, so that the children of `display: contents` are known before their parent.
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
                Kind::Element => !hidden[child.index()],
                Kind::Text => document.text_area(child) != TextArea::None,
                Kind::Document | Kind::ShadowRoot => false,
            });
    }
    // Options of a closed list have no boxes, and are content all the same.
    let is_option = document.is_html_named(element, Tag::Option)
        && document
            .inclusive_ancestors_in_tree(element)
            .any(|ancestor| document.tag(ancestor) == Tag::Select);
    if !is_option && !is_slot && !is_style_visible(document, element) {
        return true;
    }
    inherited[element.index()]
}

/// Whether only a text that the browser lays out late keeps `display: contents` from being hidden.
/// To the first question, which is the one for the element itself, it is hidden; to those for names
/// and boxes, which come later, it is not.
pub(super) fn is_shown_late(document: &Document, element: NodeId, hidden: &[bool]) -> bool {
    let takes_part = |element| {
        document.style(element).display == Display::Contents
            && !document.is_html_named(element, Tag::Slot)
    };
    takes_part(element)
        // The question for the parent was the first one.
        && !document.parent_element(element).is_some_and(takes_part)
        && !document
            .children(element)
            .any(|child| match document.kind(child) {
                Kind::Element => !hidden[child.index()],
                Kind::Text => document.text_area(child) == TextArea::AtOnce,
                Kind::Document | Kind::ShadowRoot => false,
            })
}

/// Hidden by what holds for the whole subtree: `display: none`, `aria-hidden`, no slot to be in.
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
            || is_aria_hidden(document, element)
            || document
                .parent_element_or_host(element)
                .is_some_and(|parent| hidden[parent.index()]);
    }
    hidden
}

/// <https://www.w3.org/TR/wai-aria-1.2/#aria-hidden>
pub(super) fn is_aria_hidden(document: &Document, element: NodeId) -> bool {
    document
        .attribute(element, Attribute::AriaHidden)
        .is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

fn is_style_visible(document: &Document, element: NodeId) -> bool {
    document.flags(element).has(ElementFlags::CHECK_VISIBILITY) && document.style(element).visible
}

/// For every node, its box.
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
        // Whether the element is hidden has been the first question, and a slot is not asked.
        let is_first = document.is_html_named(element, Tag::Slot);
        let has_area = |text| match document.text_area(text) {
            TextArea::None => false,
            TextArea::AtOnce => true,
            TextArea::Late => !is_first,
        };
        for child in document.children(element) {
            match document.kind(child) {
                Kind::Element if boxes[child.index()].visible => {
                    return Box {
                        visible: true,
                        inline: false,
                    };
                }
                Kind::Text if has_area(child) => {
                    return Box {
                        visible: true,
                        inline: true,
                    };
                }
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
