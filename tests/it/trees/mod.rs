//! Random trees, and random edits of them.

use ariasnap::internals::aria::tree::{
    Invalid, Property, PropertyName, Rect, StateName, Token, TokenName, Tristate,
};
use ariasnap::internals::aria::{Child, Node, Role, Tree};

/// A small generator of numbers (SplitMix64), so that a seed tells the whole case.
pub(crate) struct Random {
    state: u64,
}

const ROLES: [Role; 14] = [
    Role::Generic,
    Role::Generic,
    Role::List,
    Role::ListItem,
    Role::ListItem,
    Role::Link,
    Role::Link,
    Role::Button,
    Role::Heading,
    Role::Paragraph,
    Role::Navigation,
    Role::Main,
    Role::TextBox,
    Role::Img,
];
const WORDS: [&str; 12] = [
    "Save",
    "Docs",
    "Home",
    "Next page",
    "More",
    "API",
    "Search",
    "Sign in",
    "10 items",
    "A",
    "Settings",
    "About us",
];
const ODD: [&str; 24] = [
    "it's",
    "say \"x\"",
    "a: b",
    "# no",
    "- dash",
    "[x]",
    "{x}",
    "tab\there",
    "/docs/",
    "/a(/",
    "true",
    "12",
    "~",
    "\u{feff}bom",
    "zero\u{200b}width",
    "a\u{85}b",
    "\u{1}control",
    "é e\u{301}",
    "emoji 😀",
    "back\\slash",
    "a #b",
    "line\u{2028}sep",
    "trailing:",
    "'single'",
];

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random { state: seed }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn words(&mut self, odd: bool) -> String {
        if odd && self.one_in(2) {
            let word = ODD[self.below(ODD.len())];
            return match self.below(8) {
                0 => word.repeat(400),
                1 => format!("{word} {}", ODD[self.below(ODD.len())]),
                _ => word.to_owned(),
            };
        }
        match self.below(3) {
            0 => format!("{} {}", WORDS[self.below(WORDS.len())], self.below(30)),
            _ => WORDS[self.below(WORDS.len())].to_owned(),
        }
    }

    /// A tree of about so many entries; `odd`: with names and texts that are hard to write.
    pub(crate) fn tree(&mut self, size: usize, odd: bool) -> Tree {
        let mut left = size;
        let mut tree = Tree::default();
        while left > 0 {
            tree.children.push(self.child(&mut left, 0, odd));
        }
        join_texts(&mut tree.children);
        tree
    }

    fn child(&mut self, left: &mut usize, depth: usize, odd: bool) -> Child {
        *left -= 1;
        if self.one_in(5) {
            return Child::Text(self.words(odd));
        }
        let mut node = self.node(odd);
        let most = if depth > 6 { 0 } else { self.below(5) };
        for _ in 0..most {
            if *left == 0 {
                break;
            }
            node.children.push(self.child(left, depth + 1, odd));
        }
        join_texts(&mut node.children);
        Child::Node(Box::new(node))
    }

    fn node(&mut self, odd: bool) -> Node {
        let role = if odd {
            Role::ALL[self.below(Role::ALL.len())]
        } else {
            ROLES[self.below(ROLES.len())]
        };
        let mut node = Node::new(role);
        if role != Role::Generic && !self.one_in(3) {
            node.name = self.words(odd);
        }
        self.states(&mut node, odd);
        if role == Role::Link {
            let value = if odd {
                self.words(true)
            } else {
                format!("/{}", self.below(20))
            };
            node.properties.push(Property {
                name: PropertyName::Url,
                value,
            });
        }
        if role == Role::TextBox && self.one_in(2) {
            let value = self.words(odd);
            node.properties.push(Property {
                name: PropertyName::Placeholder,
                value,
            });
        }
        node.properties.sort_by_key(|property| property.name);
        node
    }

    /// What `attributes: all` adds.
    fn additions(&mut self, node: &mut Node, odd: bool) {
        let states = node.states;
        let false_states = [
            (StateName::Checked, states.checked == Some(Tristate::False)),
            (StateName::Disabled, states.disabled == Some(false)),
            (StateName::Expanded, states.expanded == Some(false)),
            (StateName::Invalid, states.invalid == Some(Invalid::False)),
            (StateName::Pressed, states.pressed == Some(Tristate::False)),
            (StateName::Selected, states.selected == Some(false)),
        ];
        for (name, is_false) in false_states {
            if is_false && self.one_in(2) {
                node.false_states.push(name);
            }
        }
        for name in TokenName::ALL {
            if self.one_in(6) {
                let values = name.values();
                let value = values[self.below(values.len())].to_owned();
                node.tokens.push(Token { name: *name, value });
            }
        }
        for name in &PropertyName::ALL[2..] {
            if self.one_in(8) {
                let value = self.words(odd);
                node.properties.push(Property { name: *name, value });
            }
        }
    }

    fn states(&mut self, node: &mut Node, odd: bool) {
        let rare = if odd { 3 } else { 8 };
        let states = &mut node.states;
        if self.one_in(rare) {
            states.disabled = Some(self.one_in(2));
        }
        if self.one_in(rare) {
            states.expanded = Some(self.one_in(2));
        }
        if self.one_in(rare) {
            states.checked =
                Some([Tristate::False, Tristate::True, Tristate::Mixed][self.below(3)]);
        }
        if self.one_in(rare) {
            states.pressed =
                Some([Tristate::False, Tristate::True, Tristate::Mixed][self.below(3)]);
        }
        if self.one_in(rare) {
            states.selected = Some(self.one_in(2));
        }
        if self.one_in(rare * 2) {
            states.invalid = Some(
                [
                    Invalid::False,
                    Invalid::True,
                    Invalid::Grammar,
                    Invalid::Spelling,
                ][self.below(4)],
            );
        }
        if node.role == Role::Heading {
            states.level = Some(self.below(7) as u32);
        }
        if self.one_in(rare) {
            self.additions(node, odd);
        }
        node.cursor_pointer = self.one_in(rare * 2);
        node.active = self.one_in(rare * 4);
        node.aria_hidden = self.one_in(rare * 4);
        if odd {
            node.reference = Some(format!("e{}", self.below(100)));
            node.rect = Some(Rect {
                x: -1,
                y: 2,
                width: 3,
                height: 4,
            });
        }
    }

    /// A snapshot's text with comments and empty lines among its own.
    pub(crate) fn commented(&mut self, text: &str) -> String {
        let mut out = String::new();
        for (number, line) in text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            if self.one_in(6) {
                out.push_str(&format!("{}# over line {number}\n", " ".repeat(indent)));
            }
            if self.one_in(12) {
                out.push('\n');
            }
            out.push_str(line);
            if self.one_in(8) && !line.is_empty() {
                out.push_str(&format!("  # behind line {number}"));
            }
            out.push('\n');
        }
        out
    }

    /// The tree with so many edits.
    pub(crate) fn edited(&mut self, tree: &Tree, edits: usize) -> Tree {
        let mut tree = tree.clone();
        for _ in 0..edits {
            self.edit(&mut tree);
        }
        tidy(&mut tree.children);
        tree
    }

    fn edit(&mut self, tree: &mut Tree) {
        let lists = count_lists(&tree.children);
        let at = self.below(lists);
        let operation = self.below(11);
        let mut fresh_left = 1 + self.below(5);
        let fresh = self.child(&mut fresh_left, 4, false);
        let words = self.words(false);
        let spot = self.next() as usize;
        let other = self.node(false);
        let mut taken = None;
        with_list(&mut tree.children, at, &mut |list| {
            if list.is_empty() {
                list.push(fresh.clone());
                return;
            }
            let index = spot % list.len();
            match operation {
                0 | 1 => list.insert(index, fresh.clone()),
                2 => {
                    list.remove(index);
                }
                3 => {
                    let moved = list.remove(index);
                    list.insert(spot / 7 % (list.len() + 1), moved);
                }
                4 => taken = Some(list.remove(index)),
                5 => {
                    let mut wrapper = Node::new(Role::Generic);
                    let end = index + 1 + (spot / 5) % (list.len() - index);
                    wrapper.children = list.drain(index..end).collect();
                    list.insert(index, Child::Node(Box::new(wrapper)));
                }
                6 => {
                    if let Child::Node(node) = &mut list[index] {
                        let inner = std::mem::take(&mut node.children);
                        list.splice(index..=index, inner);
                    }
                }
                _ => match &mut list[index] {
                    Child::Text(text) => *text = words.clone(),
                    Child::Node(node) => match operation {
                        7 => node.name = words.clone(),
                        8 => {
                            node.states = other.states;
                            node.false_states.clone_from(&other.false_states);
                            node.tokens.clone_from(&other.tokens);
                        }
                        9 => node.role = other.role,
                        _ => {
                            for property in &mut node.properties {
                                property.value = words.clone();
                            }
                        }
                    },
                },
            }
        });
        if let Some(taken) = taken {
            let lists = count_lists(&tree.children);
            let to = spot % lists;
            with_list(&mut tree.children, to, &mut |list| {
                let index = spot / 11 % (list.len() + 1);
                list.insert(index, taken.clone());
            });
        }
    }
}

fn count_lists(children: &[Child]) -> usize {
    1 + children
        .iter()
        .map(|child| match child {
            Child::Text(_) => 0,
            Child::Node(node) => count_lists(&node.children),
        })
        .sum::<usize>()
}

/// Calls with the list of children of that number, in document order.
fn with_list(children: &mut Vec<Child>, at: usize, call: &mut dyn FnMut(&mut Vec<Child>)) -> usize {
    if at == 0 {
        call(children);
        return 1;
    }
    let mut seen = 1;
    for child in children {
        if let Child::Node(node) = child {
            let size = count_lists(&node.children);
            if at < seen + size {
                with_list(&mut node.children, at - seen, call);
                return seen;
            }
            seen += size;
        }
    }
    seen
}

fn tidy(children: &mut Vec<Child>) {
    for child in children.iter_mut() {
        if let Child::Node(node) = child {
            tidy(&mut node.children);
        }
    }
    join_texts(children);
}

/// Pages have no two texts side by side.
fn join_texts(children: &mut Vec<Child>) {
    let mut joined: Vec<Child> = Vec::new();
    for child in children.drain(..) {
        match (joined.last_mut(), child) {
            (Some(Child::Text(before)), Child::Text(text)) => {
                before.push(' ');
                before.push_str(&text);
            }
            (_, child) => joined.push(child),
        }
    }
    *children = joined;
}
