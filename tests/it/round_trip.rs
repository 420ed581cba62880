//! What is written can be read: for any tree, with all of Unicode in its texts, the written text parses
//! back to an equal tree and matches itself. `ARIASNAP_TREES=1000000` tries so many.

use ariasnap::internals::aria::tree::{
    Invalid, Property, PropertyName, States, Token, TokenName, Tristate,
};
use ariasnap::internals::aria::white_space::normalize_white_space;
use ariasnap::internals::aria::{Child, Node, Role, Tree};
use ariasnap::internals::compare::{Match, compare};
use ariasnap::internals::snapshot::{self, Rendering};
use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        any_tree_is_written_so_that_it_can_be_read,
        every_character_is_written_so_that_it_can_be_read,
        text_that_looks_like_an_expression_is_itself,
    ]
}

/// SplitMix64: the number of a tree tells all of it.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).expect("a place")]
    }

    fn flag(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }
}

/// Pieces that mean something to YAML, to regular expressions or to the notation.
const PIECES: [&str; 55] = [
    "- ",
    ": ",
    ":",
    " #",
    "#",
    "\"",
    "'",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "/",
    "/a(/",
    "/a/",
    "/(/",
    "\n",
    "\r\n",
    "\t",
    "---",
    "...",
    "%YAML",
    "&a",
    "*a",
    "!a",
    "!!str",
    "|",
    ">",
    "?",
    "? ",
    "@",
    "`",
    "~",
    "null",
    "true",
    "0x1f",
    "1e3",
    ".inf",
    "12",
    "text",
    "text: ",
    "/children: contain",
    "button",
    "<<",
    "=",
    "\\u0041",
    "\\x41",
    "''",
    "\"\"",
    "[ref=e1]",
    "[level=1]",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "yes",
];

/// Characters at the edges of what YAML, XML and terminals take.
const EDGES: [char; 40] = [
    '\0',
    '\u{1}',
    '\u{8}',
    '\u{b}',
    '\u{c}',
    '\u{e}',
    '\u{1b}',
    '\u{1f}',
    ' ',
    '\u{7e}',
    '\u{7f}',
    '\u{80}',
    '\u{84}',
    '\u{85}',
    '\u{86}',
    '\u{90}',
    '\u{93}',
    '\u{94}',
    '\u{9b}',
    '\u{9f}',
    '\u{a0}',
    '\u{ad}',
    '\u{200b}',
    '\u{200e}',
    '\u{2028}',
    '\u{2029}',
    '\u{202e}',
    '\u{2066}',
    '\u{d7ff}',
    '\u{e000}',
    '\u{fdd0}',
    '\u{feff}',
    '\u{fffd}',
    '\u{fffe}',
    '\u{ffff}',
    '\u{10000}',
    '\u{1fffe}',
    '\u{1ffff}',
    '\u{e0001}',
    '\u{10f7ff}',
];

/// Stands for half of a surrogate pair: see `dom::facts`.
const SURROGATES: std::ops::Range<u32> = 0x10_f800..0x11_0000;

fn text(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(6) {
        match random.below(8) {
            0..=2 => text.push_str(random.one_of::<&str>(&PIECES)),
            3 | 4 => text.push(*random.one_of(&EDGES)),
            5 => text.push_str("word"),
            6 => {
                let length = random.below(0x110);
                let point = u32::try_from(length).expect("a code point");
                text.extend(char::from_u32(point));
            }
            _ => {
                let point = u32::try_from(random.below(0x11_0000)).expect("a code point");
                text.extend(char::from_u32(point));
            }
        }
    }
    if random.flag(200) {
        text = text.repeat(200);
    }
    text
}

/// A text as it comes into a tree: normal, and what a file can hold.
fn normal(random: &mut Random) -> String {
    let text = text(random);
    let text = text
        .chars()
        .filter(|c| !SURROGATES.contains(&u32::from(*c)));
    normalize_white_space(&text.collect::<String>())
}

fn name(random: &mut Random) -> String {
    let mut name = text(random);
    if random.flag(8) {
        let half = u32::try_from(random.below(0x800)).expect("half a pair");
        name.extend(char::from_u32(SURROGATES.start + half));
    }
    normalize_white_space(&name)
}

fn states(random: &mut Random) -> States {
    const THREE: [Option<Tristate>; 3] = [None, Some(Tristate::True), Some(Tristate::Mixed)];
    const TWO: [Option<bool>; 2] = [None, Some(true)];
    const INVALID: [Option<Invalid>; 4] = [
        None,
        Some(Invalid::True),
        Some(Invalid::Grammar),
        Some(Invalid::Spelling),
    ];
    let level = u32::try_from(random.below(9)).expect("a level");
    States {
        checked: *random.one_of(&THREE),
        disabled: *random.one_of(&TWO),
        expanded: *random.one_of(&TWO),
        invalid: *random.one_of(&INVALID),
        level: (level > 0).then_some(level),
        pressed: *random.one_of(&THREE),
        selected: *random.one_of(&TWO),
    }
}

fn node(random: &mut Random, depth: u64) -> Node {
    let written: Vec<Role> = Role::ALL
        .iter()
        .copied()
        .filter(|role| Role::from_snapshot(role.as_str()).is_some())
        .collect();
    let mut node = Node::new(*random.one_of(&written));
    node.name = name(random);
    if random.flag(3) {
        node.states = states(random);
    }
    if random.flag(4) {
        let token = *random.one_of(TokenName::ALL);
        node.tokens.push(Token {
            name: token,
            value: (*random.one_of(token.values())).to_owned(),
        });
    }
    node.active = random.flag(9);
    node.cursor_pointer = random.flag(9);
    for property in PropertyName::ALL {
        if random.flag(12) {
            let value = text(random);
            let value = value
                .chars()
                .filter(|c| !SURROGATES.contains(&u32::from(*c)));
            node.properties.push(Property {
                name: *property,
                value: value.collect(),
            });
        }
    }
    node.children = children(random, depth);
    node
}

fn children(random: &mut Random, depth: u64) -> Vec<Child> {
    let mut children = Vec::new();
    for _ in 0..random.below(6u64.saturating_sub(depth).max(1)) {
        let is_after_text = matches!(children.last(), Some(Child::Text(_)));
        let text = normal(random);
        match random.flag(2) && !is_after_text && !text.is_empty() {
            true => children.push(Child::Text(text)),
            false => children.push(Child::Node(Box::new(node(random, depth + 1)))),
        }
    }
    children
}

/// The tree without what its text leaves out: names that are too long for a line.
fn as_written(tree: &Tree) -> Tree {
    fn shorten(children: &mut [Child]) {
        for child in children {
            if let Child::Node(node) = child {
                if node.name.encode_utf16().count() > 900 {
                    node.name.clear();
                }
                shorten(&mut node.children);
            }
        }
    }
    let mut tree = tree.clone();
    shorten(&mut tree.children);
    tree
}

fn check(seed: u64) {
    let mut random = Random(seed);
    let tree = Tree {
        children: children(&mut random, 0),
    };
    let text = snapshot::write(&tree, Rendering::default());
    let template = snapshot::read(&text)
        .unwrap_or_else(|errors| panic!("tree {seed} cannot be read: {errors:?}\n{text:?}"));
    let read = template.to_tree();
    assert_eq!(read, as_written(&tree), "tree {seed}\n{text:?}");
    assert_eq!(
        snapshot::write(&read, Rendering::default()),
        text,
        "tree {seed}"
    );
    let changes = compare(&template, &tree, Match::Exact).expect("compared");
    assert!(changes.is_empty(), "tree {seed}: {changes:?}\n{text:?}");
}

fn any_tree_is_written_so_that_it_can_be_read() {
    let count = std::env::var("ARIASNAP_TREES");
    let count = count
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(10_000);
    for seed in 0..count {
        check(seed);
    }
}

fn every_character_is_written_so_that_it_can_be_read() {
    // Every one of the plane that has most rules, and some of the others.
    let others = (0x1_0000..SURROGATES.start).step_by(97);
    let all: Vec<char> = (0..0x1_0000)
        .chain(others)
        .filter_map(char::from_u32)
        .collect();
    for some in all.chunks(2_000) {
        let children = some.iter().map(|c| {
            let value = format!("a{c}b");
            let mut node = Node::new(Role::Button);
            node.name = normalize_white_space(&value);
            node.properties.push(Property {
                name: PropertyName::Url,
                value: value.clone(),
            });
            node.children
                .push(Child::Text(normalize_white_space(&value)));
            Child::Node(Box::new(node))
        });
        let tree = Tree {
            children: children.collect(),
        };
        let text = snapshot::write(&tree, Rendering::default());
        let read = snapshot::read(&text).map(|template| template.to_tree());
        let first = u32::from(some[0]);
        assert_eq!(read.as_ref(), Ok(&tree), "from U+{first:04X} on");
    }
}

fn text_that_looks_like_an_expression_is_itself() {
    for text in [
        "/(?:(?:a{1000}){1000}){1000}/",
        "/a(/",
        "/(?x)a/",
        "/\\ud800/",
        "/a++/",
    ] {
        let tree = Tree {
            children: vec![Child::Text(text.to_owned())],
        };
        let written = snapshot::write(&tree, Rendering::default());
        let template = snapshot::read(&written).expect("read");
        assert_eq!(template.to_tree(), tree);
        let changes = compare(&template, &tree, Match::Exact).expect("compared");
        assert!(changes.is_empty(), "{changes:?}");
    }
}
