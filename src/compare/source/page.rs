//! A page as the units of text that parts of a source can be found among.

use super::fold::fold;
use crate::aria::tree::PropertyName;
use crate::aria::{Child, Node, Role, Tree};

/// A text of the page with what it is the text of.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) kind: UnitKind,
    /// In the form for comparing: whole, and without what generators of sites add.
    pub(super) forms: Vec<String>,
    /// As the page has it.
    pub(super) text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum UnitKind {
    Heading { level: Option<u32> },
    Text { place: TextPlace },
    Link { target: Option<String> },
    Image,
}

/// What a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextPlace {
    ListItem,
    ColumnHeader,
    Elsewhere,
}

/// The units in the order of the page. Depth is that of the page's elements.
pub(super) fn units(tree: &Tree) -> Vec<Unit> {
    let mut units = Vec::new();
    content(&tree.children, TextPlace::Elsewhere, false, &mut units);
    units
}

/// What shares a line of text with others.
fn is_inline(role: Role) -> bool {
    matches!(
        role,
        Role::Link
            | Role::Strong
            | Role::Emphasis
            | Role::Code
            | Role::Deletion
            | Role::Insertion
            | Role::Mark
            | Role::Subscript
            | Role::Superscript
            | Role::Time
            | Role::Img
            | Role::Button
            | Role::Checkbox
            | Role::Math
    )
}

/// Whether nothing in a node makes lines of its own.
fn is_line(node: &Node) -> bool {
    node.children.iter().all(|child| match child {
        Child::Text(_) => true,
        Child::Node(node) => {
            is_inline(node.role) || matches!(node.role, Role::Generic) && is_line(node)
        }
    })
}

/// The units of a node's content: runs of text between the nodes that make lines of their own.
fn content(children: &[Child], place: TextPlace, is_phrase: bool, units: &mut Vec<Unit>) {
    let has_text = children.iter().any(|child| matches!(child, Child::Text(_)));
    let mut run: Vec<&Child> = Vec::new();
    for child in children {
        let is_part = match child {
            Child::Text(_) => true,
            Child::Node(node) if is_inline(node.role) => is_line(node),
            // A `<span>` is part of a line; a `<div>` has its own.
            Child::Node(node) => {
                node.role == Role::Generic && (has_text || is_phrase) && is_line(node)
            }
        };
        if is_part {
            run.push(child);
        } else {
            line(&std::mem::take(&mut run), place, units);
            if let Child::Node(node) = child {
                block(node, place, units);
            }
        }
    }
    line(&run, place, units);
}

fn block(node: &Node, place: TextPlace, units: &mut Vec<Unit>) {
    match node.role {
        Role::Heading => {
            heading(node, units);
            inlines(&node.children, units);
        }
        Role::Link => inline(node, units),
        role => {
            let place = match role {
                Role::ListItem => TextPlace::ListItem,
                Role::ColumnHeader | Role::RowHeader => TextPlace::ColumnHeader,
                Role::Generic | Role::Paragraph => place,
                _ => TextPlace::Elsewhere,
            };
            if node.children.is_empty() && (has_own_text(role) || !node.name.is_empty()) {
                units.push(text_unit(place, &node.name, Vec::new()));
            }
            content(&node.children, place, role == Role::Paragraph, units);
        }
    }
}

/// Whether an empty node of the role is a text that got lost.
fn has_own_text(role: Role) -> bool {
    matches!(
        role,
        Role::Paragraph | Role::ListItem | Role::ColumnHeader | Role::RowHeader
    )
}

fn heading(node: &Node, units: &mut Vec<Unit>) {
    let mut whole = String::new();
    text_of(&node.children, true, &mut whole);
    let mut own = String::new();
    text_of(&node.children, false, &mut own);
    let text = if node.children.is_empty() {
        node.name.clone()
    } else if own.trim().is_empty() {
        whole.clone()
    } else {
        own.clone()
    };
    let mut forms = vec![fold(&node.name), fold(&whole), fold(&own)];
    // <https://docusaurus.io/docs/markdown-features/toc>: the name of the anchor is part of the
    // heading's name.
    if let Some((before, _)) = node.name.split_once("Direct link to") {
        forms.push(fold(before));
    }
    forms.extend(without_mark(&node.name));
    units.push(Unit {
        kind: UnitKind::Heading {
            level: node.states.level,
        },
        forms: distinct(forms),
        text,
    });
}

/// Sphinx, MkDocs and their like put a sign behind a heading.
fn without_mark(name: &str) -> Option<String> {
    let before = name.trim_end().strip_suffix(['#', '¶', '§'])?;
    Some(fold(before))
}

fn distinct(mut forms: Vec<String>) -> Vec<String> {
    let is_first = forms.iter().any(|form| !form.is_empty());
    forms.retain(|form| !(is_first && form.is_empty()));
    forms.sort();
    forms.dedup();
    forms
}

/// A run of text, and the links and images in it.
fn line(run: &[&Child], place: TextPlace, units: &mut Vec<Unit>) {
    if run.is_empty() {
        return;
    }
    let mut whole = String::new();
    let mut own = String::new();
    for child in run {
        let child = std::slice::from_ref(*child);
        text_of(child, true, &mut whole);
        text_of(child, false, &mut own);
    }
    if !whole.trim().is_empty() {
        units.push(text_unit(place, &whole, vec![fold(&own)]));
    }
    for child in run {
        inlines(std::slice::from_ref(*child), units);
    }
}

fn text_unit(place: TextPlace, text: &str, mut forms: Vec<String>) -> Unit {
    forms.push(fold(text));
    Unit {
        kind: UnitKind::Text { place },
        forms: distinct(forms),
        text: text.trim().to_owned(),
    }
}

/// The text that a reader reads: without the alternatives of images. `with_anchors`: links
/// within the page count.
fn text_of(children: &[Child], with_anchors: bool, text: &mut String) {
    for child in children {
        match child {
            Child::Text(own) => push(text, own),
            Child::Node(node) if node.role == Role::Img => {}
            Child::Node(node) if !with_anchors && is_anchor(node) => {}
            Child::Node(node) if node.children.is_empty() => push(text, &node.name),
            Child::Node(node) => text_of(&node.children, with_anchors, text),
        }
    }
}

fn push(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

fn is_anchor(node: &Node) -> bool {
    node.role == Role::Link
        && node
            .property(PropertyName::Url)
            .is_some_and(|url| url.starts_with('#'))
}

fn inlines(children: &[Child], units: &mut Vec<Unit>) {
    for child in children {
        if let Child::Node(node) = child {
            inline(node, units);
        }
    }
}

fn inline(node: &Node, units: &mut Vec<Unit>) {
    match node.role {
        Role::Link => {
            let mut text = String::new();
            text_of(&node.children, true, &mut text);
            let forms = vec![fold(&node.name), fold(&text)];
            let target = node.property(PropertyName::Url).map(str::to_owned);
            units.push(Unit {
                kind: UnitKind::Link { target },
                forms: distinct(forms),
                text: if text.trim().is_empty() {
                    node.name.clone()
                } else {
                    text
                },
            });
            // A card: a link around whole blocks.
            content(&node.children, TextPlace::Elsewhere, true, units);
        }
        Role::Img => units.push(Unit {
            kind: UnitKind::Image,
            forms: vec![fold(&node.name)],
            text: node.name.clone(),
        }),
        _ => inlines(&node.children, units),
    }
}
