//! The three shapes of a snapshot, and how a capture becomes a tree of one of them.

use serde::{Deserialize, Serialize};

use super::Role;
use super::build::{Place, build};
use super::distill::{Passes, distill, is_click_target};
use super::tree::{Child, DEEPEST, Node, Source, Tree};
use crate::dom::facts::lone_surrogate;
use crate::dom::{Capture, NodeId};

/// Which nodes a snapshot shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Everything that is exposed or visible, elements without a role as `generic`.
    #[default]
    Page,
    /// What is exposed and has a role: what `toMatchAriaSnapshot` compares.
    Test,
    /// As `Page`, without what is redundant.
    Compact,
}

/// Which tree to make from a capture.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request {
    /// Which nodes to show.
    pub shape: Shape,
    /// The element to start from; `None` for the page's body.
    pub root: Option<Source>,
    /// The deepest level of nodes to show, 0 for the top; `None` for all.
    pub depth: Option<u32>,
}

/// What a snapshot shows in addition to Playwright's. Nothing by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Additions {
    /// The contents of captured frames in shape [`Shape::Test`] too.
    pub frames: bool,
    /// Attributes that the plain format leaves out: states for which the author wrote `false`, more
    /// brackets ([`TokenName`](super::tree::TokenName)), and properties such as `/description`.
    pub attributes: bool,
}

/// A page that is nested too deeply for a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the page is nested more than {DEEPEST} levels deep, which is more than a snapshot can hold"
)]
pub struct TooDeep;

/// Makes the tree of a captured page. It is empty if the document has no body.
///
/// # Errors
///
/// `TooDeep` for more levels than a snapshot can have.
pub fn snapshot(capture: &Capture, request: Request) -> Result<Tree, TooDeep> {
    snapshot_with(capture, request, Additions::default())
}

/// Makes the tree of a captured page, with additions.
///
/// # Errors
///
/// As for [`snapshot`].
pub fn snapshot_with(
    capture: &Capture,
    request: Request,
    additions: Additions,
) -> Result<Tree, TooDeep> {
    let depth = request
        .depth
        .and_then(|depth| i32::try_from(depth).ok())
        .filter(|depth| *depth != 0);
    let frames = Frames {
        capture,
        shape: request.shape,
        additions,
    };
    let (index, root) = match request.root {
        None => (0, None),
        Some(root) => (root.frame as usize, Some(root.element)),
    };
    let mut tree = frames.tree(index, root, depth, 0)?;
    replace_lone_surrogates(&mut tree);
    Ok(tree)
}

/// Replaces lone surrogates in texts and properties, where the written snapshot has no escape for them.
/// It has one in names.
fn replace_lone_surrogates(tree: &mut Tree) {
    fn replace(text: &mut String) {
        // They are the last characters of all, and no other character begins with this byte.
        if text.as_bytes().contains(&0xf4) {
            let whole = |c| match lone_surrogate(c) {
                Some(_) => char::REPLACEMENT_CHARACTER,
                None => c,
            };
            *text = text.chars().map(whole).collect();
        }
    }
    tree.edit(|child| match child {
        Child::Text(text) => replace(text),
        Child::Node(node) => {
            let properties = node.properties.iter_mut();
            properties.for_each(|property| replace(&mut property.value));
        }
    });
}

struct Frames<'c> {
    capture: &'c Capture,
    shape: Shape,
    additions: Additions,
}

impl Frames<'_> {
    /// Makes the tree of a document whose top is at a level of the whole tree.
    fn tree(
        &self,
        index: usize,
        root: Option<NodeId>,
        depth: Option<i32>,
        top: usize,
    ) -> Result<Tree, TooDeep> {
        let Some(frame) = self.capture.documents.get(index) else {
            return Ok(Tree::default());
        };
        let document = &frame.document;
        let Some(root) = root.or_else(|| document.body()) else {
            return Ok(Tree::default());
        };
        let prefix = match frame.place.sequence {
            0 => String::new(),
            number => format!("f{number}"),
        };
        let place = Place {
            frame: u32::try_from(index).unwrap_or(u32::MAX),
            prefix: &prefix,
        };
        let passes = match self.shape {
            Shape::Page | Shape::Test => Passes::Normalize,
            Shape::Compact => Passes::Distill { depth },
        };
        let built = build(document, place, root, (self.shape, self.additions));
        let mut children = distill(built, passes);
        match self.complete(&mut children, index, depth, top) {
            Ok(()) => Ok(Tree { children }),
            Err(error) => {
                discard(children);
                Err(error)
            }
        }
    }

    /// Cuts what is below the limit, keeps the hand cursor only on the outermost nodes, and puts the
    /// content of frames under their nodes.
    fn complete(
        &self,
        children: &mut [Child],
        index: usize,
        depth: Option<i32>,
        top: usize,
    ) -> Result<(), TooDeep> {
        let mut open: Vec<(&mut Child, usize, bool)> = Vec::new();
        open.extend(children.iter_mut().map(|child| (child, 0, false)));
        while let Some((child, level, in_click_target)) = open.pop() {
            let Child::Node(node) = child else { continue };
            if top + level >= DEEPEST {
                return Err(TooDeep);
            }
            let is_click_target = is_click_target(node);
            node.cursor_pointer = is_click_target && !in_click_target;
            let left = depth.map(|depth| depth - i32::try_from(level).unwrap_or(i32::MAX));
            if left == Some(0) && node.only_text().is_none() {
                discard(std::mem::take(&mut node.children));
            }
            let adds_frames = self.shape == Shape::Test && self.additions.frames;
            if node.role == Role::Iframe && (node.reference.is_some() || adds_frames) {
                // As in Playwright, a frame exactly at the limit is shown whole.
                let left = left.map(|left| left - 1).filter(|left| *left != 0);
                if let Some(inner) = self.frame_of(node, index) {
                    let content = self.tree(inner, None, left, top + level + 1)?;
                    if !content.children.is_empty() {
                        node.children = content.children;
                    }
                }
                continue;
            }
            let in_click_target = in_click_target || is_click_target;
            let inside = node.children.iter_mut();
            open.extend(inside.map(|child| (child, level + 1, in_click_target)));
        }
        Ok(())
    }

    fn frame_of(&self, node: &Node, index: usize) -> Option<usize> {
        let owner = (index, node.source?.element);
        self.capture
            .documents
            .iter()
            .position(|frame| frame.place.owner == Some(owner))
    }
}

/// Drops nodes that may be nested deeper than the stack: the compiler would drop them by recursion.
fn discard(mut children: Vec<Child>) {
    while let Some(child) = children.pop() {
        if let Child::Node(mut node) = child {
            children.append(&mut node.children);
        }
    }
}

#[cfg(test)]
mod tests;
