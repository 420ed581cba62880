//! Both sides of a comparison as flat lists in document order, with what pairing asks for often.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::Match;
use crate::aria::notation::{NameTest, NodeTest, StateTests};
use crate::aria::tree::{Invalid, Tristate};
use crate::aria::white_space::normalize_white_space;
use crate::aria::{Child, Node, Tree};
use crate::snapshot::is_written_name;
use crate::snapshot::template::{ChildrenMode, Item, NodeItem, Template, TextItem};

/// Index into an arena.
pub(super) type Id = usize;

/// The entry that stands for the whole side.
pub(super) const ROOT: Id = 0;

pub(super) struct Arena<E> {
    pub(super) entries: Vec<Entry<E>>,
}

pub(super) struct Entry<E> {
    pub(super) what: E,
    pub(super) parent: Id,
    pub(super) children: Vec<Id>,
    /// Entries of the subtree, this one included. They follow it in the arena.
    pub(super) size: usize,
    /// Hash of all that the subtree says. Equal hashes match in every mode.
    pub(super) hash: u64,
    /// Hash of role and name, or of the text; `None` where nothing tells the entry from others.
    pub(super) identity: Option<u64>,
    /// A set of the names and texts in the subtree, as a Bloom filter.
    pub(super) content: [u64; 4],
    /// Of the template: whether the page's node may have children that are not written.
    pub(super) takes_more: bool,
    /// Something in the subtree can match what is not equal: a pattern, `/children: contain`.
    pub(super) flexible: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Old<'a> {
    Root(&'a Template),
    Text(&'a TextItem),
    Node(&'a NodeItem),
}

#[derive(Clone, Copy)]
pub(super) enum New<'a> {
    Root,
    /// The text, and the child of the tree that it is.
    Text(&'a str, &'a Child),
    Node(&'a Node, &'a Child),
}

impl<E> Arena<E> {
    pub(super) fn get(&self, id: Id) -> &Entry<E> {
        &self.entries[id]
    }

    fn push(&mut self, what: E, parent: Id) -> Id {
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

    /// Takes sizes, contents and hashes up from the children, from the last entry to the first;
    /// `own` gives an entry's own hash and words.
    fn close<'w>(&mut self, own: impl Fn(&E) -> (u64, Cow<'w, str>)) {
        for id in (0..self.entries.len()).rev() {
            let (own, word) = own(&self.entries[id].what);
            let mut hasher = DefaultHasher::new();
            own.hash(&mut hasher);
            let mut content = [0; 4];
            if !word.is_empty() {
                let bit = hash_of(&word) as usize % 256;
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

pub(super) fn of_template(template: &Template, mode: Match) -> Arena<Old<'_>> {
    let mut arena = Arena {
        entries: Vec::new(),
    };
    arena.push(Old::Root(template), ROOT);
    let (takes_more, deep) = openness(template.children_mode(), false, mode);
    arena.entries[ROOT].takes_more = takes_more;
    let top = template.children.iter().rev();
    let mut open: Vec<(Id, &Item, bool)> = top.map(|item| (ROOT, item, deep)).collect();
    while let Some((parent, item, deep)) = open.pop() {
        match item {
            Item::Text(text) => {
                let id = arena.push(Old::Text(text), parent);
                arena.entries[id].identity = Some(text_hash(&text.test.normalized));
                arena.entries[id].flexible = text.test.pattern.is_some();
            }
            Item::Node(node) => {
                let id = arena.push(Old::Node(node), parent);
                let name = literal_name(node);
                let entry = &mut arena.entries[id];
                entry.identity = (!name.is_empty()).then(|| hash_of((node.test.role, name)));
                entry.flexible = mode == Match::Contain || is_flexible(node);
                let (takes_more, deep) = openness(node.children_mode(), deep, mode);
                entry.takes_more = takes_more;
                open.extend(node.children.iter().rev().map(|item| (id, item, deep)));
            }
        }
    }
    arena.close(|what| match what {
        Old::Root(_) => (0, Cow::Borrowed("")),
        Old::Text(text) => (
            text_hash(&text.test.normalized),
            text.test.normalized.as_str().into(),
        ),
        Old::Node(node) => {
            let name = literal_name(node);
            let values = node
                .properties
                .iter()
                .map(|property| (property.name, property.test.normalized.as_str()));
            let own = hash_of((
                node.test.role,
                name,
                matches!(node.test.name, Some(NameTest::Pattern(_))),
                old_states(&node.test),
                sorted(values),
                contains(node),
            ));
            (own, name.into())
        }
    });
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

fn text_hash(text: &str) -> u64 {
    hash_of(("text", text))
}

fn literal_name(node: &NodeItem) -> &str {
    match &node.test.name {
        Some(NameTest::Text(name)) => name,
        Some(NameTest::Pattern(_)) | None => "",
    }
}

fn contains(node: &NodeItem) -> bool {
    node.mode
        .is_some_and(|directive| directive.mode == ChildrenMode::Contain)
}

fn is_flexible(node: &NodeItem) -> bool {
    let states = &node.test.states;
    matches!(node.test.name, Some(NameTest::Pattern(_)))
        || node
            .properties
            .iter()
            .any(|property| property.test.pattern.is_some())
        || contains(node)
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

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort();
    values
}

pub(super) fn of_tree(tree: &Tree) -> Arena<New<'_>> {
    let mut arena = Arena {
        entries: Vec::new(),
    };
    arena.push(New::Root, ROOT);
    let mut open: Vec<(Id, &Child)> = tree
        .children
        .iter()
        .rev()
        .map(|child| (ROOT, child))
        .collect();
    while let Some((parent, child)) = open.pop() {
        match child {
            Child::Text(text) => {
                let id = arena.push(New::Text(text, child), parent);
                arena.entries[id].identity = Some(text_hash(&normalize_white_space(text)));
            }
            Child::Node(node) => {
                let id = arena.push(New::Node(node, child), parent);
                let name = written_name(node);
                arena.entries[id].identity =
                    (!name.is_empty()).then(|| hash_of((node.role, name.as_str())));
                open.extend(node.children.iter().rev().map(|child| (id, child)));
            }
        }
    }
    arena.close(|what| match what {
        New::Root => (0, Cow::Borrowed("")),
        New::Text(text, _) => {
            let text = normalize_white_space(text);
            (text_hash(&text), text.into())
        }
        New::Node(node, _) => {
            let name = written_name(node);
            let values: Vec<_> = node
                .properties
                .iter()
                .map(|property| (property.name, normalize_white_space(&property.value)))
                .collect();
            let own = hash_of((
                node.role,
                name.as_str(),
                false,
                StateTests::written_for(node),
                sorted(values.iter().map(|(name, value)| (*name, value.as_str()))),
                false,
            ));
            (own, name.into())
        }
    });
    arena
}

fn written_name(node: &Node) -> String {
    if is_written_name(&node.name) {
        normalize_white_space(&node.name)
    } else {
        String::new()
    }
}
