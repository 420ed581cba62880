//! Templates that nobody would write, from pieces of YAML put together at random: read without a panic,
//! with errors that point into the text; what can be read is compared and merged like any other.
//!
//! `PROPTEST_CASES` says how many.

use crate::trees::Random;
use ariasnap::internals::aria::{Locator, Pattern};
use ariasnap::internals::compare::{Accept, Match, compare, merge};
use ariasnap::internals::snapshot::{Diagnostic, Rendering, Template, read, write};
use libtest_mimic::Trial;
use proptest::prelude::*;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        pieces_of_yaml,
        damaged_snapshots,
        any_text,
        any_pattern,
        any_locator,
    ]
}

const PIECES: [&str; 72] = [
    "- ",
    "-",
    "  ",
    "    ",
    "\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "\n  - ",
    "\n    - ",
    "\r\n",
    "\t",
    ":",
    ": ",
    " #",
    "# note\n",
    "button",
    "link",
    "list",
    "listitem",
    "text",
    "text: ",
    "/url",
    "/url: ",
    "/children: ",
    "contain",
    "equal",
    "deep-equal",
    "/placeholder: x",
    "\"",
    "'",
    "\"Save\"",
    "/a+/",
    "/(/",
    "/",
    "\\",
    "[checked]",
    "[level=2]",
    "[level=",
    "[ref=e1]",
    "[box=1,2,3,4]",
    "[cursor=pointer]",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&a ",
    "*a",
    "!x ",
    "|",
    "|\n",
    ">-\n",
    "? ",
    "---\n",
    "...",
    "%YAML 1.2\n",
    "\u{feff}",
    "\0",
    "é",
    "😀",
    "~",
    "12",
    "true",
    "null",
    "<<",
    "```yaml\n",
    "```\n",
    "# Page snapshot\n",
    "\"it\\u0041\"",
    "''",
    "\u{85}",
];

fn soup(random: &mut Random, length: usize) -> String {
    (0..length)
        .map(|_| PIECES[random.below(PIECES.len())])
        .collect()
}

/// A snapshot with some stretches cut out, doubled, or replaced.
fn damaged(random: &mut Random, text: &str, wounds: usize) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..wounds {
        let start = random.below(chars.len() + 1);
        let end = (start + random.below(12)).min(chars.len());
        let instead: Vec<char> = match random.below(4) {
            0 => Vec::new(),
            1 => chars[start..end].repeat(2),
            _ => PIECES[random.below(PIECES.len())].chars().collect(),
        };
        chars.splice(start..end, instead);
    }
    chars.into_iter().collect()
}

fn points_into(text: &str, errors: &[Diagnostic]) -> Result<(), TestCaseError> {
    prop_assert!(!errors.is_empty());
    for error in errors {
        let span = error.place.span;
        prop_assert!(
            span.start <= span.end && span.end <= text.len(),
            "{error:?}\n{text:?}"
        );
        prop_assert!(
            text.is_char_boundary(span.start) && text.is_char_boundary(span.end),
            "{error:?}\n{text:?}"
        );
        prop_assert!(
            span.line >= 1 && span.column >= 1 && span.line <= text.split('\n').count().max(1) + 1,
            "{error:?}\n{text:?}"
        );
    }
    Ok(())
}

fn use_it(template: &Template, random: &mut Random) -> Result<(), TestCaseError> {
    let own = template.to_tree();
    let trees = [random.tree(8, false), random.edited(&own, 3), own];
    for tree in &trees {
        for mode in [Match::Exact, Match::Contain] {
            let Ok(changes) = compare(template, tree, mode) else {
                continue;
            };
            let merged = merge(template, tree, mode, Accept::All).expect("it was compared");
            let again = read(&merged)
                .map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{merged}")))?;
            let left = compare(&again, tree, mode).expect("it was compared");
            prop_assert!(
                left.is_empty(),
                "{mode:?} {left:#?}\n--- old\n{}\n--- merged\n{merged}",
                template.source
            );
            if changes.is_empty() {
                prop_assert_eq!(&merged, &template.source);
            } else {
                let some = [random.below(changes.len())];
                let merged =
                    merge(template, tree, mode, Accept::Only(&some)).expect("it was compared");
                read(&merged).map_err(|errors| {
                    TestCaseError::fail(format!("{errors:#?}\n{}\n---\n{merged}", template.source))
                })?;
            }
        }
    }
    Ok(())
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    fn pieces_of_yaml(seed in any::<u64>(), length in 0usize..40) {
        let mut random = Random::new(seed);
        let text = soup(&mut random, length);
        match read(&text) {
            Ok(template) => use_it(&template, &mut random)?,
            Err(errors) => points_into(&text, &errors)?,
        }
    }

    fn damaged_snapshots(seed in any::<u64>(), size in 0usize..12, wounds in 0usize..6, odd in any::<bool>()) {
        let mut random = Random::new(seed);
        let tree = random.tree(size, odd);
        let text = write(&tree, Rendering::default());
        let text = random.commented(&text);
        let text = damaged(&mut random, &text, wounds);
        match read(&text) {
            Ok(template) => use_it(&template, &mut random)?,
            Err(errors) => points_into(&text, &errors)?,
        }
    }

    fn any_text(text in any::<String>()) {
        if let Err(errors) = read(&text) {
            points_into(&text, &errors)?;
        }
    }

    fn any_pattern(source in r"[-a-z0-9\\()\[\]{}|*+?.^$:<>=!,/ud ]{0,24}", text in "[a-z0-9 ]{0,30}") {
        if let Ok(pattern) = Pattern::new(&source) {
            let _ = pattern.is_found_in(&text);
        }
    }

    fn any_locator(seed in any::<u64>(), length in 0usize..12) {
        let mut random = Random::new(seed);
        let text = soup(&mut random, length).replace("- ", " >> ");
        match Locator::parse(&text) {
            Ok(locator) => {
                let _ = locator.resolve(&random.tree(20, false));
            }
            Err(error) => {
                prop_assert!(error.at.start <= error.at.end && error.at.end <= text.len(), "{error:?} {text:?}");
            }
        }
    }
}
