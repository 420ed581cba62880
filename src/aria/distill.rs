//! From the tree as built to the tree as shown: one traversal, children before parents.
//!
//! Every shape joins its runs of text and unwraps empty generics. Shape `compact` also drops what is
//! redundant: <https://github.com/microsoft/playwright>, `ariaSnapshotDistiller.ts`.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::build::Built;
use super::role::{Category, Role};
use super::tree::{Child, Node};
use super::white_space::normalized;
use crate::dom::NodeId;

/// Which passes run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passes {
    /// Joins texts, unwraps generics.
    Normalize,
    /// Drops what is redundant as well. Levels below the limit are not shown, so that what they repeat
    /// stays.
    Distill { depth: Option<i32> },
}

/// Runs the passes. The traversal keeps its own stack, because trees can be deeper than the program's.
pub(super) fn distill(built: Built, passes: Passes) -> Vec<Child> {
    let mut distiller = Distiller {
        passes,
        name_sources: built.name_sources,
        pending: HashSet::new(),
    };
    let mut top = Box::new(Node::new(Role::None));
    top.children = built.children;
    let mut open = vec![Open::new(top, false)];
    loop {
        // The top is never taken from the stack here.
        let depth = open.len() - 1;
        let Some(current) = open.last_mut() else {
            return Vec::new();
        };
        match current.left.next() {
            Some(Child::Text(text)) => current.done.push(Child::Text(text)),
            Some(Child::Node(node)) => {
                distiller.enter(&node, depth);
                let in_click_target = current.in_click_target || is_click_target(&current.node);
                open.push(Open::new(node, in_click_target));
            }
            None => {
                let Some(mut closed) = open.pop() else {
                    return Vec::new();
                };
                closed.node.children = closed.done;
                let Some(parent) = open.last_mut() else {
                    join_texts(&mut closed.node.children);
                    return closed.node.children;
                };
                match distiller.exit(&mut closed.node, &parent.node.name, closed.in_click_target) {
                    Verdict::Keep => parent.done.push(Child::Node(closed.node)),
                    Verdict::Remove => {}
                    Verdict::Unwrap => parent.done.append(&mut closed.node.children),
                }
            }
        }
    }
}

/// A node whose children are being distilled.
struct Open {
    node: Box<Node>,
    left: std::vec::IntoIter<Child>,
    done: Vec<Child>,
    in_click_target: bool,
}

impl Open {
    fn new(mut node: Box<Node>, in_click_target: bool) -> Open {
        let left = std::mem::take(&mut node.children).into_iter();
        Open {
            node,
            done: Vec::with_capacity(left.len()),
            left,
            in_click_target,
        }
    }
}

struct Distiller {
    passes: Passes,
    name_sources: HashMap<NodeId, Vec<NodeId>>,
    /// Elements that gave a name its text and do not show that text themselves.
    pending: HashSet<NodeId>,
}

enum Verdict {
    Keep,
    Remove,
    Unwrap,
}

impl Distiller {
    fn enter(&mut self, node: &Node, depth: usize) {
        let Passes::Distill { depth: limit } = self.passes else {
            return;
        };
        let Some(element) = element_with_reference(node) else {
            return;
        };
        self.pending
            .extend(self.name_sources.get(&element).into_iter().flatten());
        let is_beyond_limit =
            limit.is_some_and(|limit| !usize::try_from(limit).is_ok_and(|limit| depth <= limit));
        if !is_beyond_limit && !is_leaf_generic(node) {
            self.pending.remove(&element);
        }
    }

    fn exit(&mut self, node: &mut Node, parent_name: &str, in_click_target: bool) -> Verdict {
        join_texts(&mut node.children);
        if node.only_text() == Some(&node.name) {
            node.children.clear();
        }
        let is_click_target_root = is_click_target(node) && !in_click_target;
        if matches!(self.passes, Passes::Distill { .. }) {
            let is_nameless_image =
                node.role == Role::Img && node.name.is_empty() && node.children.is_empty();
            if is_nameless_image && !is_click_target_root {
                return Verdict::Remove;
            }
            self.drop_redundant_name(node);
            inline_text(node);
            if self.is_name_repeated(node, parent_name) {
                return Verdict::Remove;
            }
        }
        if is_superfluous_generic(node, is_click_target_root) {
            return Verdict::Unwrap;
        }
        Verdict::Keep
    }

    fn drop_redundant_name(&mut self, node: &mut Node) {
        let sources = element_with_reference(node).and_then(|one| self.name_sources.get(&one));
        let Some(sources) = sources else { return };
        let is_shown_below = !sources.iter().any(|source| self.pending.contains(source));
        if is_shown_below && !is_identified_by_name(node.role) {
            node.name.clear();
        } else {
            for source in sources {
                self.pending.remove(source);
            }
        }
    }

    fn is_name_repeated(&mut self, node: &Node, parent_name: &str) -> bool {
        if parent_name.is_empty()
            || node.role != Role::Generic
            || node.active
            || has_properties(node)
        {
            return false;
        }
        let content = if node.name.is_empty() {
            node.only_text()
        } else {
            Some(node.name.as_str()).filter(|_| node.children.is_empty())
        };
        let is_repeated = content == Some(parent_name);
        if is_repeated {
            self.pending.extend(element_with_reference(node));
        }
        is_repeated
    }
}

fn element_with_reference(node: &Node) -> Option<NodeId> {
    node.reference.as_ref()?;
    Some(node.source?.element)
}

/// Whether the node can be clicked and shows that by its cursor.
pub(super) fn is_click_target(node: &Node) -> bool {
    node.reference.is_some() && node.cursor_pointer
}

fn has_properties(node: &Node) -> bool {
    !node.properties.is_empty() || !node.tokens.is_empty() || node.aria_hidden
}

fn is_leaf_generic(node: &Node) -> bool {
    node.role == Role::Generic
        && node
            .children
            .iter()
            .all(|child| matches!(child, Child::Text(_)))
}

/// Joins and normalises the runs of text, which are apart where a node between them was removed.
fn join_texts(children: &mut Vec<Child>) {
    children.dedup_by(|later, earlier| match (later, earlier) {
        (Child::Text(later), Child::Text(earlier)) => {
            earlier.push_str(later);
            true
        }
        _ => false,
    });
    children.retain_mut(|child| match child {
        Child::Text(text) => {
            if let Cow::Owned(normal) = normalized(text) {
                *text = normal;
            }
            !text.is_empty()
        }
        Child::Node(_) => true,
    });
}

fn inline_text(node: &mut Node) {
    if node.role != Role::Generic || has_properties(node) {
        return;
    }
    let [Child::Node(child)] = node.children.as_mut_slice() else {
        return;
    };
    let is_plain = child.role == Role::Generic
        && child.name.is_empty()
        && !child.active
        && !has_properties(child);
    if is_plain && child.only_text().is_some() {
        let text = std::mem::take(&mut child.children);
        node.children = text;
    }
}

fn is_superfluous_generic(node: &Node, is_click_target_root: bool) -> bool {
    // A generic has properties only with `Additions::attributes`.
    let says_nothing = node.name.is_empty() && node.tokens.is_empty() && node.properties.is_empty();
    if node.role != Role::Generic || !says_nothing {
        return false;
    }
    match node.children.as_slice() {
        [] => !is_click_target_root,
        [Child::Node(child)] => child.reference.is_some(),
        _ => false,
    }
}

/// Whether users distinguish nodes of this role by their names, so that the name stays even where the
/// content repeats it.
fn is_identified_by_name(role: Role) -> bool {
    match role.category() {
        Category::Landmark | Category::Window => true,
        Category::Composite => role != Role::ComboBox,
        Category::Live => false,
        Category::Structure | Category::Widget => matches!(
            role,
            Role::Application
                | Role::ColumnHeader
                | Role::Document
                | Role::Figure
                | Role::Group
                | Role::RowHeader
                | Role::Table
                | Role::TabPanel
                | Role::Toolbar
        ),
    }
}
