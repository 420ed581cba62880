//! What holds of comparing for all trees, tried on random ones.

use crate::trees::Random;
use ariasnap::internals::compare::{Accept, Match, compare, merge};
use ariasnap::internals::snapshot::{Rendering, parse, write};
use libtest_mimic::Trial;
use proptest::prelude::*;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        what_is_written_matches_when_read,
        a_diff_is_never_longer_than_that_of_the_lines,
        taking_all_changes_makes_it_match,
        taking_no_change_keeps_every_byte,
        taking_changes_one_by_one_comes_to_the_same,
    ]
}

fn cases() -> ProptestConfig {
    // `PROPTEST_CASES` asks for more.
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn lines_changed(old: &str, new: &str) -> usize {
    similar::TextDiff::from_lines(old, new)
        .iter_all_changes()
        .filter(|change| change.tag() != similar::ChangeTag::Equal)
        .count()
}

proptest! {
    #![proptest_config(cases())]

    fn what_is_written_matches_when_read(seed in any::<u64>(), size in 0usize..60, odd in any::<bool>()) {
        let mut random = Random::new(seed);
        let tree = random.tree(size, odd);
        let text = write(&tree, Rendering { refs: true, boxes: true });
        let template = parse(&text).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{text}")))?;
        for mode in [Match::Exact, Match::Contain] {
            let changes = compare(&template, &tree, mode).expect("no patterns");
            prop_assert!(changes.is_empty(), "{mode:?} {changes:#?}\n{text}");
        }
    }

    fn a_diff_is_never_longer_than_that_of_the_lines(seed in any::<u64>(), size in 0usize..40, edits in 0usize..8, other in 0u8..8) {
        let mut random = Random::new(seed);
        let before = random.tree(size, false);
        let after = if other == 0 { random.tree(size, false) } else { random.edited(&before, edits) };
        let rendering = Rendering::default();
        let (old, new) = (write(&before, rendering), write(&after, rendering));
        let template = parse(&old).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{old}")))?;
        let changes = compare(&template, &after, Match::Exact).expect("no patterns");
        let lines = lines_changed(&old, &new);
        let told: Vec<_> = changes.iter().map(|change| (change.kind, &change.path, change.old.as_ref().map(|side| &side.text), change.new.as_ref().map(|side| &side.text))).collect();
        prop_assert_eq!(changes.is_empty(), old == new, "{:#?}\n{}\n{}", told, old, new);
        prop_assert!(changes.len() <= lines, "{} changes, {lines} lines\n{told:#?}\n--- old\n{old}\n--- new\n{new}", changes.len());
    }

    fn taking_all_changes_makes_it_match(seed in any::<u64>(), size in 0usize..30, edits in 0usize..8, odd in any::<bool>()) {
        let mut random = Random::new(seed);
        let before = random.tree(size, odd);
        let after = random.edited(&before, edits);
        let written = write(&before, Rendering::default());
        let old = random.commented(&written);
        let template = parse(&old).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{old}")))?;
        let merged = merge(&template, &after, Match::Exact, Accept::All).expect("no patterns");
        let again = parse(&merged).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{merged}")))?;
        let changes = compare(&again, &after, Match::Exact).expect("no patterns");
        prop_assert!(changes.is_empty(), "{changes:#?}\n--- old\n{old}\n--- merged\n{merged}");
        // No line of the baseline is lost that the page still has, and no comment at all.
        let new = write(&after, Rendering::default());
        // Reading normalises the white space of odd names.
        let same = without_false(&write(&again.to_tree(), Rendering::default())) == without_false(&new);
        prop_assert!(odd || same, "--- old\n{}\n--- merged\n{}\n--- new\n{}", old, merged, new);
        let gone = lines_gone(&written, &new);
        for line in old.lines().filter(|line| line.trim_start().starts_with("# ")) {
            // A comment inside of something that is gone may go with it.
            let stays = merged.lines().any(|other| other.trim() == line.trim());
            prop_assert!(stays || gone > 0, "{line} is lost\n--- old\n{old}\n--- merged\n{merged}");
        }
    }

    fn taking_no_change_keeps_every_byte(seed in any::<u64>(), size in 0usize..30, edits in 0usize..8) {
        let mut random = Random::new(seed);
        let before = random.tree(size, true);
        let after = random.edited(&before, edits);
        let old = random.commented(&write(&before, Rendering::default()));
        let template = parse(&old).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{old}")))?;
        prop_assert_eq!(merge(&template, &after, Match::Exact, Accept::Only(&[])).expect("no patterns"), old);
    }

    fn taking_changes_one_by_one_comes_to_the_same(seed in any::<u64>(), size in 0usize..20, edits in 0usize..5) {
        let mut random = Random::new(seed);
        let before = random.tree(size, false);
        let after = random.edited(&before, edits);
        let first = random.commented(&write(&before, Rendering::default()));
        let mut text = first.clone();
        let mut trace = Vec::new();
        for _ in 0..200 {
            let template = parse(&text).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{text}")))?;
            let changes = compare(&template, &after, Match::Exact).expect("no patterns");
            if changes.is_empty() {
                break;
            }
            let index = random.below(changes.len());
            trace.push(format!("{:?} of {}\n{text}", changes[index].kind, changes.len()));
            text = merge(&template, &after, Match::Exact, Accept::Only(&[index])).expect("no patterns");
        }
        let template = parse(&text).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{text}")))?;
        let rendering = Rendering::default();
        prop_assert!(compare(&template, &after, Match::Exact).expect("no patterns").is_empty(), "{}", trace.join("\n"));
        let (taken, whole) = (write(&template.to_tree(), rendering), write(&after, rendering));
        prop_assert_eq!(without_false(&taken), without_false(&whole), "{}\n{}", trace.join("\n"), text);
    }
}

/// A baseline may say of a state that it is false where the page's author leaves that to the role.
fn without_false(text: &str) -> String {
    [
        "checked", "disabled", "expanded", "invalid", "pressed", "selected",
    ]
    .iter()
    .fold(text.to_owned(), |text, state| {
        text.replace(&format!(" [{state}=false]"), "")
    })
}

fn lines_gone(old: &str, new: &str) -> usize {
    similar::TextDiff::from_lines(old, new)
        .iter_all_changes()
        .filter(|change| change.tag() == similar::ChangeTag::Delete)
        .count()
}
