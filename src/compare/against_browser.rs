//! A snapshot's tree beside the browser's own: where what is tested and what a screen reader is
//! given part.
//!
//! A generic box says nothing by itself, and runs of text are cut differently: neither is compared.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::aria::white_space::normalize_white_space;
use crate::aria::{Child, Node, Role, Tree};
use crate::dom::accessibility::AxNode;
use crate::dom::{Document, NodeId, Tag};

/// An element for which the two trees differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where it is: the nodes around it in the snapshot, outermost first.
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
        /// Why, in the browser's words.
        browser: Vec<String>,
    },
    /// The snapshot leaves the node out.
    Extra {
        /// The browser's role and name.
        browser: String,
    },
}

/// Why the two trees differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Hidden from assistive technology; shapes `page` and `compact` show what is seen as well.
    SeenThoughHidden,
    /// Inside a widget that the browser gives as a whole.
    InsideWidget,
    /// The browser has a role of its own for what the format calls otherwise.
    BrowserRole,
    /// A role that WAI-ARIA 1.2 does not have.
    NewerRole,
    /// <https://www.w3.org/TR/dpub-aria-1.1/>, <https://www.w3.org/TR/graphics-aria-1.0/>
    ModuleRole,
    /// The browser leaves out what has nothing to say, such as an empty paragraph.
    Empty,
    /// Row groups without a name are left out by the browser: they change nothing of a table.
    RowGroup,
    /// The browser names a row from its cells only where the row can be focused.
    RowName,
    /// The names differ in white space: the browser puts spaces between the parts of a name, the
    /// reference only where boxes end.
    WhiteSpace,
    /// The names differ in case: the browser gives the text as `text-transform` shows it.
    TextTransform,
    /// The role takes no name by WAI-ARIA; the browser gives it one all the same.
    NameProhibited,
}

impl Reason {
    /// For people.
    pub fn explain(self) -> &'static str {
        match self {
            Reason::SeenThoughHidden => {
                "hidden from assistive technology, and seen; shape `test` leaves it out"
            }
            Reason::InsideWidget => {
                "the browser gives the widget around it as a whole, without what is inside"
            }
            Reason::BrowserRole => {
                "the browser has a word of its own, which screen readers map again"
            }
            Reason::NewerRole => "a role of WAI-ARIA 1.3, which the snapshot format does not have",
            Reason::ModuleRole => {
                "a role of DPUB-ARIA or Graphics-ARIA, which the snapshot format does not have"
            }
            Reason::Empty => "the browser leaves out what has nothing in it",
            Reason::RowGroup => "the browser leaves out row groups without a name",
            Reason::RowName => "the browser names only rows that can be focused",
            Reason::WhiteSpace => "the browser puts a space between the parts of a name",
            Reason::TextTransform => "the browser gives the text as `text-transform` shows it",
            Reason::NameProhibited => {
                "WAI-ARIA gives this role no name; the browser does all the same"
            }
        }
    }
}

/// What differs, in the order of the page: of its own document, not of its frames. `exposed` is the
/// tree in shape `test`, of what is given to assistive technology.
pub fn findings(
    document: &Document,
    (tree, exposed): (&Tree, &Tree),
    browser: &[AxNode],
) -> Vec<Finding> {
    let mut sources = HashSet::new();
    list_sources(&exposed.children, &mut sources);
    let mut comparison = Comparison {
        document,
        exposed: sources,
        browser: browser.iter().map(|node| (node.element, node)).collect(),
        found: Vec::new(),
        places: HashMap::new(),
    };
    comparison.children(&tree.children, "");
    comparison.extras();
    comparison.found.sort_by_key(|(element, _)| *element);
    let found = comparison.found.into_iter();
    found.map(|(_, finding)| finding).collect()
}

fn list_sources(children: &[Child], sources: &mut HashSet<NodeId>) {
    for child in children {
        if let Child::Node(node) = child {
            sources.extend(own_element(node));
            list_sources(&node.children, sources);
        }
    }
}

/// The node's element, if it is in the page's own document.
fn own_element(node: &Node) -> Option<NodeId> {
    let source = node.source.filter(|source| source.frame == 0)?;
    Some(source.element)
}

struct Comparison<'a> {
    document: &'a Document,
    exposed: HashSet<NodeId>,
    browser: HashMap<NodeId, &'a AxNode>,
    found: Vec<(NodeId, Finding)>,
    /// The path of what is inside each element that the snapshot has.
    places: HashMap<NodeId, String>,
}

impl Comparison<'_> {
    fn children(&mut self, children: &[Child], path: &str) {
        for child in children {
            if let Child::Node(node) = child {
                self.node(node, path);
            }
        }
    }

    fn node(&mut self, node: &Node, path: &str) {
        let inside = match (node.role, path) {
            (Role::Generic, _) => path.to_owned(),
            (role, "") => told(role.as_str(), &node.name),
            (role, _) => format!("{path} > {}", told(role.as_str(), &node.name)),
        };
        if let Some(element) = own_element(node) {
            if node.role != Role::Generic {
                self.compare(node, element, path);
            }
            self.places.insert(element, inside.clone());
        }
        if node.role != Role::Iframe {
            self.children(&node.children, &inside);
        }
    }

    fn compare(&mut self, node: &Node, element: NodeId, path: &str) {
        let snapshot = told(node.role.as_str(), &node.name);
        let ax = self.browser.get(&element).copied();
        let (difference, reason) = match ax.filter(|ax| ax.ignored.is_none()) {
            None => {
                let browser = ax.and_then(|ax| ax.ignored.clone()).unwrap_or_default();
                let reason = self.why_missing(element, node.role, ax);
                (Difference::Missing { snapshot, browser }, reason)
            }
            Some(ax) if !is_same_role(&ax.role, node.role) => {
                let reason = why_other_role(&ax.role);
                let browser = ax.role.clone();
                (Difference::Role { snapshot, browser }, reason)
            }
            Some(ax) => {
                let browser = normalize_white_space(&ax.name);
                if browser == normalize_white_space(&node.name) {
                    return;
                }
                let reason = why_other_name(node, &browser);
                let difference = Difference::Name {
                    role: node.role.to_string(),
                    snapshot: node.name.clone(),
                    browser,
                };
                (difference, reason)
            }
        };
        self.push(element, path.to_owned(), difference, reason);
    }

    fn why_missing(&self, element: NodeId, role: Role, ax: Option<&AxNode>) -> Option<Reason> {
        if !self.exposed.contains(&element) {
            return Some(Reason::SeenThoughHidden);
        }
        if role == Role::RowGroup {
            return Some(Reason::RowGroup);
        }
        let reasons = ax.and_then(|ax| ax.ignored.as_deref());
        if reasons.is_some_and(|all| all.iter().any(|one| one == "uninteresting")) {
            return Some(Reason::Empty);
        }
        let is_inside = reasons.is_none_or(|all| all.iter().any(|one| one.contains("Leaf")));
        is_inside.then_some(Reason::InsideWidget)
    }

    /// What the browser gives and the snapshot does not have.
    fn extras(&mut self) {
        let is_extra = |(element, ax): (&NodeId, &&AxNode)| {
            let is_root = matches!(self.document.tag(*element), Tag::Html | Tag::Body);
            let says = ax.ignored.is_none() && says_something(&ax.role) && !is_root;
            (says && !self.places.contains_key(element)).then(|| (*element, (*ax).clone()))
        };
        let extras: Vec<(NodeId, AxNode)> = self.browser.iter().filter_map(is_extra).collect();
        for (element, ax) in extras {
            let mut around = self.document.inclusive_ancestors(element);
            let path = around.find_map(|element| self.places.get(&element).cloned());
            let browser = told(&ax.role, &normalize_white_space(&ax.name));
            let reason = why_other_role(&ax.role);
            let difference = Difference::Extra { browser };
            self.push(element, path.unwrap_or_default(), difference, reason);
        }
    }

    fn push(
        &mut self,
        element: NodeId,
        path: String,
        difference: Difference,
        reason: Option<Reason>,
    ) {
        let finding = Finding {
            path,
            difference,
            reason,
        };
        self.found.push((element, finding));
    }
}

fn why_other_name(node: &Node, browser: &str) -> Option<Reason> {
    let without_space = |text: &str| -> String { text.split_whitespace().collect() };
    let (own, other) = (without_space(&node.name), without_space(browser));
    if node.name.is_empty() && node.role.prohibits_name() {
        Some(Reason::NameProhibited)
    } else if own == other {
        Some(Reason::WhiteSpace)
    } else if own.to_lowercase() == other.to_lowercase() {
        Some(Reason::TextTransform)
    } else if node.role == Role::Row && browser.is_empty() {
        Some(Reason::RowName)
    } else {
        None
    }
}

/// <https://w3c.github.io/aria/#role_definitions>
fn why_other_role(browser: &str) -> Option<Reason> {
    match browser {
        "comment" | "sectionfooter" | "sectionheader" | "suggestion" => Some(Reason::NewerRole),
        role if role.starts_with("doc-") || role.starts_with("graphics-") => {
            Some(Reason::ModuleRole)
        }
        role if is_word_of_its_own(role) => Some(Reason::BrowserRole),
        _ => None,
    }
}

fn told(role: &str, name: &str) -> String {
    if name.is_empty() {
        role.to_owned()
    } else {
        format!("{role} \"{name}\"")
    }
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
