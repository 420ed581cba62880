//! A snapshot's tree beside the browser's own: where what is tested and what a screen reader is
//! given part.
//!
//! A generic box says nothing by itself, and runs of text are cut differently: neither is compared.

use std::collections::HashMap;

use serde::Serialize;

use crate::aria::notation::normalize_white_space;
use crate::aria::{Child, Node, Role, Tree};
use crate::dom::accessibility::AxNode;
use crate::dom::{Document, NodeId, Tag};

/// An element for which the two trees differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where it stands: the nodes around it in the snapshot, outermost first.
    pub path: String,
    /// What differs.
    #[serde(flatten)]
    pub difference: Difference,
    /// Why, where a known reason applies.
    pub reason: Option<Reason>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "differs", rename_all = "lowercase")]
pub enum Difference {
    /// The role.
    Role {
        /// The snapshot's node.
        snapshot: String,
        /// The browser's word.
        browser: String,
    },
    /// The name.
    Name {
        /// The role of both.
        role: String,
        /// The snapshot's.
        snapshot: String,
        /// The browser's.
        browser: String,
    },
    /// The browser leaves the node out.
    Missing {
        /// The snapshot's node.
        snapshot: String,
    },
    /// The snapshot leaves the node out.
    Extra {
        /// The browser's role and name.
        browser: String,
    },
}

/// Why the two trees differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum Reason {
    /// Hidden from assistive technology; shape `page` shows what is seen as well.
    SeenThoughHidden {
        /// The browser's words.
        browser: Vec<String>,
    },
    /// Inside a widget that the browser gives as a whole.
    InsideWidget,
    /// The browser has a role of its own for what the format calls otherwise.
    BrowserRole,
    /// The role takes no name by WAI-ARIA; the browser gives it one all the same.
    NameProhibited,
    /// Names are cut after 900 characters in snapshots' lines; the browser cuts nothing.
    LongName,
}

impl Reason {
    /// For people.
    pub fn explain(&self) -> String {
        match self {
            Reason::SeenThoughHidden { browser } => format!(
                "hidden from assistive technology ({}), and still seen: shape `page` shows both",
                browser.join(", ")
            ),
            Reason::InsideWidget => {
                "the browser gives the widget around it as a whole, without what is inside"
                    .to_owned()
            }
            Reason::BrowserRole => {
                "the browser has a word of its own, which screen readers map again".to_owned()
            }
            Reason::NameProhibited => {
                "WAI-ARIA gives this role no name; the browser does all the same".to_owned()
            }
            Reason::LongName => "snapshots leave out names over 900 characters".to_owned(),
        }
    }
}

/// What differs, in the order of the page: of its own document, not of its frames.
pub fn findings(document: &Document, tree: &Tree, browser: &[AxNode]) -> Vec<Finding> {
    let mut comparison = Comparison {
        document,
        browser: browser.iter().map(|node| (node.element, node)).collect(),
        found: Vec::new(),
        seen: Vec::new(),
        path: Vec::new(),
    };
    comparison.children(&tree.children);
    comparison.extras();
    comparison.found.sort_by_key(|(element, _)| *element);
    let found = comparison.found.into_iter();
    found.map(|(_, finding)| finding).collect()
}

struct Comparison<'a> {
    document: &'a Document,
    browser: HashMap<NodeId, &'a AxNode>,
    found: Vec<(NodeId, Finding)>,
    seen: Vec<NodeId>,
    path: Vec<String>,
}

impl Comparison<'_> {
    fn children(&mut self, children: &[Child]) {
        for child in children {
            if let Child::Node(node) = child {
                self.node(node);
            }
        }
    }

    fn node(&mut self, node: &Node) {
        if let Some(source) = node.source.filter(|source| source.frame == 0) {
            self.seen.push(source.element);
            if node.role != Role::Generic {
                self.compare(node, source.element);
            }
        }
        if node.role != Role::Iframe {
            let step = (node.role != Role::Generic).then(|| told(node.role.as_str(), &node.name));
            self.path.extend(step.clone());
            self.children(&node.children);
            if step.is_some() {
                self.path.pop();
            }
        }
    }

    fn compare(&mut self, node: &Node, element: NodeId) {
        let snapshot = told(node.role.as_str(), &node.name);
        let Some(ax) = self.browser.get(&element).copied() else {
            let reason = Some(Reason::InsideWidget);
            return self.push(element, Difference::Missing { snapshot }, reason);
        };
        if let Some(reasons) = &ax.ignored {
            let reason = why_ignored(reasons);
            return self.push(element, Difference::Missing { snapshot }, reason);
        }
        if !is_same_role(&ax.role, node.role) {
            let reason = is_word_of_its_own(&ax.role).then_some(Reason::BrowserRole);
            let browser = ax.role.clone();
            return self.push(element, Difference::Role { snapshot, browser }, reason);
        }
        let name = normalize_white_space(&ax.name);
        if name != normalize_white_space(&node.name) {
            let reason = if node.name.is_empty() && prohibits_name(node.role) {
                Some(Reason::NameProhibited)
            } else {
                None
            };
            let difference = Difference::Name {
                role: node.role.to_string(),
                snapshot: node.name.clone(),
                browser: name,
            };
            self.push(element, difference, reason);
        }
    }

    /// What the browser gives and the snapshot does not have.
    fn extras(&mut self) {
        self.path.clear();
        let seen: std::collections::HashSet<NodeId> = self.seen.iter().copied().collect();
        let mut extras: Vec<(NodeId, String)> = Vec::new();
        for (element, ax) in &self.browser {
            let is_root = matches!(self.document.tag(*element), Tag::Html | Tag::Body);
            let says = ax.ignored.is_none() && says_something(&ax.role) && !is_root;
            if says && !seen.contains(element) {
                extras.push((*element, told(&ax.role, &normalize_white_space(&ax.name))));
            }
        }
        for (element, browser) in extras {
            self.push(element, Difference::Extra { browser }, None);
        }
    }

    fn push(&mut self, element: NodeId, difference: Difference, reason: Option<Reason>) {
        let path = self.path.join(" > ");
        self.found.push((
            element,
            Finding {
                path,
                difference,
                reason,
            },
        ));
    }
}

fn told(role: &str, name: &str) -> String {
    if name.is_empty() {
        role.to_owned()
    } else {
        format!("{role} \"{name}\"")
    }
}

fn why_ignored(reasons: &[String]) -> Option<Reason> {
    let hides = ["ariaHidden", "inert", "modal", "notRendered", "notVisible"];
    let is_hidden = |reason: &&String| {
        let reason = reason.to_ascii_lowercase();
        hides
            .iter()
            .any(|hide| reason.contains(&hide.to_ascii_lowercase()))
    };
    let browser: Vec<String> = reasons.iter().filter(is_hidden).cloned().collect();
    if !browser.is_empty() {
        return Some(Reason::SeenThoughHidden { browser });
    }
    let inside = reasons.iter().any(|reason| reason.contains("Leaf"));
    inside.then_some(Reason::InsideWidget)
}

/// Chromium's names for roles that differ from WAI-ARIA's.
fn is_same_role(browser: &str, role: Role) -> bool {
    let aria = match browser {
        "image" => "img",
        "Iframe" => "iframe",
        "Details" => "group",
        "LineBreak" => return false,
        other => other,
    };
    aria == role.as_str()
}

/// Chromium gives its own roles names that begin with a capital letter.
fn is_word_of_its_own(role: &str) -> bool {
    role.starts_with(|c: char| c.is_ascii_uppercase())
}

fn says_something(role: &str) -> bool {
    !is_word_of_its_own(role) && !matches!(role, "" | "none" | "generic")
}

/// <https://www.w3.org/TR/wai-aria-1.2/#prohibitednaming>
fn prohibits_name(role: Role) -> bool {
    matches!(
        role,
        Role::Caption
            | Role::Code
            | Role::Definition
            | Role::Deletion
            | Role::Emphasis
            | Role::Insertion
            | Role::Mark
            | Role::Paragraph
            | Role::Strong
            | Role::Subscript
            | Role::Superscript
            | Role::Term
            | Role::Time
    )
}
