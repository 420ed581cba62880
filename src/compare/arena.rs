//! Both sides of a comparison as flat lists in document order, with what pairing asks for often.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::Match;
use super::expressions::{Expressions, Part};
use super::matching::Matcher;
use crate::aria::notation::{NameTest, NodeTest, StateTests};
use crate::aria::tree::{Invalid, PropertyName, Tristate};
use crate::aria::white_space::normalize_white_space;
use crate::aria::{Child, Node, Role, Tree};
use crate::snapshot::is_written_name;
use crate::snapshot::template::{ChildrenMode, Item, NodeItem, Template, TextItem};

/// Index into an arena.
pub(super) type Id = usize;

/// The entry that contains the whole side.
pub(super) const ROOT: Id = 0;

/// Which of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum End {
    /// The template.
    Old,
    /// The page.
    New,
}

pub(super) struct Arena<'a> {
    pub(super) entries: Vec<Entry<'a>>,
}

pub(super) struct Entry<'a> {
    pub(super) what: What<'a>,
    pub(super) parent: Id,
    pub(super) children: Vec<Id>,
    /// Entries of the subtree, this one included. They follow it in the arena.
    pub(super) size: usize,
    /// Hash of the whole subtree. Equal hashes match in every mode: a value of the page that an
    /// expression of the template matches has the hash of that expression.
    pub(super) hash: u64,
    /// Hash of role and name, or of the text; `None` for a node without a name.
    pub(super) identity: Option<u64>,
    /// A set of the names and texts in the subtree, as a Bloom filter.
    pub(super) content: [u64; 4],
    /// Of the template: whether the page's node may have children that are not written.
    pub(super) takes_more: bool,
    /// Something in the subtree can match what is not equal: a pattern, `/children: contain`.
    pub(super) flexible: bool,
}

/// An entry of either side.
#[derive(Clone, Copy)]
pub(super) enum What<'a> {
    Template(&'a Template),
    TextItem(&'a TextItem),
    NodeItem(&'a NodeItem),
    Page,
    /// The text, and the child of the tree that it is.
    Text(&'a str, &'a Child),
    Node(&'a Node, &'a Child),
}

impl<'a> What<'a> {
    pub(super) fn role(self) -> Option<Role> {
        match self {
            What::NodeItem(item) => Some(item.test.role),
            What::Node(node, _) => Some(node.role),
            What::Template(_) | What::TextItem(_) | What::Page | What::Text(..) => None,
        }
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self, What::TextItem(_) | What::Text(..))
    }

    pub(super) fn item(self) -> Option<&'a NodeItem> {
        match self {
            What::NodeItem(item) => Some(item),
            _ => None,
        }
    }

    pub(super) fn node(self) -> Option<&'a Node> {
        match self {
            What::Node(node, _) => Some(node),
            _ => None,
        }
    }

    /// The literal name; empty without a name and for an expression.
    pub(super) fn name(self) -> &'a str {
        match self {
            What::NodeItem(item) => match &item.test.name {
                Some(NameTest::Text(name)) => name,
                Some(NameTest::Pattern(_)) | None => "",
            },
            What::Node(node, _) => &node.name,
            _ => "",
        }
    }

    /// The name as a snapshot writes it, expressions between slashes; empty without a name.
    pub(super) fn shown_name(self) -> Cow<'a, str> {
        match self {
            What::NodeItem(NodeItem {
                test:
                    NodeTest {
                        name: Some(NameTest::Pattern(pattern)),
                        ..
                    },
                ..
            }) => format!("/{}/", pattern.source()).into(),
            _ => self.name().into(),
        }
    }

    /// The text, as it is compared; empty for nodes.
    pub(super) fn text(self) -> &'a str {
        match self {
            What::TextItem(item) => &item.test.normalized,
            What::Text(text, _) => text,
            _ => "",
        }
    }

    pub(super) fn level(self) -> Option<u32> {
        match self {
            What::NodeItem(item) => item.test.states.level,
            What::Node(node, _) => node.states.level,
            _ => None,
        }
    }

    pub(super) fn property(self, name: PropertyName) -> Option<&'a str> {
        match self {
            What::NodeItem(item) => item
                .properties
                .iter()
                .find(|property| property.name == name)
                .map(|property| property.test.raw.as_str()),
            What::Node(node, _) => node.property(name),
            _ => None,
        }
    }
}

impl<'a> Arena<'a> {
    pub(super) fn get(&self, id: Id) -> &Entry<'a> {
        &self.entries[id]
    }

    /// For each entry, its nearest ancestor for which `is_paired` holds, or the root.
    pub(super) fn homes(&self, is_paired: impl Fn(Id) -> bool) -> Vec<Id> {
        let mut homes = vec![ROOT; self.entries.len()];
        for id in 1..homes.len() {
            let above = self.entries[id].parent;
            homes[id] = match above == ROOT || is_paired(above) {
                true => above,
                false => homes[above],
            };
        }
        homes
    }

    fn push(&mut self, what: What<'a>, parent: Id) -> Id {
        let id = self.entries.len();
        self.entries.push(Entry {
            what,
            parent,
            children: Vec::new(),
            size: 1,
            hash: 0,
            identity: None,
            content: [0; 4],
            takes_more: false,
            flexible: false,
        });
        if id != ROOT {
            self.entries[parent].children.push(id);
        }
        id
    }

    /// Takes sizes, contents and hashes up from the children, from the last entry to the first.
    fn close(&mut self, expressions: &Expressions<'_>) {
        for id in (0..self.entries.len()).rev() {
            let own = Own::of(self.entries[id].what, expressions);
            let mut hasher = DefaultHasher::new();
            own.hash.hash(&mut hasher);
            let mut content = [0; 4];
            if let Some(word) = own.word {
                let bit = word as usize % 256;
                content[bit / 64] |= 1 << (bit % 64);
            }
            let mut flexible = self.entries[id].flexible;
            let mut size = 1;
            for &child in &self.entries[id].children {
                let child = &self.entries[child];
                child.hash.hash(&mut hasher);
                flexible |= child.flexible;
                size += child.size;
                for (all, one) in content.iter_mut().zip(child.content) {
                    *all |= one;
                }
            }
            let entry = &mut self.entries[id];
            entry.size = size;
            entry.hash = hasher.finish();
            entry.identity = own.identity;
            entry.content = content;
            entry.flexible = flexible;
        }
    }
}

/// Not seeded: the same input gives the same answer in every run.
fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Both sides of a comparison.
pub(super) fn both<'a>(
    template: &'a Template,
    tree: &'a Tree,
    matcher: &Matcher,
) -> (Arena<'a>, Arena<'a>) {
    let (mut old, mut new) = (of_template(template, matcher.mode), of_tree(tree));
    let expressions = Expressions::new(&old, &new, matcher);
    old.close(&expressions);
    new.close(&expressions);
    (old, new)
}

fn of_template(template: &Template, mode: Match) -> Arena<'_> {
    let mut arena = Arena {
        entries: Vec::new(),
    };
    arena.push(What::Template(template), ROOT);
    let (takes_more, deep) = openness(template.children_mode(), false, mode);
    arena.entries[ROOT].takes_more = takes_more;
    let top = template.children.iter().rev();
    let mut open: Vec<(Id, &Item, bool)> = top.map(|item| (ROOT, item, deep)).collect();
    while let Some((parent, item, deep)) = open.pop() {
        match item {
            Item::Text(text) => {
                let id = arena.push(What::TextItem(text), parent);
                arena.entries[id].flexible = text.test.pattern.is_some();
            }
            Item::Node(node) => {
                let id = arena.push(What::NodeItem(node), parent);
                let entry = &mut arena.entries[id];
                entry.flexible = mode == Match::Contain || is_flexible(node);
                let (takes_more, deep) = openness(node.children_mode(), deep, mode);
                entry.takes_more = takes_more;
                open.extend(node.children.iter().rev().map(|item| (id, item, deep)));
            }
        }
    }
    arena
}

fn of_tree(tree: &Tree) -> Arena<'_> {
    let mut arena = Arena {
        entries: Vec::new(),
    };
    arena.push(What::Page, ROOT);
    let top = tree.children.iter().rev();
    let mut open: Vec<(Id, &Child)> = top.map(|child| (ROOT, child)).collect();
    while let Some((parent, child)) = open.pop() {
        match child {
            Child::Text(text) => {
                arena.push(What::Text(text, child), parent);
            }
            Child::Node(node) => {
                let id = arena.push(What::Node(node, child), parent);
                open.extend(node.children.iter().rev().map(|child| (id, child)));
            }
        }
    }
    arena
}

/// Whether the page may have more children, and whether what is inside is under a `deep-equal`: as
/// Playwright has it, until a directive of its own says otherwise.
fn openness(own: Option<ChildrenMode>, deep: bool, mode: Match) -> (bool, bool) {
    match own {
        Some(ChildrenMode::Contain) => (true, false),
        Some(ChildrenMode::Equal) => (false, false),
        Some(ChildrenMode::DeepEqual) => (false, true),
        None if deep => (false, true),
        None => (mode == Match::Contain, false),
    }
}

/// The hashes of an entry without what is inside.
struct Own {
    hash: u64,
    identity: Option<u64>,
    /// Of the name or text.
    word: Option<u64>,
}

impl Own {
    fn of(what: What<'_>, expressions: &Expressions<'_>) -> Own {
        match what {
            What::Template(_) | What::Page => Own {
                hash: 0,
                identity: None,
                word: None,
            },
            What::TextItem(_) | What::Text(..) => {
                Own::text(value_of(Part::Text, what, expressions))
            }
            What::NodeItem(item) => {
                let properties = item.properties.iter().map(|property| {
                    let part = Part::Property(property.name);
                    (property.name, value_of(part, what, expressions))
                });
                Own::node(
                    item.test.role,
                    value_of(Part::Name(item.test.role), what, expressions),
                    old_states(&item.test),
                    properties.collect(),
                    item.children_mode() == Some(ChildrenMode::Contain),
                )
            }
            What::Node(node, _) => {
                let properties = node.properties.iter().map(|property| {
                    let part = Part::Property(property.name);
                    (property.name, value_of(part, what, expressions))
                });
                Own::node(
                    node.role,
                    value_of(Part::Name(node.role), what, expressions),
                    StateTests::written_for(node),
                    properties.collect(),
                    false,
                )
            }
        }
    }

    fn text(value: Option<u64>) -> Own {
        Own {
            hash: hash_of(("text", value)),
            identity: Some(hash_of(("text", value))),
            word: value,
        }
    }

    fn node(
        role: Role,
        name: Option<u64>,
        states: StateTests,
        mut properties: Vec<(PropertyName, Option<u64>)>,
        contains: bool,
    ) -> Own {
        properties.sort_unstable();
        Own {
            hash: hash_of((role, name, states, properties, contains)),
            identity: name.map(|name| hash_of((role, name))),
            word: name,
        }
    }
}

/// The hash of a name, text or property: of the expression that it is or that matches it, else of
/// the value, if any.
fn value_of(part: Part, what: What<'_>, expressions: &Expressions<'_>) -> Option<u64> {
    if let Some(source) = expressions.of(part, what) {
        return Some(hash_of(("expression", source)));
    }
    let value: Cow<'_, str> = match (part, what) {
        (Part::Name(_), What::Node(node, _)) if !is_written_name(&node.name) => "".into(),
        (Part::Name(_), What::Node(node, _)) => normalize_white_space(&node.name).into(),
        (Part::Name(_), _) => what.name().into(),
        (Part::Text, What::TextItem(item)) => item.test.normalized.as_str().into(),
        (Part::Text, _) => normalize_white_space(what.text()).into(),
        (Part::Property(name), What::NodeItem(item)) => item
            .properties
            .iter()
            .find(|property| property.name == name)
            .map_or("", |property| &property.test.normalized)
            .into(),
        (Part::Property(name), _) => {
            normalize_white_space(what.property(name).unwrap_or_default()).into()
        }
    };
    (!value.is_empty() || part == Part::Text).then(|| hash_of(("value", value)))
}

fn is_flexible(node: &NodeItem) -> bool {
    let states = &node.test.states;
    matches!(node.test.name, Some(NameTest::Pattern(_)))
        || node
            .properties
            .iter()
            .any(|property| property.test.pattern.is_some())
        || node.children_mode() == Some(ChildrenMode::Contain)
        // A false state that is written asks for more than one that is not.
        || states.checked == Some(Tristate::False)
        || states.pressed == Some(Tristate::False)
        || states.invalid == Some(Invalid::False)
        || states.level == Some(0)
        || [states.disabled, states.expanded, states.selected].contains(&Some(false))
}

/// What is written and false is its own value, and so is a false that the page's author wrote.
fn old_states(test: &NodeTest) -> StateTests {
    let states = &test.states;
    StateTests {
        reference: None,
        has_box: false,
        active: states.active.filter(|on| *on),
        aria_hidden: states.aria_hidden.filter(|on| *on),
        ..states.clone()
    }
}
