//! What holds of comparing for all trees, tried on random ones.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so by failing"
)]

mod trees;

use ariasnap::compare::{Match, compare};
use ariasnap::snapshot::{Rendering, parse, write};
use proptest::prelude::*;
use trees::Random;

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

    #[test]
    fn what_is_written_matches_when_read(seed in any::<u64>(), size in 0usize..60, odd in any::<bool>()) {
        let mut random = Random::new(seed);
        let tree = random.tree(size, odd);
        let text = write(&tree, Rendering { refs: true, boxes: true, depth: None });
        let template = parse(&text).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n{text}")))?;
        for mode in [Match::Exact, Match::Contain] {
            let changes = compare(&template, &tree, mode).expect("no patterns");
            prop_assert!(changes.is_empty(), "{mode:?} {changes:#?}\n{text}");
        }
    }

    #[test]
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
}
