//! Pages against the Markdown that they were made from: every folder of `tests/source/` holds a
//! source, the snapshot of its page, and what got lost on the way, a line each.
#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::fs;
use std::path::{Path, PathBuf};

use ariasnap::compare::source::against_source;
use ariasnap::snapshot;
use proptest::prelude::{ProptestConfig, proptest};

#[test]
fn sources_and_pages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/source");
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 15, "{}", folders.len());
    let failures: Vec<String> = folders.iter().filter_map(|folder| check(folder)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What is different from what the folder expects.
fn check(folder: &Path) -> Option<String> {
    let read = |name: &str| fs::read_to_string(folder.join(name));
    let page = read("page.yml").or_else(|_| read("page.md")).unwrap();
    let tree = snapshot::read(&page).unwrap().to_tree();
    let found = match against_source(&read("source.md").unwrap(), &tree) {
        Ok(compared) => {
            let lines = compared.findings.iter().map(|one| format!("{one}\n"));
            lines.collect()
        }
        Err(error) => format!("{error}\n"),
    };
    let expected = read("expected.txt").unwrap();
    (found != expected).then(|| {
        let folder = folder.display();
        format!("==== {folder}\n---- expected\n{expected}---- found\n{found}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_makes_the_reader_panic(
        text in "([a-z]{1,3}|#|-|\\*|_|`|\\[|\\]\\(|\\)|!\\[|\\||:::|---|<!--|-->|<p>|\\+\\+\\+|é|’| |\n|\n\n|    ){0,60}"
    ) {
        let tree = snapshot::read("- heading \"x\" [level=1]\n").unwrap().to_tree();
        let compared = against_source(&text, &tree);
        if let Ok(compared) = compared {
            assert!(compared.findings.len() <= compared.parts);
            assert!(compared.findings.iter().all(|one| one.first_line <= one.last_line));
        }
    }
}
