//! Matching as Playwright's `toMatchAriaSnapshot` does it:
//! <https://playwright.dev/docs/aria-snapshots#matching>

use super::matching::Matcher;
use crate::aria::{Child, Node, Tree};
use crate::snapshot::Template;
use crate::snapshot::template::{ChildrenMode, Item, NodeItem};

/// Whether the template is found in the tree: a template of one entry anywhere, one of several as a
/// list of children anywhere.
pub(super) fn matches(template: &Template, tree: &Tree, matcher: &Matcher) -> bool {
    let mode = template.children_mode();
    let is_list = |mode: Option<ChildrenMode>| !matches!(mode, None | Some(ChildrenMode::Contain));
    match template.children.as_slice() {
        [item] if !is_list(mode) => any_child(&tree.children, &mut |child| {
            one(item, child, false, matcher)
        }),
        items => {
            let matches = |children: &[Child]| list(mode, false, items, children, matcher);
            matches(&tree.children) || any_node(&tree.children, &mut |node| matches(&node.children))
        }
    }
}

/// In document order; trees can be deeper than the stack.
fn any_child(children: &[Child], test: &mut impl FnMut(&Child) -> bool) -> bool {
    let mut open: Vec<&Child> = children.iter().rev().collect();
    while let Some(child) = open.pop() {
        if test(child) {
            return true;
        }
        if let Child::Node(node) = child {
            open.extend(node.children.iter().rev());
        }
    }
    false
}

fn any_node(children: &[Child], test: &mut impl FnMut(&Node) -> bool) -> bool {
    any_child(children, &mut |child| match child {
        Child::Text(_) => false,
        Child::Node(node) => test(node),
    })
}

fn one(item: &Item, child: &Child, deep: bool, matcher: &Matcher) -> bool {
    match (item, child) {
        (Item::Text(text), Child::Text(value)) => matcher.text(&text.test, value),
        (Item::Node(item), Child::Node(node)) => self::node(item, node, deep, matcher),
        (Item::Text(_), Child::Node(_)) | (Item::Node(_), Child::Text(_)) => false,
    }
}

fn node(item: &NodeItem, node: &Node, deep: bool, matcher: &Matcher) -> bool {
    let mode = item.children_mode();
    matcher.key(&item.test, node)
        && matcher.different_properties(item, node).is_empty()
        && list(mode, deep, &item.children, &node.children, matcher)
}

/// `deep`: inside of a node with `deep-equal`. A directive of its own wins over it.
fn list(
    mode: Option<ChildrenMode>,
    deep: bool,
    items: &[Item],
    children: &[Child],
    matcher: &Matcher,
) -> bool {
    let equal = |deep: bool| {
        items.len() == children.len()
            && items
                .iter()
                .zip(children)
                .all(|(item, child)| one(item, child, deep, matcher))
    };
    match mode {
        Some(ChildrenMode::Equal) => equal(false),
        Some(ChildrenMode::DeepEqual) => equal(true),
        None if deep => equal(true),
        Some(ChildrenMode::Contain) | None => {
            let mut rest = children.iter();
            items
                .iter()
                .all(|item| rest.any(|child| one(item, child, false, matcher)))
        }
    }
}
