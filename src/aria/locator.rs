//! Naming a node of a page in the notation of its snapshot: `navigation "Main" >> link /^Docs/`.

mod candidates;

use serde::{Deserialize, Serialize};

use super::notation::{self, NameTest, NodeTest, NotationError};
use super::white_space::normalize_white_space;
use super::{Child, Node, Tree};
pub use candidates::Candidate;

/// What stands between the steps of a locator.
const NARROW: &str = ">>";
const CSS: &str = "css=";

/// A description that finds nodes: steps, each of which narrows the search to what is inside the
/// nodes of the step before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Locator {
    steps: Vec<Step>,
    source: String,
}

/// One step of a locator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `role "name" [state]`. Without a name, any name; states that are not written, any.
    Node(NodeTest),
    /// `css=...`: a selector, for what has no role. Only a browser can find it.
    Css(String),
}

/// Steps of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Steps that a tree answers.
    Nodes(Locator),
    /// A selector.
    Css(String),
}

/// A locator that did not find exactly one node.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LocateError {
    /// There is no such node.
    #[error("nothing on the page is `{locator}`")]
    NotFound {
        /// The locator as it was written.
        locator: String,
        /// The step that found nothing, where there are several.
        step: Option<String>,
        /// What comes nearest, the nearest first; 5 at most.
        nearest: Vec<Candidate>,
    },
    /// There are several.
    #[error("`{locator}` finds {count} nodes")]
    Ambiguous {
        /// The locator as it was written.
        locator: String,
        /// How many there are.
        count: usize,
        /// The first of them, in the order of the page; 10 at most.
        found: Vec<Candidate>,
    },
    /// A selector is no part of a snapshot.
    #[error("`{locator}` has a CSS selector, which finds nothing in a snapshot")]
    Css {
        /// The locator as it was written.
        locator: String,
    },
}

impl Locator {
    /// Reads a locator.
    ///
    /// # Errors
    ///
    /// The first thing that cannot be read, with its place in the text.
    pub fn parse(text: &str) -> Result<Locator, NotationError> {
        let mut steps = Vec::new();
        let mut at = 0;
        loop {
            let rest = &text[at..];
            let space = rest.len() - rest.trim_start().len();
            at += space;
            let rest = &text[at..];
            if let Some(selector) = rest.strip_prefix(CSS) {
                let end = selector.find(" >> ").unwrap_or(selector.len());
                let selector = &selector[..end];
                if selector.trim().is_empty() {
                    return Err(NotationError {
                        at: at..at + CSS.len(),
                        message: "a CSS selector is missing".to_owned(),
                        help: Some("such as `css=.sidebar > details`".to_owned()),
                    });
                }
                steps.push(Step::Css(selector.trim().to_owned()));
                at += CSS.len() + end;
            } else {
                let (node, length) =
                    notation::parse_prefix(rest).map_err(|error| NotationError {
                        at: at + error.at.start..at + error.at.end,
                        ..error
                    })?;
                steps.push(Step::Node(node));
                at += length;
            }
            let rest = &text[at..];
            let narrowed = rest.trim_start();
            if narrowed.is_empty() {
                break;
            }
            let Some(inner) = narrowed.strip_prefix(NARROW) else {
                return Err(notation::unexpected(text, at));
            };
            at = text.len() - inner.len();
        }
        Ok(Locator {
            steps,
            source: text.trim().to_owned(),
        })
    }

    /// The steps, from the outside in; at least one.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The locator as it was written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// The selector, where the locator is nothing else.
    pub fn as_css(&self) -> Option<&str> {
        match self.steps.as_slice() {
            [Step::Css(selector)] => Some(selector),
            _ => None,
        }
    }

    /// The locator in runs of steps of one kind: what a tree answers, and what a browser does.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for step in &self.steps {
            match (step, parts.last_mut()) {
                (Step::Css(selector), _) => parts.push(Part::Css(selector.clone())),
                (Step::Node(_), Some(Part::Nodes(locator))) => locator.steps.push(step.clone()),
                (Step::Node(_), Some(Part::Css(_)) | None) => parts.push(Part::Nodes(Locator {
                    steps: vec![step.clone()],
                    source: self.source.clone(),
                })),
            }
        }
        parts
    }

    /// The one node that the locator finds.
    ///
    /// # Errors
    ///
    /// Where it finds none or several, with what is there instead.
    pub fn resolve<'a>(&self, tree: &'a Tree) -> Result<&'a Node, LocateError> {
        let locator = || self.source.clone();
        if self.steps.iter().any(|step| matches!(step, Step::Css(_))) {
            return Err(LocateError::Css { locator: locator() });
        }
        let found = self.resolve_all(tree);
        match found.as_slice() {
            [node] => Ok(node),
            [] => Err(candidates::not_found(self, tree)),
            several => Err(LocateError::Ambiguous {
                locator: locator(),
                count: several.len(),
                found: candidates::list(tree, &several[..several.len().min(10)]),
            }),
        }
    }

    /// Every node that the locator finds, in the order of the page.
    pub fn resolve_all<'a>(&self, tree: &'a Tree) -> Vec<&'a Node> {
        let mut found = Vec::new();
        let mut open: Vec<(&Child, usize)> =
            tree.children.iter().rev().map(|child| (child, 0)).collect();
        while let Some((child, taken)) = open.pop() {
            let Child::Node(node) = child else { continue };
            let inside = match self.advance(taken, node) {
                Advance::Found => {
                    found.push(node.as_ref());
                    taken
                }
                Advance::Steps(taken) => taken,
            };
            open.extend(node.children.iter().rev().map(|child| (child, inside)));
        }
        found
    }

    /// Takes a node on the way down the tree: `taken` steps were found in its ancestors.
    ///
    /// Going as far as possible as early as possible finds everything, since a step further out
    /// leaves more inside.
    pub(crate) fn advance(&self, taken: usize, node: &Node) -> Advance {
        match self.steps.get(taken) {
            Some(Step::Node(test)) if is(test, node) => {
                if taken + 1 == self.steps.len() {
                    Advance::Found
                } else {
                    Advance::Steps(taken + 1)
                }
            }
            Some(Step::Node(_) | Step::Css(_)) | None => Advance::Steps(taken),
        }
    }
}

/// What a node on the way down is to a locator.
pub(crate) enum Advance {
    /// One of those that it finds.
    Found,
    /// So many steps hold for what is inside it.
    Steps(usize),
}

fn is(test: &NodeTest, node: &Node) -> bool {
    let states = &test.states;
    test.role == node.role
        && states.hold_for(node)
        && states.active.is_none_or(|active| active == node.active)
        && states
            .aria_hidden
            .is_none_or(|hidden| hidden == node.aria_hidden)
        && match &test.name {
            None => true,
            Some(NameTest::Text(name)) => {
                *name == node.name || *name == normalize_white_space(&node.name)
            }
            // Where the pattern takes too long, the node is not found, and the error says so.
            Some(NameTest::Pattern(pattern)) => pattern.is_found_in(&node.name) == Ok(true),
        }
}

impl std::str::FromStr for Locator {
    type Err = NotationError;

    fn from_str(text: &str) -> Result<Locator, NotationError> {
        Locator::parse(text)
    }
}

impl TryFrom<String> for Locator {
    type Error = NotationError;

    fn try_from(text: String) -> Result<Locator, NotationError> {
        Locator::parse(&text)
    }
}

impl From<Locator> for String {
    fn from(locator: Locator) -> String {
        locator.source
    }
}

impl std::fmt::Display for Locator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.source)
    }
}

#[cfg(test)]
mod tests;
