//! Regular expressions of a baseline survive what happens around them: a random tree, random names and
//! texts generalised to expressions, random edits, everything accepted.

use crate::trees::Random;
use ariasnap::internals::aria::notation::NameTest;
use ariasnap::internals::aria::{Child, Tree};
use ariasnap::internals::compare::{Accept, Match, compare, merge};
use ariasnap::internals::snapshot::template::Item;
use ariasnap::internals::snapshot::{Rendering, parse, write};
use libtest_mimic::Trial;
use proptest::prelude::*;

pub(crate) fn tests() -> Vec<Trial> {
    tests![accepting_never_writes_the_baseline_anew,]
}

/// `PROPTEST_CASES` asks for more.
fn cases() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(
            std::env::var("PROPTEST_CASES")
                .ok()
                .and_then(|cases| cases.parse().ok())
                .unwrap_or(10_000),
        )
    }
}

/// Every node of a tree and every text, in document order.
fn each(children: &mut [Child], call: &mut impl FnMut(&mut Child)) {
    for child in children {
        call(child);
        if let Child::Node(node) = child {
            each(&mut node.children, call);
        }
    }
}

fn name_of(child: &mut Child) -> &mut String {
    match child {
        Child::Text(text) => text,
        Child::Node(node) => &mut node.name,
    }
}

/// Gives every name and text a word of its own, and a number.
fn make_unique(tree: &mut Tree, random: &mut Random) {
    let mut count = 0;
    each(&mut tree.children, &mut |child| {
        let name = name_of(child);
        if !name.is_empty() {
            count += 1;
            *name = format!("{name} u{count}u {}", random.below(1_000));
        }
    });
}

/// The role and source of an expression, or of what it was made of.
type Written = (Option<&'static str>, String);

/// The number at the end of some names becomes an expression.
fn generalised(tree: &Tree, random: &mut Random) -> (Tree, Vec<Written>) {
    let mut tree = tree.clone();
    let mut expressions = Vec::new();
    each(&mut tree.children, &mut |child| {
        let role = match child {
            Child::Text(_) => None,
            Child::Node(node) => Some(node.role.as_str()),
        };
        let name = name_of(child);
        if let Some((words, _)) = name.rsplit_once(' ')
            && name.contains("u ")
            && random.below(2) == 0
        {
            let source = format!("^{words} \\d+$");
            expressions.push((role, source.clone()));
            *name = format!("/{source}/");
        }
    });
    (tree, expressions)
}

/// Names between slashes are written with quotes: an expression has none.
fn unquoted(text: &str) -> String {
    text.lines()
        .map(|line| {
            let Some((before, rest)) = line.split_once("\"/^") else {
                return format!("{line}\n");
            };
            match rest.split_once("$/\"") {
                Some((source, after))
                    if before.trim_start().starts_with("- ") && !before.ends_with(": ") =>
                {
                    let source = source.replace("\\\\", "\\");
                    format!("{before}/^{source}$/{after}\n")
                }
                _ => format!("{line}\n"),
            }
        })
        .collect()
}

/// Other numbers, which the expressions match as well.
fn renumber(tree: &mut Tree, random: &mut Random) {
    each(&mut tree.children, &mut |child| {
        let name = name_of(child);
        if let Some((words, number)) = name.rsplit_once(' ')
            && words.ends_with('u')
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            *name = format!("{words} {}", random.below(1_000));
        }
    });
}

fn expressions_of(items: &[Item], found: &mut Vec<Written>) {
    for item in items {
        match item {
            Item::Text(text) => {
                if let Some(pattern) = &text.test.pattern {
                    found.push((None, pattern.source().to_owned()));
                }
            }
            Item::Node(node) => {
                if let Some(NameTest::Pattern(pattern)) = &node.test.name {
                    let source = pattern.source().to_owned();
                    found.push((Some(node.test.role.as_str()), source));
                }
                expressions_of(&node.children, found);
            }
        }
    }
}

fn is_on_page(tree: &Tree, (role, source): &Written) -> bool {
    let words = source.trim_start_matches('^').trim_end_matches("\\d+$");
    let mut found = false;
    let matches = |name: &str| {
        name.strip_prefix(words).is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    each(&mut tree.clone().children, &mut |child| {
        found |= match (child, role) {
            (Child::Text(text), None) => matches(text),
            (Child::Node(node), Some(role)) => node.role.as_str() == *role && matches(&node.name),
            _ => false,
        };
    });
    found
}

proptest! {
    #![proptest_config(cases())]

    fn accepting_never_writes_the_baseline_anew(seed in any::<u64>(), size in 1usize..24, edits in 0usize..5) {
        let mut random = Random::new(seed);
        let mut before = random.tree(size, false);
        make_unique(&mut before, &mut random);
        let (written, expressions) = generalised(&before, &mut random);
        let mut after = random.edited(&before, edits);
        renumber(&mut after, &mut random);
        let old = unquoted(&write(&written, Rendering::default()));
        let old = random.commented(&old);
        let template = parse(&old).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{old}")))?;
        let mut parsed = Vec::new();
        expressions_of(&template.children, &mut parsed);
        prop_assert_eq!(&parsed, &expressions, "{}", old);
        let merged = merge(&template, &after, Match::Exact, Accept::All).expect("bounded patterns");
        let again = parse(&merged).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{merged}")))?;
        let left = compare(&again, &after, Match::Exact).expect("bounded patterns");
        prop_assert!(left.is_empty(), "{left:#?}\n--- old\n{old}\n--- merged\n{merged}");
        // An expression goes where its node is taken for another one, but never all of many.
        let mut kept = Vec::new();
        expressions_of(&again.children, &mut kept);
        let there = expressions.iter().filter(|one| is_on_page(&after, one)).count();
        let lost = expressions.iter().filter(|one| is_on_page(&after, one) && !kept.contains(one)).count();
        prop_assert!(
            there < 4 || lost < there,
            "{lost} of {there} expressions are lost\n--- old\n{old}\n--- merged\n{merged}\n--- page\n{}",
            write(&after, Rendering::default())
        );
    }
}
