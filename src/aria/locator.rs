//! Locators: `navigation "Main" >> link /^Docs/` finds a node in the notation of snapshots.

mod candidates;
mod css;

use serde::{Deserialize, Serialize};

use super::notation::{self, NameTest, NodeTest, NotationError};
use super::white_space::normalize_white_space;
use super::{Child, Node, Pattern, Tree};
pub use candidates::Candidate;

/// The separator of steps.
const NARROW: &str = ">>";
const CSS: &str = "css=";

/// One or more steps. Each step searches inside the nodes that the previous step found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Locator {
    steps: Vec<Step>,
    source: String,
}

/// One step of a locator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `role "name" [state]`. A name or state that is not written can be any.
    Node(NodeTest),
    /// `css=...`, for elements without a role. Only a browser can find them.
    Css(String),
}

/// Consecutive steps of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Steps to search in a tree.
    Nodes(Locator),
    /// A selector for the browser.
    Css(String),
}

/// A locator that did not find exactly one node.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LocateError {
    /// No node.
    #[error("there is no `{locator}` on the page")]
    NotFound {
        /// The locator as written.
        locator: String,
        /// The step that found nothing, if there are several steps.
        step: Option<String>,
        /// At most 5 similar nodes, the most similar first.
        nearest: Vec<Candidate>,
    },
    /// Several nodes.
    #[error("`{locator}` finds {count} nodes")]
    Ambiguous {
        /// The locator as written.
        locator: String,
        /// How many.
        count: usize,
        /// The first 10, in the order of the page.
        found: Vec<Candidate>,
    },
    /// A selector, which a tree cannot answer.
    #[error("`{locator}` has a CSS selector, which finds nothing in a snapshot")]
    Css {
        /// The locator as written.
        locator: String,
    },
}

impl Locator {
    /// Reads a locator.
    ///
    /// # Errors
    ///
    /// The first mistake, with its position in the text.
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
                if let Some(why) = css::problem(selector) {
                    let selector = selector.trim();
                    return Err(NotationError {
                        at: at + CSS.len()..at + CSS.len() + end,
                        message: format!("`{selector}` is not a CSS selector: {why}"),
                        help: None,
                    });
                }
                steps.push(Step::Css(selector.trim().to_owned()));
                at += CSS.len() + end;
            } else {
                let (mut node, length) =
                    notation::parse_prefix(rest).map_err(|error| NotationError {
                        at: at + error.at.start..at + error.at.end,
                        ..error
                    })?;
                at += length;
                if let Some(behind) = text[at..].strip_prefix(':') {
                    let length = behind.find(" >> ").unwrap_or(behind.len());
                    let span = at + 1..at + 1 + length;
                    node.text = Some(text_test(&text[span.clone()], span.clone())?);
                    at = span.end;
                }
                steps.push(Step::Node(node));
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

    /// Returns the steps, at least one, the outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns the locator as written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Splits the locator where steps for a tree and steps for a browser meet.
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

    /// Finds exactly one node.
    ///
    /// # Errors
    ///
    /// None or several nodes, with what the tree has instead.
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

    /// Finds every node, in the order of the page.
    pub fn resolve_all<'a>(&self, tree: &'a Tree) -> Vec<&'a Node> {
        let mut found = Vec::new();
        self.walk(tree, |node, _, (_, advance)| {
            if matches!(advance, Advance::Found) {
                found.push(node);
            }
        });
        found
    }

    /// Calls `visit` with every node, its ancestors, and how many steps the ancestors have taken.
    fn walk<'a>(
        &self,
        tree: &'a Tree,
        mut visit: impl FnMut(&'a Node, &[&'a Node], (usize, Advance)),
    ) {
        let mut taken: Vec<usize> = Vec::new();
        tree.walk(|node, ancestors| {
            taken.truncate(ancestors.len());
            let outside = taken.last().copied().unwrap_or(0);
            let advance = self.advance(outside, node);
            visit(node, ancestors, (outside, advance));
            taken.push(match advance {
                Advance::Found => outside,
                Advance::Steps(steps) => steps,
            });
        });
    }

    /// Tests a node after its ancestors have taken `taken` steps.
    ///
    /// Taking each step as early as possible finds every node, because an outer node contains more.
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

/// The result of testing a node.
#[derive(Clone, Copy)]
pub(crate) enum Advance {
    /// The locator finds the node.
    Found,
    /// The number of steps that the node and its ancestors have taken.
    Steps(usize),
}

/// Reads what follows `role:`, as in a snapshot: a text, or a regular expression.
fn text_test(text: &str, at: std::ops::Range<usize>) -> Result<NameTest, NotationError> {
    let text = text.trim();
    let wrong = |message: String, help: &str| NotationError {
        at,
        message,
        help: Some(help.to_owned()).filter(|help| !help.is_empty()),
    };
    let source = text
        .strip_prefix('/')
        .and_then(|text| text.strip_suffix('/'));
    if let Some(source) = source {
        let pattern = Pattern::new(source).map_err(|error| wrong(error.to_string(), ""));
        return pattern.map(NameTest::Pattern);
    }
    let quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let text = normalize_white_space(quoted.unwrap_or(text));
    if text.is_empty() {
        let help = "write the node's text, as in `status: 1 in cart`";
        return Err(wrong("a text is missing after `:`".to_owned(), help));
    }
    Ok(NameTest::Text(text))
}

/// Returns the text of a node that is in no other node inside it.
fn own_text(node: &Node) -> String {
    let texts = node.children.iter().filter_map(|child| match child {
        Child::Text(text) => Some(text.as_str()),
        Child::Node(_) => None,
    });
    normalize_white_space(&texts.collect::<Vec<_>>().join(" "))
}

fn is(test: &NodeTest, node: &Node) -> bool {
    let states = &test.states;
    test.role == node.role
        && match &test.text {
            None => true,
            Some(NameTest::Text(text)) => *text == own_text(node),
            Some(NameTest::Pattern(pattern)) => pattern.is_found_in(&own_text(node)) == Ok(true),
        }
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
            // A pattern that takes too long finds nothing.
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
