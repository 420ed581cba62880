//! Taking all changes makes a baseline match; taking none keeps every byte.
#![no_main]

use ariasnap::internals::compare::{Accept, Match, compare, merge};
use ariasnap::internals::snapshot::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (bool, &str)| {
    let (contain, text) = input;
    let Some((old, new)) = text.split_once("\n===\n") else {
        return;
    };
    let (Ok(template), Ok(page)) = (read(old), read(new)) else {
        return;
    };
    let mode = if contain { Match::Contain } else { Match::Exact };
    let tree = page.to_tree();
    let Ok(changes) = compare(&template, &tree, mode) else {
        return;
    };
    if let Ok(same) = merge(&template, &tree, mode, Accept::Only(&[])) {
        assert_eq!(same, template.source);
    }
    if changes.is_empty() {
        return;
    }
    let Ok(merged) = merge(&template, &tree, mode, Accept::All) else {
        return;
    };
    let again = read(&merged).expect("what was merged can be read");
    let left = compare(&again, &tree, mode).expect("patterns that were fast before");
    assert!(left.is_empty(), "{merged}\n{left:#?}");
});
