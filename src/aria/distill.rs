//! From the tree as built to the tree as told: one traversal, children before parents.
//!
//! Every shape joins its runs of text and unwraps empty generics. Shape `compact` also drops what
//! repeats itself: <https://github.com/microsoft/playwright>, `ariaSnapshotDistiller.ts`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::draft::{Draft, DraftChild};
use super::role::{Category, Role};
use super::white_space::normalized;

/// Which passes run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passes {
    /// Join texts, unwrap generics.
    Normalize,
    /// And drop what is redundant. Levels below the limit are not shown, so that what they repeat stays.
    Distill {
        /// The deepest level that is shown; all where it is `None`.
        depth: Option<i32>,
    },
}

/// Runs the passes over everything under the root.
pub(super) fn distill(mut children: Vec<DraftChild>, passes: Passes) -> Vec<DraftChild> {
    let mut distiller = Distiller {
        passes,
        pending: HashSet::new(),
    };
    let top = Parent {
        name: "",
        in_click_target: false,
        depth: -1,
    };
    distiller.children(&mut children, &top);
    join_texts(&mut children);
    children
}

struct Distiller {
    passes: Passes,
    /// References of nodes that lent text to a name and do not show that text themselves.
    pending: HashSet<u32>,
}

/// What a node knows of the nodes around it.
struct Parent<'a> {
    name: &'a str,
    in_click_target: bool,
    depth: i32,
}

/// What becomes of a node.
enum Verdict {
    Keep,
    Remove,
    Unwrap,
}

impl Distiller {
    fn children(&mut self, children: &mut Vec<DraftChild>, parent: &Parent<'_>) {
        let mut others = Vec::new();
        for (at, child) in children.iter_mut().enumerate() {
            if let DraftChild::Node(node) = child {
                match self.node(node, parent) {
                    Verdict::Keep => {}
                    other => others.push((at, other)),
                }
            }
        }
        if !others.is_empty() {
            *children = apply(std::mem::take(children), others);
        }
    }

    fn node(&mut self, node: &mut Draft, parent: &Parent<'_>) -> Verdict {
        let depth = parent.depth + 1;
        if let Passes::Distill { depth: limit } = self.passes {
            self.enter(node, limit.is_some_and(|limit| depth > limit));
        }
        let inside = Parent {
            name: &node.name,
            in_click_target: parent.in_click_target || node.is_click_target(),
            depth,
        };
        let mut children = std::mem::take(&mut node.children);
        self.children(&mut children, &inside);
        node.children = children;
        self.exit(node, parent)
    }

    fn enter(&mut self, node: &Draft, is_beyond_depth: bool) {
        let Some(reference) = node.reference else {
            return;
        };
        self.pending.extend(&node.name_from);
        if !is_beyond_depth && !is_leaf_generic(node) {
            self.pending.remove(&reference);
        }
    }

    fn exit(&mut self, node: &mut Draft, parent: &Parent<'_>) -> Verdict {
        join_texts(&mut node.children);
        if node.only_text() == Some(&node.name) {
            node.children.clear();
        }
        let is_click_target_root = node.is_click_target() && !parent.in_click_target;
        if matches!(self.passes, Passes::Distill { .. }) {
            let is_nameless_image =
                node.role == Role::Img && node.name.is_empty() && node.children.is_empty();
            if is_nameless_image && !is_click_target_root {
                return Verdict::Remove;
            }
            self.drop_redundant_name(node);
            inline_text(node);
            if self.is_name_repeated(node, parent) {
                return Verdict::Remove;
            }
        }
        if is_superfluous_generic(node, is_click_target_root) {
            return Verdict::Unwrap;
        }
        Verdict::Keep
    }

    fn drop_redundant_name(&mut self, node: &mut Draft) {
        if node.reference.is_none() || node.name_from.is_empty() {
            return;
        }
        let is_told_below = !node
            .name_from
            .iter()
            .any(|reference| self.pending.contains(reference));
        if is_told_below && !is_identified_by_name(node.role) {
            node.name.clear();
        } else {
            for reference in &node.name_from {
                self.pending.remove(reference);
            }
        }
    }

    fn is_name_repeated(&mut self, node: &Draft, parent: &Parent<'_>) -> bool {
        if parent.name.is_empty()
            || node.role != Role::Generic
            || node.active
            || node.has_properties()
        {
            return false;
        }
        let content = if node.name.is_empty() {
            node.only_text()
        } else {
            Some(node.name.as_str()).filter(|_| node.children.is_empty())
        };
        let is_repeated = content == Some(parent.name);
        if is_repeated {
            self.pending.extend(node.reference);
        }
        is_repeated
    }
}

/// Carries out what is not to be kept as it is, by places in order.
fn apply(children: Vec<DraftChild>, others: Vec<(usize, Verdict)>) -> Vec<DraftChild> {
    let mut others = others.into_iter().peekable();
    let mut kept = Vec::with_capacity(children.len());
    for (at, child) in children.into_iter().enumerate() {
        let verdict = others.next_if(|(other, _)| *other == at);
        match (verdict.map(|(_, verdict)| verdict), child) {
            (Some(Verdict::Remove), _) => {}
            (Some(Verdict::Unwrap), DraftChild::Node(mut node)) => kept.append(&mut node.children),
            (_, child) => kept.push(child),
        }
    }
    kept
}

fn is_leaf_generic(node: &Draft) -> bool {
    node.role == Role::Generic
        && node
            .children
            .iter()
            .all(|child| matches!(child, DraftChild::Text(_)))
}

/// Normalises the runs of text, which stand apart where a node between them went.
fn join_texts(children: &mut Vec<DraftChild>) {
    children.dedup_by(|later, earlier| match (later, earlier) {
        (DraftChild::Text(later), DraftChild::Text(earlier)) => {
            earlier.push_str(later);
            true
        }
        _ => false,
    });
    children.retain_mut(|child| match child {
        DraftChild::Text(text) => {
            if let Cow::Owned(normal) = normalized(text) {
                *text = normal;
            }
            !text.is_empty()
        }
        DraftChild::Node(_) => true,
    });
}

fn inline_text(node: &mut Draft) {
    if node.role != Role::Generic || node.has_properties() {
        return;
    }
    let [DraftChild::Node(child)] = node.children.as_mut_slice() else {
        return;
    };
    let is_plain = child.role == Role::Generic
        && child.name.is_empty()
        && !child.active
        && !child.has_properties();
    if is_plain && child.only_text().is_some() {
        let text = std::mem::take(&mut child.children);
        node.children = text;
    }
}

fn is_superfluous_generic(node: &Draft, is_click_target_root: bool) -> bool {
    // A generic has properties only where more is asked for than the reference tells.
    let says_nothing = node.name.is_empty() && node.tokens.is_empty() && node.properties.is_empty();
    if node.role != Role::Generic || !says_nothing {
        return false;
    }
    match node.children.as_slice() {
        [] => !is_click_target_root,
        [DraftChild::Node(child)] => child.reference.is_some(),
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
