//! From a locator to the element of a page.

use crate::aria::locator::{LocateError, Locator, Part};
use crate::aria::tree::Source;
use crate::aria::white_space::normalize_white_space;
use crate::aria::{self, Additions, Request, Shape, Tree};
use crate::browser::capture::LiveElements;
use crate::browser::devtools::CallError;
use crate::dom::{Capture, NodeId};

/// What a page looks like at a moment, with the way back to its elements.
pub(super) struct Moment {
    pub(super) capture: Capture,
    pub(super) elements: LiveElements,
    pub(super) whole: Tree,
    pub(super) shape: Shape,
    pub(super) additions: Additions,
}

impl Moment {
    /// Returns whether a name or a text of the snapshot has this text in it.
    pub(super) fn shows(&self, text: &str) -> bool {
        let text = normalize_white_space(text);
        let has = |shown: &str| normalize_white_space(shown).contains(&text);
        let mut open: Vec<&aria::Child> = self.whole.children.iter().collect();
        while let Some(child) = open.pop() {
            match child {
                aria::Child::Text(shown) if has(shown) => return true,
                aria::Child::Node(node) if has(&node.name) => return true,
                aria::Child::Text(_) => {}
                aria::Child::Node(node) => open.extend(&node.children),
            }
        }
        false
    }
}

/// The one element that a locator finds.
pub(super) async fn locate(
    locator: &Locator,
    moment: &Moment,
) -> Result<Result<Source, LocateError>, CallError> {
    let mut inside: Option<Source> = None;
    for part in locator.parts() {
        let found = match part {
            Part::Nodes(nodes) => in_tree(&nodes, inside, moment),
            Part::Css(selector) => by_selector(locator, &selector, inside, moment).await?,
        };
        match found {
            Ok(source) => inside = Some(source),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(inside.ok_or_else(|| not_found(locator, None)))
}

fn in_tree(
    nodes: &Locator,
    inside: Option<Source>,
    moment: &Moment,
) -> Result<Source, LocateError> {
    let part;
    let tree = match inside {
        None => &moment.whole,
        Some(root) => {
            part = tree(moment, Some(root));
            &part
        }
    };
    let node = nodes.resolve(tree)?;
    node.source.ok_or_else(|| not_found(nodes, None))
}

/// The tree of the page, or of the part that starts at an element.
pub(super) fn tree(moment: &Moment, root: Option<Source>) -> Tree {
    let request = Request {
        shape: moment.shape,
        root,
        ..Request::default()
    };
    // A part cannot be too deep if the whole is not.
    aria::snapshot_with(&moment.capture, request, moment.additions).unwrap_or_default()
}

async fn by_selector(
    locator: &Locator,
    selector: &str,
    inside: Option<Source>,
    moment: &Moment,
) -> Result<Result<Source, LocateError>, CallError> {
    let document = inside.map_or(0, |source| source.frame as usize);
    let scope = inside.map(|source| source.element);
    let found = moment.elements.select(document, scope, selector).await?;
    let Some(found) = found else {
        return Ok(Err(LocateError::Css {
            locator: locator.to_string(),
        }));
    };
    Ok(match found.as_slice() {
        [element] => Ok(Source {
            frame: u32::try_from(document).unwrap_or(u32::MAX),
            element: *element,
        }),
        [] => Err(not_found(locator, Some(selector))),
        several => Err(LocateError::Ambiguous {
            locator: locator.to_string(),
            count: several.len(),
            found: Vec::new(),
        }),
    })
}

fn not_found(locator: &Locator, step: Option<&str>) -> LocateError {
    LocateError::NotFound {
        locator: locator.to_string(),
        step: step.map(|selector| format!("css={selector}")),
        nearest: Vec::new(),
    }
}

/// The nearest of these elements that says something in the tree, as a locator: the innermost first.
pub(super) fn name_of(chain: &[NodeId], document: usize, moment: &Moment) -> Option<String> {
    let says = |node: &&aria::Node| {
        let is_there = node.source.is_some_and(|source| {
            source.frame as usize == document && chain.contains(&source.element)
        });
        is_there && (node.role != aria::Role::Generic || !node.name.is_empty())
    };
    // What people would name first is the dialog, then what has a name.
    let rank = |node: &aria::Node| {
        let kind = match node.role {
            aria::Role::Dialog | aria::Role::AlertDialog => 0,
            _ if !node.name.is_empty() => 1,
            _ => 2,
        };
        let element = node.source.map(|source| source.element);
        (kind, chain.iter().position(|one| Some(*one) == element))
    };
    let nearest = moment
        .whole
        .nodes()
        .filter(says)
        .min_by_key(|node| rank(node))?;
    Some(if nearest.name.is_empty() {
        nearest.role.to_string()
    } else {
        format!("{} \"{}\"", nearest.role, nearest.name.replace('"', "\\\""))
    })
}
