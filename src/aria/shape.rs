//! The three shapes of a snapshot, and the way from a capture to a tree in one of them.

use serde::{Deserialize, Serialize};

use super::build::build;
use super::distill::{Passes, distill};
use super::draft::finish;
use super::tree::{Child, Node, Source, Tree};
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
    /// As `Page`, without what repeats itself.
    Compact,
}

/// What is asked of a capture.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request {
    /// The shape.
    pub shape: Shape,
    /// The element to start from; the page's body where it is `None`.
    pub root: Option<Source>,
    /// The deepest level of nodes that is shown, 0 the top; all where it is `None`.
    pub depth: Option<u32>,
}

/// What a snapshot tells beyond what the reference does; nothing by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Additions {
    /// The contents of frames in shape [`Shape::Test`] as well, where they were captured.
    pub frames: bool,
    /// What assistive technology is told of attributes and the plain format leaves out: states that are
    /// false because the author wrote so, words in brackets ([`super::tree::TokenName`]), and
    /// properties such as `/description`.
    pub attributes: bool,
}

/// The tree of a captured page. Empty where the document has no body.
pub fn snapshot(capture: &Capture, request: Request) -> Tree {
    snapshot_with(capture, request, Additions::default())
}

/// As [`snapshot`], with additions.
pub fn snapshot_with(capture: &Capture, request: Request, additions: Additions) -> Tree {
    let depth = request
        .depth
        .and_then(|depth| i32::try_from(depth).ok())
        .filter(|depth| *depth != 0);
    let frames = Frames {
        capture,
        shape: request.shape,
        additions,
    };
    let mut tree = match request.root {
        None => frames.tree(0, None, depth),
        Some(root) => frames.tree(root.frame as usize, Some(root.element), depth),
    };
    in_utf8(&mut tree);
    tree
}

/// Puts what a file can hold in place of lone surrogates in texts and properties, where the written
/// snapshot has no escape for them; names have one.
fn in_utf8(tree: &mut Tree) {
    fn replace(text: &mut String) {
        // They are the last characters of all, and these bytes begin no other.
        if text.as_bytes().contains(&0xf4) {
            let whole = |c| match lone_surrogate(c) {
                Some(_) => char::REPLACEMENT_CHARACTER,
                None => c,
            };
            *text = text.chars().map(whole).collect();
        }
    }
    let mut open: Vec<&mut Child> = tree.children.iter_mut().collect();
    while let Some(child) = open.pop() {
        match child {
            Child::Text(text) => replace(text),
            Child::Node(node) => {
                let properties = node.properties.iter_mut();
                properties.for_each(|property| replace(&mut property.value));
                open.extend(&mut node.children);
            }
        }
    }
}

struct Frames<'c> {
    capture: &'c Capture,
    shape: Shape,
    additions: Additions,
}

impl Frames<'_> {
    fn tree(&self, index: usize, root: Option<NodeId>, depth: Option<i32>) -> Tree {
        let Some(frame) = self.capture.documents.get(index) else {
            return Tree::default();
        };
        let document = &frame.document;
        let Some(root) = root.or_else(|| document.body()) else {
            return Tree::default();
        };
        let frame_number = u32::try_from(index).unwrap_or(u32::MAX);
        let passes = match self.shape {
            Shape::Page | Shape::Test => Passes::Normalize,
            Shape::Compact => Passes::Distill { depth },
        };
        let prefix = match frame.place.sequence {
            0 => String::new(),
            number => format!("f{number}"),
        };
        let drafts = distill(
            build(document, frame_number, root, (self.shape, self.additions)),
            passes,
        );
        let mut tree = finish(drafts, &prefix);
        for child in &mut tree.children {
            if let Child::Node(node) = child {
                self.complete(node, index, 0, depth);
            }
        }
        tree
    }

    /// Cuts what is below the limit, and puts the content of frames under their nodes.
    fn complete(&self, node: &mut Node, index: usize, level: i32, depth: Option<i32>) {
        let is_at_limit = depth == Some(level);
        if is_at_limit && node.only_text().is_none() {
            node.children.clear();
        }
        if node.role == super::Role::Iframe && (node.reference.is_some() || self.adds_frames()) {
            // As the reference counts: a frame at the limit itself is shown whole.
            let left = depth
                .map(|depth| depth - level - 1)
                .filter(|left| *left != 0);
            let content = self
                .frame_of(node, index)
                .map(|inner| self.tree(inner, None, left));
            if let Some(content) = content.filter(|content| !content.children.is_empty()) {
                node.children = content.children;
            }
            return;
        }
        for child in &mut node.children {
            if let Child::Node(child) = child {
                self.complete(child, index, level + 1, depth);
            }
        }
    }

    fn adds_frames(&self) -> bool {
        self.shape == Shape::Test && self.additions.frames
    }

    fn frame_of(&self, node: &Node, index: usize) -> Option<usize> {
        let owner = (index, node.source?.element);
        self.capture
            .documents
            .iter()
            .position(|frame| frame.place.owner == Some(owner))
    }
}
